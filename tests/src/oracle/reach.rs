//! Who can be reached how: the roster as the registry answers it.

use std::collections::{BTreeMap, BTreeSet};

use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::{MembershipState, OrganisationStatus, Reachability};

use super::ladder::Channels;

/// The roster.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    by_name: BTreeMap<String, Entry>,
    /// Mailboxes that refuse everything.
    refusing: BTreeSet<String>,
    /// Refusing mailboxes that the desk has met once and uses no more.
    dead: BTreeSet<String>,
}

#[derive(Clone, Debug)]
struct Entry {
    display_name: String,
    silent: bool,
    contacts: Vec<Contact>,
}

#[derive(Clone, Debug)]
struct Contact {
    position: &'static str,
    email: String,
    mobile: String,
    /// A telephone that receives no SMS.
    landline: String,
}

/// A channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Email.
    Email,
    /// SMS.
    Sms,
}

/// A message or, without a channel, the record that a party gets nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The party.
    pub organisation: String,
    /// Channel and address; none: nothing is sent.
    pub to: Option<(Channel, String)>,
    /// It really leaves: not a second copy to an address that has one.
    pub leaves: bool,
    /// What leaves for another to the same address lets it answer too.
    pub carried: bool,
}

impl Roster {
    /// Takes in what the registry answered.
    pub fn add(&mut self, reachability: &Reachability) {
        let silent = reachability.status() != OrganisationStatus::Active
            || matches!(
                reachability.membership_state(),
                MembershipState::Suspended | MembershipState::Withdrawn
            );
        let contacts = reachability
            .contacts
            .iter()
            .map(|contact| Contact {
                position: word(contact.position()),
                email: contact.email.to_lowercase(),
                mobile: if contact.phone_receives_sms {
                    contact.phone.clone()
                } else {
                    String::new()
                },
                landline: if contact.phone_receives_sms {
                    String::new()
                } else {
                    contact.phone.clone()
                },
            })
            .collect();
        let entry = Entry {
            display_name: reachability.display_name.clone(),
            silent,
            contacts,
        };
        self.by_name
            .insert(reachability.organisation.clone(), entry);
    }

    /// The organisation's mailboxes refuse from now on.
    pub fn refuse(&mut self, organisation: &str) -> Vec<String> {
        let mailboxes: Vec<String> = self
            .by_name
            .get(organisation)
            .into_iter()
            .flat_map(|entry| entry.contacts.iter().map(|contact| contact.email.clone()))
            .filter(|email| !email.is_empty())
            .collect();
        self.refusing.extend(mailboxes.iter().cloned());
        mailboxes
    }

    /// A number of the organisation that receives SMS.
    #[must_use]
    pub fn mobile(&self, organisation: &str) -> Option<String> {
        let entry = self.by_name.get(organisation)?;
        entry
            .contacts
            .iter()
            .map(|contact| contact.mobile.clone())
            .find(|mobile| !mobile.is_empty())
    }

    /// The organisation's landline as people read it: 0261 3000 002.
    #[must_use]
    pub fn landline(&self, organisation: &str) -> String {
        let contacts = self.by_name.get(organisation).map(|entry| &entry.contacts);
        let number = contacts
            .into_iter()
            .flatten()
            .find(|contact| !contact.landline.is_empty());
        number.map_or_else(String::new, |contact| grouped(&contact.landline))
    }

    /// The organisation's name, for the order of messages.
    #[must_use]
    pub fn display_name(&self, organisation: &str) -> &str {
        self.by_name
            .get(organisation)
            .map_or("", |entry| &entry.display_name)
    }

    /// Lines for these parties, in the order of their names; refusing mailboxes
    /// are dead afterwards.
    pub fn lines(&mut self, parties: &[Wish]) -> Vec<Line> {
        let mut parties: Vec<&Wish> = parties.iter().collect();
        parties.sort_by_key(|party| {
            (
                self.display_name(&party.organisation).to_owned(),
                party.organisation.clone(),
            )
        });
        let mut lines: Vec<Line> = parties
            .into_iter()
            .flat_map(|party| self.of(party))
            .collect();
        let mut taken = BTreeSet::new();
        for line in &mut lines {
            line.leaves = line
                .to
                .as_ref()
                .is_some_and(|(channel, address)| taken.insert((*channel, address.clone())));
            line.carried = line.to.is_some() && !line.leaves;
        }
        for line in &mut lines {
            if let Some((Channel::Email, mailbox)) = &line.to
                && self.refusing.contains(mailbox)
            {
                line.leaves = false;
                line.carried = false;
                self.dead.insert(mailbox.clone());
            }
        }
        lines
    }

