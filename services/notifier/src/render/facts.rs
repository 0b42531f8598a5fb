//! What templates can say. Every name exists always, so that a template that
//! asks for another one fails at its first use, and "there is none" is empty.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Prepared, addressee, clean, page, wording};
use crate::domain::anchor::Anchor;
use crate::domain::letter::{
    Answer, LetterKind, LetterLanguage, LetterUnit, OccurrenceLetter, PartyLetter,
};
use crate::domain::obligation::{Document, Place, Status};

/// The kind of an event whose readers are visited.
pub(super) const VISIT: &str = "visit";

/// The kind of a deadline that many owe something by, and answer by page or code.
const REPORT: &str = "report";

/// What all messages of an occurrence say on a day, in a language.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Facts {
    en: bool,
    title: String,
    pub(super) title_sms: String,
    when: String,
    when_at: String,
    when_full: String,
    when_sms: String,
    old_when: String,
    old_when_at: String,
    old_when_sms: String,
    deadline: String,
    /// With the time that is left.
    deadline_in: String,
    deadline_short: String,
    deadline_sms: String,
    deadline_sms_in: String,
    deadline_day: String,
    deadline_day_sms: String,
    old_deadline_day: String,
    old_deadline_day_sms: String,
    window: String,
    window_sms: String,
    remaining: String,
    remaining_sms: String,
    /// Today or tomorrow.
    pub(super) soon: bool,
    overdue: bool,
    window_over: bool,
    event: bool,
    visit: bool,
    report: bool,
    /// Whether it has a day.
    anchored: bool,
    today: String,
    place: String,
    place_hint: String,
    place_online: String,
    online: bool,
    /// There is nowhere to go.
    online_only: bool,
    pub(super) place_sms: String,
    /// Where it was to be before, in words, where that is another place.
    old_place: String,
    /// Where it is to be instead, in words.
    new_place: String,
    /// Only the address of the online session is another one.
    online_moved: bool,
    /// Whoever hears of another time has been told the place, and it is the same.
    pub(super) place_is_known: bool,
    /// Whether the reader was told something else before.
    pub(super) corrects: bool,
    organiser: Unit,
    lead: Option<Unit>,
    org_sms: String,
    document: String,
    document_uri: String,
    agenda: String,
    bring: String,
    contents: String,
    chair: String,
    submit_to: String,
    note: String,
    reason: String,
    pub(super) reason_sms: String,
    cancelled: bool,
    postponed: bool,
    /// What the unit in charge does with an application: "thẩm định".
    step: String,
    purpose: String,
    programme: String,
    decision: String,
    applicant: String,
    applicant_sms: String,
    /// How many.
    applicants: String,
    lead_sms: String,
    reply_by: String,
    pub(super) reply_by_sms: String,
    issued_late: bool,
    call_list: Vec<Call>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Unit {
    name: String,
    mailbox: String,
    landline: String,
    dial: String,
}

#[derive(Clone, Debug, Serialize)]
struct Call {
    organisation: String,
    phone: String,
    reason: String,
}

impl Unit {
    fn of(unit: &LetterUnit) -> Self {
        Self {
            name: clean::line(&unit.name),
            mailbox: clean::line(&unit.mailbox),
            landline: clean::line(&unit.landline),
            dial: vietnam::phone::dialled(&unit.landline),
        }
    }
}

