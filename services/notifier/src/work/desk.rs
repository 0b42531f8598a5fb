//! What every loop of the reminder desk works with.

use std::sync::Arc;

use jiff::SignedDuration;
use kit::clock::Clock;
use kit::database::Pool;
use tokio::sync::Notify;
use vietnam::calendar::Calendar;

use crate::domain::fact::House;
use crate::domain::rule::Rules;
use crate::source::Sources;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

/// What the desk is made of.
pub struct Inner {
    /// Connections.
    pub pool: Pool,
    /// The business clock.
    pub clock: Clock,
    /// The ladders in force.
    pub rules: Rules,
    /// The working calendar.
    pub calendar: Calendar,
    /// The other services.
    pub sources: Sources,
    /// How long a change settles before it is told.
    pub settle: SignedDuration,
    /// Base of reply pages, without a slash at its end; empty: none are served.
    pub reply_url: String,
    /// Domain of calendar UIDs.
    pub mail_domain: String,
    /// Wakes the scheduler: something was planned.
    pub planned: Notify,
    /// Wakes the comparison with the sources: facts may have been lost.
    pub doubted: Notify,
    /// Wakes the relay: orders were written.
    pub outbox: kit::outbox::Bell,
}

impl Desk {
    /// A desk of these parts.
    #[must_use]
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The rules that decide.
    #[must_use]
    pub fn house(&self) -> House<'_> {
        House {
            rules: &self.rules,
            calendar: &self.calendar,
            settle: self.settle,
        }
    }
}

impl std::ops::Deref for Desk {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
