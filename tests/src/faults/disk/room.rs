//! What runs full: the tables' disk, or that of the write-ahead log.

use std::sync::Arc;

use anyhow::Context;
use lienminh_local::guard::Guard;
use lienminh_local::postgres::{PostgresAddress, Volume};
use lienminh_local::{ServiceName, Stage};

use crate::faults::Ground;

/// A small disk: the tables and logs of four services, and a little more.
pub(super) const MEGABYTES: u32 = 100;

/// What follows where the server goes on, and where it does not.
pub(super) const HELD: &str = "messages held back while nothing could be written down";
pub(super) const GONE: &str = "looks for a server that had ended";

/// Where there is room until there is none.
pub(super) enum Room {
    /// Tables in a tablespace of their own: the server goes on beside it.
    Tables {
        volume: Volume,
        postgres: PostgresAddress,
        tablespace: String,
    },
    /// The log of a server of one's own, which ends when it cannot write it.
    Log(Volume),
}

impl Room {
    /// Moves the empty databases of a stage onto a small disk.
    pub(super) async fn of_tables(stage: &Stage, guard: Arc<Guard>) -> anyhow::Result<Self> {
        let volume = Volume::mount(guard, MEGABYTES)?;
        let postgres = stage.postgres().clone();
        let tablespace = format!("small_{}", std::process::id());
        let place = volume.path().display().to_string();
        let names = [format!("name={tablespace}"), format!("place={place}")];
        let make = "create tablespace :\"name\" location :'place';\n";
        postgres
            .psql(make, &names.each_ref().map(String::as_str))
            .await?;
        for service in ServiceName::ALL {
            let database = format!("database={}", stage.database(service).name);
            let names = [names[0].as_str(), database.as_str()];
            let put = "alter database :\"database\" set tablespace :\"name\";\n";
            postgres.psql(put, &names).await?;
        }
        Ok(Self::Tables {
            volume,
            postgres,
            tablespace,
        })
    }

    /// The small disk for the log of a server that is not started yet.
    pub(super) fn of_log() -> anyhow::Result<Self> {
        Ok(Self::Log(Volume::mount(
            Arc::new(Guard::start()?),
            MEGABYTES,
        )?))
    }

    /// What must be seen to follow.
    pub(super) const fn consequence(&self) -> &'static str {
        match self {
            Self::Tables { .. } => HELD,
            Self::Log(_) => GONE,
        }
    }

    pub(super) fn volume(&self) -> &Volume {
        match self {
            Self::Tables { volume, .. } | Self::Log(volume) => volume,
        }
    }

    /// Gives the room back; a server that ended for want of it is started again.
    pub(super) async fn free(&self, ground: &Ground) -> anyhow::Result<()> {
        self.volume().free()?;
        if matches!(self, Self::Log(_)) {
            let servers = ground.stage.servers();
            let server = servers
                .context("the server is this stage's own")?
                .postgres();
            server.recover().await?;
        }
        Ok(())
    }

    /// Once the databases are gone.
    pub(super) async fn leave(self) -> anyhow::Result<()> {
        if let Self::Tables {
            postgres,
            tablespace,
            ..
        } = &self
        {
            let name = format!("name={tablespace}");
            postgres
                .psql("drop tablespace :\"name\";\n", &[&name])
                .await?;
        }
        Ok(())
    }
}
