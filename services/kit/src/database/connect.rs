//! The one way in which connections are made: to the pool's, to those of one's own, and
//! to those that migrate.

use std::time::Duration;

use deadpool_postgres::Connect;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Error, NoTls, Socket};

use super::address::{Address, Protection};
use super::{CONNECT_TIMEOUT, IDLE_IN_TRANSACTION_TIMEOUT, STATEMENT_TIMEOUT};

/// A half-open socket is noticed within half a minute, not within two hours.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(15);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_RETRIES: u32 = 3;

/// Keep-alive does not cover bytes in flight; this does.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(20);

type Connected = Result<(Client, JoinHandle<()>), Error>;

impl Address {
    /// Adds what every connection of ours has; `application` is shown in
    /// `pg_stat_activity`.
    pub(crate) fn named(mut self, application: &str) -> Self {
        self.config
            .application_name(application)
            .connect_timeout(CONNECT_TIMEOUT)
            .keepalives(true)
            .keepalives_idle(KEEPALIVE_IDLE)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(KEEPALIVE_RETRIES)
            .tcp_user_timeout(TCP_USER_TIMEOUT);
        // Times are in UTC on the wire, and compiling plans costs more than our short
        // queries win by it.
        self.with_options(&format!(
            "-c statement_timeout={} -c idle_in_transaction_session_timeout={} -c timezone=UTC -c jit=off",
            STATEMENT_TIMEOUT.as_millis(),
            IDLE_IN_TRANSACTION_TIMEOUT.as_millis(),
        ))
    }

    /// With further settings of its sessions.
    pub(super) fn with_options(mut self, options: &str) -> Self {
        let present = self.config.get_options().unwrap_or_default();
        let all = format!("{present} {options}");
        self.config.options(all.trim_start());
        self
    }

    /// Makes a connection; it is driven until its client is gone.
    pub(crate) async fn connect(&self) -> Connected {
        match &self.protection {
            Protection::Verified(tls) => connect(&self.config, tls.clone()).await,
            Protection::Disabled | Protection::Absent => connect(&self.config, NoTls).await,
        }
    }
}

impl Connect for Address {
    fn connect(&self, _: &Config) -> BoxFuture<'_, Connected> {
        Box::pin(Self::connect(self))
    }
}

async fn connect<T>(config: &Config, tls: T) -> Connected
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    let driving = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a database connection ended");
        }
    });
    Ok((client, driving))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn options_of_the_connection_string_are_kept() {
        let url = "postgres://a:b@h/d?options=-c%20search_path%3Dx";
        let address = Address::read(url, None).unwrap().named("test");
        let options = address.config.get_options().unwrap();
        assert!(
            options.starts_with("-c search_path=x -c statement_timeout=10000"),
            "{options}"
        );
        assert_eq!(address.config.get_application_name(), Some("test"));
    }
}
