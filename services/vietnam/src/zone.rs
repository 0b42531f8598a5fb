//! Vietnamese legal time: one zone, seven hours ahead of UTC, without daylight saving time.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// Seven hours ahead of UTC.
const HANOI: Offset = jiff::tz::offset(7);

/// The zone of `Asia/Ho_Chi_Minh` as the law has it since 1975: UTC+7 all year.
///
/// The zone is fixed on purpose: it needs no zone data on the machine, and calendar files written
/// with it carry no rule that another program could read wrongly.
///
/// ```
/// let noon = jiff::civil::date(2024, 4, 11).at(12, 0, 0, 0).to_zoned(vietnam::zone())?;
/// assert_eq!(noon.timestamp().to_string(), "2024-04-11T05:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn zone() -> TimeZone {
    TimeZone::fixed(HANOI)
}

/// What the clock on the wall in Việt Nam shows at an instant.
///
/// ```
/// let local = vietnam::local("2024-04-10T17:30:00Z".parse()?);
/// assert_eq!(local.to_string(), "2024-04-11T00:30:00");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn local(instant: Timestamp) -> DateTime {
    HANOI.to_datetime(instant)
}

/// The instant at which the clock on the wall in Việt Nam shows `wall`.
///
/// Times outside the range of [`Timestamp`] (the years -9999 and 9999, at their edges) give its
/// first or last instant.
///
/// ```
/// let start = vietnam::instant(jiff::civil::date(2024, 4, 11).at(8, 0, 0, 0));
/// assert_eq!(start.to_string(), "2024-04-11T01:00:00Z");
/// ```
#[must_use]
pub fn instant(wall: DateTime) -> Timestamp {
    HANOI.to_timestamp(wall).unwrap_or(if wall.year() < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wall_clock_and_instant_are_inverse(second in -377_000_000_000_i64..253_000_000_000) {
            let moment = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
            prop_assert_eq!(instant(local(moment)), moment);
        }
    }

    #[test]
    fn the_edges_of_time_do_not_panic() {
        assert_eq!(instant(DateTime::MAX), Timestamp::MAX);
        assert_eq!(instant(DateTime::MIN), Timestamp::MIN);
        assert!(local(Timestamp::MAX) < DateTime::MAX);
    }

    #[test]
    fn case_11_half_past_midnight_belongs_to_the_local_day() {
        let half_past_midnight = "2024-04-17T17:30:00Z".parse().unwrap_or(Timestamp::MIN);
        assert_eq!(
            local(half_past_midnight).date(),
            jiff::civil::date(2024, 4, 18)
        );
    }
}
