//! The thread through several services: W3C `traceparent`, carried along in
//! gRPC metadata and message headers.

use std::future::Future;
use std::sync::OnceLock;

use http::{HeaderMap, HeaderValue};

/// Header and property name.
pub const HEADER: &str = "traceparent";

tokio::task_local! {
    static PRESENT: Thread;
}

/// The thread of the work at hand: the caller's, or a new one that begins when
/// it is first asked for. Most reads ask nobody else.
#[derive(Clone, Debug, Default)]
pub struct Thread(OnceLock<String>);

impl Thread {
    /// The caller's thread, or the beginning of a new one.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
        given
            .filter(|text| is_valid(text))
            .map_or_else(Self::default, |text| Self(text.to_owned().into()))
    }

    /// Its `traceparent`.
    #[must_use]
    pub fn traceparent(&self) -> &str {
        self.0.get_or_init(begin)
    }
}

/// The `traceparent` of the work at hand, if it has one.
#[must_use]
pub fn current() -> Option<String> {
    PRESENT
        .try_with(|thread| thread.traceparent().to_owned())
        .ok()
}

/// Runs `work` as part of `thread`.
pub async fn scope<F: Future>(thread: Thread, work: F) -> F::Output {
    PRESENT.scope(thread, work).await
}

/// A new thread (W3C Trace Context, version 00, sampled).
fn begin() -> String {
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
        assert_eq!(Thread::of(&headers).traceparent(), good);
        for bad in [
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "x\"; drop",
        ] {
            headers.insert(HEADER, bad.parse().unwrap());
            let thread = Thread::of(&headers);
            assert_ne!(thread.traceparent(), bad);
            assert!(is_valid(thread.traceparent()));
        }
    }

    #[tokio::test]
    async fn work_in_a_scope_knows_its_thread() {
        assert_eq!(current(), None);
        scope(Thread::default(), async {
            let thread = current();
            assert!(thread.as_deref().is_some_and(is_valid));
            assert_eq!(current(), thread);
        })
        .await;
    }
}
