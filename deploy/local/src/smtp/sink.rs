//! The listener and what it has accepted.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::behaviour::SmtpRules;
use super::counters::{SmtpCounters, Tally, count};
use super::line::SmtpTls;
use super::session::Session;
use crate::acceptance::AcceptanceLog;
use crate::wait;

/// Where an end listens and what it keeps.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// The acceptance log.
    pub log: PathBuf,
    /// Where each accepted message is stored as `00001.eml`; none: not stored.
    pub mail_folder: Option<PathBuf>,
    /// Keep accepted messages in memory too, for [`SmtpSink::accepted`].
    pub keep: bool,
    /// Port 0 is any free one.
    pub listen: SocketAddr,
    /// Whether and how it encrypts.
    pub tls: Option<SmtpTls>,
}

impl SmtpOptions {
    /// Everything is kept, on a free loopback port, with the log under `folder`.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            log: folder.join("smtp-accepted.jsonl"),
            mail_folder: None,
            keep: true,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: None,
        }
    }
}

/// One accepted message: a line of the acceptance log.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct AcceptedMail {
    /// Counts from 1 in each end.
    pub number: u64,
    /// When, by this machine's clock.
    pub at: jiff::Timestamp,
    /// Which connection of this end brought it; counts from 1.
    pub connection: u64,
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// With its angle brackets, as in the header; empty where there was none.
    pub message_id: String,
    /// Octets of the whole message.
    pub size: usize,
    /// SHA-256 of the whole message, in hexadecimal digits.
    pub sha256: String,
    /// The stored message, where messages are stored.
    pub file: Option<PathBuf>,
    /// The whole message, header included; not part of the log.
    #[serde(skip)]
    pub message: Vec<u8>,
}

/// A running end; dropping it closes the listener and every connection.
#[derive(Debug)]
pub struct SmtpSink {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: CancellationToken,
}

#[derive(Debug)]
pub(super) struct Shared {
    kept: Option<Mutex<Vec<AcceptedMail>>>,
    log: AcceptanceLog,
    mail_folder: Option<PathBuf>,
    numbers: AtomicU64,
    pub(super) rules: SmtpRules,
    pub(super) tally: Tally,
    pub(super) tls: Option<SmtpTls>,
    /// Messages between MAIL and their end.
    pub(super) under_way: AtomicU64,
}

impl SmtpSink {
    /// Listens.
    ///
    /// # Errors
    /// When the port is taken or a file cannot be made.
    pub async fn start(options: SmtpOptions) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(options.listen)
            .await
            .with_context(|| format!("cannot listen for mail on {}", options.listen))?;
        let address = listener
            .local_addr()
            .context("a listener without an address")?;
        if let Some(folder) = &options.mail_folder {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let shared = Arc::new(Shared {
            kept: options.keep.then(Mutex::default),
            log: AcceptanceLog::open(&options.log)?,
            mail_folder: options.mail_folder,
            numbers: AtomicU64::new(0),
            rules: SmtpRules::default(),
            tally: Tally::default(),
            tls: options.tls,
            under_way: AtomicU64::new(0),
        });
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, shared.clone(), stop.clone()));
        Ok(Self {
            address,
            shared,
            stop,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Who is treated how.
    #[must_use]
    pub fn rules(&self) -> &SmtpRules {
        &self.shared.rules
    }

    /// The acceptance log's file.
    #[must_use]
    pub fn log(&self) -> &Path {
        self.shared.log.path()
    }

    /// What it has seen and done.
    #[must_use]
    pub fn counters(&self) -> SmtpCounters {
        self.shared.tally.read()
    }

    /// All accepted messages in the order of acceptance; none unless they are kept.
    #[must_use]
    pub fn accepted(&self) -> Vec<AcceptedMail> {
        let kept = self.shared.kept.as_ref();
        kept.map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .unwrap_or_default()
    }

    /// The accepted messages to one address.
    #[must_use]
    pub fn accepted_for(&self, recipient: &str) -> Vec<AcceptedMail> {
        self.accepted()
            .into_iter()
            .filter(|mail| mail.to.iter().any(|to| to == recipient))
            .collect()
    }

    /// Waits until at least `messages` have been accepted.
    ///
    /// # Errors
    /// When that does not happen within `limit`.
    pub async fn wait_for(&self, messages: u64, limit: Duration) -> anyhow::Result<()> {
        let what = format!("{messages} accepted emails");
        wait::until(&what, limit, || async {
            Ok(self.counters().accepted >= messages)
        })
        .await
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Shared {
    /// Stores and logs the message; returns when that is durable.
    pub(super) async fn accept(
        &self,
        connection: u64,
        from: String,
        to: Vec<String>,
        message: Vec<u8>,
    ) -> anyhow::Result<u64> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let file = self
            .mail_folder
            .as_ref()
            .map(|folder| folder.join(format!("{number:05}.eml")));
        if let Some(file) = &file {
            tokio::fs::write(file, &message)
                .await
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        let mut mail = AcceptedMail {
            number,
            at: jiff::Timestamp::now(),
            connection,
            from,
            to,
            message_id: message_id(&message),
            size: message.len(),
            sha256: hexadecimal(&Sha256::digest(&message)),
            file,
            message: Vec::new(),
        };
        self.log.append(&mail).await?;
        if let Some(kept) = &self.kept {
            mail.message = message;
            kept.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(mail);
        }
        count(&self.tally.accepted);
        Ok(number)
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let mut number = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        // A client that was gone before it was served.
        let Ok((stream, _)) = accepted else { continue };
        // Replies are small: none must wait for a delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        number += 1;
        let session = Session::new(stream, number, shared.clone());
        tokio::spawn(stop.clone().run_until_cancelled_owned(session.run()));
    }
}

/// The value of the Message-ID field, unfolded; fields end at the first empty line.
fn message_id(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let mut lines = text.lines().take_while(|line| !line.is_empty());
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("Message-ID") {
            let value = value.trim();
            return if value.is_empty() {
                lines.next().unwrap_or_default().trim().to_owned()
            } else {
                value.to_owned()
            };
        }
    }
    String::new()
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;

    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_id_is_found_folded_or_not_and_only_in_the_header() {
        assert_eq!(message_id(b"To: x\r\nmessage-id: <1@a>\r\n\r\n"), "<1@a>");
        assert_eq!(message_id(b"Message-ID:\r\n <2@a>\r\n\r\n"), "<2@a>");
        assert_eq!(message_id(b"To: x\r\n\r\nMessage-ID: <3@a>\r\n"), "");
    }

    #[test]
    fn hashes_are_written_in_hexadecimal() {
        assert_eq!(hexadecimal(&[0, 15, 255]), "000fff");
    }
}
