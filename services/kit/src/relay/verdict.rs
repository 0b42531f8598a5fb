//! What became of each message of a batch, by what was heard of it. Pure.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

/// What a row keeps of an error.
const MAX_REASON: usize = 500;

/// What was heard of a message that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing within the time for confirms.
    Nothing,
    /// The publication failed, with the reason.
    Fault(String),
    /// The broker's confirm.
    Confirm {
        /// Whether it took the message.
        ack: bool,
        /// A message that it gave back before, not necessarily this one.
        returned: Option<Returned>,
    },
}

/// A message that no queue wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Its `message_id`.
    pub id: String,
    /// The broker's words.
    pub why: String,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// With the broker, in at least one queue where that was asked.
    Confirmed,
    /// The broker is there and does not take it: tried again later, others go first.
    Refused(String),
    /// No answer: nothing is known, nothing is written down.
    Unanswered,
}

/// Judges a batch by what was heard of each of its messages; `connected` tells
/// whether the connection stood afterwards.
///
/// A returned message may hang on the confirm of another one of its batch, so
/// returns are matched by message id and not by the confirm that carried them.
#[must_use]
pub fn judge(ids: &[Uuid], heard: Vec<Heard>, connected: bool) -> Vec<Verdict> {
    let mut returned: HashMap<String, String> = HashMap::new();
    let mut verdicts: Vec<Verdict> = heard
        .into_iter()
        .map(|each| verdict(each, connected, &mut returned))
        .collect();
    if !returned.is_empty() {
        for (id, verdict) in ids.iter().zip(&mut verdicts) {
            if let Some(reason) = returned.remove(&id.to_string()) {
                *verdict = Verdict::Refused(reason);
            }
        }
    }
    verdicts
}

fn verdict(heard: Heard, connected: bool, returned: &mut HashMap<String, String>) -> Verdict {
    match heard {
        Heard::Nothing => Verdict::Unanswered,
        // With the connection the reason is gone too; the row waits untouched.
        Heard::Fault(_) if !connected => Verdict::Unanswered,
        Heard::Fault(reason) => Verdict::Refused(reason),
        Heard::Confirm {
            ack,
            returned: back,
        } => {
            if let Some(back) = back {
                returned.insert(back.id, format!("returned: {}", back.why));
            }
            if ack {
                Verdict::Confirmed
            } else {
                Verdict::Refused("the broker refused the message".to_owned())
            }
        }
    }
}

/// A batch sorted by what became of it: what is deleted, what waits, what is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// With the broker: these rows are deleted.
    pub confirmed: Vec<i64>,
    /// Not taken: these rows wait ...
    pub refused: Vec<i64>,
    /// ... for these reasons.
    pub reasons: Vec<String>,
    /// Confirmed messages by stream.
    pub streams: BTreeMap<String, i64>,
    /// Rows of which nothing is known: the connection is not to be used again.
    pub unanswered: usize,
}

impl Account {
    /// Sorts rows, each with its position in the outbox and its stream.
    #[must_use]
    pub fn of<'r>(rows: impl IntoIterator<Item = (i64, &'r str)>, verdicts: Vec<Verdict>) -> Self {
        let mut account = Self::default();
        for ((seq, stream), verdict) in rows.into_iter().zip(verdicts) {
            match verdict {
                Verdict::Confirmed => {
                    account.confirmed.push(seq);
                    if let Some(count) = account.streams.get_mut(stream) {
                        *count += 1;
                    } else {
                        account.streams.insert(stream.to_owned(), 1);
                    }
                }
                Verdict::Refused(reason) => {
                    account.refused.push(seq);
                    account
                        .reasons
                        .push(reason.chars().take(MAX_REASON).collect());
                }
                Verdict::Unanswered => account.unanswered += 1,
            }
        }
        account
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn confirm(returned: Option<Uuid>) -> Heard {
        Heard::Confirm {
            ack: true,
            returned: returned.map(|id| Returned {
                id: id.to_string(),
                why: "NO_ROUTE".to_owned(),
            }),
        }
    }

    #[test]
    fn a_return_that_hangs_on_another_confirm_keeps_its_own_row() {
        let verdicts = judge(
            &[ONE, OTHER],
            vec![confirm(Some(OTHER)), confirm(None)],
            true,
        );
        assert_eq!(
            verdicts,
            [
                Verdict::Confirmed,
                Verdict::Refused("returned: NO_ROUTE".to_owned())
            ]
        );
        let account = Account::of([(7, "deliveries"), (8, "deliveries")], verdicts);
        assert_eq!(account.confirmed, [7]);
        assert_eq!(account.refused, [8]);
        assert_eq!(account.streams["deliveries"], 1);
    }

    #[test]
    fn of_a_lost_connection_nothing_is_written_down() {
        let fault = || Heard::Fault("closed".to_owned());
        assert_eq!(judge(&[ONE], vec![fault()], false), [Verdict::Unanswered]);
        assert_eq!(
            judge(&[ONE], vec![Heard::Nothing], true),
            [Verdict::Unanswered]
        );
        let refused = Verdict::Refused("closed".to_owned());
        assert_eq!(judge(&[ONE], vec![fault()], true), [refused]);
    }

    #[test]
    fn a_nack_keeps_the_row() {
        let nack = Heard::Confirm {
            ack: false,
            returned: None,
        };
        let verdicts = judge(&[ONE], vec![nack], true);
        let account = Account::of([(7, "deliveries")], verdicts);
        assert!(account.confirmed.is_empty());
        assert_eq!(account.refused, [7]);
    }
}
