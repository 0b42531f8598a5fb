//! How many look-ups a caller has in a second.
//!
//! Whoever finds people by asking can empty the roll by asking often. Each caller
//! has a bucket that fills at an even pace; a look-up takes one from it, and a
//! caller whose bucket is empty is told how long to wait. The bucket is kept as one
//! instant, that at which it will be full again (GCRA): nothing fills it in the
//! background, and one that is full need not be kept at all.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::auth::Caller;

/// Callers remembered at once. They are signed for, so a flood of them means that
/// a key is lost, and then a fresh bucket for everybody is the least of it.
const REMEMBERED: usize = 10_000;

/// A bucket holds the look-ups of this many seconds: a page that shows a list and
/// what belongs to each line is one burst.
const BURST_SECONDS: u32 = 2;

/// Look-ups in a second, 0 for any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LookupRates {
    /// Of a caller that is bound to one organisation.
    pub member: u32,
    /// Of a caller of the house, an internal system among them.
    pub house: u32,
}

/// The pace at which a bucket fills, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pace {
    each: Duration,
    whole: Duration,
}

impl Pace {
    /// `None` where there is no limit.
    fn of(per_second: u32) -> Option<Self> {
        let each = Duration::from_secs(1).checked_div(per_second)?;
        Some(Self {
            each,
            whole: each * per_second * BURST_SECONDS,
        })
    }

    /// When the bucket is full again after one more was taken at `now`, or how long
    /// to wait for that one. `full` is when it would have been full.
    fn take(self, full: Instant, now: Instant) -> Result<Instant, Duration> {
        let after = full.max(now) + self.each;
        let missing = after.duration_since(now).checked_sub(self.whole);
        match missing {
            Some(wait) if !wait.is_zero() => Err(wait),
            Some(_) | None => Ok(after),
        }
    }
}

/// The buckets of all callers.
pub(super) struct Lookups {
    member: Option<Pace>,
    house: Option<Pace>,
    full: Mutex<HashMap<String, Instant>>,
}

impl Lookups {
    pub(super) fn new(rates: LookupRates) -> Self {
        Self {
            member: Pace::of(rates.member),
            house: Pace::of(rates.house),
            full: Mutex::default(),
        }
    }

    /// Takes one for the caller.
    ///
    /// # Errors
    /// How long it has to wait for one.
    pub(super) fn take(&self, caller: &Caller, now: Instant) -> Result<(), Duration> {
        let pace = match caller.organisation {
            Some(_) => self.member,
            None => self.house,
        };
        pace.map_or(Ok(()), |pace| self.take_at(pace, caller.counted_as(), now))
    }

