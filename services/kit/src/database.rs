//! The way to PostgreSQL: a bounded pool, prepared statements, owned transactions.
//!
//! Every statement is constant text, prepared once per connection. A statement
//! never outlives its caller for long: the server stops it after
//! [`STATEMENT_TIMEOUT`], and a transaction dropped half-way rolls itself back
//! before its connection serves anybody else.

mod session;
mod transaction;

use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Manager, ManagerConfig, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::{Config, NoTls};

pub use session::Session;
pub use transaction::{Isolation, Tx};

use crate::error::{Error, Result};

/// A caller waits this long for a connection, then hears that the house is busy:
/// longer waits only pile up work that nobody waits for any more.
pub const WAIT_TIMEOUT: Duration = Duration::from_secs(3);

/// A connection is made within this time or not at all; a local or neighbouring
/// server answers in milliseconds.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The server stops any statement after this time: dropping a future does not,
/// and the next borrower of the connection would wait behind it.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);

/// The server ends a session that holds a transaction open without a statement:
/// such a transaction keeps row versions alive in the whole database.
pub const IDLE_IN_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(10);

/// A half-open socket is noticed within half a minute, not within two hours.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(15);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_RETRIES: u32 = 3;

/// Keep-alive does not cover bytes in flight; this does.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(20);

/// A ready service gets a connection within this time.
const READY_TIMEOUT: Duration = Duration::from_millis(200);

/// A bounded pool of connections to this service's own database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pool {
    connections: deadpool_postgres::Pool,
    config: Config,
}

/// A connection borrowed from the [`Pool`], or one of one's own; statements run
/// through [`Session`].
#[derive(Debug)]
pub struct Connection(Origin);

#[derive(Debug)]
enum Origin {
    Pooled(deadpool_postgres::Client),
    Dedicated(ClientWrapper),
}

impl Pool {
    /// Prepares a pool; no connection is made before the first is asked for.
    ///
    /// `url` is a PostgreSQL connection string, `size` the highest number of
    /// connections, `application` the name shown in `pg_stat_activity`.
    ///
    /// # Errors
    /// When the connection string cannot be read. The text of the string, which
    /// holds a password, is in no error.
    pub fn open(url: &str, size: usize, application: &str) -> Result<Self> {
        Self::of(configure(url, application)?, size)
    }

    /// A further pool, of at most `size` connections, for reads by key: their plans
    /// are made once and walk an index. PostgreSQL plans a set of few keys anew each
    /// time it is asked for one, which costs more than to read it.
    ///
    /// # Errors
    /// As [`Pool::open`].
    pub fn by_key(&self, size: usize) -> Result<Self> {
        let mut config = self.config.clone();
        let options = config.get_options().unwrap_or_default();
        let options =
            format!("{options} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off");
        config.options(options);
        Self::of(config, size)
    }

    fn of(config: Config, size: usize) -> Result<Self> {
        let manager = Manager::from_config(
            config.clone(),
            NoTls,
            ManagerConfig {
                // A broken connection shows at its next statement; asking first
                // would cost every borrower a round trip.
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let connections = deadpool_postgres::Pool::builder(manager)
            .max_size(size)
            .timeouts(Timeouts {
                wait: Some(WAIT_TIMEOUT),
                create: Some(CONNECT_TIMEOUT),
                recycle: Some(CONNECT_TIMEOUT),
            })
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(Error::internal)?;
        Ok(Self {
            connections,
            config,
        })
    }

    /// Borrows a connection.
    ///
    /// # Errors
    /// [`Error::ResourceExhausted`] when all are busy for [`WAIT_TIMEOUT`],
    /// [`Error::Unavailable`] when none can be made.
    pub async fn get(&self) -> Result<Connection> {
        Ok(Connection(Origin::Pooled(self.connections.get().await?)))
    }

    /// Begins a transaction at the usual isolation level.
    ///
    /// # Errors
    /// As [`Pool::get`], or what the database says.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_with(Isolation::ReadCommitted).await
    }

    /// Begins a transaction at a chosen isolation level.
    ///
    /// # Errors
    /// As [`Pool::get`], or what the database says.
    pub async fn begin_with(&self, isolation: Isolation) -> Result<Tx> {
        let tx = Tx::of(self.get().await?);
        tx.start(isolation).await?;
        Ok(tx)
    }

    /// Makes a connection outside the pool, for loops that keep one for long.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be made.
    pub async fn dedicated(&self) -> Result<Connection> {
        let connecting = self.config.connect(NoTls);
        let (client, connection) = tokio::time::timeout(CONNECT_TIMEOUT, connecting)
            .await
            .map_err(Error::unavailable)?
            .map_err(Error::unavailable)?;
        let task = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a database connection ended");
            }
        });
        Ok(Connection(Origin::Dedicated(ClientWrapper::new(
            client, task,
        ))))
    }

    /// Whether the database answers now, within 200 ms.
    pub async fn is_ready(&self) -> bool {
        let ask = async {
            let connection = self.get().await?;
            connection.execute("select 1", &[]).await
        };
        matches!(tokio::time::timeout(READY_TIMEOUT, ask).await, Ok(Ok(_)))
    }

    /// Connections in use, and the most there may be.
    #[must_use]
    pub fn occupancy(&self) -> (usize, usize) {
        let status = self.connections.status();
        (
            status.size.saturating_sub(status.available),
            status.max_size,
        )
    }

    /// Closes the pool; whoever asks afterwards is refused.
    pub fn close(&self) {
        self.connections.close();
    }

    /// The role of this pool, as the connection string names it.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        self.config.get_user()
    }
}

impl Connection {
    pub(crate) fn client(&self) -> &ClientWrapper {
        match &self.0 {
            Origin::Pooled(client) => client,
            Origin::Dedicated(client) => client,
        }
    }
}

/// Reads a connection string and adds what every connection of ours has.
///
/// # Errors
/// When the string cannot be read.
pub(crate) fn configure(url: &str, application: &str) -> Result<Config> {
    let mut config: Config = url
        .parse()
        .map_err(|_| Error::Internal(anyhow::anyhow!("the database URL cannot be read")))?;
    // Times are in UTC on the wire, and compiling plans costs more than our short
    // queries win by it.
    let options = format!(
        "{} -c statement_timeout={} -c idle_in_transaction_session_timeout={} -c timezone=UTC -c jit=off",
        config.get_options().unwrap_or_default(),
        STATEMENT_TIMEOUT.as_millis(),
        IDLE_IN_TRANSACTION_TIMEOUT.as_millis(),
    );
    config
        .options(options.trim_start())
        .application_name(application)
        .connect_timeout(CONNECT_TIMEOUT)
        .keepalives(true)
        .keepalives_idle(KEEPALIVE_IDLE)
        .keepalives_interval(KEEPALIVE_INTERVAL)
        .keepalives_retries(KEEPALIVE_RETRIES)
        .tcp_user_timeout(TCP_USER_TIMEOUT);
    Ok(config)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn options_of_the_connection_string_are_kept() {
        let config = configure("postgres://a:b@h/d?options=-c%20search_path%3Dx", "test").unwrap();
        let options = config.get_options().unwrap();
        assert!(
            options.starts_with("-c search_path=x -c statement_timeout=10000"),
            "{options}"
        );
        assert_eq!(config.get_application_name(), Some("test"));
    }

    #[test]
    fn a_malformed_connection_string_is_refused_without_printing_it() {
        let error = configure("postgres://a:secret@h:port/", "test").unwrap_err();
        assert!(!format!("{error:?}").contains("secret"));
    }
}
