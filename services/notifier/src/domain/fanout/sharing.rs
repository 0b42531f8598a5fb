//! One address, one message of an occurrence, whoever stands behind it (the same
//! person in several organisations, one shared telephone).

use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Row;
use crate::domain::delivery::{Channel, State};

/// Stands for an address on a channel, however its letters are written. A crowd's
/// worth of them is held at once, so it is small: the head of a SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressMark([u8; 16]);

impl AddressMark {
    /// The mark of an address; `None` where nothing is sent.
    #[must_use]
    pub fn of(channel: Channel, address: &str) -> Option<Self> {
        if channel == Channel::None {
            return None;
        }
        let digest = Sha256::new()
            .chain_update(channel.as_str())
            .chain_update([0])
            .chain_update(address.to_lowercase())
            .finalize();
        let mut head = [0; 16];
        head.copy_from_slice(&digest[..16]);
        Some(Self(head))
    }
}

/// What an occurrence has written, in this run or in one before it that was cut
/// short: each party once, each address once.
#[derive(Clone, Debug, Default)]
pub struct Written {
    organisations: HashSet<Uuid>,
    addresses: HashSet<AddressMark>,
}

impl Written {
    /// Whether a party has its rows.
    #[must_use]
    pub fn has(&self, organisation: Uuid) -> bool {
        self.organisations.contains(&organisation)
    }

    /// Whether an address has its message.
    #[must_use]
    pub fn reaches(&self, address: AddressMark) -> bool {
        self.addresses.contains(&address)
    }

    /// A party has a row; `address` is where it was sent, if it was.
    pub fn add(&mut self, organisation: Uuid, address: Option<AddressMark>) {
        self.organisations.insert(organisation);
        self.addresses.extend(address);
    }

    /// Parties that have their rows.
    #[must_use]
    pub fn parties(&self) -> usize {
        self.organisations.len()
    }

    /// Addresses that have their message.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.addresses.len()
    }
}

/// Whom the message to a shared address greets, where those behind it are too many
/// to be held together: of each its name is kept.
#[derive(Clone, Debug, Default)]
pub struct Greetings(HashMap<AddressMark, Vec<String>>);

impl Greetings {
    /// Takes the name in of whoever stands behind an address.
    pub fn add(&mut self, row: &Row) {
        let Some(address) = row.address() else {
            return;
        };
        let names = self.0.entry(address).or_default();
        if !names.contains(&row.display_name) {
            names.push(row.display_name.clone());
        }
    }

    /// The row that carries the message of an address greets all behind it.
    pub fn complete(&self, rows: &mut [Row]) {
        for row in rows {
            let names = row.sent_to().and_then(|address| self.0.get(&address));
            for name in names.into_iter().flatten() {
                if !row.greeted.contains(name) {
                    row.greeted.push(name.clone());
                }
            }
        }
    }
}

/// The first row of an address carries its message and greets all; where the
/// message was written before, it has gone without the names of these.
pub(super) fn merge(rows: &mut [Row], written: &Written) {
    let mut carriers: HashMap<AddressMark, usize> = HashMap::new();
    let mut greeted: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (index, row) in rows.iter_mut().enumerate() {
        let Some(address) = row.address() else {
            continue;
        };
        if let Some(&carrier) = carriers.get(&address) {
            row.ended = Some(SAME_ADDRESS);
            let names = greeted.entry(carrier).or_default();
            if !names.contains(&row.display_name) {
                names.push(row.display_name.clone());
            }
        } else if written.reaches(address) {
            row.ended = Some(SAME_ADDRESS);
        } else {
            carriers.insert(address, index);
        }
    }
    for (carrier, names) in greeted {
        let own = &mut rows[carrier].greeted;
        for name in names {
            if !own.contains(&name) {
                own.push(name);
            }
        }
    }
}

const SAME_ADDRESS: (State, &str) = (State::Suppressed, "same_address");

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, channel: Channel, address: &str) -> Row {
        Row {
            organisation: format!("organisations/{name}"),
            display_name: name.to_owned(),
            channel,
            address: address.to_owned(),
            language: "vi".to_owned(),
            greeted: vec![name.to_owned()],
            addressee: None,
            ended: None,
            shared: false,
        }
    }

    fn carried(rows: &[Row]) -> Vec<(&str, bool)> {
        rows.iter()
            .map(|row| (row.display_name.as_str(), row.ended.is_none()))
            .collect()
    }

    #[test]
    fn the_first_of_an_address_carries_the_message_and_greets_all() {
        let mut rows = [
            row("A", Channel::Email, "xa@a.example"),
            row("B", Channel::Email, "XA@a.example"),
            row("C", Channel::Sms, "+84590000001"),
        ];
        merge(&mut rows, &Written::default());
        assert_eq!(carried(&rows), [("A", true), ("B", false), ("C", true)]);
        assert_eq!(rows[0].greeted, ["A", "B"]);
    }

    #[test]
    fn an_address_written_before_carries_nothing_more() {
        let mut written = Written::default();
        let address = AddressMark::of(Channel::Email, "Xa@a.example");
        written.add(Uuid::from_u128(1), address);
        let mut rows = [
            row("B", Channel::Email, "xa@a.example"),
            row("C", Channel::Email, "c@a.example"),
        ];
        merge(&mut rows, &written);
        assert_eq!(carried(&rows), [("B", false), ("C", true)]);
    }

    #[test]
    fn who_is_decided_about_later_is_greeted_by_the_message_all_the_same() {
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
        merge(&mut rows, &Written::default());
        greetings.complete(&mut rows);
        assert_eq!(carried(&rows), [("B", true), ("C", false)]);
        assert_eq!(rows[0].greeted, ["B", "C", "A"]);
        assert_eq!(rows[1].greeted, ["C"]);
    }

    #[test]
    fn who_gets_nothing_shares_nothing() {
        let mut rows = [row("A", Channel::None, ""), row("B", Channel::None, "")];
        merge(&mut rows, &Written::default());
        assert_eq!(carried(&rows), [("A", true), ("B", true)]);
    }

    #[test]
    fn the_same_text_on_another_channel_is_another_address() {
        let on = |channel| AddressMark::of(channel, "113");
        assert_ne!(on(Channel::Email), on(Channel::Sms));
    }
}
