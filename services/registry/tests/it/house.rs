//! A registry of one test's own, and ways to call it.

use jiff::Timestamp;
use kit::auth::{AUDIENCE, AuthFolder, Claims, ISSUER, Key, Permissions, Signer, Verifier};
use kit::broker::Broker;
use kit::client::Peers;
use kit::clock::Clock;
use kit::config::Environment;
use kit::database::{Pool, Session};
use kit::language::Language;
use kit::mutation::Mutations;
use kit::outbox::Bell;
use kit::server::{Door, Port};
use kit::service::{Addresses, Context, Service};
use lienminh_local::{ServiceName, TestBed};
use lienminh_proto::obligation::v1::obligation_source_service_client::ObligationSourceServiceClient;
use lienminh_proto::registry::v1::admission_service_client::AdmissionServiceClient;
use lienminh_proto::registry::v1::contact_service_client::ContactServiceClient;
use lienminh_proto::registry::v1::organisation_service_client::OrganisationServiceClient;
use registry::Registry;
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

/// A running registry; gone when dropped.
pub struct House {
    pub pool: Pool,
    pub clock: Clock,
    key: Key,
    channel: Channel,
    _folder: TempDir,
    _stops: DropGuard,
    bed: TestBed,
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
    pub organisations: OrganisationServiceClient<Line>,
    pub contacts: ContactServiceClient<Line>,
    pub admissions: AdmissionServiceClient<Line>,
    pub obligations: ObligationSourceServiceClient<Line>,
}

pub async fn open() -> House {
    let bed = TestBed::open().await.unwrap();
    let database = bed.database(ServiceName::Registry).await.unwrap();
    let pool = Pool::open(&database.runtime_url, 8, Registry::NAME).unwrap();
    kit::migrate::run(&database.owner_url, Registry::migrations(), pool.role())
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let auth = AuthFolder::open(folder.path()).unwrap();
    let key = auth.cli_key().unwrap();
    let verifier = Verifier::open(auth.clone()).unwrap();
    let clock = Clock::stepped(START.parse().unwrap());
    let port = Port::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = port.address();
    let signer = Signer::new(
        auth.service_key(Registry::NAME).unwrap(),
        "service:registry",
        "",
    );
    let stop = CancellationToken::new();
    let outbox_bell = Bell::new();
    let context = Context {
        name: Registry::NAME,
        pool: pool.clone(),
        clock: clock.clone(),
        // No relay runs here: what the outbox holds is what a test looks at.
        broker: Broker::new("amqp://nobody:nothing@127.0.0.1:9/none", Registry::NAME).unwrap(),
        peers: Peers::new(signer.clone()),
        signer,
        mutations: Mutations::new(pool.clone(), outbox_bell.clone()),
        outbox_bell,
        shutdown: stop.clone(),
        language: Language::Vi,
        environment: Environment::Development,
        addresses: Addresses {
            grpc: address,
            http: address,
            public: None,
        },
    };
    let assembly = Registry::assemble(context, registry::config::Settings::default())
        .await
        .unwrap();
    let permissions = Permissions::read(kit::descriptors::pool(), &assembly.service_names).unwrap();
    let router = Door::new(permissions, verifier, Language::Vi).guard(assembly.routes);
    let stopped = stop.clone();
    tokio::spawn(async move {
        port.serve(router, &kit::config::Tls::default(), stopped)
            .await
    });
    let channel = Channel::from_shared(format!("http://{address}"))
        .unwrap()
        .connect_lazy();
    House {
        pool,
        clock,
        key,
        channel,
        _folder: folder,
        _stops: stop.drop_guard(),
        bed,
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
            "registry.*",
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
            organisations: OrganisationServiceClient::new(line()),
            contacts: ContactServiceClient::new(line()),
            admissions: AdmissionServiceClient::new(line()),
            obligations: ObligationSourceServiceClient::new(line()),
        }
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

    /// Lets the database learn what is in its tables, as it does by itself after a while.
    pub async fn analyse(&self) {
        let database = self.bed.database(ServiceName::Registry).await.unwrap();
        let owner = lienminh_local::postgres::connect(&database.owner_url)
            .await
            .unwrap();
        owner.batch_execute("analyze organisation").await.unwrap();
    }

    /// Moves the business clock.
    pub fn at(&self, instant: &str) {
        self.clock.set(instant.parse().unwrap()).unwrap();
    }

    /// The facts in the outbox, oldest first: routing key, sequence, payload.
    pub async fn facts(&self) -> Vec<(String, i64, Vec<u8>)> {
        const FACTS: &str =
            "select o.routing_key, o.aggregate_sequence, o.payload from outbox o order by o.seq";
        let rows = self
            .pool
            .get()
            .await
            .unwrap()
            .query(FACTS, &[])
            .await
            .unwrap();
        rows.iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect()
    }

    /// The routing keys of the facts in the outbox, oldest first.
    pub async fn keys(&self) -> Vec<String> {
        self.facts()
            .await
            .into_iter()
            .map(|(key, ..)| key)
            .collect()
    }
}
