//! The notifier is frozen while a second one goes on, and thawed when its rows have
//! been given to the other: the fence must hold. Sources and registry run twice.

use std::time::Duration;

use indicatif::ProgressBar;
use lienminh_local::ServiceName;
use lienminh_local::suite::Instance;
use lienminh_local::wait;
use rustix::process::Signal;

use super::ground::Rows;
use super::{Ground, Outcome, Plan};

const NAME: &str = "stop";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(90);

/// How long a second process may take to be ready.
const READY: Duration = Duration::from_secs(90);

/// Plays it.
///
/// # Errors
/// When a process does not come up or cannot be frozen.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = Ground::shared(plan).await?;
    let _twins = twins(&ground).await?;
    ground.bite("services running twice", 4);
    for fault in ["SIGSTOP of the notifier", "rows in hand when frozen"] {
        ground.plan(fault);
    }
    for round in 0..plan.rounds {
        ground.invite_all().await?;
        ground.under_way(10).await;
        let pause = ground
            .dice
            .between(Duration::from_millis(100), Duration::from_millis(900));
        tokio::time::sleep(pause).await;
        freeze(&ground, round % 2 == 0, longest(plan)).await?;
        progress.inc(1);
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

/// A short run freezes for a few seconds, a long one for up to twenty.
fn longest(plan: &Plan) -> Duration {
    Duration::from_secs(if plan.short { 3 } else { 20 })
}

async fn twins(ground: &Ground) -> anyhow::Result<Vec<Instance>> {
    let mut twins = Vec::new();
    for service in ServiceName::ALL {
        twins.push(ground.stage.suite().start_another(service)?);
    }
    for twin in &mut twins {
        let begun = std::time::Instant::now();
        while !twin.is_ready().await? {
            anyhow::ensure!(begun.elapsed() < READY, "a second process is not ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(twins)
}

/// Freezes the first notifier. Where `bereft`, its sessions end meanwhile, as a
/// database does that misses it: the second one then settles what it had in hand.
async fn freeze(ground: &Ground, bereft: bool, longest: Duration) -> anyhow::Result<()> {
    let suite = ground.stage.suite();
    let time = ground.dice.between(Duration::from_secs(1), longest);
    suite.signal(ServiceName::Notifier, Signal::STOP).await?;
    ground.note(format_args!("the notifier is frozen for {time:?}"));
    wait::until("the notifier is frozen", Duration::from_secs(5), || async {
        Ok(is_stopped(suite.id(ServiceName::Notifier).await))
    })
    .await?;
    ground.bite("SIGSTOP of the notifier", 1);
    let in_hand = ground.rows_where(Rows::InHand).await.unwrap_or_default();
    ground.bite("rows in hand when frozen", u64::try_from(in_hand)?);
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

fn is_stopped(process: Option<u32>) -> bool {
    let Some(process) = process else { return false };
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| {
        stat.rsplit(") ")
            .next()
            .is_some_and(|rest| rest.starts_with('T'))
    })
}
