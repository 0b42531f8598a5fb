//! The end's side of a connection, in clear or within TLS.

use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tokio_rustls::TlsAcceptor;

/// How an end encrypts.
#[derive(Clone)]
pub struct SmtpTls {
    acceptor: TlsAcceptor,
    /// From the first byte (RFC 8314); otherwise after STARTTLS (RFC 3207).
    pub(super) implicit: bool,
}

impl std::fmt::Debug for SmtpTls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("SmtpTls");
        shown
            .field("implicit", &self.implicit)
            .finish_non_exhaustive()
    }
}

impl SmtpTls {
    /// With a certificate chain and its key, PEM; `implicit`: from the first byte.
    ///
    /// # Errors
    /// When the files hold no certificate or no key.
    pub fn read(certificate: &Path, key: &Path, implicit: bool) -> anyhow::Result<Self> {
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| format!("no certificate in {}", certificate.display()))?;
        let key = PrivateKeyDer::from_pem_file(key).context("no key")?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("certificate and key do not fit")?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            implicit,
        })
    }

    pub(super) async fn accept(&self, line: Line) -> io::Result<Line> {
        let stream = self.acceptor.accept(line.into_inner()).await?;
        Ok(BufReader::new(Box::new(stream)))
    }
}

/// A socket, or TLS within one.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A connection; dropping it closes it.
pub(super) type Line = BufReader<Box<dyn Stream>>;
