//! The four services as separate processes.

mod instance;
mod programs;
mod settings;
mod token;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rustix::process::Signal;
use tokio::sync::Mutex;

pub use instance::{Instance, ServiceAddress};
pub use programs::program;
pub use settings::{Delivery, Settings, SmsTarget, SuiteOptions};
pub use token::Token;

use crate::guard::Guard;
use crate::service::ServiceName;
use crate::wait;

/// A running suite; dropping it kills its services.
#[derive(Debug)]
pub struct Suite {
    addresses: BTreeMap<ServiceName, ServiceAddress>,
    folder: PathBuf,
    guard: Arc<Guard>,
    instances: Mutex<BTreeMap<ServiceName, Instance>>,
    settings: std::sync::Mutex<BTreeMap<ServiceName, Settings>>,
}

impl Suite {
    /// Chooses ports and settings; starts nothing yet.
    ///
    /// # Errors
    /// When no ports can be had or a service has no database or broker.
    pub fn prepare(options: &SuiteOptions, guard: Arc<Guard>) -> anyhow::Result<Self> {
        let mut addresses = BTreeMap::new();
        for service in ServiceName::ALL {
            addresses.insert(service, ServiceAddress::free()?);
        }
        let settings = options.settings(&addresses)?;
        Ok(Self {
            addresses,
            folder: options.folder.clone(),
            guard,
            instances: Mutex::default(),
            settings: std::sync::Mutex::new(settings),
        })
    }

    /// Migrates all four databases, then starts the services, sources first, and waits until each
    /// says that it is ready.
    ///
    /// # Errors
    /// When a program is missing or a service does not become ready; the end of its log is in the
    /// error.
    pub async fn start(&self) -> anyhow::Result<()> {
        self.migrate().await?;
        for service in ServiceName::ALL {
            self.start_service(service).await?;
        }
        for service in ServiceName::ALL {
            self.wait_until_ready(service).await?;
        }
        Ok(())
    }

