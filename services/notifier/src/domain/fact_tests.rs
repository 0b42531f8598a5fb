//! Ladders played through time without a database: one party, which reads
//! whatever goes out.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;
use vietnam::calendar::Calendar;

use super::*;
use crate::domain::anchor::{Anchor, Bound};
use crate::domain::arming;
use crate::domain::correction::{Change, SETTLE, change};
use crate::domain::obligation::{Class, Place};
use crate::domain::occurrence::{CALL_LIST, CORRECTION};
use crate::domain::schedule::{QUIET_FROM, QUIET_UNTIL};
use crate::domain::triage::{Due, triage};

fn local(text: &str) -> Timestamp {
    vietnam::instant(text.parse().unwrap())
}

fn wall(instant: Timestamp) -> String {
    vietnam::local(instant).strftime("%m-%d %H:%M").to_string()
}

fn starts(text: &str) -> Anchor {
    Anchor::Instant {
        start: local(text),
        end: None,
    }
}

fn matter(kind: &str, anchor: Anchor, at: &str) -> Obligation {
    Obligation {
        name: format!("events/obligations/{kind}-1"),
        source: "events".to_owned(),
        kind: kind.to_owned(),
        class: Class::Invitation,
        title: "Lễ phát động".to_owned(),
        anchor,
        anchor_version: 1,
        useful_until: None,
        place: Place::default(),
        organiser: String::new(),
        lead_unit: "organisations/1".to_owned(),
        status: Status::Scheduled,
        sequence: 1,
        document: None,
        links: Vec::new(),
        attributes: std::collections::BTreeMap::new(),
        updated_at: local(at),
        reply_by: None,
        subject: "events/1".to_owned(),
    }
}

#[derive(Clone, Debug)]
struct Row {
    id: Uuid,
    version: i64,
    plan: Plan,
}

/// Made once: it takes milliseconds, and properties are tried hundreds of times.
static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::embedded().unwrap());
static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::official);

struct Play {
    now: Timestamp,
    known: Option<Obligation>,
    rows: Vec<Row>,
    told: Vec<Told>,
    /// Step and instant of whatever went out, with the change of a correction.
    sent: Vec<(String, Timestamp, Option<Change>)>,
}

impl Play {
    fn begin(at: &str) -> Self {
        Self {
            now: local(at),
            known: None,
            rows: Vec::new(),
            told: Vec::new(),
            sent: Vec::new(),
        }
    }

