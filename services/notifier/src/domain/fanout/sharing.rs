//! One address, one message of an occurrence to all who are told the same by it (the same
//! person in several organisations, one shared telephone). It names each with its own way
//! to answer.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Row;
use crate::domain::delivery::{Channel, State};
use crate::domain::letter::{Answer, PartyLetter};

/// Stands for a message to an address: the address on its channel, however its letters are
/// written, and what is said there to one party and not to all. A crowd's worth of them is
/// held at once, so it is small: the head of a SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressMark([u8; 16]);

impl AddressMark {
    /// The mark of a letter to an address; `None` where nothing is sent.
    #[must_use]
    pub fn of(channel: Channel, address: &str, letter: &PartyLetter) -> Option<Self> {
        if channel == Channel::None {
            return None;
        }
        let digest = Sha256::new()
            .chain_update(channel.as_str())
            .chain_update([0])
            .chain_update(address.to_lowercase())
            .chain_update([0])
            .chain_update(said(letter))
            .finalize();
        let mut head = [0; 16];
        head.copy_from_slice(&digest[..16]);
        Some(Self(head))
    }
}

/// What a letter says of its party alone, without whom it greets and how they answer.
fn said(letter: &PartyLetter) -> Vec<u8> {
    let alike = PartyLetter {
        greeted: Vec::new(),
        addressee: None,
        reply_url: String::new(),
        answer_code: String::new(),
        answers: Vec::new(),
        ..letter.clone()
    };
    // Maps of texts and plain fields: there is nothing that could not be written.
    serde_json::to_vec(&alike).unwrap_or_default()
}

/// What an occurrence has written, in this run or in one before it that was cut
/// short: each party once, each address once.
#[derive(Clone, Debug, Default)]
pub struct Written {
    organisations: HashSet<Uuid>,
    /// By message, in whose row it goes.
    messages: HashMap<AddressMark, Uuid>,
    /// By message and by whom it lets answer, in whose row it goes.
    answering: HashMap<(AddressMark, Uuid), Uuid>,
    sent: usize,
}

impl Written {
    /// Whether a party has its rows.
    #[must_use]
    pub fn has(&self, organisation: Uuid) -> bool {
        self.organisations.contains(&organisation)
    }

    /// Who carries the message that says everything a row would say.
    fn carrier_of(&self, row: &Row, message: AddressMark) -> Option<Uuid> {
        let carrier = match &row.answer {
            Some(answer) => self.answering.get(&(message, answer.organisation)),
            None => self.messages.get(&message),
        };
        carrier.copied()
    }

    /// Whether somebody can answer by the message of another.
    fn answers(&self, message: AddressMark, organisation: Uuid) -> bool {
        self.answering.contains_key(&(message, organisation))
    }

    /// A party has a row; `message` is what was sent by it, if it was, and `answers` whom
    /// it lets answer, where that is not the party alone.
    pub fn add(&mut self, organisation: Uuid, message: Option<AddressMark>, answers: &[Answer]) {
        self.organisations.insert(organisation);
        let Some(message) = message else { return };
        self.sent += 1;
        self.messages.entry(message).or_insert(organisation);
        let answering = answers.iter().map(|answer| (message, answer.organisation));
        self.answering
            .extend(answering.map(|each| (each, organisation)));
    }

    /// Parties that have their rows.
    #[must_use]
    pub fn parties(&self) -> usize {
        self.organisations.len()
    }

    /// Messages to addresses.
    #[must_use]
    pub const fn messages(&self) -> usize {
        self.sent
    }
}

/// Who stands behind the message to a shared address, where they are too many to be held
/// together: of each its name is kept, and how it answers.
#[derive(Clone, Debug, Default)]
pub struct Greetings(HashMap<AddressMark, Vec<(String, Option<Answer>)>>);

impl Greetings {
    /// Takes in whoever stands behind an address.
    pub fn add(&mut self, row: &Row) {
        let Some(message) = row.address() else {
            return;
        };
        let behind = self.0.entry(message).or_default();
        let one = (row.display_name.clone(), row.answer.clone());
        if !behind.contains(&one) {
            behind.push(one);
        }
    }

    fn of(&self, message: AddressMark) -> impl Iterator<Item = &(String, Option<Answer>)> {
        self.0.get(&message).into_iter().flatten()
    }
}

/// How many can answer by one message: a mail is read to its end, and the codes of more with
/// the names beside them would need a third segment of a text message.
const fn most_answers(channel: Channel) -> usize {
    match channel {
        Channel::Email | Channel::None => 40,
        Channel::Sms => 2,
    }
}

