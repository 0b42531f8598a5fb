//! Where the registry is, for services that ask it.

use super::{Tls, WebOrigin};

/// The flag of services that ask the registry.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub struct Registry {
    /// gRPC address of the registry.
    #[arg(
        long,
        env = "LIENMINH_REGISTRY_URL",
        default_value = "http://127.0.0.1:7101"
    )]
    pub registry_url: WebOrigin,
}

impl Tls {
    /// The addresses of other services, by flag, that ask for an authority which is not there.
    #[must_use]
    pub fn untrusted(&self, addresses: &[(&str, &WebOrigin)]) -> Vec<String> {
        addresses
            .iter()
            .filter(|(_, url)| url.is_https() && self.tls_ca.is_none())
            .map(|(flag, _)| format!("{flag} is https: --tls-ca is needed, the authority to trust"))
            .collect()
    }
}
