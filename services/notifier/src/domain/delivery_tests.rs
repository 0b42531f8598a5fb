#![allow(clippy::unwrap_used)]
use super::*;
use proptest::prelude::*;

const LEASE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn after(class: Class, events: &[Event]) -> Delivery {
    events
        .iter()
        .fold(Delivery::queued(class), |delivery, event| {
            apply(&delivery, *event).unwrap()
        })
}

const CLAIM: Event = Event::Claim {
    generation: 1,
    lease: LEASE,
};
const COMMIT: Event = Event::CommitSend {
    lease: LEASE,
    standing: Standing::Stands,
};
const NO_ANSWER: Event = Event::Finish {
    lease: LEASE,
    ending: Ending::NoAnswer,
};
const ACCEPTED: Event = Event::Finish {
    lease: LEASE,
    ending: Ending::Accepted,
};

#[test]
fn the_straight_way_ends_in_sent_and_a_receipt_refines_it() {
    let sent = after(Class::Invitation, &[CLAIM, COMMIT, ACCEPTED]);
    assert_eq!(sent.state, State::Sent);
    let delivered = apply(&sent, Event::Receipt(Report::Delivered)).unwrap();
    assert_eq!(delivered.state, State::Delivered);
}

#[test]
fn an_order_of_an_older_generation_is_powerless() {
    let requeued = after(Class::Invitation, &[CLAIM, Event::LeaseLost]);
    assert_eq!((requeued.state, requeued.generation), (State::Queued, 2));
    assert_eq!(apply(&requeued, CLAIM), Err(Powerless));
}

#[test]
fn a_worker_whose_lease_is_lost_cannot_send() {
    let requeued = after(Class::Invitation, &[CLAIM, Event::LeaseLost]);
    assert_eq!(apply(&requeued, COMMIT), Err(Powerless));
    let again = apply(
        &requeued,
        Event::Claim {
            generation: 2,
            lease: OTHER,
        },
    )
    .unwrap();
    assert_eq!(apply(&again, COMMIT), Err(Powerless));
}

#[test]
fn a_dead_worker_leaves_a_sending_row_unknown_never_queued() {
    let unknown = after(Class::Invitation, &[CLAIM, COMMIT, Event::LeaseLost]);
    assert_eq!(unknown.state, State::Unknown);
}

#[test]
fn a_late_250_settles_what_was_unknown() {
    let unknown = after(Class::Care, &[CLAIM, COMMIT, Event::LeaseLost]);
    assert_eq!(apply(&unknown, ACCEPTED).unwrap().state, State::Sent);
}

#[test]
fn an_unknown_legal_deadline_is_resent_once_and_then_parked() {
    let unknown = after(Class::LegalDeadline, &[CLAIM, COMMIT, NO_ANSWER]);
    let again = apply(&unknown, Event::Reconciled(Evidence::Nothing)).unwrap();
    assert_eq!((again.state, again.resends), (State::Queued, 1));
    let lease = OTHER;
    let second = [
        Event::Claim {
            generation: again.generation,
            lease,
        },
        Event::CommitSend {
            lease,
            standing: Standing::Stands,
        },
        Event::Finish {
            lease,
            ending: Ending::NoAnswer,
        },
        Event::Reconciled(Evidence::Nothing),
    ]
    .into_iter()
    .fold(again, |delivery, event| apply(&delivery, event).unwrap());
    assert_eq!(second.state, State::Parked);
}

#[test]
fn an_unknown_invitation_waits_for_a_person() {
    let unknown = after(Class::Invitation, &[CLAIM, COMMIT, NO_ANSWER]);
    let parked = apply(&unknown, Event::Reconciled(Evidence::Nothing)).unwrap();
    assert_eq!(parked.state, State::Parked);
    let resent = apply(&parked, Event::Person(Decision::Resend)).unwrap();
    assert_eq!((resent.state, resent.generation), (State::Queued, 2));
}

#[test]
fn case_4_a_move_between_claim_and_send_wins_at_commit_send() {
    let claimed = after(Class::Invitation, &[CLAIM]);
    let lost = Event::CommitSend {
        lease: LEASE,
        standing: Standing::Superseded,
    };
    assert_eq!(apply(&claimed, lost).unwrap().state, State::Superseded);
}

#[test]
fn a_move_that_overtakes_a_resend_leaves_the_doubt_to_a_person() {
    let again = after(
        Class::LegalDeadline,
        &[
            CLAIM,
            COMMIT,
            NO_ANSWER,
            Event::Reconciled(Evidence::Nothing),
        ],
    );
    let moved = apply(&again, Event::Overtaken(Standing::Superseded)).unwrap();
    assert_eq!(moved.state, State::Parked);
}

