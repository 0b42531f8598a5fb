//! The fastest things that do the same kind of work.

pub mod h2load;
pub mod nginx;
pub mod pgbench;
pub mod replay;

use std::path::PathBuf;
use std::process::Output;

use anyhow::{Context, bail};

/// Runs a measuring program to its end; its standard output.
///
/// # Errors
/// When it is not on this machine or fails; its last words are in the error.
pub async fn measure(mut command: tokio::process::Command) -> anyhow::Result<String> {
    let name = command.as_std().get_program().display().to_string();
    let run = command
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output();
    let Output {
        status,
        stdout,
        stderr,
    } = run.await.with_context(|| missing(&name))?;
    let said = String::from_utf8_lossy(&stdout).into_owned();
    if !status.success() {
        let errors = String::from_utf8_lossy(&stderr);
        bail!(
            "{name} failed ({status}): {} {}",
            errors.trim(),
            said.trim()
        );
    }
    Ok(said)
}

/// A server's program; distributions keep those where no ordinary user looks.
#[must_use]
pub fn daemon(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .unwrap_or_else(|| PathBuf::from(name))
}

fn missing(name: &str) -> String {
    format!("cannot run {name}; `sh deploy/setup.sh bench` installs it")
}

/// The number that stands before `after` in a line of such a program's report.
fn number_before(text: &str, after: &str) -> Option<f64> {
    let before = text.split(after).next().filter(|_| text.contains(after))?;
    before.split([' ', '(', ',']).next_back()?.parse().ok()
}
