#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::domain::anchor::Bound;
use crate::domain::sample::event;
use jiff::ToSpan;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2024-03-01T01:00:00Z".parse().unwrap()
}

fn at(hours: i64) -> Anchor {
    Anchor::Instant {
        start: now() + hours.hours(),
        end: None,
    }
}

fn moved_to(anchor: Anchor) -> Change {
    Change::Reschedule {
        anchor: Some(anchor),
        place: None,
        reply_by: None,
        reason: String::new(),
    }
}

fn told(outcome: Result<Outcome, Refusal>) -> (Event, EventFact, ObligationFact) {
    match outcome.unwrap() {
        Outcome::Told(event, fact, obligation) => (event, fact, obligation),
        other @ (Outcome::Unchanged | Outcome::Silent(_)) => panic!("nothing was told: {other:?}"),
    }
}

#[test]
fn a_draft_tells_nobody_anything() {
    let draft = event(EventState::Draft, at(100));
    let changes = [
        moved_to(at(50)),
        Change::Rewrite(Texts {
            title: Some("Lễ tổng kết".into()),
            ..Texts::default()
        }),
        Change::Cancel {
            reason: String::new(),
        },
    ];
    for change in changes {
        let outcome = draft.apply(change, now()).unwrap();
        let Outcome::Silent(next) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!((next.sequence, next.revision), (0, 2));
    }
}

#[test]
fn an_announcement_is_the_first_fact() {
    let (next, fact, obligation) =
        told(event(EventState::Draft, Anchor::Unknown).apply(Change::Announce, now()));
    assert_eq!(next.state, EventState::Scheduled);
    assert_eq!((next.sequence, next.anchor_version), (1, 1));
    assert_eq!(
        (fact, obligation),
        (EventFact::Announced, ObligationFact::Scheduled)
    );
    assert_eq!(
        next.apply(Change::Announce, now()),
        Err(Refusal::EventAnnounced)
    );
}

#[test]
fn a_move_to_the_same_time_and_place_changes_nothing() {
    let present = event(EventState::Scheduled, at(100));
    assert_eq!(
        present.apply(moved_to(at(100)), now()),
        Ok(Outcome::Unchanged)
    );
    let nothing = Change::Reschedule {
        anchor: None,
        place: None,
        reply_by: None,
        reason: "?".into(),
    };
    assert_eq!(present.apply(nothing, now()), Ok(Outcome::Unchanged));
}

#[test]
fn case_3_there_and_back_again_are_three_versions() {
    let a = event(EventState::Scheduled, at(100));
    let (b, ..) = told(a.apply(moved_to(at(200)), now()));
    let (back, ..) = told(b.apply(moved_to(at(100)), now()));
    assert_eq!(
        (a.anchor_version, b.anchor_version, back.anchor_version),
        (1, 2, 3)
    );
    assert_eq!((a.sequence, b.sequence, back.sequence), (1, 2, 3));
    assert_eq!(back.anchor, a.anchor);
}

#[test]
fn case_6_a_new_place_is_material_a_new_title_is_not() {
    let present = event(EventState::Scheduled, at(100));
    let place = Place {
        text: "Nhà văn hóa xã".into(),
        ..Place::default()
    };
    let elsewhere = Change::Reschedule {
        anchor: None,
        place: Some(place),
        reply_by: None,
        reason: String::new(),
    };
    let (moved, fact, obligation) = told(present.apply(elsewhere, now()));
    assert_eq!((moved.anchor_version, moved.sequence), (2, 2));
    assert_eq!(
        (fact, obligation),
        (EventFact::Moved, ObligationFact::Moved)
    );

    let title = Change::Rewrite(Texts {
        title: Some("Lễ ra quân".into()),
        ..Texts::default()
    });
    let (renamed, fact, obligation) = told(present.apply(title, now()));
    assert_eq!((renamed.anchor_version, renamed.sequence), (1, 2));
    assert_eq!(
        (fact, obligation),
        (EventFact::Updated, ObligationFact::Changed)
    );
}

