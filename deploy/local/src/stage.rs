//! Everything together: servers, ends, services.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use futures_util::future::try_join_all;
use jiff::Timestamp;

use crate::conductor::Conductor;
use crate::folder::{Play, project_root};
use crate::guard::Guard;
use crate::postgres::{PostgresAddress, PostgresOptions, ServiceDatabase};
use crate::rabbitmq::{BrokerAddress, VHOST};
use crate::servers::{ServerAddresses, Servers};
use crate::service::ServiceName;
use crate::sms::{SmsGateway, SmsOptions};
use crate::smtp::{SmtpOptions, SmtpSink};
use crate::suite::{Delivery, Settings, SmsTarget, Suite, SuiteOptions};
use crate::testbed::TestBed;

/// What plays on the stage.
#[derive(Clone, Debug)]
pub struct StageOptions {
    /// The instant at which a stepped business clock begins; none: the system's clock.
    pub clock: Option<Timestamp>,
    /// Trial or live.
    pub delivery: Delivery,
    /// Where our own SMTP end stores each message as a file, if it should.
    pub mail_folder: Option<PathBuf>,
    /// Somebody else's SMTP server (`smtp://host:port`) in place of our end.
    pub foreign_smtp: Option<String>,
    /// Somebody else's SMS gateway in place of our double.
    pub foreign_sms: Option<SmsTarget>,
    /// Which API our double is spoken to in.
    pub generic_sms: bool,
    /// Settings of services that differ from the usual.
    pub overrides: BTreeMap<ServiceName, Settings>,
}

impl Default for StageOptions {
    fn default() -> Self {
        Self {
            clock: None,
            delivery: Delivery::Live,
            mail_folder: None,
            foreign_smtp: None,
            foreign_sms: None,
            generic_sms: false,
            overrides: BTreeMap::new(),
        }
    }
}

impl StageOptions {
    /// With a stepped business clock that begins at `start`.
    #[must_use]
    pub fn stepped(start: Timestamp) -> Self {
        Self {
            clock: Some(start),
            ..Self::default()
        }
    }

    /// With a setting of one service that differs from the usual.
    #[must_use]
    pub fn with(mut self, service: ServiceName, flag: &str, value: impl Into<String>) -> Self {
        self.overrides.entry(service).or_default().set(flag, value);
        self
    }
}

/// A set stage; dropping it ends everything on it.
#[derive(Debug)]
pub struct Stage {
    // Dropped in this order: services before what they stand on.
    suite: Suite,
    sms: Option<SmsGateway>,
    smtp: Option<SmtpSink>,
    clock: Option<Timestamp>,
    databases: BTreeMap<ServiceName, ServiceDatabase>,
    vhost: String,
    addresses: ServerAddresses,
    folder: PathBuf,
    ground: Ground,
}

#[derive(Debug)]
enum Ground {
    Own(Box<Servers>),
    Shared(Box<TestBed>),
}

impl Stage {
    /// A stage on servers of its own, not started yet.
    ///
    /// # Errors
    /// When a database or an end cannot be made.
    pub async fn on(servers: Servers, options: &StageOptions) -> anyhow::Result<Self> {
        let addresses = servers.addresses();
        let mut databases = BTreeMap::new();
        for service in ServiceName::ALL {
            let database = addresses
                .postgres
                .create_database(service.as_str(), service.as_str())
                .await?;
            databases.insert(service, database);
        }
        let folder = servers.folder().to_owned();
        let guard = servers.guard().clone();
        Self::build(
            Ground::Own(Box::new(servers)),
            guard,
            addresses,
            folder,
            databases,
            VHOST.to_owned(),
            options,
        )
        .await
    }

    /// A stage in a test's own corner of the shared servers, not started yet: the place to lead a
    /// link through a proxy or to arm a failpoint.
    ///
    /// # Errors
    /// When a database or an end cannot be made.
    pub async fn prepare(options: &StageOptions) -> anyhow::Result<Self> {
        let bed = TestBed::open().await?;
        let databases = try_join_all(ServiceName::ALL.map(|service| bed.database(service)));
        let (databases, vhost) = tokio::try_join!(databases, bed.vhost())?;
        let databases = ServiceName::ALL.into_iter().zip(databases).collect();
        let (guard, addresses, folder) =
            (bed.guard()?, bed.servers().clone(), bed.folder().to_owned());
        Self::build(
            Ground::Shared(Box::new(bed)),
            guard,
            addresses,
            folder,
            databases,
            vhost,
            options,
        )
        .await
    }

