//! The command line of a service.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use super::check::{self, misconfigured};
use super::probe::probe;
use super::reading::{self, Reading};
use super::{Bound, Service, serve, signal};
use crate::config::{
    DatabaseCa, DatabaseUrl, Logging, MigrationDatabaseUrl, NO_DATABASE, Settings,
};
use crate::database::Pool;
use crate::telemetry::{self, Metrics};

#[derive(Parser)]
#[command(disable_help_subcommand = true)]
struct Program<T: Args> {
    #[command(subcommand)]
    command: Command<T>,
}

#[derive(Subcommand)]
enum Command<T: Args> {
    /// Serve until told to stop.
    Serve(Box<ServeArgs<T>>),
    /// Bring the database to the schema of this binary, or show where it stands.
    Migrate(MigrateArgs),
    /// Walk the chain of the audit and name every row that was touched.
    Audit(AuditArgs),
    /// Tell everything that is wrong with the configuration of `serve`.
    CheckConfig(Box<CheckArgs<T>>),
    /// Ask a running instance whether it is ready; the exit code tells.
    Probe(ProbeArgs),
    /// Print name and version.
    Version,
}

#[derive(Args)]
#[group(skip)]
pub(super) struct ServeArgs<T: Args> {
    #[command(flatten)]
    pub(super) settings: Settings,
    #[command(flatten)]
    pub(super) own: T,
}

#[derive(Args)]
#[group(skip)]
struct CheckArgs<T: Args> {
    #[command(flatten)]
    serve: ServeArgs<T>,
    /// Go to the database and to the broker as well, and tell why they do not let us in.
    #[arg(long, help_heading = "Check")]
    connect: bool,
}

#[derive(Args)]
struct MigrateArgs {
    /// Only show where the schema stands
    #[arg(value_enum)]
    action: Option<MigrateAction>,
    #[command(flatten)]
    logging: Logging,
    #[command(flatten)]
    migration_database_url: MigrationDatabaseUrl,
    #[command(flatten)]
    database_url: DatabaseUrl,
    #[command(flatten)]
    database_ca: DatabaseCa,
}

#[derive(Clone, Copy, ValueEnum)]
enum MigrateAction {
    /// List the migrations and whether they are applied.
    Status,
}

#[derive(Args)]
struct AuditArgs {
    /// An anchor printed by an earlier walk and kept elsewhere: the chain must
    /// still contain it.
    #[arg(long)]
    anchor: Option<crate::audit::Anchor>,
    #[command(flatten)]
    database_url: DatabaseUrl,
    #[command(flatten)]
    database_ca: DatabaseCa,
}

#[derive(Args)]
struct ProbeArgs {
    /// HTTP port of the instance.
    #[arg(long, env = "LIENMINH_HTTP_LISTEN", default_value = "127.0.0.1:7201")]
    http_listen: SocketAddr,
}

/// The whole program of a service.
#[must_use]
pub fn main<S: Service>() -> ExitCode {
    // Fails only if somebody installed one before; then that one is in force.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let command = Program::<S::Settings>::command()
        .name(S::NAME)
        .about(format!("The {} service of Lienminh", S::NAME));
    let own = variables(&command);
    let Reading { program, problems } =
        reading::read::<Program<S::Settings>>(&command, std::env::args_os().collect())
            .unwrap_or_else(|error| error.exit());
    match run::<S>(program.command, problems, &own) {
        Ok(code) => code,
        Err(error) => {
            tell(&format!("{}: {error:#}", S::NAME));
            ExitCode::FAILURE
        }
    }
}

/// The variables that the program itself reads.
fn variables(command: &clap::Command) -> BTreeSet<String> {
    let arguments = command
        .get_subcommands()
        .flat_map(clap::Command::get_arguments);
    arguments
        .filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned()))
        .collect()
}

/// `unread` are the values that could not be read.
fn run<S: Service>(
    command: Command<S::Settings>,
    unread: Vec<String>,
    own: &BTreeSet<String>,
) -> Result<ExitCode> {
    match command {
        Command::Serve(args) => match check::problems::<S>(&args, unread, own) {
            none if none.is_empty() => start::<S>(*args),
            problems => Ok(misconfigured(&problems)),
        },
        Command::CheckConfig(args) => {
            let problems = check::problems::<S>(&args.serve, unread, own);
            let checking = check::check::<S>(&args.serve, problems, args.connect);
            Ok(runtime()?.block_on(checking))
        }
        _ if !unread.is_empty() => Ok(misconfigured(&unread)),
        Command::Migrate(args) => runtime()?.block_on(migrate::<S>(args)),
        Command::Audit(args) => runtime()?.block_on(audit::<S>(args)),
        Command::Probe(args) => runtime()?.block_on(probe(args.http_listen)),
        Command::Version => {
            say(&format!(
                "lienminh-{} {}",
                S::NAME,
                env!("CARGO_PKG_VERSION")
            ));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
}

fn start<S: Service>(args: ServeArgs<S::Settings>) -> Result<ExitCode> {
    telemetry::start(args.settings.logging.log_format, &args.settings.logging.log)?;
    for remark in check::remarks::<S>(&args) {
        tracing::warn!("{remark}");
    }
    let metrics = Metrics::install(S::meters())?;
    let runtime = runtime()?;
    let outcome = runtime.block_on(async {
        let bound = Bound::open(&args.settings.ports, S::public(&args.own)).await?;
        let stop = signal::listen()?;
        if args.settings.exit_on_stdin_close {
            signal::follow_stdin(stop.clone());
        }
        serve::<S>(bound, metrics, args.settings, args.own, stop).await
    });
    // Whatever still blocks has had its time.
    runtime.shutdown_background();
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn migrate<S: Service>(args: MigrateArgs) -> Result<ExitCode> {
    telemetry::start(args.logging.log_format, &args.logging.log)?;
    let owner = args.migration_database_url.address(&args.database_ca)?;
    let runtime = args.database_url.address(&args.database_ca)?;
    if matches!(args.action, Some(MigrateAction::Status)) {
        let address = owner.or(runtime).context(NO_DATABASE)?;
        let pool = Pool::to(address, 1, S::NAME)?;
        for line in crate::migrate::status(&pool, S::migrations()).await? {
            say(&line.to_string());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let applied = super::migrate::<S>(owner, runtime).await?;
    say(&format!("{applied} migrations applied."));
    Ok(ExitCode::SUCCESS)
}

/// Exit code 0 only when the chain holds; the anchor is for keeping elsewhere.
async fn audit<S: Service>(args: AuditArgs) -> Result<ExitCode> {
    let address = args.database_url.address(&args.database_ca)?;
    let pool = Pool::to(address.context(NO_DATABASE)?, 1, S::NAME)?;
    let report = crate::audit::verify(&pool.get().await?, args.anchor).await?;
    for fault in &report.faults {
        tell(&fault.to_string());
    }
    let (entries, pending) = (report.entries, report.pending);
    say(&format!(
        "{entries} entries sealed, {pending} waiting for their seal."
    ));
    if let Some(anchor) = report.anchor {
        say(&format!("anchor {anchor}"));
    }
    Ok(if report.holds() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

// The results of a command belong on its output, its complaints beside it.
#[allow(clippy::print_stdout)]
pub(super) fn say(line: &str) {
    println!("{line}");
}

#[allow(clippy::print_stderr)]
pub(super) fn tell(line: &str) {
    eprintln!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Args)]
    struct Settings {
        /// Own flag.
        #[arg(long)]
        _own: Option<String>,
    }

    #[test]
    fn flags_of_kit_and_service_live_side_by_side() {
        Program::<Settings>::command().debug_assert();
    }
}
