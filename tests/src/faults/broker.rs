//! The broker is killed, restarted, and loses its data directory in mid-run.

use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_local::ServiceName;
use lienminh_local::rabbitmq::RabbitMq;
use lienminh_local::smtp::Behaviour;
use lienminh_local::wait;

use super::ground::Rows;
use super::{Ground, Outcome, Plan};

const NAME: &str = "broker";

/// Everything rings again within this time of the return of a wiped broker.
const RINGING: Duration = Duration::from_secs(120);

/// At most so many mailings are announced until rows wait.
const MOST_MAILINGS: usize = 6;

/// How long the rest may take.
const REST: Duration = Duration::from_secs(120);

/// Slow enough that orders wait in queues when the broker goes.
const PACE: Duration = Duration::from_millis(100);

/// Plays it.
///
/// # Errors
/// When the broker does not come back, or rows stay silent after a wipe.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = Ground::alone(plan).await?;
    let broker = ground
        .stage
        .servers()
        .context("the broker is this stage's own")?
        .rabbitmq();
    ground
        .stage
        .smtp()
        .rules()
        .set("@example.com", Behaviour::DelayAfterDot(PACE));
    wipe(&ground, broker).await?;
    progress.inc(1);
    for round in 1..plan.rounds {
        down(&ground, broker, round % 2 == 0).await?;
        progress.inc(1);
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

async fn wipe(ground: &Ground, broker: &RabbitMq) -> anyhow::Result<()> {
    const FAULT: &str = "data directory deleted with rows queued";
    ground.plan(FAULT);
    // Workers take whole batches: rows wait only behind more than they can hold.
    let wanted = i64::try_from(ground.parties().len() / 2)?;
    for _ in 0..MOST_MAILINGS {
        ground.invite_all().await?;
        ground.under_way(wanted).await;
        if ground.rows_where(Rows::Queued).await >= Some(wanted) {
            break;
        }
    }
    ground.note("the broker is killed and its data deleted");
    broker.wipe().await?;
    let queued = ground.rows_where(Rows::Queued).await.unwrap_or_default();
    ground.bite(FAULT, u64::try_from(queued)?);
    // A fact that the outbox must hold until there is a broker again.
    ground.invite(ground.parties().len() / 6 + 1).await?;
    broker.start_again().await?;
    ground.note("a broker without memory is back");
    let back = Instant::now();
    let invited: usize = ground
        .read()
        .mailings
        .iter()
        .map(|mailing| mailing.invited.len())
        .sum();
    wait::until("everything rings again", RINGING, || async {
        let session = ground.stage.look_into(ServiceName::Notifier).await?;
        let row = session
            .query_one(
                "select count(*) filter (where state = 'QUEUED'), count(*) from delivery",
                &[],
            )
            .await?;
        let (queued, rows): (i64, i64) = (row.get(0), row.get(1));
        Ok(queued == 0 && rows >= i64::try_from(invited)?)
    })
    .await?;
    ground.note(format_args!(
        "nothing is queued any more, {:.1} s after the broker's return",
        back.elapsed().as_secs_f64()
    ));
    Ok(())
}

async fn down(ground: &Ground, broker: &RabbitMq, hard: bool) -> anyhow::Result<()> {
    let fault = if hard {
        "kill -9 of the broker"
    } else {
        "restart of the broker"
    };
    ground.invite_all().await?;
    ground.under_way(20).await;
    ground.note(fault);
    let before = broker.id().await;
    if hard {
        broker.kill().await?;
    } else {
        broker.stop().await?;
    }
    ground.invite(ground.parties().len() / 6 + 1).await?;
    broker.start_again().await?;
    let another = before.is_some() && before != broker.id().await;
    ground.bite(fault, u64::from(another));
    Ok(())
}
