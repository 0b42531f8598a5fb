//! A whole service, from its flags to its end, without a database or a broker:
//! neither may keep it from starting.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::Extension;
use clap::Parser as _;
use kit::config::{PublicPort, Settings};
use kit::http::Visitor;
use kit::migrate::Migration;
use kit::service::{Addresses, Assembly, Bound, Context, Loop, Service, serve};
use kit::telemetry::Metrics;
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use lienminh_proto::clock::v1::{GetSettledRequest, SetTimeRequest};
use tokio::task::JoinHandle;
use tokio_stream::StreamExt as _;
use tokio_util::sync::CancellationToken;
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::house::eventually;
use crate::readiness::{ask, get};

/// A service that does nothing, or whose only loop gives up.
struct Tiny;

#[derive(Clone, Debug, clap::Args)]
struct TinySettings {
    /// The loop ends at once.
    #[arg(long)]
    gives_up: bool,
    #[command(flatten)]
    public: PublicPort,
}

impl Service for Tiny {
    const NAME: &'static str = "tiny";
    type Settings = TinySettings;

    fn migrations() -> &'static [Migration] {
        &[]
    }

    fn public(settings: &TinySettings) -> Option<&PublicPort> {
        Some(&settings.public)
    }

    async fn assemble(context: Context, settings: TinySettings) -> anyhow::Result<Assembly> {
        let shutdown = context.shutdown;
        Ok(Assembly {
            public: axum::Router::new().route("/r/{token}", axum::routing::get(who_asks)),
            loops: vec![Loop::new("work", async move {
                if !settings.gives_up {
                    shutdown.cancelled().await;
                }
            })],
            ..Assembly::default()
        })
    }
}

async fn who_asks(Extension(Visitor(visitor)): Extension<Visitor>) -> String {
    visitor.to_string()
}

#[derive(clap::Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    own: TinySettings,
}

struct Running {
    addresses: Addresses,
    stop: CancellationToken,
    outcome: JoinHandle<anyhow::Result<()>>,
}

async fn start(folder: &Path, more: &[&str]) -> Running {
    let auth = folder.join("auth").display().to_string();
    let file = folder.join("addresses.json").display().to_string();
    let flags = [
        "tiny",
        "--grpc-listen=127.0.0.1:0",
        "--http-listen=127.0.0.1:0",
        "--public-listen=127.0.0.1:0",
        "--environment=development",
        "--database-url=postgres://nobody@127.0.0.1:1/none",
        "--broker-url=amqp://nobody@127.0.0.1:1/none",
        "--auth-dir",
        &auth,
        "--addresses-file",
        &file,
    ];
    let flags = Flags::parse_from(flags.iter().chain(more));
    let bound = Bound::open(&flags.settings.ports, Tiny::public(&flags.own))
        .await
        .unwrap();
    let addresses = bound.addresses();
    let stop = CancellationToken::new();
    let outcome = tokio::spawn(serve::<Tiny>(
        bound,
        Metrics::detached(),
        flags.settings,
        flags.own,
        stop.clone(),
    ));
    Running {
        addresses,
        stop,
        outcome,
    }
}

