use std::time::{Duration, Instant};

use kit::database::{Isolation, Pool, Session};
use kit::error::Error;

use crate::bed::{Bed, eventually};

#[tokio::test]
async fn a_full_pool_says_so_within_its_bound() {
    let bed = Bed::open().await;
    let pool = Pool::open(&bed.runtime_url, 1, "small").unwrap();
    let _held = pool.get().await.unwrap();
    let began = Instant::now();
    let refused = pool.get().await;
    assert!(
        matches!(refused, Err(Error::ResourceExhausted(..))),
        "{refused:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(pool.occupancy(), (1, 1));
}

#[tokio::test]
async fn a_database_that_is_away_is_unavailable() {
    let pool = Pool::open("postgres://nobody:x@127.0.0.1:1/none", 2, "tests").unwrap();
    assert!(matches!(pool.get().await, Err(Error::Unavailable(_))));
    assert!(matches!(pool.dedicated().await, Err(Error::Unavailable(_))));
    assert!(!pool.is_ready().await);
}

#[tokio::test]
async fn a_changed_table_does_not_break_prepared_statements() {
    const READ: &str = "select n.* from note n";
    let bed = Bed::open().await;
    let owner = Pool::open(&bed.owner_url, 1, "owner").unwrap();
    let connection = bed.pool.get().await.unwrap();
    assert_eq!(connection.query(READ, &[]).await.unwrap().len(), 0);
    let add = "alter table note add column more int";
    owner
        .get()
        .await
        .unwrap()
        .client()
        .batch_execute(add)
        .await
        .unwrap();
    connection
        .execute("insert into note (text) values ('a')", &[])
        .await
        .unwrap();
    let rows = connection.query(READ, &[]).await.unwrap();
    assert_eq!(rows[0].len(), 2);
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back_before_anybody_borrows_its_connection() {
    let bed = Bed::open().await;
    let pool = Pool::open(&bed.runtime_url, 1, "one").unwrap();
    let tx = pool.begin().await.unwrap();
    tx.execute("insert into note (text) values ('never')", &[])
        .await
        .unwrap();
    drop(tx);
    let connection = pool.get().await.unwrap();
    let open = "select count(*) from note";
    assert_eq!(
        connection
            .query_one(open, &[])
            .await
            .unwrap()
            .get::<_, i64>(0),
        0
    );
    // Nothing is left of the transaction: this is committed by itself.
    connection
        .execute("insert into note (text) values ('after')", &[])
        .await
        .unwrap();
    assert_eq!(bed.count("select count(*) from note").await, 1);
}

#[tokio::test]
async fn a_call_that_gives_up_while_its_statement_runs_holds_nobody_else_up_for_long() {
    let bed = Bed::open().await;
    let tx = bed.pool.begin().await.unwrap();
    let slow = async move {
        tx.execute("insert into note (text) values ('slow')", &[])
            .await
            .unwrap();
        let _ = tx.query("select pg_sleep(1)", &[]).await;
        tx
    };
    assert!(
        tokio::time::timeout(Duration::from_millis(200), slow)
            .await
            .is_err()
    );
    eventually("the connection is free", async || {
        bed.pool.occupancy().0 == 0
    })
    .await;
    assert_eq!(bed.count("select count(*) from note").await, 0);
}

#[tokio::test]
async fn the_server_ends_what_runs_or_idles_too_long() {
    let bed = Bed::open().await;
    let connection = bed.pool.get().await.unwrap();
    let setting = async |sql| -> String { connection.query_one(sql, &[]).await.unwrap().get(0) };
    assert_eq!(
        setting("select current_setting('statement_timeout')").await,
        "10s"
    );
    let idle = "select current_setting('idle_in_transaction_session_timeout')";
    assert_eq!(setting(idle).await, "10s");
    assert_eq!(
        setting("select current_setting('application_name')").await,
        "kit tests"
    );
}

#[tokio::test]
async fn a_serializable_transaction_really_is_one() {
    let bed = Bed::open().await;
    let tx = bed.pool.begin_with(Isolation::Serializable).await.unwrap();
    let level = tx
        .query_one("select current_setting('transaction_isolation')", &[])
        .await;
    assert_eq!(level.unwrap().get::<_, String>(0), "serializable");
    tx.commit().await.unwrap();
}
