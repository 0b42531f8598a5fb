//! What can be put into the outbox.

use jiff::Timestamp;
use uuid::Uuid;

/// Something that happened to an aggregate, with the aggregate's whole present state.
///
/// Travels under the routing key `<source>.v1.<aggregate>.<fact>`.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The service that says it: `events`.
    pub source: &'static str,
    /// Kind of aggregate: `obligation`, `event`.
    pub aggregate: &'static str,
    /// What happened to it: `moved`.
    pub fact: &'static str,
    /// Resource name of the aggregate: `events/obligations/event-0190…`.
    pub name: String,
    /// Rises with each fact of this aggregate.
    pub sequence: i64,
    /// The business instant at which it happened.
    pub occurred_at: Timestamp,
    /// Full proto type of the state: `lienminh.obligation.v1.Obligation`.
    pub type_name: &'static str,
    /// The state, encoded. Fields that the proto marks personal or restricted
    /// are taken out before it is stored.
    pub message: Vec<u8>,
}

impl Fact {
    /// `events.v1.obligation.moved`.
    #[must_use]
    pub fn routing_key(&self) -> String {
        format!("{}.v1.{}.{}", self.source, self.aggregate, self.fact)
    }

    /// The stream it is counted under: `facts:obligation`.
    pub(super) fn stream(&self) -> String {
        format!("facts:{}", self.aggregate)
    }

    /// Obligations always have a receiver, the notifier: one that no queue takes
    /// is a fault of the topology and is tried again. Other facts are for
    /// whoever binds a queue, and perhaps nobody does.
    pub(super) fn is_awaited(&self) -> bool {
        self.aggregate == "obligation"
    }
}

/// A message that asks for work: it must reach a queue.
#[derive(Clone, Debug)]
pub struct Order {
    /// Message id; a second copy of the order carries the same.
    pub id: Uuid,
    /// `email`, `sms.bulk`, ...
    pub routing_key: String,
    /// Full proto type of the payload.
    pub type_name: &'static str,
    /// The encoded message.
    pub payload: Vec<u8>,
}
