//! Which contact of a party is written to, and on which channels.

use std::collections::HashSet;

use super::{Candidate, Manner};
use crate::domain::delivery::Channel;
use crate::domain::obligation::Class;
use crate::domain::party::{Contact, Position, Reach};
use crate::domain::rule::Channels;

/// A contact for each channel.
type Chosen<'c> = Vec<(Channel, &'c Contact)>;

/// The contacts a party is told through, or why there is none.
pub(super) fn addresses<'c>(
    candidate: &Candidate,
    reach: &'c Reach,
    manner: &Manner,
    dead: &HashSet<String>,
) -> Result<Chosen<'c>, &'static str> {
    let anybody: Vec<&Contact> = reach.contacts.iter().collect();
    let willing: Vec<&Contact> = anybody
        .iter()
        .copied()
        .filter(|each| !each.do_not_contact)
        .collect();
    let allowed: Vec<&Contact> = willing
        .iter()
        .copied()
        .filter(|each| each.takes(manner.class))
        .collect();
    let positions = if candidate.party.positions.is_empty() {
        &manner.positions
    } else {
        &candidate.party.positions
    };
    let book = |contacts: &[&'c Contact]| Book {
        email: choose(contacts, positions, |each| has_mailbox(each, dead)),
        sms: choose(contacts, positions, |each| {
            each.receives_sms && !each.phone.is_empty()
        }),
    };
    let chosen = book(&allowed).chosen(candidate.channels.as_deref(), manner.channels);
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    Err(if !book(&willing).is_empty() {
        match manner.class {
            Class::Advert => "no_consent",
            Class::LegalDeadline | Class::Invitation | Class::Care => "work_refused",
        }
    } else if !book(&anybody).is_empty() {
        "do_not_contact"
    } else {
        "no_address"
    })
}

fn has_mailbox(contact: &Contact, dead: &HashSet<String>) -> bool {
    !contact.email.is_empty() && !dead.contains(&contact.email.to_lowercase())
}

/// The first office of the list that has such an address; then anybody.
fn choose<'c>(
    contacts: &[&'c Contact],
    positions: &[Position],
    has_address: impl Fn(&Contact) -> bool,
) -> Option<&'c Contact> {
    let with_address = || contacts.iter().copied().filter(|each| has_address(each));
    positions
        .iter()
        .find_map(|position| with_address().find(|each| each.position == Some(*position)))
        .or_else(|| with_address().next())
}

/// The contact chosen for each channel.
#[derive(Clone, Copy)]
struct Book<'c> {
    email: Option<&'c Contact>,
    sms: Option<&'c Contact>,
}

impl<'c> Book<'c> {
    fn is_empty(self) -> bool {
        self.email.is_none() && self.sms.is_none()
    }

    fn on(self, channel: Channel) -> Option<(Channel, &'c Contact)> {
        let contact = match channel {
            Channel::None => None,
            Channel::Email => self.email,
            Channel::Sms => self.sms,
        };
        contact.map(|contact| (channel, contact))
    }

    fn first_of(self, channels: [Channel; 2]) -> Chosen<'c> {
        channels
            .into_iter()
            .find_map(|each| self.on(each))
            .into_iter()
            .collect()
    }

    /// A channel that a correction needs but that is gone is replaced by the other.
    fn chosen(self, fixed: Option<&[Channel]>, channels: Channels) -> Chosen<'c> {
        if let Some(fixed) = fixed {
            let asked: Chosen<'c> = fixed.iter().filter_map(|each| self.on(*each)).collect();
            return if asked.is_empty() {
                self.first_of([Channel::Email, Channel::Sms])
            } else {
                asked
            };
        }
        match channels {
            Channels::EmailElseSms => self.first_of([Channel::Email, Channel::Sms]),
            Channels::SmsElseEmail => self.first_of([Channel::Sms, Channel::Email]),
            Channels::EmailAndSms => [Channel::Email, Channel::Sms]
                .into_iter()
                .filter_map(|each| self.on(each))
                .collect(),
            Channels::Email => self.on(Channel::Email).into_iter().collect(),
        }
    }
}
