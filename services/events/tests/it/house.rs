//! An events service of one test's own, and ways to call it.

use events::Events;
use events::config::Settings;
use jiff::Timestamp;
use kit::auth::{AUDIENCE, AuthFolder, Claims, ISSUER, Key, Permissions, Signer, Verifier};
use kit::broker::Broker;
use kit::client::Peers;
use kit::clock::Clock;
use kit::config::Environment;
use kit::config::{PublicPort, Registry};
use kit::database::{Pool, Session as _};
use kit::http::TrustedProxies;
use kit::language::Language;
use kit::outbox::Bell;
use kit::server::{Door, Port};
use kit::service::{Addresses, Context, Service as _};
use lienminh_local::{ServiceName, TestBed};
use lienminh_proto::events::v1::answer_service_client::AnswerServiceClient;
use lienminh_proto::events::v1::deadline_service_client::DeadlineServiceClient;
use lienminh_proto::events::v1::event_service_client::EventServiceClient;
use lienminh_proto::events::v1::plan_service_client::PlanServiceClient;
use lienminh_proto::obligation::v1::Obligation;
use lienminh_proto::obligation::v1::obligation_source_service_client::ObligationSourceServiceClient;
use prost::Message as _;
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};
use uuid::Uuid;

/// Where the business clock stands at first: 08:00 on 27 February 2024.
pub const START: &str = "2024-02-27T01:00:00Z";

/// A running events service; gone when dropped.
pub struct House {
    pub pool: Pool,
    pub clock: Clock,
    pub pages: String,
    key: Key,
    channel: Channel,
    _folder: TempDir,
    _stops: DropGuard,
    _bed: TestBed,
}

/// Puts a token and a language on every call.
#[derive(Clone)]
pub struct Badge {
    bearer: MetadataValue<Ascii>,
    language: &'static str,
}

impl Interceptor for Badge {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.bearer.clone());
        metadata.insert("accept-language", MetadataValue::from_static(self.language));
        Ok(request)
    }
}

pub type Line = InterceptedService<Channel, Badge>;

/// Somebody who calls.
#[derive(Clone)]
pub struct Desk {
    pub plans: PlanServiceClient<Line>,
    pub events: EventServiceClient<Line>,
    pub deadlines: DeadlineServiceClient<Line>,
    pub answers: AnswerServiceClient<Line>,
    pub source: ObligationSourceServiceClient<Line>,
}

/// A fact that waits in the outbox.
#[derive(Clone, Debug)]
pub struct Fact {
    pub key: String,
    pub name: String,
    pub sequence: i64,
    pub payload: Vec<u8>,
}

pub async fn open() -> House {
    let bed = TestBed::open().await.unwrap();
    let database = bed.database(ServiceName::Events).await.unwrap();
    let pool = Pool::open(&database.runtime_url, 8, Events::NAME).unwrap();
    kit::migrate::run(&database.owner_url, Events::migrations(), pool.role())
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let auth = AuthFolder::open(folder.path()).unwrap();
    let key = auth.cli_key().unwrap();
    let verifier = Verifier::open(auth.clone()).unwrap();
    let clock = Clock::stepped(START.parse().unwrap());
    let grpc = Port::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let http = kit::http::Port::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let addresses = Addresses {
        grpc: grpc.address(),
        http: http.address(),
        public: Some(http.address()),
    };
    let pages = format!("http://{}", http.address());
    let signer = Signer::new(
        auth.service_key(Events::NAME).unwrap(),
        "service:events",
        "",
    );
    let stop = CancellationToken::new();
    let bell = Bell::new();
    let context = Context {
        name: Events::NAME,
        pool: pool.clone(),
        clock: clock.clone(),
        // No relay runs here: what the outbox holds is what a test looks at.
        broker: Broker::new("amqp://nobody:nothing@127.0.0.1:9/none", Events::NAME).unwrap(),
        peers: Peers::new(signer.clone()),
        signer,
        mutations: kit::mutation::Mutations::new(pool.clone(), bell.clone()),
        outbox_bell: bell,
        shutdown: stop.clone(),
        language: Language::Vi,
        environment: Environment::Development,
        addresses,
    };
    let settings = Settings {
        public_url: pages.parse().unwrap(),
        // Nobody is there: pages do without the names.
        registry: Registry {
            registry_url: "http://127.0.0.1:9".parse().unwrap(),
        },
        public: PublicPort {
            public_listen: http.address(),
            trusted_proxy: TrustedProxies::default(),
        },
    };
    let proxies = settings.public.trusted_proxy.clone();
    let assembly = Events::assemble(context, settings).await.unwrap();
    let permissions = Permissions::read(kit::descriptors::pool(), &assembly.service_names).unwrap();
    let router = Door::new(permissions, verifier, Language::Vi).guard(assembly.routes);
    let public = kit::http::public(assembly.public, proxies);
    tokio::spawn(http.serve(public, stop.clone()));
    let stopped = stop.clone();
    tokio::spawn(async move {
        grpc.serve(router, &kit::config::Tls::default(), stopped)
            .await
    });
    let channel = Channel::from_shared(format!("http://{}", addresses.grpc))
        .unwrap()
        .connect_lazy();
    House {
        pool,
        clock,
        pages,
        key,
        channel,
        _folder: folder,
        _stops: stop.drop_guard(),
        _bed: bed,
    }
}

