//! Thousands of connections that want nothing.

use std::net::SocketAddr;
use std::time::Duration;

use lienminh_local::wait;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::frames::{PREFACE, SETTINGS, frame};
use crate::ground::{Ground, raise_descriptors};
use crate::neighbour::PATIENCE;

const CROWD: usize = 5_000;

/// Memory that the crowd may cost, in MiB: 20 KiB each.
const MEMORY: u64 = 100;

/// So many connections that say this and no more. Whoever knocks gets in at once, however many
/// have come before.
async fn crowd(address: SocketAddr, greeting: &[u8]) -> Vec<TcpStream> {
    let mut crowd = Vec::with_capacity(CROWD);
    while crowd.len() < CROWD {
        let connection = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await;
        let mut connection = connection.expect("the door is open").unwrap();
        // It may have been shown out already.
        let _ = connection.write_all(greeting).await;
        crowd.push(connection);
    }
    crowd
}

/// Whether a visitor who comes now gets an answer in time.
async fn is_answered(address: SocketAddr) -> bool {
    let visit = async {
        let mut visitor = TcpStream::connect(address).await.ok()?;
        let request = b"GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";
        visitor.write_all(request).await.ok()?;
        let mut answer = String::new();
        visitor.read_to_string(&mut answer).await.ok()?;
        Some(answer.starts_with("HTTP/1.1 404"))
    };
    let answered = tokio::time::timeout(PATIENCE, visit).await;
    answered.ok().flatten().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_idle_callers_take_nobodys_place() {
    raise_descriptors();
    let ground = Ground::open().await;
    let early = ground.neighbour();
    let before = ground.memory().await;
    let greeting = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
    let greeted = crowd(ground.grpc(), &greeting).await;
    let late = ground.neighbour();
    tokio::time::sleep(Duration::from_millis(500)).await;
    late.was_served("a crowd that greeted").await;
    let grown = ground.memory().await.saturating_sub(before);
    println!("{CROWD} idle connections: {grown} MiB");
    assert!(grown <= MEMORY, "{grown} MiB");
    drop(greeted);

    let silent = crowd(ground.grpc(), &[]).await;
    let late = ground.neighbour();
    tokio::time::sleep(Duration::from_millis(500)).await;
    late.was_served("a silent crowd").await;
    early.was_served("both crowds").await;
    drop(silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_idle_visitors_do_not_close_the_pages() {
    raise_descriptors();
    let ground = Ground::open().await;
    let before = ground.memory().await;
    for beginning in [&b""[..], b"GET /r/x HTTP/1.1\r\nhos", b"POST /r/x HTTP/1.1\r\nhost: h\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nans"] {
        let crowd = crowd(ground.pages(), beginning).await;
        assert!(is_answered(ground.pages()).await, "{}", String::from_utf8_lossy(beginning));
        drop(crowd);
    }
    wait::until("the pages are as open as before", PATIENCE, || async {
        Ok(is_answered(ground.pages()).await)
    })
    .await
    .unwrap();
    let grown = ground.memory().await.saturating_sub(before);
    println!("{CROWD} idle visitors: {grown} MiB");
    assert!(grown <= MEMORY, "{grown} MiB");
}
