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
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use lienminh_proto::clock::v1::{GetSettledRequest, GetSettledResponse};
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

    /// Waits until readiness tells these words.
    async fn says(&self, words: &str) {
        let told = async {
            while !self.readiness().await.unwrap().contains(words) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, told).await.unwrap();
    }

    /// Calls what asks the database.
    async fn settled(&self, auth: &Path) -> Result<GetSettledResponse, tonic::Status> {
        let key = AuthFolder::open(auth).unwrap().cli_key().unwrap();
        let signer = Signer::new(key, "user:conductor", "clock.*");
        let url = format!("http://{}", self.addresses.grpc);
        let answer = ClockServiceClient::new(channel(&url, &signer).unwrap())
            .get_settled(GetSettledRequest {})
            .await?;
        Ok(answer.into_inner())
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

    let answer = running.settled(auth.path()).await.unwrap();
    assert!(answer.settled, "{answer:?}");
    running.stops().await;
}

#[tokio::test]
async fn a_schema_made_for_a_newer_program_is_left_alone_until_it_is_known_again() {
    const NEWER: &str = "
        insert into migration (series, version, name, checksum, breaks_before)
        values ('service', 2, 'newer', '', 2)";
    let bed = TestBed::open().await.unwrap();
    let auth = tempfile::tempdir().unwrap();
    let running = start(&bed, auth.path()).await;
    running.becomes_ready().await;

    let database = bed.database(ServiceName::Registry).await.unwrap();
    let owner = lienminh_local::postgres::connect(&database.owner_url)
        .await
        .unwrap();
    owner.batch_execute(NEWER).await.unwrap();
    running.says("this one knows 1").await;
    let refused = running.settled(auth.path()).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unavailable);

    // A second one that starts now does nothing either.
    let late = start(&bed, auth.path()).await;
    late.says("this one knows 1").await;
    let refused = late.settled(auth.path()).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unavailable);

    let undo = "delete from migration where version = 2 and series = 'service'";
    owner.batch_execute(undo).await.unwrap();
    running.becomes_ready().await;
    running.settled(auth.path()).await.unwrap();
    tokio::join!(running.stops(), late.stops());
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
