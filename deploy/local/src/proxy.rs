//! A TCP proxy that breaks the link it carries: delays, slices, swallows, cuts, resets.
//!
//! Every fault has a counter, because a fault that never bit proves nothing.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What the link does to bytes; may be changed while connections are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Each chunk is held back for so long, in both directions.
    pub delay: Duration,
    /// At most so many bytes at a time.
    pub slice: Option<usize>,
    /// Bytes towards the server vanish; both sides believe to be connected.
    pub drop_up: bool,
    /// Bytes towards the client vanish.
    pub drop_down: bool,
    /// New connections are closed at once.
    pub refuse: bool,
}

impl Link {
    /// A healthy link.
    #[must_use]
    pub fn healthy() -> Self {
        Self::default()
    }

    /// Held back.
    #[must_use]
    pub fn delayed(delay: Duration) -> Self {
        Self {
            delay,
            ..Self::default()
        }
    }

    /// In small pieces with a pause between them.
    #[must_use]
    pub fn sliced(slice: usize, delay: Duration) -> Self {
        Self {
            slice: Some(slice),
            delay,
            ..Self::default()
        }
    }

    /// Half-open: connections stay, nothing passes in either direction.
    #[must_use]
    pub fn half_open() -> Self {
        Self {
            drop_up: true,
            drop_down: true,
            ..Self::default()
        }
    }

    /// Nobody gets in.
    #[must_use]
    pub fn closed() -> Self {
        Self {
            refuse: true,
            ..Self::default()
        }
    }
}

/// A reading of what the proxy has seen and done.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct ProxyCounters {
    /// Connections carried so far.
    pub connections: u64,
    /// Connections open at this moment.
    pub open: u64,
    /// Connections refused, by us or by the server.
    pub refused: u64,
    /// Bytes carried, both directions.
    pub bytes: u64,
    /// Bytes that vanished.
    pub dropped_bytes: u64,
    /// Chunks held back or sliced.
    pub disturbed: u64,
    /// Connections closed by [`Proxy::cut`].
    pub cut: u64,
    /// Connections closed by [`Proxy::reset`].
    pub reset: u64,
}

/// A running proxy; dropping it closes everything it carries.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: CancellationToken,
}

#[derive(Debug)]
struct Shared {
    link: watch::Sender<Link>,
    /// Cancelled to end the present connections, then replaced.
    present: Mutex<Arc<Ending>>,
    tally: Tally,
    target: Mutex<String>,
    /// What was carried, each direction of each connection by itself, where somebody reads along.
    overheard: Option<Mutex<Vec<Vec<u8>>>>,
}

impl Shared {
    fn open_stream(&self) -> usize {
        self.overheard.as_ref().map_or(0, |streams| {
            let mut streams = streams.lock().unwrap_or_else(PoisonError::into_inner);
            streams.push(Vec::new());
            streams.len() - 1
        })
    }

    fn overhear(&self, stream: usize, chunk: &[u8]) {
        if let Some(streams) = &self.overheard {
            let mut streams = streams.lock().unwrap_or_else(PoisonError::into_inner);
            streams[stream].extend_from_slice(chunk);
        }
    }
}

#[derive(Debug, Default)]
struct Ending {
    now: CancellationToken,
    hard: std::sync::atomic::AtomicBool,
}

#[derive(Debug, Default)]
struct Tally {
    connections: AtomicU64,
    open: AtomicU64,
    refused: AtomicU64,
    bytes: AtomicU64,
    dropped_bytes: AtomicU64,
    disturbed: AtomicU64,
    cut: AtomicU64,
    reset: AtomicU64,
}

impl Proxy {
    /// Listens on a free loopback port for `target` (`host:port`).
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(target: impl Into<String>) -> anyhow::Result<Self> {
        Self::between(target.into(), None).await
    }