    /// A started stage in a test's own corner of the shared servers.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn start(options: &StageOptions) -> anyhow::Result<Self> {
        let stage = Self::prepare(options).await?;
        stage.suite.start().await?;
        Ok(stage)
    }

    /// A started stage for a test that kills or wipes servers: they are its own.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn start_alone(options: &StageOptions) -> anyhow::Result<Self> {
        let servers =
            Servers::start(&project_root()?, Play::Test, PostgresOptions::default()).await?;
        let stage = Self::on(servers, options).await?;
        stage.suite.start().await?;
        Ok(stage)
    }

    async fn build(
        ground: Ground,
        guard: Arc<Guard>,
        addresses: ServerAddresses,
        folder: PathBuf,
        databases: BTreeMap<ServiceName, ServiceDatabase>,
        vhost: String,
        options: &StageOptions,
    ) -> anyhow::Result<Self> {
        let smtp = match options.foreign_smtp {
            Some(_) => None,
            None => {
                let mail_folder = options.mail_folder.clone();
                Some(
                    SmtpSink::start(SmtpOptions {
                        mail_folder,
                        ..SmtpOptions::in_folder(&folder)
                    })
                    .await?,
                )
            }
        };
        let sms = match options.foreign_sms {
            Some(_) => None,
            None => Some(SmsGateway::start(SmsOptions::in_folder(&folder)).await?),
        };
        let broker_urls = ServiceName::ALL
            .map(|service| (service, addresses.rabbitmq.url(service.as_str(), &vhost)));
        let suite = Suite::prepare(
            &SuiteOptions {
                folder: folder.clone(),
                databases: databases.clone(),
                broker_urls: broker_urls.into(),
                smtp_url: options.smtp_url(smtp.as_ref()),
                sms: options.sms_target(sms.as_ref()),
                clock: options.clock,
                delivery: options.delivery.clone(),
                overrides: options.overrides.clone(),
            },
            guard,
        )?;
        Ok(Self {
            suite,
            sms,
            smtp,
            clock: options.clock,
            databases,
            vhost,
            addresses,
            folder,
            ground,
        })
    }

    /// The services.
    #[must_use]
    pub fn suite(&self) -> &Suite {
        &self.suite
    }

    /// Our SMTP end.
    ///
    /// # Panics
    /// When the stage sends to somebody else's.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "asking a stage for what its options left out is a mistake in the caller"
    )]
    pub fn smtp(&self) -> &SmtpSink {
        self.smtp
            .as_ref()
            .expect("this stage sends mail to a foreign server")
    }

    /// Our SMS gateway double.
    ///
    /// # Panics
    /// When the stage sends to somebody else's.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "asking a stage for what its options left out is a mistake in the caller"
    )]
    pub fn sms(&self) -> &SmsGateway {
        self.sms
            .as_ref()
            .expect("this stage sends SMS to a foreign gateway")
    }

    /// The servers, where they are this stage's own and may be killed and wiped.
    #[must_use]
    pub fn servers(&self) -> Option<&Servers> {
        match &self.ground {
            Ground::Own(servers) => Some(servers),
            Ground::Shared(_) => None,
        }
    }

    /// The test's corner of the shared servers, where it has one.
    #[must_use]
    pub fn bed(&self) -> Option<&TestBed> {
        match &self.ground {
            Ground::Own(_) => None,
            Ground::Shared(bed) => Some(bed),
        }
    }

    /// PostgreSQL.
    #[must_use]
    pub fn postgres(&self) -> &PostgresAddress {
        &self.addresses.postgres
    }

    /// RabbitMQ.
    #[must_use]
    pub fn rabbitmq(&self) -> &BrokerAddress {
        &self.addresses.rabbitmq
    }

    /// The virtual host of this stage.
    #[must_use]
    pub fn vhost(&self) -> &str {
        &self.vhost
    }

    /// A service's database.
    ///
    /// # Panics
    /// Never: every service has one.
    #[must_use]
    pub fn database(&self, service: ServiceName) -> &ServiceDatabase {
        &self.databases[&service]
    }

    /// The broker that a proxy should lead to, as `host:port`.
    #[must_use]
    pub fn broker_target(&self) -> String {
        format!("127.0.0.1:{}", self.addresses.rabbitmq.amqp_port)
    }

    /// A session in a service's database as the superuser, to look and to plant.
    ///
    /// # Errors
    /// When the server does not let us in.
    pub async fn look_into(&self, service: ServiceName) -> anyhow::Result<tokio_postgres::Client> {
        self.addresses
            .postgres
            .connect(&self.database(service).name)
            .await
    }

    /// Logs, keys and acceptance logs.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The driver of the stepped clocks of all services.
    ///
    /// # Errors
    /// When the services have not been started, or follow the system's clock.
    pub fn conductor(&self) -> anyhow::Result<Conductor> {
        self.conductor_for(&ServiceName::ALL)
    }

    /// The same where only some services run.
    ///
    /// # Errors
    /// As [`Stage::conductor`].
    pub fn conductor_for(&self, services: &[ServiceName]) -> anyhow::Result<Conductor> {
        let start = self
            .clock
            .context("this stage follows the system's clock")?;
        let conductor = Conductor::new(&self.suite, services, start)?;
        Ok(match &self.sms {
            Some(sms) => conductor.waiting_for(sms),
            None => conductor,
        })
    }
}

impl StageOptions {
    fn smtp_url(&self, own: Option<&SmtpSink>) -> String {
        self.foreign_smtp
            .clone()
            .or_else(|| own.map(SmtpSink::url))
            .unwrap_or_default()
    }

    fn sms_target(&self, own: Option<&SmsGateway>) -> SmsTarget {
        let url = own.map(SmsGateway::url).unwrap_or_default();
        match &self.foreign_sms {
            Some(target) => target.clone(),
            None if self.generic_sms => SmsTarget::Generic(url),
            None => SmsTarget::Esms(url),
        }
    }
}