/// The first row of a message carries it, greets all behind it and lets each of them answer;
/// who finds no room on it is carried by the next. Where it was written before, whoever it
/// does not let answer gets another one.
pub(super) fn merge(rows: &mut [Row], written: &Written, greetings: &Greetings) {
    let mut carriers: HashMap<AddressMark, (usize, Behind)> = HashMap::new();
    let mut complete: Vec<(usize, Behind)> = Vec::new();
    for (index, row) in rows.iter_mut().enumerate() {
        let Some(message) = row.address() else {
            continue;
        };
        let before = written.carrier_of(row, message);
        let carrier = before.or_else(|| carriers.get_mut(&message)?.1.take(row));
        if let Some(carrier) = carrier {
            row.ended = Some(SAME_ADDRESS);
            row.carried_by = Some(carrier);
        } else {
            complete.extend(carriers.insert(message, (index, Behind::of(row))));
        }
    }
    for (message, (index, mut behind)) in carriers {
        for (name, answer) in greetings.of(message) {
            let known = |each: &Answer| written.answers(message, each.organisation);
            if !answer.as_ref().is_some_and(known) {
                behind.add(name, answer.clone());
            }
        }
        complete.push((index, behind));
    }
    for (index, behind) in complete {
        behind.settle(&mut rows[index].letter);
    }
}

/// Who stands behind a message.
struct Behind {
    carrier: Uuid,
    most: usize,
    names: Vec<String>,
    answers: Vec<Answer>,
}

impl Behind {
    fn of(carrier: &Row) -> Self {
        Self {
            carrier: carrier.id(),
            most: most_answers(carrier.channel),
            names: carrier.letter.greeted.clone(),
            answers: carrier.answer.iter().cloned().collect(),
        }
    }

    /// Takes a row in, if there is room.
    fn take(&mut self, row: &Row) -> Option<Uuid> {
        self.add(&row.display_name, row.answer.clone())
            .then_some(self.carrier)
    }

    fn add(&mut self, name: &str, answer: Option<Answer>) -> bool {
        if let Some(answer) = answer {
            let known = |each: &Answer| each.organisation == answer.organisation;
            if !self.answers.iter().any(known) {
                if self.answers.len() >= self.most {
                    return false;
                }
                self.answers.push(answer);
            }
        }
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        true
    }

    /// Who alone is greeted needs not be named beside its answer.
    fn settle(self, letter: &mut PartyLetter) {
        if self.names.len() > 1 || self.answers.len() > 1 {
            letter.reply_url.clear();
            letter.answer_code.clear();
            letter.answers = self.answers;
        }
        letter.greeted = self.names;
    }
}

