//! Replies of SMTP servers.

use std::time::Duration;

use super::{AWAY_PAUSE, Pace, Verdict};

/// A server that refuses us rather than a message is asked again after this time.
const ACCOUNT_PAUSE: Duration = Duration::from_secs(60);

/// A reply: RFC 5321 section 4.2, with the enhanced code of RFC 3463 where given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// "550".
    pub code: u16,
    /// "5.1.1", where the text starts with one of the right class.
    pub enhanced: Option<(u8, u16, u16)>,
    /// The text after the codes.
    pub text: String,
}

impl Reply {
    /// Reads code and text of a reply.
    #[must_use]
    pub fn new(code: u16, text: &str) -> Self {
        let text = text.trim();
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        match enhanced(first) {
            Some(found) if u16::from(found.0) == code / 100 => Self {
                code,
                enhanced: Some(found),
                text: rest.trim().to_owned(),
            },
            _ => Self {
                code,
                enhanced: None,
                text: text.to_owned(),
            },
        }
    }

    /// The codes as they are recorded: "550 5.1.1".
    #[must_use]
    pub fn codes(&self) -> String {
        match self.enhanced {
            Some((class, subject, detail)) => format!("{} {class}.{subject}.{detail}", self.code),
            None => self.code.to_string(),
        }
    }
}

fn enhanced(word: &str) -> Option<(u8, u16, u16)> {
    let mut parts = word.split('.');
    let class: u8 = parts.next()?.parse().ok()?;
    let subject = parts.next()?.parse().ok()?;
    let detail = parts.next()?.parse().ok()?;
    (parts.next().is_none() && matches!(class, 2 | 4 | 5)).then_some((class, subject, detail))
}

/// How far the dialogue had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Greeting, EHLO, STARTTLS, AUTH.
    Connect,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, until 354.
    Data,
    /// The body and the final dot.
    Dot,
}

/// What a negative reply in this phase means.
#[must_use]
pub fn refused(reply: &Reply, phase: Phase) -> Verdict {
    let reason = reply.codes();
    if is_account(reply, phase) {
        return Verdict::Config {
            reason,
            pause: ACCOUNT_PAUSE,
        };
    }
    match reply.code {
        // The server sends everybody away, not this message.
        _ if phase == Phase::Connect => Verdict::Away {
            reason,
            pause: AWAY_PAUSE,
        },
        400..=499 => Verdict::Retry {
            reason,
            pace: pace(reply),
        },
        500..=599 => Verdict::Failed {
            reason,
            suppress: is_dead_address(reply, phase),
        },
        // Anything that is neither 4yz nor 5yz was not expected here. Before the
        // body it did no harm; after it nobody knows.
        _ if phase == Phase::Dot => Verdict::Unknown { reason },
        _ => Verdict::Retry {
            reason,
            pace: Pace::Usual,
        },
    }
}

/// What silence in this phase means: a timeout, a reset, a closed connection.
#[must_use]
pub fn no_reply(phase: Phase, what: &str) -> Verdict {
    let reason = what.to_owned();
    match phase {
        Phase::Connect => Verdict::Away {
            reason,
            pause: AWAY_PAUSE,
        },
        Phase::Mail | Phase::Rcpt | Phase::Data => Verdict::Retry {
            reason,
            pace: Pace::Usual,
        },
        Phase::Dot => Verdict::Unknown { reason },
    }
}

/// 454, 530, 535 and 5.7.0 speak of us, not of the message (RFC 4954 section 6);
/// so does every refusal before MAIL that is meant to last.
fn is_account(reply: &Reply, phase: Phase) -> bool {
    matches!(reply.code, 454 | 530 | 534 | 535 | 538)
        || reply.enhanced == Some((5, 7, 0))
        || (phase == Phase::Connect && reply.code / 100 == 5)
}

fn pace(reply: &Reply) -> Pace {
    match (reply.code, reply.enhanced) {
        (452, _) | (_, Some((4, 2, 2))) => Pace::MailboxFull,
        (450 | 451, None | Some((4, 7, _) | (4, 2, 0))) => Pace::Greylist,
        _ => Pace::Usual,
    }
}

