//! Compares what the sources hold with what we know, and repairs.
//!
//! At the start, hourly by the business clock, and whenever the facts' queue is
//! found empty after a connection: so neither a lost message nor a wiped broker
//! nor a fault of ours loses a reminder. A repair between is an alarm.

use jiff::{SignedDuration, Timestamp};
use kit::error::Result;
use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::intake::{self, Origin};
use crate::domain::obligation::Obligation;
use crate::source::SourceError;
use crate::store;

/// How often the sources are compared (business clock).
const PERIOD: SignedDuration = SignedDuration::from_hours(1);

/// A fact younger than this may still be on its way through the broker.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(2);

/// A source that did not answer is asked again after this time.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// Pages of one comparison at most: a source that pages for ever is broken.
const MOST_PAGES: usize = 10_000;

/// Runs until `shutdown`.
pub async fn run(desk: Desk, shutdown: CancellationToken) {
    let mut compared: Option<Timestamp> = None;
    while !shutdown.is_cancelled() {
        let began = desk.clock.now();
        let whole = compare_all(&desk, compared).await;
        if whole {
            // An hour of overlap: a source's clock and ours may differ.
            compared = Some(began - PERIOD);
        }
        let next = began + PERIOD;
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = desk.clock.reaches(next) => {}
            () = desk.doubted.notified() => compared = None,
            () = tokio::time::sleep(desk.clock.waits().of(AGAIN)), if !whole => {}
        }
    }
}

/// Compares with every source; `false` when one did not answer.
async fn compare_all(desk: &Desk, since: Option<Timestamp>) -> bool {
    let mut whole = true;
    for source in desk.sources.names() {
        match compare(desk, source, since).await {
            Ok(0) => {}
            Ok(repairs) => report(source, repairs, since.is_none()),
            Err(error) => {
                whole = false;
                tracing::debug!(source, %error, "a source could not be compared with");
            }
        }
    }
    whole
}

/// At the start and after a loss, catching up is no fault.
fn report(source: &'static str, repairs: usize, catching_up: bool) {
    if catching_up {
        tracing::info!(source, obligations = repairs, "caught up with a source");
        return;
    }
    metrics::counter!("antientropy_repairs_total", "source" => source).increment(repairs as u64);
    tracing::error!(
        source,
        repairs,
        "facts had been lost; repaired from the source"
    );
}

/// Why a comparison could not be finished.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("{}", super::words(.0))]
    Store(#[from] kit::error::Error),
}

async fn compare(
    desk: &Desk,
    source: &'static str,
    since: Option<Timestamp>,
) -> std::result::Result<usize, Trouble> {
    let mut repairs = 0;
    let mut token = String::new();
    for _ in 0..MOST_PAGES {
        let page = desk.sources.list(source, since, token).await?;
        let mut obligations = page.obligations;
        if since.is_some() {
            let settled = desk.clock.now() - ON_ITS_WAY;
            obligations.retain(|each| each.updated_at <= settled);
        }
        repairs += repair(desk, obligations).await?;
        if page.next.is_empty() {
            return Ok(repairs);
        }
        token = page.next;
    }
    Ok(repairs)
}

/// Takes in what is newer than what we know; tells how many that were.
async fn repair(desk: &Desk, obligations: Vec<Obligation>) -> Result<usize> {
    let names: Vec<&str> = obligations.iter().map(|each| each.name.as_str()).collect();
    let known = {
        let session = desk.pool.get().await?;
        store::obligation::sequences(&session, &names).await?
    };
    let newer: Vec<Obligation> = obligations
        .iter()
        .filter(|each| {
            known
                .get(&each.name)
                .is_none_or(|known| *known < each.sequence)
        })
        .cloned()
        .collect();
    if newer.is_empty() {
        return Ok(0);
    }
    let tx = desk.pool.begin().await?;
    let repairs = intake::apply(&tx, desk, newer, Origin::Compared).await?;
    tx.commit().await?;
    desk.planned.notify_one();
    Ok(repairs)
}
