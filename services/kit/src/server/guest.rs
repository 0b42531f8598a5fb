//! One caller's connection: what it wants, since when, and whether it has to end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{LONGEST_STREAM, refusal};
use crate::error::Result;

/// A connection whose caller has shown no token has ended after this time without a call.
const STRANGER_IDLE: Duration = Duration::from_secs(30);

/// The same for one that has: its next call need not wait for a new connection.
const KNOWN_IDLE: Duration = Duration::from_secs(5 * 60);

/// A connection is asked to reconnect after this time, so that callers spread
/// over new replicas and renewed certificates.
const AGE: Duration = Duration::from_secs(30 * 60);

/// An rpc ends itself at its deadline. What is still there so much later is an answer
/// that nobody reads, and only the end of the connection ends it.
const OVERDUE: Duration = Duration::from_secs(2);

/// Whoever was told goodbye and has no call left hangs up within this time.
const HANGING_UP: Duration = Duration::from_secs(5);

/// Goodbye is said so long before patience ends: to hang up, and for two rounds in which
/// everybody is looked at.
const LEAVING: Duration = HANGING_UP.saturating_add(Duration::from_secs(2));

/// Calls of one connection at once that need no token. They are answered in the
/// moment they arrive; more are there only where answers are not read.
const ASIDE: usize = 8;

/// A connection.
pub(super) struct Guest {
    is_known: AtomicBool,
    calls: Mutex<Calls>,
    asked_to_leave: CancellationToken,
    cut: CancellationToken,
}

struct Calls {
    next: u64,
    open: Vec<Open>,
    came: Instant,
    idle_since: Instant,
    asked_to_leave: Option<Instant>,
}

struct Open {
    number: u64,
    ends: Instant,
    needs_token: bool,
}

/// What becomes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Stays,
    /// Calls on their way come to their end.
    Goodbye,
    Cut,
}

/// A call of a guest; over when it is dropped.
pub(super) struct Call {
    guest: Arc<Guest>,
    number: u64,
}

impl Guest {
    pub(super) fn new(now: Instant) -> Arc<Self> {
        Arc::new(Self {
            is_known: AtomicBool::new(false),
            calls: Mutex::new(Calls::new(now)),
            asked_to_leave: CancellationToken::new(),
            cut: CancellationToken::new(),
        })
    }

