//! The thread through several services: W3C `traceparent`, carried along in
//! gRPC metadata and message headers.

use std::future::Future;

use http::{HeaderMap, HeaderValue};

/// Header and property name.
pub const HEADER: &str = "traceparent";

tokio::task_local! {
    static PRESENT: String;
}

/// The `traceparent` of the work at hand, if it has one.
#[must_use]
pub fn current() -> Option<String> {
    PRESENT.try_with(Clone::clone).ok()
}

/// Runs `work` under `traceparent`.
pub async fn scope<F: Future>(traceparent: String, work: F) -> F::Output {
    PRESENT.scope(traceparent, work).await
}

/// The caller's thread, or the beginning of a new one.
#[must_use]
pub fn of(headers: &HeaderMap) -> String {
    headers
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|text| is_valid(text))
        .map_or_else(begin, str::to_owned)
}

/// A new thread (W3C Trace Context, version 00, sampled).
#[must_use]
pub fn begin() -> String {
    let trace: u128 = rand::random();
    let span: u64 = rand::random();
    // All zeros is the one forbidden value of either id.
    format!("00-{:032x}-{:016x}-01", trace.max(1), span.max(1))
}

pub(crate) fn header() -> Option<HeaderValue> {
    HeaderValue::try_from(current()?).ok()
}

fn is_valid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [version, trace, span, flags] = parts.as_slice() else {
        return false;
    };
    *version == "00"
        && is_id(trace, 32)
        && is_id(span, 16)
        && flags.len() == 2
        && flags.bytes().all(is_lower_hex)
}

fn is_id(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(is_lower_hex) && text.bytes().any(|byte| byte != b'0')
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_good_thread_is_kept_and_a_bad_one_replaced() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, good.parse().unwrap());
        assert_eq!(of(&headers), good);
        for bad in [
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "x\"; drop",
        ] {
            headers.insert(HEADER, bad.parse().unwrap());
            assert_ne!(of(&headers), bad);
            assert!(is_valid(&of(&headers)));
        }
    }

    #[tokio::test]
    async fn work_in_a_scope_knows_its_thread() {
        assert_eq!(current(), None);
        scope("00-a".to_owned(), async {
            assert_eq!(current().as_deref(), Some("00-a"))
        })
        .await;
    }
}
