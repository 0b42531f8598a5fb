//! What a conductor and a person on duty ask about the outbox.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::database::{Pool, Session};
use crate::error::Result;
use crate::settled::{Probe, Settled};

const WAITING: &str = "select count(*) from outbox";

const HOLDS_BACK: &str = "
    select exists (
        select from outbox o
        where o.exchange = $1 and o.routing_key = $2
          and o.recorded_at <= clock_timestamp() - $3 * interval '1 second')";

/// Whether messages for a queue have waited here for at least `time`: the broker
/// does not take them at present, or knows no queue for them.
///
/// # Errors
/// What the database says.
pub async fn holds_back(
    session: &impl Session,
    exchange: &str,
    routing_key: &str,
    time: Duration,
) -> Result<bool> {
    let row = session
        .query_one(HOLDS_BACK, &[&exchange, &routing_key, &time.as_secs_f64()])
        .await?;
    Ok(row.get(0))
}

const PUBLISHED: &str = "select stream, messages from published";

/// How many messages are not yet with the broker.
///
/// # Errors
/// What the database says.
pub async fn waiting(session: &impl Session) -> Result<i64> {
    Ok(session.query_one(WAITING, &[]).await?.get(0))
}

/// How many messages of each stream the broker has ever confirmed; each message
/// counts once, however often it had to be published.
///
/// # Errors
/// What the database says.
pub async fn published(session: &impl Session) -> Result<BTreeMap<String, i64>> {
    let rows = session.query(PUBLISHED, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Tells whether the outbox is empty and what has left it.
#[derive(Clone, Debug)]
pub struct OutboxProbe(Pool);

impl OutboxProbe {
    /// A probe of the outbox in this pool's database.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Probe for OutboxProbe {
    fn settled(&self) -> BoxFuture<'_, Result<Settled>> {
        Box::pin(async {
            let connection = self.0.get().await?;
            // In this order: what leaves in between is seen as published.
            let waiting = waiting(&connection).await?;
            let published = published(&connection).await?;
            let mut settled = Settled {
                published,
                ..Settled::default()
            };
            settled.waits_for(waiting, "messages in the outbox");
            Ok(settled)
        })
    }
}
