//! Connected is not consuming: readiness asks for the latter.

use std::error::Error as _;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;

use crate::error::Error;
use crate::health::ReadinessProbe;

/// Whether a consumer is really consuming. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Consuming(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    queue: String,
    state: Mutex<State>,
}

#[derive(Clone, Debug)]
enum State {
    Consuming,
    NotYet,
    /// And why.
    Lost(String),
}

impl Consuming {
    pub(super) fn of(queue: &str) -> Self {
        Self(Arc::new(Inner {
            queue: queue.to_owned(),
            state: Mutex::new(State::NotYet),
        }))
    }

    pub(super) fn begins(&self) {
        self.set(State::Consuming);
    }

    pub(super) fn ends(&self) {
        self.set(State::NotYet);
    }

    pub(super) fn lost(&self, error: &Error) {
        let cause = error.source().map(ToString::to_string);
        self.set(State::Lost(cause.unwrap_or_else(|| error.to_string())));
    }

    /// True between the broker's answer to `basic.consume` and the first fault.
    #[must_use]
    pub fn is_consuming(&self) -> bool {
        matches!(self.state(), State::Consuming)
    }

    fn state(&self) -> State {
        let state = self.0.state.lock();
        state.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, state: State) {
        *self.0.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

impl ReadinessProbe for Consuming {
    fn name(&self) -> &'static str {
        "consumer"
    }

    fn ready(&self) -> BoxFuture<'_, std::result::Result<(), String>> {
        let queue = &self.0.queue;
        let verdict = match self.state() {
            State::Consuming => Ok(()),
            State::NotYet => Err(format!("not consuming from {queue}")),
            State::Lost(cause) => Err(format!("not consuming from {queue}: {cause}")),
        };
        Box::pin(std::future::ready(verdict))
    }
}
