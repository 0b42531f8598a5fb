//! Two processes of every service, ten lanes in each notifier: two schedulers, two
//! relays and twenty workers share one mailing, and die in the midst of it.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use indicatif::ProgressBar;
use lienminh_local::ServiceName;

use super::ground::{Rows, options};
use super::twins::Twins;
use super::{Ground, Outcome, Plan, kills};

const NAME: &str = "workers";

/// Lanes of each notifier.
const LANES: &str = "10";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(90);

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_millis(800);

/// Plays it.
///
/// # Errors
/// When a process does not come up.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let options = options()?.with(ServiceName::Notifier, "smtp-lanes", LANES);
    let ground = Ground::shared_with(plan, &options).await?;
    let mut twins = Twins::start(&ground).await?;
    for fault in [FIRST, SECOND, IN_HAND, SHARED] {
        ground.plan(fault);
    }
    ground.invite_all().await?;
    for round in 0..plan.rounds {
        kills::refill(&ground, plan).await?;
        ground.under_way(10).await;
        tokio::time::sleep(ground.dice.between(SHORTEST, LONGEST)).await;
        ground.bite(SHARED, u64::from(share(&ground).await?));
        kill(&ground, &mut twins, round % 2 == 0).await?;
        progress.inc(1);
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

const FIRST: &str = "kill -9 of the first notifier";
const SECOND: &str = "kill -9 of the second notifier";
const IN_HAND: &str = "rows in hand at a kill";
const SHARED: &str = "both notifiers had rows in hand";

async fn kill(ground: &Ground, twins: &mut Twins<'_>, first: bool) -> anyhow::Result<()> {
    let fault = if first { FIRST } else { SECOND };
    ground.note(fault);
    let service = ServiceName::Notifier;
    let status = if first {
        ground.stage.suite().kill(service).await?
    } else {
        twins.kill(service).await?
    };
    ground.bite(fault, u64::from(status.signal() == Some(9)));
    let in_hand = ground.rows_where(Rows::InHand).await.unwrap_or_default();
    ground.bite(IN_HAND, u64::try_from(in_hand)?);
    if first {
        ground.revive(service).await
    } else {
        twins.revive(service).await
    }
}

/// Whether several processes have rows in hand at this moment.
async fn share(ground: &Ground) -> anyhow::Result<bool> {
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    let row = session
        .query_one(
            "select count(distinct leased_by) > 1 from delivery
             where state in ('CLAIMED', 'SENDING')",
            &[],
        )
        .await?;
    Ok(row.try_get(0)?)
}
