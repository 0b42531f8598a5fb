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
/// RFC 4954 section 6) and what we may send in a day do.
fn speaks_of_us(reply: &Reply, phase: Phase) -> bool {
    match phase {
        Phase::Connect => reply.code / 100 == 5 || reply.code == 454,
        Phase::Mail => reply.code / 100 == 5,
        Phase::Rcpt => reply.code == 530 || is_quota(reply, phase),
        Phase::Data | Phase::Dot => is_quota(reply, phase),
    }
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

    /// What relays really say: Google Workspace, Microsoft 365, Postfix.
    #[test]
    fn what_speaks_of_us_rests_the_channel_and_fails_nobody() {
        for (phase, code, text) in [
            (
                Phase::Connect,
                535,
                "5.7.8 Username and Password not accepted",
            ),
            (
                Phase::Connect,
                454,
                "4.7.0 Too many login attempts, please try again later",
            ),
            (Phase::Connect, 554, "5.7.1 blocked"),
            (
                Phase::Mail,
                530,
                "5.7.57 Client not authenticated to send mail",
            ),
            (
                Phase::Mail,
                553,
                "5.7.1 <nhacviec@lienminh.example>: Sender address rejected",
            ),
            (Phase::Mail, 550, "5.4.5 Daily user sending limit exceeded"),
            (
                Phase::Mail,
                554,
                "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
            ),
            (Phase::Mail, 550, "no"),
            (
                Phase::Rcpt,
                530,
                "5.7.0 Must issue a STARTTLS command first",
            ),
            (
                Phase::Rcpt,
                550,
                "5.1.90 you've reached your daily limit for message recipients",
            ),
            (
                Phase::Data,
                550,
                "5.4.5 Daily SMTP relay limit exceeded for user",
            ),
            (Phase::Dot, 550, "5.4.5 Daily user sending limit exceeded"),
            (
                Phase::Dot,
                550,
                "5.7.1 Daily SMTP relay limit exceeded for customer",
            ),
            (
                Phase::Dot,
                554,
                "5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException",
            ),
        ] {
            let verdict = at(phase, code, text);
            assert!(
                matches!(verdict, Verdict::Config { .. }),
                "{code} {text}: {verdict:?}"
            );
        }
    }

    #[test]
    fn what_speaks_of_one_mail_fails_that_mail_and_no_other() {
        for (phase, code, text) in [
            (
                Phase::Dot,
                552,
                "5.7.0 This message was blocked because its content",
            ),
            (Phase::Dot, 554, "5.7.1 Spam message rejected"),
            (
                Phase::Dot,
                550,
                "5.7.60 Client does not have permissions to send as this sender",
            ),
            (Phase::Dot, 552, "5.3.4 Message size limit exceeded"),
            (Phase::Dot, 552, "size limit exceeded"),
            (
                Phase::Dot,
                552,
                "5.2.2 The recipient's mailbox limit exceeded",
            ),
            (Phase::Data, 554, "5.5.1 no valid recipients"),
            (Phase::Dot, 530, "5.7.0 odd"),
            (Phase::Rcpt, 552, "5.2.2 mailbox limit exceeded"),
            (Phase::Rcpt, 550, "relay limit exceeded"),
        ] {
            let verdict = at(phase, code, text);
            let fails = matches!(
                verdict,
                Verdict::Failed {
                    suppress: false,
                    ..
                }
            );
            assert!(fails, "{code} {text}: {verdict:?}");
        }
    }

    #[test]
    fn a_policy_at_rcpt_may_mean_us_or_the_mail() {
        for (code, text, alike) in [
            (554, "5.7.1 <a@b.example>: Relay access denied", "5.7.1"),
            (550, "5.7.0 Mail relay denied", "5.7.0"),
            (550, "5.7.26 unauthenticated sender", "5.7.26"),
        ] {
            let reason = format!("{code} {alike}");
            let alike = alike.to_owned();
            assert_eq!(
                at(Phase::Rcpt, code, text),
                Verdict::Doubtful { reason, alike }
            );
        }
    }

    #[test]
    fn a_full_disk_of_the_relay_is_nobody_s_mailbox() {
        let away = |phase, text| {
            let verdict = at(phase, 452, text);
            matches!(verdict, Verdict::Away { pause, .. } if pause == FULL_PAUSE)
        };
        for phase in [Phase::Mail, Phase::Rcpt, Phase::Data, Phase::Dot] {
            assert!(
                away(phase, "4.3.1 Insufficient system storage"),
                "{phase:?}"
            );
        }
        assert!(away(Phase::Mail, "insufficient system storage"));
        assert!(!away(Phase::Rcpt, "mailbox full"));
        assert!(!away(Phase::Rcpt, "4.2.2 over quota"));
    }

    #[test]
    fn too_much_at_once_asks_for_fewer_lanes() {
        let crowded = |phase, code, text| matches!(at(phase, code, text), Verdict::Crowded { .. });
        for (phase, code, text) in [
            (
                Phase::Connect,
                421,
                "4.7.0 mail.example Error: too many connections from 10.0.0.1",
            ),
            (Phase::Connect, 421, "Too many concurrent SMTP connections"),
            (
                Phase::Mail,
                421,
                "4.4.2 Message submission rate for this client has exceeded the configured limit",
            ),
            (
                Phase::Dot,
                432,
                "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
            ),
            (
                Phase::Dot,
                432,
                "4.3.2 Concurrent connections limit exceeded",
            ),
        ] {
            assert!(crowded(phase, code, text), "{code} {text}");
        }
        for (phase, code, text) in [
            (
                Phase::Rcpt,
                421,
                "4.7.0 mail.example Error: too many errors",
            ),
            (Phase::Rcpt, 421, "4.7.0 too many messages in this session"),
            (
                Phase::Rcpt,
                432,
                "4.3.2 STOREDRV.Deliver; recipient thread limit exceeded",
            ),
            (Phase::Rcpt, 421, "4.3.2 shutting down"),
            (Phase::Rcpt, 452, "4.5.3 too many recipients"),
        ] {
            assert!(!crowded(phase, code, text), "{code} {text}");
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
