//! The HTTP client of the stage.

use std::time::Duration;

use anyhow::Context;
use reqwest::ClientBuilder;

/// A client for plain HTTP on the loopback interface.
///
/// # Errors
/// When the client cannot be built.
pub(crate) fn client(timeout: Duration) -> anyhow::Result<reqwest::Client> {
    built(builder().timeout(timeout))
}

/// How each client of the stage begins.
pub(crate) fn builder() -> ClientBuilder {
    // The client insists on a TLS provider even where no TLS is spoken; a second install is refused
    // and harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy()
}

/// The client, as it was asked for.
///
/// # Errors
/// When it cannot be built.
pub(crate) fn built(builder: ClientBuilder) -> anyhow::Result<reqwest::Client> {
    builder.build().context("cannot build an HTTP client")
}
