//! Rings queued rows again whose orders the broker has lost.
//!
//! Rows wait in the database; the broker only rings. When a queue is found empty
//! although rows wait for it, or shows fewer messages than rows for two minutes,
//! orders were lost (a wiped broker, a dropped message). Ringing once too often
//! is harmless: only one claim of a generation wins.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kit::broker::Broker;
use kit::error::Result;
use kit::outbox::{DELIVERIES, holds_back};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::words;
use crate::store::delivery::{self, Waiting};
use crate::store::order::routing_key;

/// How often waiting rows and queues are compared.
const EVERY: Duration = Duration::from_secs(10);

/// An order needs at most this long from its row through the relay into a queue;
/// a row rung more recently is not rung again.
const ON_ITS_WAY: Duration = Duration::from_secs(5);

/// A row is rung again after this time if the broker holds too few orders.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the ringing looks at.
pub struct Bells {
    /// Pool and clock.
    pub desk: Desk,
    /// The broker.
    pub broker: Broker,
    /// What the consumers do, by queue: email, email.bulk, sms, sms.bulk.
    pub pulses: [Arc<Pulse>; 4],
    /// Told when a consumer has found its queue.
    pub found: Arc<Notify>,
}

/// Whether a consumer of ours has been at work lately: what the broker has sent
/// it ahead shows in no depth.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<Beat>);

#[derive(Debug, Default)]
struct Beat {
    in_hand: bool,
    ended: Option<Instant>,
}

impl Pulse {
    /// It takes up a batch.
    pub fn begins(&self) {
        self.beat().in_hand = true;
    }

    /// It has passed the batch on.
    pub fn ends(&self) {
        *self.beat() = Beat {
            in_hand: false,
            ended: Some(Instant::now()),
        };
    }

    fn is_still_for(&self, time: Duration) -> bool {
        let beat = self.beat();
        !beat.in_hand && beat.ended.is_none_or(|ended| ended.elapsed() >= time)
    }

    fn beat(&self) -> MutexGuard<'_, Beat> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The position of a queue in arrays by queue.
#[must_use]
pub const fn index(sms: bool, bulk: bool) -> usize {
    (sms as usize) * 2 + bulk as usize
}

/// The name of a queue.
#[must_use]
pub const fn queue(sms: bool, bulk: bool) -> &'static str {
    match (sms, bulk) {
        (false, false) => "notifier.email",
        (false, true) => "notifier.email.bulk",
        (true, false) => "notifier.sms",
        (true, true) => "notifier.sms.bulk",
    }
}

/// Compares and rings until `shutdown`.
pub async fn run(bells: Bells, shutdown: CancellationToken) {
    let every = bells.desk.clock.waits().of(EVERY);
    while !shutdown.is_cancelled() {
        if let Err(error) = bells.look().await {
            tracing::debug!(
                cause = words(&error),
                "rows and queues could not be compared"
            );
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(every) => {}
            () = bells.found.notified() => {}
        }
    }
}

impl Bells {
    /// One comparison.
    ///
    /// # Errors
    /// When database or broker do not answer.
    pub async fn look(&self) -> Result<()> {
        let waiting = delivery::queued(&self.desk.pool.get().await?).await?;
        for each in waiting {
            self.compare(each).await?;
        }
        Ok(())
    }

    async fn compare(&self, waiting: Waiting) -> Result<()> {
        let on_its_way = self.desk.clock.waits().of(ON_ITS_WAY);
        if waiting.rung_ago < on_its_way {
            return Ok(());
        }
        let (sms, bulk) = (waiting.sms, waiting.bulk);
        // What has not left yet is not lost; written again and again it would fill the
        // outbox for as long as the broker takes nothing.
        let held = {
            let session = self.desk.pool.get().await?;
            holds_back(&session, DELIVERIES, routing_key(sms, bulk), on_its_way).await?
        };
        if held {
            return Ok(());
        }
        let Some(depth) = self.broker.depth(queue(sms, bulk)).await? else {
            return Ok(());
        };
        let still = self.pulses[index(sms, bulk)].is_still_for(on_its_way);
        if depth.messages == 0 && still {
            self.ring(waiting, on_its_way, true).await
        } else if waiting.rung_ago >= PATIENCE {
            // Prefetched orders count neither as waiting nor as in hand.
            let held = i64::from(depth.messages) + i64::from(kit::consumer::PREFETCH);
            self.ring(waiting, PATIENCE, held < waiting.rows).await
        } else {
            Ok(())
        }
    }

    async fn ring(&self, waiting: Waiting, quiet: Duration, orders: bool) -> Result<()> {
        let (mut rung, begun) = (0, Instant::now());
        loop {
            let tx = self.desk.pool.begin().await?;
            // What was rung in this loop stays rung, however slow the database is.
            let quiet = quiet + begun.elapsed();
            let rows = delivery::ring(&tx, waiting.sms, waiting.bulk, quiet, orders).await?;
            tx.commit().await?;
            if rows == 0 {
                break;
            }
            rung += rows;
            self.desk.outbox.ring();
        }
        if orders && rung > 0 {
            metrics::counter!("notifier_rung_again_total").increment(rung as u64);
            let queue = queue(waiting.sms, waiting.bulk);
            tracing::info!(queue, rows = rung, "the broker had lost orders, rung again");
        }
        Ok(())
    }
}
