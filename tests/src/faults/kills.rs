//! `kill -9` at random moments of mailings: of the notifier each round, of the
//! others now and then.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use indicatif::ProgressBar;
use lienminh_local::ServiceName;

use super::ground::Rows;
use super::{Ground, Outcome, Plan};

const NAME: &str = "kills";

/// A new mailing is announced when fewer rows than this share are on their way.
const REFILL: usize = 3;

/// A notifier lives for as long as this before it is killed, from the moment that
/// it is ready.
const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(1_200);

/// With hundreds of kills the lives are short: the moments are as many, and the
/// time is spent on dying.
const MANY: u32 = 200;
const LONGEST_OF_MANY: Duration = Duration::from_millis(400);

/// How long the rest may take.
const REST: Duration = Duration::from_secs(90);

/// Plays it.
///
/// # Errors
/// When a service does not come back.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = Ground::shared(plan).await?;
    for fault in ["kill -9 of the notifier", "rows in hand at a kill"] {
        ground.plan(fault);
    }
    ground.invite_all().await?;
    for round in 0..plan.rounds {
        progress.inc(1);
        refill(&ground, plan).await?;
        // One round in four takes a source or the registry away first.
        if round % 4 == 3 {
            another(&ground).await?;
        }
        tokio::time::sleep(ground.dice.between(SHORTEST, longest(plan))).await;
        kill(&ground, ServiceName::Notifier).await?;
        let in_hand = ground.rows_where(Rows::InHand).await.unwrap_or_default();
        ground.bite("rows in hand at a kill", u64::try_from(in_hand)?);
        ground.revive(ServiceName::Notifier).await?;
    }
    if !plan.short {
        ground.bite_ends();
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

fn longest(plan: &Plan) -> Duration {
    if plan.rounds >= MANY {
        LONGEST_OF_MANY
    } else {
        LONGEST
    }
}

pub(super) async fn refill(ground: &Ground, plan: &Plan) -> anyhow::Result<()> {
    let live = ground.rows_where(Rows::Live).await.unwrap_or_default();
    if usize::try_from(live)? >= plan.parties / REFILL {
        return Ok(());
    }
    // Small mailings travel with the urgent ones, large ones in bulk.
    ground.invite(plan.parties / 6 + 1).await?;
    ground.invite_all().await
}

async fn another(ground: &Ground) -> anyhow::Result<()> {
    let others = [
        ServiceName::Events,
        ServiceName::Registry,
        ServiceName::Funding,
    ];
    let service = others[usize::try_from(ground.dice.below(3))?];
    let announcement = ground.invite(ground.parties().len() / 6 + 1);
    let death = async {
        tokio::time::sleep(
            ground
                .dice
                .between(Duration::ZERO, Duration::from_millis(40)),
        )
        .await;
        kill(ground, service).await?;
        ground.revive(service).await
    };
    tokio::try_join!(announcement, death)?;
    Ok(())
}

async fn kill(ground: &Ground, service: ServiceName) -> anyhow::Result<()> {
    ground.note(format_args!("kill -9 of {service}"));
    let status = ground.stage.suite().kill(service).await?;
    let bit = status.signal() == Some(9);
    let fault = match service {
        ServiceName::Notifier => "kill -9 of the notifier",
        ServiceName::Registry | ServiceName::Events | ServiceName::Funding => {
            "kill -9 of another service"
        }
    };
    ground.bite(fault, u64::from(bit));
    Ok(())
}
