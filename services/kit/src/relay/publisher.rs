//! Publishing a batch and hearing what became of each message.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{Channel, Confirmation};
use tokio::time::{Instant, timeout_at};

use super::row::Outgoing;
use crate::broker::Broker;
use crate::error::{Error, Result};

/// The broker confirms a batch within this time, or the lane begins anew: the
/// transaction of the batch stays open so long and holds back the clean-up of the
/// whole database.
pub(super) const CONFIRM_TIMEOUT: Duration = Duration::from_secs(5);

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// With the broker, in at least one queue where that was asked.
    Confirmed,
    /// The broker is there and does not take it: tried again later, others go first.
    Refused(String),
    /// No answer: nothing is known, nothing is written down.
    Unanswered,
}

/// A connection for publishing, with a confirming channel per exchange: an
/// exchange that is missing closes its own channel only.
pub(super) struct Publisher {
    connection: lapin::Connection,
    channels: HashMap<String, Channel>,
    service: String,
}

type Answer = lapin::Result<Confirmation>;

impl Publisher {
    pub(super) async fn connect(broker: &Broker) -> Result<Self> {
        Ok(Self {
            connection: broker.connect("publish").await?,
            channels: HashMap::new(),
            service: broker.service().to_owned(),
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
        Ok(judge(rows, answers, connected))
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
            row.properties(&self.service),
        );
        let confirm = publishing.await?;
        crate::failpoint::hit("relay.published");
        confirm.await
    }
}

/// A returned message may hang on the confirm of another one of its batch, so
/// returns are matched by message id and not by the confirm that carried them.
fn judge(rows: &[Outgoing], answers: Vec<Option<Answer>>, connected: bool) -> Vec<Verdict> {
    let mut returned: HashMap<String, String> = HashMap::new();
    let mut verdicts: Vec<Verdict> = answers
        .into_iter()
        .map(|answer| verdict(answer, connected, &mut returned))
        .collect();
    for (row, verdict) in rows.iter().zip(&mut verdicts) {
        if let Some(reason) = returned.remove(&row.id().to_string()) {
            *verdict = Verdict::Refused(reason);
        }
    }
    verdicts
}

fn verdict(
    answer: Option<Answer>,
    connected: bool,
    returned: &mut HashMap<String, String>,
) -> Verdict {
    match answer {
        None => Verdict::Unanswered,
        // With the connection the reason is gone too; the row waits untouched.
        Some(Err(_)) if !connected => Verdict::Unanswered,
        Some(Err(error)) => Verdict::Refused(error.to_string()),
        Some(Ok(confirmation)) => {
            let verdict = if confirmation.is_ack() {
                Verdict::Confirmed
            } else {
                Verdict::Refused("the broker refused the message".to_owned())
            };
            if let Some(message) = confirmation.take_message() {
                let id = message
                    .properties
                    .message_id()
                    .as_ref()
                    .map(ToString::to_string);
                let reason = format!("returned: {}", message.reply_text);
                returned.insert(id.unwrap_or_default(), reason);
            }
            verdict
        }
    }
}
