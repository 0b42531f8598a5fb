//! Calls from one service to another.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use kit::auth::Signer;
use kit::client::{Peers, channel};
use kit::language::Language;
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use lienminh_proto::clock::v1::clock_service_server::{ClockService, ClockServiceServer};
use lienminh_proto::clock::v1::{
    GetSettledRequest, GetSettledResponse, SetTimeRequest, SetTimeResponse,
};
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status};
use tonic_types::StatusExt as _;

use crate::house::{House, eventually, open};

fn signer(house: &House, scope: &str) -> Signer {
    let key = house.auth.service_key("notifier").unwrap();
    Signer::new(key, "service:notifier", scope)
}

#[tokio::test]
async fn a_service_calls_another_with_its_own_token() {
    let house = open().await;
    let signer = signer(&house, "clock.get");
    let client = ClockServiceClient::new(channel(&house.url, &signer).unwrap());
    house.gate.passes.add_permits(100);
    eventually(async || {
        client
            .clone()
            .get_settled(GetSettledRequest {})
            .await
            .is_ok()
    })
    .await;
    let status = client
        .clone()
        .set_time(SetTimeRequest::default())
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_peer_answers_in_the_language_asked_for() {
    let house = open().await;
    let (token, _) = kit::auth::issue(
        &house.auth,
        &kit::auth::Grant {
            subject: "user:lan".to_owned(),
            scope: "*".to_owned(),
            organisation: None,
            life: Duration::from_secs(60),
        },
    )
    .unwrap();
    let peers = Peers::with_token(&token).unwrap().speaking(Language::En);
    let status = ClockServiceClient::new(peers.channel(&house.url).unwrap())
        .set_time(SetTimeRequest::default())
        .await
        .unwrap_err();
    assert_eq!(
        status
            .get_error_details()
            .localized_message()
            .unwrap()
            .locale,
        "en"
    );
}

#[tokio::test]
async fn a_call_ends_at_its_deadline_with_the_right_code() {
    let house = open().await;
    let signer = signer(&house, "*");
    let mut client = ClockServiceClient::new(channel(&house.url, &signer).unwrap());
    let mut request = Request::new(GetSettledRequest {});
    request.set_timeout(Duration::from_millis(150));
    let begun = Instant::now();
    let status = client.get_settled(request).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_peer_that_is_not_there_is_unavailable() {
    let house = open().await;
    let gone = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let mut client = ClockServiceClient::new(channel(&url, &signer(&house, "*")).unwrap());
    let status = client.get_settled(GetSettledRequest {}).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
}

/// Fails a number of times with one code, then answers.
struct Moody {
    code: Code,
    failures: u32,
    calls: Arc<AtomicU32>,
}

#[tonic::async_trait]
impl ClockService for Moody {
    async fn set_time(
        &self,
        _: Request<SetTimeRequest>,
    ) -> Result<Response<SetTimeResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn get_settled(
        &self,
        _: Request<GetSettledRequest>,
    ) -> Result<Response<GetSettledResponse>, Status> {
        if self.calls.fetch_add(1, Ordering::SeqCst) < self.failures {
            return Err(Status::new(self.code, "not now"));
        }
        Ok(Response::new(GetSettledResponse::default()))
    }
}

async fn calls_until_the_end(code: Code, failures: u32) -> (Option<Code>, u32) {
    let house = open().await;
    let calls = Arc::new(AtomicU32::new(0));
    let moody = Moody {
        code,
        failures,
        calls: Arc::clone(&calls),
    };
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", incoming.local_addr().unwrap());
    let server = tokio::spawn(
        tonic::transport::Server::builder()
            .add_service(ClockServiceServer::new(moody))
            .serve_with_incoming(incoming),
    );
    let mut client = ClockServiceClient::new(channel(&url, &signer(&house, "*")).unwrap());
    let outcome = client.get_settled(GetSettledRequest {}).await;
    server.abort();
    (
        outcome.err().map(|status| status.code()),
        calls.load(Ordering::SeqCst),
    )
}

#[tokio::test]
async fn unavailable_is_tried_again() {
    assert_eq!(calls_until_the_end(Code::Unavailable, 2).await, (None, 3));
}

#[tokio::test]
async fn unavailable_is_not_tried_for_ever() {
    let (code, calls) = calls_until_the_end(Code::Unavailable, u32::MAX).await;
    assert_eq!((code, calls), (Some(Code::Unavailable), 4));
}

#[tokio::test]
async fn nothing_but_unavailable_is_tried_again() {
    for code in [
        Code::Internal,
        Code::Aborted,
        Code::ResourceExhausted,
        Code::DeadlineExceeded,
    ] {
        assert_eq!(calls_until_the_end(code, u32::MAX).await, (Some(code), 1));
    }
}