impl Facts {
    pub(super) fn of(letter: &OccurrenceLetter, language: LetterLanguage, day: Date) -> Self {
        let when = wording::event(&letter.anchor, language);
        let deadline = wording::deadline(&letter.anchor, language);
        let old_anchor = letter.old_anchor.clone().unwrap_or_default();
        let old_when = wording::event(&old_anchor, language);
        let place = letter.place.clone().unwrap_or_default();
        let organiser = Unit::of(&letter.organiser);
        let lead = letter.lead_unit.as_ref().map(Unit::of);
        let lead = lead.filter(|lead| *lead != organiser);
        let window = window_text(&letter.anchor);
        let title = clean::line(&letter.title);
        let remaining = wording::remaining(&letter.anchor, day, language);
        // A day by which to answer means something until it has passed.
        let reply_by = letter.reply_by.filter(|last| *last >= day);
        let place_text = clean::line(&place.text);
        let moved = Moved::of(letter, &place, language);
        let attribute = |name: &str| attribute(&letter.attributes, name);
        Self {
            en: language == LetterLanguage::En,
            title_sms: wording::sms_title(&title, &attribute("short_title")),
            title,
            when_at: wording::at(&letter.anchor, &when, language),
            when: when.long,
            when_full: when.full,
            when_sms: when.sms,
            old_when_at: wording::at(&old_anchor, &old_when, language),
            old_when: old_when.long,
            old_when_sms: old_when.sms,
            deadline_in: wording::counted(&deadline.long, &remaining),
            deadline: deadline.long,
            deadline_short: deadline.short,
            deadline_sms_in: wording::counted(&deadline.sms, &vietnam::sms::accentless(&remaining)),
            deadline_sms: deadline.sms,
            deadline_day: last_day(&letter.anchor, language),
            deadline_day_sms: last_day_sms(&letter.anchor, language),
            old_deadline_day: last_day(&old_anchor, language),
            old_deadline_day_sms: last_day_sms(&old_anchor, language),
            window_sms: vietnam::sms::accentless(&window),
            window,
            remaining_sms: vietnam::sms::accentless(&remaining),
            remaining,
            soon: wording::is_soon(&letter.anchor, day),
            overdue: letter.anchor.day().is_some_and(|last| last < day),
            window_over: letter.anchor.closes_on().is_some_and(|last| last < day),
            event: letter.is_event,
            visit: letter.matter == VISIT,
            report: letter.matter == REPORT,
            anchored: letter.anchor.is_fixed(),
            today: wording::day(day, language),
            place_sms: wording::sms_place(&place_text),
            place: place_text,
            place_hint: clean::line(&place.hint),
            place_online: clean::link(&place.online_uri),
            online: !place.online_uri.is_empty(),
            online_only: !place.online_uri.is_empty() && place.text.is_empty(),
            place_is_known: letter.kind == LetterKind::EventMoved && moved.old_place.is_empty(),
            old_place: moved.old_place,
            new_place: moved.new_place,
            online_moved: moved.online_moved,
            corrects: letter.kind.corrects(),
            org_sms: wording::sms_unit(&organiser.name, &clean::line(&letter.organiser.short_name)),
            lead_sms: lead
                .as_ref()
                .map(|lead| wording::sms_name(&lead.name))
                .unwrap_or_default(),
            organiser,
            lead,
            document: issued(letter, day)
                .map(|document| document_text(document, language))
                .unwrap_or_default(),
            document_uri: issued(letter, day)
                .map(|document| clean::link(&document.uri))
                .unwrap_or_default(),
            agenda: attribute("agenda"),
            bring: attribute("bring"),
            contents: attribute("contents"),
            chair: attribute("chair"),
            submit_to: attribute("submit_to"),
            note: attribute("note"),
            reason_sms: sms_reason(&attribute("reason")),
            reason: attribute("reason"),
            cancelled: letter.status == Status::Cancelled,
            postponed: letter.status == Status::Postponed,
            step: attribute("step"),
            purpose: attribute("purpose"),
            programme: attribute("programme"),
            decision: attribute("decision"),
            applicant_sms: wording::sms_name(&attribute("applicant")),
            applicant: attribute("applicant"),
            applicants: attribute("applicants"),
            reply_by: reply_by
                .map(|date| wording::day(date, language))
                .unwrap_or_default(),
            reply_by_sms: reply_by
                .map(|date| wording::day_sms(date, language))
                .unwrap_or_default(),
            issued_late: letter.issued_late,
            call_list: letter.call_list.iter().map(call).collect(),
        }
    }
}

/// What became of the place since the readers were told of it.
#[derive(Debug, Default)]
struct Moved {
    old_place: String,
    new_place: String,
    online_moved: bool,
}

