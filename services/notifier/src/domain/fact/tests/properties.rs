use jiff::SignedDuration;
use proptest::prelude::*;

use crate::domain::anchor::{Anchor, Bound};
use crate::domain::occurrence::CORRECTION;
use crate::domain::schedule::{QUIET_FROM, QUIET_UNTIL};

use super::super::*;
use super::play::*;

/// A move: how many minutes after the one before, to which of a few starts.
fn moves() -> impl Strategy<Value = Vec<(i64, usize)>> {
    prop::collection::vec((1_i64..4_000, 0_usize..4), 0..6)
}

const STARTS: [&str; 4] = [
    "2024-04-11T08:00",
    "2024-04-19T14:00",
    "2024-04-26T07:30",
    "2024-05-06T09:00",
];

/// The facts of a history of moves, in order, and when each is told.
fn history(moves: &[(i64, usize)]) -> Vec<(Timestamp, Obligation)> {
    let mut at = local("2024-03-27T09:00");
    let first = matter("ceremony", starts(STARTS[0]), "2024-03-27T09:00");
    let mut facts = vec![(at, first)];
    for (minutes, start) in moves {
        at += SignedDuration::from_mins(*minutes);
        let before = &facts.last().unwrap().1;
        if before.anchor == starts(STARTS[*start]) {
            continue;
        }
        let next = moved(before, starts(STARTS[*start]), at);
        facts.push((at, next));
    }
    facts
}

proptest! {
    #[test]
    fn whatever_moves_everything_ends_in_one_state_and_the_reader_knows_the_truth(moves in moves()) {
        let mut play = Play::begin("2024-03-27T09:00");
        let facts = history(&moves);
        for (at, fact) in &facts {
            play.until(*at);
            play.tell(fact);
        }
        play.to("2024-07-01T00:00");
        prop_assert_eq!(play.pending().count(), 0);
        let present = facts.last().unwrap().1.telling();
        prop_assert_eq!(&play.told.last().unwrap().telling, &present);
        for (_, _, told_of) in play.sent.iter().filter(|(step, _, _)| step == CORRECTION) {
            prop_assert!(told_of.is_some(), "a correction always says something new");
        }
    }

    #[test]
    fn case_07_facts_twice_and_out_of_order_end_like_the_newest(moves in moves(), swap in any::<u64>()) {
        let facts = history(&moves);
        let newest = facts.last().unwrap();
        let mut play = Play::begin("2024-03-27T09:00");
        play.until(newest.0);
        play.tell(&newest.1);
        let rows = play.rows.len();
        let mut stale: Vec<_> = facts.iter().collect();
        let length = stale.len();
        stale.rotate_left(usize::try_from(swap).unwrap_or(0) % length);
        for (_, fact) in stale {
            prop_assert_eq!(play.tell(fact), Verdict::Stale);
        }
        prop_assert_eq!(play.rows.len(), rows);
        prop_assert_eq!(play.known.as_ref().unwrap(), &newest.1);
    }

    #[test]
    fn case_63_no_step_is_planned_into_the_quiet_hours(
        minutes in 0_i64..100_000, kind in 0_usize..10,
    ) {
        let kinds = ["ceremony", "seminar", "meeting", "training", "fair", "visit", "dialogue",
                     "information_meeting", "report", "task"];
        let start = local("2024-04-11T00:00") + SignedDuration::from_mins(minutes);
        let mut fact = matter(kinds[kind], Anchor::Undated, "2024-02-27T09:00");
        fact.anchor = Anchor::Instant { start, end: None };
        let mut play = Play::begin("2024-02-27T09:00");
        play.tell(&fact);
        for row in play.pending() {
            let time = vietnam::local(row.plan.due_at).time();
            prop_assert!((QUIET_UNTIL..QUIET_FROM).contains(&time), "{} at {time}", row.plan.step);
            prop_assert!(row.plan.due_at < row.plan.useful_until);
        }
    }

    #[test]
    fn a_late_start_sends_at_most_one_step_at_once(hours in 0_i64..1_000) {
        let at = local("2024-03-20T09:00") + SignedDuration::from_hours(hours);
        let mut fact = matter("report", Anchor::Undated, "2024-03-20T09:00");
        fact.anchor = Anchor::Day { date: jiff::civil::date(2024, 4, 10), bound: Bound::Through };
        fact.updated_at = at;
        let mut play = Play::begin("2024-03-20T09:00");
        play.until(at);
        play.tell(&fact);
        let now = play.pending().filter(|row| row.plan.due_at <= at + SignedDuration::from_hours(1)).count();
        prop_assert!(now <= 2, "the late one, and perhaps one that just falls due");
        let soon = play.pending().filter(|row| row.plan.nominal_at <= at).count();
        prop_assert!(soon <= 1);
        prop_assert_eq!(play.rows.len(), 6, "every step of the ladder is accounted for");
    }
}
