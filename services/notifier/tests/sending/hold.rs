//! What the end of a hold does to rows is what the pure function says.

use std::process::Command;

use jiff::Timestamp;
use kit::database::Pool;
use kit::service::Service as _;
use lienminh_local::{ServiceName, TestBed};
use notifier::Notifier;
use notifier::domain::delivery::Channel;
use notifier::domain::hold::{Trace, released};
use notifier::store::hold;
use notifier::work::hold::Hold;
use uuid::Uuid;

use crate::agreement::{everywhere, now_is};
use crate::bed::{Bed, START};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_leave_a_hold_as_the_pure_function_says_in_every_state() {
    let now: Timestamp = START.parse().unwrap();
    let bed = Bed::open().await;
    for trace in [Trace::Left, Trace::Stayed, Trace::Lost] {
        for waits in [false, true] {
            let rows = everywhere(&bed).await;
            if waits {
                bed.execute(LATER).await;
            }
            bed.execute("insert into hold (reason) values ('restored')")
                .await;
            let tx = bed.desk.pool.begin().await.unwrap();
            let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
            let complete: &[Channel] = match trace {
                Trace::Left => {
                    hold::record(&tx, &ids).await.unwrap();
                    &[]
                }
                Trace::Stayed => &[Channel::Email],
                Trace::Lost => &[],
            };
            assert!(hold::release(&tx, now, now, complete).await.unwrap());
            assert!(
                !hold::release(&tx, now, now, complete).await.unwrap(),
                "once"
            );
            tx.commit().await.unwrap();
            for (id, before) in rows {
                let after = released(&before, trace, waits);
                assert_eq!(
                    now_is(&bed, id).await,
                    (after.state, after.generation, after.resends, after.guarded),
                    "{before:?} with {trace:?}"
                );
            }
            bed.execute("update delivery set state = 'FAILED', next_action_at = null")
                .await;
        }
    }
}

/// The next attempt was to come long after the old system had stopped.
const LATER: &str = "
    update delivery set next_action_at = now() + interval '1 hour' where state = 'RETRY_WAIT'";

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}");
}

/// A cut is read back over its own database with these arguments; whether it is noticed.
async fn is_noticed(empty: &str, restore: &[&str]) -> bool {
    let bed = TestBed::open().await.unwrap();
    let database = bed.database(ServiceName::Notifier).await.unwrap();
    let url = &database.owner_url;
    let pool = Pool::open(&database.runtime_url, 2, "notifier tests").unwrap();
    kit::migrate::run(url, Notifier::migrations(), pool.role())
        .await
        .unwrap();
    let starts_on_hold = async || Hold::begin(&pool).await.unwrap().is_held();
    assert!(!starts_on_hold().await);
    let folder = tempfile::tempdir().unwrap();
    let cut = folder.path().join("cut").to_str().unwrap().to_owned();
    run("pg_dump", &[url, "--format=custom", "--file", &cut]);
    for _ in 0..2 {
        assert!(!starts_on_hold().await, "only started anew");
    }
    let owner = lienminh_local::postgres::connect(url).await.unwrap();
    owner.batch_execute(empty).await.unwrap();
    run("pg_restore", &[&["--dbname", url, &cut], restore].concat());
    starts_on_hold().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_that_is_read_back_over_its_own_database_is_noticed() {
    let anew = ["--clean", "--single-transaction"];
    assert!(is_noticed("", &anew).await);
    let rows_only = ["--data-only", "--table=dwelling"];
    assert!(is_noticed("truncate dwelling", &rows_only).await);
}