#[test]
fn case_32_a_receipt_before_the_answer_is_kept() {
    let sending = after(Class::Invitation, &[CLAIM, COMMIT]);
    let delivered = apply(&sending, Event::Receipt(Report::Delivered)).unwrap();
    assert_eq!(delivered.state, State::Delivered);
    assert_eq!(apply(&delivered, ACCEPTED), Err(Powerless));
}

fn event() -> impl Strategy<Value = Event> {
    let lease = prop_oneof![Just(LEASE), Just(OTHER)];
    let standing = prop_oneof![
        4 => Just(Standing::Stands),
        1 => Just(Standing::Superseded),
        1 => Just(Standing::Satisfied),
        1 => Just(Standing::Late),
        1 => Just(Standing::Unguarded),
    ];
    let ending = prop_oneof![
        Just(Ending::Accepted),
        Just(Ending::NotSent),
        Just(Ending::Refused),
        Just(Ending::NoAnswer),
        Just(Ending::Withdrawn),
    ];
    prop_oneof![
        (1..5, lease.clone()).prop_map(|(generation, lease)| Event::Claim { generation, lease }),
        (lease.clone(), standing.clone())
            .prop_map(|(lease, standing)| Event::CommitSend { lease, standing }),
        (lease, ending).prop_map(|(lease, ending)| Event::Finish { lease, ending }),
        Just(Event::LeaseLost),
        Just(Event::Due),
        prop_oneof![Just(Report::Delivered), Just(Report::Failed)].prop_map(Event::Receipt),
        prop_oneof![
            Just(Evidence::Accepted),
            Just(Evidence::NotAccepted),
            Just(Evidence::Repeat),
            Just(Evidence::Nothing)
        ]
        .prop_map(Event::Reconciled),
        standing.prop_map(Event::Overtaken),
        prop_oneof![
            Just(Decision::Sent),
            Just(Decision::Resend),
            Just(Decision::Failed)
        ]
        .prop_map(Event::Person),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_happens_nothing_final_comes_back_and_nothing_goes_down(
        events in proptest::collection::vec(event(), 1..60),
        legal in any::<bool>(),
    ) {
        let class = if legal { Class::LegalDeadline } else { Class::Invitation };
        let mut delivery = Delivery::queued(class);
        for event in events {
            let Ok(next) = apply(&delivery, event) else { continue };
            prop_assert!(next.generation >= delivery.generation);
            prop_assert!(next.attempts >= delivery.attempts && next.sends <= next.attempts);
            // Only CLAIMED leads to SENDING: nothing is handed over without a claim.
            if next.state == State::Sending {
                prop_assert_eq!(delivery.state, State::Claimed);
            }
            // SENDING never goes back to the queue without evidence in between.
            if delivery.state == State::Sending {
                prop_assert!(next.state != State::Queued && next.state != State::Claimed);
            }
            // What is final stays final: only receipts, a late 250 and a person move it.
            if delivery.state.is_final() && next.state.has_alarm() {
                prop_assert_eq!(event, Event::Person(Decision::Resend));
            }
            // Of what was repeated under a guard nobody says that it was never sent.
            if delivery.guarded && !next.guarded {
                prop_assert!(next.resends > delivery.resends);
            }
            // Unsure is resent at most once by itself.
            if next.resends > delivery.resends && event != Event::Person(Decision::Resend) {
                prop_assert!(legal && delivery.resends == 0);
            }
            delivery = next;
        }
    }

    #[test]
    fn receipts_end_the_same_in_any_order(reports in proptest::collection::vec(any::<bool>(), 1..6)) {
        let sent = after(Class::Invitation, &[CLAIM, COMMIT, ACCEPTED]);
        let run = |reports: &[bool]| {
            reports.iter().fold(sent.clone(), |delivery, delivered| {
                let report = if *delivered { Report::Delivered } else { Report::Failed };
                apply(&delivery, Event::Receipt(report)).unwrap_or(delivery)
            }).state
        };
        let mut sorted = reports.clone();
        sorted.sort_unstable();
        prop_assert_eq!(run(&reports), run(&sorted));
    }
}

/// A legal deadline whose first copy was never answered for, claimed again.
fn resent() -> Delivery {
    let again = Event::Claim {
        generation: 2,
        lease: OTHER,
    };
    let nothing = Event::Reconciled(Evidence::Nothing);
    let events = [CLAIM, COMMIT, NO_ANSWER, nothing, again];
    after(Class::LegalDeadline, &events)
}

#[test]
fn who_may_have_an_earlier_copy_counts_as_told_while_the_next_one_is_in_hand() {
    let delivery = resent();
    assert_eq!(delivery.state, State::Claimed);
    assert!(delivery.may_have_told());
    assert!(!after(Class::LegalDeadline, &[CLAIM]).may_have_told());
}

#[test]
fn a_refused_copy_does_not_say_that_the_earlier_one_never_came() {
    for ending in [Ending::Refused, Ending::Withdrawn] {
        let finish = Event::Finish {
            lease: OTHER,
            ending,
        };
        assert_eq!(apply(&resent(), finish).unwrap().state, State::Parked);
    }
}

#[test]
fn who_slept_after_commit_send_hands_nothing_over() {
    assert!(may_hand_over(Duration::from_secs(30)));
    assert!(!may_hand_over(Duration::from_secs(31)));
}

#[test]
fn a_message_leaves_while_its_matter_stands_and_a_correction_also_after() {
    let now = Timestamp::UNIX_EPOCH;
    let later = now + jiff::SignedDuration::from_secs(1);
    let matter = |version, status| Matter { version, status };
    let stands = |matter, outlives| standing(matter, 2, later, outlives, now);
    let present = matter(2, Status::Scheduled);
    assert_eq!(stands(present, false), Standing::Stands);
    assert_eq!(standing(present, 2, now, true, now), Standing::Late);
    let moved = matter(3, Status::Scheduled);
    assert_eq!(stands(moved, true), Standing::Superseded);
    for (status, ended) in [
        (Status::Satisfied, Standing::Satisfied),
        (Status::Cancelled, Standing::Superseded),
        (Status::Postponed, Standing::Superseded),
    ] {
        assert_eq!(stands(matter(2, status), false), ended);
        assert_eq!(stands(matter(2, status), true), Standing::Stands);
    }
}

/// An SMS whose answer got lost, posted again under the same id.
fn repeated() -> Delivery {
    let repeat = Event::Reconciled(Evidence::Repeat);
    let again = Event::Claim {
        generation: 2,
        lease: OTHER,
    };
    after(
        Class::Invitation,
        &[CLAIM, COMMIT, NO_ANSWER, repeat, again],
    )
}

fn commit(standing: Standing) -> Event {
    Event::CommitSend {
        lease: OTHER,
        standing,
    }
}

#[test]
fn an_order_repeated_under_its_guard_is_a_sending_like_any_other() {
    let delivery = repeated();
    assert_eq!((delivery.resends, delivery.in_doubt()), (0, true));
    assert!(delivery.may_have_told());
    let sending = apply(&delivery, commit(Standing::Stands)).unwrap();
    assert_eq!((sending.state, sending.sends), (State::Sending, 2));
    let finish = |ending| Event::Finish {
        lease: OTHER,
        ending,
    };
    let ends = |ending| apply(&sending, finish(ending)).unwrap().state;
    assert_eq!(ends(Ending::Accepted), State::Sent);
    assert_eq!(ends(Ending::NotSent), State::RetryWait);
    // This copy was refused; that the first one never came nobody says.
    assert_eq!(ends(Ending::Refused), State::Parked);
}

#[test]
fn an_order_is_not_repeated_when_its_matter_moved_on_or_its_use_is_over() {
    for standing in [Standing::Late, Standing::Superseded, Standing::Satisfied] {
        let ended = apply(&repeated(), commit(standing)).unwrap();
        assert_eq!(
            (ended.state, ended.sends),
            (State::Parked, 1),
            "{standing:?}"
        );
    }
}

#[test]
fn an_order_whose_guard_is_over_is_not_posted_and_its_class_decides() {
    let unknown = apply(&repeated(), commit(Standing::Unguarded)).unwrap();
    assert_eq!((unknown.state, unknown.sends), (State::Unknown, 1));
    let parked = apply(&unknown, Event::Reconciled(Evidence::Nothing)).unwrap();
    assert_eq!(parked.state, State::Parked);
    let asked_before = apply(&repeated(), commit(Standing::Stands)).unwrap();
    let asked_again = apply(&asked_before, commit(Standing::Unguarded)).unwrap();
    assert_eq!(asked_again.state, State::Unknown, "a worker slept over it");
    let first = after(Class::Invitation, &[CLAIM]);
    let unguarded = Event::CommitSend {
        lease: LEASE,
        standing: Standing::Unguarded,
    };
    assert_eq!(apply(&first, unguarded), Err(Powerless), "it has no guard");
}
