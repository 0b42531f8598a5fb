//! The way to RabbitMQ: connections made when they are needed, and made again
//! for ever when they are lost.
//!
//! Nothing recovers beneath us: lapin's own recovery stays off, because the truth
//! is in PostgreSQL and every user of a connection knows how to begin again from
//! there. Publishing and consuming never share a connection: a broker that
//! throttles publishers would throttle acknowledgements too.

mod address;
mod secured;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use lapin::{Channel, ConnectionProperties};
use tokio::sync::Mutex;

pub use address::Address;

use crate::error::{Error, Result};

/// A connection stands within this time or not at all.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Both ends show life this often; a dead or frozen peer is noticed within two beats.
const HEARTBEAT_SECONDS: u16 = 10;

/// Largest frame, in bytes. lapin keeps room for 32 frames each way on every
/// connection, and uses all of it in turn: with the customary 128 KiB that is 8 MiB
/// each, for messages that rarely pass a few KiB. Smaller, and a batch of the relay
/// would not leave in one write.
const FRAME_MAX: u32 = 8 * 1024;

/// An answer to a passive declare takes milliseconds; a broker that needs longer is not there.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// A broker to which connections can be made. Cheap to clone.
#[derive(Clone)]
pub struct Broker(Arc<Inner>);

struct Inner {
    address: Address,
    service: String,
    // Kept for passive questions; made again when lost.
    watch: Mutex<Option<lapin::Connection>>,
}

/// What a passive declare tells about a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// Messages ready to be delivered; those already with a consumer do not count.
    pub messages: u32,
    /// Consumers of the queue.
    pub consumers: u32,
}

impl Broker {
    /// A broker whose certificate, if it shows one, the platform trusts; see
    /// [`Broker::at`].
    ///
    /// # Errors
    /// As [`Address::read`].
    pub fn new(url: &str, service: &str) -> Result<Self> {
        let address = Address::read(url, None)
            .map_err(|error| Error::Internal(error.context("the broker URL")))?;
        Ok(Self::at(address, service))
    }

    /// A broker at this address; no connection is made before one is needed.
    #[must_use]
    pub fn at(mut address: Address, service: &str) -> Self {
        let query = &mut address.uri.query;
        query.heartbeat.get_or_insert(HEARTBEAT_SECONDS);
        query.frame_max.get_or_insert(FRAME_MAX);
        Self(Arc::new(Inner {
            address,
            service: service.to_owned(),
            watch: Mutex::new(None),
        }))
    }

    /// The name of the service as the broker shows it.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.0.service
    }

    /// The user as whom connections are made, who vouches for what is published.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.0.address.uri.authority.userinfo.username
    }

    /// Makes a connection of one's own, shown by the broker as "service purpose".
    ///
    /// # Errors
    /// [`Error::Unavailable`] when none stands within [`CONNECT_TIMEOUT`].
    pub async fn connect(&self, purpose: &str) -> Result<lapin::Connection> {
        let name = format!("{} {purpose}", self.0.service);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        tokio::time::timeout(CONNECT_TIMEOUT, self.open(properties))
            .await
            .map_err(Error::unavailable)?
            .map_err(unreachable)
    }

    async fn open(&self, properties: ConnectionProperties) -> lapin::Result<lapin::Connection> {
        let Address { uri, secured } = &self.0.address;
        match secured {
            None => lapin::Connection::connect_uri(uri.clone(), properties).await,
            Some(secured) => secured.connect(uri.clone(), properties).await,
        }
    }

    /// How many messages wait in a queue; `None` when there is no such queue.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the broker does not answer.
    pub async fn depth(&self, queue: &str) -> Result<Option<Depth>> {
        let channel = self.watch_channel().await?;
        let depth = passive_queue(&channel, queue).await;
        close(&channel).await;
        depth
    }

    // A refused passive declare closes its channel, so each question has its own.
    async fn watch_channel(&self) -> Result<Channel> {
        let mut watch = self.0.watch.lock().await;
        if !watch
            .as_ref()
            .is_some_and(|connection| connection.status().connected())
        {
            *watch = Some(self.connect("watch").await?);
        }
        let Some(connection) = watch.as_ref() else {
            return Err(Error::unavailable(anyhow::anyhow!(
                "no connection to the broker"
            )));
        };
        tokio::time::timeout(ANSWER_TIMEOUT, connection.create_channel())
            .await
            .map_err(Error::unavailable)?
            .map_err(Error::unavailable)
    }
}

impl fmt::Debug for Broker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL holds a password.
        formatter
            .debug_struct("Broker")
            .field("service", &self.0.service)
            .finish_non_exhaustive()
    }
}

fn unreachable(error: lapin::Error) -> Error {
    match crate::tls::cause(&error) {
        None => Error::unavailable(error),
        Some(cause) => Error::Unavailable(anyhow::anyhow!("no way to the broker: {cause}")),
    }
}

/// Asks a channel for a queue; when there is none the channel is closed afterwards.
pub(crate) async fn passive_queue(channel: &Channel, queue: &str) -> Result<Option<Depth>> {
    let options = QueueDeclareOptions {
        passive: true,
        ..QueueDeclareOptions::default()
    };
    let asking = channel.queue_declare(queue.into(), options, FieldTable::default());
    let queue = found(tokio::time::timeout(ANSWER_TIMEOUT, asking).await)?;
    Ok(queue.map(|queue| Depth {
        messages: queue.message_count(),
        consumers: queue.consumer_count(),
    }))
}

/// "Not found" is an answer, everything else a fault.
fn found<T>(
    answer: std::result::Result<lapin::Result<T>, tokio::time::error::Elapsed>,
) -> Result<Option<T>> {
    match answer.map_err(Error::unavailable)? {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(Error::unavailable(error)),
    }
}

fn is_not_found(error: &lapin::Error) -> bool {
    // AMQP 0-9-1, reply code 404.
    matches!(error.kind(), lapin::ErrorKind::ProtocolError(error) if error.get_id() == 404)
}

pub(crate) async fn close(channel: &Channel) {
    if channel.status().connected() {
        // The connection ends the channel too; nothing is lost when this fails.
        let _ = tokio::time::timeout(ANSWER_TIMEOUT, channel.close(200, "done".into())).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let url = "amqp://events:secret@localhost:5672/lienminh";
        let broker = Broker::new(url, "events").unwrap();
        assert!(!format!("{broker:?}").contains("secret"));
        let error = Broker::new("amqp://events:secret@:x/", "events").unwrap_err();
        assert!(!format!("{error:?}").contains("secret"));
    }
}
