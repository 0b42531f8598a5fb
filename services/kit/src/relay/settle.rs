//! Writing down what became of a batch, in the transaction that claimed it.

use futures_util::future::join4;
use tokio_postgres::types::ToSql;

use super::verdict::Account;
use crate::database::{Connection, Session};
use crate::error::Result;

const DELETE: &str = "delete from outbox where seq = any ($1)";

const POSTPONE: &str = "
    update outbox o
    set attempts = o.attempts + 1,
        last_error = f.reason,
        retry_at = clock_timestamp()
            + make_interval(secs => least($3, 0.1 * 2 ^ least(o.attempts, 16)) * (0.8 + 0.4 * random()))
    from unnest($1::bigint[], $2::text[]) as f (seq, reason)
    where o.seq = f.seq";

const COUNT: &str = "
    insert into published (stream, messages)
    select c.stream, c.messages
    from unnest($1::text[], $2::bigint[]) as c (stream, messages)
    order by c.stream
    on conflict (stream) do update set messages = published.messages + excluded.messages";

/// A message that the broker does not take is tried again at least this often, so
/// that a mended topology is noticed while somebody is still looking at it.
const RETRY_CEILING_SECONDS: f64 = 15.0;

impl Account {
    /// Counts for the metrics, and one line in the log when the broker refused.
    pub(super) fn report(&self) {
        metrics::counter!("outbox_published_total").increment(self.confirmed.len() as u64);
        if let Some(reason) = self.reasons.first() {
            metrics::counter!("outbox_refused_total").increment(self.refused.len() as u64);
            tracing::warn!(
                messages = self.refused.len(),
                reason,
                "the broker does not take a message, it is tried again"
            );
        }
    }

    /// Deletes, postpones, counts and commits in one round trip.
    pub(super) async fn write(&self, connection: &Connection) -> Result<()> {
        let client = connection.client();
        let delete = connection.prepare(DELETE).await?;
        let postpone = connection.prepare(POSTPONE).await?;
        let count = connection.prepare(COUNT).await?;
        let streams: Vec<&str> = self.streams.keys().map(String::as_str).collect();
        let messages: Vec<i64> = self.streams.values().copied().collect();
        let refused: [&(dyn ToSql + Sync); 3] =
            [&self.refused, &self.reasons, &RETRY_CEILING_SECONDS];
        // The counters come last: two lanes meet on their rows, and only until the commit.
        let (deleted, postponed, counted, committed) = join4(
            client.execute(&delete, &[&self.confirmed]),
            some(
                !self.refused.is_empty(),
                client.execute(&postpone, &refused),
            ),
            some(
                !streams.is_empty(),
                client.execute(&count, &[&streams, &messages]),
            ),
            client.batch_execute("commit"),
        )
        .await;
        deleted?;
        postponed?;
        counted?;
        Ok(committed?)
    }
}

/// Runs a statement where there is something for it to do.
async fn some<E>(
    wanted: bool,
    statement: impl Future<Output = std::result::Result<u64, E>>,
) -> std::result::Result<u64, E> {
    if wanted { statement.await } else { Ok(0) }
}
