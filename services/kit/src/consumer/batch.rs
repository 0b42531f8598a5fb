//! Messages that were delivered and are not yet all acknowledged.

use lapin::Channel;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicNackOptions, BasicRejectOptions};
use lapin::types::DeliveryTag;

use super::{Message, Outcome};
use crate::error::{Error, Result};

/// A batch in the order of its delivery tags.
#[derive(Debug, Default)]
pub(super) struct Batch {
    entries: Vec<Entry>,
    /// The messages of the undecided entries, in the same order.
    messages: Vec<Message>,
}

#[derive(Debug)]
struct Entry {
    tag: DeliveryTag,
    name: String,
    state: State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Undecided,
    Decided(Outcome),
    Settled,
}

/// What is to be said to the broker, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Ack { tag: DeliveryTag, multiple: bool },
    Reject { tag: DeliveryTag },
    GiveBack { tag: DeliveryTag },
}

impl Batch {
    /// Takes a delivery in; one that is no message of ours is poison.
    pub(super) fn take(&mut self, delivery: lapin::Result<Delivery>) -> lapin::Result<()> {
        let mut delivery = delivery?;
        let (name, state) = match Message::of(&mut delivery) {
            Ok(message) => {
                let name = message.id.to_string();
                self.messages.push(message);
                (name, State::Undecided)
            }
            Err(reason) => (
                "unknown".to_owned(),
                State::Decided(Outcome::Poison(reason)),
            ),
        };
        self.entries.push(Entry {
            tag: delivery.delivery_tag,
            name,
            state,
        });
        Ok(())
    }

    /// What is still to be handled.
    pub(super) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Notes the outcomes of [`Batch::messages`]; returns how many stay undecided.
    /// A message without an outcome is *not now*.
    pub(super) fn decide(&mut self, outcomes: Vec<Outcome>) -> usize {
        let mut outcomes = outcomes.into_iter();
        let mut kept = Vec::new();
        let undecided = self
            .entries
            .iter_mut()
            .filter(|entry| entry.state == State::Undecided);
        for (entry, message) in undecided.zip(self.messages.drain(..)) {
            match outcomes.next() {
                Some(outcome @ (Outcome::Done | Outcome::Poison(_))) => {
                    entry.state = State::Decided(outcome);
                }
                Some(Outcome::NotNow) | None => kept.push(message),
            }
        }
        self.messages = kept;
        self.messages.len()
    }

    /// Tells the broker what is decided; with `give_back` it gets the rest again.
    pub(super) async fn settle(&mut self, channel: &Channel, give_back: bool) -> Result<()> {
        for entry in &self.entries {
            if let State::Decided(Outcome::Poison(reason)) = &entry.state {
                metrics::counter!("consumer_poison_total").increment(1);
                tracing::warn!(
                    message = entry.name,
                    reason,
                    "a message goes to the parking queue"
                );
            }
        }
        for word in words(&mut self.entries, give_back) {
            say(channel, word).await.map_err(Error::unavailable)?;
        }
        Ok(())
    }
}

/// Acknowledges runs of messages at once as far as everything before them is
/// settled; "multiple" covers whatever is open up to its tag.
fn words(entries: &mut [Entry], give_back: bool) -> Vec<Word> {
    let mut words = Vec::new();
    let mut run = None;
    let mut all_before_settled = true;
    for entry in entries {
        let tag = entry.tag;
        match std::mem::replace(&mut entry.state, State::Settled) {
            State::Settled => {}
            State::Decided(Outcome::Done) if all_before_settled => run = Some(tag),
            State::Decided(Outcome::Done) => words.push(Word::Ack {
                tag,
                multiple: false,
            }),
            State::Decided(Outcome::Poison(_)) => {
                words.extend(run.take().map(|tag| Word::Ack {
                    tag,
                    multiple: true,
                }));
                words.push(Word::Reject { tag });
            }
            State::Undecided | State::Decided(Outcome::NotNow) => {
                words.extend(run.take().map(|tag| Word::Ack {
                    tag,
                    multiple: true,
                }));
                if give_back {
                    words.push(Word::GiveBack { tag });
                } else {
                    entry.state = State::Undecided;
                    all_before_settled = false;
                }
            }
        }
    }
    words.extend(run.map(|tag| Word::Ack {
        tag,
        multiple: true,
    }));
    words
}

async fn say(channel: &Channel, word: Word) -> lapin::Result<()> {
    match word {
        Word::Ack { tag, multiple } => channel.basic_ack(tag, BasicAckOptions { multiple }).await,
        Word::Reject { tag } => {
            channel
                .basic_reject(tag, BasicRejectOptions { requeue: false })
                .await
        }
        Word::GiveBack { tag } => {
            let options = BasicNackOptions {
                multiple: false,
                requeue: true,
            };
            channel.basic_nack(tag, options).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(states: &[State]) -> Vec<Entry> {
        (1..)
            .zip(states)
            .map(|(tag, state)| Entry {
                tag,
                name: String::new(),
                state: state.clone(),
            })
            .collect()
    }

    fn done() -> State {
        State::Decided(Outcome::Done)
    }

    fn poison() -> State {
        State::Decided(Outcome::Poison("bad".to_owned()))
    }

    #[test]
    fn a_batch_that_is_done_is_acknowledged_with_one_word() {
        let mut batch = entries(&[done(), done(), done()]);
        assert_eq!(
            words(&mut batch, false),
            [Word::Ack {
                tag: 3,
                multiple: true
            }]
        );
        assert_eq!(words(&mut batch, false), []);
    }

    #[test]
    fn poison_is_rejected_alone_between_its_neighbours() {
        let mut batch = entries(&[done(), poison(), done()]);
        assert_eq!(
            words(&mut batch, false),
            [
                Word::Ack {
                    tag: 1,
                    multiple: true
                },
                Word::Reject { tag: 2 },
                Word::Ack {
                    tag: 3,
                    multiple: true
                },
            ]
        );
    }

    #[test]
    fn what_is_not_now_is_never_covered_by_a_later_acknowledgement() {
        let mut batch = entries(&[done(), State::Undecided, done(), poison()]);
        assert_eq!(
            words(&mut batch, false),
            [
                Word::Ack {
                    tag: 1,
                    multiple: true
                },
                Word::Ack {
                    tag: 3,
                    multiple: false
                },
                Word::Reject { tag: 4 },
            ]
        );
        batch[1].state = done();
        assert_eq!(
            words(&mut batch, false),
            [Word::Ack {
                tag: 2,
                multiple: true
            }]
        );
    }

    #[test]
    fn what_is_held_too_long_is_given_back() {
        let mut batch = entries(&[State::Undecided, done()]);
        assert_eq!(
            words(&mut batch, true),
            [
                Word::GiveBack { tag: 1 },
                Word::Ack {
                    tag: 2,
                    multiple: true
                }
            ]
        );
    }
}
