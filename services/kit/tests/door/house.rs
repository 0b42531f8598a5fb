//! The server that every test calls, and ways to call it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use kit::auth::{AUDIENCE, AuthFolder, Claims, ISSUER, Key, Permissions, Verifier};
use kit::clock::{Clock, ClockApi};
use kit::config::Tls;
use kit::health::{Health, ReadinessProbe};
use kit::language::Language;
use kit::server::{Door, Port};
use kit::settled::{Probe, Settled};
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use lienminh_proto::clock::v1::clock_service_server::{ClockServiceServer, SERVICE_NAME};
use lienminh_proto::clock::v1::{GetSettledRequest, SetTimeRequest};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::transport::Channel;
use tonic::{Request, Status};

/// Beginning of the stepped clock.
pub const START: &str = "2024-02-27T00:00:00Z";

/// A running server; gone when dropped.
pub struct House {
    pub url: String,
    pub auth: AuthFolder,
    pub key: Key,
    pub health: Health,
    pub gate: Arc<Gate>,
    pub stop: CancellationToken,
    pub served: tokio::task::JoinHandle<anyhow::Result<()>>,
    folder: TempDir,
    _stops: DropGuard,
}

/// A probe that answers when the test lets it.
pub struct Gate {
    pub passes: Semaphore,
    pub waiting: Semaphore,
    pub dropped: Arc<Semaphore>,
    pub panics: AtomicBool,
}

impl Gate {
    /// Waits until a call is at the gate.
    pub async fn wait_for_a_call(&self) {
        self.waiting.acquire().await.unwrap().forget();
    }
}

struct Dropped(Arc<Semaphore>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

impl Probe for Gate {
    fn settled(&self) -> BoxFuture<'_, kit::error::Result<Settled>> {
        Box::pin(async {
            let _dropped = Dropped(Arc::clone(&self.dropped));
            assert!(!self.panics.load(Ordering::SeqCst), "as the test wanted");
            self.waiting.add_permits(1);
            self.passes.acquire().await.unwrap().forget();
            Ok(Settled::default())
        })
    }
}

pub async fn open() -> House {
    open_with(Vec::new()).await
}

pub async fn open_with(readiness: Vec<Arc<dyn ReadinessProbe>>) -> House {
    open_behind(Tls::default(), readiness).await
}

pub async fn open_behind(tls: Tls, readiness: Vec<Arc<dyn ReadinessProbe>>) -> House {
    let folder = tempfile::tempdir().unwrap();
    let auth = AuthFolder::open(folder.path()).unwrap();
    let key = auth.cli_key().unwrap();
    let verifier = Verifier::open(auth.clone()).unwrap();
    let gate = Arc::new(Gate {
        passes: Semaphore::new(0),
        waiting: Semaphore::new(0),
        dropped: Arc::new(Semaphore::new(0)),
        panics: AtomicBool::new(false),
    });
    let api = ClockApi::new(
        Clock::stepped(START.parse().unwrap()),
        vec![Arc::clone(&gate) as Arc<dyn Probe>],
    );
    let (reporter, health_server) = tonic_health::server::health_reporter();
    let health = Health::new(readiness, vec![SERVICE_NAME], reporter).await;
    let mut permissions = Permissions::read(kit::descriptors::pool(), &[SERVICE_NAME]).unwrap();
    permissions.open("grpc.health.v1.Health", "Check", false);
    let routes = tonic::service::Routes::new(kit::grpc!(ClockServiceServer::new(api)))
        .add_service(health_server);
    let router = Door::new(permissions, verifier.clone(), Language::Vi).guard(routes);
    let port = Port::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("http://{}", port.address());
    let stop = CancellationToken::new();
    tokio::spawn(verifier.follow(stop.clone()));
    let token = stop.clone();
    let served = tokio::spawn(async move { port.serve(router, &tls, token).await });
    House {
        url,
        auth,
        key,
        health,
        gate,
        _stops: stop.clone().drop_guard(),
        stop,
        served,
        folder,
    }
}

impl House {
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub async fn channel(&self) -> Channel {
        Channel::from_shared(self.url.clone())
            .unwrap()
            .connect()
            .await
            .unwrap()
    }

    /// The answer of GetSettled to a caller with this `authorization`.
    pub async fn ask(&self, authorization: Option<&str>) -> Result<(), Status> {
        self.gate.passes.add_permits(1);
        let mut request = Request::new(GetSettledRequest {});
        if let Some(value) = authorization {
            request
                .metadata_mut()
                .insert("authorization", value.parse().unwrap());
        }
        ClockServiceClient::new(self.channel().await)
            .get_settled(request)
            .await
            .map(drop)
    }

    /// The answer of GetSettled to a token with these claims, signed by the trusted key.
    pub async fn ask_with(&self, claims: &Claims) -> Result<(), Status> {
        let token = self.key.sign(claims).unwrap();
        self.ask(Some(&format!("Bearer {token}"))).await
    }

    /// A request under a token that may do everything.
    pub fn signed<T>(&self, message: T) -> Request<T> {
        self.signed_by("user:tester", message)
    }

    /// The same for somebody else.
    pub fn signed_by<T>(&self, subject: &str, message: T) -> Request<T> {
        let mut claims = claims();
        claims.sub = subject.to_owned();
        let token = self.key.sign(&claims).unwrap();
        let mut request = Request::new(message);
        request
            .metadata_mut()
            .insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    }

    pub async fn set_time(
        &self,
        time: Option<prost_types::Timestamp>,
        language: Option<&str>,
    ) -> Result<prost_types::Timestamp, Status> {
        let mut request = self.signed(SetTimeRequest { time });
        if let Some(language) = language {
            request
                .metadata_mut()
                .insert("accept-language", language.parse().unwrap());
        }
        let answer = ClockServiceClient::new(self.channel().await)
            .set_time(request)
            .await?;
        Ok(answer.into_inner().time.unwrap())
    }
}

/// Good claims of a caller who may do everything.
pub fn claims() -> Claims {
    let now = u64::try_from(Timestamp::now().as_second()).unwrap();
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: "user:tester".to_owned(),
        scope: "*".to_owned(),
        exp: now + 600,
        iat: now,
        nbf: now,
        jti: uuid::Uuid::now_v7().to_string(),
        org: None,
    }
}

/// Polls `holds` until it does; fails after ten seconds.
pub async fn eventually<F: Future<Output = bool>>(mut holds: impl FnMut() -> F) {
    let all = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), all)
        .await
        .unwrap();
}
