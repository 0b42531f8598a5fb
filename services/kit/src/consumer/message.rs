//! A message as a handler sees it.

use jiff::Timestamp;
use lapin::message::Delivery;
use lapin::types::{AMQPValue, FieldTable};
use uuid::Uuid;

use crate::outbox::MAX_PAYLOAD;

/// A message from a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The same on every copy of the message.
    pub id: Uuid,
    /// Full proto type of the payload.
    pub type_name: String,
    /// The service that sent it, as it says itself.
    pub source: String,
    /// The user who published it, for whom the broker vouches.
    pub publisher: Option<String>,
    /// `events.v1.obligation.moved`.
    pub routing_key: String,
    /// Resource name of the aggregate it tells of.
    pub aggregate: Option<String>,
    /// Rises with each fact of the aggregate.
    pub sequence: Option<i64>,
    /// The business instant of the fact.
    pub occurred_at: Option<Timestamp>,
    /// W3C trace context of what caused it.
    pub traceparent: Option<String>,
    /// Whether the broker has delivered it before, perhaps to somebody who died.
    pub redelivered: bool,
    /// The encoded message.
    pub payload: Vec<u8>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its effect is committed, or it has none.
    Done,
    /// What it needs is away (the database, another service): it waits.
    NotNow,
    /// It can never be handled, for this reason; a person looks at it.
    Poison(String),
}

impl Message {
    /// Reads a delivery; its payload is taken out of it.
    ///
    /// # Errors
    /// Why it cannot be a message of ours.
    pub fn of(delivery: &mut Delivery) -> Result<Self, String> {
        if delivery.data.len() > MAX_PAYLOAD {
            return Err(format!(
                "its {} bytes are more than a message may have",
                delivery.data.len()
            ));
        }
        let properties = &delivery.properties;
        let id = properties
            .message_id()
            .as_ref()
            .ok_or("it has no message id")?
            .as_str()
            .parse()
            .map_err(|_| "its message id is not a UUID")?;
        let none = FieldTable::default();
        let headers = properties.headers().as_ref().unwrap_or(&none);
        Ok(Self {
            id,
            type_name: owned(properties.kind().as_ref()),
            source: owned(properties.app_id().as_ref()),
            publisher: properties.user_id().as_ref().map(ToString::to_string),
            routing_key: delivery.routing_key.to_string(),
            aggregate: text(headers, "aggregate"),
            sequence: number(headers, "sequence"),
            occurred_at: text(headers, "occurred_at").and_then(|text| text.parse().ok()),
            traceparent: text(headers, "traceparent"),
            redelivered: delivery.redelivered,
            payload: std::mem::take(&mut delivery.data),
        })
    }
}

fn owned(text: Option<&lapin::types::ShortString>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

#[allow(clippy::wildcard_enum_match_arm)] // a header of another type is not ours
fn text(headers: &FieldTable, name: &str) -> Option<String> {
    match headers.inner().get(name)? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

#[allow(clippy::wildcard_enum_match_arm)] // a header of another type is not ours
fn number(headers: &FieldTable, name: &str) -> Option<i64> {
    match headers.inner().get(name)? {
        AMQPValue::LongLongInt(number) => Some(*number),
        AMQPValue::LongInt(number) => Some(i64::from(*number)),
        AMQPValue::LongUInt(number) => Some(i64::from(*number)),
        _ => None,
    }
}
