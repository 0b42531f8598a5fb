//! What a test gets: databases and a virtual host of its own on servers that all tests share.
//!
//! The servers are those of `stage run -- <command>`, named by [`TEST_STAGE`]; without it each
//! test process starts its own, once, when its first test asks.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::Context;
use futures_util::future::join_all;
use tokio::sync::OnceCell;

use crate::folder::{Play, project_root, short_id};
use crate::guard::Guard;
use crate::postgres::{PostgresOptions, ServiceDatabase};
use crate::process::is_running;
use crate::servers::{ServerAddresses, Servers};
use crate::service::ServiceName;

/// The environment variable with the path of the file that describes the running servers.
pub const TEST_STAGE: &str = "LIENMINH_TEST_STAGE";

/// Lives as long as the process; its guard ends it then.
static OWN: OnceCell<Servers> = OnceCell::const_new();

/// A test's own corner of the shared servers; dropping it gives everything back.
#[derive(Debug)]
pub struct TestBed {
    folder: PathBuf,
    id: String,
    made: Mutex<Made>,
    servers: ServerAddresses,
}

#[derive(Debug, Default)]
struct Made {
    databases: Vec<String>,
    vhost: bool,
}

impl TestBed {
    /// Opens a corner; databases and virtual host are made when asked for.
    ///
    /// # Errors
    /// When the servers cannot be started or reached.
    pub async fn open() -> anyhow::Result<Self> {
        let servers = servers().await?;
        let id = format!("t_{}_{}", std::process::id(), short_id());
        let folder = servers.folder.join(&id);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self {
            folder,
            id,
            made: Mutex::default(),
            servers,
        })
    }

    /// A name that no other test has, usable in names of queues, roles or files.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A folder for logs and other files of this test.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The shared servers.
    #[must_use]
    pub fn servers(&self) -> &ServerAddresses {
        &self.servers
    }

    /// An empty database of the service, made at the first call.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn database(&self, service: ServiceName) -> anyhow::Result<ServiceDatabase> {
        let name = format!("{}_{service}", self.id);
        if self.note(|made| made.databases.contains(&name)) {
            return Ok(self.servers.postgres.database(service.as_str(), &name));
        }
        let database = self
            .servers
            .postgres
            .create_database(service.as_str(), &name)
            .await?;
        self.note(|made| made.databases.push(name));
        Ok(database)
    }

    /// The AMQP URL of the service's user for this test's virtual host, which is made, with the
    /// whole topology, at the first call.
    ///
    /// # Errors
    /// When the broker refuses.
    pub async fn broker_url(&self, service: ServiceName) -> anyhow::Result<String> {
        let vhost = self.vhost().await?;
        Ok(self.servers.rabbitmq.url(service.as_str(), &vhost))
    }

    /// This test's virtual host, made at the first call.
    ///
    /// # Errors
    /// When the broker refuses.
    pub async fn vhost(&self) -> anyhow::Result<String> {
        if !self.note(|made| made.vhost) {
            self.servers.rabbitmq.create_vhost(&self.id).await?;
            self.note(|made| made.vhost = true);
        }
        Ok(self.id.clone())
    }

    /// Ends what this process starts for its tests.
    ///
    /// # Errors
    /// When no guard can be started.
    pub fn guard(&self) -> anyhow::Result<Arc<Guard>> {
        static GUARD: OnceLock<Arc<Guard>> = OnceLock::new();
        if let Some(guard) = GUARD.get() {
            return Ok(guard.clone());
        }
        let fresh = Arc::new(Guard::start()?);
        Ok(GUARD.get_or_init(|| fresh).clone())
    }

    fn note<T>(&self, with: impl FnOnce(&mut Made) -> T) -> T {
        with(&mut self.made.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for TestBed {
    fn drop(&mut self) {
        let made = std::mem::take(self.made.get_mut().unwrap_or_else(PoisonError::into_inner));
        let servers = self.servers.clone();
        let vhost = made.vhost.then(|| self.id.clone());
        // A thread of its own, because this may be dropped inside a runtime. What it cannot give
        // back ends with the servers.
        let cleaner =
            std::thread::spawn(move || clean(&servers, &made.databases, vhost.as_deref()));
        let _ = cleaner.join();
        if !std::thread::panicking() {
            // Kept after a failure: the logs in it tell why.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn clean(servers: &ServerAddresses, databases: &[String], vhost: Option<&str>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    else {
        return;
    };
    runtime.block_on(async {
        let databases = join_all(
            databases
                .iter()
                .map(|database| servers.postgres.drop_database(database)),
        );
        let vhost = async {
            match vhost {
                Some(vhost) => servers.rabbitmq.delete_vhost(vhost).await,
                None => Ok(()),
            }
        };
        // What is left ends with the servers.
        let _ = tokio::join!(databases, vhost);
    });
}

async fn servers() -> anyhow::Result<ServerAddresses> {
    if let Some(path) = std::env::var_os(TEST_STAGE) {
        return ServerAddresses::read(Path::new(&path));
    }
    let own = OWN
        .get_or_try_init(|| async {
            Servers::start(&project_root()?, Play::Test, PostgresOptions::default())
                .await
                .map_err(anyhow::Error::from)
        })
        .await?;
    Ok(own.addresses())
}

/// Removes the databases and virtual hosts of test processes that were killed.
///
/// # Errors
/// When a server does not answer.
pub async fn sweep(servers: &ServerAddresses) -> anyhow::Result<()> {
    const NAMES: &str = "select datname::text from pg_database where datname like 't\\_%'";
    let client = servers.postgres.connect("postgres").await?;
    for row in client
        .query(NAMES, &[])
        .await
        .context("cannot list the databases")?
    {
        let name: String = row.get(0);
        if is_orphan(&name) {
            servers.postgres.drop_database(&name).await?;
        }
    }
    for vhost in servers.rabbitmq.vhosts().await? {
        if is_orphan(&vhost) {
            servers.rabbitmq.delete_vhost(&vhost).await?;
        }
    }
    Ok(())
}

/// `t_<process id>_<random>…` whose process is gone.
fn is_orphan(name: &str) -> bool {
    let owner = name
        .strip_prefix("t_")
        .and_then(|rest| rest.split('_').next())
        .and_then(|pid| pid.parse().ok());
    owner.is_some_and(|pid: u32| !is_running(pid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_dead_test_has_left_is_an_orphan() {
        assert!(is_orphan("t_4194305_abcdef12_registry"));
        assert!(!is_orphan(&format!("t_{}_abcdef12", std::process::id())));
        assert!(!is_orphan("registry"));
        assert!(!is_orphan("lienminh"));
    }
}
