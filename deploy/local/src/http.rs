//! The HTTP client of the stage.

use std::time::Duration;

use anyhow::Context;

/// A client for plain HTTP on the loopback interface.
///
/// # Errors
/// When the client cannot be built.
pub(crate) fn client(timeout: Duration) -> anyhow::Result<reqwest::Client> {
    // The client insists on a TLS provider even where no TLS is spoken; a second install is refused
    // and harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .timeout(timeout)
        .build()
        .context("cannot build an HTTP client")
}