impl Moved {
    fn of(letter: &OccurrenceLetter, place: &Place, language: LetterLanguage) -> Self {
        let new_place = wording::seat(place, language);
        let Some(old) = &letter.old_place else {
            return Self {
                new_place,
                ..Self::default()
            };
        };
        let same_hall = old.text == place.text;
        Self {
            old_place: if same_hall {
                String::new()
            } else {
                wording::seat(old, language)
            },
            new_place,
            online_moved: same_hall
                && old.online_uri != place.online_uri
                && !place.online_uri.is_empty(),
        }
    }
}

/// A reason within a line of an SMS, which ends the sentence itself.
fn sms_reason(reason: &str) -> String {
    let line = reason.replace(page::BREAK, "; ");
    vietnam::sms::accentless(&line)
        .trim_end_matches(['.', ' '])
        .to_owned()
}

/// The document, once it is there: what will be issued later is not cited.
fn issued(letter: &OccurrenceLetter, day: Date) -> Option<&Document> {
    let document = letter.document.as_ref()?;
    document
        .date
        .is_none_or(|date| date <= day)
        .then_some(document)
}

fn call(entry: &crate::domain::letter::CallEntry) -> Call {
    Call {
        organisation: clean::line(&entry.organisation),
        phone: clean::line(&entry.phone),
        reason: clean::line(&entry.reason),
    }
}

fn attribute(attributes: &BTreeMap<String, String>, name: &str) -> String {
    attributes
        .get(name)
        .map(|text| {
            clean::lines(text)
                .trim()
                .replace('\n', &page::BREAK.to_string())
        })
        .unwrap_or_default()
}

fn window_text(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Window { text, .. } => clean::line(text),
        Anchor::Instant { .. } | Anchor::Day { .. } | Anchor::Undated => String::new(),
    }
}

fn last_day(anchor: &Anchor, language: LetterLanguage) -> String {
    anchor
        .day()
        .map(|day| wording::day(day, language))
        .unwrap_or_default()
}

fn last_day_sms(anchor: &Anchor, language: LetterLanguage) -> String {
    anchor
        .day()
        .map(|day| wording::day_sms(day, language))
        .unwrap_or_default()
}

/// `Giấy mời số 45/GM-LMHTX ngày 01/3/2024`; a draft without a number is not cited.
fn document_text(document: &Document, language: LetterLanguage) -> String {
    let number = clean::line(&document.number);
    if number.is_empty() {
        return String::new();
    }
    let date = document.date;
    match language {
        LetterLanguage::Vi => {
            let date = date
                .map(|date| format!(" ngày {}", vietnam::dates::short(date)))
                .unwrap_or_default();
            format!("{} số {number}{date}", document_kind(&number))
        }
        LetterLanguage::En => {
            let date = date
                .map(|date| format!(" of {}", wording::day(date, language)))
                .unwrap_or_default();
            format!("document {number}{date}")
        }
    }
}

/// The kind behind an abbreviation (Decree 30/2020/NĐ-CP, appendix III); a number
/// without one belongs to a công văn.
fn document_kind(number: &str) -> &'static str {
    let after = number.split_once('/').map_or("", |(_, rest)| rest);
    match after.split('-').next().unwrap_or_default() {
        "GM" => "Giấy mời",
        "KH" => "Kế hoạch",
        "QĐ" => "Quyết định",
        "TB" => "Thông báo",
        "HD" => "Hướng dẫn",
        "CTr" => "Chương trình",
        "TTr" => "Tờ trình",
        "BC" => "Báo cáo",
        "NQ" => "Nghị quyết",
        "NĐ" | "" => "Văn bản",
        _ => "Công văn",
    }
}

/// What the message of one delivery says beyond.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Greeting {
    greeting: String,
    you: &'static str,
    you_cap: &'static str,
    you_sms: &'static str,
    /// The unit in charge, unless it is the reader.
    contact: Option<Unit>,
    /// Whom to call, in figures: nobody is told to call itself.
    landline_sms: String,
    /// Whether the reader is the unit in charge.
    leads: bool,
    /// Whether the reader is the one that applies.
    own: bool,
    /// A page to answer on, if there is one: [`Self::links`] has all of them.
    reply_url: String,
    links: Vec<Link>,
    /// The code, or the codes with the organisations they are for.
    code: String,
    confirmed: bool,
    missing: Vec<String>,
    amount: String,
    claimant: String,
    claimant_sms: String,
    claimed_at: String,
}

