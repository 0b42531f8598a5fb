//! What follows a move, a postponement or a cancellation (thông báo thay đổi).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::letter::LetterKind;
use super::obligation::{Obligation, Status, Telling};
use super::occurrence::{CALL_LIST, CORRECTION, Plan, Reason};
use super::rule::Audience;
use super::schedule;

/// A change settles for this long by default, so that a second one is told with it.
pub const SETTLE: SignedDuration = SignedDuration::from_mins(10);

/// In the worst hour a change settles for this long only.
pub const WORST_HOUR_SETTLE: SignedDuration = SignedDuration::from_secs(60);

/// A start within this time makes a change one of the worst hour.
pub const WORST_HOUR: SignedDuration = SignedDuration::from_hours(18);

/// The officer has the list of the unreached this long after such a correction.
pub const CALL_LIST_AFTER: SignedDuration = SignedDuration::from_mins(4);

/// A change told at the last moment still helps people at the door.
const AT_THE_DOOR: SignedDuration = SignedDuration::from_hours(2);

/// How long a call list helps.
const CALL_LIST_USEFUL: SignedDuration = SignedDuration::from_hours(12);

/// What an older message told somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The anchor version it was written for.
    pub version: i64,
    /// What it stated.
    pub telling: Telling,
}

/// What kind of change a reader is told of; never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Dời: another time, and perhaps another place.
    Moved,
    /// Another place at the same time.
    Place,
    /// Tạm hoãn: no new date yet.
    Postponed,
    /// A date again, after it had been put off or called off.
    Redated,
    /// Hủy.
    Cancelled,
}

/// The change between what somebody was told and what holds now; `None` where
/// nothing that matters differs.
#[must_use]
pub fn change(told: &Telling, present: &Telling) -> Option<Change> {
    match (told.status, present.status) {
        (_, Status::Satisfied) => None,
        (before, Status::Cancelled) => (before != Status::Cancelled).then_some(Change::Cancelled),
        (before, Status::Postponed) => (before != Status::Postponed).then_some(Change::Postponed),
        (Status::Postponed | Status::Cancelled, Status::Scheduled) => {
            // A window instead of the date that was taken away is no date to tell.
            present.anchor.is_fixed().then_some(Change::Redated)
        }
        (Status::Scheduled | Status::Satisfied, Status::Scheduled) => {
            if !present.anchor.is_fixed() {
                Some(Change::Postponed)
            } else if told.anchor != present.anchor {
                Some(Change::Moved)
            } else {
                (!told.place.is_the_same(&present.place)).then_some(Change::Place)
            }
        }
    }
}

/// The SEQUENCE of a matter's calendar entry (RFC 5545 section 3.8.7.4) with a fact that is
/// believed over what is `known`, by its sequence and what it told. It rises with every
/// change that is told and never falls, not even where a source took its versions back:
/// programs keep the entry with the highest.
#[must_use]
pub fn calendar_sequence(known: Option<(i64, &Telling)>, fact: &Obligation) -> i64 {
    let least = known.map_or(0, |(sequence, told)| {
        sequence + i64::from(change(told, &fact.telling()).is_some())
    });
    least.max(fact.anchor_version)
}

/// The text of a change: events and deadlines are worded differently.
#[must_use]
pub fn letter_kind(change: Change, is_event: bool) -> LetterKind {
    match (change, is_event) {
        (Change::Moved, true) => LetterKind::EventMoved,
        (Change::Place, true) => LetterKind::EventPlaceChanged,
        (Change::Postponed, true) => LetterKind::EventPostponed,
        (Change::Redated, true) => LetterKind::EventRedated,
        (Change::Cancelled, true) => LetterKind::EventCancelled,
        (Change::Moved | Change::Place, false) => LetterKind::DeadlineMoved,
        (Change::Postponed, false) => LetterKind::DeadlinePostponed,
        (Change::Redated, false) => LetterKind::DeadlineRedated,
        (Change::Cancelled, false) => LetterKind::DeadlineCancelled,
    }
}

