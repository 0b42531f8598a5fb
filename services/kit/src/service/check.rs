//! What is wrong with the configuration, all of it at once.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::Result;

use super::Service;
use super::command::{ServeArgs, say, tell};
use crate::broker::Broker;
use crate::config::{Settings, unknown};
use crate::database::{Address, Pool};
use crate::error::Error;

/// Exit code when the configuration is wrong, as for wrong flags.
const MISCONFIGURED: u8 = 2;

/// Everything that is wrong; `unread` are the values that could not be read.
pub(super) fn problems<S: Service>(
    args: &ServeArgs<S::Settings>,
    unread: Vec<String>,
    own: &BTreeSet<String>,
) -> Vec<String> {
    let mut problems = unread;
    problems.extend(args.settings.problems());
    if let Err(more) = S::check(&args.own, &args.settings) {
        problems.extend(more);
    }
    let present = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    problems.extend(unknown(present, own));
    problems
}

/// What is not wrong, but should be known.
pub(super) fn remarks<S: Service>(args: &ServeArgs<S::Settings>) -> Vec<String> {
    let mut remarks = args.settings.remarks();
    remarks.extend(S::remarks(&args.own));
    remarks
}

/// Tells it; with `connect` also whether database and broker let us in.
pub(super) async fn check<S: Service>(
    args: &ServeArgs<S::Settings>,
    mut problems: Vec<String>,
    connect: bool,
) -> ExitCode {
    for remark in remarks::<S>(args) {
        tell(&format!("remark: {remark}"));
    }
    if connect {
        problems.extend(unreachable::<S>(&args.settings).await);
    }
    if problems.is_empty() {
        say("The configuration is complete.");
        return ExitCode::SUCCESS;
    }
    misconfigured(&problems)
}

pub(super) fn misconfigured(problems: &[String]) -> ExitCode {
    for problem in problems {
        tell(problem);
    }
    ExitCode::from(MISCONFIGURED)
}

/// Why what is configured cannot be reached; what cannot be read is told elsewhere.
async fn unreachable<S: Service>(settings: &Settings) -> Vec<String> {
    let owner = settings
        .migration_database_url
        .address(&settings.database_ca);
    let places = [
        ("--database-url", settings.database().ok()),
        ("--migration-database-url", owner.ok().flatten()),
    ];
    let mut problems = Vec::new();
    for (flag, address) in places {
        if let Some(address) = address {
            problems.extend(reason(flag, session::<S>(address).await));
        }
    }
    if let Ok(address) = settings.broker_url.address(&settings.broker_ca) {
        let connection = Broker::at(address, S::NAME).connect("check").await;
        problems.extend(reason("--broker-url", connection.map(drop)));
    }
    problems
}

async fn session<S: Service>(address: Address) -> Result<(), Error> {
    Pool::to(address, 1, S::NAME)?.dedicated().await.map(drop)
}

fn reason(flag: &str, outcome: Result<(), Error>) -> Option<String> {
    let error = outcome.err()?;
    let why =
        crate::tls::cause(&error).unwrap_or_else(|| format!("{:#}", anyhow::Error::new(error)));
    Some(format!("{flag}: {why}"))
}