/// Where an organisation answers; named where it is not alone behind the address.
#[derive(Clone, Debug, Serialize)]
struct Link {
    name: String,
    url: String,
}

fn links(party: &PartyLetter, language: LetterLanguage) -> Vec<Link> {
    let alone = Link {
        name: String::new(),
        url: clean::link(&party.reply_url),
    };
    let named = party.answers.iter().map(|answer| Link {
        name: answering(answer, language),
        url: clean::link(&answer.reply_url),
    });
    let links = named.chain([alone]);
    links.filter(|link| !link.url.is_empty()).collect()
}

/// `482716`, or `482716 (HTX An Bình), 593102 (HTX Đoàn Kết)`.
fn codes(party: &PartyLetter, language: LetterLanguage) -> String {
    let named = party.answers.iter().filter_map(|answer| {
        let code = figures(&answer.answer_code);
        let named = format!("{code} ({})", answering(answer, language));
        (!code.is_empty()).then_some(named)
    });
    let alone = Some(figures(&party.answer_code)).filter(|code| !code.is_empty());
    named.chain(alone).collect::<Vec<_>>().join(", ")
}

fn answering(answer: &Answer, language: LetterLanguage) -> String {
    let name = clean::line(&answer.name);
    match language {
        LetterLanguage::Vi => wording::shortened(&name),
        LetterLanguage::En => name,
    }
}

impl Greeting {
    pub(super) fn of(prepared: &Prepared, party: &PartyLetter) -> Self {
        let language = prepared.language;
        let names: Vec<String> = party.greeted.iter().map(|name| clean::line(name)).collect();
        let (you, you_cap, you_sms) = pronoun(&names, language);
        let greeting = match (&names[..], &party.addressee) {
            ([name], Some(person)) => addressee::named(person, name, language),
            (names, _) => {
                let greeted = names.iter().map(|name| wording::greeted(name, language));
                greeted.collect::<Vec<_>>().join(", ")
            }
        };
        let in_charge = prepared.facts.lead.as_ref();
        let in_charge = in_charge.unwrap_or(&prepared.facts.organiser);
        let leads = names.contains(&in_charge.name);
        let own = |name: &str| attribute(&party.variables, name);
        let amount = own("amount_text");
        let links = links(party, language);
        let claimant = attribute(&prepared.letter.attributes, "claimant");
        Self {
            greeting: if greeting.is_empty() {
                you_cap.to_owned()
            } else {
                greeting
            },
            contact: prepared.facts.lead.clone().filter(|_| !leads),
            landline_sms: figures(if leads {
                &prepared.letter.organiser.landline
            } else {
                &prepared.letter.contact().landline
            }),
            own: names == [clean::line(&prepared.facts.applicant)],
            leads,
            you,
            you_cap,
            you_sms,
            reply_url: links
                .first()
                .map(|link| link.url.clone())
                .unwrap_or_default(),
            links,
            code: codes(party, language),
            confirmed: party.confirmed,
            missing: party
                .missing
                .iter()
                .map(|paper| clean::line(paper))
                .collect(),
            amount: if amount.is_empty() {
                attribute(&prepared.letter.attributes, "amount_text")
            } else {
                amount
            },
            claimant_sms: vietnam::sms::accentless(&claimant),
            claimant,
            claimed_at: own("claimed_at"),
        }
    }
}

fn figures(landline: &str) -> String {
    landline.chars().filter(char::is_ascii_digit).collect()
}

/// How the readers are addressed inside sentences.
fn pronoun(
    names: &[String],
    language: LetterLanguage,
) -> (&'static str, &'static str, &'static str) {
    if language == LetterLanguage::En {
        return ("you", "You", "you");
    }
    if !names.is_empty() && names.iter().all(|name| wording::is_cooperative(name)) {
        ("Quý HTX", "Quý HTX", "Quy HTX")
    } else {
        ("Quý đơn vị", "Quý đơn vị", "Quy don vi")
    }
}
