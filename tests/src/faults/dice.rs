//! Random choices that a seed repeats.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lienminh_local::chance::draw;

/// Draws one number after another; the same seed draws the same.
#[derive(Debug)]
pub struct Dice {
    seed: u64,
    drawn: AtomicU64,
}

impl Dice {
    /// Dice of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            drawn: AtomicU64::new(0),
        }
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// A number below `below`.
    pub fn below(&self, below: u64) -> u64 {
        let turn = self.drawn.fetch_add(1, Ordering::Relaxed);
        draw(self.seed, &turn.to_string(), below)
    }

    /// A time between two.
    pub fn between(&self, shortest: Duration, longest: Duration) -> Duration {
        let span = longest.saturating_sub(shortest).as_millis();
        let extra = self.below(u64::try_from(span).unwrap_or(u64::MAX).saturating_add(1));
        shortest + Duration::from_millis(extra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_stays_within_its_bounds() {
        let (one, other) = (Dice::new(7), Dice::new(7));
        let (shortest, longest) = (Duration::from_millis(50), Duration::from_millis(60));
        for _ in 0..200 {
            let drawn = one.between(shortest, longest);
            assert_eq!(drawn, other.between(shortest, longest));
            assert!(drawn >= shortest && drawn <= longest);
        }
        assert_ne!(
            (0..8).map(|_| one.below(1_000)).collect::<Vec<_>>(),
            (0..8)
                .map(|_| Dice::new(8).below(1_000))
                .collect::<Vec<_>>()
        );
    }
}
