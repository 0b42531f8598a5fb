//! Slow TLS handshakes (S7).

use std::time::{Duration, Instant};

use lienminh_local::StageOptions;
use lienminh_local::folder::project_root;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::ground::{Ground, VICTIM};

/// The beginning of a handshake record of 512 bytes, which then never comes to its end.
const HELLO: &[u8] = &[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3];

/// A byte now and then, so that the connection is never silent.
const DRIP: Duration = Duration::from_millis(500);

/// Handshakes are cut after 5 s.
const CUT: Duration = Duration::from_secs(5);

/// A busy machine notices late.
const LATE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn slow_handshakes_are_cut_after_five_seconds_and_others_are_served() {
    let tls = project_root().unwrap().join("services/kit/tests/door/tls");
    let file = |name: &str| tls.join(name).display().to_string();
    let options = StageOptions::default()
        .with(VICTIM, "tls-cert", file("server.pem"))
        .with(VICTIM, "tls-key", file("server.key.pem"));
    let ground = Ground::with(&options).await;
    let mut slow = JoinSet::new();
    for _ in 0..500 {
        slow.spawn(drip(ground.grpc()));
    }
    let neighbour = ground.secure_neighbour(&tls.join("authority.pem"));
    let mut lasted = slow.join_all().await;
    lasted.sort_unstable();
    neighbour.was_served("slow handshakes").await;
    let (shortest, longest) = (lasted[0], lasted[lasted.len() - 1]);
    assert!(shortest >= CUT, "cut after {lasted:?}");
    assert!(longest < CUT + LATE, "cut after {lasted:?}");
}

/// How long a handshake may take that sends a byte now and then.
async fn drip(address: std::net::SocketAddr) -> Duration {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(HELLO).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let dripping = async {
        while writer.write_all(&[0]).await.is_ok() {
            tokio::time::sleep(DRIP).await;
        }
    };
    let cut = async {
        let mut answer = [0; 64];
        while reader.read(&mut answer).await.is_ok_and(|read| read > 0) {}
    };
    let limit = tokio::time::sleep(CUT + LATE);
    tokio::select! {
        () = dripping => {}
        () = cut => {}
        () = limit => {}
    }
    begun.elapsed()
}
