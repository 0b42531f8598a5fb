//! A channel that may rest: while the provider refuses us, or is away, nobody
//! burns attempts against it.
//!
//! When a rest is over the channel is tried with one message at a time, until
//! something goes through; then it is open for all.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The gates of all channels. Cheap to clone; all clones are the same gates.
#[derive(Clone, Debug, Default)]
pub struct Gates {
    /// Of emails.
    pub email: Arc<Gate>,
    /// Of SMS.
    pub sms: Arc<Gate>,
}

/// Why a channel rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The provider refuses our account or our sender: a person must look.
    Refused,
    /// The provider cannot be reached, or has no room at present.
    Away,
}

/// A channel at rest: nothing has gone through since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// By the system's clock.
    pub since: Timestamp,
    /// Who has to do something about it.
    pub cause: Cause,
    /// A stable word or the provider's reply: "550 5.4.5".
    pub reason: String,
}

impl fmt::Display for Rest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.cause {
            Cause::Refused => "the provider refuses our account",
            Cause::Away => "the provider is away",
        };
        let Self { since, reason, .. } = self;
        write!(formatter, "at rest since {since:.0}: {what} ({reason})")
    }
}

/// Opens and closes a channel; shared by all its workers.
#[derive(Debug, Default)]
pub struct Gate {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    rest: Option<Resting>,
    /// Somebody tries whether the rest can end.
    tried: bool,
}

#[derive(Debug)]
struct Resting {
    rest: Rest,
    until: Instant,
    /// Pauses of this rest so far.
    pauses: u32,
}

impl Resting {
    fn is_over(&self) -> bool {
        self.until <= Instant::now()
    }
}

/// The right to hand one message over. While a rest is being tried there is one
/// at a time.
#[derive(Debug)]
#[must_use]
pub struct Pass<'g>(Option<&'g Gate>);

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Some(gate) = self.0 {
            gate.state().tried = false;
            gate.changed.notify_waiters();
        }
    }
}

impl Gate {
    /// Closes the channel, for as long as `pause` says of the number of pauses that
    /// this rest has had, unless it is closed for longer already. Tells whether that
    /// is news: only then is it worth a log line.
    pub fn pause(&self, cause: Cause, reason: &str, pause: impl FnOnce(u32) -> Duration) -> bool {
        let mut state = self.state();
        let now = Instant::now();
        let Some(resting) = &mut state.rest else {
            let rest = Rest {
                since: Timestamp::now(),
                cause,
                reason: reason.to_owned(),
            };
            let until = now + pause(0);
            let pauses = 1;
            state.rest = Some(Resting {
                rest,
                until,
                pauses,
            });
            return true;
        };
        // Those who were under way when it closed say the same once more.
        let tried = resting.is_over();
        resting.until = resting
            .until
            .max(now + pause(resting.pauses - u32::from(!tried)));
        resting.pauses += u32::from(tried);
        let news = resting.rest.cause != cause || resting.rest.reason != reason;
        if news {
            resting.rest.cause = cause;
            reason.clone_into(&mut resting.rest.reason);
        }
        news
    }

    /// Opens the channel: something went through. Tells what is over now.
    pub fn open(&self) -> Option<Rest> {
        let over = self.state().rest.take()?;
        self.changed.notify_waiters();
        Some(over.rest)
    }

    /// Since when and why the channel rests; `None` while it is open.
    #[must_use]
    pub fn rest(&self) -> Option<Rest> {
        let state = self.state();
        state.rest.as_ref().map(|resting| resting.rest.clone())
    }

    /// Resolves when a message may be handed over: to all when the channel is open,
    /// to one at a time when its rest is over and nothing has gone through yet.
    pub async fn passable(&self) -> Pass<'_> {
        loop {
            let changed = self.changed.notified();
            let until = {
                let mut state = self.state();
                match &state.rest {
                    None => return Pass(None),
                    Some(resting) if !resting.is_over() => Some(resting.until),
                    Some(_) if state.tried => None,
                    Some(_) => {
                        state.tried = true;
                        return Pass(Some(self));
                    }
                }
            };
            tokio::select! {
                () = sleep_until(until) => {}
                () = changed => {}
            }
        }
    }

    /// Resolves when the channel is open or may be tried.
    pub async fn awake(&self) {
        loop {
            let changed = self.changed.notified();
            let until = match &self.state().rest {
                Some(resting) if !resting.is_over() => Some(resting.until),
                _ => return,
            };
            tokio::select! {
                () = sleep_until(until) => {}
                () = changed => {}
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while holding it cannot leave it half-written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn sleep_until(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;

    use super::*;

    fn minute(_: u32) -> Duration {
        Duration::from_secs(60)
    }

    async fn is_now(passing: impl Future) -> bool {
        tokio::time::timeout(Duration::ZERO, passing).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn a_channel_at_rest_is_tried_by_one_until_something_went_through() {
        let gate = Gate::default();
        drop(gate.passable().await);
        assert!(gate.pause(Cause::Refused, "550 5.4.5", minute));
        let began = Instant::now();
        let trial = gate.passable().await;
        assert_eq!(began.elapsed(), Duration::from_secs(60));
        assert!(!is_now(gate.passable()).await, "a second one waits");
        drop(trial);
        let trial = gate.passable().await;
        gate.open();
        let _all = (gate.passable().await, gate.passable().await);
        drop(trial);
        assert_eq!(gate.rest(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rest_tells_since_when_and_why_and_is_told_once() {
        let gate = Gate::default();
        assert!(gate.pause(Cause::Away, "timeout", minute));
        let since = gate.rest().map(|rest| rest.since);
        assert!(!gate.pause(Cause::Away, "timeout", minute));
        drop(gate.passable().await);
        assert!(!gate.pause(Cause::Away, "timeout", minute), "tried in vain");
        assert!(
            gate.pause(Cause::Refused, "535 5.7.8", minute),
            "why is news"
        );
        let rest = gate.rest();
        assert_eq!(rest.as_ref().map(|rest| rest.since), since);
        let told = rest.map(|rest| rest.to_string()).unwrap_or_default();
        assert!(
            told.ends_with("Z: the provider refuses our account (535 5.7.8)"),
            "{told}"
        );
        assert!(gate.open().is_some() && gate.open().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_are_counted_by_trials_and_not_by_those_who_were_under_way() {
        let gate = Gate::default();
        let mut seen = Vec::new();
        for _ in 0..3 {
            for _ in 0..4 {
                gate.pause(Cause::Refused, "535", |pauses| {
                    seen.push(pauses);
                    minute(pauses)
                });
            }
            gate.awake().await;
        }
        assert_eq!(seen, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    }
}
