//! The socket of a lane, with the places where a test may cut the power.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Nothing of a body is on the way.
const IDLE: u8 = 0;
/// A body is about to be written.
const BODY: u8 = 1;
/// Half of it is written.
const HALF: u8 = 2;
/// All of it, with its dot.
const DOT: u8 = 3;

/// Says when the body of a mail begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage(Arc<AtomicU8>);

impl Stage {
    pub(super) fn body_begins(&self) {
        self.0.store(BODY, Ordering::Relaxed);
    }

    fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, stage: u8) {
        self.0.store(stage, Ordering::Relaxed);
    }
}

/// A socket that passes `smtp.mid_body` between the two halves of a body and
/// `smtp.after_dot` before the reply is read.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    stage: Stage,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, stage: Stage) -> Self {
        Self { stream, stage }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.stage.get() == DOT {
            self.stage.set(IDLE);
            kit::failpoint::hit("smtp.after_dot");
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let bytes = match self.stage.get() {
            BODY => &bytes[..bytes.len().div_ceil(2)],
            HALF => {
                kit::failpoint::hit("smtp.mid_body");
                bytes
            }
            _ => bytes,
        };
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if matches!(written, Poll::Ready(Ok(_))) {
            match self.stage.get() {
                BODY => self.stage.set(HALF),
                HALF => self.stage.set(DOT),
                _ => {}
            }
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
