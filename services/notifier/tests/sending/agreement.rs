//! The statements let through exactly what the pure machine lets through.

use std::time::Duration;

use jiff::Timestamp;
use kit::database::Session;
use notifier::domain::delivery::{
    Channel, Delivery, Ending, Event, Evidence, Report, Standing, State, apply,
};
use notifier::domain::obligation::Class;
use notifier::domain::outcome::{Acceptance, Refusal, weigh};
use notifier::store::delivery as store;
use notifier::store::delivery::{
    CommitSend, Doubt, Finish, Resolved, claim, commit_send, finish, resolve, satisfy_pending,
    settle_lost, supersede_pending, wake,
};
use notifier::store::receipt::{self, ReceiptNotice};
use uuid::Uuid;

use crate::bed::{Bed, START};

const LEASE: Uuid = Uuid::from_u128(7);
const WORKER: Uuid = Uuid::from_u128(9);

/// One delivery in each state that a message can be in, of both kinds that
/// decide about resending, resent before or not, under a guard or not.
pub(crate) async fn everywhere(bed: &Bed) -> Vec<(Uuid, Delivery)> {
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

pub(crate) async fn now_is(bed: &Bed, id: Uuid) -> (State, i32, i32, bool) {
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
        channel: Channel::Email,
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
        doubt: Doubt::default(),
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

const INSTANT: i64 = 1_711_600_000;

/// Mails in doubt and mails taken, of some domains at some seconds.
type Doubts = (
    &'static [(&'static str, &'static str, i64)],
    &'static [(&'static str, i64)],
);

/// Places what befell some mails; answers the id of the first one in doubt.
async fn befall(bed: &Bed, (refused, taken): Doubts) -> Uuid {
    const DOUBT: &str = "
        update delivery d
        set state = 'RETRY_WAIT', doubt = $2, doubted_since = to_timestamp($3)
        where d.id = $1";
    const TAKE: &str = "
        with taken as (
            update delivery d set state = 'SENT', next_action_at = null where d.id = $1 returning d.id
        )
        insert into attempt (delivery_id, number, worker_id, outcome, code, detail, business_at, ended_at)
        select t.id, 1, $3, 'accepted', '', '', now(), to_timestamp($2) from taken t";
    let session = bed.desk.pool.get().await.unwrap();
    let mail = async |domain: &str| {
        let address = format!("HTX@{}", domain.to_uppercase());
        bed.queue(Channel::Email, &address, Class::Invitation).await
    };
    let mut first = None;
    for (domain, alike, second) in refused {
        let id = mail(domain).await;
        let second = (INSTANT + second) as f64;
        session
            .execute(DOUBT, &[&id, alike, &second])
            .await
            .unwrap();
        first.get_or_insert(id);
    }
    for (domain, second) in taken {
        let id = mail(domain).await;
        let second = (INSTANT + second) as f64;
        session
            .execute(TAKE, &[&id, &second, &WORKER])
            .await
            .unwrap();
    }
    first.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_weigh_as_the_pure_rules_say() {
    let worlds: [Doubts; 7] = [
        (&[("a.vn", "5.7.1", 10)], &[]),
        (&[("a.vn", "5.7.1", 10)], &[("a.vn", 11), ("b.vn", 9)]),
        (&[("a.vn", "5.7.1", 10)], &[("a.vn", 11), ("b.vn", 10)]),
        (
            &[
                ("a.vn", "5.7.1", 10),
                ("b.vn", "5.7.1", 20),
                ("b.vn", "5.7.1", 21),
                ("c.vn", "5.7.1", 5),
            ],
            &[],
        ),
        (
            &[
                ("a.vn", "5.7.1", 10),
                ("b.vn", "5.7.1", 20),
                ("c.vn", "5.7.1", 5),
                ("d.vn", "5.7.1", 5),
            ],
            &[("a.vn", 6)],
        ),
        (
            &[
                ("a.vn", "5.7.1", 10),
                ("b.vn", "5.7.26", 20),
                ("c.vn", "5.7.1", 5),
                ("a.vn", "5.7.1", 7),
            ],
            &[("c.vn", 15)],
        ),
        (
            &[
                ("b.vn", "5.7.1", 10),
                ("b.vn", "5.7.1", 1),
                ("c.vn", "5.7.1", 5),
                ("c.vn", "5.7.1", 15),
            ],
            &[("b.vn", 9), ("c.vn", 4)],
        ),
    ];
    let bed = Bed::open().await;
    for world in worlds {
        bed.execute_as_owner("delete from delivery").await;
        bed.execute_as_owner("delete from attempt").await;
        let id = befall(&bed, world).await;
        let refusals: Vec<Refusal<i64>> = world.0.iter().map(refusal).collect();
        let taken: Vec<_> = world
            .1
            .iter()
            .map(|(domain, at)| Acceptance {
                domain: (*domain).to_owned(),
                at: *at,
            })
            .collect();
        let alike = world.0[0].1;
        let session = bed.desk.pool.get().await.unwrap();
        let weighed = store::weigh(&session, id, alike).await.unwrap();
        let expected = weigh(&refusals[0], &refusals, &taken);
        assert_eq!(weighed.weight, expected, "{world:?}");
        assert_eq!(weighed.since.as_second(), INSTANT + world.0[0].2);
    }
}

fn refusal((domain, alike, since): &(&str, &str, i64)) -> Refusal<i64> {
    Refusal {
        domain: (*domain).to_owned(),
        alike: (*alike).to_owned(),
        since: *since,
    }
}
