//! What an end has seen and done: a fault that never bit proves nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// A reading of the counters.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct SmtpCounters {
    /// Connections opened so far.
    pub connections: u64,
    /// Connections open at this moment.
    pub open: u64,
    /// Messages accepted and logged.
    pub accepted: u64,
    /// Refusals at RCPT, greylisting not counted.
    pub refused_recipients: u64,
    /// First tries that greylisting sent away.
    pub greylisted: u64,
    /// Refusals at DATA or after the dot.
    pub refused_messages: u64,
    /// Connections closed by 421.
    pub busy: u64,
    /// Connections closed in place of 354 or in the body.
    pub dropped_before_dot: u64,
    /// Connections closed after the dot without a reply.
    pub dropped_after_dot: u64,
    /// Replies that were delayed on purpose.
    pub delayed: u64,
    /// Commands that broke the protocol.
    pub violations: u64,
    /// Connections greeted, and messages begun, that were one too many.
    pub too_many: u64,
    /// Refusals at MAIL.
    pub refused_senders: u64,
    /// Logins with the right password.
    pub logins: u64,
    /// Bytes of replies without an end that a client has taken.
    pub endless_bytes: u64,
}

macro_rules! tally {
    ($($name:ident),+) => {
        #[derive(Debug, Default)]
        pub(super) struct Tally { $(pub(super) $name: AtomicU64),+ }

        impl Tally {
            pub(super) fn read(&self) -> SmtpCounters {
                SmtpCounters { $($name: self.$name.load(Ordering::Relaxed)),+ }
            }
        }
    };
}

tally!(
    connections,
    open,
    accepted,
    refused_recipients,
    greylisted,
    refused_messages,
    busy,
    dropped_before_dot,
    dropped_after_dot,
    delayed,
    violations,
    too_many,
    refused_senders,
    logins,
    endless_bytes
);

/// One more.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
