//! Takes facts and receipts in: each message once, acknowledged after its commit.

use std::rc::Rc;

use super::broker::Broker;
use super::database::Database;
use super::dice::Dice;
use super::message::{Body, Message, Queue};

/// A consumer and where it stands.
pub struct Consumer {
    /// Who it is, to the broker.
    pub id: usize,
    queue: Queue,
    batch: Vec<Message>,
    committed: bool,
}

impl Consumer {
    /// A consumer at rest.
    #[must_use]
    pub const fn new(id: usize, queue: Queue) -> Self {
        Self {
            id,
            queue,
            batch: Vec::new(),
            committed: false,
        }
    }

    /// Its process is gone: what it has not acknowledged comes again.
    pub fn crash(&mut self, broker: &mut Broker) {
        broker.give_back(self.id);
        *self = Self::new(self.id, self.queue);
    }

    /// One step; `false` when there was nothing to do.
    pub fn step(&mut self, base: &mut Database, broker: &mut Broker, dice: &mut Dice) -> bool {
        if self.committed {
            broker.ack(self.id);
            self.committed = false;
            self.batch.clear();
        } else if self.batch.is_empty() {
            let most = 1 + dice.index(4);
            self.batch = broker.take(self.id, self.queue, most, dice);
            return !self.batch.is_empty();
        } else {
            self.commit(base);
            self.committed = true;
        }
        true
    }

    fn commit(&self, base: &mut Database) {
        let ids: Vec<_> = self.batch.iter().map(|message| message.id).collect();
        let mut fresh = base.admit(self.queue, &ids);
        let mut facts = Vec::new();
        let mut receipts = Vec::new();
        for message in &self.batch {
            let Some(place) = fresh.iter().position(|id| *id == message.id) else {
                continue;
            };
            fresh.remove(place);
            match &message.body {
                Body::Fact(fact) => facts.push(Rc::clone(fact)),
                Body::Receipt(Some(delivery), report) => receipts.push((*delivery, *report)),
                Body::Receipt(None, _) | Body::Order(..) => {}
            }
        }
        base.take_in(&facts);
        base.receive(&receipts);
    }
}
