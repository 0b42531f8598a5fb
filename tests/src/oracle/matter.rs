//! One obligation, its parties and its occurrences, as the oracle sees them.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::ladder::{Anchor, Audience};
use super::reach::Channel;

/// One obligation.
#[derive(Clone, Debug)]
pub struct Matter {
    /// Key of the ladder.
    pub kind: String,
    /// What people are told of it now.
    pub telling: Telling,
    /// The unit in charge.
    pub lead: String,
    /// Those it concerns.
    pub parties: BTreeMap<String, Party>,
    /// Its occurrences.
    pub slots: Vec<Slot>,
    /// What each party was told last, and on which channels.
    pub told: BTreeMap<String, (Telling, Vec<Channel>)>,
}

/// What a message states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Whether it takes place.
    pub standing: Standing,
    /// When.
    pub anchor: Anchor,
    /// Where.
    pub place: String,
}

/// Whether something takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It stands.
    Scheduled,
    /// Put off.
    Postponed,
    /// Called off.
    Cancelled,
    /// Done.
    Satisfied,
}

/// A party and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// How it stands.
    pub state: PartyState,
    /// Offices its source names; empty: the ladder's.
    pub positions: Vec<String>,
}

/// How a party stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyState {
    /// To be told.
    Concerned,
    /// Done, declined or exempt.
    Aside,
    /// Says that it has sent, since then.
    Claimed(DateTime),
}

/// One occurrence.
#[derive(Clone, Debug)]
pub struct Slot {
    /// What it is.
    pub what: What,
    /// Whom it is for.
    pub audience: Audience,
    /// The instant it falls on by its rule.
    pub nominal: DateTime,
    /// When it is handled.
    pub due: DateTime,
    /// After this instant it helps nobody.
    pub useful_until: DateTime,
    /// It waits for a correction.
    pub held: bool,
    /// Its end: how many lines it became; none while it waits.
    pub lines: Option<usize>,
}

/// What an occurrence is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A step of the ladder and its repetition.
    Step(String, i32),
    /// A notice of change; `since` when the change began to hold everything back.
    Correction {
        /// Since when nothing of the matter went out.
        since: DateTime,
        /// Something starts within hours.
        worst_hour: bool,
    },
    /// The list of the unreached.
    CallList,
}

impl Slot {
    /// Whether it still waits.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.lines.is_none()
    }

    /// Ends without going out: it counts once.
    pub fn end(&mut self) {
        self.held = false;
        self.lines = Some(1);
    }
}

impl Matter {
    /// Everything that waits ends: moved, done, called off.
    pub fn end_pending(&mut self) {
        self.slots
            .iter_mut()
            .filter(|slot| slot.is_pending())
            .for_each(Slot::end);
    }

    /// Since when an unsent correction holds everything back.
    #[must_use]
    pub fn unsent_since(&self) -> Option<DateTime> {
        self.slots
            .iter()
            .filter(|slot| slot.is_pending())
            .find_map(|slot| match slot.what {
                What::Correction { since, .. } => Some(since),
                What::Step(..) | What::CallList => None,
            })
    }

    /// How many lines it should have by now: one for each occurrence that was
    /// never fanned out, otherwise its lines.
    #[must_use]
    pub fn expected(&self) -> usize {
        self.slots.iter().map(|slot| slot.lines.unwrap_or(1)).sum()
    }
}
