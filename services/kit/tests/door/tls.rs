//! The port with a certificate. Keys and certificates here are for tests only
//! and good for nothing else.

use std::path::PathBuf;
use std::time::Duration;

use kit::client::{Certificates, Peers};
use kit::config::Tls;
use lienminh_proto::clock::v1::GetSettledRequest;
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tonic::Code;

use crate::house::{House, claims, open_behind};

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/door/tls", name]
        .iter()
        .collect()
}

async fn open() -> House {
    open_to(None).await
}

/// Serves whoever shows a certificate of this authority.
async fn open_to(client_authority: Option<&str>) -> House {
    // The program does this in its first line.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tls = Tls {
        tls_cert: Some(file("server.pem")),
        tls_key: Some(file("server.key.pem")),
        tls_client_ca: client_authority.map(file),
        ..Tls::default()
    };
    open_behind(tls, Vec::new()).await
}

/// Trusts the server, and shows the certificate of this name.
fn certificates(own: Option<&str>) -> Certificates {
    let named = |end: &str| own.map(|name| file(&format!("{name}.{end}")));
    let (certificate, key) = (named("pem"), named("key.pem"));
    let authority = file("authority.pem");
    Certificates::read(Some(&authority), certificate.as_deref(), key.as_deref()).unwrap()
}

fn peers(house: &House) -> Peers {
    Peers::with_token(&house.key.sign(&claims()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_caller_that_trusts_the_authority_is_served() {
    let house = open().await;
    house.gate.passes.add_permits(1);
    let url = house.url.replace("http", "https");
    let channel = peers(&house)
        .with_certificates(certificates(None))
        .channel(&url)
        .unwrap();
    ClockServiceClient::new(channel)
        .get_settled(GetSettledRequest {})
        .await
        .unwrap();
}

#[tokio::test]
async fn plain_text_gets_no_answer_from_a_port_with_a_certificate() {
    let house = open().await;
    let channel = peers(&house).channel(&house.url).unwrap();
    let status = ClockServiceClient::new(channel)
        .get_settled(GetSettledRequest {})
        .await
        .unwrap_err();
    assert!(
        matches!(
            status.code(),
            Code::Unavailable | Code::Unknown | Code::Internal
        ),
        "{status:?}"
    );
}

#[tokio::test]
async fn a_handshake_that_never_begins_is_cut() {
    let house = open().await;
    let address = house.url.trim_start_matches("http://").to_owned();
    let mut silent = TcpStream::connect(address).await.unwrap();
    let cut = tokio::time::timeout(Duration::from_secs(15), silent.read_u8()).await;
    assert!(cut.unwrap().is_err());
}

#[tokio::test]
async fn an_address_with_tls_needs_an_authority_to_trust() {
    let house = open().await;
    let url = house.url.replace("http", "https");
    let error = peers(&house).channel(&url).err().unwrap();
    assert!(error.to_string().contains("--tls-ca"), "{error}");
}

/// What a call under a good token brings, by the certificate that is shown beside it.
async fn call_showing(house: &House, certificate: Option<&str>) -> Result<(), Code> {
    house.gate.passes.add_permits(1);
    let channel = peers(house)
        .with_certificates(certificates(certificate))
        .channel(&house.url.replace("http", "https"))
        .unwrap();
    let answer = ClockServiceClient::new(channel)
        .get_settled(GetSettledRequest {})
        .await;
    answer.map(|_| ()).map_err(|status| status.code())
}

#[tokio::test]
async fn s1_only_a_good_certificate_of_the_house_opens_a_port_that_asks_for_one() {
    let house = open_to(Some("callers.pem")).await;
    for bad in [None, Some("expired"), Some("stranger")] {
        let code = call_showing(&house, bad).await.unwrap_err();
        assert!(
            matches!(code, Code::Unavailable | Code::Unknown | Code::Internal),
            "{bad:?}: {code:?}"
        );
    }
    assert_eq!(house.gate.waiting.available_permits(), 0, "a handler ran");
    assert_eq!(call_showing(&house, Some("caller")).await, Ok(()));
}

#[tokio::test]
async fn s1_a_certificate_is_no_token() {
    let house = open_to(Some("callers.pem")).await;
    let channel = Peers::with_token("none")
        .unwrap()
        .with_certificates(certificates(Some("caller")))
        .channel(&house.url.replace("http", "https"))
        .unwrap();
    let status = ClockServiceClient::new(channel)
        .get_settled(GetSettledRequest {})
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
}
