//! Calls to other services: lazily connected, with a token, a deadline and
//! patience for what is safe to try again.

mod certificates;
mod channel;
mod retry;

use std::time::Duration;

use anyhow::{Context as _, Result};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Endpoint;

pub use certificates::Certificates;
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
    certificates: Certificates,
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
            certificates: Certificates::default(),
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
            certificates: Certificates::default(),
            language: Language::default(),
        })
    }

    /// Connects with these certificates where an address says `https`.
    #[must_use]
    pub fn with_certificates(mut self, certificates: Certificates) -> Self {
        self.certificates = certificates;
        self
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
        let endpoint = Endpoint::from_shared(url.to_owned())
            .with_context(|| format!("{url:?} is not an address of a service"))?
            .connect_timeout(CONNECT)
            .http2_keep_alive_interval(KEEPALIVE_INTERVAL)
            .keep_alive_timeout(KEEPALIVE_TIMEOUT)
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        let endpoint = self.certificates.secure(endpoint)?;
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
