//! Accepting connections, and those of the gRPC port: cut if they stay silent.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Connections at once. Idle ones cost some 10 KiB each; a suite needs dozens.
const CONNECTIONS: u64 = 8192;

/// File descriptors left for everything else: database, broker, pages, files.
const RESERVED: u64 = 1024;

/// The first bytes of a connection arrive within this time, or it is cut: its
/// place is somebody else's. Later silence is found by pings.
const GREETING: Duration = Duration::from_secs(10);

/// Bytes of a greeting: the connection preface (RFC 9113, section 3.4), which
/// is shorter than any TLS hello. Counting all of them stops a drip of bytes.
const GREETING_LENGTH: usize = 24;

/// Accepting failed (no file descriptors left): wait before the next try.
const PAUSE: Duration = Duration::from_millis(100);

/// Connections that the kernel keeps for us until we accept them; it takes less
/// where the system allows less. With the usual 128, some of those who come in
/// the same moment wait a second for their next try, or are forgotten.
const BACKLOG: u32 = 4096;

/// Listens, with room for a crowd that comes at once.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A restarted service must not wait for the connections of the old one to age.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Begins what `welcome` makes of each connection until `stop`, then waits for those
/// that are open, for at most `drain`.
pub(crate) async fn receive<F>(
    listener: TcpListener,
    stop: CancellationToken,
    drain: Duration,
    mut welcome: impl FnMut(TcpStream, SocketAddr) -> Option<F>,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let open = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            // Nobody who comes afterwards would be told to leave.
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Some(connection) = welcome(stream, peer) {
                    open.spawn(connection);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    open.close();
    // A peer that never hangs up cannot keep the process.
    let _ = tokio::time::timeout(drain, open.wait()).await;
}

/// As many connections as the descriptors allow, up to [`CONNECTIONS`].
pub(super) fn places() -> usize {
    let allowed = raise_descriptors()
        .saturating_sub(RESERVED)
        .max(RESERVED / 4);
    usize::try_from(allowed.min(CONNECTIONS)).unwrap_or(usize::MAX)
}

/// Takes all the file descriptors that the system grants us; many systems
/// start processes with 1,024 and allow far more.
fn raise_descriptors() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(u64::MAX).min(CONNECTIONS * 2);
    let present = limit.current.unwrap_or(u64::MAX);
    if present >= wanted {
        return present;
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).map_or(present, |()| wanted)
}

/// A connection that has to greet in time.
pub(super) struct Connection {
    stream: TcpStream,
    /// Whether the others who answer now have had their turn.
    waited: bool,
    greeted: usize,
    greeting: Option<Pin<Box<Sleep>>>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        // Small answers must not wait for each other; a socket that is already
        // dead fails at its first read.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            waited: false,
            greeted: 0,
            greeting: Some(Box::pin(tokio::time::sleep(GREETING))),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let Some(greeting) = &mut self.greeting else {
            return read;
        };
        if read.is_pending() {
            return match greeting.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                Poll::Pending => Poll::Pending,
            };
        }
        self.greeted += buffer.filled().len() - before;
        if self.greeted >= GREETING_LENGTH {
            self.greeting = None;
        }
        read
    }
}

/// Not vectored, so that h2 gathers small frames in its own buffer.
impl AsyncWrite for Connection {
    /// Answers that are ready in the same moment leave in one packet: whoever can
    /// run now has one turn before bytes are handed to the kernel, which costs
    /// more than most answers do.
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.waited = !self.waited;
        if self.waited {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn pair() -> (TcpStream, Connection) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (caller, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        (caller.unwrap(), Connection::new(accepted.unwrap().0))
    }

    #[tokio::test]
    async fn a_silent_connection_is_cut() {
        let (_caller, mut connection) = pair().await;
        tokio::time::pause();
        let read = connection.read_u8().await;
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_drip_of_bytes_is_cut_too() {
        let (mut caller, mut connection) = pair().await;
        caller.write_all(b"PRI").await.unwrap();
        let mut three = [0; 3];
        connection.read_exact(&mut three).await.unwrap();
        tokio::time::pause();
        let read = connection.read_u8().await;
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn answers_wait_one_turn_for_each_other_and_leave_together() {
        let (mut caller, mut connection) = pair().await;
        let mut answers = Vec::new();
        let sending = std::future::poll_fn(|context| {
            answers.extend_from_slice(b"answer");
            Pin::new(&mut connection).poll_write(context, &answers)
        });
        let written = sending.await.unwrap();
        let mut read = vec![0; 64];
        let arrived = caller.read(&mut read).await.unwrap();
        assert_eq!(
            (written, &read[..arrived]),
            (12, b"answeranswer".as_slice())
        );
    }

    #[tokio::test]
    async fn a_connection_that_greeted_may_be_silent() {
        let (mut caller, mut connection) = pair().await;
        caller.write_all(&[7; GREETING_LENGTH]).await.unwrap();
        let mut greeting = [0; GREETING_LENGTH];
        connection.read_exact(&mut greeting).await.unwrap();
        tokio::time::pause();
        let silent = tokio::time::timeout(10 * GREETING, connection.read_u8()).await;
        assert!(silent.is_err());
    }
}
