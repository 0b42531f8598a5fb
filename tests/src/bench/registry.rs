//! A registry at work on a stage of its own, with an alliance in it.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use lienminh_local::postgres::ServiceDatabase;
use lienminh_local::suite::{Instance, Token};
use lienminh_local::{ServiceName, Stage, StageOptions};
use lienminh_proto::registry::v1::organisation_service_client::OrganisationServiceClient;
use lienminh_proto::registry::v1::{GetOrganisationRequest, Organisation};
use tonic::transport::{Channel, Endpoint};

use super::process::{Usage, usage};
use super::roll;

/// As in production.
const POOL: &str = "16";

const START: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// A registry with so many organisations, and somebody who may do everything.
pub struct Registry {
    /// The stage; no other service runs on it.
    pub stage: Stage,
    /// The value of `authorization`.
    pub bearer: String,
    /// A session in its database as the superuser.
    pub database: tokio_postgres::Client,
    /// A copy of its database as it was before it started, where one was made.
    pub copy: Option<ServiceDatabase>,
}

impl Registry {
    /// Starts it.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn with(organisations: i64) -> anyhow::Result<Self> {
        let stage = ground(organisations).await?;
        Self::on(stage, None).await
    }

    /// Starts it beside a copy of its database, which nobody serves.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn with_copy(organisations: i64) -> anyhow::Result<Self> {
        const NAME: &str = ServiceName::Registry.as_str();
        let stage = ground(organisations).await?;
        let original = &stage.database(ServiceName::Registry).name;
        let name = format!("{original}_copy");
        let server = stage.postgres();
        server.terminate_sessions(original).await?;
        let copy = server.copy_database(NAME, original, &name).await?;
        Self::on(stage, Some(copy)).await
    }

    async fn on(stage: Stage, copy: Option<ServiceDatabase>) -> anyhow::Result<Self> {
        let suite = stage.suite();
        suite.start_service(ServiceName::Registry).await?;
        suite.wait_until_ready(ServiceName::Registry).await?;
        let token = suite.token(&Token::new("system:portal", "registry.*"))?;
        Ok(Self {
            bearer: format!("Bearer {token}"),
            database: stage.look_into(ServiceName::Registry).await?,
            copy,
            stage,
        })
    }

    /// Gives the copy back.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn drop_copy(&self) -> anyhow::Result<()> {
        match &self.copy {
            Some(copy) => self.stage.postgres().drop_database(&copy.name).await,
            None => Ok(()),
        }
    }

    /// One more process of it, ready; it ends with the value.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_another(&self) -> anyhow::Result<Instance> {
        let mut another = self.stage.suite().start_another(ServiceName::Registry)?;
        let begun = Instant::now();
        while !another.is_ready().await? {
            ensure!(
                begun.elapsed() < START,
                "a second registry does not get ready"
            );
            tokio::time::sleep(PAUSE).await;
        }
        Ok(another)
    }

    /// What the database server has logged so far.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn server_log(&self) -> anyhow::Result<String> {
        let bed = self.stage.bed().context("not on the shared servers")?;
        let path = bed.servers().folder.join("postgres.log");
        let log =
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(String::from_utf8_lossy(&log).into_owned())
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        self.stage.suite().url(ServiceName::Registry)
    }

    /// A request that carries the token.
    ///
    /// # Errors
    /// Never: a token is plain ASCII.
    pub fn request<T>(&self, message: T) -> anyhow::Result<tonic::Request<T>> {
        let mut request = tonic::Request::new(message);
        request
            .metadata_mut()
            .insert("authorization", self.bearer.parse()?);
        Ok(request)
    }

    /// One organisation, by an ordinary call.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn get(&self, name: &str) -> anyhow::Result<Organisation> {
        let request = self.request(GetOrganisationRequest {
            name: name.to_owned(),
        })?;
        let answer = caller(&self.url()).await?.get_organisation(request).await?;
        Ok(answer.into_inner())
    }

    /// What its process has used so far.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn usage(&self) -> anyhow::Result<Usage> {
        let id = self.stage.suite().id(ServiceName::Registry).await;
        usage(id.context("the registry does not run")?)
    }
}

/// A stage with an alliance in the registry's database; nothing runs yet.
async fn ground(organisations: i64) -> anyhow::Result<Stage> {
    let options = StageOptions::default().with(ServiceName::Registry, "database-pool-size", POOL);
    let stage = Stage::prepare(&options).await?;
    stage.suite().migrate_one(ServiceName::Registry).await?;
    let database = stage.look_into(ServiceName::Registry).await?;
    roll::fill(&database, 1..=organisations).await?;
    Ok(stage)
}

/// A connection of its own to a registry.
///
/// # Errors
/// When it cannot be made.
pub async fn caller(url: &str) -> anyhow::Result<OrganisationServiceClient<Channel>> {
    let channel = Endpoint::from_shared(url.to_owned())?.connect().await?;
    Ok(OrganisationServiceClient::new(channel))
}
