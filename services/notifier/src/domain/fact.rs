//! What a fact about an obligation changes.
//!
//! Facts come out of order and more than once: the highest sequence counts, the
//! others change nothing. Each carries the whole present state, so that a fact
//! that was never seen is not missed either.

pub mod belief;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use vietnam::calendar::Calendar;

use super::arming::{self, Moment};
use super::correction::{self, Told};
use super::obligation::{Obligation, Status};
use super::occurrence::{Plan, Reason, State};
use super::rule::Rules;

/// What the notifier knows of an obligation before a fact.
#[derive(Clone, Debug)]
pub struct Known {
    /// As its source last told it.
    pub obligation: Obligation,
    /// What people have been told, by anchor version, the oldest first.
    pub told: Vec<Told>,
    /// Since when an unsent correction holds everything back.
    pub unsent_since: Option<Timestamp>,
    /// Whether the fact's anchor version has occurrences. A version first heard
    /// of when it was done has none.
    pub armed: bool,
}

/// The rules of the house that decide.
#[derive(Clone, Copy, Debug)]
pub struct House<'h> {
    /// The ladders in force.
    pub rules: &'h Rules,
    /// The working calendar.
    pub calendar: &'h Calendar,
    /// How long a change settles before it is told.
    pub settle: SignedDuration,
}

/// What a fact changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is older than what is known, or the same: nothing.
    Stale,
    /// The obligation takes its new state, with these effects.
    Effects(Effects),
}

/// The effects of a fact beside the new state of its obligation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// What becomes of whatever has not gone out yet.
    pub pending: Option<(State, Reason)>,
    /// Whether satisfied occurrences wait again: those that lie ahead, and a
    /// correction with what waits for it.
    pub reopened: bool,
    /// New occurrences of the present anchor version.
    pub plans: Vec<Plan>,
    /// Why nothing is planned, where a reader might expect something.
    pub nothing: Option<Nothing>,
}

/// Why nothing is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// There is no ladder for its kind.
    NoRule,
    /// It has no date and no window.
    Undated,
    /// It does not stand.
    NotStanding,
}

/// Of many facts the one with the highest sequence of each obligation, in the
/// order of their names.
#[must_use]
pub fn newest(facts: Vec<Obligation>) -> Vec<Obligation> {
    let mut newest: BTreeMap<String, Obligation> = BTreeMap::new();
    for fact in facts {
        let newer = newest
            .get(&fact.name)
            .is_none_or(|other| other.sequence < fact.sequence);
        if newer {
            newest.insert(fact.name.clone(), fact);
        }
    }
    newest.into_values().collect()
}

/// Whether a fact is newer than what is known of its obligation.
#[must_use]
pub fn is_news(before: &Obligation, fact: &Obligation) -> bool {
    fact.sequence > before.sequence && fact.anchor_version >= before.anchor_version
}

/// Which deliveries must not go out any more, of those that still wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overtaking {
    /// Those that remind of what is done.
    Satisfied,
    /// Those of versions below this one.
    Below(i64),
}

/// What a newer fact overtakes.
#[must_use]
pub fn overtaking(before: &Obligation, fact: &Obligation) -> Option<Overtaking> {
    let same_version = fact.anchor_version == before.anchor_version;
    if same_version && fact.status == before.status {
        return None;
    }
    if fact.status == Status::Satisfied {
        return Some(Overtaking::Satisfied);
    }
    let own_too = same_version && is_withdrawn(before, fact);
    Some(Overtaking::Below(fact.anchor_version + i64::from(own_too)))
}

/// Decides what `fact`, handled at `now`, changes.
#[must_use]
pub fn on_fact(
    known: Option<&Known>,
    fact: &Obligation,
    house: House<'_>,
    now: Timestamp,
) -> Verdict {
    let Some(known) = known else {
        return Verdict::Effects(first_heard(fact, house, now));
    };
    if !is_news(&known.obligation, fact) {
        return Verdict::Stale;
    }
    Verdict::Effects(follow(known, fact, house, now))
}

