//! The last pass of each place: which one that is tells a run of the same mailing
//! in which nothing dies. Where rows fall into other batches the next time and the
//! process survives, its own count is tried next.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_local::ServiceName;
use lienminh_local::process::is_running;
use lienminh_local::sms::{Answer, Receipt, Treatment};
use lienminh_local::smtp::Behaviour;

use super::{PLACES, Place, REST, SIGABRT};
use crate::faults::Ground;
use crate::faults::ground::Ends;
use crate::faults::oracle::come_to_rest;

/// A pass that no mailing reaches.
const NEVER: u32 = u32::MAX;

/// Runs until the process has died at its last pass.
const TRIES: usize = 6;

/// A place after the step that ends a row is passed within this time.
const AFTERWARDS: Duration = Duration::from_millis(400);

/// First and second pass are played anyway.
const PLAYED: u32 = 2;

/// Plays the last pass of every place that a mailing passes more than twice.
///
/// # Errors
/// When a service does not come back.
pub(super) async fn run(ground: &Ground, progress: &ProgressBar) -> anyhow::Result<()> {
    arrange(ground);
    come_to_rest(ground, REST).await;
    for service in [ServiceName::Events, ServiceName::Notifier] {
        let places: Vec<Place> = PLACES
            .into_iter()
            .filter(|place| place.service == service && !place.name.starts_with("sweep."))
            .collect();
        let passes = count(ground, service, &places).await?;
        for place in places {
            let last = passes.get(place.name).copied().unwrap_or_default();
            progress.set_message(format!("{service} {}:last ({last})", place.name));
            match last {
                0 => ground.complain(format_args!("{service} never passes {}", place.name)),
                1..=PLAYED => ground.note(format_args!("{}: {last} passes", place.name)),
                _ => strike(ground, place, last).await?,
            }
        }
    }
    Ok(())
}

/// The same trouble in every mailing: some mails and texts stay without an answer.
fn arrange(ground: &Ground) {
    Ends::Orderly.set(&ground.stage, ground.dice.seed());
    let silence = Treatment {
        answer: Answer::AcceptThenSilence(Duration::from_millis(50)),
        receipt: Receipt::Never,
    };
    for number in [1, 2, 4, 5] {
        let mailbox = format!("m{number:05}@example.com");
        ground
            .stage
            .smtp()
            .rules()
            .set(&mailbox, Behaviour::AcceptThenDrop);
    }
    for number in [3, 6, 9] {
        ground
            .stage
            .sms()
            .rules()
            .set(&format!("059{number:07}"), silence);
    }
}

/// How often a mailing passes these places when nothing dies.
async fn count(
    ground: &Ground,
    service: ServiceName,
    places: &[Place],
) -> anyhow::Result<BTreeMap<String, u32>> {
    let all = places.iter().map(|place| format!("{}:{NEVER}", place.name));
    let seen = arm(ground, service, &all.collect::<Vec<_>>().join(",")).await?;
    ground.invite_all().await?;
    come_to_rest(ground, REST).await;
    tokio::time::sleep(AFTERWARDS).await;
    let passes = told(&ground.stage.suite().log(service), seen)?;
    ground.note(format_args!("{service} passes {passes:?}"));
    disarm(ground, service).await?;
    Ok(passes)
}

async fn strike(ground: &Ground, place: Place, counted: u32) -> anyhow::Result<()> {
    let fault = format!("{} aborts at {}:last", place.service, place.name);
    ground.plan(&fault);
    let mut last = counted;
    for _ in 0..TRIES {
        ground.note(format_args!("{fault} ({last})"));
        let seen = arm(ground, place.service, &format!("{}:{last}", place.name)).await?;
        let died = dies(ground, place.service).await?;
        disarm(ground, place.service).await?;
        if died {
            ground.bite(&fault, 1);
            return Ok(());
        }
        let passes = told(&ground.stage.suite().log(place.service), seen)?;
        last = passes.get(place.name).copied().unwrap_or(1).max(1);
    }
    Ok(())
}

/// Whether the process dies by the time a mailing has come to its end.
async fn dies(ground: &Ground, service: ServiceName) -> anyhow::Result<bool> {
    let suite = ground.stage.suite();
    let process = suite.id(service).await.context("it was started")?;
    let died = async {
        while is_running(process) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let revived = async {
        died.await;
        let status = suite.kill(service).await?;
        disarm_settings(ground, service);
        ground.revive(service).await?;
        anyhow::Ok(status.signal() == Some(SIGABRT))
    };
    let mailing = async {
        ground.invite_all().await?;
        come_to_rest(ground, REST).await;
        tokio::time::sleep(AFTERWARDS).await;
        anyhow::Ok(())
    };
    tokio::pin!(revived, mailing);
    tokio::select! {
        aborted = &mut revived => {
            let aborted = aborted?;
            // An announcement that the death cut off is repeated until it is answered.
            mailing.await?;
            Ok(aborted)
        }
        over = &mut mailing => {
            over?;
            if is_running(process) { Ok(false) } else { revived.await }
        }
    }
}

/// Starts a service with failpoints; answers the size of its log before.
async fn arm(ground: &Ground, service: ServiceName, failpoints: &str) -> anyhow::Result<u64> {
    let suite = ground.stage.suite();
    suite.change(service, |settings| {
        settings.set("failpoint", failpoints);
    });
    suite.kill(service).await?;
    let seen = std::fs::metadata(suite.log(service))?.len();
    // Not until it is ready: with rows left by the mailing before it may die sooner.
    suite.start_service(service).await?;
    Ok(seen)
}

fn disarm_settings(ground: &Ground, service: ServiceName) {
    ground.stage.suite().change(service, |settings| {
        settings.unset("failpoint");
    });
}

async fn disarm(ground: &Ground, service: ServiceName) -> anyhow::Result<()> {
    disarm_settings(ground, service);
    ground.stage.suite().kill(service).await?;
    ground.revive(service).await
}

/// The highest pass of each place that a log tells of after its first `seen` octets.
fn told(log: &Path, seen: u64) -> anyhow::Result<BTreeMap<String, u32>> {
    let text = std::fs::read(log)?;
    let fresh = text.get(usize::try_from(seen)?..).unwrap_or_default();
    let mut passes = BTreeMap::new();
    for line in String::from_utf8_lossy(fresh).lines() {
        let told = line.strip_prefix("failpoint ");
        if let Some((name, pass)) = told.and_then(|told| told.split_once(" pass "))
            && let Ok(pass) = pass.parse::<u32>()
        {
            let highest = passes.entry(name.to_owned()).or_insert(pass);
            *highest = pass.max(*highest);
        }
    }
    Ok(passes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn passes_are_read_from_where_the_process_began() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("notifier.log");
        let before = "failpoint smtp.after_dot pass 9\n";
        let after = "ready\nfailpoint smtp.after_dot pass 1\nfailpoint smtp.after_dot pass 2\n";
        std::fs::write(&log, format!("{before}{after}")).unwrap();
        let passes = told(&log, before.len() as u64).unwrap();
        assert_eq!(passes, BTreeMap::from([("smtp.after_dot".to_owned(), 2)]));
    }
}
