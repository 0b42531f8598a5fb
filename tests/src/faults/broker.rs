//! The broker is killed, restarted, and loses its data directory in mid-run. All
//! waits are those of production, so that the times measured are what ops will see.

use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_local::ServiceName;
use lienminh_local::rabbitmq::RabbitMq;
use lienminh_local::smtp::Behaviour;
use lienminh_local::wait;

use super::ground::{Rows, patient_options};
use super::{Ground, Outcome, Plan};

/// How long the rest may take.
const REST: Duration = Duration::from_secs(150);

/// The first message is confirmed within this time of the broker's return.
const CONFIRMED: Duration = Duration::from_secs(15);

/// Everything rings again within this time of the return of a wiped broker.
const RINGING: Duration = Duration::from_secs(120);

/// A recovery that takes longer than its promise is waited for and told.
const AT_LAST: Duration = Duration::from_secs(400);

/// At most so many mailings are announced until rows wait.
const MOST_MAILINGS: usize = 6;

/// Slow enough that orders wait in queues when the broker goes.
const PACE: Duration = Duration::from_millis(100);

/// Kills and restarts it in turn.
///
/// # Errors
/// When the broker does not come back.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = open(plan).await?;
    let broker = own_broker(&ground)?;
    for _ in 0..plan.rounds {
        for hard in [true, false] {
            down(&ground, broker, hard).await?;
            progress.inc(1);
        }
    }
    Outcome::of("broker", plan, &ground, REST).await
}

/// Deletes its data directory in mid-run.
///
/// # Errors
/// When the broker does not come back, or rows stay silent.
pub async fn run_wipes(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = open(plan).await?;
    let broker = own_broker(&ground)?;
    for _ in 0..plan.rounds {
        wipe(&ground, broker).await?;
        progress.inc(1);
    }
    Outcome::of("wipe", plan, &ground, REST).await
}

/// The ends behave: a retry would wait for minutes and prove nothing here.
async fn open(plan: &Plan) -> anyhow::Result<Ground> {
    let ground = Ground::alone_with(plan, &patient_options()?).await?;
    ground.calm();
    let mails = ground.stage.smtp().rules();
    mails.set_default(Behaviour::DelayAfterDot(PACE));
    Ok(ground)
}

fn own_broker(ground: &Ground) -> anyhow::Result<&RabbitMq> {
    let servers = ground.stage.servers();
    Ok(servers
        .context("the broker is this stage's own")?
        .rabbitmq())
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
    wait::until("everything rings again", AT_LAST, || async {
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
    ground.measure(
        "from the return of a wiped broker until no row waits to be rung",
        back.elapsed(),
        Some(RINGING),
    );
    ground.note("nothing is queued any more");
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
    let (process, gone) = (broker.id().await, Instant::now());
    if hard {
        broker.kill().await?;
    } else {
        broker.stop().await?;
    }
    ground.invite(ground.parties().len() / 6 + 1).await?;
    let before = confirms(ground).await?;
    broker.start_again().await?;
    let another = process.is_some() && process != broker.id().await;
    ground.bite(fault, u64::from(another));
    let back = Instant::now();
    wait::until("the first confirm", AT_LAST, || async {
        Ok(confirms(ground).await? > before)
    })
    .await?;
    ground.measure(
        "from the broker's return to the first confirm",
        back.elapsed(),
        Some(CONFIRMED),
    );
    ground.measure(
        "without a confirm, the broker's own start included",
        gone.elapsed(),
        None,
    );
    Ok(())
}

/// Messages of the sources that the broker has ever confirmed.
async fn confirms(ground: &Ground) -> anyhow::Result<i64> {
    let session = ground.stage.look_into(ServiceName::Events).await?;
    let row = session
        .query_one(
            "select coalesce(sum(messages), 0)::int8 from published",
            &[],
        )
        .await?;
    Ok(row.try_get(0)?)
}
