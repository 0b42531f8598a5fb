//! Waiting for a condition instead of sleeping for a guess.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::bail;

const POLL: Duration = Duration::from_millis(20);

/// Asks `holds` again and again until it answers true; fails after `limit`, naming `what`.
///
/// # Errors
/// When the time is over, or at once when `holds` itself fails.
pub async fn until<F, Fut>(what: &str, limit: Duration, mut holds: F) -> anyhow::Result<()>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = anyhow::Result<bool>>,
{
    let started = Instant::now();
    loop {
        if holds().await? {
            return Ok(());
        }
        if started.elapsed() > limit {
            bail!("waited {} s in vain: {what}", limit.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
}
