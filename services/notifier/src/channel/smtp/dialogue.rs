//! What is said to a server, and how its answers are read.

use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::response::Response;
use vietnam::text::remark;

use crate::domain::outcome::{Phase, Reply, Verdict, no_reply, refused};

/// The least a client waits for each answer (RFC 5321 section 4.5.3.2).
pub(super) const fn deadline(phase: Phase) -> Duration {
    match phase {
        // The greeting may take five minutes; with our own relay a minute means
        // that it is not there.
        Phase::Connect => Duration::from_secs(60),
        Phase::Mail | Phase::Rcpt => Duration::from_secs(5 * 60),
        Phase::Data => Duration::from_secs(2 * 60),
        Phase::Dot => Duration::from_secs(10 * 60),
    }
}

/// Why a step did not succeed.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What it means.
    pub verdict: Verdict,
    /// Code of the reply; empty when there was none.
    pub code: String,
    /// Its text without addresses.
    pub detail: String,
    /// Whether the connection can be used for the next mail.
    pub connection_stands: bool,
}

impl Refusal {
    /// A negative reply, or none that can be read.
    pub(super) fn of(error: &SmtpError, phase: Phase) -> Self {
        let Some(code) = error.status().map(u16::from) else {
            return Self::silence(phase, "connection_lost");
        };
        let text = error.to_string();
        let text = text.split_once("): ").map_or("", |(_, text)| text);
        Self::reply(&Reply::new(code, text), phase)
    }

    pub(super) fn reply(reply: &Reply, phase: Phase) -> Self {
        Self {
            verdict: refused(reply, phase),
            code: reply.codes(),
            detail: remark(&reply.text),
            // 421: the server is about to close. An answer out of step: we no
            // longer know what it answers.
            connection_stands: reply.code != 421 && matches!(reply.code, 400..=599),
        }
    }

    pub(super) fn silence(phase: Phase, what: &str) -> Self {
        Self {
            verdict: no_reply(phase, what),
            code: String::new(),
            detail: what.to_owned(),
            connection_stands: false,
        }
    }
}

/// A positive answer that is not the one this phase has is no acceptance.
pub(super) fn expected(response: &Response, phase: Phase) -> Result<(), Refusal> {
    let code = u16::from(response.code());
    let fits = match phase {
        Phase::Data => code == 354,
        Phase::Connect | Phase::Mail | Phase::Rcpt | Phase::Dot => code / 100 == 2,
    };
    if fits {
        return Ok(());
    }
    let text = response.first_line().unwrap_or_default();
    Err(Refusal::reply(&Reply::new(code, text), phase))
}

/// A body, dot-stuffed (RFC 5321 section 4.5.2), and the final dot: one write.
pub(super) fn stuffed(body: &str) -> String {
    // Lines that begin with a dot are rare.
    let mut text = String::with_capacity(body.len() + 64);
    for line in body.split_inclusive('\n') {
        if line.starts_with('.') {
            text.push('.');
        }
        text.push_str(line);
    }
    if !body.ends_with("\r\n") {
        text.push_str("\r\n");
    }
    text.push_str(".\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_dots_are_stuffed_and_one_dot_ends_the_body() {
        assert_eq!(stuffed(".a\r\n..b\r\nc"), "..a\r\n...b\r\nc\r\n.\r\n");
        assert_eq!(stuffed("a\r\n"), "a\r\n.\r\n");
        assert_eq!(stuffed(""), "\r\n.\r\n");
    }
}
