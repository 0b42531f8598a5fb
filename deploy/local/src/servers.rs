//! PostgreSQL and RabbitMQ together, in a folder of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::folder::{Play, Refused, StageFolder};
use crate::guard::Guard;
use crate::postgres::{Postgres, PostgresAddress, PostgresOptions};
use crate::rabbitmq::{BrokerAddress, RabbitMq};
use crate::service::ServiceName;

/// The two servers, running; dropping them ends them and removes their folder.
#[derive(Debug)]
pub struct Servers {
    // Dropped in this order: the guard last, so that it finds nothing left to do.
    postgres: Postgres,
    rabbitmq: RabbitMq,
    folder: Option<StageFolder>,
    guard: Arc<Guard>,
}

/// How to reach them; what a process hands to another one in a file.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ServerAddresses {
    /// The stage's folder, for logs and files of its users.
    pub folder: PathBuf,
    /// PostgreSQL.
    pub postgres: PostgresAddress,
    /// RabbitMQ.
    pub rabbitmq: BrokerAddress,
}

impl Servers {
    /// Claims a folder and starts both at the same time.
    ///
    /// # Errors
    /// [`Refused::Busy`] when a run of the same kind goes on in this clone.
    pub async fn start(
        project: &Path,
        play: Play,
        options: PostgresOptions,
    ) -> Result<Self, Refused> {
        let folder = StageFolder::claim(project, play)?;
        let guard = Arc::new(Guard::start()?);
        guard.remove_at_end(folder.path())?;
        let (postgres, rabbitmq) = tokio::try_join!(
            start_postgres(folder.path(), guard.clone(), options),
            RabbitMq::start(folder.path(), guard.clone()),
        )?;
        Ok(Self {
            postgres,
            rabbitmq,
            folder: Some(folder),
            guard,
        })
    }

    /// PostgreSQL.
    #[must_use]
    pub fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    /// RabbitMQ.
    #[must_use]
    pub fn rabbitmq(&self) -> &RabbitMq {
        &self.rabbitmq
    }

    /// Ends with the servers whatever is started under it.
    #[must_use]
    pub fn guard(&self) -> &Arc<Guard> {
        &self.guard
    }

    /// The stage's folder.
    ///
    /// # Panics
    /// Never: the folder is there until the value is dropped.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder
            .as_ref()
            .map_or_else(|| Path::new("."), StageFolder::path)
    }

    /// How to reach both.
    #[must_use]
    pub fn addresses(&self) -> ServerAddresses {
        ServerAddresses {
            folder: self.folder().to_owned(),
            postgres: self.postgres.address().clone(),
            rabbitmq: self.rabbitmq.address().clone(),
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // Everything under the guard dies first, so that nothing writes into the folder any more.
        self.guard.finish();
        if let Some(folder) = self.folder.take() {
            // What cannot be removed now, the next run of this kind removes.
            let _ = folder.remove();
        }
    }
}

impl ServerAddresses {
    /// Reads what [`ServerAddresses::write`] wrote.
    ///
    /// # Errors
    /// When the file is missing or is something else.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&text)
            .with_context(|| format!("{} does not describe a stage", path.display()))
    }

    /// Writes it for another process.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_vec_pretty(self).context("addresses that are no JSON")?;
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

async fn start_postgres(
    folder: &Path,
    guard: Arc<Guard>,
    options: PostgresOptions,
) -> anyhow::Result<Postgres> {
    let postgres = Postgres::start(folder, guard, options).await?;
    for service in ServiceName::ALL {
        postgres.address().create_roles(service.as_str()).await?;
    }
    Ok(postgres)
}
