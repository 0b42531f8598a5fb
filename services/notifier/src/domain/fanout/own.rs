//! What is said to one party and not to all.

use std::collections::BTreeMap;

use super::sharing::AddressMark;
use super::{Candidate, Manner, Row, id};
use crate::domain::delivery::{Channel, State};
use crate::domain::letter::{Addressee, Answer, LetterLanguage, PartyLetter};
use crate::domain::party::{Contact, Party, PartyState, Reach};

/// The separator of lists in a party's variables.
const LINES: char = '\n';

/// The facts about a party that a text may state.
const STATED: [&str; 2] = ["amount_text", "claimed_at"];

/// The row of a party that is told by a contact on a channel.
pub(super) fn row(
    candidate: &Candidate,
    reach: &Reach,
    manner: &Manner,
    (channel, contact): (Channel, &Contact),
) -> Row {
    let address = match channel {
        Channel::None => String::new(),
        Channel::Email => contact.email.clone(),
        Channel::Sms => contact.phone.clone(),
    };
    let letter = PartyLetter {
        language: language(&contact.language),
        greeted: vec![reach.display_name.clone()],
        addressee: addressee(reach, channel, contact),
        reply_url: reply_url(&manner.reply_pages, &candidate.party),
        answer_code: candidate.party.answer_code.clone(),
        confirmed: candidate.party.state == PartyState::Confirmed,
        variables: stated(
            &candidate.party,
            channel == Channel::Sms && contact.phone_shared,
        ),
        missing: missing(&candidate.party),
        told_before: candidate.told_before.clone(),
        to_successor: reach.by_successor,
        ..PartyLetter::default()
    };
    Row {
        organisation: candidate.party.organisation.clone(),
        display_name: reach.display_name.clone(),
        channel,
        mark: AddressMark::of(channel, &address, &letter),
        answer: answer(candidate, reach, &letter),
        address,
        letter,
        ended: None,
        carried_by: None,
    }
}

/// The row of a party that is told nothing.
pub(super) fn nothing(candidate: &Candidate, ended: (State, &'static str)) -> Row {
    let reach = candidate.reach.as_ref();
    Row {
        organisation: candidate.party.organisation.clone(),
        display_name: reach
            .map(|reach| reach.display_name.clone())
            .unwrap_or_default(),
        channel: Channel::None,
        address: String::new(),
        letter: PartyLetter {
            to_successor: reach.is_some_and(|reach| reach.by_successor),
            ..PartyLetter::default()
        },
        ended: Some(ended),
        carried_by: None,
        mark: None,
        answer: None,
    }
}

fn answer(candidate: &Candidate, reach: &Reach, letter: &PartyLetter) -> Option<Answer> {
    let can = !letter.reply_url.is_empty() || !letter.answer_code.is_empty();
    can.then(|| Answer {
        organisation: id(&candidate.party.organisation),
        name: reach.display_name.clone(),
        reply_url: letter.reply_url.clone(),
        answer_code: letter.answer_code.clone(),
    })
}

fn language(word: &str) -> LetterLanguage {
    if word == "en" {
        LetterLanguage::En
    } else {
        LetterLanguage::Vi
    }
}

/// A person is greeted in mails only, by a form of address that somebody has written down, and
/// only for the organisation in which the position is held.
fn addressee(reach: &Reach, channel: Channel, contact: &Contact) -> Option<Addressee> {
    let known = !contact.salutation.is_empty() && !contact.person_name.is_empty();
    let own = channel == Channel::Email && !reach.by_successor;
    (known && own).then(|| Addressee {
        salutation: contact.salutation.clone(),
        name: contact.person_name.clone(),
        position: contact.position,
    })
}

fn reply_url(pages: &str, party: &Party) -> String {
    if pages.is_empty() || party.reply_token.is_empty() {
        return String::new();
    }
    format!("{pages}/r/{}", party.reply_token)
}

/// Amounts do not go to a telephone that several people read.
fn stated(party: &Party, is_shared: bool) -> BTreeMap<String, String> {
    let variables = party.variables.iter();
    variables
        .filter(|(name, _)| STATED.contains(&name.as_str()))
        .filter(|(name, _)| !(is_shared && name.contains("amount")))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn missing(party: &Party) -> Vec<String> {
    let missing = party.variables.get("missing");
    missing
        .map(|text| text.split(LINES).map(str::to_owned).collect())
        .unwrap_or_default()
}
