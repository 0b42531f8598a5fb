//! A second process of every service beside the first.

use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use lienminh_local::ServiceName;
use lienminh_local::suite::Instance;

use super::Ground;

/// How long a second process may take to be ready.
const READY: Duration = Duration::from_secs(90);

/// The second processes; they end with the value.
pub struct Twins<'a> {
    ground: &'a Ground,
    running: BTreeMap<ServiceName, Instance>,
}

impl<'a> Twins<'a> {
    /// Starts one of each service and waits until all are ready.
    ///
    /// # Errors
    /// When one does not come up.
    pub async fn start(ground: &'a Ground) -> anyhow::Result<Self> {
        let mut twins = Self {
            ground,
            running: BTreeMap::new(),
        };
        for service in ServiceName::ALL {
            twins.launch(service)?;
        }
        for service in ServiceName::ALL {
            twins.until_ready(service).await?;
        }
        ground.bite("services running twice", twins.running.len() as u64);
        Ok(twins)
    }

    /// `kill -9` of one.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill(&mut self, service: ServiceName) -> anyhow::Result<ExitStatus> {
        let mut twin = self
            .running
            .remove(&service)
            .context("no second one runs")?;
        twin.kill().await
    }

    /// Starts it again and waits until it is ready.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn revive(&mut self, service: ServiceName) -> anyhow::Result<()> {
        self.launch(service)?;
        self.until_ready(service).await
    }

    fn launch(&mut self, service: ServiceName) -> anyhow::Result<()> {
        let twin = self.ground.stage.suite().start_another(service)?;
        self.running.insert(service, twin);
        Ok(())
    }

    async fn until_ready(&mut self, service: ServiceName) -> anyhow::Result<()> {
        let twin = self
            .running
            .get_mut(&service)
            .context("no second one runs")?;
        let begun = Instant::now();
        while !twin.is_ready().await? {
            ensure!(begun.elapsed() < READY, "a second process is not ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}
