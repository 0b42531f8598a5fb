//! What every loop of the reminder desk works with.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::SignedDuration;
use kit::clock::Clock;
use kit::database::Pool;
use tokio::sync::Notify;
use uuid::Uuid;
use vietnam::calendar::Calendar;

use crate::domain::fact::House;
use crate::domain::rule::Rules;
use crate::source::Sources;
use crate::work::hold::Hold;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Whole>);

struct Whole {
    inner: Inner,
    // Occurrences that have gone out, until somebody follows what becomes of them.
    gone_out: Mutex<Vec<Uuid>>,
}

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
    /// Parties of a mailing that are held together; a larger crowd is named twice.
    pub held: usize,
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
    /// Whether anything may be sent.
    pub hold: Hold,
    /// Wakes the relay: orders were written.
    pub outbox: kit::outbox::Bell,
}

impl Desk {
    /// A desk of these parts.
    #[must_use]
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(Whole {
            inner,
            gone_out: Mutex::default(),
        }))
    }

    /// All deliveries of an occurrence are written.
    pub fn has_gone_out(&self, occurrence: Uuid) {
        self.gone_out().push(occurrence);
    }

    /// What has gone out since this was last asked.
    #[must_use]
    pub fn take_gone_out(&self) -> Vec<Uuid> {
        std::mem::take(&mut *self.gone_out())
    }

    fn gone_out(&self) -> MutexGuard<'_, Vec<Uuid>> {
        self.0
            .gone_out
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
        &self.0.inner
    }
}
