//! What templates can say. Every name exists always, so that a template that
//! asks for another one fails at its first use, and "there is none" is empty.

mod document;
mod greeting;
mod moved;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{clean, page, wording};
use crate::domain::anchor::Anchor;
use crate::domain::letter::{LetterKind, LetterLanguage, LetterUnit, OccurrenceLetter};
use crate::domain::obligation::Status;
use moved::Moved;

pub(super) use greeting::Greeting;

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
    /// There is nowhere to go.
    online_only: bool,
    /// In a hall, and online as well.
    hybrid: bool,
    /// Nobody knows yet where: guests of the house are told so.
    nowhere: bool,
    pub(super) place_sms: String,
    /// Where it was to be before, in words, where that is another place.
    old_place: String,
    /// Where it is to be instead, in words.
    new_place: String,
    /// Only the address of the online session is another one.
    online_moved: bool,
    /// Whoever hears of another time has been told the place, and it is the same.
    pub(super) place_is_known: bool,
    /// Readers had been told another place.
    pub(super) place_is_new: bool,
    /// Whether the reader was told something else before.
    pub(super) corrects: bool,
    /// Whether it is the first word of an event.
    pub(super) invites: bool,
    /// Whether papers are to be brought somewhere.
    pub(super) hands_in: bool,
    /// Who writes, within a sentence: readers of English are told what it is.
    alliance: String,
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
    /// Where something is to be sent or brought.
    pub(super) receiver_sms: String,
    reply_by: String,
    pub(super) reply_by_sms: String,
    issued_late: bool,
    /// Whom to call, and who has no telephone.
    call_list: Vec<Call>,
    without_phone: Vec<Call>,
    /// How many have not been reached.
    unreached: usize,
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
        let called = letter.call_list.iter().map(call);
        let (with_phone, without_phone) = called.partition(|call: &Call| !call.phone.is_empty());
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
            online_only: !place.online_uri.is_empty() && place.text.is_empty(),
            hybrid: !place.online_uri.is_empty() && !place.text.is_empty(),
            nowhere: letter.is_event
                && letter.matter != VISIT
                && place.online_uri.is_empty()
                && place.text.is_empty(),
            place_is_known: letter.kind == LetterKind::EventMoved && moved.old_place.is_empty(),
            place_is_new: !moved.old_place.is_empty(),
            old_place: moved.old_place,
            new_place: moved.new_place,
            online_moved: moved.online_moved,
            corrects: letter.kind.corrects(),
            invites: letter.kind == LetterKind::Invitation,
            hands_in: matches!(
                letter.kind,
                LetterKind::AdmissionBatch | LetterKind::DossierSupplement
            ),
            org_sms: wording::sms_unit(&organiser.name, &clean::line(&letter.organiser.short_name)),
            receiver_sms: receiver(&attribute("submit_to"), lead.as_ref()),
            alliance: wording::alliance(&organiser.name, language),
            organiser,
            lead,
            document: document::issued(letter, day)
                .map(|document| document::text(document, language))
                .unwrap_or_default(),
            document_uri: document::issued(letter, day)
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
            call_list: with_phone,
            without_phone,
            unreached: letter.call_list.len(),
        }
    }
}

/// The office that mails name: the one that was named, or the unit in charge.
fn receiver(submit_to: &str, lead: Option<&Unit>) -> String {
    let named = submit_to.replace(page::BREAK, ", ");
    match lead {
        Some(lead) if named.is_empty() => wording::sms_name(&lead.name),
        Some(_) | None => wording::sms_name(&named),
    }
}

/// A reason within a line of an SMS, which ends the sentence itself.
fn sms_reason(reason: &str) -> String {
    let line = reason.replace(page::BREAK, "; ");
    vietnam::sms::accentless(&line)
        .trim_end_matches(['.', ' '])
        .to_owned()
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
