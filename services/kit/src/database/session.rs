//! Running statements, the same on a connection and in a transaction.

use std::future::Future;
use std::pin::pin;

use deadpool_postgres::ClientWrapper;
use futures_util::TryStreamExt as _;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

use super::{Connection, Tx};
use crate::error::{Error, Result};

/// Parameters of a statement.
type Parameters<'a> = [&'a (dyn ToSql + Sync)];

/// What runs statements: a [`Connection`] or a [`Tx`].
///
/// The text of a statement is `'static`: it is constant, so that the cache of
/// prepared statements stays bounded and no value ever becomes part of SQL.
/// Futures of one session that are polled together (`try_join!`) share a round trip.
pub trait Session: Sync {
    /// The connection beneath, for what the methods here do not offer (`COPY`).
    fn client(&self) -> &ClientWrapper;

    /// Whether a refused statement may simply run again: not inside a transaction.
    #[doc(hidden)]
    fn may_repeat(&self) -> bool {
        false
    }

    /// Prepares a statement, or finds it prepared.
    ///
    /// # Errors
    /// What the database says.
    fn prepare(&self, sql: &'static str) -> impl Future<Output = Result<Statement>> + Send {
        async move { Ok(self.client().prepare_cached(sql).await?) }
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// What the database says.
    fn query(
        &self,
        sql: &'static str,
        parameters: &Parameters<'_>,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send {
        async move {
            let statement = self.client().prepare_cached(sql).await?;
            match self.client().query(&statement, parameters).await {
                Err(error) if forgets_plans(self.client(), &error) && self.may_repeat() => {
                    let statement = self.client().prepare_cached(sql).await?;
                    Ok(self.client().query(&statement, parameters).await?)
                }
                result => Ok(result?),
            }
        }
    }

    /// Hands over the rows of a query one by one: for what is too much to be held at once.
    ///
    /// # Errors
    /// What the database says, or `take`.
    fn each(
        &self,
        sql: &'static str,
        parameters: &Parameters<'_>,
        mut take: impl FnMut(&Row) -> Result<()> + Send,
    ) -> impl Future<Output = Result<()>> + Send {
        async move {
            let statement = self.client().prepare_cached(sql).await?;
            let parameters = parameters.iter().copied();
            let rows = match self
                .client()
                .query_raw(&statement, parameters.clone())
                .await
            {
                Err(error) if forgets_plans(self.client(), &error) && self.may_repeat() => {
                    let statement = self.client().prepare_cached(sql).await?;
                    self.client().query_raw(&statement, parameters).await?
                }
                result => result?,
            };
            let mut rows = pin!(rows);
            while let Some(row) = rows.try_next().await? {
                take(&row)?;
            }
            Ok(())
        }
    }

    /// The one row of a query, if there is one; further rows are ignored.
    ///
    /// # Errors
    /// What the database says.
    fn query_opt(
        &self,
        sql: &'static str,
        parameters: &Parameters<'_>,
    ) -> impl Future<Output = Result<Option<Row>>> + Send {
        async move { Ok(self.query(sql, parameters).await?.into_iter().next()) }
    }

    /// The one row of a query that always has one.
    ///
    /// # Errors
    /// What the database says; [`Error::Internal`] when there is no row.
    fn query_one(
        &self,
        sql: &'static str,
        parameters: &Parameters<'_>,
    ) -> impl Future<Output = Result<Row>> + Send {
        async move {
            self.query_opt(sql, parameters)
                .await?
                .ok_or_else(|| Error::internal(anyhow::anyhow!("no row from: {sql}")))
        }
    }

    /// Runs a statement and tells how many rows it touched.
    ///
    /// # Errors
    /// What the database says.
    fn execute(
        &self,
        sql: &'static str,
        parameters: &Parameters<'_>,
    ) -> impl Future<Output = Result<u64>> + Send {
        async move {
            let statement = self.client().prepare_cached(sql).await?;
            match self.client().execute(&statement, parameters).await {
                Err(error) if forgets_plans(self.client(), &error) && self.may_repeat() => {
                    let statement = self.client().prepare_cached(sql).await?;
                    Ok(self.client().execute(&statement, parameters).await?)
                }
                result => Ok(result?),
            }
        }
    }
}

/// A migration may change what a prepared statement returns ("cached plan must
/// not change result type"): without this the connection would fail until restart.
fn forgets_plans(client: &ClientWrapper, error: &tokio_postgres::Error) -> bool {
    let stale = error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED);
    if stale {
        client.statement_cache.clear();
    }
    stale
}

impl Session for Connection {
    fn client(&self) -> &ClientWrapper {
        Connection::client(self)
    }

    fn may_repeat(&self) -> bool {
        true
    }
}

impl Session for std::sync::Arc<Tx> {
    fn client(&self) -> &ClientWrapper {
        Tx::client(self)
    }
}

impl Session for Tx {
    fn client(&self) -> &ClientWrapper {
        Tx::client(self)
    }
}