    /// The same, and reads along.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start_reading(target: impl Into<String>) -> anyhow::Result<Self> {
        Self::between(target.into(), Some(Mutex::default())).await
    }

    /// Whether these bytes went by, in either direction, while it read along.
    #[must_use]
    pub fn overheard(&self, bytes: &[u8]) -> bool {
        let streams = self.shared.overheard.iter().flat_map(|streams| {
            streams
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        });
        streams
            .into_iter()
            .any(|stream| stream.windows(bytes.len()).any(|part| part == bytes))
    }

    async fn between(
        target: String,
        overheard: Option<Mutex<Vec<Vec<u8>>>>,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("cannot listen for the proxy")?;
        let address = listener
            .local_addr()
            .context("a listener without an address")?;
        let shared = Arc::new(Shared {
            link: watch::Sender::new(Link::healthy()),
            present: Mutex::default(),
            tally: Tally::default(),
            target: Mutex::new(target),
            overheard,
        });
        let stop = CancellationToken::new();
        tokio::spawn(stop.clone().run_until_cancelled_owned(serve(
            listener,
            shared.clone(),
            stop.clone(),
        )));
        Ok(Self {
            address,
            shared,
            stop,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Changes what the link does, for present and future connections.
    pub fn set(&self, link: Link) {
        self.shared.link.send_replace(link);
    }

    /// Leads future connections elsewhere.
    pub fn retarget(&self, target: impl Into<String>) {
        *self
            .shared
            .target
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = target.into();
    }

    /// Closes every present connection in good order (FIN).
    pub fn cut(&self) {
        self.end(false);
    }

    /// Breaks every present connection (RST).
    pub fn reset(&self) {
        self.end(true);
    }

    /// What it has seen and done.
    #[must_use]
    pub fn counters(&self) -> ProxyCounters {
        let tally = &self.shared.tally;
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        ProxyCounters {
            connections: read(&tally.connections),
            open: read(&tally.open),
            refused: read(&tally.refused),
            bytes: read(&tally.bytes),
            dropped_bytes: read(&tally.dropped_bytes),
            disturbed: read(&tally.disturbed),
            cut: read(&tally.cut),
            reset: read(&tally.reset),
        }
    }

    fn end(&self, hard: bool) {
        let mut present = self
            .shared
            .present
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let ending = std::mem::take(&mut *present);
        ending.hard.store(hard, Ordering::SeqCst);
        ending.now.cancel();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.end(false);
        self.stop.cancel();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        let Ok((client, _)) = listener.accept().await else {
            continue;
        };
        let link = *shared.link.borrow();
        if link.refuse {
            shared.tally.refused.fetch_add(1, Ordering::SeqCst);
            continue;
        }
        tokio::spawn(
            stop.clone()
                .run_until_cancelled_owned(carry(client, shared.clone())),
        );
    }
}

async fn carry(client: TcpStream, shared: Arc<Shared>) {
    let ending = shared
        .present
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let target = shared
        .target
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let Ok(server) = TcpStream::connect(target).await else {
        shared.tally.refused.fetch_add(1, Ordering::SeqCst);
        return;
    };
    let tally = &shared.tally;
    tally.connections.fetch_add(1, Ordering::SeqCst);
    tally.open.fetch_add(1, Ordering::SeqCst);
    // The link itself must not add what nobody asked for.
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let (client_in, client_out) = client.into_split();
    let (server_in, server_out) = server.into_split();
    let mut up = Direction {
        from: client_in,
        to: server_out,
        down: false,
    };
    let mut down = Direction {
        from: server_in,
        to: client_out,
        down: true,
    };
    tokio::select! {
        _ = async { tokio::join!(up.pump(&shared), down.pump(&shared)) } => {}
        () = ending.now.cancelled() => {
            let hard = ending.hard.load(Ordering::SeqCst);
            let counter = if hard { &tally.reset } else { &tally.cut };
            counter.fetch_add(1, Ordering::SeqCst);
            if hard {
                break_off(up, down);
            }
        }
    }
    tally.open.fetch_sub(1, Ordering::SeqCst);
}

/// A closing socket with zero linger sends RST in place of FIN.
fn break_off(up: Direction, down: Direction) {
    for whole in [up.from.reunite(down.to), down.from.reunite(up.to)]
        .into_iter()
        .flatten()
    {
        // A connection that is gone already cannot be broken.
        let _ = whole.set_zero_linger();
    }
}

struct Direction {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    down: bool,
}

impl Direction {
    /// Carries bytes until one side ends; the other side then hears of it.
    async fn pump(&mut self, shared: &Shared) {
        let mut buffer = vec![0_u8; 16 * 1024];
        let place = shared.open_stream();
        while let Ok(read @ 1..) = self.from.read(&mut buffer).await {
            let chunk = buffer.get(..read).unwrap_or_default();
            shared.overhear(place, chunk);
            let link = *shared.link.borrow();
            if if self.down {
                link.drop_down
            } else {
                link.drop_up
            } {
                shared
                    .tally
                    .dropped_bytes
                    .fetch_add(length(chunk), Ordering::SeqCst);
            } else if self.pass(chunk, link, &shared.tally).await.is_err() {
                break;
            }
        }
        // The other side may be gone as well.
        let _ = self.to.shutdown().await;
    }

    async fn pass(&mut self, chunk: &[u8], link: Link, tally: &Tally) -> std::io::Result<()> {
        for piece in chunk.chunks(link.slice.unwrap_or(chunk.len()).max(1)) {
            if !link.delay.is_zero() || link.slice.is_some() {
                tally.disturbed.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(link.delay).await;
            }
            self.to.write_all(piece).await?;
            tally.bytes.fetch_add(length(piece), Ordering::SeqCst);
        }
        Ok(())
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
