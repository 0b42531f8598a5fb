//! Forgets what has served its time: inbox ids and stored answers.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::backoff::jittered;
use crate::database::Pool;
use crate::error::Result;
use crate::{inbox, mutation};

/// Once an hour each purge is small.
const EVERY: Duration = Duration::from_secs(3600);

/// Purges once.
///
/// # Errors
/// What the database says.
pub async fn purge(pool: &Pool) -> Result<()> {
    let connection = pool.get().await?;
    let messages = inbox::purge(&connection).await?;
    let answers = mutation::purge(&connection).await?;
    tracing::debug!(messages, answers, "forgotten");
    Ok(())
}

/// Purges every hour until `shutdown`.
pub async fn run(pool: Pool, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(jittered(EVERY)) => {}
        }
        if let Err(error) = purge(&pool).await {
            tracing::warn!(%error, "a purge failed, the next one comes in an hour");
        }
    }
}