const SAME_ADDRESS: (State, &str) = (State::Suppressed, "same_address");

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, channel: Channel, address: &str) -> Row {
        let id = Uuid::from_u128(name.bytes().map(u128::from).sum());
        let letter = PartyLetter {
            greeted: vec![name.to_owned()],
            answer_code: format!("code of {name}"),
            ..PartyLetter::default()
        };
        Row {
            organisation: format!("organisations/{id}"),
            display_name: name.to_owned(),
            channel,
            address: address.to_owned(),
            mark: AddressMark::of(channel, address, &letter),
            answer: Some(Answer {
                organisation: id,
                name: name.to_owned(),
                reply_url: String::new(),
                answer_code: letter.answer_code.clone(),
            }),
            letter,
            ended: None,
            carried_by: None,
        }
    }

    fn silent(name: &str, channel: Channel, address: &str) -> Row {
        let mut row = row(name, channel, address);
        row.letter.answer_code.clear();
        row.answer = None;
        row
    }

    fn carried(rows: &[Row]) -> Vec<(&str, bool)> {
        rows.iter()
            .map(|row| (row.display_name.as_str(), row.ended.is_none()))
            .collect()
    }

    fn merged(rows: &mut [Row]) {
        merge(rows, &Written::default(), &Greetings::default());
    }

    fn codes(row: &Row) -> Vec<String> {
        let answers = row.letter.answers.iter();
        answers
            .map(|each| format!("{}: {}", each.name, each.answer_code))
            .collect()
    }

    #[test]
    fn the_first_of_an_address_carries_the_message_greets_all_and_lets_each_answer() {
        let mut rows = [
            row("A", Channel::Email, "xa@a.example"),
            row("B", Channel::Email, "XA@a.example"),
            row("C", Channel::Sms, "+84590000001"),
        ];
        merged(&mut rows);
        assert_eq!(carried(&rows), [("A", true), ("B", false), ("C", true)]);
        assert_eq!(rows[0].letter.greeted, ["A", "B"]);
        assert_eq!(codes(&rows[0]), ["A: code of A", "B: code of B"]);
        assert_eq!(
            rows[0].letter.answer_code, "",
            "nobody's code stands for all"
        );
        assert_eq!(rows[1].carried_by, Some(rows[0].id()));
        assert_eq!(rows[2].letter.answer_code, "code of C");
        assert!(rows[2].letter.answers.is_empty());
    }

    #[test]
    fn who_is_told_something_else_at_the_same_address_gets_a_message_of_its_own() {
        let other = |change: fn(&mut PartyLetter)| {
            let mut row = row("B", Channel::Email, "xa@a.example");
            change(&mut row.letter);
            row.mark = AddressMark::of(row.channel, &row.address, &row.letter);
            row
        };
        for differs in [
            other(|letter| letter.confirmed = true),
            other(|letter| letter.missing = vec!["Điều lệ".to_owned()]),
            other(|letter| {
                let amount = ("amount_text".to_owned(), "5.000.000 đồng".to_owned());
                letter.variables.extend([amount]);
            }),
            other(|letter| letter.language = crate::domain::letter::LetterLanguage::En),
        ] {
            let mut rows = [row("A", Channel::Email, "xa@a.example"), differs];
            merged(&mut rows);
            assert_eq!(carried(&rows), [("A", true), ("B", true)]);
            assert_eq!(rows[0].letter.greeted, ["A"]);
        }
    }

    #[test]
    fn who_cannot_answer_by_a_message_written_before_gets_another_one() {
        let first = row("A", Channel::Email, "Xa@a.example");
        let second = row("B", Channel::Email, "xa@a.example");
        let rest = || {
            [
                row("B", Channel::Email, "xa@a.example"),
                silent("D", Channel::Email, "xa@a.example"),
            ]
        };
        let mut written = Written::default();
        written.add(first.id(), first.address(), &[]);
        let mut rows = rest();
        merge(&mut rows, &written, &Greetings::default());
        assert_eq!(carried(&rows), [("B", true), ("D", false)]);
        let mut written = Written::default();
        let answers: Vec<Answer> = [&first, &second]
            .iter()
            .filter_map(|it| it.answer.clone())
            .collect();
        written.add(first.id(), first.address(), &answers);
        let mut rows = rest();
        merge(&mut rows, &written, &Greetings::default());
        assert_eq!(carried(&rows), [("B", false), ("D", false)]);
        assert_eq!(rows[0].carried_by, Some(first.id()));
    }

    #[test]
    fn who_is_decided_about_later_can_answer_by_the_message_all_the_same() {
        let address = "xa@a.example";
        let mut greetings = Greetings::default();
        for name in ["A", "B", "C"] {
            greetings.add(&row(name, Channel::Email, address));
        }
        greetings.add(&row("D", Channel::Sms, "+84590000001"));
        let mut rows = [
            row("B", Channel::Email, address),
            row("C", Channel::Email, "XA@a.example"),
        ];
        merge(&mut rows, &Written::default(), &greetings);
        assert_eq!(carried(&rows), [("B", true), ("C", false)]);
        assert_eq!(rows[0].letter.greeted, ["B", "C", "A"]);
        assert_eq!(codes(&rows[0]).len(), 3);
        let mut written = Written::default();
        written.add(rows[0].id(), rows[0].address(), &rows[0].letter.answers);
        let mut later = [row("A", Channel::Email, address)];
        merge(&mut later, &written, &greetings);
        assert_eq!(later[0].carried_by, Some(rows[0].id()));
    }

    #[test]
    fn who_is_merged_is_noted_with_its_answer_all_the_same() {
        let mut rows = [
            row("A", Channel::Email, "xa@a.example"),
            row("B", Channel::Email, "xa@a.example"),
        ];
        merged(&mut rows);
        let mut greetings = Greetings::default();
        greetings.add(&rows[0]);
        let mut later = [row("C", Channel::Email, "xa@a.example")];
        merge(&mut later, &Written::default(), &greetings);
        assert_eq!(codes(&later[0]), ["C: code of C", "A: code of A"]);
    }

    #[test]
    fn a_text_message_lets_two_answer_and_the_others_by_the_next() {
        let names = ["A", "B", "C", "D", "E"];
        let mut rows = names.map(|name| row(name, Channel::Sms, "+84590000001"));
        merged(&mut rows);
        let sent: Vec<usize> = rows
            .iter()
            .filter(|row| row.ended.is_none())
            .map(|row| row.letter.answers.len())
            .collect();
        // Who is alone answers by its own code, outside the list.
        assert_eq!(sent, [2, 2, 0]);
    }

    #[test]
    fn who_gets_nothing_shares_nothing() {
        let mut rows = [row("A", Channel::None, ""), row("B", Channel::None, "")];
        merged(&mut rows);
        assert_eq!(carried(&rows), [("A", true), ("B", true)]);
    }

    #[test]
    fn the_same_text_on_another_channel_is_another_address() {
        let on = |channel| AddressMark::of(channel, "113", &PartyLetter::default());
        assert_ne!(on(Channel::Email), on(Channel::Sms));
    }
}
