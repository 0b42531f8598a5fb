//! The process aborts at every named place, at the first, second, fifth and last pass.

mod last;

use std::os::unix::process::ExitStatusExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::ProgressBar;
use lienminh_local::ServiceName;

use super::ground::Rows;
use super::{Ground, Outcome, Plan};

const NAME: &str = "failpoints";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(90);

/// A place that is not passed within this time is not passed at all.
const REACHED: Duration = Duration::from_secs(40);

/// At most so many mailings are announced to reach a late pass.
const MOST_MAILINGS: usize = 10;

/// `abort()` ends a process by this signal.
const SIGABRT: i32 = 6;

/// A place where a process is made to die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which service.
    pub service: ServiceName,
    /// Its name in the code.
    pub name: &'static str,
    /// At which passes.
    pub passes: &'static [u32],
}

const fn place(service: ServiceName, name: &'static str, passes: &'static [u32]) -> Place {
    Place {
        service,
        name,
        passes,
    }
}

/// First, second, and a later pass; the last one is counted, see [`last`].
const EACH: &[u32] = &[1, 2, 5];

/// Where one pass carries many rows, a later one is rare.
const FIRST: &[u32] = &[1];

/// Every place of the path from an announcement to its messages. Those of the
/// ledger are in [`super::ledger`].
pub const PLACES: [Place; 27] = [
    place(ServiceName::Events, "mutation.before_commit", EACH),
    place(ServiceName::Events, "mutation.after_commit", EACH),
    place(ServiceName::Events, "outbox.inserted", EACH),
    place(ServiceName::Events, "relay.published", EACH),
    place(ServiceName::Events, "relay.confirmed", EACH),
    place(ServiceName::Notifier, "inbox.inserted", EACH),
    place(ServiceName::Notifier, "intake.applied", EACH),
    place(ServiceName::Notifier, "consumer.before_ack", EACH),
    place(ServiceName::Notifier, "scheduler.claimed", EACH),
    place(ServiceName::Notifier, "fanout.batch_inserted", EACH),
    place(ServiceName::Notifier, "fanout.batch_written", EACH),
    place(ServiceName::Notifier, "outbox.inserted", EACH),
    place(ServiceName::Notifier, "relay.published", EACH),
    place(ServiceName::Notifier, "relay.confirmed", EACH),
    place(ServiceName::Notifier, "dispatch.claimed", EACH),
    place(ServiceName::Notifier, "dispatch.before_commit_send", EACH),
    place(ServiceName::Notifier, "dispatch.after_commit_send", EACH),
    place(ServiceName::Notifier, "smtp.mid_body", EACH),
    place(ServiceName::Notifier, "smtp.after_dot", EACH),
    place(ServiceName::Notifier, "smtp.after_250", EACH),
    place(ServiceName::Notifier, "sms.after_answer", EACH),
    place(ServiceName::Notifier, "dispatch.finished", EACH),
    place(ServiceName::Notifier, "reconcile.decided", EACH),
    place(ServiceName::Notifier, "reconcile.moved", EACH),
    place(ServiceName::Notifier, "reconcile.settled", EACH),
    place(ServiceName::Notifier, "sweep.moved", FIRST),
    place(ServiceName::Notifier, "sweep.settled", FIRST),
];

/// The places of a short run: one for each thing that can be half done.
pub const SHORT: [(&str, u32); 5] = [
    ("relay.published", 1),
    ("fanout.batch_written", 1),
    ("dispatch.after_commit_send", 2),
    ("smtp.after_dot", 1),
    ("sweep.settled", 1),
];

/// Every place at every pass.
#[must_use]
pub fn all() -> Vec<(Place, u32)> {
    let passes = |place: &Place| {
        let place = *place;
        place.passes.iter().map(move |pass| (place, *pass))
    };
    PLACES.iter().flat_map(passes).collect()
}

/// The notifier's places of a short run.
#[must_use]
pub fn short() -> Vec<(Place, u32)> {
    all()
        .into_iter()
        .filter(|(place, pass)| {
            place.service == ServiceName::Notifier && SHORT.contains(&(place.name, *pass))
        })
        .collect()
}

/// Plays these places one after another on one stage.
///
/// # Errors
/// When a service does not come back.
pub async fn run(
    plan: &Plan,
    places: &[(Place, u32)],
    progress: &ProgressBar,
) -> anyhow::Result<Outcome> {
    let ground = Ground::shared(plan).await?;
    for (place, pass) in places {
        progress.set_message(format!("{} {}:{pass}", place.service, place.name));
        strike(&ground, *place, *pass).await?;
        progress.inc(1);
    }
    if !plan.short {
        last::run(&ground, progress).await?;
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

async fn strike(ground: &Ground, place: Place, pass: u32) -> anyhow::Result<()> {
    let fault = format!("{} aborts at {}:{pass}", place.service, place.name);
    ground.plan(&fault);
    ground.note(&fault);
    if place.name.starts_with("sweep.") {
        leave_in_hand(ground).await?;
    }
    let suite = ground.stage.suite();
    suite.change(place.service, |settings| {
        settings.set("failpoint", format!("{}:{pass}", place.name));
    });
    if suite.id(place.service).await.is_some() {
        suite.kill(place.service).await?;
    }
    suite.start_service(place.service).await?;
    let over = AtomicBool::new(false);
    let death = async {
        let ended = suite.wait_for_end(place.service, REACHED).await;
        suite.change(place.service, |settings| {
            settings.unset("failpoint");
        });
        over.store(true, Ordering::SeqCst);
        ground.revive(place.service).await?;
        anyhow::Ok(ended)
    };
    let (ended, load) = tokio::join!(death, load(ground, &over));
    load?;
    // A process that went on is seen in the outcome: the fault did not bite.
    if let Ok(status) = ended? {
        ground.bite(&fault, u64::from(status.signal() == Some(SIGABRT)));
    }
    Ok(())
}

/// Announces until the process has died, so that every pass is reached.
async fn load(ground: &Ground, over: &AtomicBool) -> anyhow::Result<()> {
    for _ in 0..MOST_MAILINGS {
        ground.invite(ground.parties().len() / 4 + 1).await?;
        for _ in 0..10 {
            if over.load(Ordering::SeqCst) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    Ok(())
}

/// Kills the notifier while it has rows in hand, which the next one must settle.
async fn leave_in_hand(ground: &Ground) -> anyhow::Result<()> {
    let suite = ground.stage.suite();
    for _ in 0..10 {
        ground.invite_all().await?;
        ground.under_way(5).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        suite.kill(ServiceName::Notifier).await?;
        if ground
            .rows_where(Rows::InHand)
            .await
            .is_some_and(|rows| rows > 0)
        {
            return Ok(());
        }
        ground.revive(ServiceName::Notifier).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_names_places_that_there_are() {
        assert_eq!(short().len(), SHORT.len());
    }
}