    fn house() -> House<'static> {
        House {
            rules: &RULES,
            calendar: &CALENDAR,
            settle: SETTLE,
        }
    }

    fn tell(&mut self, fact: &Obligation) -> Verdict {
        let known = self.known.clone().map(|obligation| Known {
            obligation,
            told: self.told.clone(),
            unsent_since: self
                .pending()
                .find(|row| row.plan.step == CORRECTION)
                .and_then(|row| row.plan.since),
        });
        let verdict = on_fact(known.as_ref(), fact, Self::house(), self.now);
        if let Verdict::Effects(effects) = &verdict {
            self.known = Some(fact.clone());
            if let Some((state, reason)) = effects.pending {
                for row in self
                    .rows
                    .iter_mut()
                    .filter(|row| row.plan.state == State::Scheduled)
                {
                    row.plan.state = state;
                    row.plan.reason = reason;
                }
            }
            self.plan(effects.plans.clone());
        }
        verdict
    }

    fn plan(&mut self, plans: Vec<Plan>) {
        let version = self.known.as_ref().unwrap().anchor_version;
        for plan in plans {
            let twice = self.rows.iter().any(|row| {
                row.version == version
                    && row.plan.step == plan.step
                    && row.plan.repetition == plan.repetition
            });
            assert!(
                !twice,
                "{} {} of version {version} twice",
                plan.step, plan.repetition
            );
            self.rows.push(Row {
                id: Uuid::now_v7(),
                version,
                plan,
            });
        }
    }

    fn pending(&self) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(|row| row.plan.state == State::Scheduled)
    }

    /// Moves the clock from due instant to due instant.
    fn until(&mut self, to: Timestamp) {
        loop {
            let next = self.pending().map(|row| row.plan.due_at).min();
            match next {
                Some(due) if due <= to => self.now = self.now.max(due),
                _ => break,
            }
            self.handle_due();
        }
        self.now = to;
    }

    fn to(&mut self, text: &str) {
        self.until(local(text));
    }

    fn handle_due(&mut self) {
        let due: Vec<Due> = self
            .pending()
            .filter(|row| row.plan.due_at <= self.now)
            .map(|row| Due {
                id: row.id,
                step: row.plan.step.clone(),
                repetition: row.plan.repetition,
                audience: row.plan.audience,
                nominal_at: row.plan.nominal_at,
                useful_until: row.plan.useful_until,
                waited: false,
            })
            .collect();
        let verdict = triage(&due, self.now);
        for (id, reason) in verdict.missed {
            self.end(id, State::Missed, reason);
        }
        for id in verdict.fan_out {
            self.go_out(id);
        }
    }

    fn end(&mut self, id: Uuid, state: State, reason: Reason) {
        let row = self.rows.iter_mut().find(|row| row.id == id).unwrap();
        row.plan.state = state;
        row.plan.reason = reason;
        let (step, repetition) = (row.plan.step.clone(), row.plan.repetition);
        let obligation = self.known.clone().unwrap();
        if let Some(step) = RULES.step(&obligation.kind, &step) {
            let next = arming::following(&obligation, step, repetition, &CALENDAR, self.now);
            self.plan(next.into_iter().collect());
        }
    }

    fn go_out(&mut self, id: Uuid) {
        let row = self.rows.iter().find(|row| row.id == id).unwrap().clone();
        let obligation = self.known.clone().unwrap();
        let present = obligation.telling();
        let mut told_of = None;
        if row.plan.step == CORRECTION {
            let last = self.told.last().unwrap();
            told_of = change(&last.telling, &present);
            if told_of.is_none() {
                self.end(id, State::Suppressed, Reason::NoChange);
                self.settle_held(|held, now| arming::release(held, row.plan.since.unwrap(), now));
                return;
            }
            self.settle_held(|held, _| {
                let covered = Reason::CoveredByCorrection;
                held.iter()
                    .map(|plan| plan.clone().suppressed(covered))
                    .collect()
            });
            if row.plan.worst_hour {
                self.plan(vec![correction::call_list(row.plan.due_at)]);
            }
        }
        self.end(id, State::FannedOut, Reason::None);
        self.sent.push((row.plan.step.clone(), self.now, told_of));
        if row.plan.step == CORRECTION || obligation.anchor.is_fixed() && row.plan.step != CALL_LIST
        {
            self.told.push(Told {
                version: row.version,
                telling: present,
            });
        }
    }

    fn settle_held(&mut self, decide: impl Fn(&[Plan], Timestamp) -> Vec<Plan>) {
        let held: Vec<Row> = self
            .pending()
            .filter(|row| row.plan.held)
            .cloned()
            .collect();
        let plans: Vec<Plan> = held.iter().map(|row| row.plan.clone()).collect();
        for (row, plan) in held.iter().zip(decide(&plans, self.now)) {
            let mine = self.rows.iter_mut().find(|each| each.id == row.id).unwrap();
            mine.plan = plan;
        }
    }

    fn timeline(&self) -> Vec<String> {
        self.sent
            .iter()
            .map(|(step, at, _)| format!("{step} {}", wall(*at)))
            .collect()
    }

    fn reasons_of(&self, version: i64) -> Vec<(String, State, Reason)> {
        self.rows
            .iter()
            .filter(|row| row.version == version)
            .map(|row| (row.plan.step.clone(), row.plan.state, row.plan.reason))
            .collect()
    }
}

fn moved(before: &Obligation, anchor: Anchor, at: Timestamp) -> Obligation {
    Obligation {
        anchor,
        anchor_version: before.anchor_version + 1,
        sequence: before.sequence + 1,
        status: Status::Scheduled,
        updated_at: at,
        ..before.clone()
    }
}

fn withdrawn(before: &Obligation, status: Status, at: Timestamp) -> Obligation {
    Obligation {
        status,
        anchor: Anchor::Undated,
        ..moved(before, Anchor::Undated, at)
    }
}

