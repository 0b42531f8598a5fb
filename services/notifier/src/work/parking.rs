//! Empties the parking queue into a table, where a person lists, redrives and
//! discards.
//!
//! **Guarantee**: a message is acknowledged after its row is committed; a second
//! copy of one that is parked already is no second row. Anything is taken,
//! however malformed: this is where nothing may be lost.

use std::time::Duration;

use futures_util::StreamExt as _;
use kit::consumer::Message;
use kit::database::{Connection, Session};
use kit::error::{Error, Result};
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::{AMQPValue, FieldTable};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::desk::Desk;
use super::{dispatch, intake, receipts};
use crate::store::parked::{self, NewParked};

/// The one parking queue.
const QUEUE: &str = "lienminh.parking";

/// Messages ahead: they are rare and each is a transaction.
const PREFETCH: u16 = 16;

/// Before the broker is tried again.
const PAUSE: Duration = Duration::from_secs(5);

/// Runs until `shutdown`.
pub async fn run(desk: Desk, broker: kit::broker::Broker, shutdown: CancellationToken) {
    let mut healthy = true;
    while !shutdown.is_cancelled() {
        let outcome = consume(&desk, &broker, &shutdown).await;
        if let Err(error) = outcome {
            if healthy {
                tracing::warn!(error = %super::words(&error), "parked messages are not taken over now");
            }
            healthy = false;
        } else {
            healthy = true;
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(desk.clock.waits().of(PAUSE)) => {}
        }
    }
}

async fn consume(
    desk: &Desk,
    broker: &kit::broker::Broker,
    shutdown: &CancellationToken,
) -> Result<()> {
    let connection = broker.connect("parking").await?;
    let channel = connection
        .create_channel()
        .await
        .map_err(Error::unavailable)?;
    channel
        .basic_qos(PREFETCH, BasicQosOptions::default())
        .await
        .map_err(Error::unavailable)?;
    let mut deliveries = channel
        .basic_consume(
            QUEUE.into(),
            "".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        )
        .await
        .map_err(Error::unavailable)?;
    loop {
        let delivery = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            delivery = deliveries.next() => delivery,
        };
        let Some(delivery) = delivery else {
            return Err(Error::unavailable(anyhow::anyhow!(
                "the broker ended the consumer"
            )));
        };
        let delivery = delivery.map_err(Error::unavailable)?;
        let session = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            session = with_room(desk) => session?,
        };
        let tag = delivery.delivery_tag;
        parked::insert(&session, &row(&session, delivery).await?).await?;
        metrics::counter!("parked_messages_total").increment(1);
        channel
            .basic_ack(tag, BasicAckOptions::default())
            .await
            .map_err(Error::unavailable)?;
    }
}

/// Waits until there is room for one more: whoever floods us with what nobody can read
/// fills the queue, whose bound refuses him, and not the disk of the database.
async fn with_room(desk: &Desk) -> Result<Connection> {
    let mut told = false;
    loop {
        let session = desk.pool.get().await?;
        if parked::has_room(&session).await? {
            return Ok(session);
        }
        drop(session);
        if !told {
            tracing::error!("no more messages are parked: a person must look at those that are");
            told = true;
        }
        tokio::time::sleep(desk.clock.waits().of(PAUSE)).await;
    }
}

async fn row(session: &impl Session, mut delivery: Delivery) -> Result<NewParked> {
    let properties = &delivery.properties;
    let none = FieldTable::default();
    let headers = properties.headers().as_ref().unwrap_or(&none);
    let owned = |text: Option<String>| text.map(|text| storable(&text)).unwrap_or_default();
    let mut row = NewParked {
        id: Uuid::now_v7(),
        queue: owned(text(headers, "x-first-death-queue")),
        exchange: owned(text(headers, "x-first-death-exchange")),
        routing_key: storable(delivery.routing_key.as_str()),
        message_id: owned(properties.message_id().as_ref().map(ToString::to_string)),
        type_name: owned(properties.kind().as_ref().map(ToString::to_string)),
        headers: known_headers(properties, headers),
        payload: delivery.data.clone(),
        reason: owned(text(headers, "x-first-death-reason")),
    };
    if row.reason == REJECTED {
        let why = diagnosis(session, &row.queue, &mut delivery).await?;
        row.reason = why.unwrap_or_else(|| REFUSED.to_owned());
    }
    Ok(row)
}

/// The broker's word for what a consumer of ours could not handle.
const REJECTED: &str = "rejected";

/// Of what can be read and was rejected nevertheless.
const REFUSED: &str = "it can be read, but what it says cannot be taken in";

/// The broker does not carry the consumer's reason, but whoever looks again finds
/// the same. `None` where the message is well-formed and its content was refused.
async fn diagnosis(
    session: &impl Session,
    queue: &str,
    delivery: &mut Delivery,
) -> Result<Option<String>> {
    let message = match Message::of(delivery) {
        Ok(message) => message,
        Err(why) => return Ok(Some(why)),
    };
    Ok(match queue {
        crate::FACTS_QUEUE => intake::problem(session, &message).await?,
        receipts::QUEUE => receipts::problem(&message),
        "notifier.email" | "notifier.email.bulk" | "notifier.sms" | "notifier.sms.bulk" => {
            dispatch::problem(&message)
        }
        _ => None,
    })
}

/// Text as the database can hold it: it knows no NUL.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// What a person wants to see of it, and what vouches for it when it is sent again.
fn known_headers(properties: &BasicProperties, headers: &FieldTable) -> serde_json::Value {
    let publisher = properties.user_id().as_ref().map(ToString::to_string);
    ["aggregate", "occurred_at", "traceparent"]
        .into_iter()
        .filter_map(|name| Some((name, text(headers, name)?)))
        .chain(publisher.map(|name| ("publisher", name)))
        .map(|(name, text)| (name.to_owned(), storable(&text).into()))
        .collect::<serde_json::Map<String, serde_json::Value>>()
        .into()
}

#[allow(clippy::wildcard_enum_match_arm)] // a header of another type is not ours
fn text(headers: &FieldTable, name: &str) -> Option<String> {
    match headers.inner().get(name)? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}
