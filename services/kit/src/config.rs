//! What is configured: flags, their environment variables, and files for secrets.
//!
//! Each flag is documented where it is declared; `--help` is the reference.

mod host;
mod known;
mod neighbour;
mod place;
mod secret;
mod web;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::builder::FalseyValueParser;
pub use host::{is_example, is_plain, is_this_machine};
use jiff::Timestamp;
pub use known::KNOWN_VARIABLES;
pub(crate) use known::unknown;
pub use neighbour::Registry;
pub(crate) use place::NO_DATABASE;
pub use place::{BrokerCa, BrokerUrl, DatabaseCa, DatabaseUrl, MigrationDatabaseUrl};
pub use secrecy::{ExposeSecret, SecretString};
pub use secret::read_secret;
pub use web::{Optional, WebBase, WebOrigin};

use crate::client::Certificates;
use crate::clock::Clock;
use crate::http::TrustedProxies;
use crate::language::Language;
use crate::server::LookupRates;
use crate::telemetry::{LogFormat, read_filter};

/// Connections of the pool: each is a process of the database; eight per core
/// of a small server keep it busy, more only queue there instead of here.
const POOL_SIZE: usize = 16;

/// The most connections one process may hold; four services stay below
/// PostgreSQL's default of 100 with room for people.
const POOL_LIMIT: usize = 64;

/// Faster than people read, too slow to empty a roll. The house is not limited:
/// its systems ask for everybody, and its officers are known by name.
const MEMBER_LOOKUPS: u32 = 10;

/// Where a process is running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Environment {
    /// On somebody's own machine, or in a test.
    Development,
    /// For real people.
    #[default]
    Production,
}

/// Logging flags, of every subcommand.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Logging")]
#[group(skip)]
pub struct Logging {
    /// How log lines look.
    #[arg(long, env = "LIENMINH_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,

    /// What is logged: levels per target, such as info,kit=debug.
    #[arg(long, env = "LIENMINH_LOG", default_value = "info")]
    pub log: String,
}

/// Flags of the two ports.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Ports")]
#[group(skip)]
pub struct Ports {
    /// Where gRPC is served; port 0 takes a free one.
    #[arg(long, env = "LIENMINH_GRPC_LISTEN", default_value_t = local(7101))]
    pub grpc_listen: SocketAddr,

    /// Where metrics and health are served, for those inside; port 0 takes a free one.
    #[arg(long, env = "LIENMINH_HTTP_LISTEN", default_value_t = local(7201))]
    pub http_listen: SocketAddr,

    /// After binding, the addresses are written here as JSON: {"grpc": …, "http": …, "public": …}.
    #[arg(long, env = "LIENMINH_ADDRESSES_FILE", value_name = "PATH")]
    pub addresses_file: Option<PathBuf>,
}

/// Flags of the port for the world, of services that have pages for it.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Ports")]
#[group(skip)]
pub struct PublicPort {
    /// Where pages for the world are served, and nothing else; port 0 takes a free one.
    #[arg(long, env = "LIENMINH_PUBLIC_LISTEN", default_value_t = local(7301))]
    pub public_listen: SocketAddr,

    /// Our own proxies in front of that port, addresses or networks such as
    /// 10.1.0.0/16, separated by commas. Their X-Forwarded-For tells visitors apart;
    /// nobody else's counts.
    #[arg(
        long,
        env = "LIENMINH_TRUSTED_PROXY",
        value_name = "NETWORKS",
        default_value = ""
    )]
    pub trusted_proxy: TrustedProxies,
}

impl Default for PublicPort {
    fn default() -> Self {
        Self {
            public_listen: local(7301),
            trusted_proxy: TrustedProxies::default(),
        }
    }
}

/// TLS flags.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "TLS")]
#[group(skip)]
pub struct Tls {
    /// Certificate chain of the gRPC port, PEM; also shown to the other services. Without it the port speaks plain text.
    #[arg(long, env = "LIENMINH_TLS_CERT", value_name = "PATH")]
    pub tls_cert: Option<PathBuf>,

    /// Private key of that certificate, PEM.
    #[arg(long, env = "LIENMINH_TLS_KEY", value_name = "PATH")]
    pub tls_key: Option<PathBuf>,

    /// Callers must show a certificate that this authority signed, PEM.
    #[arg(long, env = "LIENMINH_TLS_CLIENT_CA", value_name = "PATH")]
    pub tls_client_ca: Option<PathBuf>,

    /// Authority that signed the certificates of the other services, PEM.
    #[arg(long, env = "LIENMINH_TLS_CA", value_name = "PATH")]
    pub tls_ca: Option<PathBuf>,
}

