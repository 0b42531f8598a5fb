//! Ready or not, by gRPC and by HTTP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use kit::health::ReadinessProbe;
use kit::http::TrustedProxies;
use kit::telemetry::Metrics;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::house::{House, open_with};

struct Switch(AtomicBool);

impl ReadinessProbe for Switch {
    fn name(&self) -> &'static str {
        "switch"
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), String>> {
        let on = self.0.load(Ordering::SeqCst);
        Box::pin(async move {
            if on {
                Ok(())
            } else {
                Err("switched off".to_owned())
            }
        })
    }
}

async fn status(house: &House, service: &str) -> ServingStatus {
    HealthClient::new(house.channel().await)
        .check(HealthCheckRequest {
            service: service.to_owned(),
        })
        .await
        .unwrap()
        .into_inner()
        .status()
}

#[tokio::test]
async fn every_service_name_follows_the_probes_without_a_token() {
    let switch = Arc::new(Switch(AtomicBool::new(false)));
    let house = open_with(vec![Arc::clone(&switch) as Arc<dyn ReadinessProbe>]).await;
    for service in ["", "lienminh.clock.v1.ClockService"] {
        assert_eq!(status(&house, service).await, ServingStatus::NotServing);
    }
    switch.0.store(true, Ordering::SeqCst);
    house.health.judge().await;
    for service in ["", "lienminh.clock.v1.ClockService"] {
        assert_eq!(status(&house, service).await, ServingStatus::Serving);
    }
    house.health.leave().await;
    assert_eq!(status(&house, "").await, ServingStatus::NotServing);
}

pub async fn get(address: SocketAddr, path: &str) -> String {
    ask(address, path, "").await
}

/// With more lines in the head.
pub async fn ask(address: SocketAddr, path: &str, lines: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n{lines}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_side_port_tells_readiness_with_its_reason() {
    let switch = Arc::new(Switch(AtomicBool::new(false)));
    let house = open_with(vec![Arc::clone(&switch) as Arc<dyn ReadinessProbe>]).await;
    let port = kit::http::Port::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let address = port.address();
    let pages = kit::http::inside(Metrics::detached(), house.health.clone());
    let serving = tokio::spawn(port.serve(pages, house.stop.clone()));

    house.health.judge().await;
    let answer = get(address, "/readyz").await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("switched off"), "{answer}");
    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
    assert!(get(address, "/metrics").await.starts_with("HTTP/1.1 200"));
    assert!(get(address, "/nothing").await.starts_with("HTTP/1.1 404"));

    switch.0.store(true, Ordering::SeqCst);
    house.health.judge().await;
    assert!(get(address, "/readyz").await.starts_with("HTTP/1.1 200"));

    house.stop.cancel();
    serving.await.unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_head_that_drips_is_cut() {
    let house = open_with(Vec::new()).await;
    let port = kit::http::Port::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let address = port.address();
    let pages = kit::http::inside(Metrics::detached(), house.health.clone());
    tokio::spawn(port.serve(pages, house.stop.clone()));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HT").await.unwrap();
    let mut answer = String::new();
    let cut = stream.read_to_string(&mut answer);
    let cut = tokio::time::timeout(std::time::Duration::from_secs(30), cut).await;
    assert!(cut.is_ok(), "the connection is still open");
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let house = open_with(Vec::new()).await;
    let own = axum::Router::new().route(
        "/receipts",
        axum::routing::post(async |body: String| body.len().to_string()),
    );
    let port = kit::http::Port::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let address = port.address();
    let pages = kit::http::public(own, TrustedProxies::default());
    tokio::spawn(port.serve(pages, house.stop.clone()));
    let post = async |length: usize| {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /receipts HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // A refused body may be cut off while it is being sent.
        let _ = stream.write_all(&vec![b'a'; length]).await;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        String::from_utf8(answer.to_vec()).unwrap()
    };
    assert_eq!(post(64 * 1024).await, "HTTP/1.1 200");
    assert_eq!(post(64 * 1024 + 1).await, "HTTP/1.1 413");
}
