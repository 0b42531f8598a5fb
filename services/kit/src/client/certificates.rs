//! What a caller and a server show each other before the first call.

use std::path::Path;

use anyhow::{Context as _, Result};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};

/// The authority that a caller trusts, and the certificate by which it is known itself.
#[derive(Clone, Debug, Default)]
pub struct Certificates {
    authority: Option<Certificate>,
    own: Option<Identity>,
}

impl Certificates {
    /// Trusts servers whose certificate the authority in `file` signed, PEM.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn trusting(mut self, file: &Path) -> Result<Self> {
        self.authority = Some(Certificate::from_pem(read(file)?));
        Ok(self)
    }

    /// Shows this certificate to servers that ask for one (mutual TLS), PEM.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn showing(mut self, certificate: &Path, key: &Path) -> Result<Self> {
        self.own = Some(Identity::from_pem(read(certificate)?, read(key)?));
        Ok(self)
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

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}
