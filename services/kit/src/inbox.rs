//! Messages that were taken in, each once.
//!
//! The id of a message is written in the transaction of its effect. **Guarantee**:
//! the effect of a message happens exactly once as long as its copies arrive within
//! [`KEEP_DAYS`].
//!
//! - Crash before the commit: neither id nor effect; the broker delivers again.
//! - Crash after the commit, before the acknowledgement: the broker delivers
//!   again, the id is there, nothing happens twice.
//! - Two copies handled at once: the second waits for the first's commit and finds the id.

use std::collections::{BTreeMap, HashSet};

use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::database::{Pool, Session, Tx};
use crate::error::Result;
use crate::settled::{Probe, Settled};

/// Days for which an id is remembered: longer than anybody leaves a parked
/// message before sending it again.
pub const KEEP_DAYS: i32 = 35;

/// Rows deleted at once: a purge never holds many locks, nor for long.
const PURGE_BATCH: i64 = 5_000;

// Sorted, so that two batches with the same ids wait for each other and do not deadlock.
const ADMIT: &str = "
    insert into inbox (consumer, message_id)
    select $1, i.message_id
    from unnest($2::uuid[]) as i (message_id)
    order by i.message_id
    on conflict (consumer, message_id) do nothing
    returning message_id";

const CONSUMED: &str = "
    select c.consumer, sum(c.messages)::bigint
    from (
        select i.consumer, count(*) as messages from inbox i group by i.consumer
        union all
        select p.consumer, p.messages from inbox_purged p
    ) as c (consumer, messages)
    group by c.consumer";

const PURGE: &str = "
    with gone as (
        delete from inbox
        where ctid = any (array(
            select i.ctid from inbox i where i.received_on < current_date - $1::integer limit $2
        ))
        returning consumer
    ), counted as (
        insert into inbox_purged (consumer, messages)
        select g.consumer, count(*) from gone g group by g.consumer order by g.consumer
        on conflict (consumer) do update
            set messages = inbox_purged.messages + excluded.messages
    )
    select count(*) from gone";

/// Admits messages to `consumer`, each an id with what it carries; keeps those whose
/// id was not seen before, in the order given and each id once, also where one batch
/// holds two copies. Only these may have an effect.
///
/// The name of the consumer is the stream it takes from (`facts:obligation`,
/// `receipts`), so that what was published and what was taken in can be compared.
///
/// # Errors
/// What the database says.
pub async fn admit<T>(
    tx: &Tx,
    consumer: &str,
    mut messages: Vec<(Uuid, T)>,
) -> Result<Vec<(Uuid, T)>> {
    let ids: Vec<Uuid> = messages.iter().map(|(id, _)| *id).collect();
    let rows = tx.query(ADMIT, &[&consumer, &ids]).await?;
    crate::failpoint::hit("inbox.inserted");
    let mut fresh: HashSet<Uuid> = rows.iter().map(|row| row.get(0)).collect();
    messages.retain(|(id, _)| fresh.remove(id));
    Ok(messages)
}

/// How many messages each consumer has ever taken in, each message once.
///
/// # Errors
/// What the database says.
pub async fn consumed(session: &impl Session) -> Result<BTreeMap<String, i64>> {
    let rows = session.query(CONSUMED, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Forgets ids older than [`KEEP_DAYS`]; returns how many.
///
/// # Errors
/// What the database says.
pub async fn purge(session: &impl Session) -> Result<i64> {
    let mut total = 0;
    loop {
        let gone: i64 = session
            .query_one(PURGE, &[&KEEP_DAYS, &PURGE_BATCH])
            .await?
            .get(0);
        total += gone;
        if gone < PURGE_BATCH {
            return Ok(total);
        }
    }
}

/// Tells how many messages were taken in.
#[derive(Clone, Debug)]
pub struct InboxProbe(Pool);

impl InboxProbe {
    /// A probe of the inbox in this pool's database.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Probe for InboxProbe {
    fn settled(&self) -> BoxFuture<'_, Result<Settled>> {
        Box::pin(async {
            let connection = self.0.get().await?;
            Ok(Settled {
                consumed: consumed(&connection).await?,
                ..Settled::default()
            })
        })
    }
}
