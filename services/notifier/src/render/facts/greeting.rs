//! What the message of one delivery says beyond what all messages say.

use serde::Serialize;

use super::super::{Prepared, addressee, clean, wording};
use super::{Unit, attribute};
use crate::domain::letter::{Answer, LetterLanguage, PartyLetter};

/// What one delivery says.
#[derive(Clone, Debug, Serialize)]
pub(in crate::render) struct Greeting {
    greeting: String,
    you: &'static str,
    you_cap: &'static str,
    you_sms: &'static str,
    /// The unit in charge, unless it is the reader.
    contact: Option<Unit>,
    /// Whom to call, in figures: nobody is told to call itself.
    landline_sms: String,
    /// To call there, in words for a sentence.
    call: String,
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
    pub(in crate::render) fn of(prepared: &Prepared, party: &PartyLetter) -> Self {
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
        let landline = if leads {
            &prepared.letter.organiser.landline
        } else {
            &prepared.letter.contact().landline
        };
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
            landline_sms: figures(landline),
            call: calling(landline, language),
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

/// `gọi 0225 3842 123`: the number stands where it is needed, not below.
fn calling(landline: &str, language: LetterLanguage) -> String {
    let number = clean::line(landline);
    match (language, number.is_empty()) {
        (LetterLanguage::Vi, true) => "gọi cho chúng tôi".to_owned(),
        (LetterLanguage::Vi, false) => format!("gọi {number}"),
        (LetterLanguage::En, true) => "call us".to_owned(),
        (LetterLanguage::En, false) => format!("call {number}"),
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
