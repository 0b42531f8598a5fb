//! What the steps of sending cost the database, and when a claim runs out.

use std::time::Duration;

use jiff::Timestamp;
use kit::database::{Connection, Session};
use lienminh_local::wait;
use notifier::domain::delivery::{Channel, Ending, State};
use notifier::domain::obligation::Class;
use notifier::store::delivery::{
    CommitSend, Committed, Doubt, Finish, claim, commit_send, finish, settle_lost,
};
use uuid::Uuid;

use crate::bed::{Bed, START};

const LEASE: Uuid = Uuid::from_u128(7);
const WORKER: Uuid = Uuid::from_u128(9);

fn now() -> Timestamp {
    START.parse().unwrap()
}

async fn queue(bed: &Bed, mails: usize) -> Vec<Uuid> {
    let addresses: Vec<String> = (0..mails).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await
}

async fn claim_all(session: &Connection, ids: &[Uuid]) {
    let orders: Vec<_> = ids.iter().map(|id| (*id, 1)).collect();
    let claimed = claim(session, WORKER, LEASE, now(), &orders).await;
    assert_eq!(claimed.unwrap().len(), ids.len());
}

async fn commit_all(bed: &Bed, session: &Connection, ids: &[Uuid]) {
    let asked: Vec<_> = ids
        .iter()
        .map(|id| CommitSend {
            id: *id,
            lease: LEASE,
            obligation_id: bed.obligation,
        })
        .collect();
    let answers = commit_send(session, now(), &asked).await.unwrap();
    assert_eq!(answers, vec![Committed::Go; ids.len()]);
}

async fn finish_all(session: &Connection, ids: &[Uuid]) {
    let ends: Vec<_> = ids.iter().map(|id| accepted(*id)).collect();
    finish(session, now(), &ends).await.unwrap();
}

fn accepted(id: Uuid) -> Finish {
    Finish {
        id,
        lease: LEASE,
        channel: Channel::Email,
        attempt: 1,
        worker: WORKER,
        ending: Ending::Accepted,
        withdrawn_to: State::Suppressed,
        reason: String::new(),
        code: String::new(),
        detail: String::new(),
        wait: Duration::ZERO,
        counts: true,
        reference: "2.0.0 Ok: queued as 4ZJx5B2Qz9z1W".to_owned(),
        segments: 0,
        suppress: false,
        doubt: Doubt::default(),
    }
}

/// Updates of deliveries so far: all, and those that touched indexes.
async fn updates(session: &Connection) -> (i64, i64) {
    // What a session has counted it shows to others only now and then.
    const SHOW: &str = "select pg_stat_force_next_flush()";
    const UPDATES: &str = "
        select t.n_tup_upd, t.n_tup_upd - t.n_tup_hot_upd
        from pg_stat_user_tables t where t.relname = 'delivery'";
    session.query(SHOW, &[]).await.unwrap();
    let row = session.query_one(UPDATES, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

/// Waits until every transaction of the server that runs now has ended: until then older
/// versions of rows keep their room, whichever database it works in.
async fn nobody_looks_back(session: &Connection) {
    const NOW: &str = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
    const OLDEST: &str = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
    let number = async |sql| -> i64 { session.query_one(sql, &[]).await.unwrap().get(0) };
    let now = number(NOW).await;
    let limit = Duration::from_secs(60);
    wait::until("every older transaction has ended", limit, || async {
        Ok(number(OLDEST).await >= now)
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_three_steps_of_a_mail_only_the_last_touches_indexes() {
    let bed = Bed::open().await;
    // Its transactions last until the broker has answered.
    bed.stop_relay().await;
    // Several pages of rows, claimed at once and sent in smaller groups.
    let ids = queue(&bed, 120).await;
    let session = bed.pool.get().await.unwrap();
    claim_all(&session, &ids).await;
    nobody_looks_back(&session).await;
    for some in ids.chunks(30) {
        commit_all(&bed, &session, some).await;
    }
    let (claimed_and_committed, touching) = updates(&session).await;
    assert_eq!(claimed_and_committed, 240);
    // Where the rows of a page are longer than usual, one of them finds no room on it.
    assert!(touching <= 12, "{touching} of 240 updates touched indexes");
    finish_all(&session, &ids).await;
    assert_eq!(updates(&session).await, (360, touching + 120));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_commit_send_of_one_claim_answers_the_same_and_counts_nothing() {
    let bed = Bed::open().await;
    let ids = queue(&bed, 2).await;
    let session = bed.pool.get().await.unwrap();
    claim_all(&session, &ids).await;
    commit_all(&bed, &session, &ids).await;
    commit_all(&bed, &session, &ids).await;
    assert_eq!(
        bed.count("select sum(sends)::bigint from delivery where state = 'SENDING'")
            .await,
        2
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_is_good_for_its_own_time_however_long_its_row_had_waited() {
    const WAITS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(60));
    let settle = async |bed: &Bed| {
        let tx = bed.desk.pool.begin().await.unwrap();
        let settled = settle_lost(&tx, &[], now(), WAITS).await.unwrap();
        tx.commit().await.unwrap();
        settled
    };
    for (is_sent, then) in [(false, "QUEUED"), (true, "UNKNOWN")] {
        let bed = Bed::open().await;
        let ids = queue(&bed, 1).await;
        bed.execute("update delivery set next_action_at = now() - interval '1 hour'")
            .await;
        let session = bed.pool.get().await.unwrap();
        claim_all(&session, &ids).await;
        if is_sent {
            commit_all(&bed, &session, &ids).await;
        }
        assert_eq!(settle(&bed).await, 0);
        bed.execute("update delivery set held_until = now() - interval '1 second'")
            .await;
        assert_eq!(settle(&bed).await, 1);
        assert_eq!(bed.state(ids[0]).await.0, then);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_provider_said_is_kept_without_controls_mailboxes_and_numbers() {
    let bed = Bed::open().await;
    let ids = queue(&bed, 1).await;
    let session = bed.pool.get().await.unwrap();
    claim_all(&session, &ids).await;
    commit_all(&bed, &session, &ids).await;
    let said = "\u{1b}[31mthuê bao 0912.345.678\r\n<htx0@example.com> bị chặn\u{202e}";
    let refused = Finish {
        ending: Ending::Refused,
        reason: said.to_owned(),
        code: said.to_owned(),
        detail: said.to_owned(),
        reference: said.to_owned(),
        ..accepted(ids[0])
    };
    finish(&session, now(), &[refused]).await.unwrap();
    const KEPT: &str = "
        select array[d.reason, a.code, a.detail, d.provider_reference]
        from attempt a join delivery d on d.id = a.delivery_id where d.id = $1";
    let row = session.query_one(KEPT, &[&ids[0]]).await.unwrap();
    let remark = "[31mthuê bao (number) (address) bị chặn".to_owned();
    let reference = "[31mthuê bao 0912.345.678 (address) bị chặn".to_owned();
    assert_eq!(
        row.get::<_, Vec<String>>(0),
        [remark.clone(), remark.clone(), remark, reference]
    );
}
