//! Where database and broker are: secrets, and the authorities that vouch for them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{broker, database};

crate::secret!(
    /// Connection string of the runtime role, which cannot change the schema;
    /// ?sslmode=require encrypts and verifies.
    DatabaseUrl, "database-url", "LIENMINH_DATABASE_URL", "Database"
);
crate::secret!(
    /// Connection string of the owner role, for migrations only.
    MigrationDatabaseUrl,
    "migration-database-url",
    "LIENMINH_MIGRATION_DATABASE_URL",
    "Database"
);
crate::secret!(
    /// The broker: amqps://user:password@host:port/vhost, or amqp:// for plain text.
    BrokerUrl, "broker-url", "LIENMINH_BROKER_URL", "Broker"
);

/// What is said where neither flag of the database is given.
pub(crate) const NO_DATABASE: &str = "--database-url or --database-url-file is needed";

/// Who vouches for the database, of every subcommand that goes there.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Database")]
#[group(skip)]
pub struct DatabaseCa {
    /// Authority that signed the database's certificate, PEM; without it those count
    /// that the platform trusts.
    #[arg(long, env = "LIENMINH_DATABASE_CA", value_name = "PATH")]
    pub database_ca: Option<PathBuf>,
}

/// Who vouches for the broker.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Broker")]
#[group(skip)]
pub struct BrokerCa {
    /// Authority that signed the broker's certificate, PEM; without it those count
    /// that the platform trusts.
    #[arg(long, env = "LIENMINH_BROKER_CA", value_name = "PATH")]
    pub broker_ca: Option<PathBuf>,
}

impl DatabaseUrl {
    /// Where the database is, if that is configured.
    ///
    /// # Errors
    /// What is wrong with it, without its text.
    pub fn address(&self, ca: &DatabaseCa) -> Result<Option<database::Address>> {
        address("--database-url", self.read()?, ca)
    }
}

impl MigrationDatabaseUrl {
    /// Where the database is, if that is configured.
    ///
    /// # Errors
    /// What is wrong with it, without its text.
    pub fn address(&self, ca: &DatabaseCa) -> Result<Option<database::Address>> {
        address("--migration-database-url", self.read()?, ca)
    }
}

impl BrokerUrl {
    /// Where the broker is.
    ///
    /// # Errors
    /// What is wrong with it, without its text; that it is not configured.
    pub fn address(&self, ca: &BrokerCa) -> Result<broker::Address> {
        broker::Address::read(self.require()?.expose_secret(), given(&ca.broker_ca))
            .context("--broker-url")
    }
}

fn address(
    flag: &'static str,
    url: Option<SecretString>,
    ca: &DatabaseCa,
) -> Result<Option<database::Address>> {
    url.map(|url| database::Address::read(url.expose_secret(), given(&ca.database_ca)))
        .transpose()
        .context(flag)
}

/// An empty variable is no path.
fn given(path: &Option<PathBuf>) -> Option<&Path> {
    path.as_deref().filter(|path| !path.as_os_str().is_empty())
}
