//! Encrypted and verified, or not at all: how our own connections trust the other end,
//! and what our port shows its callers.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Chain, Context as _, Result, ensure};
use jiff::Timestamp;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, ClientConfig, Error, RootCertStore, ServerConfig};

/// How connections verify the other end: by the authorities of a PEM file, or without
/// one by those that the platform trusts. There is no way to verify less.
///
/// # Errors
/// The file cannot be read or holds no certificate; the platform has none.
pub fn verifying(authority: Option<&Path>) -> Result<Arc<ClientConfig>> {
    let roots = match authority {
        Some(file) => of_file(file)?,
        None => of_platform()?,
    };
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .context("the provider of cryptography speaks no version of TLS")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Shows callers this certificate chain, PEM files, and speaks HTTP/2 with them; with an
/// authority, only those who show a certificate that it signed.
///
/// # Errors
/// A file cannot be read, or the files do not fit together.
pub(crate) fn showing(
    certificate: &Path,
    key: &Path,
    callers: Option<&Path>,
) -> Result<Arc<ServerConfig>> {
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .context("the provider of cryptography speaks no version of TLS")?;
    let config = match callers {
        None => config.with_no_client_auth(),
        Some(authority) => {
            let roots = Arc::new(of_file(authority)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider());
            config.with_client_cert_verifier(verifier.build()?)
        }
    };
    let mut config = config
        .with_single_cert(certificates(certificate)?, private(key)?)
        .context("the TLS files do not fit")?;
    // RFC 9113, section 3.2.
    config.alpn_protocols.push(b"h2".to_vec());
    Ok(Arc::new(config))
}

/// Named here, so that a test needs no default of the process.
fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Whether a certificate and its key, PEM files, belong together.
///
/// # Errors
/// What is wrong with them.
pub fn fit(certificate: &Path, key: &Path) -> Result<()> {
    let chain = certificates(certificate)?;
    CertifiedKey::from_der(chain, private(key)?, &provider())
        .map(drop)
        .context("they do not belong together")
}

/// A PEM file as it stands.
pub(crate) fn pem(file: &Path) -> Result<Vec<u8>> {
    crate::file::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn private(file: &Path) -> Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(&pem(file)?)
        .with_context(|| format!("cannot read a key from {}", file.display()))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let shown = file.display();
    let found: Vec<_> = CertificateDer::pem_slice_iter(&pem(file)?)
        .collect::<Result<_, _>>()
        .with_context(|| format!("cannot read certificates from {shown}"))?;
    ensure!(!found.is_empty(), "{shown} holds no certificate");
    Ok(found)
}

fn of_file(file: &Path) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        roots
            .add(certificate)
            .with_context(|| format!("{} holds a certificate that is none", file.display()))?;
    }
    Ok(roots)
}

fn of_platform() -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    // Single files of the platform's folder may be broken; the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    ensure!(
        !roots.is_empty(),
        "this machine trusts no authority (Debian: ca-certificates), and none was named"
    );
    Ok(roots)
}

/// How the driver of PostgreSQL tells that TLS failed: by these words only.
const DRIVER: &str = "error performing TLS handshake";

/// Why a connection failed, where TLS was the reason, in words for an operator.
#[must_use]
pub fn cause(error: &(dyn StdError + 'static)) -> Option<String> {
    let found = Chain::new(error).find_map(rustls_error).map(words);
    found.or_else(|| {
        let driver = Chain::new(error).find(|link| link.to_string() == DRIVER)?;
        Some(format!("no TLS with the other end: {}", driver.source()?))
    })
}

/// What an I/O error holds is not its source, but the error itself; some hold another one.
fn rustls_error<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Error> {
    let held = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    error
        .downcast_ref()
        .or_else(|| held.and_then(|held| rustls_error(held)))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "rustls adds reasons without notice, and words the rest itself"
)]
fn words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(refused) => {
            format!("its certificate is refused: {}", refusal(refused))
        }
        Error::InvalidMessage(_) => "the other end does not speak TLS".to_owned(),
        other => format!("no TLS with the other end: {other}"),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "rustls adds reasons without notice, and words the rest itself"
)]
fn refusal(refused: &CertificateError) -> String {
    match refused {
        CertificateError::UnknownIssuer => "no authority that is trusted here signed it".to_owned(),
        CertificateError::NotValidForNameContext { expected, .. } => {
            format!("it is not for the name {}", expected.to_str())
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("it expired {}", at(*not_after))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("it is not valid before {}", at(*not_before))
        }
        other => other.to_string(),
    }
}

fn at(time: UnixTime) -> String {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map_or_else(|| "long ago".to_owned(), |instant| instant.to_string())
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// An authority whom tests trust in place of the machine's.
    pub(crate) fn authority() -> &'static Path {
        Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/door/tls/authority.pem"
        ))
    }

    #[test]
    fn a_file_without_a_certificate_is_refused_with_its_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = verifying(Some(file.path())).unwrap_err().to_string();
        assert!(error.ends_with("holds no certificate"), "{error}");
        let error = verifying(Some(Path::new("/nowhere.pem"))).unwrap_err();
        assert!(error.to_string().contains("/nowhere.pem"), "{error}");
    }

    #[test]
    fn a_cause_is_found_beneath_other_errors_and_named() {
        let expired = CertificateError::ExpiredContext {
            time: UnixTime::since_unix_epoch(std::time::Duration::from_secs(2)),
            not_after: UnixTime::since_unix_epoch(std::time::Duration::from_secs(1)),
        };
        let told = "its certificate is refused: it expired 1970-01-01T00:00:01Z";
        // As clients of HTTP wrap it.
        let twice = io::Error::other(io::Error::other(Error::InvalidCertificate(expired.clone())));
        assert_eq!(cause(&twice).unwrap(), told);
        let held = io::Error::other(Error::InvalidCertificate(expired));
        let error = anyhow::Error::new(lapin::Error::from(held)).context("no way");
        assert_eq!(cause(error.as_ref()).unwrap(), told);
        let other = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(cause(&other), None);
    }
}