/// What every service is told when it serves.
// A service's own flags are called Settings too, and clap wants each group once.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub struct Settings {
    /// Logging.
    #[command(flatten)]
    pub logging: Logging,
    /// Ports.
    #[command(flatten)]
    pub ports: Ports,
    /// Database of the runtime role.
    #[command(flatten)]
    pub database_url: DatabaseUrl,
    /// Database of the owner role.
    #[command(flatten)]
    pub migration_database_url: MigrationDatabaseUrl,
    /// Who vouches for the database.
    #[command(flatten)]
    pub database_ca: DatabaseCa,
    /// Broker.
    #[command(flatten)]
    pub broker_url: BrokerUrl,
    /// Who vouches for the broker.
    #[command(flatten)]
    pub broker_ca: BrokerCa,
    /// TLS.
    #[command(flatten)]
    pub tls: Tls,

    /// Most database connections of this process.
    #[arg(long, env = "LIENMINH_DATABASE_POOL_SIZE", default_value_t = POOL_SIZE, help_heading = "Database")]
    pub database_pool_size: usize,

    /// Migrate the database before serving.
    #[arg(long, env = "LIENMINH_MIGRATE", value_parser = FalseyValueParser::new(), help_heading = "Database")]
    pub migrate: bool,

    /// Folder of keys: this service's own, the trusted ones, the revoked tokens.
    #[arg(
        long,
        env = "LIENMINH_AUTH_DIR",
        help_heading = "Service",
        value_name = "DIR",
        default_value = "auth"
    )]
    pub auth_dir: PathBuf,

    /// Look-ups of people in a second of each caller that is bound to one
    /// organisation, and twice as many at once; 0: any number.
    #[arg(long, env = "LIENMINH_MEMBER_LOOKUPS", default_value_t = MEMBER_LOOKUPS, help_heading = "Service")]
    pub member_lookups: u32,

    /// The same of each caller of the house: officers, services, internal systems.
    #[arg(
        long,
        env = "LIENMINH_HOUSE_LOOKUPS",
        default_value_t = 0,
        help_heading = "Service"
    )]
    pub house_lookups: u32,

    /// Language of answers where a caller has no wish.
    #[arg(
        long,
        env = "LIENMINH_LANGUAGE",
        help_heading = "Service",
        value_enum,
        default_value_t
    )]
    pub language: Language,

    /// Where this process runs; development allows the stepped clock and shows
    /// reflection.
    #[arg(
        long,
        env = "LIENMINH_ENVIRONMENT",
        help_heading = "Service",
        value_enum,
        default_value_t
    )]
    pub environment: Environment,

    /// Step the business clock instead of following the system's, beginning at
    /// INSTANT (default: now). Development only.
    #[arg(long, env = "LIENMINH_LOGICAL_CLOCK", help_heading = "Service", value_name = "INSTANT", num_args = 0..=1)]
    pub logical_clock: Option<Option<Timestamp>>,

    /// Beside a stepped clock, wait as long for lost connections and retries as in
    /// production. Development only.
    #[arg(long, env = "LIENMINH_FULL_WAITS", help_heading = "Service", value_parser = FalseyValueParser::new())]
    pub full_waits: bool,

    /// Serve gRPC reflection [default: in development].
    #[arg(
        long,
        env = "LIENMINH_REFLECTION",
        help_heading = "Service",
        value_name = "BOOL"
    )]
    pub reflection: Option<bool>,

    /// Leave when standard input is closed: a supervised child ends with its parent.
    #[arg(long, env = "LIENMINH_EXIT_ON_STDIN_CLOSE", help_heading = "Service", value_parser = FalseyValueParser::new())]
    pub exit_on_stdin_close: bool,
}

