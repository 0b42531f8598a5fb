//! Whether the outbox flows, for whoever asks how the process is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use futures_util::future::BoxFuture;

use crate::error::Error;
use crate::health::ReadinessProbe;

/// What the relay last found. Cheap to clone.
///
/// As a probe it never makes a process unready: what is asked of the service is
/// answered, and what follows from it waits in the outbox. It only says so.
#[derive(Clone, Debug, Default)]
pub struct Flow(Arc<Mutex<Option<Standstill>>>);

#[derive(Clone, Debug)]
struct Standstill {
    since: Instant,
    cause: String,
}

impl Flow {
    pub(super) fn flows(&self) {
        *self.held() = None;
    }

    pub(super) fn stands(&self, error: &Error) {
        let cause =
            std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
        let mut held = self.held();
        let since = held
            .as_ref()
            .map_or_else(Instant::now, |before| before.since);
        *held = Some(Standstill { since, cause });
    }

    fn held(&self) -> MutexGuard<'_, Option<Standstill>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadinessProbe for Flow {
    fn name(&self) -> &'static str {
        "outbox"
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn remark(&self) -> Option<String> {
        let standstill = self.held().clone()?;
        Some(format!(
            "messages have waited for the broker for {} s: {}",
            standstill.since.elapsed().as_secs(),
            standstill.cause
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn a_standstill_is_told_and_makes_nobody_unready() {
        let flow = Flow::default();
        assert_eq!(flow.remark(), None);
        flow.stands(&Error::unavailable(anyhow::anyhow!("no memory")));
        let words = flow.remark().unwrap();
        assert!(words.ends_with("for 0 s: no memory"), "{words}");
        assert_eq!(flow.ready().await, Ok(()));
        flow.flows();
        assert_eq!(flow.remark(), None);
    }
}
