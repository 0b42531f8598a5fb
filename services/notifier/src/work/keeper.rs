//! This process as a worker: its row, and the lock that says it lives.

use std::time::Duration;

use kit::database::{Connection, Pool};
use kit::error::Result;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::words;
use crate::store::worker;

/// How often the connection that holds the lock is asked for a sign of life.
const BEAT: Duration = Duration::from_secs(5);

/// Pause between tries while the database is away.
const PAUSE: Duration = Duration::from_millis(500);

/// Holds this worker's lock until `shutdown`, and takes it again whenever the
/// connection was lost. Losing it for a while harms nothing: what others settle
/// meanwhile is fenced off by its leases.
pub async fn keep(pool: Pool, worker: Uuid, ready: CancellationToken, shutdown: CancellationToken) {
    let mut key = None;
    while !shutdown.is_cancelled() {
        match hold(&pool, worker, &mut key).await {
            Ok(connection) => {
                ready.cancel();
                watch(&connection, &shutdown).await;
            }
            Err(error) => {
                tracing::warn!(
                    cause = words(&error),
                    "the worker's lock cannot be taken, trying again"
                );
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn hold(pool: &Pool, id: Uuid, key: &mut Option<i32>) -> Result<Connection> {
    let connection = pool.dedicated().await?;
    let key = match *key {
        Some(key) => key,
        None => *key.insert(worker::register(&connection, id).await?),
    };
    worker::hold(&connection, key).await?;
    Ok(connection)
}

async fn watch(connection: &Connection, shutdown: &CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(BEAT) => {}
        }
        if worker::is_held(connection).await.is_err() {
            return;
        }
    }
}
