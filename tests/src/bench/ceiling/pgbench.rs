//! pgbench: SQL as fast as the database server can answer it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use lienminh_local::postgres::PostgresAddress;
use tokio::process::Command;

use super::{measure, number_before};

/// A script that pgbench plays again and again.
#[derive(Clone, Debug)]
pub struct Pgbench {
    program: PathBuf,
    script: PathBuf,
    url: String,
    clients: usize,
}

impl Pgbench {
    /// Writes the script into `folder`; `url` is the database in which it runs.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn of(
        script: &str,
        folder: &Path,
        server: &PostgresAddress,
        url: &str,
        clients: usize,
    ) -> anyhow::Result<Self> {
        let path = folder.join("pgbench.sql");
        std::fs::write(&path, script)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self {
            program: server.programs.join("pgbench"),
            script: path,
            url: url.to_owned(),
            clients,
        })
    }

    /// Transactions a second over this time, every client at once, prepared statements.
    ///
    /// # Errors
    /// When a statement fails: what was not done was not measured.
    pub async fn run(&self, time: Duration, variables: &[(&str, &str)]) -> anyhow::Result<f64> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut command = Command::new(&self.program);
        command
            .args(["--no-vacuum", "--protocol=prepared"])
            .arg(format!("--client={}", self.clients))
            .arg(format!("--jobs={}", cores.min(self.clients)))
            .arg(format!("--time={}", time.as_secs().max(1)))
            .arg(format!("--file={}", self.script.display()));
        for (name, value) in variables {
            command.arg(format!("--define={name}={value}"));
        }
        // As our own services reach it here.
        command.env("PGSSLMODE", "disable");
        command.arg(&self.url);
        rate(&measure(command).await?)
    }
}

fn rate(report: &str) -> anyhow::Result<f64> {
    let failed = report
        .lines()
        .find_map(|line| line.strip_prefix("number of failed transactions: "));
    anyhow::ensure!(
        failed.is_none_or(|failed| failed.starts_with("0 ")),
        "pgbench: transactions failed: {report}"
    );
    let line = report.lines().find(|line| line.starts_with("tps = "));
    line.and_then(|line| number_before(line, " (without"))
        .with_context(|| format!("pgbench told no rate: {report}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_rate_is_read_and_a_failed_transaction_is_no_rate() {
        let report = |failed| {
            format!(
                "number of failed transactions: {failed} (0.000%)\nlatency average = 0.5 ms\n\
                 tps = 30123.456789 (without initial connection time)\n"
            )
        };
        assert!((rate(&report(0)).unwrap() - 30_123.456_789).abs() < 1e-6);
        assert!(rate(&report(3)).is_err());
        assert!(rate("pgbench: nothing").is_err());
    }
}
