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

/// Reads an instant of `field`.
///
/// # Errors
/// A violation of `field`: nanoseconds outside 0..1e9 or a year beyond 9999.
pub fn instant(field: &str, time: prost_types::Timestamp) -> Result<Timestamp, Violation> {
    if !(0..1_000_000_000).contains(&time.nanos) {
        return Err(malformed(field));
    }
    Timestamp::new(time.seconds, time.nanos).map_err(|_| malformed(field))
}

fn malformed(field: &str) -> Violation {
    Violation::malformed(field, "một thời điểm hợp lệ", "a valid instant")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

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

    #[test]
    fn an_impossible_instant_is_refused_with_its_field() {
        for (seconds, nanos) in [(0, -1), (0, 1_000_000_000), (i64::MAX, 0)] {
            let refused = instant("start_time", prost_types::Timestamp { seconds, nanos });
            assert_eq!(refused.unwrap_err().field, "start_time");
        }
    }
}
