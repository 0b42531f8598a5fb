//! The proxy that breaks links, between real sockets.

use std::time::{Duration, Instant};

use lienminh_local::proxy::{Link, Proxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SHORT: Duration = Duration::from_millis(150);

/// A server that says everything back.
async fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
            });
        }
    });
    address
}

async fn connected() -> (Proxy, TcpStream) {
    let proxy = Proxy::start(echo().await).await.unwrap();
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    assert_eq!(say(&mut stream).await.unwrap(), b"hello"[..]);
    (proxy, stream)
}

async fn say(stream: &mut TcpStream) -> std::io::Result<[u8; 5]> {
    stream.write_all(b"hello").await?;
    let mut heard = [0; 5];
    stream.read_exact(&mut heard).await?;
    Ok(heard)
}

#[tokio::test]
async fn a_healthy_link_carries_bytes_unchanged() {
    let (proxy, _stream) = connected().await;
    let counters = proxy.counters();
    assert_eq!(
        (counters.connections, counters.open, counters.bytes),
        (1, 1, 10)
    );
}

#[tokio::test]
async fn a_delayed_and_a_sliced_link_are_slow_but_whole() {
    let (proxy, mut stream) = connected().await;
    proxy.set(Link::delayed(SHORT));
    let started = Instant::now();
    assert_eq!(say(&mut stream).await.unwrap(), b"hello"[..]);
    assert!(started.elapsed() >= SHORT * 2);
    proxy.set(Link::sliced(1, Duration::ZERO));
    assert_eq!(say(&mut stream).await.unwrap(), b"hello"[..]);
    assert!(proxy.counters().disturbed >= 10, "{:?}", proxy.counters());
}

#[tokio::test]
async fn a_half_open_link_swallows_everything_and_stays_open() {
    let (proxy, mut stream) = connected().await;
    proxy.set(Link::half_open());
    assert!(tokio::time::timeout(SHORT, say(&mut stream)).await.is_err());
    assert_eq!(proxy.counters().dropped_bytes, 5);
    assert_eq!(proxy.counters().open, 1);
}

#[tokio::test]
async fn a_cut_link_ends_and_a_reset_one_breaks() {
    let (proxy, mut stream) = connected().await;
    proxy.cut();
    assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
    assert_eq!(proxy.counters().cut, 1);

    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    assert_eq!(say(&mut stream).await.unwrap(), b"hello"[..]);
    proxy.reset();
    let broken = stream.read(&mut [0; 8]).await.unwrap_err();
    assert_eq!(broken.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(proxy.counters().reset, 1);
}

#[tokio::test]
async fn a_closed_link_lets_nobody_in_and_another_target_is_another_server() {
    let (proxy, _stream) = connected().await;
    proxy.set(Link::closed());
    let mut refused = TcpStream::connect(proxy.address()).await.unwrap();
    assert!(say(&mut refused).await.is_err());
    proxy.set(Link::healthy());
    proxy.retarget("127.0.0.1:1");
    let mut nobody = TcpStream::connect(proxy.address()).await.unwrap();
    assert!(say(&mut nobody).await.is_err());
    proxy.retarget(echo().await);
    let mut again = TcpStream::connect(proxy.address()).await.unwrap();
    assert_eq!(say(&mut again).await.unwrap(), b"hello"[..]);
    assert_eq!(proxy.counters().refused, 2);
}
