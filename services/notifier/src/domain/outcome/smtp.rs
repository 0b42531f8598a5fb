//! Replies of SMTP servers.

use std::time::Duration;

use super::{ACCOUNT_PAUSE, AWAY_PAUSE, Pace, Verdict};

/// Disks are emptied in minutes at best.
const FULL_PAUSE: Duration = Duration::from_secs(60);

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
            Some(_) => format!("{} {}", self.code, self.enhanced_code()),
            None => self.code.to_string(),
        }
    }

    fn enhanced_code(&self) -> String {
        let (class, subject, detail) = self.enhanced.unwrap_or_default();
        format!("{class}.{subject}.{detail}")
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

/// What a negative reply in this phase means: about us, about this one mail, or
/// about how busy the server is.
#[must_use]
pub fn refused(reply: &Reply, phase: Phase) -> Verdict {
    let reason = reply.codes();
    match reply.code {
        _ if speaks_of_us(reply, phase) => Verdict::Config {
            reason,
            pause: ACCOUNT_PAUSE,
        },
        _ if is_crowded(reply) => Verdict::Crowded { reason },
        _ if has_no_room(reply, phase) => Verdict::Away {
            reason,
            pause: FULL_PAUSE,
        },
        // The server sends everybody away, not this message.
        _ if phase == Phase::Connect => Verdict::Away {
            reason,
            pause: AWAY_PAUSE,
        },
        400..=499 => Verdict::Retry {
            reason,
            pace: pace(reply),
        },
        500..=599 if phase == Phase::Rcpt && matches!(reply.enhanced, Some((5, 7, _))) => {
            Verdict::Doubtful {
                reason,
                alike: reply.enhanced_code(),
            }
        }
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

/// What silence in this phase means: a timeout, a reset, a closed connection, a
/// reply that cannot be read.
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

/// No encryption, or nobody we trust at the other end: a person must look.
#[must_use]
pub fn distrusted(what: &str) -> Verdict {
    Verdict::Config {
        reason: what.to_owned(),
        pause: ACCOUNT_PAUSE,
    }
}

/// Until MAIL is answered nothing was said of the message: whatever is refused for
/// good speaks of our account or our sender. After that only authentication (530:
/// RFC 4954 section 6), what we may send in a day, and what names the account do.
fn speaks_of_us(reply: &Reply, phase: Phase) -> bool {
    match phase {
        Phase::Connect => reply.code / 100 == 5 || reply.code == 454,
        Phase::Mail => reply.code / 100 == 5,
        Phase::Rcpt => reply.code == 530 || is_quota(reply, phase),
        Phase::Data | Phase::Dot => is_quota(reply, phase) || names_our_account(reply),
    }
}

/// Microsoft 365 judges the account when it has the whole mail, by codes that mean nothing
/// else: 5.7.57 not signed in, 5.7.60 may not send as this sender, 5.7.501 to 503 a banned
/// sender, 5.7.705, 708 and 750 a tenant, an address, a domain that may not send. (5.7.703
/// blocks one recipient.)
const fn names_our_account(reply: &Reply) -> bool {
    matches!(
        reply.enhanced,
        Some((5, 7, 57 | 60 | 501..=503 | 705 | 708 | 750))
    )
}

/// What we may send is used up: 5.4.5 at Google, 5.1.90 and the words of the
/// submission queue at Microsoft 365. At RCPT words alone may speak of the
/// recipient's limits, and so do a full mailbox and a large message everywhere.
fn is_quota(reply: &Reply, phase: Phase) -> bool {
    if reply.code / 100 != 5 {
        return false;
    }
    let text = reply.text.to_lowercase();
    match reply.enhanced {
        Some((5, 4, 5) | (5, 1, 90)) => true,
        _ if phase == Phase::Rcpt => false,
        // "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceeded…": ours.
        _ if text.contains("storedrv.submission") && text.contains("quotaexceeded") => true,
        Some((5, 2, 2 | 3) | (5, 3, 4)) => false,
        _ => text.contains("limit exceeded") && !text.contains("size"),
    }
}

/// Too many connections, not too much mail: "421 4.7.0 too many connections"
/// (Postfix), "432 4.3.2 … sender thread limit exceeded" (Microsoft 365). Too many
/// errors or messages in one session end with that session, and a busy recipient
/// speaks for himself.
fn is_crowded(reply: &Reply) -> bool {
    const MANY: [&str; 3] = ["too many", "concurrent", "limit"];
    const OTHERWISE: [&str; 4] = ["errors", "session", "recipient", "login"];
    let text = reply.text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    matches!(reply.code, 421 | 432) && says(&MANY) && !says(&OTHERWISE)
}

/// 4.3.1 is the server's own disk (RFC 3463 section 3.4), whoever the mail is for;
/// so is a bare 452 (RFC 5321 section 4.2.3), except where it may be the mailbox.
fn has_no_room(reply: &Reply, phase: Phase) -> bool {
    match reply.enhanced {
        Some(enhanced) => enhanced == (4, 3, 1),
        None => reply.code == 452 && phase != Phase::Rcpt,
    }
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
mod tests;
