//! `stage down`.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use rustix::process::{Pid, Signal, kill_process};

use super::hold::Held;
use crate::folder::{Refused, project_root};
use crate::process::is_running;
use crate::wait;

/// Stops the suite of `stage up`.
#[derive(Args, Debug)]
pub struct Down {}

/// The services drain and PostgreSQL writes a checkpoint.
const LIMIT: Duration = Duration::from_secs(60);

impl Down {
    /// Asks the holding process to end and waits for it.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn perform(self) -> Result<ExitCode, Refused> {
        let ready = project_root()?.join(".stage/up/ready.json");
        let held: Option<Held> = std::fs::read(&ready)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok());
        let Some(held) = held.filter(|held| holds(held.process)) else {
            println!("Nothing runs in this clone.");
            return Ok(ExitCode::SUCCESS);
        };
        let raw = i32::try_from(held.process).context("a process id beyond 31 bits")?;
        let pid = Pid::from_raw(raw).context("process id 0")?;
        kill_process(pid, Signal::TERM).context("cannot tell the suite to end")?;
        wait::until("the suite ends", LIMIT, || {
            std::future::ready(Ok(!is_running(held.process)))
        })
        .await?;
        println!("Stopped.");
        Ok(ExitCode::SUCCESS)
    }
}

/// Whether the process is still the one that holds the suite, and not a stranger with its number.
pub(super) fn holds(process: u32) -> bool {
    let command = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    is_running(process)
        && command
            .split(|&byte| byte == 0)
            .any(|argument| argument == b"hold")
}
