//! Takes receipts from their queue and applies them, each once.

use kit::consumer::{Handler, Message, Outcome, apply};
use kit::error::Result;
use kit::inbox;
use prost::Message as _;
use uuid::Uuid;

use super::desk::Desk;
use crate::meters;
use crate::store::receipt::{self, RECEIPT_TYPE, ReceiptNotice};

/// Under this name receipts are counted as taken in: the stream they come from.
const CONSUMER: &str = "receipts";

/// The queue of receipts.
pub const QUEUE: &str = "notifier.receipts";

/// Applies receipts.
pub struct Receipts(pub Desk);

impl Handler for Receipts {
    async fn handle(&self, batch: &[Message]) -> Vec<Outcome> {
        let read: Vec<Option<(Uuid, ReceiptNotice)>> = batch.iter().map(read).collect();
        let notices = read.iter().flatten().cloned().collect();
        let mut applied = apply(notices, |some| self.apply(some)).await.into_iter();
        read.iter()
            .map(|each| match each {
                None => Outcome::Poison(NONE.to_owned()),
                Some(_) => applied.next().unwrap_or(Outcome::NotNow),
            })
            .collect()
    }
}

const NONE: &str = "it is no receipt";

/// Why a message in the queue of receipts can never be applied; `None` where it can.
#[must_use]
pub fn problem(message: &Message) -> Option<String> {
    read(message).is_none().then(|| NONE.to_owned())
}

fn read(message: &Message) -> Option<(Uuid, ReceiptNotice)> {
    if message.type_name != RECEIPT_TYPE {
        return None;
    }
    let notice = ReceiptNotice::decode(message.payload.as_slice()).ok()?;
    Some((message.id, notice))
}

impl Receipts {
    async fn apply(&self, notices: Vec<(Uuid, ReceiptNotice)>) -> Result<()> {
        let tx = self.0.pool.begin().await?;
        let notices = inbox::admit(&tx, CONSUMER, notices).await?;
        let moved = receipt::apply(&tx, self.0.clock.now(), &notices).await?;
        tx.commit().await?;
        meters::reported(&moved);
        Ok(())
    }
}
