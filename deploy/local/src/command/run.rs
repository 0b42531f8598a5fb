//! `stage run -- <command>`.

use std::ffi::OsString;
use std::process::{ExitCode, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::keep::keep_logs;
use crate::folder::{Play, Refused, project_root};
use crate::guard::MARK;
use crate::postgres::PostgresOptions;
use crate::servers::Servers;
use crate::testbed::{TEST_STAGE, sweep};

/// Tests that time out are killed, and leave databases and virtual hosts behind.
const SWEEP: Duration = Duration::from_secs(30);

/// Runs a command with private servers; the exit code is the command's.
#[derive(Args, Debug)]
pub struct Run {
    /// Let PostgreSQL forget the last moments when the machine loses power.
    #[arg(long)]
    no_fsync: bool,
    /// The command and its arguments.
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

impl Run {
    /// Starts the servers, runs the command, stops the servers.
    ///
    /// # Errors
    /// When a server does not come up or the command cannot be run.
    pub async fn perform(self) -> Result<ExitCode, Refused> {
        let started = Instant::now();
        eprintln!("stage: starting a private PostgreSQL and RabbitMQ ...");
        let options = PostgresOptions {
            fsync: !self.no_fsync,
            ..PostgresOptions::default()
        };
        let project = project_root()?;
        let servers = Servers::start(&project, Play::Test, options).await?;
        if let Some(outside) = servers.postgres().outside() {
            eprintln!(
                "stage: PostgreSQL's user cannot enter this folder; its data is in {} until the end",
                outside.display()
            );
        }
        eprintln!(
            "stage: ready after {:.1} s, folder {}",
            started.elapsed().as_secs_f64(),
            servers.folder().display()
        );
        let description = servers.folder().join("stage.json");
        servers.addresses().write(&description)?;
        let status = self
            .run_command(&servers, description.into_os_string())
            .await?;
        if !status.success() {
            let kept = keep_logs(servers.folder(), &project)?;
            eprintln!("stage: the logs are kept in {}", kept.display());
        }
        Ok(code_of(status))
    }

    async fn run_command(
        &self,
        servers: &Servers,
        description: OsString,
    ) -> anyhow::Result<ExitStatus> {
        let (program, arguments) = self.command.split_first().context("no command")?;
        // From here on these end the command, and we end after it.
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
        let mut hangup = signal(SignalKind::hangup()).context("cannot listen for signals")?;
        let mut child = tokio::process::Command::new(program)
            .args(arguments)
            .env(TEST_STAGE, description)
            .env(MARK, servers.guard().mark())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let addresses = servers.addresses();
        let mut sweeps = tokio::time::interval(SWEEP);
        loop {
            tokio::select! {
                status = child.wait() => return status.context("cannot wait for the command"),
                // The terminal has told the command as well: it ends by itself.
                _ = interrupt.recv() => {}
                // What a killed test has left is in nobody's way: the next sweep will do as well.
                _ = sweeps.tick() => drop(sweep(&addresses).await),
                _ = terminate.recv() => child.start_kill().context("cannot end the command")?,
                _ = hangup.recv() => child.start_kill().context("cannot end the command")?,
            }
        }
    }
}

fn code_of(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt;

    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
