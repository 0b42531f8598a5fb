//! Wakes the relay when something was committed.

use std::sync::Arc;

use tokio::sync::Notify;

/// Rung after a commit that put something into the outbox. Cheap to clone;
/// a ring while nobody listens is kept, many such rings are one.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// A new, silent bell.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the relay that there is work.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a ring.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}
