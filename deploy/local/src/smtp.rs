//! An SMTP end that accepts mail durably and can be told to misbehave.

mod behaviour;
mod counters;
mod line;
mod login;
mod reader;
mod session;
mod sink;

pub use behaviour::{Behaviour, Manner, Oddity, Place, SmtpRules};
pub use counters::SmtpCounters;
pub use line::SmtpTls;
pub use sink::{AcceptedMail, SmtpOptions, SmtpSink};
