//! The four services.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A service of the suite; also the name of its program, its roles and its broker user.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceName {
    /// Organisations, members, contacts.
    Registry,
    /// Plans, ceremonies, deadlines.
    Events,
    /// Support money and its ledger.
    Funding,
    /// Reminders.
    Notifier,
}

impl ServiceName {
    /// All of them, sources first: the order in which they are started.
    pub const ALL: [Self; 4] = [Self::Registry, Self::Events, Self::Funding, Self::Notifier];

    /// The name in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Events => "events",
            Self::Funding => "funding",
            Self::Notifier => "notifier",
        }
    }

    /// Whether it has pages for the world: replies, receipts.
    #[must_use]
    pub const fn has_pages(self) -> bool {
        matches!(self, Self::Events | Self::Notifier)
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
