//! From the parties of an occurrence to rows: who gets what on which channel,
//! and why somebody gets nothing.

mod choice;
mod own;
mod sharing;

use std::collections::HashSet;

use jiff::Timestamp;
use uuid::Uuid;
use vietnam::calendar::Calendar;

use super::delivery::{Channel, State};
use super::letter::{Answer, PartyLetter, ToldBefore};
use super::obligation::Class;
use super::party::{Party, PartyState, Position, Reach, Silence};
use super::rule::Channels;
use choice::addresses;
pub use sharing::{AddressMark, Greetings, Written};

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
    /// Where people reply, "https://…"; empty where there is no such page.
    pub reply_pages: String,
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
    /// What it had been told, where that is something else than the letter says.
    pub told_before: Option<ToldBefore>,
}

impl Candidate {
    /// A party that is told of the matter as its ladder says.
    #[must_use]
    pub const fn new(party: Party, reach: Option<Reach>) -> Self {
        Self {
            party,
            reach,
            channels: None,
            told_before: None,
        }
    }
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
    /// What is said to it and not to all.
    pub letter: PartyLetter,
    /// Why it is not sent; `None`: it is.
    pub ended: Option<(State, &'static str)>,
    /// The organisation in whose row its message goes, where that is another's.
    pub carried_by: Option<Uuid>,
    /// Which message it is for.
    mark: Option<AddressMark>,
    /// How the party answers, if it can; its letter may let others answer too.
    answer: Option<Answer>,
}

impl Row {
    /// The address that it is for, whether its message goes there or another's, with what
    /// is said there.
    #[must_use]
    pub const fn address(&self) -> Option<AddressMark> {
        self.mark
    }

    /// The address that gets a message by it.
    #[must_use]
    pub fn sent_to(&self) -> Option<AddressMark> {
        self.address().filter(|_| self.ended.is_none())
    }

    /// The organisation; nil for what is no name of one.
    fn id(&self) -> Uuid {
        id(&self.organisation)
    }
}

fn id(organisation: &str) -> Uuid {
    kit::resource::id("organisations", organisation).unwrap_or_default()
}

/// Decides about parties of an occurrence that have not been written yet. The rows
/// come in the order of the organisations' names, so that two runs decide alike.
///
/// `dead` holds the mailboxes that a receiving server does not know, in lower case;
/// `written` what the occurrence has written before, `greetings` who else stands behind
/// the addresses.
#[must_use]
pub fn decide(
    candidates: &[Candidate],
    manner: &Manner,
    dead: &HashSet<String>,
    written: &Written,
    greetings: &Greetings,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<Row> {
    let mut ordered: Vec<&Candidate> = candidates.iter().collect();
    ordered.sort_by(|one, other| order(one).cmp(&order(other)));
    let mut rows: Vec<Row> = Vec::with_capacity(ordered.len());
    for each in ordered {
        rows.extend(rows_of(each, manner, dead, calendar, now));
    }
    sharing::merge(&mut rows, written, greetings);
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
        return vec![own::nothing(candidate, ended)];
    }
    let Some(reach) = &candidate.reach else {
        return vec![own::nothing(
            candidate,
            (State::Suppressed, "unknown_organisation"),
        )];
    };
    if let Some(silence) = reach.silence {
        return vec![own::nothing(
            candidate,
            (State::Suppressed, silence_word(silence)),
        )];
    }
    match addresses(candidate, reach, manner, dead) {
        Ok(chosen) => chosen
            .into_iter()
            .map(|(channel, contact)| own::row(candidate, reach, manner, (channel, contact)))
            .collect(),
        Err(reason) => vec![own::nothing(candidate, (State::Suppressed, reason))],
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