    fn take_at(&self, pace: Pace, who: String, now: Instant) -> Result<(), Duration> {
        let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = full.get_mut(&who) {
            *known = pace.take(*known, now)?;
            return Ok(());
        }
        if full.len() >= REMEMBERED {
            full.retain(|_, full| *full > now);
            if full.len() >= REMEMBERED {
                full.clear();
            }
        }
        full.insert(who, pace.take(now, now)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn member(subject: &str) -> Caller {
        Caller {
            subject: subject.to_owned(),
            organisation: Some(Uuid::nil()),
            ..Caller::system("x")
        }
    }

    fn lookups(member: u32) -> Lookups {
        Lookups::new(LookupRates { member, house: 0 })
    }

    #[test]
    fn after_a_burst_of_twenty_a_member_has_ten_a_second_and_others_are_not_concerned() {
        let (lookups, start, lan) = (lookups(10), Instant::now(), member("member:lan"));
        for _ in 0..20 {
            lookups.take(&lan, start).unwrap();
        }
        let wait = lookups.take(&lan, start).unwrap_err();
        assert_eq!(wait, Duration::from_millis(100));
        lookups.take(&member("member:minh"), start).unwrap();
        lookups.take(&lan, start + wait).unwrap();
        assert!(lookups.take(&lan, start + wait).is_err());
    }

    #[test]
    fn organisations_behind_one_subject_use_up_nothing_of_each_other_nor_of_the_subject() {
        let rates = LookupRates {
            member: 1,
            house: 1,
        };
        let (lookups, now) = (Lookups::new(rates), Instant::now());
        let portal = |organisation: Option<u128>| Caller {
            organisation: organisation.map(Uuid::from_u128),
            ..member("system:portal")
        };
        let [one, other, itself] = [Some(1), Some(2), None].map(portal);
        while lookups.take(&one, now).is_ok() {}
        lookups.take(&other, now).unwrap();
        lookups.take(&itself, now).unwrap();
        assert!(lookups.take(&one, now).is_err());
    }

    #[test]
    fn without_a_rate_nobody_waits_and_nobody_is_remembered() {
        let (lookups, now) = (lookups(10), Instant::now());
        for _ in 0..1_000 {
            lookups.take(&Caller::system("notifier"), now).unwrap();
        }
        assert!(lookups.full.lock().unwrap().is_empty());
    }

    #[test]
    fn memory_stays_bounded_under_a_flood_of_subjects() {
        let (lookups, now) = (lookups(1), Instant::now());
        for number in 0..REMEMBERED + 50 {
            lookups.take(&member(&number.to_string()), now).unwrap();
        }
        assert!(lookups.full.lock().unwrap().len() <= REMEMBERED);
    }

    #[test]
    fn whoever_has_waited_long_enough_is_forgotten_first() {
        let (lookups, start) = (lookups(1), Instant::now());
        for number in 0..REMEMBERED {
            lookups.take(&member(&number.to_string()), start).unwrap();
        }
        let later = start + Duration::from_millis(500);
        lookups.take(&member("0"), later).unwrap();
        let full_again = start + Duration::from_secs(1);
        lookups.take(&member("somebody new"), full_again).unwrap();
        let remembered = lookups.full.lock().unwrap().len();
        assert_eq!(remembered, 2, "the one who asked twice, and the new one");
    }

    proptest! {
        /// However calls fall, no stretch of time sees more than a burst and the pace allow.
        #[test]
        fn no_stretch_of_time_sees_more_than_a_burst_and_the_pace(
            rate in 1_u32..200,
            pauses in proptest::collection::vec(0_u64..300, 1..200),
        ) {
            let pace = Pace::of(rate).unwrap();
            let (mut now, start) = (Instant::now(), Instant::now());
            let mut full = start;
            let mut taken = Vec::new();
            for pause in pauses {
                now += Duration::from_millis(pause);
                if let Ok(after) = pace.take(full, now) {
                    full = after;
                    taken.push(now);
                }
            }
            let burst = f64::from(rate * BURST_SECONDS);
            for (first, from) in taken.iter().enumerate() {
                for (last, to) in taken.iter().enumerate().skip(first) {
                    let stretch = to.duration_since(*from).as_secs_f64();
                    let count = u32::try_from(last - first + 1).unwrap();
                    prop_assert!(f64::from(count) <= burst + stretch * f64::from(rate) + 1.0);
                }
            }
        }

        /// The wait that is told is the shortest that helps.
        #[test]
        fn the_wait_that_is_told_is_enough_and_not_too_long(
            rate in 1_u32..200,
            pauses in proptest::collection::vec(0_u64..50, 1..600),
        ) {
            let pace = Pace::of(rate).unwrap();
            let mut now = Instant::now();
            let mut full = now;
            for pause in pauses {
                now += Duration::from_millis(pause);
                match pace.take(full, now) {
                    Ok(after) => full = after,
                    Err(wait) => {
                        prop_assert!(pace.take(full, now + wait).is_ok());
                        let sooner = wait - Duration::from_nanos(1);
                        prop_assert!(pace.take(full, now + sooner).is_err());
                    }
                }
            }
        }

        /// Whoever keeps the pace is never refused.
        #[test]
        fn whoever_keeps_the_pace_never_waits(
            rate in 1_u32..200,
            late in proptest::collection::vec(0_u64..20, 1..300),
        ) {
            let pace = Pace::of(rate).unwrap();
            let mut now = Instant::now();
            let mut full = now;
            for late in late {
                now += pace.each + Duration::from_millis(late);
                full = pace.take(full, now).unwrap();
            }
        }
    }
}