    /// Brings every database to the schema of the programs.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let mut runs = tokio::task::JoinSet::new();
        for service in ServiceName::ALL {
            runs.spawn(instance::migrate(service, self.settings_of(service)));
        }
        while let Some(run) = runs.join_next().await {
            run.context("a migration broke off")??;
        }
        Ok(())
    }

    /// Brings one database to the schema of its program.
    ///
    /// # Errors
    /// When the migration fails.
    pub async fn migrate_one(&self, service: ServiceName) -> anyhow::Result<()> {
        instance::migrate(service, self.settings_of(service)).await
    }

    /// Where a service listens; the same before and after a restart.
    #[must_use]
    pub fn address(&self, service: ServiceName) -> ServiceAddress {
        self.addresses.get(&service).copied().unwrap_or_default()
    }

    /// The URL of a service's gRPC port.
    #[must_use]
    pub fn url(&self, service: ServiceName) -> String {
        format!("http://{}", self.address(service).grpc)
    }

    /// Ends what is started beside the services.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The folder of keys that all services trust.
    #[must_use]
    pub fn auth_folder(&self) -> PathBuf {
        self.folder.join("auth")
    }

    /// A service's log.
    #[must_use]
    pub fn log(&self, service: ServiceName) -> PathBuf {
        self.folder.join(format!("{service}.log"))
    }

    /// What the next start of a service is told.
    #[must_use]
    pub fn settings_of(&self, service: ServiceName) -> Settings {
        self.with_settings(|all| all.get(&service).cloned().unwrap_or_default())
    }

    /// Changes what the next start of a service is told: a failpoint, a URL through a proxy.
    pub fn change(&self, service: ServiceName, change: impl FnOnce(&mut Settings)) {
        self.with_settings(|all| change(all.entry(service).or_default()));
    }

    /// Starts a service that does not run. Does not wait until it is ready.
    ///
    /// # Errors
    /// When its program is missing.
    pub async fn start_service(&self, service: ServiceName) -> anyhow::Result<()> {
        let instance = self.launch(service, self.address(service), &self.log(service))?;
        self.instances.lock().await.insert(service, instance);
        Ok(())
    }

    /// Starts one more process of a service on ports of its own; it ends with the value.
    ///
    /// # Errors
    /// When its program is missing or no port can be had.
    pub fn start_another(&self, service: ServiceName) -> anyhow::Result<Instance> {
        let address = ServiceAddress::free()?;
        self.launch(
            service,
            address,
            &self
                .folder
                .join(format!("{service}-{}.log", address.grpc.port())),
        )
    }

    /// Waits until a service says that it is ready.
    ///
    /// # Errors
    /// When it ends or is not ready within a minute and a half.
    pub async fn wait_until_ready(&self, service: ServiceName) -> anyhow::Result<()> {
        let what = format!("{service} is ready");
        wait::until(&what, instance::READY_LIMIT, || async {
            let mut instances = self.instances.lock().await;
            instances
                .get_mut(&service)
                .with_context(|| format!("{service} was not started"))?
                .is_ready()
                .await
        })
        .await
        .with_context(|| format!("log: {}", self.log(service).display()))
    }

    /// Asks a service to end in good order (SIGTERM) and waits for it.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn stop(&self, service: ServiceName) -> anyhow::Result<ExitStatus> {
        self.take(service).await?.stop().await
    }

    /// `kill -9` of one service.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill(&self, service: ServiceName) -> anyhow::Result<ExitStatus> {
        self.take(service).await?.kill().await
    }

    /// Stops it, starts it again and waits until it is ready.
    ///
    /// # Errors
    /// When it does not come back.
    pub async fn restart(&self, service: ServiceName) -> anyhow::Result<()> {
        self.stop(service).await?;
        self.start_service(service).await?;
        self.wait_until_ready(service).await
    }

    /// Sends a signal to a service: `STOP` and `CONT` freeze and thaw it.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn signal(&self, service: ServiceName, signal: Signal) -> anyhow::Result<()> {
        let mut instances = self.instances.lock().await;
        instances
            .get_mut(&service)
            .with_context(|| format!("{service} does not run"))?
            .signal(signal)
    }

    /// The process id of a service, while it runs.
    pub async fn id(&self, service: ServiceName) -> Option<u32> {
        self.instances.lock().await.get(&service).map(Instance::id)
    }

    /// Waits for a service to end by itself, as one with an armed failpoint does.
    ///
    /// # Errors
    /// When it still runs after `limit`.
    pub async fn wait_for_end(
        &self,
        service: ServiceName,
        limit: Duration,
    ) -> anyhow::Result<ExitStatus> {
        let mut instance = self.take(service).await?;
        wait::until(&format!("{service} ends"), limit, || {
            std::future::ready(instance.ended().map(|end| end.is_some()))
        })
        .await?;
        instance.ended()?.context("ended without a status")
    }

    /// Signs a token with the key of the command line, which may sign for everybody.
    ///
    /// # Errors
    /// When no service has made the keys yet.
    pub fn token(&self, token: &Token) -> anyhow::Result<String> {
        token.sign(&self.auth_folder())
    }

    async fn take(&self, service: ServiceName) -> anyhow::Result<Instance> {
        self.instances
            .lock()
            .await
            .remove(&service)
            .with_context(|| format!("{service} does not run"))
    }

    fn launch(
        &self,
        service: ServiceName,
        address: ServiceAddress,
        log: &Path,
    ) -> anyhow::Result<Instance> {
        Instance::start(
            service,
            address,
            &self.settings_of(service),
            log,
            &self.guard,
        )
    }

    fn with_settings<T>(&self, with: impl FnOnce(&mut BTreeMap<ServiceName, Settings>) -> T) -> T {
        with(
            &mut self
                .settings
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }
}
