//! A server that cannot: what callers hear, and what readiness tells.

use kit::database::{Pool, Session};
use kit::error::{Error, Result};
use kit::health::{ReadinessProbe as _, SessionProbe};
use kit::language::Language;
use tokio_postgres::Client;
use tonic::Code;

use crate::bed::{Bed, eventually};

/// Raises an error as the server itself would.
const RAISE: &str = "
    create function fail_with(state text) returns int language plpgsql
    as $$ begin raise exception 'as the test wants' using errcode = state; end $$";

async fn superuser(bed: &Bed) -> Client {
    let name = bed.pool.database().unwrap();
    bed.stage.servers().postgres.connect(name).await.unwrap()
}

async fn code_of(outcome: Result<u64>) -> Code {
    outcome.unwrap_err().into_status(Language::En).code()
}

#[tokio::test]
async fn a_server_without_room_is_not_there_for_callers_and_a_damaged_one_is_a_fault() {
    let bed = Bed::open().await;
    superuser(&bed).await.batch_execute(RAISE).await.unwrap();
    let connection = bed.pool.get().await.unwrap();
    for (state, code) in [
        ("53100", Code::Unavailable),
        ("53200", Code::Unavailable),
        ("58030", Code::Unavailable),
        ("25006", Code::Unavailable),
        ("57P03", Code::Unavailable),
        ("XX001", Code::Internal),
        ("42P01", Code::Internal),
    ] {
        let failed = connection.execute("select fail_with($1)", &[&state]).await;
        assert_eq!(code_of(failed).await, code, "{state}");
    }
}

/// A pool with one session open, and a probe that has seen a new one.
async fn well(bed: &Bed) -> (Pool, SessionProbe) {
    let pool = Pool::open(&bed.runtime_url, 2, "well").unwrap();
    let probe = SessionProbe::new(pool.clone());
    assert_eq!(probe.ready().await, Ok(()));
    (pool, probe)
}

/// Until readiness says so, while one pooled session goes on working.
async fn becomes(probe: &SessionProbe, pool: &Pool, told: Option<&str>) {
    let mut words = Ok(());
    eventually("readiness follows", async || {
        let pooled = pool.get().await.unwrap();
        pooled.execute("select 1", &[]).await.unwrap();
        words = probe.ready().await;
        match (told, &words) {
            (None, Ok(())) => true,
            (Some(told), Err(words)) => words.contains(told),
            _ => false,
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_that_takes_no_new_session_is_not_ready_though_pooled_ones_work() {
    let bed = Bed::open().await;
    let administrator = superuser(&bed).await;
    let (pool, probe) = well(&bed).await;
    let limit = |most: i32| {
        format!(
            "alter database {} connection limit {most}",
            pool.database().unwrap()
        )
    };
    let pooled = pool.get().await.unwrap();
    administrator.batch_execute(&limit(0)).await.unwrap();
    // Somebody meets it.
    assert!(matches!(pool.get().await, Err(Error::Unavailable(_))));
    drop(pooled);
    becomes(&probe, &pool, Some("53300")).await;
    assert!(probe.remark().unwrap().contains("53300"));
    administrator.batch_execute(&limit(-1)).await.unwrap();
    becomes(&probe, &pool, None).await;
}

#[tokio::test]
async fn a_server_whose_library_was_replaced_beneath_it_is_not_ready_though_pooled_ones_work() {
    const LIBRARY: &str = "update pg_proc set probin = $1 where probin = $2";
    let bed = Bed::open().await;
    let administrator = superuser(&bed).await;
    administrator.batch_execute(RAISE).await.unwrap();
    let (pool, probe) = well(&bed).await;
    let (there, gone) = ("$libdir/plpgsql", "$libdir/gone");
    for (library, before, told) in [(gone, there, Some("58P01")), (there, gone, None)] {
        let moved = administrator.execute(LIBRARY, &[&library, &before]).await;
        assert!(moved.unwrap() > 0);
        if told.is_some() {
            // Somebody meets it, in a session that is new.
            let own = pool.dedicated().await.unwrap();
            let met = own.execute("select fail_with('P0001')", &[]).await;
            assert_eq!(code_of(met).await, Code::Unavailable);
        }
        becomes(&probe, &pool, told).await;
    }
}

#[tokio::test]
async fn a_server_that_cannot_write_its_temporary_files_is_not_ready() {
    let bed = Bed::open().await;
    let administrator = superuser(&bed).await;
    let name = bed.pool.database().unwrap();
    let (pool, probe) = well(&bed).await;
    for (limit, told) in [("1kB", Some("53400")), ("-1", None)] {
        let set = format!("alter database {name} set temp_file_limit = '{limit}'");
        administrator.batch_execute(&set).await.unwrap();
        if told.is_some() {
            let spill = "select count(*) from generate_series(1, 1000000)";
            let own = pool.dedicated().await.unwrap();
            assert_eq!(
                code_of(own.execute(spill, &[]).await).await,
                Code::Unavailable
            );
        }
        becomes(&probe, &pool, told).await;
    }
}