/// What the state of a matter changes that is believed over what is `known`.
fn follow(known: &Known, fact: &Obligation, house: House<'_>, now: Timestamp) -> Effects {
    let before = &known.obligation;
    if fact.status == Status::Satisfied {
        return Effects {
            pending: Some((State::Satisfied, Reason::Done)),
            ..Effects::default()
        };
    }
    if fact.anchor_version > before.anchor_version || is_withdrawn(before, fact) {
        return changed(known, fact, house, now);
    }
    if before.status != Status::Satisfied {
        return Effects::default();
    }
    // What was done turned out not to be.
    if known.armed {
        Effects {
            reopened: true,
            ..Effects::default()
        }
    } else {
        changed(known, fact, house, now)
    }
}

/// Whether what a source says is something else than what is known, whichever of the
/// two has the higher sequence. When it was changed may be kept less exactly there.
#[must_use]
pub fn differs(known: &Obligation, truth: &Obligation) -> bool {
    let dated_alike = Obligation {
        updated_at: truth.updated_at,
        ..known.clone()
    };
    dated_alike != *truth
}

/// How what is known gives way to what its source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restoration {
    /// Only its standing or its words were wrong: the version has its occurrences.
    SameVersion,
    /// Versions were made known that the source does not have: what was planned and
    /// told under them, and before, is history, and the matter is armed anew.
    Anew,
}

/// How what is known must give way.
#[must_use]
pub fn restoration(known: &Obligation, truth: &Obligation) -> Restoration {
    let same_version = known.anchor_version == truth.anchor_version
        && known.anchor == truth.anchor
        && known.place == truth.place
        && matches!(known.status, Status::Scheduled | Status::Satisfied);
    if same_version {
        Restoration::SameVersion
    } else {
        Restoration::Anew
    }
}

/// Decides what a source's word changes that overrules what is `known`. With
/// [`Restoration::Anew`] all that was told counts as told by older versions.
#[must_use]
pub fn on_truth(
    known: &Known,
    truth: &Obligation,
    how: Restoration,
    house: House<'_>,
    now: Timestamp,
) -> Effects {
    if how == Restoration::Anew && truth.status != Status::Satisfied {
        return changed(known, truth, house, now);
    }
    follow(known, truth, house, now)
}

/// A source that forgot to raise the version still means what it says.
fn is_withdrawn(before: &Obligation, fact: &Obligation) -> bool {
    before.status != fact.status && matches!(fact.status, Status::Postponed | Status::Cancelled)
}

fn first_heard(fact: &Obligation, house: House<'_>, now: Timestamp) -> Effects {
    let plans = arming::arm(fact, house.rules, house.calendar, Moment::Fresh(now));
    Effects {
        nothing: plans
            .is_empty()
            .then(|| why_nothing(fact, house.rules))
            .flatten(),
        plans,
        ..Effects::default()
    }
}

fn changed(known: &Known, fact: &Obligation, house: House<'_>, now: Timestamp) -> Effects {
    let correction = correction::plan(
        &known.told,
        &known.obligation.telling(),
        &fact.telling(),
        fact.updated_at,
        known.unsent_since,
        house.settle,
    );
    let mut plans = if known.told.is_empty() {
        let settled = fact.updated_at + correction::settling(correction.worst_hour, house.settle);
        let moment = Moment::Fresh(settled.max(now));
        arming::arm(fact, house.rules, house.calendar, moment)
    } else {
        let moment = Moment::UnderCorrection {
            due: correction.due_at,
            since: correction.since.unwrap_or(fact.updated_at),
        };
        arming::arm(fact, house.rules, house.calendar, moment)
    };
    let nothing = plans
        .is_empty()
        .then(|| why_nothing(fact, house.rules))
        .flatten();
    if !known.told.is_empty() {
        plans.insert(0, correction);
    }
    let reason = match fact.status {
        Status::Scheduled | Status::Satisfied => Reason::Moved,
        Status::Postponed => Reason::Postponed,
        Status::Cancelled => Reason::Cancelled,
    };
    Effects {
        pending: Some((State::Superseded, reason)),
        plans,
        nothing,
        ..Effects::default()
    }
}

fn why_nothing(fact: &Obligation, rules: &Rules) -> Option<Nothing> {
    if fact.status != Status::Scheduled {
        Some(Nothing::NotStanding)
    } else if fact.anchor.is_fixed() && rules.of(&fact.kind).is_none() {
        Some(Nothing::NoRule)
    } else if !fact.anchor.is_fixed() {
        Some(Nothing::Undated)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
