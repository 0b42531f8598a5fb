//! A connection of HTTP/2 whose end keeps no rule.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lienminh_local::wait;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::task::JoinHandle;

use crate::frames::{GOAWAY, HEAD, PREFACE, SETTINGS, frame};
use crate::neighbour::PATIENCE;

/// Why a connection ends, as GOAWAY says (RFC 9113, section 7).
pub(crate) const PROTOCOL_ERROR: u32 = 1;
pub(crate) const ENHANCE_YOUR_CALM: u32 = 11;

/// A hostile connection.
pub(crate) struct Rogue {
    writer: OwnedWriteHalf,
    reader: JoinHandle<()>,
    seen: Arc<Mutex<Seen>>,
}

/// What came back so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Frames of each kind.
    pub(crate) frames: [u32; 16],
    /// The reason of a GOAWAY.
    pub(crate) farewell: Option<u32>,
}

impl Rogue {
    /// Connects and greets as everybody does.
    pub(crate) async fn greet(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (reader, writer) = stream.into_split();
        let seen = Arc::default();
        let mut rogue = Self {
            writer,
            reader: tokio::spawn(read(reader, Arc::clone(&seen))),
            seen,
        };
        let greeting = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
        assert!(rogue.send(&greeting).await);
        rogue
    }

    /// Whether the bytes could still be sent; the other end may have had enough.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> bool {
        !self.reader.is_finished() && self.writer.write_all(bytes).await.is_ok()
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until the other end has sent so many frames of this kind.
    pub(crate) async fn hears(&self, kind: u8, many: u32) {
        let heard = wait::until("the frames come", PATIENCE, async || {
            Ok(self.seen().frames[usize::from(kind)] >= many)
        });
        heard.await.unwrap();
    }

    /// Waits for the other end to hang up; what it had said by then.
    pub(crate) async fn is_cut_within(&mut self, limit: Duration) -> Option<Seen> {
        let cut = tokio::time::timeout(limit, &mut self.reader).await;
        cut.is_ok().then(|| self.seen())
    }
}

async fn read(mut reader: OwnedReadHalf, seen: Arc<Mutex<Seen>>) {
    let mut head = [0; HEAD];
    while reader.read_exact(&mut head).await.is_ok() {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length.try_into().unwrap()];
        if reader.read_exact(&mut payload).await.is_err() {
            return;
        }
        let mut seen = seen.lock().unwrap();
        seen.frames[usize::from(head[3] & 15)] += 1;
        if head[3] == GOAWAY {
            let reason = payload[4..8].try_into().unwrap();
            seen.farewell = Some(u32::from_be_bytes(reason));
        }
    }
}
