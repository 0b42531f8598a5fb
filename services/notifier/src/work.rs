//! The loops: facts in, reminders out.

pub mod antientropy;
pub mod call_list;
pub mod correction;
pub mod desk;
pub mod dispatch;
pub mod fanout;
pub mod gauges;
pub mod hold;
pub mod intake;
pub mod keeper;
pub mod letter;
pub mod parking;
pub mod receipts;
pub mod reconcile;
pub mod ring;
pub mod scheduler;
pub mod sending;
pub mod settled;
pub mod sweep;

use kit::error::Error;

/// An error with its causes, for a log line. What a database says about a row
/// stays out of it: it may quote an address.
#[must_use]
pub fn words(error: &Error) -> String {
    if let Some(code) = error.sqlstate() {
        let constraint = error.constraint().unwrap_or("none");
        return format!("{error}: SQLSTATE {}, constraint {constraint}", code.code());
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
