//! Certificates for private servers, made as those of docker-compose.yml are.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

const SCRIPT: &str = include_str!("../../compose/certificates.sh");

/// The only name by which the certificates know this machine: `localhost` is another one.
const NAME: &str = "IP:127.0.0.1";

/// A certificate for 127.0.0.1 with its key, and the authority that signed it; PEM files.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Whom clients must trust.
    pub authority: PathBuf,
    /// The certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl Certificate {
    /// An authority of its own, and a certificate that it signed, in a new folder under `folder`.
    ///
    /// # Errors
    /// When openssl is missing or refuses.
    pub fn make(folder: &Path) -> anyhow::Result<Self> {
        let folder = folder.join("tls");
        let mut child = Command::new("sh")
            .args(["-s", "--"])
            .arg(&folder)
            .arg(format!("server={NAME}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot run sh")?;
        let mut input = child.stdin.take().context("sh has no standard input")?;
        input
            .write_all(SCRIPT.as_bytes())
            .context("sh does not read its script")?;
        drop(input);
        let output = child.wait_with_output().context("sh did not end")?;
        if !output.status.success() {
            bail!(
                "no certificates: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(Self {
            authority: folder.join("authority.pem"),
            certificate: folder.join("server.pem"),
            key: folder.join("server.key"),
        })
    }
}
