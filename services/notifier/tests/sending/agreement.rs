//! The statements let through exactly what the pure machine lets through.

use std::time::Duration;

use jiff::Timestamp;
use kit::database::Session;
use notifier::domain::delivery::{
    Channel, Delivery, Ending, Event, Evidence, Report, Standing, State, apply,
};
use notifier::domain::obligation::Class;
use notifier::store::delivery::{
    CommitSend, Finish, Resolved, claim, commit_send, finish, resolve, satisfy_pending,
    settle_lost, supersede_pending, wake,
};
use notifier::store::receipt::{self, ReceiptNotice};
use uuid::Uuid;

use crate::bed::{Bed, START};

const LEASE: Uuid = Uuid::from_u128(7);
const WORKER: Uuid = Uuid::from_u128(9);

/// One delivery in each state that a message can be in, of both kinds that
/// decide about resending, resent before or not, under a guard or not.
async fn everywhere(bed: &Bed) -> Vec<(Uuid, Delivery)> {
    const WORKER_ROW: &str = "insert into worker (id) values ($1) on conflict (id) do nothing";
    const PLACE: &str = "
        update delivery d
        set state = $2, resends = $3, generation = 1, attempts = 1, sends = $3 + 1,
            guarded_until = case when $6 then now() + interval '1 hour' end,
            dated_at = d.asked_at,
            lease = case when $2 in ('QUEUED', 'RETRY_WAIT') then null else $4::uuid end,
            leased_by = case when $2 in ('QUEUED', 'RETRY_WAIT') then null else $5::uuid end,
            next_action_at = case when $2 in ('QUEUED', 'CLAIMED', 'SENDING', 'RETRY_WAIT', 'UNKNOWN')
                                  then now() - interval '1 second' end
        where d.id = $1";
    let session = bed.desk.pool.get().await.unwrap();
    session.execute(WORKER_ROW, &[&WORKER]).await.unwrap();
    let mut rows = Vec::new();
    for class in [Class::Invitation, Class::LegalDeadline] {
        for (resends, guarded) in [(0, false), (1, false), (0, true), (1, true)] {
            let kind = format!("{resends}-{guarded}-{class:?}@example.com");
            let addresses: Vec<String> = State::ALL
                .iter()
                .map(|state| format!("{}-{kind}", state.as_str()))
                .collect();
            let ids = bed.queue_all(Channel::Email, &addresses, class).await;
            for (id, state) in ids.into_iter().zip(State::ALL) {
                session
                    .execute(
                        PLACE,
                        &[&id, &state.as_str(), &resends, &LEASE, &WORKER, &guarded],
                    )
                    .await
                    .unwrap();
                let leased = !matches!(state, State::Queued | State::RetryWait);
                rows.push((
                    id,
                    Delivery {
                        state,
                        generation: 1,
                        lease: leased.then_some(LEASE),
                        attempts: 1,
                        sends: resends + 1,
                        resends,
                        guarded,
                        class,
                    },
                ));
            }
        }
    }
    rows
}

async fn now_is(bed: &Bed, id: Uuid) -> (State, i32, i32, bool) {
    const READ: &str = "
        select d.state, d.generation, d.resends, d.guarded_until is not null
        from delivery d where d.id = $1";
    let session = bed.desk.pool.get().await.unwrap();
    let row = session.query_one(READ, &[&id]).await.unwrap();
    let state = State::parse(row.get(0)).unwrap();
    (state, row.get(1), row.get(2), row.get(3))
}

fn end(id: Uuid, ending: Ending) -> Finish {
    Finish {
        id,
        lease: LEASE,
        attempt: 1,
        worker: WORKER,
        ending,
        withdrawn_to: State::Suppressed,
        reason: "test".to_owned(),
        code: String::new(),
        detail: String::new(),
        wait: Duration::from_secs(60),
        counts: true,
        reference: String::new(),
        segments: 0,
        suppress: false,
    }
}

