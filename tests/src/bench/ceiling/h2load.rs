//! h2load: a caller that costs next to nothing.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use tokio::process::Command;

use super::{measure, number_before};

/// A gRPC call that h2load repeats, by HTTP/2 without TLS.
#[derive(Clone, Debug)]
pub struct Load {
    /// `/package.Service/Method`.
    pub path: String,
    /// The value of `authorization`.
    pub authorization: String,
    /// The file with the request: the five bytes before the message, and the message.
    pub body: PathBuf,
    /// Connections.
    pub connections: usize,
    /// Calls in flight on each.
    pub streams: usize,
}

/// What h2load counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loaded {
    /// Calls a second.
    pub rate: f64,
    /// Bytes in the bodies of all answers.
    pub data: f64,
}

impl Load {
    /// Makes so many calls, every one of which must be answered with a status of 2xx.
    ///
    /// # Errors
    /// When one was not, or h2load fails.
    pub async fn run(&self, base: &str, calls: u64) -> anyhow::Result<Loaded> {
        let mut command = Command::new("h2load");
        command
            .arg(format!("--clients={}", self.connections))
            .arg(format!("--max-concurrent-streams={}", self.streams))
            .arg(format!("--requests={calls}"))
            .arg(format!("--data={}", self.body.display()))
            .arg("--header=content-type: application/grpc")
            .arg("--header=te: trailers")
            .arg(format!("--header=authorization: {}", self.authorization))
            .arg(format!("{base}{}", self.path));
        read(&measure(command).await?, calls)
    }
}

fn read(report: &str, calls: u64) -> anyhow::Result<Loaded> {
    let line = |start: &str| {
        let found = report.lines().find(|line| line.starts_with(start));
        found.with_context(|| format!("h2load told no {start}: {report}"))
    };
    let answered = number_before(line("status codes:")?, " 2xx");
    ensure!(
        answered == Some(calls as f64),
        "h2load: not every call was answered well: {report}"
    );
    let rate = number_before(line("finished in")?, " req/s").context("h2load told no rate")?;
    let data = number_before(line("traffic:")?, ") data").context("h2load told no traffic")?;
    Ok(Loaded { rate, data })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const REPORT: &str = "\
finished in 1.25s, 16012.50 req/s, 5.10MB/s
requests: 20000 total, 20000 started, 20000 done, 20000 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 20000 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 6.38MB (6685432) total, 352.12KB (360572) headers (space savings 90.11%), 5.72MB (6000000) data
";

    #[test]
    fn rate_and_bytes_are_read() {
        let loaded = read(REPORT, 20_000).unwrap();
        assert_eq!(
            loaded,
            Loaded {
                rate: 16_012.5,
                data: 6_000_000.0
            }
        );
    }

    #[test]
    fn a_call_that_failed_is_noticed() {
        assert!(read(REPORT, 20_001).is_err());
        assert!(read("finished in 1s", 1).is_err());
    }
}
