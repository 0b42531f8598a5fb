//! Connected is not consuming: readiness asks for the latter.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;

use crate::health::ReadinessProbe;

/// Whether a consumer is really consuming. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Consuming(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    queue: String,
    now: AtomicBool,
}

impl Consuming {
    pub(super) fn of(queue: &str) -> Self {
        Self(Arc::new(Inner {
            queue: queue.to_owned(),
            now: AtomicBool::new(false),
        }))
    }

    pub(super) fn set(&self, now: bool) {
        self.0.now.store(now, Ordering::Release);
    }

    /// True between the broker's answer to `basic.consume` and the first fault.
    #[must_use]
    pub fn is_consuming(&self) -> bool {
        self.0.now.load(Ordering::Acquire)
    }
}

impl ReadinessProbe for Consuming {
    fn name(&self) -> &'static str {
        "consumer"
    }

    fn ready(&self) -> BoxFuture<'_, std::result::Result<(), String>> {
        let verdict = if self.is_consuming() {
            Ok(())
        } else {
            Err(format!("not consuming from {}", self.0.queue))
        };
        Box::pin(std::future::ready(verdict))
    }
}
