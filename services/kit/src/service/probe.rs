//! `probe`: asks a running process for its readiness.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::command::{say, tell};

/// A probe waits this long for an answer.
const LIMIT: Duration = Duration::from_secs(3);

/// And reads no more of it: the verdicts of a dozen probes are a tenth of this.
const MOST_BYTES: u64 = 64 * 1024;

/// What `/readyz` answers.
#[derive(Debug, Deserialize)]
struct Answer {
    ready: bool,
    probes: Vec<Told>,
}

/// What one probe of readiness tells.
#[derive(Debug, Deserialize)]
struct Told {
    probe: String,
    problem: Option<String>,
    remark: Option<String>,
}

/// Tells every problem and every remark, and by its exit code whether the process is ready.
pub(super) async fn probe(listen: SocketAddr) -> Result<ExitCode> {
    let mut address = listen;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let text = tokio::time::timeout(LIMIT, ask(address))
        .await
        .with_context(|| format!("{address} does not answer"))?
        .with_context(|| format!("{address} does not answer"))?;
    let answer = read(&text).with_context(|| format!("{address} is no service of ours"))?;
    for told in &answer.probes {
        let probe = &told.probe;
        if let Some(problem) = &told.problem {
            tell(&format!("{probe}: {problem}"));
        }
        if let Some(remark) = &told.remark {
            say(&format!("remark: {probe}: {remark}"));
        }
    }
    if answer.ready {
        return Ok(ExitCode::SUCCESS);
    }
    tell("not ready");
    Ok(ExitCode::FAILURE)
}

/// Over plain HTTP, which needs no certificate and no client.
async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    stream.take(MOST_BYTES).read_to_string(&mut answer).await?;
    Ok(answer)
}

fn read(text: &str) -> Result<Answer> {
    ensure!(text.starts_with("HTTP/1.1 "), "it does not speak HTTP");
    let (_, body) = text
        .split_once("\r\n\r\n")
        .context("its answer has no end")?;
    Ok(serde_json::from_str(body)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn problems_and_remarks_are_read_and_what_is_no_answer_is_refused() {
        let text = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\n\r\n\
            {\"ready\":false,\"probes\":[{\"probe\":\"database\",\"problem\":\"away\"},\
            {\"probe\":\"email\",\"problem\":null,\"remark\":\"at rest\"}]}";
        let answer = read(text).unwrap();
        assert!(!answer.ready);
        assert_eq!(answer.probes[0].problem.as_deref(), Some("away"));
        assert_eq!(answer.probes[1].remark.as_deref(), Some("at rest"));
        for wrong in ["", "SSH-2.0-x\r\n\r\n{}", "HTTP/1.1 200 OK\r\n\r\n<html>"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