#[test]
fn a_ceremony_is_announced_and_reminded_three_times() {
    let mut play = Play::begin("2024-03-27T09:15");
    play.tell(&matter(
        "ceremony",
        starts("2024-04-11T08:00"),
        "2024-03-27T09:15",
    ));
    play.to("2024-05-01T00:00");
    assert_eq!(
        play.timeline(),
        [
            "issue 03-27 09:15",
            "t-3 04-08 08:00",
            "t-1 04-10 08:00",
            "h-2 04-11 07:00"
        ]
    );
}

#[test]
fn the_holiday_and_the_worked_saturday_of_2024_move_the_steps() {
    let mut play = Play::begin("2024-03-27T09:15");
    play.tell(&matter(
        "meeting",
        starts("2024-04-19T14:00"),
        "2024-03-27T09:15",
    ));
    play.to("2024-04-20T00:00");
    // 18 April is off: three working days before Friday are the 17th, 16th, 15th.
    assert_eq!(
        play.timeline()[1..],
        ["t-3 04-15 08:00", "t-1 04-17 08:00", "h-2 04-19 12:00"]
    );
    let mut play = Play::begin("2024-04-10T09:15");
    play.tell(&matter(
        "meeting",
        starts("2024-05-06T14:00"),
        "2024-04-10T09:15",
    ));
    play.to("2024-05-07T00:00");
    // 29 April to 1 May are off, Saturday 4 May is worked.
    assert_eq!(
        play.timeline()[1..],
        ["t-3 05-02 08:00", "t-1 05-04 08:00", "h-2 05-06 12:00"]
    );
}

#[test]
fn case_23_who_starts_late_hears_only_the_latest_step() {
    let mut play = Play::begin("2024-04-10T16:20");
    let mut report = matter("report", Anchor::Undated, "2024-04-10T16:20");
    report.anchor = Anchor::Day {
        date: jiff::civil::date(2024, 4, 10),
        bound: Bound::Before,
    };
    play.tell(&report);
    let late: Vec<_> = play
        .rows
        .iter()
        .filter(|row| row.plan.reason == Reason::LateStart)
        .map(|row| row.plan.step.as_str())
        .collect();
    assert_eq!(late, ["t-7", "t-3", "t-1"], "their use ended with the 9th");
    play.to("2024-04-10T16:21");
    assert_eq!(play.timeline(), ["late-1 04-10 16:20"]);
}

#[test]
fn an_announcement_after_hours_speaks_for_the_steps_before_it() {
    let mut play = Play::begin("2024-04-05T18:00");
    play.tell(&matter(
        "seminar",
        starts("2024-04-10T08:00"),
        "2024-04-05T18:00",
    ));
    play.to("2024-04-11T00:00");
    // Friday evening; t-3 was that morning. The office announces on Monday.
    assert_eq!(
        play.timeline(),
        ["issue 04-08 08:00", "t-1 04-09 08:00", "h-2 04-10 07:00"]
    );
}

