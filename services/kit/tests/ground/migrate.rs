use kit::database::{Pool, Session};
use kit::error::Error;
use kit::migrate::{self, Migration, State};

use crate::bed::Bed;

static FIRST: [Migration; 1] = [Migration::new(1, "one", "create table one (id int)")];

static NEWER: [Migration; 2] = [
    Migration::new(1, "one", "create table one (id int)"),
    Migration::new(2, "two", "create table two (id int)"),
];

static CONTRACTED: [Migration; 3] = [
    Migration::new(1, "one", "create table one (id int)"),
    Migration::new(2, "two", "create table two (id int)"),
    Migration::new(3, "three", "drop table one").breaks_before(3),
];

static EDITED: [Migration; 1] = [Migration::new(1, "one", "create table one (id bigint)")];

static BROKEN: [Migration; 2] = [
    Migration::new(1, "one", "create table one (id int)"),
    Migration::new(2, "two", "create table two (id int); create tabel three ()"),
];

#[tokio::test(flavor = "multi_thread")]
async fn many_that_start_at_once_migrate_once_and_all_come_up() {
    let bed = Bed::empty().await;
    let starts = (0..6).map(|_| migrate::run(&bed.owner_url, &NEWER, bed.pool.role()));
    let applied: Vec<usize> = futures_util::future::join_all(starts)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(applied.iter().sum::<usize>(), 7, "{applied:?}");
    assert_eq!(applied.iter().filter(|count| **count == 0).count(), 5);
    migrate::check(&bed.pool, &NEWER).await.unwrap();
}

#[tokio::test]
async fn a_second_run_does_nothing_and_status_lists_every_step() {
    let bed = Bed::empty().await;
    let pending = migrate::status(&bed.pool, &FIRST).await.unwrap();
    assert!(pending.iter().all(|line| line.state == State::Pending));
    assert!(matches!(
        migrate::check(&bed.pool, &FIRST).await,
        Err(Error::Unavailable(_))
    ));
    assert_eq!(
        migrate::run(&bed.owner_url, &FIRST, bed.pool.role())
            .await
            .unwrap(),
        6
    );
    assert_eq!(
        migrate::run(&bed.owner_url, &FIRST, bed.pool.role())
            .await
            .unwrap(),
        0
    );
    let lines = migrate::status(&bed.pool, &FIRST).await.unwrap();
    let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "outbox",
            "request",
            "audit",
            "request_organisation",
            "request_of_member",
            "one"
        ]
    );
    assert!(
        lines
            .iter()
            .all(|line| matches!(line.state, State::Applied(_)))
    );
}

#[tokio::test]
async fn an_older_program_accepts_a_newer_schema_until_something_was_taken_away() {
    let bed = Bed::empty().await;
    migrate::run(&bed.owner_url, &NEWER, bed.pool.role())
        .await
        .unwrap();
    migrate::check(&bed.pool, &FIRST).await.unwrap();
    let lines = migrate::status(&bed.pool, &FIRST).await.unwrap();
    assert!(matches!(lines.last().unwrap().state, State::Newer(_)));
    migrate::run(&bed.owner_url, &CONTRACTED, bed.pool.role())
        .await
        .unwrap();
    assert!(migrate::check(&bed.pool, &FIRST).await.is_err());
    migrate::check(&bed.pool, &CONTRACTED).await.unwrap();
}

#[tokio::test]
async fn a_changed_file_is_refused() {
    let bed = Bed::empty().await;
    migrate::run(&bed.owner_url, &FIRST, bed.pool.role())
        .await
        .unwrap();
    let error = migrate::run(&bed.owner_url, &EDITED, bed.pool.role())
        .await
        .unwrap_err();
    assert!(format!("{error:?}").contains("was changed after it had been applied"));
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind() {
    let bed = Bed::empty().await;
    let error = migrate::run(&bed.owner_url, &BROKEN, bed.pool.role())
        .await
        .unwrap_err();
    assert!(format!("{error:?}").contains("0002_two failed"));
    let tables = "select count(*) from pg_tables where schemaname = 'public'";
    assert_eq!(bed.count(tables).await, 0);
}

#[tokio::test]
async fn the_runtime_role_works_with_rows_and_changes_no_schema() {
    let bed = Bed::open().await;
    let connection = bed.pool.get().await.unwrap();
    for allowed in [
        "insert into note (text) values ('a')",
        "update note set text = 'b'",
        "delete from note",
        "insert into ledger (amount_vnd) values (1)",
        "select count(*) from migration",
    ] {
        connection.client().batch_execute(allowed).await.unwrap();
    }
    for refused in [
        "update ledger set amount_vnd = 2",
        "delete from ledger",
        "truncate ledger",
        "truncate note",
        "delete from audit",
        "update audit_seal set number = 1",
        "update migration set version = 9",
        "create table mine (id int)",
        "alter table note add column x int",
        "drop table note",
    ] {
        let error = connection
            .client()
            .batch_execute(refused)
            .await
            .unwrap_err();
        let code = error.code().unwrap().code();
        assert_eq!(code, "42501", "{refused}: {error:?}");
    }
}

#[tokio::test]
async fn not_even_the_owner_edits_the_audit_without_taking_its_trigger_away() {
    let bed = Bed::open().await;
    let owner = Pool::open(&bed.owner_url, 1, "owner").unwrap();
    let connection = owner.get().await.unwrap();
    for refused in [
        "update audit set subject = 'x'",
        "delete from audit",
        "truncate audit",
    ] {
        let error = connection
            .client()
            .batch_execute(refused)
            .await
            .unwrap_err();
        assert!(
            error
                .as_db_error()
                .unwrap()
                .message()
                .contains("append-only"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_migration_waits_for_a_table_that_is_in_use() {
    static ALTER: [Migration; 2] = [
        Migration::new(1, "one", "create table one (id int)"),
        Migration::new(2, "two", "alter table one add column more int"),
    ];
    let bed = Bed::empty().await;
    migrate::run(&bed.owner_url, &FIRST, bed.pool.role())
        .await
        .unwrap();
    let reader = bed.pool.begin().await.unwrap();
    reader.query("select id from one", &[]).await.unwrap();
    let url = bed.owner_url.clone();
    let migrating = tokio::spawn(async move { migrate::run(&url, &ALTER, None).await });
    // Longer than one attempt waits for its lock: it must come again.
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    assert!(!migrating.is_finished());
    reader.rollback().await.unwrap();
    assert_eq!(migrating.await.unwrap().unwrap(), 1);
}
