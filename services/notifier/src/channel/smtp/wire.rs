//! The socket of a lane, in clear or encrypted.

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Replies are short: what they say fits into this many bytes.
const BUFFER: usize = 2 * 1024;

/// A socket, or TLS within one.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// What replies are read from and commands written to.
pub(super) type Wire = BufReader<Box<dyn Duplex>>;

/// A connection in clear.
pub(super) async fn connect(host: &str, port: u16) -> io::Result<Wire> {
    let stream = TcpStream::connect((host, port)).await?;
    // Small writes must not wait for each other's acknowledgements.
    stream.set_nodelay(true)?;
    Ok(buffered(Box::new(stream)))
}

/// The same within TLS, towards the server of this name; what was read and not yet
/// looked at is thrown away.
pub(super) async fn encrypt(wire: Wire, host: &str, trust: &Arc<ClientConfig>) -> io::Result<Wire> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let connector = TlsConnector::from(Arc::clone(trust));
    let stream = connector.connect(name, wire.into_inner()).await?;
    Ok(buffered(Box::new(stream)))
}

pub(super) fn buffered(stream: Box<dyn Duplex>) -> Wire {
    BufReader::with_capacity(BUFFER, stream)
}
