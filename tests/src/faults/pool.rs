//! No connections: idle sessions hold all that PostgreSQL has, or the service's own
//! pool is drained by statements that wait for a lock. Calls are then sent away
//! quickly, no service is taken for dead, and everything is made up for afterwards.

use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_local::folder::{Play, project_root};
use lienminh_local::postgres::{PostgresOptions, connect};
use lienminh_local::servers::Servers;
use lienminh_local::{ServiceName, Stage};
use lienminh_proto::events::v1::ListEventsRequest;
use tokio::task::JoinSet;
use tokio_postgres::Client;
use tonic::Code;

use super::ground::options;
use super::{Ground, Outcome, Plan};

const NAME: &str = "pool";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(90);

/// All that the server has.
const CONNECTIONS: u16 = 300;

/// How long the faults last; shorter than a statement may run.
const HELD: Duration = Duration::from_secs(7);

/// Each time some of the services' sessions find a free connection before we do.
const ROUNDS: usize = 4;

/// Callers at one time, several to each connection of a service's pool.
const CALLERS: usize = 40;

/// Whoever is sent away hears it within this time: a pool makes its callers wait
/// for three seconds, a connection attempt for five.
const QUICKLY: Duration = Duration::from_secs(9);

/// The faults, each of which must bite.
const HOARDED: &str = "idle sessions that hold the server's connections";
const EVICTED: &str = "sessions of the services ended with none to be had";
const AWAY: &str = "calls sent away without a connection to the server";
const BUSY: &str = "calls sent away with RESOURCE_EXHAUSTED by a drained pool";

/// Plays it.
///
/// # Errors
/// When the stage does not come up, or a lock cannot be had.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let size = PostgresOptions {
        max_connections: CONNECTIONS,
        ..PostgresOptions::default()
    };
    let servers = Servers::start(&project_root()?, Play::Test, size).await?;
    let stage = Stage::on(servers, &options()?).await?;
    stage.suite().start().await?;
    let ground = Ground::on(stage, plan).await?;
    for fault in [HOARDED, EVICTED, AWAY, BUSY] {
        ground.plan(fault);
    }
    for _ in 0..plan.rounds {
        ground.invite_all().await?;
        hoard(&ground).await?;
        progress.inc(1);
        ground.invite_all().await?;
        for (service, table) in [
            (ServiceName::Events, "event"),
            (ServiceName::Notifier, "delivery"),
        ] {
            drain(&ground, service, table).await?;
        }
        progress.inc(1);
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

/// Idle sessions take every connection, also those that the services had.
async fn hoard(ground: &Ground) -> anyhow::Result<()> {
    ground.under_way(10).await;
    ground.note("idle sessions take every connection of the server");
    // The registry's database: its sessions are not ended below.
    let url = &ground.stage.database(ServiceName::Registry).runtime_url;
    let mut idle = Vec::new();
    let until = Instant::now() + HELD;
    let mut evicted = 0;
    while Instant::now() < until {
        for _ in 0..ROUNDS {
            idle.extend(take_all(url).await);
            evicted += evict(ground).await;
        }
        idle.extend(take_all(url).await);
        call(ground, AWAY).await?;
        alive(ground).await?;
    }
    ground.bite(HOARDED, idle.len() as u64);
    ground.bite(EVICTED, u64::try_from(evicted)?);
    drop(idle);
    ground.note("the idle sessions are gone");
    Ok(())
}

/// Sessions until there are no more to be had.
async fn take_all(url: &str) -> Vec<Client> {
    let mut taken = Vec::new();
    while let Ok(session) = connect(url).await {
        taken.push(session);
    }
    taken
}

/// Ends the sessions of a source and the notifier; one that is a little slower
/// than we are finds no other.
async fn evict(ground: &Ground) -> i64 {
    let mut evicted = 0;
    for service in [ServiceName::Notifier, ServiceName::Events] {
        let database = &ground.stage.database(service).name;
        // Through the superuser's reserved connections; with these taken too there
        // is nobody left to end.
        let ended = ground.stage.postgres().terminate_sessions(database).await;
        evicted += ended.unwrap_or_default();
    }
    evicted
}

/// A lock on a table lets a service's statements wait until its pool is drained.
async fn drain(ground: &Ground, service: ServiceName, table: &str) -> anyhow::Result<()> {
    ground.note(format_args!("{service}: {table} is locked"));
    let session = ground.stage.look_into(service).await?;
    session
        .batch_execute(&format!(
            "begin; lock table {table} in access exclusive mode"
        ))
        .await
        .context("no lock")?;
    let held = release_after(&session, HELD);
    let calls = async {
        if service == ServiceName::Events {
            call(ground, BUSY).await?;
        }
        alive(ground).await
    };
    tokio::try_join!(held, calls)?;
    ground.note(format_args!("{service}: {table} is free again"));
    Ok(())
}

async fn release_after(session: &Client, time: Duration) -> anyhow::Result<()> {
    tokio::time::sleep(time).await;
    session
        .batch_execute("rollback")
        .await
        .context("no release")
}

/// Many callers at once: each is served or sent away, in time and with a code that
/// tells it to come again.
async fn call(ground: &Ground, fault: &str) -> anyhow::Result<()> {
    let mut calls = JoinSet::new();
    for _ in 0..CALLERS {
        let mut events = ground.clients.events();
        calls.spawn(async move {
            let begun = Instant::now();
            let request = ListEventsRequest {
                page_size: 1,
                ..Default::default()
            };
            let answer = events.list_events(request).await;
            (begun.elapsed(), answer.map(|_| ()))
        });
    }
    while let Some(call) = calls.join_next().await {
        let (took, answer) = call?;
        if took > QUICKLY {
            ground.complain(format_args!("an answer after {took:?}: {answer:?}"));
        }
        match answer.map_err(|status| status.code()) {
            Ok(()) => {}
            Err(Code::ResourceExhausted) => ground.bite(fault, 1),
            Err(Code::Unavailable) if fault == AWAY => ground.bite(fault, 1),
            Err(other) => ground.complain(format_args!("a call was sent away with {other:?}")),
        }
    }
    Ok(())
}

/// A service without connections is busy, not dead: nobody must restart it.
async fn alive(ground: &Ground) -> anyhow::Result<()> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(2))
        .build()?;
    for service in ServiceName::ALL {
        let http = ground.stage.suite().address(service).http;
        let answer = client.get(format!("http://{http}/healthz")).send().await;
        if !answer.is_ok_and(|answer| answer.status().is_success()) {
            ground.complain(format_args!("{service} is taken for dead"));
        }
    }
    Ok(())
}
