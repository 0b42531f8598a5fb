//! PostgreSQL is restarted, crashes, is killed, and its sessions are ended, under load.

use std::time::Duration;

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_local::ServiceName;
use lienminh_local::postgres::Postgres;

use super::{Ground, Outcome, Plan};

const NAME: &str = "postgres";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(90);

/// Plays it.
///
/// # Errors
/// When the server does not come back.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = Ground::alone(plan).await?;
    let server = ground
        .stage
        .servers()
        .context("the server is this stage's own")?
        .postgres();
    for round in 0..plan.rounds {
        let announcement = ground.invite_all();
        let fault = async {
            let pause = ground
                .dice
                .between(Duration::from_millis(50), Duration::from_millis(1_500));
            tokio::time::sleep(pause).await;
            match round % 4 {
                0 => terminate(&ground).await,
                1 => away(&ground, server, "kill -9 of the postmaster").await,
                2 => away(&ground, server, "restart of PostgreSQL").await,
                _ => away(&ground, server, "crash of PostgreSQL").await,
            }
        };
        tokio::try_join!(announcement, fault)?;
        progress.inc(1);
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

async fn terminate(ground: &Ground) -> anyhow::Result<()> {
    for _ in 0..5 {
        for service in [ServiceName::Notifier, ServiceName::Events] {
            let database = &ground.stage.database(service).name;
            let ended = ground.stage.postgres().terminate_sessions(database).await?;
            ground.note(format_args!("{ended} sessions of {service} are ended"));
            ground.bite("sessions ended", u64::try_from(ended)?);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    Ok(())
}

async fn away(ground: &Ground, server: &Postgres, fault: &str) -> anyhow::Result<()> {
    ground.note(fault);
    let before = server.id().await;
    match fault {
        "kill -9 of the postmaster" => server.kill().await?,
        "crash of PostgreSQL" => server.crash().await?,
        _ => server.stop().await?,
    }
    let pause = ground.dice.between(Duration::ZERO, Duration::from_secs(2));
    tokio::time::sleep(pause).await;
    server.start_again().await?;
    let another = before.is_some() && before != server.id().await;
    ground.bite(fault, u64::from(another));
    Ok(())
}
