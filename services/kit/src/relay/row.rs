//! A row of the outbox on its way to the broker.

use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use tokio_postgres::Row;
use uuid::Uuid;

pub(super) const CLAIM: &str = "
    select o.seq, o.id, o.exchange, o.routing_key, o.stream, o.mandatory, o.type, o.aggregate,
           o.aggregate_sequence, o.occurred_at, o.traceparent, o.payload, o.recorded_at
    from outbox o
    where o.retry_at is null or o.retry_at <= clock_timestamp()
    order by o.seq
    limit $1
    for update skip locked";

/// Survives a restart of the broker.
const PERSISTENT: u8 = 2;

/// A claimed row; its text and bytes stay where the database driver put them.
pub(super) struct Outgoing(Row);

impl Outgoing {
    pub(super) fn new(row: Row) -> Self {
        Self(row)
    }

    pub(super) fn seq(&self) -> i64 {
        self.0.get(0)
    }

    pub(super) fn id(&self) -> Uuid {
        self.0.get(1)
    }

    pub(super) fn exchange(&self) -> &str {
        self.0.get(2)
    }

    pub(super) fn routing_key(&self) -> &str {
        self.0.get(3)
    }

    pub(super) fn stream(&self) -> &str {
        self.0.get(4)
    }

    pub(super) fn is_mandatory(&self) -> bool {
        self.0.get(5)
    }

    pub(super) fn payload(&self) -> &[u8] {
        self.0.get(11)
    }

    /// Everything that receivers read beside the payload. The broker takes no message
    /// whose `user_id` is not the user of its connection.
    pub(super) fn properties(&self, service: &str, user: &str) -> BasicProperties {
        let recorded: Timestamp = self.0.get(12);
        let seconds = u64::try_from(recorded.as_second()).unwrap_or_default();
        BasicProperties::default()
            .with_message_id(self.id().to_string().into())
            .with_type(self.0.get::<_, &str>(6).into())
            .with_app_id(service.into())
            .with_user_id(user.into())
            .with_content_type("application/x-protobuf".into())
            .with_timestamp(seconds)
            .with_delivery_mode(PERSISTENT)
            .with_headers(self.headers())
    }

    fn headers(&self) -> FieldTable {
        let mut headers = FieldTable::default();
        let mut text = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                headers.insert(name.into(), AMQPValue::LongString(value.into()));
            }
        };
        text("aggregate", self.0.get(7));
        text("traceparent", self.0.get(10));
        let occurred: Option<Timestamp> = self.0.get(9);
        text("occurred_at", occurred.map(|at| at.to_string()).as_deref());
        if let Some(sequence) = self.0.get(8) {
            headers.insert("sequence".into(), AMQPValue::LongLongInt(sequence));
        }
        headers
    }
}