#[test]
fn case_01_moved_later_corrects_once_and_rearms() {
    let mut play = Play::begin("2024-03-27T09:00");
    let first = matter("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    play.tell(&first);
    play.to("2024-04-09T10:00");
    play.tell(&moved(
        &first,
        starts("2024-04-19T08:00"),
        local("2024-04-09T10:00"),
    ));
    play.to("2024-05-01T00:00");
    assert_eq!(
        play.timeline(),
        [
            "issue 03-27 09:00",
            "t-3 04-08 08:00",
            "correction 04-09 10:10",
            "t-3 04-15 08:00",
            "t-1 04-17 08:00",
            "h-2 04-19 07:00"
        ]
    );
    assert_eq!(play.sent[2].2, Some(Change::Moved));
}

#[test]
fn case_02_moved_earlier_past_a_step_the_correction_is_that_step() {
    let mut play = Play::begin("2024-03-27T09:00");
    let first = matter("ceremony", starts("2024-04-19T08:00"), "2024-03-27T09:00");
    play.tell(&first);
    play.to("2024-04-09T10:00");
    play.tell(&moved(
        &first,
        starts("2024-04-11T14:00"),
        local("2024-04-09T10:00"),
    ));
    play.to("2024-05-01T00:00");
    assert_eq!(
        play.timeline()[1..],
        [
            "correction 04-09 10:10",
            "t-1 04-10 08:00",
            "h-2 04-11 12:00"
        ]
    );
    let second = play.reasons_of(2);
    let covered = |step: &str| {
        (
            step.to_owned(),
            State::Suppressed,
            Reason::CoveredByCorrection,
        )
    };
    assert!(
        second.contains(&covered("issue")) && second.contains(&covered("t-3")),
        "{second:?}"
    );
}

#[test]
fn case_03_there_and_back_within_the_delay_says_nothing() {
    let mut play = Play::begin("2024-03-27T09:00");
    let first = matter("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    play.tell(&first);
    play.to("2024-04-09T10:00");
    let away = moved(
        &first,
        starts("2024-04-19T08:00"),
        local("2024-04-09T10:00"),
    );
    play.tell(&away);
    play.to("2024-04-09T10:05");
    play.tell(&moved(
        &away,
        starts("2024-04-11T08:00"),
        local("2024-04-09T10:05"),
    ));
    play.to("2024-05-01T00:00");
    assert_eq!(
        play.timeline(),
        [
            "issue 03-27 09:00",
            "t-3 04-08 08:00",
            "t-1 04-10 08:00",
            "h-2 04-11 07:00"
        ]
    );
}

#[test]
fn case_03_a_step_that_fell_due_meanwhile_goes_out_once() {
    let mut play = Play::begin("2024-03-27T09:00");
    let first = matter("ceremony", starts("2024-04-11T14:00"), "2024-03-27T09:00");
    play.tell(&first);
    play.to("2024-04-08T07:55");
    let away = moved(
        &first,
        starts("2024-04-19T08:00"),
        local("2024-04-08T07:55"),
    );
    play.tell(&away);
    play.to("2024-04-08T07:58");
    play.tell(&moved(
        &away,
        starts("2024-04-11T14:00"),
        local("2024-04-08T07:58"),
    ));
    play.to("2024-05-01T00:00");
    assert_eq!(
        play.timeline(),
        [
            "issue 03-27 09:00",
            "t-3 04-08 08:08",
            "t-1 04-10 08:00",
            "h-2 04-11 12:00"
        ]
    );
}

#[test]
fn nobody_told_yet_means_no_correction() {
    let mut play = Play::begin("2024-04-05T18:00");
    let first = matter("ceremony", starts("2024-04-19T08:00"), "2024-04-05T18:00");
    play.tell(&first);
    play.to("2024-04-06T09:00");
    play.tell(&moved(
        &first,
        starts("2024-04-22T08:00"),
        local("2024-04-06T09:00"),
    ));
    play.to("2024-04-09T00:00");
    assert_eq!(play.timeline(), ["issue 04-08 08:00"]);
    assert!(play.rows.iter().all(|row| row.plan.step != CORRECTION));
}

#[test]
fn case_05_cancelled_in_the_evening_is_told_within_a_minute() {
    let mut play = Play::begin("2024-03-27T09:00");
    let first = matter("ceremony", starts("2024-04-11T07:30"), "2024-03-27T09:00");
    play.tell(&first);
    play.to("2024-04-10T22:00");
    play.tell(&withdrawn(
        &first,
        Status::Cancelled,
        local("2024-04-10T22:00"),
    ));
    play.to("2024-05-01T00:00");
    assert_eq!(
        play.timeline()[3..],
        ["correction 04-10 22:01", "call_list 04-10 22:05"]
    );
    assert_eq!(play.sent[3].2, Some(Change::Cancelled));
}

#[test]
fn postponed_and_fixed_again_is_told_as_such() {
    let mut play = Play::begin("2024-03-27T09:00");
    let first = matter("ceremony", starts("2024-04-11T07:30"), "2024-03-27T09:00");
    play.tell(&first);
    play.to("2024-04-02T09:00");
    let off = withdrawn(&first, Status::Postponed, local("2024-04-02T09:00"));
    play.tell(&off);
    play.to("2024-04-09T09:00");
    play.tell(&moved(
        &off,
        starts("2024-04-26T07:30"),
        local("2024-04-09T09:00"),
    ));
    play.to("2024-05-01T00:00");
    let changes: Vec<_> = play
        .sent
        .iter()
        .filter_map(|(_, _, change)| *change)
        .collect();
    assert_eq!(changes, [Change::Postponed, Change::Redated]);
    assert_eq!(
        play.timeline()[3..],
        ["t-3 04-23 08:00", "t-1 04-25 08:00", "h-2 04-26 07:00"]
    );
}

#[test]
fn case_06_a_new_place_is_told_and_a_new_title_is_not() {
    let mut play = Play::begin("2024-03-27T09:00");
    let first = matter("ceremony", starts("2024-04-11T07:30"), "2024-03-27T09:00");
    play.tell(&first);
    play.to("2024-04-02T09:00");
    let mut titled = first.clone();
    titled.sequence = 2;
    titled.title = "Lễ ra quân".to_owned();
    play.tell(&titled);
    play.to("2024-04-03T09:00");
    let mut elsewhere = moved(&titled, first.anchor.clone(), local("2024-04-03T09:00"));
    elsewhere.place.text = "Hội trường B".to_owned();
    play.tell(&elsewhere);
    play.to("2024-04-04T00:00");
    assert_eq!(
        play.timeline(),
        ["issue 03-27 09:00", "correction 04-03 09:10"]
    );
    assert_eq!(play.sent[1].2, Some(Change::Place));
}

#[test]
fn an_open_window_asks_the_unit_in_charge_until_a_date_is_fixed() {
    let mut play = Play::begin("2024-02-27T09:00");
    let window = Anchor::Window {
        text: "01/3 - 31/5/2024".to_owned(),
        start: Some(jiff::civil::date(2024, 3, 1)),
        end: Some(jiff::civil::date(2024, 5, 31)),
    };
    let open = matter("information_meeting", window, "2024-02-27T09:00");
    play.tell(&open);
    play.to("2024-03-20T10:00");
    play.tell(&moved(
        &open,
        starts("2024-04-25T08:00"),
        local("2024-03-20T10:00"),
    ));
    play.to("2024-05-01T00:00");
    assert_eq!(
        play.timeline(),
        [
            "unfixed-7 02-27 09:00",
            "unfixed-weekly 03-01 08:00",
            "unfixed-weekly 03-08 08:00",
            "unfixed-weekly 03-15 08:00",
            "issue 03-20 10:10",
            "t-3 04-22 08:00",
            "t-1 04-24 08:00",
            "h-2 04-25 07:00"
        ]
    );
}

#[test]
fn a_report_is_chased_until_it_is_done() {
    let mut play = Play::begin("2024-03-27T09:00");
    let mut report = matter("report", Anchor::Undated, "2024-03-27T09:00");
    report.anchor = Anchor::Day {
        date: jiff::civil::date(2024, 4, 10),
        bound: Bound::Before,
    };
    play.tell(&report);
    play.to("2024-04-12T07:00");
    assert_eq!(
        play.timeline(),
        [
            "t-7 04-02 08:00",
            "t-3 04-04 08:00",
            "t-1 04-08 08:00",
            "late-1 04-10 08:00"
        ]
    );
    let mut done = report.clone();
    done.sequence = 2;
    done.status = Status::Satisfied;
    play.tell(&done);
    play.to("2024-05-12T07:00");
    assert_eq!(play.sent.len(), 4);
    let satisfied = play.reasons_of(1);
    let done = |step: &str| (step.to_owned(), State::Satisfied, Reason::Done);
    assert!(satisfied.contains(&done("late-3")) && satisfied.contains(&done("late-5")));
}

#[test]
fn case_20_an_obligation_three_years_away_is_armed_like_any_other() {
    let mut play = Play::begin("2024-03-27T09:00");
    play.tell(&matter(
        "ceremony",
        starts("2027-02-15T08:00"),
        "2024-03-27T09:00",
    ));
    let three = play.rows.iter().find(|row| row.plan.step == "t-3").unwrap();
    assert_eq!(three.plan.due_at, local("2027-02-03T08:00"));
}

#[test]
fn a_kind_without_a_rule_says_so() {
    let mut play = Play::begin("2024-03-27T09:00");
    let verdict = play.tell(&matter(
        "picnic",
        starts("2024-04-11T07:30"),
        "2024-03-27T09:00",
    ));
    let Verdict::Effects(effects) = verdict else {
        panic!("it is new");
    };
    assert_eq!(effects.nothing, Some(Nothing::NoRule));
}

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
