//! Where the services are and who calls them.

use std::path::PathBuf;

use clap::Args;
use kit::client::Certificates;

/// Where the services are and who calls them.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// The registry
    #[arg(
        long,
        env = "LIENMINH_REGISTRY_URL",
        default_value = "http://127.0.0.1:7101",
        global = true
    )]
    pub registry_url: String,
    /// The events service
    #[arg(
        long,
        env = "LIENMINH_EVENTS_URL",
        default_value = "http://127.0.0.1:7102",
        global = true
    )]
    pub events_url: String,
    /// The funding service
    #[arg(
        long,
        env = "LIENMINH_FUNDING_URL",
        default_value = "http://127.0.0.1:7103",
        global = true
    )]
    pub funding_url: String,
    /// The notifier
    #[arg(
        long,
        env = "LIENMINH_NOTIFIER_URL",
        default_value = "http://127.0.0.1:7104",
        global = true
    )]
    pub notifier_url: String,
    /// Token of the caller (see `lienminh token issue`)
    #[arg(long, env = "LIENMINH_TOKEN", hide_env_values = true, global = true)]
    pub token: Option<String>,
    /// File that holds the token
    #[arg(long, env = "LIENMINH_TOKEN_FILE", global = true)]
    pub token_file: Option<PathBuf>,
    /// Language of help, answers and errors
    #[arg(
        long,
        env = "LIENMINH_LANGUAGE",
        default_value = "vi",
        value_parser = ["vi", "en"],
        global = true
    )]
    pub language: String,
    /// Certificates, where an address says https.
    #[command(flatten)]
    pub certificates: CertificateFiles,
}

/// Files for services that are called by https.
#[derive(Args, Clone, Debug, Default)]
pub struct CertificateFiles {
    /// Authority that signed the certificates of the services, PEM
    #[arg(long, env = "LIENMINH_TLS_CA", value_name = "PATH", global = true)]
    pub tls_ca: Option<PathBuf>,
    /// Certificate of the caller, for services that ask for one, PEM
    #[arg(
        long,
        env = "LIENMINH_TLS_CERT",
        value_name = "PATH",
        requires = "tls_key",
        global = true
    )]
    pub tls_cert: Option<PathBuf>,
    /// Private key of that certificate, PEM
    #[arg(
        long,
        env = "LIENMINH_TLS_KEY",
        value_name = "PATH",
        requires = "tls_cert",
        global = true
    )]
    pub tls_key: Option<PathBuf>,
}

impl CertificateFiles {
    /// What is in the files.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn read(&self) -> anyhow::Result<Certificates> {
        Certificates::read(
            self.tls_ca.as_deref(),
            self.tls_cert.as_deref(),
            self.tls_key.as_deref(),
        )
    }
}
