//! Refusals of the rules as errors for callers.

use kit::error::Error;

use crate::domain::refusal::Refusal;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::failed_precondition(refusal.reason(), refusal.vi(), refusal.en())
    }
}
