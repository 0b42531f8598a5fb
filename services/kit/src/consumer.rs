//! Takes messages from a queue, batch by batch, for ever.
//!
//! **Guarantee**: at least once. A message is acknowledged after its handler said
//! what became of it; the handler makes its effect and the message's id
//! ([`crate::inbox`]) one transaction.
//!
//! - Crash before the handler's commit: no effect, the broker delivers again.
//! - Crash after the commit, before the acknowledgement: delivered again, the
//!   inbox finds the id.
//! - Broker lost, restarted or wiped, queue deleted or not yet there: the consumer
//!   begins again until it has its queue, and each time tells its handler how full
//!   the queue is ([`Handler::connected`]); whoever keeps the truth in rows rings
//!   the missing ones again.
//!
//! A message is *not now* while what it needs is away: it stays with this consumer
//! and is tried again here. Giving it back to the broker instead would count as a
//! failed delivery (RabbitMQ before 4.3), and twenty of these park a good message.
//! Only *poison* is rejected, which sends it alone to the parking queue.

mod apply;
mod batch;
mod consuming;
mod message;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use lapin::options::{BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection};
use tokio_util::sync::CancellationToken;

pub use apply::apply;
pub use consuming::Consuming;
pub use message::{Message, Outcome};

use crate::backoff::Backoff;
use crate::broker::{Broker, Depth, close, passive_queue};
use crate::clock::{Clock, Waits};
use crate::error::{Error, Result};
use batch::Batch;

/// Messages the broker sends ahead: enough that the next batch is here when one
/// is done, few enough that a crash makes few neighbours older.
pub const PREFETCH: u16 = 256;

/// Messages handled together at most: one transaction, one acknowledgement.
pub const BATCH: usize = 64;

/// A message that is *not now* stays here at most this long before it goes back
/// to the broker, far below the broker's own limit of 30 minutes.
const HOLD: Duration = Duration::from_secs(600);

/// Pauses between two tries of what is *not now*, and between two connections.
const PAUSE_FLOOR: Duration = Duration::from_millis(100);

/// What is away and comes back is noticed within this time.
const PAUSE_CEILING: Duration = Duration::from_secs(5);

/// What becomes of messages.
pub trait Handler: Send + Sync {
    /// Handles a batch; answers one outcome per message, in the same order.
    ///
    /// A panic poisons the one message that causes it.
    fn handle(&self, batch: &[Message]) -> impl Future<Output = Vec<Outcome>> + Send;

    /// The consumer has found its queue, after a start or a loss, and is about to
    /// consume. `depth.messages` is 0 after the broker was wiped.
    ///
    /// # Errors
    /// Makes the consumer begin again after a pause.
    fn connected(&self, depth: Depth) -> impl Future<Output = Result<()>> + Send {
        let _ = depth;
        async { Ok(()) }
    }
}

/// A consumer of one queue.
#[derive(Debug)]
pub struct Consumer<H> {
    broker: Broker,
    queue: String,
    handler: H,
    prefetch: u16,
    batch: usize,
    consuming: Consuming,
    waits: Waits,
}

impl<H: Handler> Consumer<H> {
    /// A consumer of `queue`, with [`PREFETCH`] and [`BATCH`].
    pub fn new(broker: Broker, queue: impl Into<String>, handler: H) -> Self {
        let queue = queue.into();
        Self {
            broker,
            consuming: Consuming::of(&queue),
            queue,
            handler,
            prefetch: PREFETCH,
            batch: BATCH,
            waits: Clock::system().waits(),
        }
    }

    /// Sets how many messages the broker sends ahead and how many are handled together.
    #[must_use]
    pub fn with_limits(mut self, prefetch: u16, batch: usize) -> Self {
        self.prefetch = prefetch;
        self.batch = batch.clamp(1, usize::from(prefetch.max(1)));
        self
    }

    /// Waits as goes with the business clock: shorter where it is stepped.
    #[must_use]
    pub fn with_waits(mut self, waits: Waits) -> Self {
        self.waits = waits;
        self
    }

    /// Shows whether this consumer is really consuming.
    #[must_use]
    pub fn consuming(&self) -> Consuming {
        self.consuming.clone()
    }