/// RFC 3463: 5.1.1 bad mailbox, 5.1.2 bad system, 5.1.6 mailbox has moved.
/// A bare 550 at RCPT says less, so it fails the message but not the address.
fn is_dead_address(reply: &Reply, phase: Phase) -> bool {
    phase == Phase::Rcpt && matches!(reply.enhanced, Some((5, 1, 1 | 2 | 6)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(phase: Phase, code: u16, text: &str) -> Verdict {
        refused(&Reply::new(code, text), phase)
    }

    #[test]
    fn case_31_each_reply_has_its_class() {
        let retry = |reason: &str, pace| Verdict::Retry {
            reason: reason.to_owned(),
            pace,
        };
        let failed = |reason: &str, suppress| Verdict::Failed {
            reason: reason.to_owned(),
            suppress,
        };
        let table = [
            (
                Phase::Rcpt,
                421,
                "4.3.2 shutting down",
                retry("421 4.3.2", Pace::Usual),
            ),
            (
                Phase::Rcpt,
                450,
                "4.7.1 greylisted",
                retry("450 4.7.1", Pace::Greylist),
            ),
            (Phase::Rcpt, 451, "try again", retry("451", Pace::Greylist)),
            (
                Phase::Rcpt,
                451,
                "4.3.0 local error",
                retry("451 4.3.0", Pace::Usual),
            ),
            (
                Phase::Rcpt,
                452,
                "4.2.2 full",
                retry("452 4.2.2", Pace::MailboxFull),
            ),
            (
                Phase::Rcpt,
                550,
                "5.1.1 no such user",
                failed("550 5.1.1", true),
            ),
            (
                Phase::Rcpt,
                550,
                "5.1.2 no such system",
                failed("550 5.1.2", true),
            ),
            (Phase::Rcpt, 551, "5.1.6 moved", failed("551 5.1.6", true)),
            (Phase::Rcpt, 550, "no", failed("550", false)),
            (Phase::Dot, 552, "5.3.4 too big", failed("552 5.3.4", false)),
            (Phase::Dot, 554, "5.7.1 policy", failed("554 5.7.1", false)),
            (
                Phase::Dot,
                451,
                "4.3.0 disk",
                retry("451 4.3.0", Pace::Usual),
            ),
        ];
        for (phase, code, text, expected) in table {
            assert_eq!(at(phase, code, text), expected, "{code} {text}");
        }
    }

    #[test]
    fn a_refused_account_pauses_the_channel() {
        for (phase, code) in [
            (Phase::Connect, 535),
            (Phase::Mail, 530),
            (Phase::Connect, 554),
        ] {
            assert!(
                matches!(at(phase, code, "no"), Verdict::Config { .. }),
                "{code}"
            );
        }
    }

    #[test]
    fn silence_is_harmless_before_354_and_unknown_after_it() {
        for phase in [Phase::Mail, Phase::Rcpt, Phase::Data] {
            assert!(matches!(no_reply(phase, "timeout"), Verdict::Retry { .. }));
        }
        assert!(matches!(
            no_reply(Phase::Connect, "timeout"),
            Verdict::Away { .. }
        ));
        assert!(matches!(
            at(Phase::Connect, 421, "busy"),
            Verdict::Away { .. }
        ));
        assert!(matches!(
            no_reply(Phase::Dot, "timeout"),
            Verdict::Unknown { .. }
        ));
    }

    #[test]
    fn a_reply_out_of_step_is_never_taken_for_acceptance() {
        assert!(matches!(
            at(Phase::Dot, 354, "go ahead"),
            Verdict::Unknown { .. }
        ));
        assert!(matches!(at(Phase::Data, 250, "ok"), Verdict::Retry { .. }));
    }

    #[test]
    fn an_enhanced_code_of_another_class_is_not_believed() {
        assert_eq!(Reply::new(450, "5.1.1 odd").enhanced, None);
        assert_eq!(Reply::new(550, "5.1.1.1 odd").enhanced, None);
    }
}
