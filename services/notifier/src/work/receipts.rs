//! Takes receipts from their queue and applies them, each once.

use kit::consumer::{Handler, Message, Outcome};
use kit::error::Result;
use kit::inbox;
use prost::Message as _;
use uuid::Uuid;

use super::desk::Desk;
use super::words;
use crate::store::receipt::{self, ReceiptNotice};

/// Under this name receipts are counted as taken in: the stream they come from.
const CONSUMER: &str = "receipts";

/// The queue of receipts.
pub const QUEUE: &str = "notifier.receipts";

/// Applies receipts.
pub struct Receipts(pub Desk);

impl Handler for Receipts {
    async fn handle(&self, batch: &[Message]) -> Vec<Outcome> {
        let read: Vec<Option<(Uuid, ReceiptNotice)>> = batch
            .iter()
            .map(|message| {
                let notice = ReceiptNotice::decode(message.payload.as_slice()).ok()?;
                Some((message.id, notice))
            })
            .collect();
        let notices: Vec<(Uuid, ReceiptNotice)> = read.iter().flatten().cloned().collect();
        let applied = match self.apply(notices).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(
                    cause = words(&error),
                    "receipts could not be applied, they wait"
                );
                false
            }
        };
        read.iter()
            .map(|each| match (each, applied) {
                (None, _) => Outcome::Poison("it is no receipt".to_owned()),
                (Some(_), true) => Outcome::Done,
                (Some(_), false) => Outcome::NotNow,
            })
            .collect()
    }
}

impl Receipts {
    async fn apply(&self, mut notices: Vec<(Uuid, ReceiptNotice)>) -> Result<()> {
        let tx = self.0.pool.begin().await?;
        let ids: Vec<Uuid> = notices.iter().map(|(id, _)| *id).collect();
        let fresh = inbox::admit(&tx, CONSUMER, &ids).await?;
        notices.retain(|(id, _)| fresh.contains(id));
        notices.dedup_by_key(|(id, _)| *id);
        receipt::apply(&tx, self.0.clock.now(), &notices).await?;
        tx.commit().await
    }
}
