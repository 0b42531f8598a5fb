//! Calls to other services: lazily connected, with a token, a deadline and
//! patience for what is safe to try again.

mod channel;
mod retry;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

pub use channel::Channel;

use crate::auth::Signer;
use crate::language::Language;

/// A connection stands within this time or not at all.
const CONNECT: Duration = Duration::from_secs(3);

/// Quiet connections are pinged this often, as servers expect at most.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(60);

/// A server that does not answer a ping for this long is gone.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// What our calls to other services have in common.
#[derive(Clone)]
pub struct Peers {
    credentials: Credentials,
    authority: Option<Certificate>,
    language: Language,
}

#[derive(Clone)]
enum Credentials {
    Signer(Signer),
    Token(MetadataValue<Ascii>),
}

impl Peers {
    /// Calls under tokens that `signer` signs.
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self {
            credentials: Credentials::Signer(signer),
            authority: None,
            language: Language::default(),
        }
    }

    /// Calls under one given token.
    ///
    /// # Errors
    /// It is not plain text.
    pub fn with_token(token: &str) -> Result<Self> {
        let mut bearer = MetadataValue::try_from(format!("Bearer {token}"))
            .map_err(|_| anyhow::anyhow!("the token is not plain text"))?;
        bearer.set_sensitive(true);
        Ok(Self {
            credentials: Credentials::Token(bearer),
            authority: None,
            language: Language::default(),
        })
    }

    /// Trusts servers whose certificate the authority in `file` signed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn trusting(mut self, file: &Path) -> Result<Self> {
        let pem = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        self.authority = Some(Certificate::from_pem(pem));
        Ok(self)
    }

    /// Asks for answers in `language`.
    #[must_use]
    pub fn speaking(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// A channel to the service at `url`. It connects at the first call and
    /// again whenever the connection is lost.
    ///
    /// # Errors
    /// The URL is malformed, or is `https` without an authority to trust.
    pub fn channel(&self, url: &str) -> Result<Channel> {
        let mut endpoint = Endpoint::from_shared(url.to_owned())
            .with_context(|| format!("{url:?} is not an address of a service"))?
            .connect_timeout(CONNECT)
            .http2_keep_alive_interval(KEEPALIVE_INTERVAL)
            .keep_alive_timeout(KEEPALIVE_TIMEOUT)
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        if endpoint.uri().scheme_str() == Some("https") {
            let authority = self
                .authority
                .clone()
                .with_context(|| format!("{url} needs --tls-ca, the authority to trust"))?;
            endpoint = endpoint.tls_config(ClientTlsConfig::new().ca_certificate(authority))?;
        }
        Ok(Channel::new(endpoint.connect_lazy(), self.clone()))
    }

    fn bearer(&self) -> Result<MetadataValue<Ascii>> {
        match &self.credentials {
            Credentials::Signer(signer) => signer.bearer(),
            Credentials::Token(bearer) => Ok(bearer.clone()),
        }
    }
}

/// A channel to the service at `url` under the tokens of `signer`.
///
/// # Errors
/// As for [`Peers::channel`].
pub fn channel(url: &str, signer: &Signer) -> Result<Channel> {
    Peers::new(signer.clone()).channel(url)
}