#[test]
fn a_better_hint_is_told_but_moves_nothing() {
    let present = event(EventState::Scheduled, at(100));
    let place = Place {
        hint: "Cổng sau".into(),
        ..present.place.clone()
    };
    let change = Change::Reschedule {
        anchor: None,
        place: Some(place),
        reply_by: None,
        reason: String::new(),
    };
    let (next, _, obligation) = told(present.apply(change, now()));
    assert_eq!(
        (next.anchor_version, obligation),
        (1, ObligationFact::Changed)
    );
}

#[test]
fn a_postponed_event_loses_its_date_and_gets_a_new_one() {
    let (postponed, _, obligation) = told(event(EventState::Scheduled, at(100)).apply(
        Change::Postpone {
            reason: "Mưa bão".into(),
        },
        now(),
    ));
    assert_eq!(postponed.anchor, Anchor::Unknown);
    assert_eq!(
        (postponed.anchor_version, obligation),
        (2, ObligationFact::Postponed)
    );
    let again = Change::Postpone {
        reason: "Mưa".into(),
    };
    assert_eq!(postponed.apply(again, now()), Ok(Outcome::Unchanged));
    assert_eq!(
        postponed.apply(Change::Complete, now()),
        Err(Refusal::EventPostponed)
    );

    let (fixed, _, obligation) = told(postponed.apply(moved_to(at(300)), now()));
    assert_eq!(fixed.state, EventState::Scheduled);
    assert_eq!(
        (fixed.anchor_version, obligation),
        (3, ObligationFact::Moved)
    );
}

#[test]
fn a_postponed_event_that_changes_its_place_stays_postponed() {
    let postponed = event(EventState::Postponed, Anchor::Unknown);
    let place = Place {
        text: "Trung tâm".into(),
        ..Place::default()
    };
    let change = Change::Reschedule {
        anchor: None,
        place: Some(place),
        reply_by: None,
        reason: String::new(),
    };
    assert_eq!(
        told(postponed.apply(change, now())).0.state,
        EventState::Postponed
    );
}

#[test]
fn a_date_is_not_taken_away_by_rescheduling() {
    let present = event(EventState::Scheduled, at(100));
    assert_eq!(
        present.apply(moved_to(Anchor::Unknown), now()),
        Err(Refusal::DateTakenAway)
    );
}

#[test]
fn nothing_moves_into_the_past() {
    let present = event(EventState::Scheduled, at(100));
    assert_eq!(
        present.apply(moved_to(at(0)), now()),
        Err(Refusal::TimePassed)
    );
    let yesterday = Anchor::Day {
        date: jiff::civil::date(2024, 2, 29),
        bound: Bound::On,
    };
    assert_eq!(
        present.apply(moved_to(yesterday), now()),
        Err(Refusal::TimePassed)
    );
    let today = Anchor::Day {
        date: jiff::civil::date(2024, 3, 1),
        bound: Bound::On,
    };
    assert!(present.apply(moved_to(today), now()).is_ok());
}

#[test]
fn case_5_an_event_can_be_cancelled_after_its_start() {
    let running = event(EventState::Scheduled, at(-1));
    let (next, _, obligation) = told(running.apply(
        Change::Cancel {
            reason: String::new(),
        },
        now(),
    ));
    assert_eq!(
        (next.state, obligation),
        (EventState::Cancelled, ObligationFact::Cancelled)
    );
    assert_eq!((next.anchor.clone(), next.anchor_version), (at(-1), 2));
}

#[test]
fn an_event_is_completed_after_its_start_only() {
    let ahead = event(EventState::Scheduled, at(1));
    assert_eq!(
        ahead.apply(Change::Complete, now()),
        Err(Refusal::EventNotStarted)
    );
    let (held, _, obligation) =
        told(event(EventState::Scheduled, at(-1)).apply(Change::Complete, now()));
    assert_eq!(
        (held.state, obligation),
        (EventState::Completed, ObligationFact::Satisfied)
    );
    assert_eq!(held.anchor_version, 1);
}