    /// Runs until `shutdown`; a batch that is being handled is finished first.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut backoff = self.pauses();
        while !shutdown.is_cancelled() {
            let outcome = self.consume(&shutdown, &mut backoff).await;
            self.consuming.ends();
            if let Err(error) = outcome {
                self.consuming.lost(&error);
                self.lost(&error, &backoff);
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = tokio::time::sleep(backoff.next()) => {}
                }
            }
        }
    }

    fn pauses(&self) -> Backoff {
        Backoff::new(self.waits.of(PAUSE_FLOOR), self.waits.of(PAUSE_CEILING))
    }

    fn lost(&self, error: &Error, backoff: &Backoff) {
        metrics::counter!("consumer_losses_total", "queue" => self.queue.clone()).increment(1);
        if backoff.is_fresh() {
            let cause = std::error::Error::source(error).map(ToString::to_string);
            tracing::warn!(queue = self.queue, %error, cause, "not consuming, trying again");
        }
    }

    async fn consume(&self, shutdown: &CancellationToken, backoff: &mut Backoff) -> Result<()> {
        let connection = self
            .broker
            .connect(&format!("consume {}", self.queue))
            .await?;
        let channel = self.prepare(&connection).await?;
        let consumer = channel
            .basic_consume(
                self.queue.as_str().into(),
                "".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await
            .map_err(Error::unavailable)?;
        self.consuming.begins();
        if !backoff.is_fresh() {
            tracing::info!(queue = self.queue, "consuming again");
            backoff.reset();
        }
        let mut deliveries = consumer.ready_chunks(self.batch);
        loop {
            let chunk = tokio::select! {
                () = shutdown.cancelled() => {
                    close(&channel).await;
                    return Ok(());
                }
                chunk = deliveries.next() => chunk,
            };
            let chunk = chunk.ok_or_else(|| {
                Error::Unavailable(anyhow::anyhow!(
                    "the broker ended the consumer of {}",
                    self.queue
                ))
            })?;
            let mut batch = Batch::default();
            let fault = chunk
                .into_iter()
                .find_map(|delivery| batch.take(delivery).err());
            self.work(&channel, batch, shutdown).await?;
            if let Some(error) = fault {
                return Err(Error::unavailable(error));
            }
        }
    }

    /// Waits for nothing: a queue that is not there is found at a later attempt.
    async fn prepare(&self, connection: &Connection) -> Result<Channel> {
        let channel = connection
            .create_channel()
            .await
            .map_err(Error::unavailable)?;
        let depth = passive_queue(&channel, &self.queue).await?.ok_or_else(|| {
            Error::Unavailable(anyhow::anyhow!("the broker has no queue {}", self.queue))
        })?;
        self.handler.connected(depth).await?;
        channel
            .basic_qos(self.prefetch, BasicQosOptions::default())
            .await
            .map_err(Error::unavailable)?;
        Ok(channel)
    }

    async fn work(
        &self,
        channel: &Channel,
        mut batch: Batch,
        shutdown: &CancellationToken,
    ) -> Result<()> {
        let mut pause = self.pauses();
        let began = tokio::time::Instant::now();
        loop {
            let outcomes = self.handle(batch.messages()).await;
            let held = batch.decide(outcomes);
            let gives_up = began.elapsed() >= HOLD || shutdown.is_cancelled();
            crate::failpoint::hit("consumer.before_ack");
            batch.settle(channel, gives_up).await?;
            if held == 0 || gives_up {
                return Ok(());
            }
            if pause.is_fresh() {
                tracing::warn!(
                    queue = self.queue,
                    messages = held,
                    "messages wait, what they need is away"
                );
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = tokio::time::sleep(pause.next()) => {}
            }
            if !channel.status().connected() {
                return Err(Error::Unavailable(anyhow::anyhow!(
                    "the broker was lost meanwhile"
                )));
            }
        }
    }

    /// Runs the handler; where it panics, message by message, so that the guilty
    /// one is found and its neighbours are not parked with it.
    async fn handle(&self, messages: &[Message]) -> Vec<Outcome> {
        if messages.is_empty() {
            return Vec::new();
        }
        if let Some(outcomes) = self.handle_or_panic(messages).await {
            return outcomes;
        }
        let mut outcomes = Vec::with_capacity(messages.len());
        for message in messages {
            let one = self.handle_or_panic(std::slice::from_ref(message)).await;
            let outcome = one.map_or_else(
                || Outcome::Poison("its handler panicked".to_owned()),
                |mut outcomes| outcomes.pop().unwrap_or(Outcome::NotNow),
            );
            outcomes.push(outcome);
        }
        outcomes
    }

    async fn handle_or_panic(&self, messages: &[Message]) -> Option<Vec<Outcome>> {
        AssertUnwindSafe(self.handler.handle(messages))
            .catch_unwind()
            .await
            .ok()
    }
}
