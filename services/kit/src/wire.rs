//! Instants between `google.protobuf.Timestamp` and `jiff`.

use jiff::Timestamp;

use crate::error::Violation;

/// The wire form of an instant.
#[must_use]
pub fn timestamp(instant: Timestamp) -> prost_types::Timestamp {
    // The wire counts nanoseconds upwards from the second; jiff's share the
    // sign of the whole.
    let mut seconds = instant.as_second();
    let mut nanos = instant.subsec_nanosecond();
    if nanos < 0 {
        seconds -= 1;
        nanos += 1_000_000_000;
    }
    prost_types::Timestamp { seconds, nanos }
}

/// As exact as the database keeps it: what is answered now reads back the same. Cut, never
/// rounded up: nothing happens before it was.
#[must_use]
pub fn cut(instant: Timestamp) -> Timestamp {
    let micros = instant.as_nanosecond().div_euclid(1_000);
    i64::try_from(micros)
        .ok()
        .and_then(|micros| Timestamp::from_microsecond(micros).ok())
        .unwrap_or(instant)
}

/// Reads an instant of `field`, as exact as the database keeps it.
///
/// # Errors
/// A violation of `field`: nanoseconds outside 0..1e9 or a year beyond 9999.
pub fn instant(field: &str, time: prost_types::Timestamp) -> Result<Timestamp, Violation> {
    if !(0..1_000_000_000).contains(&time.nanos) {
        return Err(malformed(field));
    }
    let instant = Timestamp::new(time.seconds, time.nanos);
    instant.map(cut).map_err(|_| malformed(field))
}

fn malformed(field: &str) -> Violation {
    Violation::malformed(field, "một thời điểm hợp lệ", "a valid instant")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn instants_survive_the_wire_both_sides_of_1970() {
        for text in ["2024-04-11T08:00:00.25Z", "1969-12-31T23:59:59.75Z"] {
            let instant: Timestamp = text.parse().unwrap();
            let sent = timestamp(instant);
            assert!((0..1_000_000_000).contains(&sent.nanos));
            assert_eq!(super::instant("time", sent).unwrap(), instant);
        }
    }

    proptest! {
        #[test]
        fn an_instant_is_cut_to_what_the_database_keeps(
            seconds in -70_000_000_000_i64..200_000_000_000,
            nanos in 0_i32..1_000_000_000,
        ) {
            let read = instant("time", prost_types::Timestamp { seconds, nanos }).unwrap();
            prop_assert_eq!(read.as_nanosecond().rem_euclid(1_000), 0);
            let exact = Timestamp::new(seconds, nanos).unwrap();
            let lost = exact.as_nanosecond() - read.as_nanosecond();
            prop_assert!((0..1_000).contains(&lost));
            prop_assert_eq!(instant("time", timestamp(read)).unwrap(), read);
        }
    }

    #[test]
    fn an_impossible_instant_is_refused_with_its_field() {
        for (seconds, nanos) in [(0, -1), (0, 1_000_000_000), (i64::MAX, 0)] {
            let refused = instant("start_time", prost_types::Timestamp { seconds, nanos });
            assert_eq!(refused.unwrap_err().field, "start_time");
        }
    }
}
