//! The library's own connector with TLS beneath it.
//!
//! Its features for TLS bring DES, RC2 and a second clock with them; without those it
//! takes `amqps` and speaks plain text. So it is given a reactor whose connections are
//! all encrypted and verified: there is nothing else that it could open.

use std::fmt;
use std::future::Future;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use async_rs::traits::Reactor;
use async_rs::util::RuntimeParts;
use async_rs::{Runtime, Tokio};
use futures_io::{AsyncRead, AsyncWrite};
use futures_util::Stream;
use lapin::uri::AMQPUri;
use lapin::{AsyncTcpStream, Connection, ConnectionProperties};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt as _};

/// Whom to trust, and by which name the broker must show itself.
#[derive(Clone)]
pub(super) struct Secured {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Secured {
    pub(super) fn new(host: &str, authority: Option<&Path>) -> anyhow::Result<Self> {
        let name = ServerName::try_from(host.to_owned())
            .context("the broker's host is no name that a certificate could hold")?;
        Ok(Self {
            config: crate::tls::verifying(authority)?,
            name,
        })
    }

    pub(super) async fn connect(
        &self,
        uri: AMQPUri,
        properties: ConnectionProperties,
    ) -> lapin::Result<Connection> {
        let tokio = Tokio::current();
        let reactor = Encrypting {
            secured: self.clone(),
            tokio: tokio.clone(),
        };
        let runtime = Runtime::new(RuntimeParts::new(tokio, reactor));
        Connection::connector(uri, runtime, open, properties).await
    }

    async fn open(self, address: SocketAddr) -> io::Result<Compat<TlsStream<TcpStream>>> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let stream = TlsConnector::from(self.config)
            .connect(self.name, stream)
            .await?;
        Ok(stream.compat())
    }
}

type Kit = RuntimeParts<Tokio, Encrypting>;

async fn open(
    uri: AMQPUri,
    runtime: Runtime<Kit>,
) -> lapin::Result<AsyncTcpStream<Compat<TlsStream<TcpStream>>>> {
    let addresses = runtime.to_socket_addrs((uri.authority.host, uri.authority.port));
    Ok(AsyncTcpStream::connect(&runtime, addresses).await?)
}

/// Tokio's reactor, but for its connections.
#[derive(Clone)]
struct Encrypting {
    secured: Secured,
    tokio: Tokio,
}

impl fmt::Debug for Encrypting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Encrypting").finish_non_exhaustive()
    }
}

impl Reactor for Encrypting {
    type TcpStream = Compat<TlsStream<TcpStream>>;
    type Sleep = tokio::time::Sleep;

    fn register<H: Read + Write + AsFd + AsRawFd + Send + 'static>(
        &self,
        socket: H,
    ) -> io::Result<impl AsyncRead + AsyncWrite + Send + Unpin + 'static> {
        self.tokio.register(socket)
    }

    fn sleep(&self, duration: Duration) -> Self::Sleep {
        self.tokio.sleep(duration)
    }

    fn interval(&self, period: Duration) -> impl Stream<Item = Instant> + Send + 'static {
        self.tokio.interval(period)
    }

    fn tcp_connect_addr(
        &self,
        address: SocketAddr,
    ) -> impl Future<Output = io::Result<Self::TcpStream>> + Send + 'static {
        self.secured.clone().open(address)
    }
}
