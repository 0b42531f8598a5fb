//! The command line of a service.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Bound, Service, serve, signal};
use crate::config::{
    DatabaseCa, DatabaseUrl, Logging, MigrationDatabaseUrl, NO_DATABASE, Settings,
};
use crate::database::Pool;
use crate::telemetry::{self, Metrics};

/// Exit code when the configuration is wrong, as for wrong flags.
const MISCONFIGURED: u8 = 2;

/// A probe waits this long for an answer.
const PROBE_LIMIT: Duration = Duration::from_secs(3);

/// And reads no more of it: the verdicts of a dozen probes are a tenth of this.
const PROBE_BYTES: u64 = 64 * 1024;

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
    CheckConfig(Box<ServeArgs<T>>),
    /// Ask a running instance whether it is ready; the exit code tells.
    Probe(ProbeArgs),
    /// Print name and version.
    Version,
}

#[derive(Args)]
#[group(skip)]
struct ServeArgs<T: Args> {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    own: T,
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
    let program = Program::<S::Settings>::from_arg_matches(&command.get_matches())
        .unwrap_or_else(|error| error.exit());
    match run::<S>(program.command) {
        Ok(code) => code,
        Err(error) => {
            tell(&format!("{}: {error:#}", S::NAME));
            ExitCode::FAILURE
        }
    }
}

fn run<S: Service>(command: Command<S::Settings>) -> Result<ExitCode> {
    match command {
        Command::Serve(args) => start::<S>(*args),
        Command::Migrate(args) => runtime()?.block_on(migrate::<S>(args)),
        Command::Audit(args) => runtime()?.block_on(audit::<S>(args)),
        Command::CheckConfig(args) => Ok(check::<S>(&args)),
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
    let problems = problems::<S>(&args);
    if !problems.is_empty() {
        return Ok(misconfigured(&problems));
    }
    telemetry::start(args.settings.logging.log_format, &args.settings.logging.log)?;
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

fn problems<S: Service>(args: &ServeArgs<S::Settings>) -> Vec<String> {
    let mut problems = args.settings.problems();
    if let Err(own) = S::check(&args.own) {
        problems.extend(own);
    }
    problems
}

fn check<S: Service>(args: &ServeArgs<S::Settings>) -> ExitCode {
    let problems = problems::<S>(args);
    for remark in args.settings.remarks() {
        tell(&remark);
    }
    if problems.is_empty() {
        say("The configuration is complete.");
        return ExitCode::SUCCESS;
    }
    misconfigured(&problems)
}

fn misconfigured(problems: &[String]) -> ExitCode {
    for problem in problems {
        tell(problem);
    }
    ExitCode::from(MISCONFIGURED)
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

/// Asks over plain HTTP, which needs no certificate and no client.
async fn probe(listen: SocketAddr) -> Result<ExitCode> {
    let mut address = listen;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let ask = async {
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        stream
            .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await?;
        let mut answer = String::new();
        stream.take(PROBE_BYTES).read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = tokio::time::timeout(PROBE_LIMIT, ask)
        .await
        .with_context(|| format!("{address} does not answer"))?
        .with_context(|| format!("{address} does not answer"))?;
    if answer.starts_with("HTTP/1.1 200") {
        return Ok(ExitCode::SUCCESS);
    }
    bail!("not ready: {}", answer.lines().last().unwrap_or_default())
}

// The results of a command belong on its output, its complaints beside it.
#[allow(clippy::print_stdout)]
fn say(line: &str) {
    println!("{line}");
}

#[allow(clippy::print_stderr)]
fn tell(line: &str) {
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
