//! An SMTP end that accepts mail durably and can be told to misbehave.

mod behaviour;
mod counters;
mod reader;
mod session;
mod sink;

pub use behaviour::{Behaviour, SmtpRules};
pub use counters::SmtpCounters;
pub use sink::{AcceptedMail, SmtpOptions, SmtpSink};
