//! One connection from its first byte to its end, which always comes.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::{Extension, Router};
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tower::Layer as _;

use super::guest::Guest;
use super::guests::Place;
use crate::config::Tls;
use crate::tls;

/// Streams of one connection at once; a caller with more work opens another
/// connection or waits.
const CONCURRENT_STREAMS: u32 = 128;

/// Streams that a peer reset before we accepted them (rapid reset, CVE-2023-44487);
/// beyond it the connection is closed.
const PENDING_RESETS: usize = 20;

/// Streams that we had to reset because of the peer (CVE-2025-8671).
const LOCAL_RESETS: usize = 256;

/// Bytes of a header list: a token of 4 KiB and metadata fit in it.
const HEADER_LIST: u32 = 16 * 1024;

/// A peer that does not answer a ping for this long is gone.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// Quiet connections are pinged this often, so that half-open ones are noticed
/// within 40 s.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// A TLS handshake takes two round trips; whoever needs longer holds a socket
/// for nothing.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// In this time the kernel takes our goodbye, or never does.
const FAREWELL: Duration = Duration::from_millis(10);

/// What every connection of a port meets.
pub(super) struct Front {
    protocol: http2::Builder<TokioExecutor>,
    tls: Option<TlsAcceptor>,
    routes: Router,
}

impl Front {
    /// # Errors
    /// The TLS files cannot be read or do not fit.
    pub(super) fn new(routes: Router, tls: &Tls) -> Result<Self> {
        let mut protocol = http2::Builder::new(TokioExecutor::new());
        protocol
            .timer(TokioTimer::new())
            .max_concurrent_streams(CONCURRENT_STREAMS)
            .max_pending_accept_reset_streams(PENDING_RESETS)
            .max_local_error_reset_streams(LOCAL_RESETS)
            .max_header_list_size(HEADER_LIST)
            .keep_alive_interval(KEEPALIVE_INTERVAL)
            .keep_alive_timeout(KEEPALIVE_TIMEOUT);
        Ok(Self {
            protocol,
            tls: acceptor(tls)?,
            routes,
        })
    }

    /// Serves a connection until its end.
    pub(super) async fn serve<I>(self: Arc<Self>, stream: I, place: Place)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let guest = place.guest();
        match &self.tls {
            None => self.talk(stream, guest).await,
            // Apart, for it is large.
            Some(tls) => Box::pin(self.secure(tls, stream, guest)).await,
        }
    }

    async fn secure<I>(&self, tls: &TlsAcceptor, stream: I, guest: &Arc<Guest>)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let secured = tokio::select! {
            secured = tokio::time::timeout(HANDSHAKE, tls.accept(stream)) => secured,
            () = guest.is_asked_to_leave() => return,
        };
        // Whoever gives up on the way, or cannot, is the caller's own concern.
        if let Ok(Ok(stream)) = secured {
            self.talk(stream, guest).await;
        }
    }

    async fn talk<I>(&self, stream: I, guest: &Arc<Guest>)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let routes = Extension(Arc::clone(guest)).layer(self.routes.clone());
        let service = TowerToHyperService::new(routes);
        let connection = self
            .protocol
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            outcome = connection.as_mut() => {
                if let Err(error) = outcome {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            () = guest.is_asked_to_leave() => {}
        }
        connection.as_mut().graceful_shutdown();
        let out_of_patience = async {
            guest.is_cut().await;
            tokio::time::sleep(FAREWELL).await;
        };
        tokio::select! {
            _ = connection => {}
            () = out_of_patience => {}
        }
    }
}

/// `None` where the port speaks plain text.
fn acceptor(tls: &Tls) -> Result<Option<TlsAcceptor>> {
    let (Some(certificate), Some(key)) = (&tls.tls_cert, &tls.tls_key) else {
        return Ok(None);
    };
    let config = tls::showing(certificate, key, tls.tls_client_ca.as_deref())?;
    Ok(Some(TlsAcceptor::from(config)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio_util::sync::CancellationToken;

    use super::super::guests::Guests;
    use super::*;

    /// The preface and empty settings (RFC 9113, section 3.4).
    const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

    /// Kind of a frame that says goodbye.
    const GOAWAY: u8 = 7;

    /// What a caller who says this and nothing else hears until the connection ends.
    async fn heard_by_one_who_says(words: &[u8]) -> Vec<u8> {
        // What SECURITY.md promises.
        const STRANGERS_END: Duration = Duration::from_secs(30);
        let front = Arc::new(Front::new(Router::new(), &Tls::default()).unwrap());
        let guests = Guests::new(1);
        let place = guests.enter().unwrap();
        let (mut caller, ours) = tokio::io::duplex(4096);
        caller.write_all(words).await.unwrap();
        let never = CancellationToken::new();
        tokio::select! {
            () = front.serve(ours, place) => {}
            () = guests.watch(never) => {}
            () = tokio::time::sleep(STRANGERS_END) => panic!("it is still open"),
        }
        let mut heard = Vec::new();
        caller.read_to_end(&mut heard).await.unwrap();
        heard
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_greets_and_wants_nothing_is_told_goodbye_and_cut() {
        let mut heard = heard_by_one_who_says(GREETING).await;
        let mut kinds = Vec::new();
        while let [a, b, c, kind, ..] = *heard.as_slice() {
            kinds.push(kind);
            let length = u32::from_be_bytes([0, a, b, c]);
            heard.drain(..9 + usize::try_from(length).unwrap());
        }
        assert!(kinds.contains(&GOAWAY), "{kinds:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_begins_a_greeting_and_stops_is_cut_too() {
        heard_by_one_who_says(&GREETING[..20]).await;
    }
}
