//! The broker is short of memory and takes no messages for minutes: calls are
//! answered, messages wait in the outboxes, somebody is told, and all of it leaves
//! afterwards.

use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_local::ServiceName;
use lienminh_local::rabbitmq::RabbitMq;

use super::ground::patient_options;
use super::watch::{readiness, remark};
use super::{Ground, Outcome, Plan};

const NAME: &str = "alarm";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(120);

/// How long the broker takes nothing; in a short run.
const SHORT: Duration = Duration::from_secs(10);
const FULL: Duration = Duration::from_secs(300);

/// Between two calls during the alarm.
const BETWEEN: Duration = Duration::from_secs(1);

/// A call is answered within this time, broker or not.
const ANSWERED: Duration = Duration::from_secs(2);

/// All outboxes are empty within this time of the alarm's end.
const DRAINED: Duration = Duration::from_secs(30);

const ALARM: &str = "messages held while the broker is short of memory";
const TOLD: &str = "readiness tells that messages wait";

/// Members invited by each call during the alarm.
const INVITED: usize = 5;

/// Plays it.
///
/// # Errors
/// When the broker cannot be commanded or the outboxes do not drain.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = Ground::alone_with(plan, &patient_options()?).await?;
    ground.calm();
    let broker = ground
        .stage
        .servers()
        .context("the broker is this stage's own")?
        .rabbitmq();
    for fault in [ALARM, TOLD] {
        ground.plan(fault);
    }
    ground.invite_all().await?;
    ground.under_way(20).await;
    watermark(broker, "0.00001").await?;
    ground.note("the broker is short of memory");
    hold_out(&ground, if plan.short { SHORT } else { FULL }, progress).await?;
    watermark(broker, "0.6").await?;
    ground.note("the broker has memory again");
    let took = ground.outboxes_drain(10 * DRAINED).await?;
    ground.measure(
        "from the end of the alarm to empty outboxes",
        took,
        Some(DRAINED),
    );
    Outcome::of(NAME, plan, &ground, REST).await
}

async fn watermark(broker: &RabbitMq, share: &str) -> anyhow::Result<()> {
    broker
        .ctl(&["set_vm_memory_high_watermark", share])
        .await
        .map(drop)
}

/// Calls, and looks at what is told, for as long as the alarm lasts.
async fn hold_out(ground: &Ground, time: Duration, progress: &ProgressBar) -> anyhow::Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < time {
        let asked = Instant::now();
        ground.invite(INVITED).await?;
        ground.measure(
            "for a call during the alarm",
            asked.elapsed(),
            Some(ANSWERED),
        );
        for service in ServiceName::ALL {
            let (ready, probes) = readiness(ground, service).await?;
            ground.demand(ready, || format!("{service} is not ready: {probes}"));
            let told = remark(&probes, "outbox").is_some();
            ground.bite(TOLD, u64::from(told));
        }
        progress.set_position(begun.elapsed().as_secs());
        tokio::time::sleep(BETWEEN).await;
    }
    let held = ground.outbox(ServiceName::Events).await;
    ground.bite(ALARM, u64::try_from(held.unwrap_or_default())?);
    Ok(())
}
