//! A whole service on a real database and a real broker.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::Duration;

use clap::Parser as _;
use kit::auth::{AuthFolder, Signer};
use kit::client::channel;
use kit::config::Settings as Common;
use kit::migrate::Migration;
use kit::service::{Addresses, Assembly, Bound, Context, Service, serve};
use kit::telemetry::Metrics;
use lienminh_local::{ServiceName, TestBed};
use lienminh_proto::clock::v1::GetSettledRequest;
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The longest that anything awaited here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service with one table and nothing to do.
struct Quiet;

#[derive(Clone, Debug, clap::Args)]
struct Settings {}

static MIGRATIONS: [Migration; 1] = [Migration::new(
    1,
    "note",
    "create table note (text text not null)",
)];

impl Service for Quiet {
    const NAME: &'static str = "registry";
    type Settings = Settings;

    fn migrations() -> &'static [Migration] {
        &MIGRATIONS
    }

    async fn assemble(_: Context, _: Settings) -> anyhow::Result<Assembly> {
        Ok(Assembly::default())
    }
}

#[derive(clap::Parser)]
struct Flags {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    own: Settings,
}

struct Running {
    addresses: Addresses,
    stop: CancellationToken,
    outcome: JoinHandle<anyhow::Result<()>>,
}

async fn start(bed: &TestBed, auth: &Path) -> Running {
    let database = bed.database(ServiceName::Registry).await.unwrap();
    let broker = bed.broker_url(ServiceName::Registry).await.unwrap();
    start_on(&database.runtime_url, &database.owner_url, &broker, auth).await
}

async fn start_on(runtime: &str, owner: &str, broker: &str, auth: &Path) -> Running {
    let auth = auth.display().to_string();
    let flags = Flags::parse_from([
        "registry",
        "--grpc-listen=127.0.0.1:0",
        "--http-listen=127.0.0.1:0",
        "--environment=development",
        "--logical-clock=2024-02-27T00:00:00+07:00",
        "--migrate",
        "--database-url",
        runtime,
        "--migration-database-url",
        owner,
        "--broker-url",
        broker,
        "--auth-dir",
        &auth,
    ]);
    let bound = Bound::open(&flags.common.ports, None).await.unwrap();
    let addresses = bound.addresses();
    let stop = CancellationToken::new();
    let outcome = tokio::spawn(serve::<Quiet>(
        bound,
        Metrics::detached(),
        flags.common,
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
    async fn readiness(&self) -> std::io::Result<String> {
        let mut stream = tokio::net::TcpStream::connect(self.addresses.http).await?;
        stream
            .write_all(b"GET /readyz HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
            .await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    async fn becomes_ready(&self) {
        let ready = async {
            while !self.readiness().await.unwrap().starts_with("HTTP/1.1 200") {
                assert!(!self.outcome.is_finished(), "the service ended");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ready).await.unwrap();
    }

    async fn stops(self) {
        self.stop.cancel();
        let outcome = tokio::time::timeout(PATIENCE, self.outcome).await;
        outcome.unwrap().unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_service_migrates_becomes_ready_settles_and_stops() {
    let bed = TestBed::open().await.unwrap();
    let auth = tempfile::tempdir().unwrap();
    let running = start(&bed, auth.path()).await;
    running.becomes_ready().await;

    let key = AuthFolder::open(auth.path()).unwrap().cli_key().unwrap();
    let signer = Signer::new(key, "user:conductor", "clock.*");
    let url = format!("http://{}", running.addresses.grpc);
    let answer = ClockServiceClient::new(channel(&url, &signer).unwrap())
        .get_settled(GetSettledRequest {})
        .await
        .unwrap()
        .into_inner();
    assert!(answer.settled, "{answer:?}");
    running.stops().await;
}

#[tokio::test]
async fn two_first_starts_at_once_share_schema_and_key() {
    let bed = TestBed::open().await.unwrap();
    let auth = tempfile::tempdir().unwrap();
    let database = bed.database(ServiceName::Registry).await.unwrap();
    let broker = bed.broker_url(ServiceName::Registry).await.unwrap();
    let start = || {
        start_on(
            &database.runtime_url,
            &database.owner_url,
            &broker,
            auth.path(),
        )
    };
    let (one, two) = tokio::join!(start(), start());
    tokio::join!(one.becomes_ready(), two.becomes_ready());
    tokio::join!(one.stops(), two.stops());
}
