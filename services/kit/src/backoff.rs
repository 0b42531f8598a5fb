//! Growing pauses between attempts.

use std::time::Duration;

/// Pauses that double from a floor to a ceiling, each ±20 % so that many
/// processes which failed together do not come back together.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    floor: Duration,
    ceiling: Duration,
    failures: u32,
}

impl Backoff {
    pub(crate) const fn new(floor: Duration, ceiling: Duration) -> Self {
        Self {
            floor,
            ceiling,
            failures: 0,
        }
    }

    /// The pause after one more failure.
    pub(crate) fn next(&mut self) -> Duration {
        let doubled = 2_u32.saturating_pow(self.failures);
        self.failures = self.failures.saturating_add(1);
        jittered(self.floor.saturating_mul(doubled).min(self.ceiling))
    }

    /// Whether the last attempt succeeded.
    pub(crate) const fn is_fresh(&self) -> bool {
        self.failures == 0
    }

    pub(crate) const fn reset(&mut self) {
        self.failures = 0;
    }
}

/// A duration ±20 %.
pub(crate) fn jittered(duration: Duration) -> Duration {
    duration.mul_f64(rand::random_range(0.8..=1.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_ceiling_and_begin_again_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
        let pauses: Vec<f64> = (0..40).map(|_| backoff.next().as_secs_f64()).collect();
        for (pause, expected) in pauses.iter().zip([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]) {
            assert!(
                (0.8 * expected..=1.2 * expected).contains(pause),
                "{pause} for {expected}"
            );
        }
        assert!(pauses[39] <= 6.0);
        backoff.reset();
        assert!(backoff.is_fresh());
        assert!(backoff.next() <= Duration::from_millis(120));
    }
}
