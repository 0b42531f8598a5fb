//! What is said to a server, step by step, and what its answers mean.

use std::fmt;
use std::time::Duration;

use super::reply::Answer;
use crate::domain::outcome::{Phase, Reply, Verdict, distrusted, no_reply, refused};

/// A step of the dialogue: what a reply answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Connect,
    Greeting,
    Ehlo,
    StartTls,
    Handshake,
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,
    Rset,
    Quit,
}

impl Step {
    /// What its failure says of the message.
    pub(super) const fn phase(self) -> Phase {
        match self {
            Self::Connect
            | Self::Greeting
            | Self::Ehlo
            | Self::StartTls
            | Self::Handshake
            | Self::Auth => Phase::Connect,
            Self::Mail | Self::Rset | Self::Quit => Phase::Mail,
            Self::Rcpt => Phase::Rcpt,
            Self::Data => Phase::Data,
            Self::Dot => Phase::Dot,
        }
    }

    /// The least a client waits for each answer (RFC 5321 section 4.5.3.2).
    pub(super) const fn patience(self) -> Duration {
        let seconds = match (self, self.phase()) {
            // Whoever leaves does not wait for a farewell.
            (Self::Quit, _) => 2,
            // The greeting may take five minutes; with our own relay a minute means
            // that it is not there.
            (Self::Rset, _) | (_, Phase::Connect) => 60,
            (_, Phase::Mail | Phase::Rcpt) => 5 * 60,
            (_, Phase::Data) => 2 * 60,
            (_, Phase::Dot) => 10 * 60,
        };
        Duration::from_secs(seconds)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Ehlo => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Handshake => "TLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Dot => "the final dot",
            Self::Rset => "RSET",
            Self::Quit => "QUIT",
        })
    }
}

/// Why a step has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nobody is there.
    Unreachable,
    /// The connection broke.
    Lost,
    /// Nothing came in time.
    Late,
    /// A reply without an end.
    Endless,
    /// What came is no reply.
    Unreadable,
    /// A reply to nothing that was said: what follows answers something else.
    Unasked,
    /// No encryption, or nobody we trust; with the cause.
    Untrusted(String),
    /// Encryption is asked for and not offered.
    NoEncryption,
    /// None of the mechanisms we know is offered for our account.
    NoMechanism,
}

impl Fault {
    const fn word(&self) -> &'static str {
        match self {
            Self::Unreachable => "connect_failed",
            Self::Lost => "connection_lost",
            Self::Late => "timeout",
            Self::Endless => "endless_reply",
            Self::Unreadable => "unreadable_reply",
            Self::Unasked => "unasked_reply",
            Self::Untrusted(_) => "tls_failed",
            Self::NoEncryption => "no_starttls",
            Self::NoMechanism => "no_auth_mechanism",
        }
    }

    fn verdict(&self, phase: Phase) -> Verdict {
        let word = self.word();
        match self {
            Self::Untrusted(_) | Self::NoEncryption | Self::NoMechanism => distrusted(word),
            Self::Unreachable
            | Self::Lost
            | Self::Late
            | Self::Endless
            | Self::Unreadable
            | Self::Unasked => no_reply(phase, word),
        }
    }

    fn detail(&self, step: Step) -> String {
        if let Self::Untrusted(cause) = self {
            return cause.clone();
        }
        format!("{} at {step}", self.word())
    }
}

/// Why a step did not succeed.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What it means.
    pub verdict: Verdict,
    /// Code of the reply; empty when there was none.
    pub code: String,
    /// The server's own words, or what befell at which step.
    pub detail: String,
    /// Whether the connection can be used for the next mail.
    pub connection_stands: bool,
}

impl Refusal {
    /// A reply that is not the one wanted.
    pub(super) fn of(answer: &Answer, step: Step) -> Self {
        let reply = Reply::new(answer.code, &answer.text());
        Self {
            verdict: refused(&reply, step.phase()),
            code: reply.codes(),
            detail: reply.text,
            // 421: the server is about to close. An answer out of step: we no
            // longer know what it answers.
            connection_stands: reply.code != 421 && matches!(reply.code, 400..=599),
        }
    }

    /// No answer that can be read.
    pub(super) fn fault(fault: &Fault, step: Step) -> Self {
        Self {
            verdict: fault.verdict(step.phase()),
            code: String::new(),
            detail: fault.detail(step),
            connection_stands: false,
        }
    }

    /// We did not even ask: this mail cannot go this way.
    pub(super) fn unfit(reason: &str, detail: &str) -> Self {
        Self {
            verdict: Verdict::Failed {
                reason: reason.to_owned(),
                suppress: false,
            },
            code: String::new(),
            detail: detail.to_owned(),
            connection_stands: true,
        }
    }
}

/// A positive answer that is not the one this step has is no acceptance.
pub(super) fn expected(answer: Answer, step: Step) -> Result<Answer, Refusal> {
    let fits = match answer.code {
        334 => step == Step::Auth,
        354 => step == Step::Data,
        code => code / 100 == 2 && step != Step::Data,
    };
    if fits {
        Ok(answer)
    } else {
        Err(Refusal::of(&answer, step))
    }
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

    #[test]
    fn a_reply_without_an_end_is_a_fault_at_its_place() {
        let at = |step| Refusal::fault(&Fault::Endless, step);
        assert!(matches!(at(Step::Greeting).verdict, Verdict::Away { .. }));
        assert!(matches!(at(Step::Rcpt).verdict, Verdict::Retry { .. }));
        assert!(matches!(at(Step::Dot).verdict, Verdict::Unknown { .. }));
        assert_eq!(at(Step::Auth).detail, "endless_reply at AUTH");
    }
}
