//! What a caller and a server show each other before the first call.

use std::path::Path;

use anyhow::{Context as _, Result};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};

use crate::tls::pem;

/// The authority that a caller trusts, and the certificate by which it is known itself.
#[derive(Clone, Debug, Default)]
pub struct Certificates {
    authority: Option<Certificate>,
    own: Option<Identity>,
}

impl Certificates {
    /// Reads PEM files: the `authority` that signed the certificates of servers, and the
    /// `certificate` with its `key` for servers that ask for one (mutual TLS).
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn read(
        authority: Option<&Path>,
        certificate: Option<&Path>,
        key: Option<&Path>,
    ) -> Result<Self> {
        let own = certificate
            .zip(key)
            .map(|(certificate, key)| anyhow::Ok(Identity::from_pem(pem(certificate)?, pem(key)?)));
        Ok(Self {
            authority: authority
                .map(|file| pem(file).map(Certificate::from_pem))
                .transpose()?,
            own: own.transpose()?,
        })
    }

    /// The endpoint, with TLS where its address says `https`.
    ///
    /// # Errors
    /// It is `https` without an authority to trust, or the files hold no certificates.
    pub fn secure(&self, endpoint: Endpoint) -> Result<Endpoint> {
        if endpoint.uri().scheme_str() != Some("https") {
            return Ok(endpoint);
        }
        let authority = self.authority.clone().with_context(|| {
            let url = endpoint.uri();
            format!("{url} needs --tls-ca, the authority to trust")
        })?;
        let config = ClientTlsConfig::new().ca_certificate(authority);
        let config = match &self.own {
            None => config,
            Some(own) => config.identity(own.clone()),
        };
        endpoint
            .tls_config(config)
            .context("the TLS files do not fit")
    }
}