    fn of(&self, wish: &Wish) -> Vec<Line> {
        let nothing = || {
            vec![Line {
                organisation: wish.organisation.clone(),
                to: None,
                leaves: false,
                carried: false,
            }]
        };
        let Some(entry) = self
            .by_name
            .get(&wish.organisation)
            .filter(|entry| !entry.silent && !wish.aside)
        else {
            return nothing();
        };
        let email = entry.choose(&wish.positions, |contact| {
            (!contact.email.is_empty() && !self.dead.contains(&contact.email))
                .then(|| contact.email.clone())
        });
        let sms = entry.choose(&wish.positions, |contact| {
            (!contact.mobile.is_empty()).then(|| contact.mobile.clone())
        });
        let email = email.map(|address| (Channel::Email, address));
        let sms = sms.map(|address| (Channel::Sms, address));
        let chosen: Vec<(Channel, String)> = match &wish.manner {
            Manner::Policy(Channels::EmailElseSms) => email.or(sms).into_iter().collect(),
            Manner::Policy(Channels::SmsElseEmail) => sms.or(email).into_iter().collect(),
            Manner::Policy(Channels::EmailAndSms) => email.into_iter().chain(sms).collect(),
            Manner::Policy(Channels::Email) => email.into_iter().collect(),
            Manner::Fixed(channels) => {
                let both = [email, sms];
                let asked: Vec<_> = both
                    .iter()
                    .flatten()
                    .filter(|(channel, _)| channels.contains(channel))
                    .cloned()
                    .collect();
                if asked.is_empty() {
                    both.into_iter().flatten().take(1).collect()
                } else {
                    asked
                }
            }
        };
        if chosen.is_empty() {
            return nothing();
        }
        let line = |to| Line {
            organisation: wish.organisation.clone(),
            to: Some(to),
            leaves: true,
            carried: false,
        };
        chosen.into_iter().map(line).collect()
    }
}

impl Entry {
    fn choose(
        &self,
        positions: &[String],
        address: impl Fn(&Contact) -> Option<String>,
    ) -> Option<String> {
        positions
            .iter()
            .find_map(|position| {
                self.contacts
                    .iter()
                    .filter(|contact| contact.position == position)
                    .find_map(&address)
            })
            .or_else(|| self.contacts.iter().find_map(&address))
    }
}

/// A party that a message is for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The organisation.
    pub organisation: String,
    /// Offices, most fitting first.
    pub positions: Vec<String>,
    /// Which channels.
    pub manner: Manner,
    /// Done, declined, exempt or claimed: gets nothing.
    pub aside: bool,
}

/// Which channels.
#[derive(Clone, Debug)]
pub enum Manner {
    /// By the step's policy.
    Policy(Channels),
    /// Those it was told on before; the other where none of them is left.
    Fixed(Vec<Channel>),
}

/// Area code, then two halves; the two largest cities have codes of three figures.
fn grouped(e164: &str) -> String {
    let digits = e164.replacen("+84", "0", 1);
    let area = if digits.starts_with("024") || digits.starts_with("028") {
        3
    } else {
        4
    };
    let (area, rest) = digits.split_at(area.min(digits.len()));
    let (middle, last) = rest.split_at(rest.len().div_ceil(2));
    format!("{area} {middle} {last}")
}

fn word(position: Position) -> &'static str {
    match position {
        Position::Unspecified => "",
        Position::Chair => "chair",
        Position::Director => "director",
        Position::Accountant => "accountant",
        Position::Supervisor => "supervisor",
        Position::Office => "office",
        Position::Head => "head",
        Position::Officer => "officer",
    }
}
