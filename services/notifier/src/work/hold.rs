//! On hold: a restored notifier takes facts in and compares itself with its sources, and
//! sends nothing until an officer releases it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use kit::database::Pool;
use kit::error::Result;
use kit::health::ReadinessProbe;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::words;
use crate::domain::hold::Released;
use crate::store;

/// How often a process on hold looks whether another one was asked to release it.
const EVERY: Duration = Duration::from_secs(2);

/// Whether anything is sent, and what the last hold has left in doubt.
/// By default there is no hold, and was none before.
#[derive(Debug, Default)]
pub struct Hold {
    held: watch::Sender<bool>,
    compared: AtomicBool,
    last: watch::Sender<Option<Released>>,
}

impl Hold {
    /// Finds out at the start of a process whether this database was restored.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(pool: &Pool) -> Result<Self> {
        let tx = pool.begin().await?;
        store::hold::move_in(&tx).await?;
        let since = store::hold::open(&tx).await?;
        let last = store::hold::last(&tx).await?;
        tx.commit().await?;
        metrics::gauge!("notifier_on_hold").set(f64::from(u8::from(since.is_some())));
        if let Some(since) = since {
            tracing::warn!(%since, "this database was restored: nothing is sent until `lienminh hold release`");
        }
        let hold = Self::default();
        hold.held.send_replace(since.is_some());
        hold.last.send_replace(last);
        Ok(hold)
    }

    /// Whether nothing may be sent.
    #[must_use]
    pub fn is_held(&self) -> bool {
        *self.held.borrow()
    }

    /// Resolves when messages may be sent.
    pub async fn released(&self) {
        // Its sender lives as long as this does.
        let _ = self.held.subscribe().wait_for(|held| !held).await;
    }

    /// A comparison with every source has come to its end.
    pub fn note_comparison(&self) {
        self.compared.store(true, Ordering::Relaxed);
    }

    /// Whether all sources were compared with since this process began.
    #[must_use]
    pub fn has_compared(&self) -> bool {
        self.compared.load(Ordering::Relaxed)
    }

    /// The last hold that ended.
    #[must_use]
    pub fn last(&self) -> Option<Released> {
        self.last.borrow().clone()
    }

    /// Looks whether the hold is over.
    ///
    /// # Errors
    /// What the database says.
    pub async fn look(&self, pool: &Pool) -> Result<()> {
        let session = pool.get().await?;
        if store::hold::open(&session).await?.is_none() {
            // What it leaves in doubt is known before anything goes out.
            self.last.send_replace(store::hold::last(&session).await?);
            self.held.send_replace(false);
            metrics::gauge!("notifier_on_hold").set(0.0);
            tracing::info!("released: messages go out again");
        }
        Ok(())
    }
}

/// Looks until the hold is over, or `shutdown`.
pub async fn watch_over(desk: Desk, shutdown: CancellationToken) {
    while desk.hold.is_held() && !shutdown.is_cancelled() {
        if let Err(error) = desk.hold.look(&desk.pool).await {
            tracing::debug!(cause = words(&error), "the hold cannot be looked at");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = desk.hold.released() => {}
            () = tokio::time::sleep(desk.clock.waits().of(EVERY)) => {}
        }
    }
    shutdown.cancelled().await;
}

/// Runs what sends once messages may be sent.
pub async fn after_release(desk: Desk, shutdown: CancellationToken, work: BoxFuture<'static, ()>) {
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = desk.hold.released() => work.await,
    }
}

/// Tells whoever looks at readiness that nothing is sent.
pub struct HoldRemark(pub Desk);

impl ReadinessProbe for HoldRemark {
    fn name(&self) -> &'static str {
        "hold"
    }

    fn ready(&self) -> BoxFuture<'_, std::result::Result<(), String>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn remark(&self) -> Option<String> {
        let held = self.0.hold.is_held();
        held.then(|| "on hold after a restore: nothing is sent until it is released".to_owned())
    }
}
