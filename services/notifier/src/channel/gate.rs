//! A channel that may rest: while the provider refuses us, or is away, nobody
//! burns attempts against it.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Opens and closes a channel; shared by all its workers.
#[derive(Debug, Default)]
pub struct Gate {
    closed_until: Mutex<Option<Instant>>,
    changed: Notify,
}

impl Gate {
    /// Closes the channel for `pause` from now, unless it rests longer already.
    /// Tells whether it was open: only then is it worth a log line.
    pub fn pause(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        let mut closed = self.closed();
        let was_open = closed.is_none_or(|before| before <= Instant::now());
        if closed.is_none_or(|before| before < until) {
            *closed = Some(until);
        }
        was_open
    }

    /// Opens the channel: something went through.
    pub fn open(&self) {
        let was_closed = self.closed().take().is_some();
        if was_closed {
            self.changed.notify_waiters();
        }
    }

    /// Whether the channel rests now.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed().is_some_and(|until| until > Instant::now())
    }

    /// Resolves when the channel is open.
    pub async fn passable(&self) {
        loop {
            let changed = self.changed.notified();
            let Some(until) = *self.closed() else { return };
            if until <= Instant::now() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = changed => {}
            }
        }
    }

    fn closed(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        // A panic while holding it cannot leave it half-written.
        self.closed_until
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_paused_channel_opens_by_itself_and_sooner_when_something_went_through() {
        let gate = Gate::default();
        gate.passable().await;
        assert!(gate.pause(Duration::from_secs(60)));
        assert!(!gate.pause(Duration::from_secs(1)), "it rests already");
        let began = Instant::now();
        gate.passable().await;
        assert_eq!(began.elapsed(), Duration::from_secs(60));
        gate.pause(Duration::from_secs(60));
        gate.open();
        gate.passable().await;
        assert!(!gate.is_closed());
    }
}
