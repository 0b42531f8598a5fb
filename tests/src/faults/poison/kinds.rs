//! Ways in which a message can be beyond all handling.

use lienminh_proto::obligation::v1::{Obligation, ObligationClass, ObligationStatus};
use prost::Message as _;
use prost_types::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// A queue of the notifier and the way into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Queue {
    pub(super) name: &'static str,
    pub(super) exchange: &'static str,
    pub(super) routing_key: &'static str,
    /// The type of the messages that belong there.
    kind: &'static str,
}

const FACTS: &str = "notifier.facts";

const ORDER: &str = "lienminh.notifier.internal.DeliveryOrder";

const RECEIPT: &str = "lienminh.notifier.internal.ReceiptNotice";

const fn orders(name: &'static str, routing_key: &'static str) -> Queue {
    Queue {
        name,
        exchange: "lienminh.deliveries",
        routing_key,
        kind: ORDER,
    }
}

/// Every queue of the notifier.
pub(super) const QUEUES: [Queue; 6] = [
    Queue {
        name: FACTS,
        exchange: "lienminh.facts",
        routing_key: "events.v1.obligation.moved",
        kind: "lienminh.obligation.v1.Obligation",
    },
    orders("notifier.email", "email"),
    orders("notifier.email.bulk", "email.bulk"),
    orders("notifier.sms", "sms"),
    orders("notifier.sms.bulk", "sms.bulk"),
    Queue {
        name: "notifier.receipts",
        exchange: "lienminh.receipts",
        routing_key: "esms",
        kind: RECEIPT,
    },
];

/// What is wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Bytes that are no protobuf.
    Undecodable,
    /// Well-formed, of a type that does not belong there.
    UnknownType,
    /// The right type in a version that does not exist.
    UnknownVersion,
    /// Many times what a message may have.
    TooLarge,
    /// No type, no id, nothing.
    NoProperties,
    /// An id that is none.
    WrongId,
    /// Decodes, and no database can hold it.
    Unstorable,
}

/// A message with its properties.
pub(super) struct Poison {
    pub(super) properties: Value,
    pub(super) payload: Vec<u8>,
}

const EVERYWHERE: [Kind; 6] = [
    Kind::Undecodable,
    Kind::UnknownType,
    Kind::UnknownVersion,
    Kind::TooLarge,
    Kind::NoProperties,
    Kind::WrongId,
];

/// An order holds nothing that a database could refuse, and what a receipt says is cleaned.
const WITH_CONTENT: [Kind; 7] = [
    Kind::Unstorable,
    Kind::Undecodable,
    Kind::UnknownType,
    Kind::UnknownVersion,
    Kind::TooLarge,
    Kind::NoProperties,
    Kind::WrongId,
];

/// Sixteen times what a message may have.
const LARGE: usize = 1024 * 1024;

impl Kind {
    /// The kinds that there are for a queue.
    pub(super) fn of(queue: Queue) -> &'static [Self] {
        if [ORDER, RECEIPT].contains(&queue.kind) {
            &EVERYWHERE
        } else {
            &WITH_CONTENT
        }
    }

    /// In words.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::UnknownType => "of an unknown type",
            Self::UnknownVersion => "of an unknown version",
            Self::TooLarge => "far too large",
            Self::NoProperties => "without properties",
            Self::WrongId => "with an id that is none",
            Self::Unstorable => "that no database can hold",
        }
    }

    /// One of them, different from every other `number`.
    pub(super) fn brew(self, queue: Queue, number: usize) -> Poison {
        let mark = format!("poison {number}");
        let mut properties =
            json!({ "type": queue.kind, "message_id": Uuid::now_v7().to_string() });
        let mut payload = good(queue, &mark);
        match self {
            Self::Undecodable => payload = [&[0xff; 7], mark.as_bytes()].concat(),
            Self::UnknownType => properties["type"] = json!("lienminh.elsewhere.v1.Letter"),
            Self::UnknownVersion => {
                properties["type"] = json!(format!("{}V2", queue.kind.replace(".v1.", ".v2.")));
            }
            Self::TooLarge => payload.resize(LARGE + number, b'x'),
            Self::NoProperties => properties = json!({}),
            Self::WrongId => properties["message_id"] = json!("không phải UUID"),
            Self::Unstorable => payload = good(queue, &format!("{mark}\0")),
        }
        Poison {
            properties,
            payload,
        }
    }
}

/// What would be a good message of the queue, had it the right properties.
fn good(queue: Queue, mark: &str) -> Vec<u8> {
    match queue.kind {
        ORDER => Order {
            delivery: Uuid::now_v7().as_bytes().to_vec(),
            generation: 1,
        }
        .encode_to_vec(),
        RECEIPT => Notice {
            provider: "esms".to_owned(),
            reference: mark.to_owned(),
            status: "delivered".to_owned(),
        }
        .encode_to_vec(),
        _ => Obligation {
            name: format!("events/obligations/event-{}", Uuid::now_v7()),
            source: "events".to_owned(),
            kind: "ceremony".to_owned(),
            class: ObligationClass::Invitation.into(),
            title: mark.to_owned(),
            anchor_version: 1,
            status: ObligationStatus::Scheduled.into(),
            sequence: 1,
            update_time: Some(Timestamp::default()),
            ..Default::default()
        }
        .encode_to_vec(),
    }
}

/// The notifier's own order, as it stands on the wire.
#[derive(Clone, PartialEq, prost::Message)]
struct Order {
    #[prost(bytes = "vec", tag = "1")]
    delivery: Vec<u8>,
    #[prost(int32, tag = "2")]
    generation: i32,
}

/// The notifier's own receipt, as it stands on the wire.
#[derive(Clone, PartialEq, prost::Message)]
struct Notice {
    #[prost(string, tag = "1")]
    provider: String,
    #[prost(string, tag = "2")]
    reference: String,
    #[prost(string, tag = "3")]
    status: String,
}
