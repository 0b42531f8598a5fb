//! Too late, too large, too many, not readable.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf as _, BufMut as _};
use hyper_util::rt::TokioExecutor;
use kit::server::{EACH_IN_FLIGHT, IN_FLIGHT, REQUEST_LIMIT};
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use lienminh_proto::clock::v1::{GetSettledRequest, GetSettledResponse};
use tokio::task::JoinSet;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt as _;

use crate::house::{House, open};

/// Sends bytes as they are.
#[derive(Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining()).to_vec()))
    }
}

async fn send(house: &House, bytes: Vec<u8>, compressed: bool) -> Result<Vec<u8>, Status> {
    let mut client = tonic::client::Grpc::new(house.channel().await);
    if compressed {
        client = client.send_compressed(CompressionEncoding::Gzip);
    }
    client.ready().await.unwrap();
    let path = "/lienminh.clock.v1.ClockService/SetTime".parse().unwrap();
    client
        .unary(house.signed(bytes), path, Raw)
        .await
        .map(tonic::Response::into_inner)
}

/// A field that SetTimeRequest does not know, `length` bytes in all.
fn padding(length: usize) -> Vec<u8> {
    let content = length - 5;
    let mut message = Vec::with_capacity(length);
    // Field 15, length-delimited, with a length of four varint bytes.
    message.push(0x7a);
    for shift in [0, 7, 14] {
        message.push(u8::try_from((content >> shift) & 0x7f).unwrap() | 0x80);
    }
    message.push(u8::try_from(content >> 21).unwrap());
    message.resize(length, 0);
    message
}

#[tokio::test]
async fn bytes_that_are_no_request_are_an_invalid_argument() {
    let house = open().await;
    for bytes in [
        vec![0xff; 8],
        vec![0x0a, 0x7f, 0x01],
        vec![0x0a, 0x02, 0x08],
    ] {
        let status = send(&house, bytes, false).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "UNDECODABLE");
    }
}

#[tokio::test]
async fn a_request_over_the_limit_is_refused_and_one_at_the_limit_is_read() {
    let house = open().await;
    let status = send(&house, padding(REQUEST_LIMIT + 1), false)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    let details = status.get_error_details();
    assert_eq!(details.error_info().unwrap().reason, "MESSAGE_TOO_LARGE");
    // Read and understood: what is missing now is the time.
    let status = send(&house, padding(REQUEST_LIMIT), false)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status
            .get_error_details()
            .bad_request()
            .unwrap()
            .field_violations[0]
            .field,
        "time"
    );
}

#[tokio::test]
async fn a_gzip_bomb_is_refused() {
    let house = open().await;
    let status = send(&house, padding(16 * REQUEST_LIMIT / 10 * 8), true)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
}

#[tokio::test]
async fn case_60_a_deadline_that_passes_says_so_and_ends_the_work() {
    let house = open().await;
    let mut request = house.signed(GetSettledRequest {});
    request.set_timeout(Duration::from_millis(200));
    // A tonic channel would keep the same deadline itself and, on a busy machine,
    // answer CANCELLED before the server's answer is in.
    let connection = hyper_util::client::legacy::Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http();
    let status = ClockServiceClient::with_origin(connection, house.url.parse().unwrap())
        .get_settled(request)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(
        status.get_error_details().error_info().unwrap().reason,
        "DEADLINE_EXCEEDED"
    );
    house.gate.dropped.acquire().await.unwrap().forget();
}

type Waiting = tokio::task::JoinHandle<Result<tonic::Response<GetSettledResponse>, Status>>;

/// As many calls of a subject as it may have in flight, all of them at the gate.
async fn fill(house: &House, subject: &str) -> Vec<Waiting> {
    let channel = house.channel().await;
    let calls = (0..EACH_IN_FLIGHT).map(|_| {
        let mut client = ClockServiceClient::new(channel.clone());
        let request = house.signed_by(subject, GetSettledRequest {});
        tokio::spawn(async move { client.get_settled(request).await })
    });
    let calls = calls.collect();
    for _ in 0..EACH_IN_FLIGHT {
        house.gate.wait_for_a_call().await;
    }
    calls
}

