use crate::domain::anchor::{Anchor, Bound};

use super::super::*;
use super::play::*;

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

/// What a lead unit is asked until `until` of a matter of which it is told at `at`.
fn asked(kind: &str, anchor: Anchor, at: &str, until: &str) -> Vec<String> {
    let mut play = Play::begin(at);
    play.tell(&matter(kind, anchor, at));
    play.to(until);
    play.timeline()
}

#[test]
fn who_is_asked_late_is_not_asked_again_within_the_hour() {
    let window = || Anchor::Window {
        text: "01/3 - 31/5/2024".to_owned(),
        start: Some(jiff::civil::date(2024, 3, 1)),
        end: Some(jiff::civil::date(2024, 5, 31)),
    };
    // The step of a week before is caught up with; the first weekly one is due next morning.
    assert_eq!(
        asked("meeting", window(), "2024-02-29T16:00", "2024-03-10T00:00"),
        ["unfixed-7 02-29 16:00", "unfixed-weekly 03-08 08:00"]
    );
    // A weekly one is caught up with; the next would follow within the hour.
    assert_eq!(
        asked("meeting", window(), "2024-03-15T07:10", "2024-03-24T00:00"),
        ["unfixed-weekly 03-15 07:10", "unfixed-weekly 03-22 08:00"]
    );
    // The evening before counts as well; two days before do not.
    assert_eq!(
        asked("meeting", window(), "2024-03-07T16:00", "2024-03-16T00:00"),
        ["unfixed-weekly 03-07 16:00", "unfixed-weekly 03-15 08:00"]
    );
    assert_eq!(
        asked("meeting", window(), "2024-03-06T16:00", "2024-03-16T00:00"),
        [
            "unfixed-weekly 03-06 16:00",
            "unfixed-weekly 03-08 08:00",
            "unfixed-weekly 03-15 08:00"
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