/// Plans the correction of a change made known at `fact_at`.
///
/// `told` is what people were told by older versions, `previous` what held
/// before this fact, `since` when an unsent correction before this one began to
/// hold everything back, `settle` the house's delay.
#[must_use]
pub fn plan(
    told: &[Told],
    previous: &Telling,
    present: &Telling,
    fact_at: Timestamp,
    since: Option<Timestamp>,
    settle: SignedDuration,
) -> Plan {
    let tellings = || {
        told.iter()
            .map(|each| &each.telling)
            .chain([previous, present])
    };
    let worst_hour = tellings()
        .filter_map(|telling| telling.anchor.start())
        .any(|start| start > fact_at && start.duration_since(fact_at) <= WORST_HOUR);
    let settled = fact_at + settling(worst_hour, settle);
    let last_close = tellings()
        .filter_map(|telling| telling.anchor.closes_at())
        .max();
    let useful_until = last_close.unwrap_or(settled).max(settled + AT_THE_DOOR);
    let due_at = if worst_hour {
        settled
    } else {
        schedule::after_quiet_hours(settled, useful_until)
    };
    let mut plan = Plan::scheduled(CORRECTION, 0, Audience::Concerned, due_at, useful_until);
    plan.worst_hour = worst_hour;
    plan.since = Some(since.unwrap_or(fact_at));
    if last_close.is_some_and(|close| close <= fact_at) && present.status != Status::Scheduled {
        return plan.suppressed(Reason::Over);
    }
    plan
}

/// How long a change settles, where `usual` is the house's delay.
#[must_use]
pub fn settling(worst_hour: bool, usual: SignedDuration) -> SignedDuration {
    if worst_hour {
        usual.min(WORST_HOUR_SETTLE)
    } else {
        usual
    }
}

/// The list of the unreached that follows a correction of the worst hour.
#[must_use]
pub fn call_list(correction_due: Timestamp) -> Plan {
    let due = correction_due + CALL_LIST_AFTER;
    Plan::scheduled(CALL_LIST, 0, Audience::Lead, due, due + CALL_LIST_USEFUL)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::domain::anchor::Anchor;
    use crate::domain::obligation::{Class, Place};

    fn fact(anchor_version: i64, start: i64, place: &str, status: Status) -> Obligation {
        Obligation {
            name: "events/obligations/event-1".to_owned(),
            source: "events".to_owned(),
            kind: "seminar".to_owned(),
            class: Class::Invitation,
            title: "Hội thảo".to_owned(),
            anchor: Anchor::Instant {
                start: Timestamp::from_second(start).unwrap(),
                end: None,
            },
            anchor_version,
            useful_until: None,
            place: Place {
                text: place.to_owned(),
                ..Place::default()
            },
            organiser: String::new(),
            lead_unit: String::new(),
            status,
            sequence: 1,
            document: None,
            links: Vec::new(),
            attributes: std::collections::BTreeMap::new(),
            updated_at: Timestamp::UNIX_EPOCH,
            reply_by: None,
            subject: "events/1".to_owned(),
        }
    }

    #[test]
    fn a_version_that_its_source_took_back_makes_no_calendar_entry_older() {
        let lie = fact(9_000, 200, "A", Status::Scheduled);
        let believed = calendar_sequence(
            Some((1, &fact(1, 100, "A", Status::Scheduled).telling())),
            &lie,
        );
        assert_eq!(believed, 9_000);
        let truth = fact(1, 100, "A", Status::Scheduled);
        let after = calendar_sequence(Some((believed, &lie.telling())), &truth);
        assert_eq!(after, 9_001);
    }

    #[test]
    fn what_changes_without_a_new_version_rises_too_and_what_says_the_same_does_not() {
        let known = fact(3, 100, "A", Status::Scheduled);
        for changed in [
            fact(3, 100, "A", Status::Cancelled),
            fact(3, 100, "A", Status::Postponed),
            fact(3, 100, "B", Status::Scheduled),
        ] {
            let sequence = calendar_sequence(Some((3, &known.telling())), &changed);
            assert_eq!(sequence, 4, "{:?}", changed.status);
        }
        let mut renamed = known.clone();
        renamed.title = "Tọa đàm".to_owned();
        assert_eq!(calendar_sequence(Some((3, &known.telling())), &renamed), 3);
        assert_eq!(calendar_sequence(None, &known), 3);
    }

    proptest! {
        #[test]
        fn no_run_of_facts_makes_the_sequence_fall_or_tells_a_change_under_an_old_one(
            facts in prop::collection::vec((0_i64..6, 0_i64..3, 0_u8..3), 1..20)
        ) {
            let mut known: Option<(i64, Obligation)> = None;
            for (version, start, standing) in facts {
                let status = [Status::Scheduled, Status::Postponed, Status::Cancelled];
                let next = fact(version, start, "A", status[usize::from(standing)]);
                let before = known.as_ref().map(|(sequence, fact)| (*sequence, fact.telling()));
                let sequence = calendar_sequence(
                    before.as_ref().map(|(sequence, telling)| (*sequence, telling)),
                    &next,
                );
                if let Some((last, telling)) = before {
                    let told = change(&telling, &next.telling()).is_some();
                    prop_assert!(sequence >= last + i64::from(told));
                }
                known = Some((sequence, next));
            }
        }
    }
}
