//! A transaction that owns its connection.
//!
//! Owning it lets the commit run in a task of its own, which a cancelled call
//! cannot stop half-way, and lets a dropped transaction keep the connection
//! until the server has rolled it back.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use deadpool_postgres::ClientWrapper;

use super::Connection;
use crate::error::Result;

/// How far a transaction is kept apart from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what is committed when it begins; rows are guarded by locks.
    #[default]
    ReadCommitted,
    /// As if transactions ran one after the other: for decisions that read a set
    /// of rows. Such a transaction may be refused at any point and is run again.
    Serializable,
}

impl Isolation {
    pub(crate) const fn begin(self) -> &'static str {
        match self {
            Self::ReadCommitted => "begin",
            Self::Serializable => "begin isolation level serializable",
        }
    }
}

/// A transaction. Statements run through [`super::Session`]; it ends with
/// [`Tx::commit`] or [`Tx::rollback`], and dropping it rolls it back.
#[derive(Debug)]
pub struct Tx {
    // None once ended; the connection goes back to the pool at that moment.
    connection: Option<Connection>,
    rings: AtomicBool,
    resource: Mutex<Option<String>>,
}

impl Tx {
    /// Takes over a connection on which a transaction is about to begin: from
    /// here on a dropped future leads to a rollback.
    pub(crate) fn of(connection: Connection) -> Self {
        Self {
            connection: Some(connection),
            rings: AtomicBool::new(false),
            resource: Mutex::new(None),
        }
    }

    pub(crate) async fn start(&self, isolation: Isolation) -> Result<()> {
        Ok(self.client().batch_execute(isolation.begin()).await?)
    }

    pub(crate) fn client(&self) -> &ClientWrapper {
        // The connection leaves only in `take`, which consumes the transaction.
        #[allow(clippy::expect_used)]
        self.connection
            .as_ref()
            .expect("an ended transaction is not reachable")
            .client()
    }

    /// Commits.
    ///
    /// # Errors
    /// What the database says. When the connection is lost in between, the
    /// outcome is unknown: only reading again tells.
    pub async fn commit(self) -> Result<()> {
        self.client().batch_execute("commit").await?;
        self.end();
        Ok(())
    }

    /// Rolls back.
    ///
    /// # Errors
    /// What the database says; nothing was written in any case.
    pub async fn rollback(self) -> Result<()> {
        self.client().batch_execute("rollback").await?;
        self.end();
        Ok(())
    }

    /// Gives the connection back to the pool; only after the server has ended the transaction.
    pub(crate) fn end(mut self) {
        drop(self.connection.take());
    }

    /// Names the resource that this transaction changes, for the audit row:
    /// `organisations/0190…`. The last name given counts.
    pub fn about(&self, resource: impl Into<String>) {
        *self
            .resource
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(resource.into());
    }

    pub(crate) fn resource(&self) -> Option<String> {
        self.resource
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// Remembers that the outbox holds something new after the commit.
    pub(crate) fn will_ring(&self) {
        self.rings.store(true, Ordering::Relaxed);
    }

    /// Whether the outbox bell should ring after the commit.
    pub(crate) fn rings(&self) -> bool {
        self.rings.load(Ordering::Relaxed)
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        // Outside a runtime the process is ending, and its connections with it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            // The rollback queues behind a statement that still runs; until it is
            // through, nobody else may borrow the connection.
            if connection.client().batch_execute("rollback").await.is_err() {
                tracing::debug!("a connection was lost with its transaction");
            }
        });
    }
}
