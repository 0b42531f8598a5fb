//! Thousands of connections that want nothing.

use std::net::SocketAddr;
use std::time::Duration;

use lienminh_local::suite::Token;
use lienminh_local::wait;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::frames::{END_HEADERS, HEADERS, PREFACE, SETTINGS, asking, call, frame};
use crate::ground::{Ground, PATH, VICTIM, grant_descriptors, raise_descriptors};
use crate::neighbour::PATIENCE;
use crate::rogue::Rogue;

/// More than the 8,192 places of the gRPC port.
const CROWD: usize = 9_000;

/// More than the 512 places of the pages.
const VISITORS: usize = 5_000;

/// Memory that a crowd may cost, in MiB: 20 KiB for each place.
const MEMORY: u64 = 165;

/// File descriptors with which a port has its fewest places.
const FEW_DESCRIPTORS: u64 = 1_280;

/// These places.
const FEW: usize = 256;

/// So many connections that say this and no more. Whoever knocks gets in at once, however many
/// have come before.
pub(crate) async fn crowd(address: SocketAddr, many: usize, greeting: &[u8]) -> Vec<TcpStream> {
    let mut crowd = Vec::with_capacity(many);
    while crowd.len() < many {
        let connection = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await;
        let mut connection = connection.expect("the door is open").unwrap();
        // It may have been shown out already.
        let _ = connection.write_all(greeting).await;
        crowd.push(connection);
    }
    crowd
}

/// Whether a visitor who comes now gets an answer in time.
pub(crate) async fn is_answered(address: SocketAddr) -> bool {
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
async fn more_idle_callers_than_places_keep_nobody_out() {
    raise_descriptors();
    let ground = Ground::open().await;
    let early = ground.neighbour();
    let before = ground.memory().await;
    let greeting = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
    let greeted = crowd(ground.grpc(), CROWD, &greeting).await;
    let late = ground.neighbour();
    tokio::time::sleep(Duration::from_millis(500)).await;
    late.was_served("a crowd that greeted").await;
    let grown = ground.memory().await.saturating_sub(before);
    println!("{CROWD} idle connections: {grown} MiB");
    assert!(grown <= MEMORY, "{grown} MiB");
    drop(greeted);

    let silent = crowd(ground.grpc(), CROWD, &[]).await;
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
        let crowd = crowd(ground.pages(), VISITORS, beginning).await;
        assert!(is_answered(ground.pages()).await, "{}", String::from_utf8_lossy(beginning));
        drop(crowd);
    }
    wait::until("the pages are as open as before", PATIENCE, || async {
        Ok(is_answered(ground.pages()).await)
    })
    .await
    .unwrap();
    let grown = ground.memory().await.saturating_sub(before);
    println!("{VISITORS} idle visitors: {grown} MiB");
    assert!(grown <= MEMORY, "{grown} MiB");
}

/// As many who greet and want nothing as there are places; and that they keep nobody out.
async fn strangers_everywhere(ground: &Ground) -> Vec<Rogue> {
    let mut strangers = Vec::new();
    for _ in 0..FEW {
        strangers.push(Rogue::greet(ground.grpc()).await);
    }
    let mut known = Rogue::greet(ground.grpc()).await;
    assert!(known.send(&asking(1, &call(PATH, &ground.token))).await);
    known.hears(HEADERS, 1).await;
    strangers
}

/// Connections on each of which a caller opens a call that is not sent.
async fn engaged_everywhere(ground: &Ground) -> Vec<Rogue> {
    let subjects = ["user:a", "user:b", "user:c"].map(|subject| {
        let token = ground.stage.suite().token(&Token::new(subject, "*"));
        call(PATH, &token.unwrap())
    });
    let mut engaged = Vec::new();
    for head in subjects.iter().cycle().take(FEW) {
        let mut rogue = Rogue::greet(ground.grpc()).await;
        assert!(rogue.send(&frame(HEADERS, END_HEADERS, 1, head)).await);
        engaged.push(rogue);
    }
    engaged
}

/// Waits until the process is unready with these words, or ready.
async fn readiness_says(ground: &Ground, words: Option<&str>) {
    let address = ground.stage.suite().address(VICTIM).http;
    let url = format!("http://{address}/readyz");
    wait::until("readiness changes", PATIENCE, async || {
        let answer = reqwest::get(&url).await?;
        let ready = answer.status().is_success();
        let told = answer.text().await?;
        Ok(words.map_or(ready, |words| !ready && told.contains(words)))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_tells_when_every_connection_is_being_served() {
    grant_descriptors(Some(FEW_DESCRIPTORS));
    let ground = Ground::open().await;
    let strangers = strangers_everywhere(&ground).await;
    readiness_says(&ground, None).await;
    let engaged = engaged_everywhere(&ground).await;
    let words = "each of the 256 connections is being served";
    readiness_says(&ground, Some(words)).await;
    drop((strangers, engaged));
    readiness_says(&ground, None).await;
}
