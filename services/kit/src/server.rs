//! The gRPC port: every limit set by hand, every rpc through one door.
//!
//! tonic passes `None` on to hyper for several limits, which removes hyper's own
//! defaults; so each of them is named here.

mod answer;
mod arrivals;
mod body;
mod deadline;
mod door;
mod incoming;
mod meters;
mod rate;
mod reflection;
mod refusal;
mod share;

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig};

pub(crate) use deadline::timeout_of;
pub use deadline::{LONGEST_CALL, LONGEST_STREAM};
pub use door::{Door, EACH_IN_FLIGHT, IN_FLIGHT, MEMBER_IN_FLIGHT, MEMBERS_IN_FLIGHT};
pub(crate) use incoming::listen;
pub use rate::LookupRates;
pub(crate) use reflection::add_reflection;

use crate::config::Tls;

/// Largest request: the largest of ours, a CSV roster of a thousand members,
/// has a quarter of that.
pub const REQUEST_LIMIT: usize = 1024 * 1024;

/// Largest answer: a page of 200 organisations has a tenth of that. Clients
/// refuse more than 4 MiB by default.
pub const ANSWER_LIMIT: usize = 4 * 1024 * 1024;

/// Streams of one connection at once; a caller with more work opens another
/// connection or waits.
const CONCURRENT_STREAMS: u32 = 128;

/// Streams that a peer reset before we accepted them (rapid reset, CVE-2023-44487);
/// beyond it the connection is closed.
const PENDING_RESETS: usize = 20;

/// Streams that we had to reset because of the peer (CVE-2025-8671); tonic would
/// switch this limit off.
const LOCAL_RESETS: usize = 256;

/// Bytes of a header list: a token of 4 KiB and metadata fit in it.
const HEADER_LIST: u32 = 16 * 1024;

/// A peer that does not answer a ping for this long is gone.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// Quiet connections are pinged this often, so that half-open ones are noticed
/// within 40 s.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// A connection is asked to reconnect after this time, so that callers spread
/// over new replicas and renewed certificates. No grace is set: with one, tonic
/// 0.14 cuts the connection at its end without asking first.
const CONNECTION_AGE: Duration = Duration::from_secs(30 * 60);

/// A TLS handshake takes two round trips; whoever needs longer holds a socket
/// for nothing.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// Rpcs in flight may finish within this time when the process is told to stop;
/// below the 30 s after which orchestrators kill.
pub const DRAIN: Duration = Duration::from_secs(25);

/// Wraps a generated server with the message limits and compression that every
/// service has: `kit::grpc!(EventServiceServer::new(api))`.
#[macro_export]
macro_rules! grpc {
    ($server:expr) => {
        $server
            .max_decoding_message_size($crate::server::REQUEST_LIMIT)
            .max_encoding_message_size($crate::server::ANSWER_LIMIT)
            .accept_compressed($crate::server::GZIP)
            .send_compressed($crate::server::GZIP)
    };
}

/// The compression that is understood and, where the caller accepts it, used.
pub const GZIP: tonic::codec::CompressionEncoding = tonic::codec::CompressionEncoding::Gzip;

/// A bound gRPC port.
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

    /// Serves until `stop`, then lets rpcs in flight finish, for at most [`DRAIN`].
    ///
    /// # Errors
    /// The TLS files cannot be read, or the port fails.
    pub async fn serve(
        self,
        routes: axum::Router,
        tls: &Tls,
        stop: CancellationToken,
    ) -> Result<()> {
        let server = configure(tls)?.serve_with_incoming_shutdown(
            routes,
            incoming::incoming(self.listener),
            stop.clone().cancelled_owned(),
        );
        bounded(server, stop, DRAIN)
            .await
            .unwrap_or(Ok(()))
            .context("the gRPC port failed")
    }
}

fn configure(tls: &Tls) -> Result<Server> {
    let server = Server::builder()
        .max_concurrent_streams(CONCURRENT_STREAMS)
        .http2_max_pending_accept_reset_streams(Some(PENDING_RESETS))
        .http2_max_local_error_reset_streams(Some(LOCAL_RESETS))
        .http2_max_header_list_size(HEADER_LIST)
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .max_connection_age(CONNECTION_AGE);
    match identity(tls)? {
        None => Ok(server),
        Some(config) => server
            .tls_config(config)
            .context("the TLS files do not fit"),
    }
}

fn identity(tls: &Tls) -> Result<Option<ServerTlsConfig>> {
    let (Some(certificate), Some(key)) = (&tls.tls_cert, &tls.tls_key) else {
        return Ok(None);
    };
    let read = |path: &std::path::Path| {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let identity = Identity::from_pem(read(certificate)?, read(key)?);
    let config = ServerTlsConfig::new().identity(identity).timeout(HANDSHAKE);
    Ok(Some(match &tls.tls_client_ca {
        None => config,
        Some(authority) => config.client_ca_root(Certificate::from_pem(read(authority)?)),
    }))
}

/// Runs `work` and, once `stop` is cancelled, waits at most `limit` for its end.
/// A peer that never hangs up cannot keep the process.
pub(crate) async fn bounded<F: Future>(
    work: F,
    stop: CancellationToken,
    limit: Duration,
) -> Option<F::Output> {
    let out_of_patience = async {
        stop.cancelled().await;
        tokio::time::sleep(limit).await;
    };
    tokio::select! {
        output = work => Some(output),
        () = out_of_patience => None,
    }
}
