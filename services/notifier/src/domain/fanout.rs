//! From the parties of an occurrence to rows: who gets what on which channel,
//! and why somebody gets nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use vietnam::calendar::Calendar;

use super::delivery::{Channel, State};
use super::obligation::Class;
use super::party::{Contact, Party, PartyState, Position, Reach, Silence};
use super::rule::Channels;

/// Chasing stops for this many working days after a party says "đã gửi".
pub const CLAIM_HOLDS: i32 = 3;

/// Above this many parties a mailing is a bulk one ...
pub const BULK_PARTIES: usize = 200;

/// ... if it helps for longer than this.
pub const BULK_USEFUL: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// How an occurrence reaches its parties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// By which channels.
    pub channels: Channels,
    /// Offices, where a party has no wish of its own.
    pub positions: Vec<Position>,
    /// The class that decides about consent.
    pub class: Class,
}

/// A party with everything that decides about it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The party as the source names it.
    pub party: Party,
    /// How to reach it; `None` where the registry does not know it.
    pub reach: Option<Reach>,
    /// The channels it must be told on, where that is fixed (a correction);
    /// otherwise the manner decides.
    pub channels: Option<Vec<Channel>>,
}

/// A row: what one party gets on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Resource name of the organisation.
    pub organisation: String,
    /// Its name as people read it.
    pub display_name: String,
    /// How; [`Channel::None`] where it gets nothing.
    pub channel: Channel,
    /// Mailbox or number; empty for [`Channel::None`].
    pub address: String,
    /// Language of the text.
    pub language: String,
    /// Names greeted: its own, and those of others behind the same address.
    pub greeted: Vec<String>,
    /// Why it is not sent; `None`: it is.
    pub ended: Option<(State, &'static str)>,
    /// The telephone is known to be shared.
    pub shared: bool,
}

/// Decides about all parties of an occurrence. The rows come in the order of the
/// organisations' names, so that two runs decide alike.
///
/// `dead` holds the mailboxes that a receiving server does not know, in lower case.
#[must_use]
pub fn decide(
    candidates: &[Candidate],
    manner: &Manner,
    dead: &HashSet<String>,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<Row> {
    let mut ordered: Vec<&Candidate> = candidates.iter().collect();
    ordered.sort_by(|one, other| order(one).cmp(&order(other)));
    let mut rows: Vec<Row> = Vec::with_capacity(ordered.len());
    for each in ordered {
        rows.extend(rows_of(each, manner, dead, calendar, now));
    }
    merge_shared_addresses(&mut rows);
    rows
}

/// Whether a mailing of `parties` that helps for `useful` is a bulk one: it then
/// never delays what is urgent.
#[must_use]
pub fn is_bulk(parties: usize, useful: jiff::SignedDuration) -> bool {
    parties > BULK_PARTIES && useful > BULK_USEFUL
}

fn order(candidate: &Candidate) -> (&str, &str) {
    let name = candidate
        .reach
        .as_ref()
        .map(|reach| reach.display_name.as_str());
    (name.unwrap_or_default(), &candidate.party.organisation)
}

fn rows_of(
    candidate: &Candidate,
    manner: &Manner,
    dead: &HashSet<String>,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<Row> {
    if candidate.channels.is_none()
        && let Some(ended) = stands_aside(&candidate.party, calendar, now)
    {
        return vec![nothing(candidate, ended)];
    }
    let Some(reach) = &candidate.reach else {
        return vec![nothing(
            candidate,
            (State::Suppressed, "unknown_organisation"),
        )];
    };
    if let Some(silence) = reach.silence {
        return vec![nothing(
            candidate,
            (State::Suppressed, silence_word(silence)),
        )];
    }
    match addresses(candidate, reach, manner, dead) {
        Ok(chosen) => chosen
            .into_iter()
            .map(|(channel, contact)| row(candidate, reach, channel, contact))
            .collect(),
        Err(reason) => vec![nothing(candidate, (State::Suppressed, reason))],
    }
}

/// Whether a party needs no reminder, and why: what fan-out asks, and dispatch
/// again when the answer has grown old.
#[must_use]
pub fn stands_aside(
    party: &Party,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<(State, &'static str)> {
    match party.state {
        PartyState::Concerned | PartyState::Confirmed => None,
        PartyState::Done => Some((State::Satisfied, "done")),
        PartyState::Declined => Some((State::Suppressed, "declined")),
        PartyState::Exempt => Some((State::Suppressed, "exempt")),
        PartyState::ClaimedDone => {
            claim_holds(party.since, calendar, now).then_some((State::Suppressed, "claimed"))
        }
    }
}

/// A claim holds for three working days after the day it was made.
#[must_use]
pub fn claim_holds(since: Option<Timestamp>, calendar: &Calendar, now: Timestamp) -> bool {
    since.is_none_or(|since| {
        let claimed = vietnam::local(since).date();
        let today = vietnam::local(now).date();
        calendar.working_days_between(claimed, today) < CLAIM_HOLDS
    })
}

const fn silence_word(silence: Silence) -> &'static str {
    match silence {
        Silence::Suspended => "suspended",
        Silence::Withdrawn => "withdrawn",
        Silence::Dissolved => "dissolved",
    }
}

type Chosen<'c> = Vec<(Channel, &'c Contact)>;

fn addresses<'c>(
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
        .filter(|each| manner.class != Class::Advert || each.advert_consent)
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
        "no_consent"
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

fn row(candidate: &Candidate, reach: &Reach, channel: Channel, contact: &Contact) -> Row {
    Row {
        organisation: candidate.party.organisation.clone(),
        display_name: reach.display_name.clone(),
        channel,
        address: match channel {
            Channel::None => String::new(),
            Channel::Email => contact.email.clone(),
            Channel::Sms => contact.phone.clone(),
        },
        language: contact.language.clone(),
        greeted: vec![reach.display_name.clone()],
        ended: None,
        shared: channel == Channel::Sms && contact.phone_shared,
    }
}

fn nothing(candidate: &Candidate, ended: (State, &'static str)) -> Row {
    Row {
        organisation: candidate.party.organisation.clone(),
        display_name: candidate
            .reach
            .as_ref()
            .map(|reach| reach.display_name.clone())
            .unwrap_or_default(),
        channel: Channel::None,
        address: String::new(),
        language: String::new(),
        greeted: Vec::new(),
        ended: Some(ended),
        shared: false,
    }
}

/// One address, one message: the first party by name carries it and all are
/// greeted (the same person in several organisations, one shared telephone).
fn merge_shared_addresses(rows: &mut [Row]) {
    let mut carriers: HashMap<(Channel, String), usize> = HashMap::new();
    let mut greeted: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (index, row) in rows.iter_mut().enumerate() {
        if row.channel == Channel::None {
            continue;
        }
        let key = (row.channel, row.address.to_lowercase());
        if let Some(&carrier) = carriers.get(&key) {
            row.ended = Some((State::Suppressed, "same_address"));
            let names = greeted.entry(carrier).or_default();
            if !names.contains(&row.display_name) {
                names.push(row.display_name.clone());
            }
        } else {
            carriers.insert(key, index);
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
