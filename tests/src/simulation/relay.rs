//! A relay: claims rows of an outbox, publishes them one by one, settles.

use kit::relay::verdict::{Account, Heard, Returned, judge};
use uuid::Uuid;

use super::broker::{Broker, Published};
use super::dice::Dice;
use super::flaw::Flaw;
use super::message::Message;
use super::outbox::Outbox;

/// Rows of one batch.
const BATCH: usize = 4;

/// A relay and where it stands.
#[derive(Clone, Debug)]
pub struct Relay {
    /// Who it is, to the locks of the database.
    pub id: usize,
    /// A message whose row it deleted although the broker had not taken it.
    pub deleted_too_soon: Option<Uuid>,
    batch: Option<Batch>,
}

#[derive(Clone, Debug)]
struct Batch {
    rows: Vec<(i64, Message)>,
    heard: Vec<Heard>,
    returned: Vec<Returned>,
    connected: bool,
}

impl Relay {
    /// A relay at rest.
    #[must_use]
    pub const fn new(id: usize) -> Self {
        Self {
            id,
            deleted_too_soon: None,
            batch: None,
        }
    }

    /// Its process is gone: the locks fall with its connection.
    pub fn crash(&mut self, outbox: &mut Outbox) {
        self.batch = None;
        outbox.release(self.id);
    }

    /// One step; `false` when there was nothing to do.
    pub fn step(
        &mut self,
        outbox: &mut Outbox,
        broker: &mut Broker,
        dice: &mut Dice,
        now: i64,
        flaw: Flaw,
    ) -> bool {
        let Some(batch) = &mut self.batch else {
            let rows = outbox.claim(self.id, BATCH, now);
            if rows.is_empty() {
                return false;
            }
            self.batch = Some(Batch {
                heard: Vec::with_capacity(rows.len()),
                rows,
                returned: Vec::new(),
                connected: true,
            });
            return true;
        };
        if batch.connected && batch.heard.len() < batch.rows.len() {
            batch.publish_next(broker, dice);
            return true;
        }
        let Some(batch) = self.batch.take() else {
            return false;
        };
        let rows = batch.rows.clone();
        let account = batch.account(dice, flaw);
        self.deleted_too_soon = self.deleted_too_soon.or(rows
            .iter()
            .find(|(seq, message)| {
                account.confirmed.contains(seq) && !broker.taken.contains(&message.id)
            })
            .map(|(_, message)| message.id));
        outbox.settle(self.id, &account, now);
        true
    }
}

impl Batch {
    fn publish_next(&mut self, broker: &mut Broker, dice: &mut Dice) {
        let (_, message) = &self.rows[self.heard.len()];
        let heard = match broker.publish(message, dice) {
            Published::Heard(heard) => heard,
            Published::Returned => {
                self.returned.push(Returned {
                    id: message.id.to_string(),
                    why: "NO_ROUTE".to_owned(),
                });
                Heard::Confirm {
                    ack: true,
                    returned: None,
                }
            }
            Published::Cut => {
                self.connected = false;
                Heard::Fault("the connection is gone".to_owned())
            }
        };
        self.heard.push(heard);
    }

    /// A returned message hangs on any confirm of its batch.
    fn account(mut self, dice: &mut Dice, flaw: Flaw) -> Account {
        for back in std::mem::take(&mut self.returned) {
            let mut free: Vec<&mut Option<Returned>> = self
                .heard
                .iter_mut()
                .filter_map(|heard| match heard {
                    Heard::Confirm { returned, .. } if returned.is_none() => Some(returned),
                    Heard::Confirm { .. } | Heard::Nothing | Heard::Fault(_) => None,
                })
                .collect();
            let place = dice.index(free.len());
            if let Some(slot) = free.get_mut(place) {
                **slot = Some(back);
            }
        }
        self.heard.resize(self.rows.len(), Heard::Nothing);
        let ids: Vec<Uuid> = self.rows.iter().map(|(_, message)| message.id).collect();
        let verdicts = judge(&ids, self.heard, self.connected);
        let rows = self
            .rows
            .iter()
            .map(|(seq, message)| (*seq, message.queue.stream()));
        let mut account = Account::of(rows, verdicts);
        if flaw == Flaw::RelayDeletesUnconfirmed {
            account.confirmed = self.rows.iter().map(|(seq, _)| *seq).collect();
        }
        account
    }
}