/// Does to all rows what `event` says, with the statement that is meant for it.
async fn happen(bed: &Bed, ids: &[Uuid], event: Event, now: Timestamp) {
    let tx = bed.desk.pool.begin().await.unwrap();
    match event {
        Event::Claim { generation, lease } => {
            let orders: Vec<_> = ids.iter().map(|id| (*id, generation)).collect();
            claim(&tx, WORKER, lease, now, &orders).await.unwrap();
        }
        Event::CommitSend { lease, standing } => {
            stand(&tx, standing).await;
            let late = standing == Standing::Late;
            let now = if late {
                "2024-05-01T00:00:00Z".parse().unwrap()
            } else {
                now
            };
            let obligation_id = bed.obligation;
            let asked: Vec<_> = ids
                .iter()
                .map(|id| CommitSend {
                    id: *id,
                    lease,
                    obligation_id,
                })
                .collect();
            commit_send(&tx, now, &asked).await.unwrap();
        }
        Event::Finish { ending, .. } => {
            let ends: Vec<_> = ids.iter().map(|id| end(*id, ending)).collect();
            finish(&tx, now, &ends).await.unwrap();
        }
        Event::LeaseLost => {
            let waits = (Duration::from_secs(60), Duration::from_secs(60));
            settle_lost(&tx, &[WORKER], now, waits).await.unwrap();
        }
        Event::Due => {
            wake(&tx, now).await.unwrap();
        }
        Event::Receipt(report) => {
            let status = if report == Report::Delivered {
                "delivered"
            } else {
                "failed"
            };
            let notices: Vec<_> = ids
                .iter()
                .map(|id| {
                    let notice = ReceiptNotice {
                        provider: "esms".to_owned(),
                        reference: id.to_string(),
                        status: status.to_owned(),
                        code: "5".to_owned(),
                        message_id: String::new(),
                    };
                    (Uuid::now_v7(), notice)
                })
                .collect();
            receipt::apply(&tx, now, &notices).await.unwrap();
        }
        Event::Reconciled(evidence) => {
            let findings: Vec<_> = ids
                .iter()
                .map(|id| Resolved { id: *id, evidence })
                .collect();
            let guard = Duration::from_secs(60);
            resolve(&tx, now, &findings, guard).await.unwrap();
        }
        Event::Overtaken(Standing::Superseded) => {
            supersede_pending(&tx, bed.obligation, 2, now)
                .await
                .unwrap();
        }
        Event::Overtaken(_) => {
            satisfy_pending(&tx, bed.obligation, now).await.unwrap();
        }
        Event::Person(_) => unreachable!("decided in the api"),
    }
    tx.commit().await.unwrap();
}

async fn stand(session: &impl Session, standing: Standing) {
    const MOVED: &str = "update obligation set anchor_version = 2";
    const DONE: &str = "update obligation set status = 'SATISFIED'";
    const OVER: &str = "
        update delivery set guarded_until = now() - interval '1 second'
        where guarded_until is not null";
    match standing {
        Standing::Superseded => session.execute(MOVED, &[]).await.unwrap(),
        Standing::Satisfied => session.execute(DONE, &[]).await.unwrap(),
        Standing::Unguarded => session.execute(OVER, &[]).await.unwrap(),
        Standing::Stands | Standing::Late => 0,
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_move_as_the_pure_machine_says_in_every_state() {
    let now: Timestamp = START.parse().unwrap();
    let other = Uuid::from_u128(8);
    let mut events = vec![
        Event::Claim {
            generation: 1,
            lease: other,
        },
        Event::Claim {
            generation: 2,
            lease: other,
        },
        Event::CommitSend {
            lease: other,
            standing: Standing::Stands,
        },
        Event::LeaseLost,
        Event::Due,
        Event::Receipt(Report::Delivered),
        Event::Receipt(Report::Failed),
        Event::Reconciled(Evidence::Accepted),
        Event::Reconciled(Evidence::NotAccepted),
        Event::Reconciled(Evidence::Repeat),
        Event::Reconciled(Evidence::Nothing),
        Event::Overtaken(Standing::Superseded),
        Event::Overtaken(Standing::Satisfied),
    ];
    for ending in [
        Ending::Accepted,
        Ending::NotSent,
        Ending::Refused,
        Ending::NoAnswer,
        Ending::Withdrawn,
    ] {
        events.push(Event::Finish {
            lease: LEASE,
            ending,
        });
    }
    // These change the obligation, so they come last.
    for standing in [
        Standing::Stands,
        Standing::Unguarded,
        Standing::Late,
        Standing::Satisfied,
        Standing::Superseded,
    ] {
        events.push(Event::CommitSend {
            lease: LEASE,
            standing,
        });
    }
    let bed = Bed::open().await;
    for event in events {
        let mut rows = everywhere(&bed).await;
        if matches!(
            event,
            Event::CommitSend {
                standing: Standing::Unguarded,
                ..
            }
        ) {
            // Of the others the guard cannot be over.
            rows.retain(|(_, delivery)| delivery.guarded);
        }
        let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
        happen(&bed, &ids, event, now).await;
        for (id, before) in rows {
            let expected = apply(&before, event).unwrap_or_else(|_| before.clone());
            let expected = (
                expected.state,
                expected.generation,
                expected.resends,
                expected.guarded,
            );
            assert_eq!(
                now_is(&bed, id).await,
                expected,
                "{before:?} after {event:?}"
            );
        }
        // What an event left behind must not meet the next one.
        bed.execute("update delivery set state = 'FAILED', next_action_at = null")
            .await;
    }
}
