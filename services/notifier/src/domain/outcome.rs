//! What a provider's answer means, and when to try again.
//!
//! Pure: reply and attempt in, verdict out. The classes follow RFC 5321
//! section 4.2 and RFC 3463; whatever failed before 354, or was refused then,
//! was certainly not sent, and after it only a reply decides.

mod doubt;
mod policy;
mod schedule;
mod sms;
mod smtp;

pub use doubt::{Doubt, repeat_after, settle};
pub use policy::{
    Acceptance, IN_DOUBT, Judgement, POLICY_PATIENCE, REFUSED_BY_RECIPIENT, Refusal, UNDECIDED,
    Weight, judge, ruled, weigh,
};
pub use schedule::{
    SMS_UNKNOWN_WAIT, UNKNOWN_WAIT, keeps_quiet_hours, over_the_night, rest_wait, retry_wait,
};
pub use sms::{ESMS_GUARD, esms, esms_status, http_status};
pub use smtp::{Phase, Reply, distrusted, no_reply, refused};

use std::time::Duration;

/// What an answer means for the delivery and for its channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The provider took it over.
    Accepted {
        /// What the provider calls it.
        reference: String,
    },
    /// It certainly was not sent; try again.
    Retry {
        /// A stable word or the reply.
        reason: String,
        /// How patient to be.
        pace: Pace,
    },
    /// It was refused for good.
    Failed {
        /// A stable word or the reply.
        reason: String,
        /// Whether the address is dead.
        suppress: bool,
    },
    /// Not this message but our own account is refused: the channel is paused,
    /// the attempt does not count.
    Config {
        /// A stable word or the reply.
        reason: String,
        /// How long the channel rests before it is tried again.
        pause: Duration,
    },
    /// The provider cannot be reached at all: certainly not sent, and no attempt
    /// of any message counts.
    Away {
        /// A stable word or the reply.
        reason: String,
        /// How long the channel rests before it is tried again.
        pause: Duration,
    },
    /// Certainly not sent, because we do too much at once: fewer lanes, and no
    /// attempt counts.
    Crowded {
        /// A stable word or the reply.
        reason: String,
    },
    /// Certainly not sent, and refused for good: whether we or this mail are meant
    /// is judged by what befalls others.
    Doubtful {
        /// A stable word or the reply.
        reason: String,
        /// What others who are refused alike are told as well.
        alike: String,
    },
    /// Nobody knows.
    Unknown {
        /// A stable word.
        reason: String,
    },
}

/// A server that refuses us rather than a message is asked again after this time,
/// at first.
const ACCOUNT_PAUSE: Duration = Duration::from_secs(60);

/// How long a channel rests when its provider cannot be reached.
pub const AWAY_PAUSE: Duration = Duration::from_secs(5);

/// How patient a retry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The usual schedule: 1, 5, 30 minutes, 2, 6, 12 hours.
    Usual,
    /// Greylisting (RFC 6647): the server wants to see us again in some minutes.
    Greylist,
    /// A full mailbox empties in hours, not in minutes.
    MailboxFull,
}
