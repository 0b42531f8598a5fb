//! How long a fan-out that cannot go on now lets its source rest.

use std::time::Duration;

use kit::error::Result;

use super::super::desk::Desk;
use super::super::intake::entry;
use super::Trouble;
use crate::domain::explain::Decision;
use crate::store;
use crate::store::occurrence::Work;
use crate::work;

/// First pause before a source is asked again; it doubles ...
const PAUSE_FLOOR: Duration = Duration::from_secs(5);

/// ... up to this one.
const PAUSE_CEILING: Duration = Duration::from_secs(300);

/// Notes that an occurrence pauses, and why.
pub(super) async fn await_source(desk: &Desk, work: &Work, trouble: &Trouble) {
    let words = match trouble {
        Trouble::Store(error) => work::words(error),
        Trouble::Source(_) | Trouble::Newer(_) => trouble.to_string(),
    };
    tracing::warn!(occurrence = %work.id, error = %words, "a reminder waits");
    metrics::counter!("fanout_waits_total").increment(1);
    let doubled = 2_u32.saturating_pow(u32::try_from(work.attempts).unwrap_or_default());
    let pause = PAUSE_FLOOR.saturating_mul(doubled).min(PAUSE_CEILING);
    if let Err(error) = note_waiting(desk, work, trouble, desk.clock.waits().of(pause)).await {
        tracing::warn!(occurrence = %work.id, error = %work::words(&error), "a pause could not be noted");
    }
}

/// The first vain attempt goes into the journal; the others only count.
async fn note_waiting(desk: &Desk, work: &Work, trouble: &Trouble, pause: Duration) -> Result<()> {
    let session = desk.pool.get().await?;
    store::occurrence::await_source(&session, work.id, work.claim, pause).await?;
    if let (0, Trouble::Source(error)) = (work.attempts, trouble) {
        let waiting = Decision::Waiting {
            step: work.step.clone(),
            source: error.who().to_owned(),
        };
        let note = entry(work.obligation_id, Some(work.id), waiting);
        store::decision::append(&session, desk.clock.now(), &[note]).await?;
    }
    Ok(())
}
