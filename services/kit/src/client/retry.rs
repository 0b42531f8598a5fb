//! When a failed call is tried again, and when no longer.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Calls in all: the first and three more (gRPC's guide to retries).
pub(super) const ATTEMPTS: u32 = 4;

/// Wait before the second call; doubled before each further one.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// No single wait is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Waits are spread by a fifth to either side, so that callers who failed
/// together do not come back together.
const SPREAD: f64 = 0.2;

/// Tokens of the throttle: each failure takes one, each success gives back a
/// tenth; below half nothing is tried again. A peer that is down is not
/// hit four times by every call.
const TOKENS: f64 = 10.0;
const REFUND: f64 = 0.1;

/// The wait before attempt number `next` (2, 3, …); `random` lies in 0..1.
pub(super) fn wait(next: u32, random: f64) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(1 << next.saturating_sub(2).min(8));
    doubled
        .min(LONGEST_WAIT)
        .mul_f64(1.0 - SPREAD + 2.0 * SPREAD * random)
}

/// Counts how a peer fares.
pub(super) struct Throttle(Mutex<f64>);

impl Throttle {
    pub(super) fn new() -> Self {
        Self(Mutex::new(TOKENS))
    }

    pub(super) fn succeeded(&self) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = (*tokens + REFUND).min(TOKENS);
    }

    /// Notes a failure; true when another try is worth it.
    pub(super) fn failed(&self) -> bool {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = (*tokens - 1.0).max(0.0);
        *tokens > TOKENS / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_second() {
        assert_eq!(wait(2, 0.5), Duration::from_millis(100));
        assert_eq!(wait(3, 0.5), Duration::from_millis(200));
        assert_eq!(wait(20, 0.5), Duration::from_secs(1));
        assert_eq!(wait(2, 0.0), Duration::from_millis(80));
        assert!(wait(2, 1.0) <= Duration::from_millis(121));
    }

    #[test]
    fn a_peer_that_keeps_failing_is_left_alone() {
        let throttle = Throttle::new();
        let tries = (0..20).filter(|_| throttle.failed()).count();
        assert_eq!(tries, 4);
        for _ in 0..80 {
            throttle.succeeded();
        }
        assert!(throttle.failed());
    }
}
