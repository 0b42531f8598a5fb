//! Compares what the sources hold with what we know, and repairs. The source rules.
//!
//! At the start, hourly by the business clock, and whenever the facts' queue is
//! found empty after a connection: so neither a lost message nor a wiped broker
//! nor a fault of ours loses a reminder. A repair between is an alarm.
//!
//! The comparison goes both ways: what a source has changed since the last time, and
//! what *we* have taken in since. Where we claim to know more than the source (a higher
//! sequence, another status, other words), it is asked once more about that matter, and
//! what it says takes the place of what we believed. Of a matter that it does not know
//! at all nothing goes out, for a fan-out asks it who is concerned; it is an alarm.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use kit::error::Result;
use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::intake::{self, Origin};
use crate::domain::fact;
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

/// Up to when was compared.
#[derive(Clone, Copy, Debug)]
struct Since {
    /// By the business clock, for what a source has changed.
    changed: Timestamp,
    /// By the database clock, for what we have taken in.
    taken_in: Timestamp,
}

/// Runs until `shutdown`.
pub async fn run(desk: Desk, shutdown: CancellationToken) {
    let mut compared: Option<Since> = None;
    while !shutdown.is_cancelled() {
        let began = desk.clock.now();
        let reached = compare_all(&desk, compared).await;
        let whole = reached.is_some();
        if let Some(taken_in) = reached {
            desk.hold.note_comparison();
            // An hour of overlap: a source's clock and ours may differ, and a row carries the
            // instant at which its transaction began, which may have ended since.
            compared = Some(Since {
                changed: began - PERIOD,
                taken_in: taken_in - PERIOD,
            });
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

/// Compares with every source; up to which instant of the database clock, `None` when
/// one did not answer.
async fn compare_all(desk: &Desk, since: Option<Since>) -> Option<Timestamp> {
    let mut reached = instant(desk).await.ok();
    for source in desk.sources.names() {
        match compare(desk, source, since).await {
            Ok(found) => found.report(source, since.is_none()),
            Err(error) => {
                reached = None;
                tracing::debug!(source, %error, "a source could not be compared with");
            }
        }
    }
    reached
}

async fn instant(desk: &Desk) -> Result<Timestamp> {
    store::obligation::instant(&desk.pool.get().await?).await
}

/// What a comparison found.
#[derive(Debug, Default)]
struct Found {
    /// Facts that had not come.
    repairs: usize,
    /// Beliefs that its source did not share.
    overruled: usize,
    /// Matters of its name that it does not know.
    unknown: usize,
    /// Matters that it tells in a way that cannot be.
    impossible: usize,
}

impl Found {
    fn report(&self, source: &'static str, catching_up: bool) {
        self.alarm_of_beliefs(source);
        if self.repairs == 0 {
            return;
        }
        // At the start and after a loss, catching up is no fault.
        if catching_up {
            tracing::info!(
                source,
                obligations = self.repairs,
                "caught up with a source"
            );
            return;
        }
        count("antientropy_repairs_total", source, self.repairs);
        tracing::error!(
            source,
            repairs = self.repairs,
            "facts had been lost; repaired from the source"
        );
    }

    /// That we believed something else is a fault at any time: somebody else told it,
    /// or the source went back to an older state.
    fn alarm_of_beliefs(&self, source: &'static str) {
        count("antientropy_overruled_total", source, self.overruled);
        count("antientropy_unknown_total", source, self.unknown);
        count("antientropy_impossible_total", source, self.impossible);
        if self.overruled + self.unknown + self.impossible > 0 {
            tracing::error!(
                source,
                overruled = self.overruled,
                unknown = self.unknown,
                impossible = self.impossible,
                "we believed more than the source says; what it says holds now"
            );
        }
    }
}

fn count(metric: &'static str, source: &'static str, number: usize) {
    metrics::counter!(metric, "source" => source).increment(number as u64);
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
    since: Option<Since>,
) -> std::result::Result<Found, Trouble> {
    let mut found = Found::default();
    let mut agreed = HashSet::new();
    let mut token = String::new();
    for _ in 0..MOST_PAGES {
        let changed = since.map(|since| since.changed);
        let page = desk.sources.list(source, changed, token).await?;
        found.impossible += page.impossible;
        let mut obligations = page.obligations;
        agree(desk, &obligations, &mut agreed).await?;
        if since.is_some() {
            let settled = desk.clock.now() - ON_ITS_WAY;
            obligations.retain(|each| each.updated_at <= settled);
        }
        found.repairs += repair(desk, obligations, &mut agreed).await?;
        if page.next.is_empty() {
            break;
        }
        token = page.next;
    }
    let taken_in = since.map(|since| since.taken_in);
    for name in doubted(desk, source, taken_in, &agreed).await? {
        ask(desk, &name, &mut found).await?;
    }
    Ok(found)
}

/// Notes of which matters we know just what the source says.
async fn agree(desk: &Desk, told: &[Obligation], agreed: &mut HashSet<String>) -> Result<()> {
    let names: Vec<&str> = told.iter().map(|each| each.name.as_str()).collect();
    let known = store::obligation::by_names(&desk.pool.get().await?, &names).await?;
    let same = told.iter().filter(|truth| {
        let known = known.get(&truth.name);
        known.is_some_and(|known| !fact::differs(known, truth))
    });
    agreed.extend(same.map(|truth| truth.name.clone()));
    Ok(())
}

/// What we have taken in and the source did not just say.
async fn doubted(
    desk: &Desk,
    source: &str,
    since: Option<Timestamp>,
    agreed: &HashSet<String>,
) -> Result<Vec<String>> {
    let session = desk.pool.get().await?;
    let mut names = store::obligation::taken_in(&session, source, since).await?;
    names.retain(|name| !agreed.contains(name));
    Ok(names)
}

/// Asks the source about one matter. What we know is read first: what it says then is
/// newer, unless we claim more than there is.
async fn ask(desk: &Desk, name: &str, found: &mut Found) -> std::result::Result<(), Trouble> {
    let known = {
        let session = desk.pool.get().await?;
        store::obligation::by_name(&session, name).await?
    };
    let Some((_, believed)) = known else {
        return Ok(());
    };
    let Some(truth) = desk.sources.obligation(name).await? else {
        found.unknown += 1;
        return Ok(());
    };
    if fact::is_news(&believed, &truth) || !fact::differs(&believed, &truth) {
        // News come by the broker, or with the next comparison.
        return Ok(());
    }
    let tx = desk.pool.begin().await?;
    if intake::overrule(&tx, desk, &believed, truth).await? {
        tx.commit().await?;
        desk.planned.notify_one();
        found.overruled += 1;
    }
    Ok(())
}

/// Takes in what is newer than what we know, which then agrees; tells how many that were.
async fn repair(
    desk: &Desk,
    obligations: Vec<Obligation>,
    agreed: &mut HashSet<String>,
) -> Result<usize> {
    let names: Vec<&str> = obligations.iter().map(|each| each.name.as_str()).collect();
    let known = {
        let session = desk.pool.get().await?;
        store::obligation::counts(&session, &names).await?
    };
    let newer: Vec<Obligation> = obligations
        .iter()
        .filter(|each| {
            let known = known.get(&each.name);
            known.is_none_or(|(sequence, _)| *sequence < each.sequence)
        })
        .cloned()
        .collect();
    if newer.is_empty() {
        return Ok(0);
    }
    agreed.extend(newer.iter().map(|each| each.name.clone()));
    let tx = desk.pool.begin().await?;
    let repairs = intake::apply(&tx, desk, newer, Origin::Compared).await?;
    tx.commit().await?;
    desk.planned.notify_one();
    Ok(repairs)
}