impl Running {
    async fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.addresses.grpc))
            .unwrap()
            .connect()
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_service_starts_without_its_database_says_so_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), &[]).await;
    let http = running.addresses.http;
    eventually(async || {
        get(http, "/readyz")
            .await
            .contains("does not answer in time")
    })
    .await;
    assert!(get(http, "/healthz").await.starts_with("HTTP/1.1 200"));
    let health = HealthClient::new(running.channel().await)
        .check(HealthCheckRequest::default())
        .await
        .unwrap();
    assert_eq!(health.into_inner().status(), ServingStatus::NotServing);

    let file = std::fs::read_to_string(folder.path().join("addresses.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert_eq!(written["grpc"], running.addresses.grpc.to_string());
    assert_eq!(written["http"], http.to_string());

    running.stop.cancel();
    let stopped = tokio::time::timeout(Duration::from_secs(20), running.outcome).await;
    stopped.unwrap().unwrap().unwrap();
    assert!(tokio::net::TcpStream::connect(http).await.is_err());
    assert!(
        tokio::net::TcpStream::connect(running.addresses.grpc)
            .await
            .is_err()
    );
}

/// Who the page says is asking.
async fn told(public: SocketAddr, forwarded_for: &str) -> String {
    let page = ask(
        public,
        "/r/abc",
        &format!("x-forwarded-for: {forwarded_for}\r\n"),
    )
    .await;
    page.lines().last().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_port_for_the_world_has_the_services_own_pages_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), &[]).await;
    let (inside, public) = (running.addresses.http, running.addresses.public.unwrap());
    assert!(get(public, "/r/abc").await.starts_with("HTTP/1.1 200"));
    assert!(get(inside, "/r/abc").await.starts_with("HTTP/1.1 404"));
    for page in ["/metrics", "/healthz", "/readyz"] {
        assert!(
            get(public, page).await.starts_with("HTTP/1.1 404"),
            "{page}"
        );
        assert!(
            !get(inside, page).await.starts_with("HTTP/1.1 404"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn only_a_proxy_of_ours_is_believed_when_it_names_the_visitor() {
    let folder = tempfile::tempdir().unwrap();
    let alone = start(folder.path(), &[]).await.addresses.public.unwrap();
    assert_eq!(told(alone, "203.0.113.9").await, "127.0.0.1");
    let flags = ["--trusted-proxy=127.0.0.0/8,10.1.2.3"];
    let behind = start(folder.path(), &flags).await.addresses.public.unwrap();
    assert_eq!(told(behind, "203.0.113.9").await, "203.0.113.9");
    assert_eq!(
        told(behind, "192.0.2.1, 203.0.113.9, 10.1.2.3").await,
        "203.0.113.9"
    );
}

#[tokio::test]
async fn a_loop_that_gives_up_takes_the_service_down_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), &["--gives-up"]).await;
    let outcome = tokio::time::timeout(Duration::from_secs(20), running.outcome).await;
    let error = outcome.unwrap().unwrap().unwrap_err();
    assert!(error.to_string().contains("work"), "{error}");
}

#[tokio::test]
async fn the_clock_is_served_only_when_it_is_stepped() {
    let folder = tempfile::tempdir().unwrap();
    for (flags, expected) in [
        (&[][..], Code::Unimplemented),
        (
            &["--logical-clock=2024-02-27T00:00:00Z"][..],
            Code::Unauthenticated,
        ),
    ] {
        let running = start(folder.path(), flags).await;
        let mut client = ClockServiceClient::new(running.channel().await);
        let status = client
            .set_time(SetTimeRequest::default())
            .await
            .unwrap_err();
        assert_eq!(status.code(), expected);
        let status = client.get_settled(GetSettledRequest {}).await.unwrap_err();
        assert_eq!(status.code(), expected);
    }
}

async fn reflected(running: &Running) -> Result<Vec<String>, Code> {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut answers = ServerReflectionClient::new(running.channel().await)
        .server_reflection_info(tokio_stream::once(request))
        .await
        .map_err(|status| status.code())?
        .into_inner();
    let answer = answers.next().await.unwrap().unwrap();
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        return Ok(Vec::new());
    };
    Ok(list
        .service
        .into_iter()
        .map(|service| service.name)
        .collect())
}

#[tokio::test]
async fn reflection_names_what_is_served_and_can_be_switched_off() {
    let folder = tempfile::tempdir().unwrap();
    let shown = start(folder.path(), &["--logical-clock"]).await;
    let names = reflected(&shown).await.unwrap();
    assert!(
        names.contains(&"lienminh.clock.v1.ClockService".to_owned()),
        "{names:?}"
    );
    assert!(
        names.contains(&"grpc.health.v1.Health".to_owned()),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name.contains("funding")),
        "{names:?}"
    );
    let hidden = start(folder.path(), &["--reflection=false"]).await;
    assert_eq!(reflected(&hidden).await, Err(Code::Unimplemented));
}

#[tokio::test]
async fn a_taken_port_is_told_with_its_address() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let flags = Flags::parse_from([
        "tiny",
        "--grpc-listen",
        &address,
        "--http-listen=127.0.0.1:0",
    ]);
    let error = Bound::open(&flags.settings.ports, None)
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains(&address), "{error}");
}