impl Settings {
    /// Everything that is wrong, one sentence each.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut note = |problem: Result<()>| {
            if let Err(error) = problem {
                problems.push(format!("{error:#}"));
            }
        };
        note(read_filter(&self.logging.log).map(drop));
        note(self.database().map(drop));
        note(self.broker_url.address(&self.broker_ca).map(drop));
        note(
            self.migration_database_url
                .address(&self.database_ca)
                .map(drop),
        );
        note(self.check_pool());
        note(self.check_clock());
        problems.extend(self.tls.problems());
        problems
    }

    /// What is not wrong, but should be known to whoever set this up.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let owner = self.migration_database_url.address(&self.database_ca);
        let broker = self.broker_url.address(&self.broker_ca);
        let remarks = [
            self.database().ok().and_then(|there| there.remark()),
            owner.ok().flatten().and_then(|there| there.remark()),
            broker.ok().and_then(|there| there.remark()),
        ];
        ["--database-url", "--migration-database-url", "--broker-url"]
            .into_iter()
            .zip(remarks)
            .filter_map(|(flag, remark)| Some(format!("{flag}: {}", remark?)))
            .collect()
    }

    /// Where the database is, for the runtime role.
    ///
    /// # Errors
    /// What is wrong with the address; that there is none.
    pub fn database(&self) -> Result<crate::database::Address> {
        self.database_url
            .address(&self.database_ca)?
            .context(NO_DATABASE)
    }

    fn check_pool(&self) -> Result<()> {
        anyhow::ensure!(
            (1..=POOL_LIMIT).contains(&self.database_pool_size),
            "--database-pool-size must lie between 1 and {POOL_LIMIT}"
        );
        Ok(())
    }

    fn check_clock(&self) -> Result<()> {
        anyhow::ensure!(
            self.logical_clock.is_none() || self.environment == Environment::Development,
            "--logical-clock is for --environment development only"
        );
        Ok(())
    }

    /// The business clock that was asked for.
    #[must_use]
    pub fn clock(&self) -> Clock {
        match self.logical_clock {
            None => Clock::system(),
            Some(start) => {
                let clock = Clock::stepped(start.unwrap_or_else(Timestamp::now));
                if self.full_waits {
                    clock.with_full_waits()
                } else {
                    clock
                }
            }
        }
    }

    /// Files of certificates in use, by the flag that names them.
    #[must_use]
    pub fn certificates(&self) -> Vec<(&'static str, PathBuf)> {
        [
            ("tls-cert", &self.tls.tls_cert),
            ("tls-client-ca", &self.tls.tls_client_ca),
            ("tls-ca", &self.tls.tls_ca),
            ("database-ca", &self.database_ca.database_ca),
            ("broker-ca", &self.broker_ca.broker_ca),
        ]
        .into_iter()
        .filter_map(|(flag, file)| Some((flag, file.clone()?)))
        .collect()
    }

    /// How many look-ups callers have in a second.
    #[must_use]
    pub const fn lookup_rates(&self) -> LookupRates {
        LookupRates {
            member: self.member_lookups,
            house: self.house_lookups,
        }
    }

    /// Whether reflection is served.
    #[must_use]
    pub fn reflects(&self) -> bool {
        self.reflection
            .unwrap_or(self.environment == Environment::Development)
    }
}

impl Tls {
    /// For calls to the other services: their authority, and one's own certificate,
    /// which they may ask for.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn for_calls(&self) -> anyhow::Result<Certificates> {
        Certificates::read(
            self.tls_ca.as_deref(),
            self.tls_cert.as_deref(),
            self.tls_key.as_deref(),
        )
    }

    /// Everything that is wrong with the files, one sentence each.
    fn problems(&self) -> Vec<String> {
        let authorities = [
            ("--tls-ca", &self.tls_ca),
            ("--tls-client-ca", &self.tls_client_ca),
        ];
        let read = |(flag, file): (&str, &Option<PathBuf>)| {
            let outcome = crate::tls::verifying(Some(file.as_deref()?));
            outcome.err().map(|error| format!("{flag}: {error:#}"))
        };
        let mut problems: Vec<String> = authorities.into_iter().filter_map(read).collect();
        let own = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => crate::tls::fit(certificate, key),
            (None, None) => Ok(()),
            (Some(_), None) | (None, Some(_)) => {
                Err(anyhow::anyhow!("one is nothing without the other"))
            }
        };
        if let Err(error) = own {
            problems.push(format!("--tls-cert and --tls-key: {error:#}"));
        }
        if self.tls_client_ca.is_some() && self.tls_cert.is_none() {
            problems.push("--tls-client-ca needs --tls-cert".to_owned());
        }
        problems
    }
}

const fn local(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        settings: Settings,
    }

    fn settings(flags: &[&str]) -> Settings {
        let all = [
            "test",
            "--database-url",
            "postgres://d",
            "--broker-url",
            "amqp://b",
        ];
        Program::try_parse_from(all.iter().chain(flags))
            .unwrap()
            .settings
    }

    #[test]
    fn a_stepped_clock_is_refused_in_production() {
        let problems = settings(&["--logical-clock"]).problems();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("development"));
        let allowed = settings(&[
            "--logical-clock=2024-02-27T00:00:00+07:00",
            "--environment",
            "development",
        ]);
        assert!(allowed.problems().is_empty());
        assert_eq!(
            allowed.clock().now(),
            "2024-02-26T17:00:00Z".parse().unwrap()
        );
        assert!(allowed.clock().waits().are_shortened());
        let patient = settings(&["--full-waits", "--logical-clock"]);
        assert!(!patient.clock().waits().are_shortened());
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let problems = settings(&["--database-pool-size", "0", "--log", "kit=loud"]).problems();
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn no_secret_appears_in_the_debug_form() {
        let shown = format!(
            "{:?}",
            settings(&["--migration-database-url", "postgres://o:hunter2@d"])
        );
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_secret_is_given_once() {
        let twice = settings(&["--broker-url-file", "/dev/null"]);
        assert!(twice.problems()[0].contains("--broker-url"));
    }
}
