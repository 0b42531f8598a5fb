//! How often something may be tried, by whom, within ten minutes.
//!
//! Time here is the process's: neither a stepped nor a wrong clock frees anybody.
//! Kept in memory: a restart forgives, which costs a guesser more than it gives.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a try counts.
pub(super) const WINDOW: Duration = Duration::from_secs(600);

/// Those remembered at once; beyond it the oldest are forgotten.
const REMEMBERED: usize = 10_000;

/// Tries, each counted in the same moment in which it is allowed: however many
/// come at once, no more than the bound pass.
pub(super) struct Tally {
    most: u32,
    counts: Mutex<Counts>,
}

impl Tally {
    /// So many tries of each within [`WINDOW`].
    pub(super) fn new(most: u32) -> Self {
        Self {
            most,
            counts: Mutex::default(),
        }
    }

    /// Counts a try of `who`.
    ///
    /// # Errors
    /// How long to wait for the next one.
    pub(super) fn take(&self, who: &str, now: Instant) -> Result<(), Duration> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.of(who, now);
        match count.room(self.most, now) {
            Room::Free | Room::Busy => {
                count.spend(now);
                Ok(())
            }
            Room::None(wait) => Err(wait),
        }
    }
}

/// What is left of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// One more may begin.
    Free,
    /// Perhaps, when those that are under way have ended.
    Busy,
    /// Nothing for so long.
    None(Duration),
}

/// The tries of one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    spent: u32,
    under_way: u32,
    since: Option<Instant>,
}

impl Count {
    pub(super) fn room(self, most: u32, now: Instant) -> Room {
        let spent = self.at(now);
        if spent >= most {
            Room::None(self.wait(now))
        } else if spent + self.under_way >= most {
            Room::Busy
        } else {
            Room::Free
        }
    }

    pub(super) fn begin(&mut self) {
        self.under_way += 1;
    }

    pub(super) fn end(&mut self) {
        // A flood may have made us forget that it began.
        self.under_way = self.under_way.saturating_sub(1);
    }

    pub(super) fn spend(&mut self, now: Instant) {
        let spent = self.at(now);
        if spent == 0 {
            self.since = Some(now);
        }
        self.spent = spent + 1;
    }

    /// What counts at `now`: nothing when the window is over.
    fn at(self, now: Instant) -> u32 {
        match self.since {
            Some(since) if now.duration_since(since) < WINDOW => self.spent,
            Some(_) | None => 0,
        }
    }

    fn wait(self, now: Instant) -> Duration {
        self.since.map_or(WINDOW, |since| {
            WINDOW.saturating_sub(now.duration_since(since))
        })
    }

    fn is_worth_keeping(self, now: Instant) -> bool {
        self.at(now) > 0 || self.under_way > 0
    }
}

/// The tries of each.
#[derive(Default)]
pub(super) struct Counts(HashMap<String, Count>);

impl Counts {
    /// The count of `who`, whom a flood of others may have made us forget.
    pub(super) fn of(&mut self, who: &str, now: Instant) -> &mut Count {
        if self.0.len() >= REMEMBERED && !self.0.contains_key(who) {
            self.0.retain(|_, count| count.is_worth_keeping(now));
            if self.0.len() >= REMEMBERED {
                self.0.clear();
            }
        }
        self.0.entry(who.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn beyond_the_bound_one_waits_for_the_end_of_the_window_and_others_do_not() {
        let (tally, now) = (Tally::new(10), Instant::now());
        for _ in 0..10 {
            tally.take("a", now).unwrap();
        }
        let later = now + Duration::from_secs(60);
        assert_eq!(
            tally.take("a", later),
            Err(WINDOW - Duration::from_secs(60))
        );
        tally.take("b", later).unwrap();
        tally.take("a", now + WINDOW).unwrap();
    }

    #[test]
    fn memory_stays_bounded_under_a_flood() {
        let (tally, now) = (Tally::new(10), Instant::now());
        for who in 0..REMEMBERED + 50 {
            tally.take(&who.to_string(), now).unwrap();
        }
        assert!(tally.counts.lock().unwrap().0.len() <= REMEMBERED);
    }
}