    /// The caller has shown a good token.
    pub(super) fn has_shown_a_token(&self) {
        // Written once, for it is read by many.
        if !self.is_known() {
            self.is_known.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.is_known.load(Ordering::Relaxed)
    }

    /// A call begins, which ends at this instant.
    ///
    /// # Errors
    /// The refusal for a connection that leaves answers unread which need no token.
    pub(super) fn call(self: &Arc<Self>, ends: Instant, needs_token: bool) -> Result<Call> {
        let mut calls = self.calls();
        if !needs_token && calls.aside() >= ASIDE {
            return Err(refusal::overloaded());
        }
        let number = calls.next;
        calls.next += 1;
        calls.open.push(Open {
            number,
            ends,
            needs_token,
        });
        drop(calls);
        Ok(Call {
            guest: Arc::clone(self),
            number,
        })
    }

    /// Resolves when it should end, or has to.
    pub(super) async fn is_asked_to_leave(&self) {
        self.asked_to_leave.cancelled().await;
    }

    /// Resolves when it has to end.
    pub(super) async fn is_cut(&self) {
        self.cut.cancelled().await;
    }

    /// Asks it to leave, or cuts it, where it is time.
    pub(super) fn look(&self, now: Instant) {
        let verdict = self.calls().verdict(self.is_known(), now);
        match verdict {
            Verdict::Stays => {}
            Verdict::Goodbye => self.ask_to_leave(now),
            Verdict::Cut => self.cut(),
        }
    }

    pub(super) fn ask_to_leave(&self, now: Instant) {
        self.calls().asked_to_leave.get_or_insert(now);
        self.asked_to_leave.cancel();
    }

    pub(super) fn cut(&self) {
        self.cut.cancel();
        self.asked_to_leave.cancel();
    }

    /// Since when nothing was wanted that needs a token; `None` while it is.
    pub(super) fn rests_since(&self) -> Option<Instant> {
        let calls = self.calls();
        let rests = calls.open.iter().all(|call| !call.needs_token);
        rests.then_some(calls.idle_since)
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Calls {
    const fn new(now: Instant) -> Self {
        Self {
            next: 0,
            open: Vec::new(),
            came: now,
            idle_since: now,
            asked_to_leave: None,
        }
    }

    fn aside(&self) -> usize {
        self.open.iter().filter(|call| !call.needs_token).count()
    }

    fn verdict(&self, is_known: bool, now: Instant) -> Verdict {
        let is_idle = self.open.is_empty();
        if self.open.iter().any(|call| now >= call.ends + OVERDUE) {
            return Verdict::Cut;
        }
        if let Some(asked) = self.asked_to_leave {
            let until = if is_idle {
                asked.max(self.idle_since) + HANGING_UP
            } else {
                // Calls may still come from whoever does not hear what is said.
                asked + LONGEST_STREAM + OVERDUE
            };
            return if now >= until {
                Verdict::Cut
            } else {
                Verdict::Stays
            };
        }
        let patience = if is_known { KNOWN_IDLE } else { STRANGER_IDLE };
        if now >= self.came + AGE || is_idle && now >= self.idle_since + patience - LEAVING {
            return Verdict::Goodbye;
        }
        Verdict::Stays
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let mut calls = self.guest.calls();
        let own = calls
            .open
            .iter()
            .position(|call| call.number == self.number);
        if let Some(own) = own {
            calls.open.swap_remove(own);
        }
        calls.idle_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    #[tokio::test]
    async fn unread_answers_without_a_token_are_few_on_each_connection() {
        let guest = Guest::new(Instant::now());
        let asides = [(); ASIDE].map(|()| guest.call(soon(), false).unwrap());
        assert!(guest.call(soon(), false).is_err());
        assert!(guest.call(soon(), true).is_ok());
        drop(asides);
        assert!(guest.call(soon(), false).is_ok());
    }

    #[test]
    fn a_stranger_is_idle_sooner_than_a_caller_with_a_token() {
        let start = Instant::now();
        let calls = Calls::new(start);
        let shortly = start + STRANGER_IDLE - LEAVING;
        assert_eq!(calls.verdict(false, shortly - SECOND), Verdict::Stays);
        assert_eq!(calls.verdict(false, shortly), Verdict::Goodbye);
        assert_eq!(calls.verdict(true, shortly), Verdict::Stays);
        assert_eq!(
            calls.verdict(true, start + KNOWN_IDLE - LEAVING),
            Verdict::Goodbye
        );
    }

    #[test]
    fn an_answer_that_nobody_reads_ends_its_connection_soon_after_its_deadline() {
        let start = Instant::now();
        let mut calls = Calls::new(start);
        for (number, seconds) in [(1, 600), (2, 60)] {
            calls.open.push(Open {
                number,
                ends: start + Duration::from_secs(seconds),
                needs_token: true,
            });
        }
        let deadline = start + Duration::from_secs(60);
        assert_eq!(calls.verdict(true, deadline), Verdict::Stays);
        assert_eq!(calls.verdict(true, deadline + OVERDUE), Verdict::Cut);
    }

    #[test]
    fn after_a_goodbye_calls_may_end_and_nobody_stays_for_ever() {
        let start = Instant::now();
        let mut calls = Calls::new(start);
        calls.asked_to_leave = Some(start);
        calls.idle_since = start + SECOND;
        let late = calls.idle_since + HANGING_UP;
        assert_eq!(calls.verdict(true, late - SECOND), Verdict::Stays);
        assert_eq!(calls.verdict(true, late), Verdict::Cut);
        // Whoever goes on calling.
        calls.open.push(Open {
            number: 1,
            ends: start + 2 * LONGEST_STREAM,
            needs_token: true,
        });
        assert_eq!(calls.verdict(true, late), Verdict::Stays);
        let latest = start + LONGEST_STREAM + OVERDUE;
        assert_eq!(calls.verdict(true, latest), Verdict::Cut);
    }
}