#[tokio::test]
async fn one_caller_cannot_take_the_whole_house() {
    let house = open().await;
    let waiting = fill(&house, "user:greedy").await;
    let mut client = ClockServiceClient::new(house.channel().await);
    let status = client
        .get_settled(house.signed_by("user:greedy", GetSettledRequest {}))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    let details = status.get_error_details();
    assert_eq!(details.error_info().unwrap().reason, "TOO_MANY_CALLS");
    assert!(details.retry_info().is_some());

    house.gate.passes.add_permits(EACH_IN_FLIGHT + 1);
    client
        .get_settled(house.signed_by("user:modest", GetSettledRequest {}))
        .await
        .unwrap();
    for call in waiting {
        call.await.unwrap().unwrap();
    }
}

type Endless = hyper_util::client::legacy::Client<
    hyper_util::client::legacy::connect::HttpConnector,
    axum::body::Body,
>;

/// Opens a call of this subject and never sends its body; ends when it is refused.
async fn never_sent(house: &House, line: &Endless, subject: &str) -> Option<String> {
    let bearer = house
        .signed_by(subject, ())
        .metadata()
        .get("authorization")
        .cloned();
    let body = axum::body::Body::from_stream(tokio_stream::pending::<Result<Vec<u8>, Status>>());
    let call = http::Request::post(format!(
        "{}/lienminh.clock.v1.ClockService/GetSettled",
        house.url
    ))
    .header("content-type", "application/grpc")
    .header("te", "trailers")
    .header("authorization", bearer.unwrap().to_str().unwrap())
    .body(body)
    .unwrap();
    let answer = line.request(call).await.ok()?;
    let code = answer.headers().get("grpc-status")?;
    Some(code.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn calls_that_are_never_sent_hold_no_room_however_many_send_none() {
    let house = Arc::new(open().await);
    let line = || -> Endless {
        hyper_util::client::legacy::Client::builder(TokioExecutor::new())
            .http2_only(true)
            .build_http()
    };
    // As many as a caller may have, and one more tells that all of them are in.
    for subject in ["user:a", "user:b"] {
        // One connection has fewer streams than this needs.
        let lines = [line(), line()];
        let mut opened = JoinSet::new();
        for call in 0..=EACH_IN_FLIGHT {
            let (house, line) = (Arc::clone(&house), lines[call % 2].clone());
            opened.spawn(async move { never_sent(&house, &line, subject).await });
        }
        let refused = opened.join_next().await.unwrap().unwrap();
        assert_eq!(refused.unwrap(), "8", "RESOURCE_EXHAUSTED");
        opened.detach_all();
    }
    house.gate.passes.add_permits(1);
    ClockServiceClient::new(house.channel().await)
        .get_settled(house.signed_by("user:modest", GetSettledRequest {}))
        .await
        .unwrap();
}

#[tokio::test]
async fn one_call_too_many_is_shed_while_health_still_answers() {
    let house = open().await;
    let mut waiting = Vec::new();
    for subject in 0..IN_FLIGHT / EACH_IN_FLIGHT {
        waiting.extend(fill(&house, &format!("user:{subject}")).await);
    }

    let mut client = ClockServiceClient::new(house.channel().await);
    let status = client
        .get_settled(house.signed(GetSettledRequest {}))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.get_error_details().retry_info().is_some());

    let mut health = HealthClient::new(house.channel().await);
    health
        .check(Request::new(HealthCheckRequest::default()))
        .await
        .unwrap();

    house.gate.passes.add_permits(IN_FLIGHT);
    for call in waiting {
        call.await.unwrap().unwrap();
    }
    house.gate.passes.add_permits(1);
    client
        .get_settled(house.signed(GetSettledRequest {}))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_call_in_flight_finishes_while_the_server_stops() {
    let house = open().await;
    let mut client = ClockServiceClient::new(house.channel().await);
    let request = house.signed(GetSettledRequest {});
    let call = tokio::spawn(async move { client.get_settled(request).await });
    house.gate.wait_for_a_call().await;
    house.stop.cancel();
    house.gate.passes.add_permits(1);
    call.await.unwrap().unwrap();
    house.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_handler_that_panics_is_an_internal_error_for_its_caller_only() {
    let house = open().await;
    let mut client = ClockServiceClient::new(house.channel().await);
    let mut neighbour = client.clone();
    let request = house.signed(GetSettledRequest {});
    let waiting = tokio::spawn(async move { neighbour.get_settled(request).await });
    house.gate.wait_for_a_call().await;

    house
        .gate
        .panics
        .store(true, std::sync::atomic::Ordering::SeqCst);
    let status = client
        .get_settled(house.signed(GetSettledRequest {}))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    assert_eq!(
        status.get_error_details().error_info().unwrap().reason,
        "INTERNAL"
    );

    house.gate.passes.add_permits(1);
    waiting.await.unwrap().unwrap();
}