#[test]
fn what_is_over_refuses_every_change_with_its_reason() {
    let changes = [
        Change::Announce,
        moved_to(at(9)),
        Change::Postpone {
            reason: String::new(),
        },
        Change::Cancel {
            reason: String::new(),
        },
        Change::Complete,
        Change::Rewrite(Texts::default()),
    ];
    for change in changes {
        let completed = event(EventState::Completed, at(-1)).apply(change.clone(), now());
        assert_eq!(completed, Err(Refusal::EventCompleted));
        let cancelled = event(EventState::Cancelled, at(1)).apply(change, now());
        assert_eq!(cancelled, Err(Refusal::EventCancelled));
    }
}

#[test]
fn a_day_to_reply_behind_the_event_no_longer_counts() {
    let mut present = event(EventState::Scheduled, at(24 * 10));
    present.reply_by = Some(jiff::civil::date(2024, 3, 8));
    assert_eq!(present.reply_by_in_force(), present.reply_by);
    let (earlier, ..) = told(present.apply(moved_to(at(24)), now()));
    assert_eq!(earlier.reply_by_in_force(), None);
}

fn anchors() -> impl Strategy<Value = Anchor> {
    prop_oneof![
        (-50i64..400).prop_map(at),
        Just(Anchor::Unknown),
        (1i8..29).prop_map(|day| Anchor::Day {
            date: jiff::civil::date(2024, 3, day),
            bound: Bound::Before,
        }),
    ]
}

fn changes() -> impl Strategy<Value = Change> {
    let words = proptest::option::of("[a-c]");
    prop_oneof![
        Just(Change::Announce),
        (proptest::option::of(anchors()), words.clone()).prop_map(|(anchor, place)| {
            Change::Reschedule {
                anchor,
                place: place.map(|text| Place {
                    text,
                    ..Place::default()
                }),
                reply_by: None,
                reason: String::new(),
            }
        }),
        Just(Change::Postpone {
            reason: String::new()
        }),
        Just(Change::Complete),
        Just(Change::Cancel {
            reason: String::new()
        }),
        words.prop_map(|title| Change::Rewrite(Texts {
            title,
            ..Texts::default()
        })),
    ]
}

proptest! {
    #[test]
    fn versions_never_fall_and_sequences_rise_with_every_fact(
        script in proptest::collection::vec((changes(), 0i64..10), 1..40),
    ) {
        let mut present = event(EventState::Draft, at(100));
        let mut clock = now();
        for (change, hours) in script {
            clock += hours.hours();
            let before = present.clone();
            match before.apply(change, clock) {
                Err(_) | Ok(Outcome::Unchanged) => {}
                Ok(Outcome::Silent(next)) => {
                    prop_assert_eq!(before.state, EventState::Draft);
                    prop_assert_eq!(next.sequence, 0);
                    present = next;
                }
                Ok(Outcome::Told(next, ..)) => {
                    prop_assert_eq!(next.sequence, before.sequence + 1);
                    present = next;
                }
            }
            let material = !present.anchor.same_time(&before.anchor)
                || !present.place.same_place(&before.place);
            let rise = present.anchor_version - before.anchor_version;
            prop_assert!(rise == 0 || rise == 1);
            prop_assert!(!material || rise == 1, "a material change needs a new version");
            prop_assert!(present.revision >= before.revision);
            prop_assert!(present == before || present.revision == before.revision + 1);
            prop_assert!(present.updated_at >= before.updated_at);
            prop_assert!(present.state != EventState::Postponed || !present.anchor.is_fixed());
        }
    }

    #[test]
    fn a_refused_or_idle_change_leaves_no_trace(change in changes()) {
        let present = event(EventState::Scheduled, at(100));
        if let Ok(Outcome::Told(next, ..)) = present.apply(change, now()) {
            prop_assert_ne!(next, present);
        }
    }
}
