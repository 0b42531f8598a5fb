//! What the services of a stage take for the present.

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};

/// Friday, 1 March 2024, nine in the morning in Việt Nam; time stands still here,
/// so that an invitation is due at once and everything else far away.
const NOW: &str = "2024-03-01T02:00:00Z";

/// The business clock of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusinessClock {
    /// It stands still.
    Still(Timestamp),
    /// The system's clock as the services are made to see it, ahead of the true one.
    Ahead(SignedDuration),
}

impl BusinessClock {
    /// The clock that stands still at the instant of the scenarios.
    ///
    /// # Errors
    /// Never: the instant is a constant.
    pub fn still() -> anyhow::Result<Self> {
        let now = NOW.parse().context("the instant of the scenarios")?;
        Ok(Self::Still(now))
    }

    /// The present business instant.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::Still(now) => now,
            Self::Ahead(ahead) => Timestamp::now()
                .checked_add(ahead)
                .unwrap_or(Timestamp::MAX),
        }
    }
}
