//! Patience with wrong guesses, per guesser and for all together.
//!
//! Six digits can be guessed by a patient machine, so after a few wrong ones in a
//! row a guesser has to wait, and all guessers together have a bound as well.
//! Time here is the process's: neither a stepped nor a wrong clock frees anybody.
//! Kept in memory: a restart forgives, which costs a guesser more than it gives.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use kit::error::Error;

/// Wrong guesses of one guesser within [`WINDOW`]: a clerk mishears now and then.
pub(crate) const PER_GUESSER: u32 = 10;

/// Wrong guesses of all within [`WINDOW`]: a thousandth of all codes.
pub(crate) const TOGETHER: u32 = 1_000;

/// How long a wrong guess counts.
const WINDOW: Duration = Duration::from_secs(600);

/// Guessers remembered at once; beyond it the oldest are forgotten.
const REMEMBERED: usize = 10_000;

/// Who guessed wrong lately.
#[derive(Default)]
pub(crate) struct Guesses(Mutex<Tally>);

#[derive(Default)]
struct Tally {
    together: Count,
    guessers: HashMap<String, Count>,
}

#[derive(Clone, Copy, Default)]
struct Count {
    wrong: u32,
    since: Option<Instant>,
}

impl Count {
    /// What counts at `now`: nothing when the window is over.
    fn at(self, now: Instant) -> u32 {
        match self.since {
            Some(since) if now.duration_since(since) < WINDOW => self.wrong,
            Some(_) | None => 0,
        }
    }

    fn add(&mut self, now: Instant) {
        let wrong = self.at(now);
        if wrong == 0 {
            self.since = Some(now);
        }
        self.wrong = wrong.saturating_add(1);
    }

    fn wait(self, now: Instant) -> Duration {
        self.since.map_or(WINDOW, |since| {
            WINDOW.saturating_sub(now.duration_since(since))
        })
    }
}

impl Guesses {
    /// How long this guesser still has to wait, if it has to.
    pub(crate) fn wait(&self, guesser: &str, now: Instant) -> Option<Duration> {
        let tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = tally.guessers.get(guesser).copied().unwrap_or_default();
        if own.at(now) >= PER_GUESSER {
            Some(own.wait(now))
        } else if tally.together.at(now) >= TOGETHER {
            Some(tally.together.wait(now))
        } else {
            None
        }
    }

    /// Counts a wrong guess.
    pub(crate) fn wrong(&self, guesser: &str, now: Instant) {
        tracing::info!("a wrong answer code or reply token was tried");
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.together.add(now);
        if tally.guessers.len() >= REMEMBERED && !tally.guessers.contains_key(guesser) {
            tally.guessers.retain(|_, count| count.at(now) > 0);
            // All of them recent: a flood, which the common bound holds back.
            if tally.guessers.len() >= REMEMBERED {
                tally.guessers.clear();
            }
        }
        tally
            .guessers
            .entry(guesser.to_owned())
            .or_default()
            .add(now);
    }
}

/// The refusal for whoever guessed wrong too often.
pub(crate) fn too_many(wait: Duration) -> Error {
    Error::resource_exhausted(
        "TOO_MANY_WRONG_CODES",
        "Đã nhập sai mã quá nhiều lần, xin thử lại sau ít phút.",
        "Too many wrong codes were tried; please wait some minutes.",
        Some(wait),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guesser_waits_after_ten_wrong_guesses_and_others_do_not() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        for _ in 0..PER_GUESSER {
            assert_eq!(guesses.wait("a", now), None);
            guesses.wrong("a", now);
        }
        assert_eq!(guesses.wait("a", now), Some(WINDOW));
        assert_eq!(guesses.wait("b", now), None);
        assert_eq!(guesses.wait("a", now + WINDOW), None);
    }

    #[test]
    fn all_guessers_together_have_a_bound() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        for guesser in 0..TOGETHER {
            guesses.wrong(&guesser.to_string(), now);
        }
        assert!(guesses.wait("somebody new", now).is_some());
    }

    #[test]
    fn memory_stays_bounded_under_a_flood() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        for guesser in 0..REMEMBERED + 50 {
            guesses.wrong(&guesser.to_string(), now);
        }
        let tally = guesses.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(tally.guessers.len() <= REMEMBERED);
    }
}
