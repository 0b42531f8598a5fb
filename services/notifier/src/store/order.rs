//! Orders: the only thing the broker ever carries about a delivery.

use kit::database::Tx;
use kit::error::Result;
use kit::outbox::{self, DELIVERIES, Order};
use prost::Message;
use tokio_postgres::Row;
use uuid::Uuid;

/// The type name of a [`DeliveryOrder`] in message properties.
pub const ORDER_TYPE: &str = "lienminh.notifier.internal.DeliveryOrder";

/// `{delivery id, generation}`: a bell, not a message. Whatever is to be said
/// is in the row; an order whose generation is old is powerless.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DeliveryOrder {
    /// The delivery's id, 16 bytes.
    #[prost(bytes = "vec", tag = "1")]
    pub delivery: Vec<u8>,
    /// The generation it was made for.
    #[prost(int32, tag = "2")]
    pub generation: i32,
}

impl DeliveryOrder {
    /// The delivery's id; `None` when these are no 16 bytes.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        Uuid::from_slice(&self.delivery).ok()
    }
}

/// A row to be rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring {
    /// The delivery.
    pub delivery: Uuid,
    /// Its present generation.
    pub generation: i32,
    /// Whether it is an SMS; otherwise an email.
    pub sms: bool,
    /// Whether it belongs to a large mailing.
    pub bulk: bool,
}

/// Under which key an order is published.
#[must_use]
pub const fn routing_key(sms: bool, bulk: bool) -> &'static str {
    match (sms, bulk) {
        (false, false) => "email",
        (false, true) => "email.bulk",
        (true, false) => "sms",
        (true, true) => "sms.bulk",
    }
}

/// Puts orders for those of the settled rows that are to be rung: delivery, generation,
/// whether an SMS, whether bulk, whether to be rung.
///
/// # Errors
/// As [`put`].
pub(crate) async fn put_settled(tx: &Tx, rows: &[Row]) -> Result<()> {
    let rings: Vec<Ring> = rows
        .iter()
        .filter(|row| row.get(4))
        .map(|row| Ring {
            delivery: row.get(0),
            generation: row.get(1),
            sms: row.get(2),
            bulk: row.get(3),
        })
        .collect();
    put(tx, &rings).await
}

/// Puts orders into the outbox of this transaction. Ringing twice is harmless:
/// only one claim of a generation wins.
///
/// # Errors
/// What the database says.
pub async fn put(tx: &Tx, rings: &[Ring]) -> Result<()> {
    let orders: Vec<Order> = rings
        .iter()
        .map(|ring| Order {
            id: Uuid::now_v7(),
            routing_key: routing_key(ring.sms, ring.bulk).to_owned(),
            type_name: ORDER_TYPE,
            payload: DeliveryOrder {
                delivery: ring.delivery.as_bytes().to_vec(),
                generation: ring.generation,
            }
            .encode_to_vec(),
        })
        .collect();
    outbox::put_orders(tx, DELIVERIES, &orders).await
}
