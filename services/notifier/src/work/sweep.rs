//! Settles what nobody holds any more, and wakes what has waited long enough.

use std::time::Duration;

use kit::error::Result;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::desk::Desk;
use super::dispatch::shortened;
use super::words;
use crate::domain::outcome::{SMS_UNKNOWN_WAIT, UNKNOWN_WAIT};
use crate::store::{delivery, worker};

/// How often alarms are looked at.
const EVERY: Duration = Duration::from_secs(5);

/// Sweeps until `shutdown`, the first time at once: a process that was killed
/// and started again settles its predecessor before it does anything else.
pub async fn run(desk: Desk, own: Uuid, shutdown: CancellationToken) {
    let every = desk.clock.waits().of(EVERY);
    while !shutdown.is_cancelled() {
        if let Err(error) = sweep(&desk, own).await {
            tracing::warn!(
                cause = words(&error),
                "a sweep failed, the next one tries again"
            );
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// One sweep; tells how many rows moved.
///
/// # Errors
/// What the database says; what was moved stays moved.
pub async fn sweep(desk: &Desk, own: Uuid) -> Result<usize> {
    Ok(settle(desk, own).await? + wake(desk).await?)
}

async fn settle(desk: &Desk, own: Uuid) -> Result<usize> {
    let look_after = (
        shortened(desk, UNKNOWN_WAIT),
        shortened(desk, SMS_UNKNOWN_WAIT),
    );
    let mut settled = 0;
    loop {
        let tx = desk.pool.begin().await?;
        let dead = worker::dead(&tx, own).await?;
        let moved = delivery::settle_lost(&tx, &dead, desk.clock.now(), look_after).await?;
        if moved == 0 {
            // Buried only when nothing of theirs is left.
            worker::bury(&tx, &dead).await?;
            tx.commit().await?;
            break;
        }
        kit::failpoint::hit("sweep.moved");
        tx.commit().await?;
        kit::failpoint::hit("sweep.settled");
        desk.outbox.ring();
        tracing::info!(rows = moved, "settled what lost workers had in hand");
        settled += moved;
    }
    Ok(settled)
}

async fn wake(desk: &Desk) -> Result<usize> {
    let mut woken = 0;
    loop {
        let tx = desk.pool.begin().await?;
        let moved = delivery::wake(&tx, desk.clock.now()).await?;
        tx.commit().await?;
        if moved == 0 {
            return Ok(woken);
        }
        desk.outbox.ring();
        woken += moved;
    }
}
