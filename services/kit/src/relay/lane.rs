//! One pass: claim, publish, settle.

use tokio_postgres::types::ToSql;

use super::publisher::Publisher;
use super::row::{CLAIM, Outgoing};
use super::verdict::Account;
use crate::broker::Broker;
use crate::database::{Connection, Pool, Session};
use crate::error::{Error, Result};

/// Messages in flight per lane. Two lanes keep about a thousand unconfirmed
/// messages with the broker, beyond which it gets no faster; a batch of the
/// largest messages is 32 MiB.
pub(super) const BATCH: i64 = 512;

/// A claim and its connections. Nothing is shared between lanes.
pub(super) struct Lane<'a> {
    pool: &'a Pool,
    broker: &'a Broker,
    line: Option<Line>,
}

struct Line {
    database: Connection,
    publisher: Publisher,
}

/// What a pass found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass(usize);

impl Pass {
    /// Whether there was nothing to carry.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether there is probably more.
    pub(super) fn is_full(self) -> bool {
        i64::try_from(self.0).is_ok_and(|claimed| claimed >= BATCH)
    }
}

impl<'a> Lane<'a> {
    pub(super) fn new(pool: &'a Pool, broker: &'a Broker) -> Self {
        Self {
            pool,
            broker,
            line: None,
        }
    }

    /// Gives the connections up. An open transaction ends with them.
    pub(super) fn disconnect(&mut self) {
        self.line = None;
    }

    /// Carries one batch; `on_full` is called as soon as a full batch is claimed.
    ///
    /// After a fault the lane begins with new connections.
    pub(super) async fn pass(&mut self, on_full: impl FnOnce() + Send) -> Result<Pass> {
        let mut line = match self.line.take() {
            Some(line) => line,
            None => Line::connect(self.pool, self.broker).await?,
        };
        // Put back only after the pass: a future dropped in between drops the line.
        let outcome = line.pass(on_full).await;
        // A connection that the broker holds back is kept. A new one would be held
        // back too, after it was given another batch that arrives twice.
        if outcome.is_ok() || line.publisher.is_blocked() {
            self.line = Some(line);
        }
        outcome
    }
}

impl Line {
    async fn connect(pool: &Pool, broker: &Broker) -> Result<Self> {
        // The broker first: without it there is no use in holding a database connection.
        let publisher = Publisher::connect(broker).await?;
        let database = pool.dedicated().await?;
        Ok(Self {
            database,
            publisher,
        })
    }

    async fn pass(&mut self, on_full: impl FnOnce() + Send) -> Result<Pass> {
        self.publisher.is_usable()?;
        let rows = self.claim().await?;
        let pass = Pass(rows.len());
        if rows.is_empty() {
            self.database.client().batch_execute("rollback").await?;
            return Ok(pass);
        }
        if pass.is_full() {
            on_full();
        }
        let verdicts = self.publisher.publish(&rows).await?;
        crate::failpoint::hit("relay.confirmed");
        let account = Account::of(rows.iter().map(|row| (row.seq(), row.stream())), verdicts);
        account.write(&self.database).await?;
        account.report();
        match account.unanswered {
            0 => Ok(pass),
            rows => Err(Error::Unavailable(anyhow::anyhow!(
                "the broker did not answer for {rows} messages"
            ))),
        }
    }

    async fn claim(&self) -> Result<Vec<Outgoing>> {
        let claim = self.database.prepare(CLAIM).await?;
        let client = self.database.client();
        let limit: [&(dyn ToSql + Sync); 1] = [&BATCH];
        let (begun, rows) =
            futures_util::future::join(client.batch_execute("begin"), client.query(&claim, &limit))
                .await;
        begun?;
        Ok(rows?.into_iter().map(Outgoing::new).collect())
    }
}
