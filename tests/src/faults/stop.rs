//! Processes are frozen and thawed. The notifier, while a second one goes on and is
//! given its rows: the fence must hold. The broker's node, and a PostgreSQL backend
//! of the notifier: peers that neither answer nor close.

use std::time::Duration;

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_local::{ServiceName, wait};
use rustix::process::{Pid, Signal, kill_process};

use super::ground::Rows;
use super::twins::Twins;
use super::{Ground, Outcome, Plan};

const NAME: &str = "stop";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(120);

/// A short run freezes for a few seconds.
const SHORT: Duration = Duration::from_secs(3);

/// The rounds of a full one for up to so long, and the last for the longest.
const USUAL: Duration = Duration::from_secs(15);
const LONGEST: Duration = Duration::from_secs(60);

const NOTIFIER: &str = "SIGSTOP of the notifier";
const IN_HAND: &str = "rows in hand when the notifier was frozen";
const BROKER: &str = "SIGSTOP of the broker's node";
const BACKEND: &str = "SIGSTOP of a PostgreSQL backend";

/// Plays it: a short run freezes the notifier only, because on shared servers a
/// frozen backend or broker is everybody's.
///
/// # Errors
/// When a process does not come up or cannot be frozen.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = if plan.short {
        Ground::shared(plan).await?
    } else {
        Ground::alone(plan).await?
    };
    let _twins = Twins::start(&ground).await?;
    for fault in [NOTIFIER, IN_HAND] {
        ground.plan(fault);
    }
    for round in 0..plan.rounds {
        let time = time(&ground, plan, round);
        begin(&ground).await?;
        freeze_notifier(&ground, round % 2 == 0, time).await?;
        progress.inc(1);
        if !plan.short {
            begin(&ground).await?;
            freeze_broker(&ground, time).await?;
            progress.inc(1);
            begin(&ground).await?;
            freeze_backend(&ground, time).await?;
            progress.inc(1);
        }
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

fn time(ground: &Ground, plan: &Plan, round: u32) -> Duration {
    let longest = match (plan.short, round + 1 == plan.rounds) {
        (true, _) => SHORT,
        (false, true) => return LONGEST,
        (false, false) => USUAL,
    };
    ground.dice.between(Duration::from_secs(1), longest)
}

/// A mailing is under way.
async fn begin(ground: &Ground) -> anyhow::Result<()> {
    ground.invite_all().await?;
    ground.under_way(10).await;
    let pause = ground
        .dice
        .between(Duration::from_millis(100), Duration::from_millis(900));
    tokio::time::sleep(pause).await;
    Ok(())
}

/// Freezes the first notifier. Where `bereft`, its sessions end meanwhile, as a
/// database does that misses it: the second one then settles what it had in hand.
async fn freeze_notifier(ground: &Ground, bereft: bool, time: Duration) -> anyhow::Result<()> {
    let suite = ground.stage.suite();
    suite.signal(ServiceName::Notifier, Signal::STOP).await?;
    let process = suite.id(ServiceName::Notifier).await;
    ground.note(format_args!("the notifier is frozen for {time:?}"));
    until_stopped(process.context("the notifier does not run")?).await?;
    ground.bite(NOTIFIER, 1);
    let in_hand = ground.rows_where(Rows::InHand).await.unwrap_or_default();
    ground.bite(IN_HAND, u64::try_from(in_hand)?);
    if bereft {
        let database = &ground.stage.database(ServiceName::Notifier).name;
        let ended = ground.stage.postgres().terminate_sessions(database).await?;
        ground.note(format_args!("{ended} sessions of both notifiers are ended"));
        ground.bite("sessions ended behind its back", u64::try_from(ended)?);
    }
    tokio::time::sleep(time).await;
    suite.signal(ServiceName::Notifier, Signal::CONT).await?;
    ground.note("the notifier goes on");
    Ok(())
}

/// Freezes the broker: its port accepts and says nothing.
async fn freeze_broker(ground: &Ground, time: Duration) -> anyhow::Result<()> {
    let servers = ground.stage.servers();
    let broker = servers
        .context("the broker is this stage's own")?
        .rabbitmq();
    broker.signal(Signal::STOP).await?;
    ground.note(format_args!("the broker is frozen for {time:?}"));
    until_stopped(broker.id().await.context("the broker does not run")?).await?;
    ground.bite(BROKER, 1);
    // A fact that the outbox must hold until there is a broker again.
    ground.invite(ground.parties().len() / 6 + 1).await?;
    tokio::time::sleep(time).await;
    broker.signal(Signal::CONT).await?;
    ground.note("the broker goes on");
    Ok(())
}

/// Freezes a session of the notifier, one that is at work where there is one.
async fn freeze_backend(ground: &Ground, time: Duration) -> anyhow::Result<()> {
    let database = &ground.stage.database(ServiceName::Notifier).name;
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    let row = session
        .query_one(
            "select a.pid, a.state from pg_stat_activity a
             where a.datname = $1 and a.pid <> pg_backend_pid()
             order by a.state = 'idle', a.query_start desc limit 1",
            &[database],
        )
        .await?;
    let (process, state): (i32, String) = (row.try_get(0)?, row.try_get(1)?);
    let pid = Pid::from_raw(process).context("no process")?;
    kill_process(pid, Signal::STOP).context("a backend cannot be frozen")?;
    ground.note(format_args!("a backend ({state}) is frozen for {time:?}"));
    until_stopped(process.cast_unsigned()).await?;
    ground.bite(BACKEND, 1);
    tokio::time::sleep(time).await;
    // Gone: somebody lost patience and ended it, which a stopped one does when it goes on.
    kill_process(pid, Signal::CONT).context("a backend cannot go on")?;
    ground.note("the backend goes on");
    Ok(())
}

async fn until_stopped(process: u32) -> anyhow::Result<()> {
    wait::until("the process is frozen", Duration::from_secs(5), || async {
        Ok(is_stopped(process))
    })
    .await
}

fn is_stopped(process: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| {
        stat.rsplit(") ")
            .next()
            .is_some_and(|rest| rest.starts_with('T'))
    })
}
