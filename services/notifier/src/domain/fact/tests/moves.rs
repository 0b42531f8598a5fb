use crate::domain::correction::Change;
use crate::domain::occurrence::CORRECTION;

use super::super::*;
use super::play::*;

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
fn what_was_first_heard_of_when_it_was_done_is_armed_when_it_turns_out_not_to_be() {
    let mut play = Play::begin("2024-03-27T09:00");
    let mut fact = matter("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    fact.status = Status::Satisfied;
    play.tell(&fact);
    assert_eq!(play.rows.len(), 0);
    fact.status = Status::Scheduled;
    fact.sequence += 1;
    play.tell(&fact);
    play.to("2024-05-01T00:00");
    assert_eq!(play.sent.len(), 4, "{:?}", play.timeline());
}

#[test]
fn whoever_knows_the_old_date_hears_of_the_new_one_when_what_was_done_turns_out_not_to_be() {
    let mut play = Play::begin("2024-03-27T09:00");
    let first = matter("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    play.tell(&first);
    play.to("2024-03-28T09:00");
    let at = local("2024-03-28T09:00");
    let mut fact = moved(&first, starts("2024-04-19T08:00"), at);
    play.tell(&fact);
    // Done within the settle delay, and open again after it.
    for (status, time) in [
        (Status::Satisfied, "2024-03-28T09:05"),
        (Status::Scheduled, "2024-03-28T10:00"),
    ] {
        play.to(time);
        fact.status = status;
        fact.sequence += 1;
        play.tell(&fact);
    }
    play.to("2024-05-01T00:00");
    let told = play.sent.iter().find(|(step, _, _)| step == CORRECTION);
    assert_eq!(told.unwrap().2, Some(Change::Moved));
}
