//! A relay of our own, and letters for it.

use std::path::{Path, PathBuf};

use lettre::Address;
use lienminh_local::smtp::{SmtpOptions, SmtpSink, SmtpTls};
use notifier::channel::smtp::{Refusal, Session, SmtpServer};
use tempfile::TempDir;

pub(crate) const MESSAGE: &[u8] = b"Subject: x\r\n\r\n.dot\r\n";

pub(crate) struct Relay {
    pub(crate) sink: SmtpSink,
    _folder: TempDir,
}

/// Keys and certificates here are for tests only and good for nothing else.
pub(crate) fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/relay/tls", name]
        .iter()
        .collect()
}

impl Relay {
    pub(crate) async fn open(tls: Option<SmtpTls>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SmtpOptions {
            tls,
            ..SmtpOptions::in_folder(folder.path())
        };
        Self {
            sink: SmtpSink::start(options).await.unwrap(),
            _folder: folder,
        }
    }

    /// With the certificate of this name.
    pub(crate) async fn encrypted(certificate: &str, implicit: bool) -> Self {
        let (certificate, key) = (file(certificate), file("relay.key.pem"));
        Self::open(Some(SmtpTls::read(&certificate, &key, implicit).unwrap())).await
    }

    /// At `localhost`, as this scheme and account say.
    pub(crate) fn server(
        &self,
        scheme: &str,
        account: &str,
        authority: Option<&Path>,
    ) -> SmtpServer {
        let port = self.sink.address().port();
        let url = format!("{scheme}://{account}localhost:{port}");
        SmtpServer::parse(&url, "lienminh.example", authority).unwrap()
    }

    pub(crate) fn plain(&self) -> SmtpServer {
        self.server("smtp", "", None)
    }
}

/// One mail over a session.
pub(crate) async fn mail(session: &mut Session) -> Result<String, Refusal> {
    let address = |text: &str| text.parse::<Address>().unwrap();
    let (from, to) = (address("b@lienminh.example"), address("htx@example.com"));
    session.envelope(&from, &to).await?;
    session.data(MESSAGE).await
}
