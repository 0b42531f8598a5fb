//! The HTTP ports: one inside the house for metrics and health, and one for the
//! world with a service's own pages and nothing else.

mod visitor;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use http::{StatusCode, header};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::Layer as _;

pub use self::visitor::{TrustedProxies, Visitor};
use crate::health::Health;
use crate::room::Room;
use crate::server::{listen, receive};
use crate::telemetry::Metrics;

/// Connections at once: some hundred people answering an invitation in the same
/// minute, and room for monitors.
const CONNECTIONS: usize = 512;

/// A request head arrives within this time, or the connection is closed: slow
/// writers hold no place.
const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// A whole request is answered within this time.
const REQUEST_LIMIT: Duration = Duration::from_secs(15);

/// Largest body: a form or a provider's receipt has a few hundred bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// Bytes read ahead for one connection, which bounds the head.
const BUFFER_LIMIT: usize = 64 * 1024;

/// Header lines of one request.
const HEADER_LIMIT: usize = 64;

/// A connection is asked to end after this time, and cut a request's time later:
/// whoever does not read the answers holds neither a place nor their bytes. Monitors
/// pause longer between their visits and come anew each time anyway.
const CONNECTION_AGE: Duration = Duration::from_secs(60);

/// Open requests may finish within this time when the process stops.
const DRAIN: Duration = Duration::from_secs(10);

/// A bound HTTP port.
pub struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Binds; nothing is answered yet.
    ///
    /// # Errors
    /// The address is taken or not ours.
    pub async fn bind(address: SocketAddr) -> Result<Self> {
        let listener = listen(address).with_context(|| format!("cannot listen on {address}"))?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The bound address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop`, then lets open requests finish, for a bounded time.
    pub async fn serve(self, pages: Router, stop: CancellationToken) {
        let displaced = metrics::counter!("http_connections_displaced_total");
        let room = Room::new(CONNECTIONS, displaced);
        let welcome = |stream, peer| {
            let connection = connection(stream, peer, pages.clone(), stop.clone());
            let place = room.enter();
            Some(async move {
                place.hold(connection).await;
            })
        };
        receive(self.listener, stop.clone(), DRAIN, welcome).await;
    }
}

/// Serves one connection to its end, which comes within bounds.
async fn connection<I>(stream: I, peer: SocketAddr, pages: Router, stop: CancellationToken)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // Pages count wrong guesses per address.
    let pages = Extension(ConnectInfo(peer)).layer(pages);
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_LIMIT)
            .max_buf_size(BUFFER_LIMIT)
            .max_headers(HEADER_LIMIT)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(pages))
    );
    let early = tokio::select! {
        outcome = connection.as_mut() => Some(outcome),
        () = stop.cancelled() => None,
        () = tokio::time::sleep(CONNECTION_AGE) => None,
    };
    let outcome = match early {
        Some(outcome) => outcome,
        None => {
            connection.as_mut().graceful_shutdown();
            let last = tokio::time::timeout(REQUEST_LIMIT, connection).await;
            last.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// The pages of every process, for those inside the house.
pub fn inside(metrics: Metrics, health: Health) -> Router {
    let pages = Router::new()
        .route("/metrics", get(render).with_state(metrics))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready).with_state(health));
    within_limits(pages)
}

/// A service's own pages, for the world.
pub fn public(own: Router, proxies: TrustedProxies) -> Router {
    within_limits(own.layer(middleware::from_fn_with_state(proxies, visitor::recognise)))
}

fn within_limits(pages: Router) -> Router {
    pages
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(in_time))
}

async fn render(State(metrics): State<Metrics>) -> impl IntoResponse {
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        metrics.render(),
    )
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let (ready, verdicts) = health.last();
    let code = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = serde_json::json!({ "ready": ready, "probes": verdicts });
    (code, Json(body))
}

async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(REQUEST_LIMIT, next.run(request))
        .await
        .unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::io::AsyncWriteExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_does_not_read_the_answer_is_cut() {
        let (mut visitor, ours) = tokio::io::duplex(1024);
        let pages = Router::new().route("/", get(async || "long ".repeat(1024)));
        let peer = "127.0.0.1:9".parse().unwrap();
        let connection = connection(ours, peer, pages, CancellationToken::new());
        let head = b"GET / HTTP/1.1\r\nhost: h\r\n\r\n";
        visitor.write_all(head).await.unwrap();
        let limit = CONNECTION_AGE + 2 * REQUEST_LIMIT;
        let served = tokio::time::timeout(limit, connection).await;
        assert!(served.is_ok(), "the connection is still open");
    }
}
