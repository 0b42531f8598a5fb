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

/// A notifier lives for as long as this before it is killed.
const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(1_200);

/// Rounds until a source or the registry is killed too.
const ANOTHER: u32 = 4;

/// With so many kills nobody waits until a notifier is ready: it also dies while it
/// starts. Only now and then one is waited for, and others die less often.
const MANY: u32 = 200;
const WAITED_FOR: u32 = 8;
const ANOTHER_OF_MANY: u32 = 12;

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
    let (waited_for, another_in) = if plan.rounds < MANY {
        (1, ANOTHER)
    } else {
        (WAITED_FOR, ANOTHER_OF_MANY)
    };
    let suite = ground.stage.suite();
    for round in 1..=plan.rounds {
        progress.inc(1);
        refill(&ground, plan).await?;
        if round % another_in == 0 {
            another(&ground).await?;
        }
        if round % waited_for == 0 {
            suite.wait_until_ready(ServiceName::Notifier).await?;
        }
        tokio::time::sleep(ground.dice.between(SHORTEST, LONGEST)).await;
        kill(&ground, ServiceName::Notifier).await?;
        let in_hand = ground.rows_where(Rows::InHand).await.unwrap_or_default();
        ground.bite("rows in hand at a kill", u64::try_from(in_hand)?);
        suite.start_service(ServiceName::Notifier).await?;
    }
    suite.wait_until_ready(ServiceName::Notifier).await?;
    if !plan.short {
        ground.bite_ends();
    }
    Outcome::of(NAME, plan, &ground, REST).await
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
