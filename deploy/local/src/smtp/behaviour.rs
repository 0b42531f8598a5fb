//! How the end treats a recipient.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::chance::Mix;

/// What happens to one message to one recipient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// 250 all the way.
    #[default]
    Accept,
    /// This code at RCPT: 550 for a mailbox that does not exist, 452 for a full one.
    RefuseRecipient(u16),
    /// 450 at the first RCPT of this recipient, then accept (RFC 6647).
    Greylist,
    /// This code at DATA, in place of 354.
    RefuseData(u16),
    /// This code after the final dot: the message is not accepted.
    RefuseMessage(u16),
    /// Every reply, from RCPT to the dot, takes this long.
    Slow(Duration),
    /// 421 at RCPT, then the connection is closed.
    Busy,
    /// The connection is closed in place of 354: the message was certainly not accepted.
    DropBeforeData,
    /// The connection is closed in the middle of the body: not accepted.
    DropInBody,
    /// The message is accepted and logged, then the connection is closed without a reply.
    AcceptThenDrop,
    /// The connection is closed after the dot and the message is not accepted. Its sender cannot
    /// tell this from [`Behaviour::AcceptThenDrop`].
    LoseThenDrop,
    /// The message is accepted and logged, the reply comes this much later.
    DelayAfterDot(Duration),
    /// This reply, word for word, where the message stands then: at RCPT, in place of 354, or
    /// after the dot. The message is not accepted.
    Says(Place, &'static str),
}

/// Where a dialogue stands: what a reply answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Nothing yet: the greeting.
    Greeting,
    /// EHLO.
    Ehlo,
    /// STARTTLS.
    StartTls,
    /// AUTH.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT.
    Rcpt,
    /// DATA, in place of 354.
    Data,
    /// The final dot; an accepted message stays accepted.
    Dot,
    /// RSET.
    Rset,
    /// QUIT.
    Quit,
}

/// A reply that no RFC knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// A line without an end, written as fast as the client reads.
    EndlessLine,
    /// Lines without a last one, as fast as the client reads.
    EndlessLines,
    /// The usual reply, and in its text bytes that are no UTF-8.
    Latin1,
    /// The usual reply, and another one that nobody asked for.
    Twice,
}

/// How the end treats connections and senders, whoever the mail is for.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// Connections served at one time. One more is greeted with 421, as Postfix does
    /// (smtpd_client_connection_count_limit).
    pub most_connections: Option<u64>,
    /// Connections with a message under way at one time. One more is told 432, as Microsoft 365
    /// does, which grants a mailbox three.
    pub most_senders: Option<u64>,
    /// This reply to MAIL, word for word: an account or a sender that is not wanted.
    pub to_mail: Option<&'static str>,
    /// Mail is taken only from this user with this password (RFC 4954).
    pub account: Option<(String, String)>,
    /// Replies that no RFC knows.
    pub odd: HashMap<Place, Oddity>,
}

#[derive(Clone, Debug)]
struct Rule {
    recipient: String,
    behaviour: Behaviour,
    /// How many more messages it applies to; `None` is for ever.
    times: Option<u32>,
}

/// Who is treated how: rules for recipients first, then a seeded mix, then the default. May be
/// changed while the end runs.
#[derive(Debug, Default)]
pub struct SmtpRules {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    default: Behaviour,
    manner: Manner,
    greylisted: HashMap<String, u32>,
    mix: Option<Mix<Behaviour>>,
    rules: Vec<Rule>,
    seen: HashMap<String, u64>,
}

impl SmtpRules {
    /// Treats this recipient so from now on. `"@example.com"` stands for a whole domain.
    pub fn set(&self, recipient: &str, behaviour: Behaviour) {
        self.push(recipient, behaviour, None);
    }

    /// Treats the next `times` messages to this recipient so.
    pub fn set_times(&self, recipient: &str, behaviour: Behaviour, times: u32) {
        self.push(recipient, behaviour, Some(times));
    }

    /// Treats everybody without a rule so.
    pub fn set_default(&self, behaviour: Behaviour) {
        self.with(|inner| inner.default = behaviour);
    }

    /// Draws for everybody without a rule, by recipient and by how often it was seen.
    pub fn set_mix(&self, mix: Mix<Behaviour>) {
        self.with(|inner| inner.mix = Some(mix));
    }

    /// Treats connections and senders so from now on.
    pub fn set_manner(&self, manner: Manner) {
        self.with(|inner| inner.manner = manner);
    }

    pub(super) fn manner(&self) -> Manner {
        self.with(|inner| inner.manner.clone())
    }

    pub(super) fn odd(&self, place: Place) -> Option<Oddity> {
        self.with(|inner| inner.manner.odd.get(&place).copied())
    }

    /// Back to accepting everything.
    pub fn clear(&self) {
        self.with(|inner| *inner = Inner::default());
    }

    /// The behaviour for the next message to `recipient`; counts it as seen.
    pub(super) fn next(&self, recipient: &str) -> Behaviour {
        let recipient = recipient.to_lowercase();
        self.with(|inner| {
            let seen = inner.seen.entry(recipient.clone()).or_default();
            *seen += 1;
            let seen = *seen;
            let behaviour = inner
                .rule_for(&recipient)
                .or_else(|| {
                    inner
                        .mix
                        .as_ref()
                        .and_then(|mix| mix.choose(&format!("{recipient} {seen}")))
                })
                .unwrap_or(inner.default);
            if behaviour == Behaviour::Greylist {
                let tries = inner.greylisted.entry(recipient).or_default();
                *tries += 1;
                if *tries > 1 {
                    return Behaviour::Accept;
                }
            }
            behaviour
        })
    }

    fn push(&self, recipient: &str, behaviour: Behaviour, times: Option<u32>) {
        let recipient = recipient.to_lowercase();
        self.with(|inner| {
            inner.rules.retain(|rule| rule.recipient != recipient);
            inner.rules.push(Rule {
                recipient,
                behaviour,
                times,
            });
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn rule_for(&mut self, recipient: &str) -> Option<Behaviour> {
        let rule = self.rules.iter_mut().find(|rule| {
            rule.times != Some(0)
                && (rule.recipient == recipient
                    || rule.recipient.starts_with('@') && recipient.ends_with(&rule.recipient))
        })?;
        rule.times = rule.times.map(|times| times - 1);
        Some(rule.behaviour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_for_some_times_wears_off() {
        let rules = SmtpRules::default();
        rules.set_times("a@example.com", Behaviour::RefuseRecipient(452), 2);
        let seen: Vec<_> = (0..3).map(|_| rules.next("A@example.com")).collect();
        assert_eq!(
            seen,
            [
                Behaviour::RefuseRecipient(452),
                Behaviour::RefuseRecipient(452),
                Behaviour::Accept
            ]
        );
    }

    #[test]
    fn greylisting_lets_the_second_try_in_for_each_recipient() {
        let rules = SmtpRules::default();
        rules.set("@example.com", Behaviour::Greylist);
        assert_eq!(rules.next("a@example.com"), Behaviour::Greylist);
        assert_eq!(rules.next("b@example.com"), Behaviour::Greylist);
        assert_eq!(rules.next("a@example.com"), Behaviour::Accept);
        assert_eq!(rules.next("c@example.org"), Behaviour::Accept);
    }
}
