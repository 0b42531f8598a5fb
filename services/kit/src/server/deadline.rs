//! How long an rpc may take: what the caller allows, and never more than we do.

use std::time::Duration;

use http::HeaderMap;

/// Longest unary rpc. No caller waits longer, and the database cancels earlier.
pub const LONGEST_CALL: Duration = Duration::from_secs(60);

/// Longest answer in a stream: an audience of ten thousand takes seconds, a
/// slow reader gets time.
pub const LONGEST_STREAM: Duration = Duration::from_secs(600);

/// We answer this much before the caller's deadline: the answer then arrives.
const MARGIN: Duration = Duration::from_millis(10);

/// Header by which a caller says how long it waits.
const HEADER: &str = "grpc-timeout";

/// The time allowed for an rpc.
pub(super) fn allowed(headers: &HeaderMap, streams: bool) -> Duration {
    let ours = if streams {
        LONGEST_STREAM
    } else {
        LONGEST_CALL
    };
    match timeout_of(headers) {
        Some(asked) if asked < ours => asked.saturating_sub(MARGIN.min(asked / 4)),
        Some(_) | None => ours,
    }
}

/// What the caller allows, where it says so.
pub(crate) fn timeout_of(headers: &HeaderMap) -> Option<Duration> {
    parse(headers.get(HEADER)?.to_str().ok()?)
}

/// At most eight digits and a unit (gRPC over HTTP/2, "Timeout").
fn parse(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let digits = text.strip_suffix(unit)?;
    let plain = (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    match unit {
        'H' => Some(Duration::from_secs(amount * 3600)),
        'M' => Some(Duration::from_secs(amount * 60)),
        'S' => Some(Duration::from_secs(amount)),
        'm' => Some(Duration::from_millis(amount)),
        'u' => Some(Duration::from_micros(amount)),
        'n' => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_unit_of_the_protocol_is_read() {
        assert_eq!(parse("2H"), Some(Duration::from_secs(7200)));
        assert_eq!(parse("3M"), Some(Duration::from_secs(180)));
        assert_eq!(parse("4S"), Some(Duration::from_secs(4)));
        assert_eq!(parse("5m"), Some(Duration::from_millis(5)));
        assert_eq!(parse("6u"), Some(Duration::from_micros(6)));
        assert_eq!(parse("7n"), Some(Duration::from_nanos(7)));
        for bad in ["", "S", "-1S", "+1S", "123456789S", "1s", "1.5S", "ếS"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_caller_cannot_ask_for_more_than_we_allow() {
        let mut headers = HeaderMap::new();
        assert_eq!(allowed(&headers, false), LONGEST_CALL);
        headers.insert(HEADER, "9H".parse().unwrap());
        assert_eq!(allowed(&headers, false), LONGEST_CALL);
        assert_eq!(allowed(&headers, true), LONGEST_STREAM);
    }

    #[test]
    fn the_answer_leaves_before_the_callers_deadline() {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, "100m".parse().unwrap());
        assert_eq!(allowed(&headers, false), Duration::from_millis(90));
        headers.insert(HEADER, "4m".parse().unwrap());
        assert_eq!(allowed(&headers, false), Duration::from_millis(3));
    }
}
