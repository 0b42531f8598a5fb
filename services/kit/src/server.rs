//! The gRPC port: every limit set by hand, every rpc through one door.
//!
//! tonic's own server accepts without a bound, spins when file descriptors run out, and
//! has no way to end one connection; so ours runs on hyper.

mod answer;
mod arrivals;
mod body;
mod deadline;
mod door;
mod front;
mod guest;
mod guests;
mod incoming;
mod meters;
mod rate;
mod reflection;
mod refusal;
mod share;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub(crate) use deadline::timeout_of;
pub use deadline::{LONGEST_CALL, LONGEST_STREAM};
pub use door::{Door, EACH_IN_FLIGHT, IN_FLIGHT, MEMBER_IN_FLIGHT, MEMBERS_IN_FLIGHT};
pub(crate) use incoming::{listen, receive};
pub use rate::LookupRates;
pub(crate) use reflection::add_reflection;

use crate::config::Tls;
use crate::health::ReadinessProbe;
use front::Front;
use guests::Guests;
use incoming::Connection;

/// Largest request: the largest of ours, a CSV roster of a thousand members,
/// has a quarter of that.
pub const REQUEST_LIMIT: usize = 1024 * 1024;

/// Largest answer: a page of 200 organisations has a tenth of that. Clients
/// refuse more than 4 MiB by default.
pub const ANSWER_LIMIT: usize = 4 * 1024 * 1024;

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
    guests: Arc<Guests>,
}

impl Port {
    /// Binds; nothing is answered yet.
    ///
    /// # Errors
    /// The address is taken or not ours.
    pub async fn bind(address: SocketAddr) -> Result<Self> {
        let listener = listen(address).with_context(|| format!("cannot listen on {address}"))?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            guests: Guests::new(incoming::places()),
        })
    }

    /// The bound address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether another caller would find a place.
    #[must_use]
    pub fn readiness(&self) -> Arc<dyn ReadinessProbe> {
        Arc::<Guests>::clone(&self.guests)
    }

    /// Serves until `stop`, then lets rpcs in flight finish, for at most [`DRAIN`].
    ///
    /// # Errors
    /// The TLS files cannot be read.
    pub async fn serve(
        self,
        routes: axum::Router,
        tls: &Tls,
        stop: CancellationToken,
    ) -> Result<()> {
        let front = Arc::new(Front::new(routes, tls)?);
        let welcome = |stream, _| {
            let place = self.guests.enter()?;
            Some(Arc::clone(&front).serve(Connection::new(stream), place))
        };
        tokio::select! {
            () = receive(self.listener, stop.clone(), DRAIN, welcome) => {}
            () = self.guests.watch(stop) => {}
        }
        Ok(())
    }
}
