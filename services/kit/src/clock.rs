//! The business clock: the system's in production, stepped in demonstrations and tests.
//!
//! `due_at`, `useful_until`, quiet hours, `occurred_at` follow this clock. Leases,
//! back-off and sweeps follow the database's; tokens, TLS and rpc deadlines the
//! process's. Between two steps a stepped clock stands still.

mod service;

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

pub use service::ClockApi;

use crate::wire::cut;

/// Longest sleep towards an instant: after a jump of the system's clock a
/// waiter is wrong for at most this long.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// A stepped clock shortens infrastructure waits by this factor.
const SHORTENING: u32 = 25;

/// No shortened wait is below this, or idle loops would eat the machine.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// The business clock. Cheap to clone; all clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    kind: Kind,
    waits: Waits,
}

#[derive(Clone, Debug)]
enum Kind {
    System,
    Stepped(Arc<watch::Sender<Timestamp>>),
}

/// The clock cannot go backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the business clock stands at {present} and never goes back to {asked}")]
pub struct Backwards {
    /// Where it stands.
    pub present: Timestamp,
    /// Where it was told to go.
    pub asked: Timestamp,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self {
            kind: Kind::System,
            waits: Waits { shortened: false },
        }
    }

    /// A clock that stands at `start` until it is set.
    #[must_use]
    pub fn stepped(start: Timestamp) -> Self {
        Self {
            kind: Kind::Stepped(Arc::new(watch::Sender::new(cut(start)))),
            waits: Waits { shortened: true },
        }
    }

    /// The same clock beside waits as long as in production: for tests that
    /// measure how long a recovery takes.
    #[must_use]
    pub fn with_full_waits(mut self) -> Self {
        self.waits = Waits { shortened: false };
        self
    }

    /// The present business instant, as exact as the database keeps it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.kind {
            Kind::System => cut(Timestamp::now()),
            Kind::Stepped(time) => *time.borrow(),
        }
    }

    /// Whether a conductor moves this clock.
    #[must_use]
    pub fn is_stepped(&self) -> bool {
        matches!(self.kind, Kind::Stepped(_))
    }

    /// Moves a stepped clock to the same or a later instant.
    ///
    /// # Errors
    /// [`Backwards`]. A system clock is nobody's to set and answers the same.
    pub fn set(&self, asked: Timestamp) -> Result<(), Backwards> {
        let Kind::Stepped(time) = &self.kind else {
            return Err(Backwards {
                present: self.now(),
                asked,
            });
        };
        let asked = cut(asked);
        let mut outcome = Ok(());
        time.send_if_modified(|present| {
            if asked < *present {
                outcome = Err(Backwards {
                    present: *present,
                    asked,
                });
                return false;
            }
            let moved = asked > *present;
            *present = asked;
            moved
        });
        outcome
    }

    /// Resolves when the clock was moved after this call. Never for the
    /// system's clock, which is waited for with [`Clock::reaches`].
    pub async fn changed(&self) {
        self.moved_from(self.now()).await;
    }

    /// Resolves when a stepped clock shows another instant than `seen`, also if
    /// it was moved before the call: no step can be missed.
    pub async fn moved_from(&self, seen: Timestamp) {
        match &self.kind {
            Kind::System => pending().await,
            Kind::Stepped(time) => {
                // Fails only when the sender is gone, and we hold it.
                let _ = time.subscribe().wait_for(|present| *present != seen).await;
            }
        }
    }

    /// Resolves when the business clock shows `due` or later.
    pub async fn reaches(&self, due: Timestamp) {
        match &self.kind {
            Kind::System => {
                while let Some(left) = left_until(due, Timestamp::now()) {
                    tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
                }
            }
            Kind::Stepped(time) => {
                let _ = time.subscribe().wait_for(|present| *present >= due).await;
            }
        }
    }

    /// The infrastructure waits that go with this clock.
    #[must_use]
    pub fn waits(&self) -> Waits {
        self.waits
    }
}

fn left_until(due: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(now.until(due).ok()?)
        .ok()
        .filter(|left| !left.is_zero())
}

/// Polls, back-off and sweeps: as written in production, shortened beside a
/// stepped clock, where a conductor waits for them, unless told otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    shortened: bool,
}

impl Waits {
    /// The wait to use where production waits for `normal`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use kit::clock::Clock;
    ///
    /// let poll = Duration::from_millis(500);
    /// assert_eq!(Clock::system().waits().of(poll), poll);
    /// ```
    #[must_use]
    pub fn of(self, normal: Duration) -> Duration {
        if self.shortened {
            (normal / SHORTENING).max(SHORTEST_WAIT.min(normal))
        } else {
            normal
        }
    }

    /// Whether they are shorter than in production.
    #[must_use]
    pub fn are_shortened(self) -> bool {
        self.shortened
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_stepped_clock_stands_still_until_it_is_set() {
        let clock = Clock::stepped(at("2024-02-27T00:00:00Z"));
        let due = at("2024-02-28T01:00:00Z");
        let waiter = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reaches(due).await }
        });
        clock.set(at("2024-02-28T00:59:59Z")).unwrap();
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished());
        clock.set(due).unwrap();
        waiter.await.unwrap();
        assert_eq!(clock.now(), due);
    }

    #[test]
    fn the_clock_never_goes_back() {
        let start = at("2024-02-27T00:00:00Z");
        let clock = Clock::stepped(start);
        let asked = at("2024-02-26T23:59:59Z");
        assert_eq!(
            clock.set(asked),
            Err(Backwards {
                present: start,
                asked
            })
        );
        assert_eq!(clock.now(), start);
        assert!(clock.set(start).is_ok());
        assert!(Clock::system().set(asked).is_err());
    }

    #[tokio::test]
    async fn a_step_made_before_the_wait_is_not_missed() {
        let start = at("2024-02-27T00:00:00Z");
        let clock = Clock::stepped(start);
        clock.set(at("2024-02-27T00:00:01Z")).unwrap();
        clock.moved_from(start).await;
    }

    #[test]
    fn waits_shrink_only_beside_a_stepped_clock() {
        let waits = Clock::stepped(at("2024-02-27T00:00:00Z")).waits();
        assert_eq!(waits.of(Duration::from_secs(5)), Duration::from_millis(200));
        assert_eq!(waits.of(Duration::from_millis(100)), SHORTEST_WAIT);
        assert_eq!(waits.of(Duration::from_millis(2)), Duration::from_millis(2));
        let full = Clock::stepped(at("2024-02-27T00:00:00Z")).with_full_waits();
        assert!(full.is_stepped());
        assert_eq!(
            full.waits().of(Duration::from_secs(5)),
            Duration::from_secs(5)
        );
    }
}
