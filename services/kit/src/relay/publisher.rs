//! Publishing a batch and hearing what became of each message.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{Channel, Confirmation};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::row::Outgoing;
use super::verdict::{Heard, Returned, Verdict, judge};
use crate::broker::Broker;
use crate::error::{Error, Result};

/// The broker confirms a batch within this time, or the lane begins anew: the
/// transaction of the batch stays open so long and holds back the clean-up of the
/// whole database.
pub(super) const CONFIRM_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection for publishing, with a confirming channel per exchange: an
/// exchange that is missing closes its own channel only.
pub(super) struct Publisher {
    connection: lapin::Connection,
    channels: HashMap<String, Channel>,
    service: String,
    user: String,
}

type Answer = lapin::Result<Confirmation>;

impl Publisher {
    pub(super) async fn connect(broker: &Broker) -> Result<Self> {
        Ok(Self {
            connection: broker.connect("publish").await?,
            channels: HashMap::new(),
            service: broker.service().to_owned(),
            user: broker.user().to_owned(),
        })
    }

    /// Whether the connection still stands and takes messages.
    pub(super) fn is_usable(&self) -> Result<()> {
        if !self.connection.status().connected() {
            return Err(Error::Unavailable(anyhow::anyhow!(
                "the connection to the broker is gone"
            )));
        }
        if self.is_blocked() {
            return Err(Error::Unavailable(anyhow::anyhow!(
                "the broker takes no messages: it is short of memory or disk"
            )));
        }
        Ok(())
    }

    /// Whether the broker holds this connection back (`connection.blocked`).
    pub(super) fn is_blocked(&self) -> bool {
        let status = self.connection.status();
        status.connected() && status.blocked()
    }

    /// Publishes all rows at once and waits for their confirms.
    pub(super) async fn publish(&mut self, rows: &[Outgoing]) -> Result<Vec<Verdict>> {
        let deadline = Instant::now() + CONFIRM_TIMEOUT;
        let exchanges: HashSet<&str> = rows.iter().map(Outgoing::exchange).collect();
        for exchange in exchanges {
            timeout_at(deadline, self.open(exchange))
                .await
                .map_err(Error::unavailable)??;
        }
        let answers = self.collect(rows, deadline).await;
        let connected = self.connection.status().connected();
        self.channels
            .retain(|_, channel| channel.status().connected());
        let ids: Vec<Uuid> = rows.iter().map(Outgoing::id).collect();
        let heard = answers.into_iter().map(heard).collect();
        Ok(judge(&ids, heard, connected))
    }

    async fn open(&mut self, exchange: &str) -> Result<()> {
        if self.channels.contains_key(exchange) {
            return Ok(());
        }
        let channel = self
            .connection
            .create_channel()
            .await
            .map_err(Error::unavailable)?;
        channel
            .confirm_select(ConfirmSelectOptions::default())
            .await
            .map_err(Error::unavailable)?;
        self.channels.insert(exchange.to_owned(), channel);
        Ok(())
    }

    async fn collect(&self, rows: &[Outgoing], deadline: Instant) -> Vec<Option<Answer>> {
        let mut answers: Vec<Option<Answer>> = rows.iter().map(|_| None).collect();
        let mut waiting: FuturesUnordered<_> = rows
            .iter()
            .enumerate()
            .map(|(index, row)| async move { (index, self.send(row).await) })
            .collect();
        while let Ok(Some((index, answer))) = timeout_at(deadline, waiting.next()).await {
            answers[index] = Some(answer);
        }
        answers
    }

    async fn send(&self, row: &Outgoing) -> Answer {
        // Every exchange of the batch was opened before.
        let Some(channel) = self.channels.get(row.exchange()) else {
            return Err(lapin::ErrorKind::ChannelsLimitReached.into());
        };
        let options = BasicPublishOptions {
            mandatory: row.is_mandatory(),
            ..BasicPublishOptions::default()
        };
        let publishing = channel.basic_publish(
            row.exchange().into(),
            row.routing_key().into(),
            options,
            row.payload(),
            row.properties(&self.service, &self.user),
        );
        let confirm = publishing.await?;
        crate::failpoint::hit("relay.published");
        confirm.await
    }
}

fn heard(answer: Option<Answer>) -> Heard {
    match answer {
        None => Heard::Nothing,
        Some(Err(error)) => Heard::Fault(error.to_string()),
        Some(Ok(confirmation)) => Heard::Confirm {
            ack: confirmation.is_ack(),
            returned: confirmation.take_message().map(|message| Returned {
                id: message
                    .properties
                    .message_id()
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                why: message.reply_text.to_string(),
            }),
        },
    }
}
