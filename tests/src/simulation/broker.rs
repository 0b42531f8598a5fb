//! A broker that loses, doubles, reorders, gives back, refuses and forgets.

use std::collections::HashSet;

use kit::relay::verdict::Heard;
use uuid::Uuid;

use super::dice::Dice;
use super::message::{Message, Queue};

/// What became of a publication.
pub enum Published {
    /// What the publisher hears.
    Heard(Heard),
    /// Taken and given back: no queue wanted it.
    Returned,
    /// The connection is gone.
    Cut,
}

/// Queues, and what consumers have in hand.
#[derive(Clone, Debug, Default)]
pub struct Broker {
    queues: [Vec<Message>; 4],
    held: Vec<(usize, Message)>,
    /// Ids of messages that it has taken over.
    pub taken: HashSet<Uuid>,
    /// Whether it answers at all.
    pub down: bool,
    /// Whether it misbehaves.
    pub faulty: bool,
}

impl Broker {
    /// Takes a message, or not.
    pub fn publish(&mut self, message: &Message, dice: &mut Dice) -> Published {
        let acked = Published::Heard(Heard::Confirm {
            ack: true,
            returned: None,
        });
        if self.down {
            return Published::Cut;
        }
        let fate = if self.faulty { dice.below(100) } else { 99 };
        if !matches!(fate, 0..14 | 18..22) {
            self.taken.insert(message.id);
        }
        match fate {
            0..4 => Published::Heard(Heard::Nothing),
            4..8 => {
                self.push(message);
                Published::Heard(Heard::Nothing)
            }
            8..11 => Published::Heard(Heard::Confirm {
                ack: false,
                returned: None,
            }),
            11..14 => Published::Returned,
            14..18 => {
                self.push(message);
                self.push(message);
                acked
            }
            18..20 => {
                self.push(message);
                Published::Cut
            }
            20..22 => Published::Cut,
            // Confirmed, and lost all the same.
            22..24 => acked,
            _ => {
                self.push(message);
                acked
            }
        }
    }

    fn push(&mut self, message: &Message) {
        self.queues[message.queue as usize].push(message.clone());
    }

    /// Hands out up to `most` messages, in any order while it misbehaves.
    pub fn take(
        &mut self,
        consumer: usize,
        queue: Queue,
        most: usize,
        dice: &mut Dice,
    ) -> Vec<Message> {
        if self.down {
            return Vec::new();
        }
        let waiting = &mut self.queues[queue as usize];
        let mut taken = Vec::new();
        while taken.len() < most && !waiting.is_empty() {
            let place = if self.faulty {
                dice.index(waiting.len())
            } else {
                0
            };
            let message = waiting.remove(place);
            self.held.push((consumer, message.clone()));
            taken.push(message);
        }
        taken
    }

    /// The consumer is done with what it has in hand.
    pub fn ack(&mut self, consumer: usize) {
        self.held.retain(|(holder, _)| *holder != consumer);
    }

    /// The consumer is gone, or gives back: its messages are delivered again.
    pub fn give_back(&mut self, consumer: usize) {
        let (back, kept) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|(holder, _)| *holder == consumer);
        self.held = kept;
        let back: Vec<(usize, Message)> = back;
        for (_, message) in back {
            self.push(&message);
        }
    }

    /// Its connections are cut, or stand again: whatever was in hand comes again.
    pub fn toggle(&mut self) {
        self.down = !self.down;
        for (_, message) in std::mem::take(&mut self.held) {
            self.push(&message);
        }
    }

    /// Its data directory is gone.
    pub fn forget(&mut self) {
        self.queues = Default::default();
        self.held.clear();
    }

    /// A message is lost, or comes twice.
    pub fn trouble(&mut self, dice: &mut Dice) {
        let queue = dice.index(4);
        let waiting = &mut self.queues[queue];
        if waiting.is_empty() {
            return;
        }
        let place = dice.index(waiting.len());
        if dice.chance(50) {
            waiting.remove(place);
        } else {
            let copy = waiting[place].clone();
            waiting.push(copy);
        }
    }

    /// How many messages wait in a queue.
    #[must_use]
    pub fn depth(&self, queue: Queue) -> usize {
        self.queues[queue as usize].len()
    }

    /// Whether a consumer has something of this queue in hand.
    #[must_use]
    pub fn is_in_hand(&self, queue: Queue) -> bool {
        self.held.iter().any(|(_, message)| message.queue == queue)
    }

    /// Whether nothing waits and nothing is in hand.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty() && self.queues.iter().all(Vec::is_empty)
    }
}
