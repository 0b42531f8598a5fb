//! Looks at the schema while the program runs: somebody may migrate beneath it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Migration;
use super::report::compare;
use crate::database::{Pool, Standing};

/// How often the schema is looked at: a few rows by their key.
const EVERY: Duration = Duration::from_secs(1);

/// Before anything is done with the pool: nothing is lent until the schema was seen.
pub async fn begin(pool: &Pool, service: &'static [Migration]) {
    pool.schema().set(Standing::Unseen);
    look(pool, service).await;
}

/// Looks until `shutdown`.
pub async fn run(pool: Pool, service: &'static [Migration], shutdown: CancellationToken) {
    while shutdown
        .run_until_cancelled(tokio::time::sleep(EVERY))
        .await
        .is_some()
    {
        look(&pool, service).await;
    }
}

/// What cannot be seen at the moment stays as it was last seen.
async fn look(pool: &Pool, service: &'static [Migration]) {
    match compare(&pool.regardless(), service).await {
        Ok(Ok(())) => {
            if pool.schema().set(Standing::Fits) {
                tracing::info!("the schema is one that this program knows");
            }
        }
        Ok(Err(reason)) => {
            if pool.schema().set(Standing::Unfit(reason.clone())) {
                tracing::error!(reason, "nothing is done with this schema");
            }
        }
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::debug!(%error, cause, "the schema could not be looked at");
        }
    }
}
