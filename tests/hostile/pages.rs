//! The HTTP ports: endless heads, endless bodies, many lines.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use lienminh_local::{ServiceName, StageOptions};

use crate::crowds::{crowd, is_answered};
use crate::ground::{Ground, raise_descriptors};

/// Memory that a hostile visitor may cost, in MiB.
const MEMORY: u64 = 20;

/// Bytes that no page ever needs.
const PLENTY: usize = 64 * 1024 * 1024;

/// Sends the beginning, then the piece over and over until cut off; how much was taken, and what
/// was answered.
async fn pour(ground: &Ground, beginning: &str, piece: &[u8]) -> (usize, String) {
    let stream = TcpStream::connect(ground.pages()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let answer = tokio::spawn(async move {
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = reader.read(&mut buffer).await {
            answer.extend_from_slice(&buffer[..read]);
        }
        String::from_utf8_lossy(&answer).into_owned()
    });
    let mut taken = 0;
    let pouring = async {
        if writer.write_all(beginning.as_bytes()).await.is_err() {
            return;
        }
        while taken < PLENTY && !answer.is_finished() {
            if writer.write_all(piece).await.is_err() {
                return;
            }
            taken += piece.len();
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(30), pouring).await;
    drop(writer);
    let answer = tokio::time::timeout(Duration::from_secs(30), answer).await;
    (taken, answer.unwrap().unwrap())
}

/// Pours requests that do not end at these pages, `target` among them.
async fn are_cut_at_little_cost(ground: &Ground, target: &str) {
    let form = format!(
        "{target} HTTP/1.1\r\nhost: h\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    );
    let zeros = vec![b'a'; 16 * 1024];
    let chunk = [b"4000\r\n", zeros.as_slice(), b"\r\n"].concat();
    let wrongs = [
        ("a line without end", "GET /".to_owned(), zeros.clone()),
        (
            "a value without end",
            "GET / HTTP/1.1\r\nx: ".to_owned(),
            zeros.clone(),
        ),
        (
            "lines without end",
            "GET / HTTP/1.1\r\n".to_owned(),
            b"x: y\r\n".repeat(1000),
        ),
        (
            "a body of a gigabyte",
            format!("{form}content-length: 1073741824\r\n\r\n"),
            zeros,
        ),
        (
            "a body without end",
            format!("{form}transfer-encoding: chunked\r\n\r\n"),
            chunk,
        ),
    ];
    for (what, beginning, piece) in wrongs {
        let before = ground.memory().await;
        let (taken, answer) = pour(ground, &beginning, &piece).await;
        let grown = ground.memory().await.saturating_sub(before);
        println!(
            "{what}: {taken} bytes taken, {grown} MiB, {:?}",
            answer.lines().next()
        );
        assert!(taken < PLENTY, "{what} was never cut");
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{what}: {answer}"
        );
        assert!(grown <= MEMORY, "{what}: {grown} MiB");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_requests_are_cut_at_little_cost() {
    let ground = Ground::open().await;
    let neighbour = ground.neighbour();
    are_cut_at_little_cost(&ground, "POST /r/forged").await;
    neighbour.was_served("endless requests").await;
}

/// Visitors at the receipts who begin and never come to an end: more than it has places.
const SLOW: usize = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn the_port_for_receipts_bears_what_the_pages_bear() {
    let ground = Ground::of(ServiceName::Notifier, &StageOptions::default()).await;
    for target in ["GET /receipts/esms/guess", "POST /receipts/esms/guess"] {
        are_cut_at_little_cost(&ground, target).await;
        assert!(is_answered(ground.pages()).await, "after {target}");
    }
    raise_descriptors();
    let before = ground.memory().await;
    let slow = crowd(
        ground.pages(),
        SLOW,
        b"GET /receipts/esms/guess HTTP/1.1\r\nhos",
    )
    .await;
    assert!(is_answered(ground.pages()).await, "beside slow heads");
    let grown = ground.memory().await.saturating_sub(before);
    assert!(grown <= MEMORY, "{grown} MiB");
    drop(slow);
}