impl House {
    /// A caller of the house who may do everything, answered in English.
    pub fn officer(&self) -> Desk {
        self.desk("user:lan", "*", None, "en")
    }

    /// A caller bound to one organisation.
    pub fn bound_to(&self, organisation: &str) -> Desk {
        self.desk(
            "system:portal",
            "events.*",
            Some(organisation.to_owned()),
            "en",
        )
    }

    pub fn desk(
        &self,
        subject: &str,
        scope: &str,
        organisation: Option<String>,
        language: &'static str,
    ) -> Desk {
        let now = u64::try_from(Timestamp::now().as_second()).unwrap();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: subject.to_owned(),
            scope: scope.to_owned(),
            exp: now + 600,
            iat: now,
            nbf: now,
            jti: Uuid::now_v7().to_string(),
            org: organisation,
        };
        let badge = Badge {
            bearer: format!("Bearer {}", self.key.sign(&claims).unwrap())
                .parse()
                .unwrap(),
            language,
        };
        let line = || InterceptedService::new(self.channel.clone(), badge.clone());
        Desk {
            plans: PlanServiceClient::new(line()),
            events: EventServiceClient::new(line()),
            deadlines: DeadlineServiceClient::new(line()),
            answers: AnswerServiceClient::new(line()),
            source: ObligationSourceServiceClient::new(line()),
        }
    }

    /// Moves the business clock.
    pub fn at(&self, instant: &str) {
        self.clock.set(instant.parse().unwrap()).unwrap();
    }

    /// The first cell of the first row of a query.
    pub async fn count(&self, sql: &'static str) -> i64 {
        self.pool
            .get()
            .await
            .unwrap()
            .query_one(sql, &[])
            .await
            .unwrap()
            .get(0)
    }

    /// The facts in the outbox, oldest first.
    pub async fn facts(&self) -> Vec<Fact> {
        const FACTS: &str = "
            select routing_key, aggregate, aggregate_sequence, payload from outbox order by seq";
        let rows = self
            .pool
            .get()
            .await
            .unwrap()
            .query(FACTS, &[])
            .await
            .unwrap();
        rows.iter()
            .map(|row| Fact {
                key: row.get(0),
                name: row.get(1),
                sequence: row.get(2),
                payload: row.get(3),
            })
            .collect()
    }

    /// The obligations in the outbox, oldest first, with the last word of their keys.
    pub async fn obligations(&self) -> Vec<(String, Obligation)> {
        self.facts()
            .await
            .into_iter()
            .filter_map(|fact| {
                let what = fact.key.strip_prefix("events.v1.obligation.")?.to_owned();
                Some((what, Obligation::decode(fact.payload.as_slice()).unwrap()))
            })
            .collect()
    }
}
