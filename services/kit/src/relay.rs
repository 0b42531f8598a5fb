//! Carries the outbox to the broker.
//!
//! **Guarantee**: at least once. A row is deleted only in a transaction that
//! begins before its publication and ends after the broker's confirm, and only if
//! the message was not returned as unroutable.
//!
//! - Crash before the publication: the row lock falls, the next pass takes the row.
//! - Crash between publication and delete (also: a lost confirm, a lost database
//!   connection): the message goes out again with the same `message_id`; the
//!   receiver's inbox absorbs it. It is counted as published once.
//! - Crash after the delete's commit: done.
//!
//! Several lanes, and several processes, work side by side: each locks the rows it
//! carries and skips those that others hold. While one lane talks to the database
//! another one keeps the broker busy, which is what makes bulk fast; the second
//! lane has connections only while there is a backlog. Nothing is recovered in
//! place: after any fault of a connection the lane begins with new ones.

mod flow;
mod lane;
mod publisher;
mod row;
mod settle;
pub mod verdict;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, jittered};
use crate::broker::Broker;
use crate::clock::{Clock, Waits};
use crate::database::{Pool, Session};
use crate::error::Result;
use crate::outbox::Bell;
pub use flow::Flow;
use lane::Lane;

/// The relay looks without being rung this often: for rows of another process, and
/// for rows whose retry has come.
const POLL: Duration = Duration::from_millis(500);

/// After a pass that carried something the next one begins no sooner: in a busy
/// hour a pass then carries what many calls wrote, and pays its commit once. The
/// first message after a quiet moment never waits.
const GATHER: Duration = Duration::from_millis(50);

/// After a fault the next attempt waits this long, then twice as long, and so on.
const BACKOFF_FLOOR: Duration = Duration::from_millis(100);

/// A broker that is back is noticed within this time.
const BACKOFF_CEILING: Duration = Duration::from_secs(5);

/// An additional lane without work gives its connections back after this time.
const LANE_IDLE: Duration = Duration::from_secs(20);

/// How often the age of the oldest row is measured.
const GAUGE_EVERY: Duration = Duration::from_secs(5);

const OLDEST: &str = "
    select extract(epoch from clock_timestamp() - o.recorded_at)::float8
    from outbox o
    order by o.seq
    limit 1";

/// The relay of one service.
#[derive(Clone, Debug)]
pub struct Relay {
    pool: Pool,
    broker: Broker,
    bell: Bell,
    waits: Waits,
    // Rung by the first lane when it finds more than one lane's worth.
    backlog: Arc<Notify>,
    flow: Flow,
}

impl Relay {
    /// A relay from this pool's outbox to this broker.
    #[must_use]
    pub fn new(pool: Pool, broker: Broker, bell: Bell) -> Self {
        Self {
            pool,
            broker,
            bell,
            waits: Clock::system().waits(),
            backlog: Arc::default(),
            flow: Flow::default(),
        }
    }

    /// Tells whether the outbox flows.
    #[must_use]
    pub fn flow(&self) -> Flow {
        self.flow.clone()
    }

    /// Waits as goes with the business clock: shorter where it is stepped.
    #[must_use]
    pub fn with_waits(mut self, waits: Waits) -> Self {
        self.waits = waits;
        self
    }

    /// Runs until `shutdown`; a batch that is under way is finished first.
    pub async fn run(self, shutdown: CancellationToken) {
        // Boxed: a batch in flight makes them large.
        let (lead, assist) = (
            Box::pin(self.lead(&shutdown)),
            Box::pin(self.assist(&shutdown)),
        );
        futures_util::future::join(lead, assist).await;
    }

    /// The lane that is always there.
    async fn lead(&self, shutdown: &CancellationToken) {
        let mut lane = Lane::new(&self.pool, &self.broker);
        let mut backoff =
            Backoff::new(self.waits.of(BACKOFF_FLOOR), self.waits.of(BACKOFF_CEILING));
        let mut measured = None;
        while !shutdown.is_cancelled() {
            match lane.pass(|| self.backlog.notify_one()).await {
                Ok(pass) if pass.is_full() => {
                    self.flow.flows();
                    backoff.reset();
                }
                Ok(pass) => {
                    self.flow.flows();
                    recovered(&mut backoff);
                    self.measure(&mut measured).await;
                    if !pass.is_empty() {
                        let gathering = tokio::time::sleep(self.waits.of(GATHER));
                        shutdown.run_until_cancelled(gathering).await;
                    }
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = self.bell.rung() => {}
                        () = tokio::time::sleep(jittered(self.waits.of(POLL))) => {}
                    }
                }
                Err(error) => {
                    self.flow.stands(&error);
                    failed(&backoff, &error);
                    self.measure(&mut measured).await;
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = tokio::time::sleep(backoff.next()) => {}
                    }
                }
            }
        }
    }

    /// The lane that joins when there is a backlog.
    async fn assist(&self, shutdown: &CancellationToken) {
        let mut lane = Lane::new(&self.pool, &self.broker);
        while !shutdown.is_cancelled() {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.backlog.notified() => {}
                () = tokio::time::sleep(LANE_IDLE) => lane.disconnect(),
            }
            // A fault is the first lane's to report and to wait out.
            while !shutdown.is_cancelled() {
                match lane.pass(|| {}).await {
                    Ok(pass) if pass.is_full() => {}
                    Ok(_) | Err(_) => break,
                }
            }
        }
    }

    async fn measure(&self, measured: &mut Option<Instant>) {
        if measured.is_some_and(|at| at.elapsed() < GAUGE_EVERY) {
            return;
        }
        *measured = Some(Instant::now());
        if let Ok(age) = oldest_age(&self.pool).await {
            metrics::gauge!("outbox_oldest_age_seconds").set(age.as_secs_f64());
        }
    }
}

/// Age of the oldest message that is not with the broker; zero when there is none.
///
/// # Errors
/// What the database says.
pub async fn oldest_age(pool: &Pool) -> Result<Duration> {
    let row = pool.get().await?.query_opt(OLDEST, &[]).await?;
    // A negative age means that the database clock went back.
    Ok(row.map_or(Duration::ZERO, |row| {
        Duration::try_from_secs_f64(row.get(0)).unwrap_or_default()
    }))
}

fn failed(backoff: &Backoff, error: &crate::error::Error) {
    metrics::counter!("outbox_relay_faults_total").increment(1);
    if backoff.is_fresh() {
        let cause = std::error::Error::source(error).map(ToString::to_string);
        tracing::warn!(%error, cause, "the outbox waits: its relay cannot work, it keeps trying");
    }
}

fn recovered(backoff: &mut Backoff) {
    if !backoff.is_fresh() {
        tracing::info!("the outbox flows again");
        backoff.reset();
    }
}
