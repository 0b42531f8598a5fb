//! The way to PostgreSQL: a bounded pool, prepared statements, owned transactions.
//!
//! Every statement is constant text, prepared once per connection. A statement
//! never outlives its caller for long: the server stops it after
//! [`STATEMENT_TIMEOUT`], and a transaction dropped half-way rolls itself back
//! before its connection serves anybody else.

mod address;
mod connect;
mod schema;
mod session;
mod transaction;
pub(crate) mod trouble;

use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Manager, ManagerConfig, RecyclingMethod, Runtime, Timeouts,
};

pub use address::Address;
pub(crate) use schema::Standing;
pub use session::Session;
pub use transaction::{Isolation, Tx};

use schema::Schema;

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

/// A ready service gets a connection within this time.
const READY_TIMEOUT: Duration = Duration::from_millis(200);

/// A bounded pool of connections to this service's own database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pool {
    connections: deadpool_postgres::Pool,
    address: Address,
    schema: Schema,
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
    /// Prepares a pool to a database whose certificate, if it shows one, the platform
    /// trusts; see [`Pool::to`].
    ///
    /// # Errors
    /// As [`Address::read`].
    pub fn open(url: &str, size: usize, application: &str) -> Result<Self> {
        let address = Address::read(url, None)
            .map_err(|error| Error::Internal(error.context("the database URL")))?;
        Self::to(address, size, application)
    }

    /// Prepares a pool; no connection is made before the first is asked for.
    ///
    /// `size` is the highest number of connections, `application` the name shown in
    /// `pg_stat_activity`.
    ///
    /// # Errors
    /// When the pool cannot be built.
    pub fn to(address: Address, size: usize, application: &str) -> Result<Self> {
        Self::of(address.named(application), size, Schema::default())
    }

    /// A further pool, of at most `size` connections, for reads by key: their plans
    /// are made once and walk an index. PostgreSQL plans a set of few keys anew each
    /// time it is asked for one, which costs more than to read it.
    ///
    /// # Errors
    /// As [`Pool::open`].
    pub fn by_key(&self, size: usize) -> Result<Self> {
        let address = self.address.clone();
        Self::of(
            address.with_options("-c plan_cache_mode=force_generic_plan -c enable_seqscan=off"),
            size,
            self.schema.clone(),
        )
    }

    fn of(address: Address, size: usize, schema: Schema) -> Result<Self> {
        let manager = Manager::from_connect(
            address.config.clone(),
            address.clone(),
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
            address,
            schema,
        })
    }

    /// The same connections, lent whatever the schema has become: for what must be
    /// written down in any case.
    #[must_use]
    pub fn regardless(&self) -> Self {
        Self {
            schema: Schema::default(),
            ..self.clone()
        }
    }

    /// Whether connections are lent at all: the schema is one that this program knows.
    #[must_use]
    pub fn knows_schema(&self) -> bool {
        self.schema.permit().is_ok()
    }

    pub(crate) const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Borrows a connection.
    ///
    /// # Errors
    /// [`Error::ResourceExhausted`] when all are busy for [`WAIT_TIMEOUT`],
    /// [`Error::Unavailable`] when none can be made, or the schema is none that this
    /// program knows.
    pub async fn get(&self) -> Result<Connection> {
        self.schema.permit()?;
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

    /// Makes a connection outside the pool, for loops that keep one for long. It is
    /// made whatever the schema has become.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be made.
    pub async fn dedicated(&self) -> Result<Connection> {
        let connecting = self.address.connect();
        let (client, driving) = tokio::time::timeout(CONNECT_TIMEOUT, connecting)
            .await
            .map_err(Error::unavailable)?
            .inspect_err(trouble::note)
            .map_err(Error::unavailable)?;
        Ok(Connection(Origin::Dedicated(ClientWrapper::new(
            client, driving,
        ))))
    }

    /// Whether the database answers now, within 200 ms.
    pub async fn is_ready(&self) -> bool {
        self.answers().await.is_ok()
    }

    /// The same, with the reason.
    ///
    /// # Errors
    /// [`Error::Unavailable`], or what the database says.
    pub async fn answers(&self) -> Result<()> {
        let ask = async {
            let connection = self.regardless().get().await?;
            connection.execute("select 1", &[]).await.map(drop)
        };
        tokio::time::timeout(READY_TIMEOUT, ask)
            .await
            .map_err(Error::unavailable)?
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
        self.address.role()
    }

    /// The database of this pool, as the connection string names it.
    #[must_use]
    pub fn database(&self) -> Option<&str> {
        self.address.database()
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
