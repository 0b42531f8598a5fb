//! The tools of Postfix beside which sending is measured: `smtp-source` hands
//! messages over as fast as it can, `smtp-sink` takes them and forgets them.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use lienminh_local::{port, wait};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A listener takes milliseconds; a busy machine some more.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Nothing that is measured takes longer.
const SOURCE_LIMIT: Duration = Duration::from_secs(120);

/// Connections that `smtp-source` keeps.
const CONNECTIONS: usize = 10;

/// A running `smtp-sink`; dropping it ends it.
#[derive(Debug)]
pub struct Sink {
    port: u16,
    _process: Child,
}

impl Sink {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// When the tool is missing or does not listen.
    pub async fn start() -> anyhow::Result<Self> {
        let port = port::free()?;
        let mut command = Command::new(tool("smtp-sink")?);
        if rustix::process::getuid().is_root() {
            // It refuses to serve as root.
            command.args(["-u", "nobody"]);
        }
        let process = command
            .args([format!("127.0.0.1:{port}"), "512".to_owned()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start smtp-sink")?;
        wait::until("smtp-sink listens", START_LIMIT, || async {
            Ok(TcpStream::connect(("127.0.0.1", port)).await.is_ok())
        })
        .await?;
        Ok(Self {
            port,
            _process: process,
        })
    }

    /// Where it listens, as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Lets `smtp-source` hand messages of this size to it over ten kept
    /// connections; answers messages per second.
    ///
    /// # Errors
    /// When the tool is missing or a message is refused.
    pub async fn filled_by_source(&self, messages: usize, bytes: usize) -> anyhow::Result<f64> {
        let begun = Instant::now();
        let run = Command::new(tool("smtp-source")?)
            .arg("-d")
            .args(["-s", &CONNECTIONS.to_string()])
            .args(["-m", &messages.to_string()])
            .args(["-l", &bytes.to_string()])
            .args(["-f", "nhacviec@lienminh.example", "-t", "m@example.com"])
            .arg(format!("127.0.0.1:{}", self.port))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(SOURCE_LIMIT, run)
            .await
            .context("smtp-source does not come to an end")?
            .context("cannot run smtp-source")?;
        ensure!(
            output.status.success(),
            "smtp-source: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(messages as f64 / begun.elapsed().as_secs_f64())
    }
}

/// A program that the distribution keeps out of an ordinary user's path.
fn tool(name: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .with_context(|| format!("{name} is missing: `sh deploy/setup.sh bench` installs it"))
}
