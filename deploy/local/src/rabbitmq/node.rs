//! The node's processes: the port mapper and the broker.
//!
//! Called by its library path, because the distribution's wrapper insists on its own user. Name,
//! home, cookie, ports, data and logs are the stage's own; nothing under `/etc/rabbitmq` or
//! `/var/lib/rabbitmq` is read or written.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::Signal;
use tokio::sync::Mutex;

use super::address::BrokerAddress;
use super::definitions;
use crate::certificates::Certificate;
use crate::guard::Guard;
use crate::port;
use crate::process::Process;

/// A boot takes 5 to 10 seconds; with everything else compiling at the same time far more.
const START_LIMIT: Duration = Duration::from_secs(180);
const STOP_LIMIT: Duration = Duration::from_secs(60);
const START_TRIES: usize = 3;

/// As in `deploy/compose/broker.sh`.
const MAX_MESSAGE_SIZE: usize = 2 * 1024 * 1024;

/// A running node; dropping it ends it.
#[derive(Debug)]
pub struct RabbitMq {
    address: BrokerAddress,
    certificate: Certificate,
    distribution_port: u16,
    epmd_port: u16,
    folder: PathBuf,
    guard: Arc<Guard>,
    name: String,
    processes: Mutex<Processes>,
    scripts: PathBuf,
}

#[derive(Debug, Default)]
struct Processes {
    broker: Option<Process>,
    epmd: Option<Process>,
}

impl RabbitMq {
    /// Starts a node with its data under `folder/rabbitmq` on free loopback ports.
    ///
    /// # Errors
    /// When the programs are missing or the node does not come up.
    pub async fn start(folder: &Path, guard: Arc<Guard>) -> anyhow::Result<Self> {
        let folder = folder.join("rabbitmq");
        std::fs::create_dir_all(folder.join("home"))
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let certificate = Certificate::make(&folder)?;
        let mut node = Self {
            address: BrokerAddress {
                amqp_port: 0,
                amqps_port: 0,
                authority: certificate.authority.clone(),
                management_port: 0,
                password: uuid::Uuid::now_v7().simple().to_string(),
            },
            certificate,
            distribution_port: 0,
            epmd_port: 0,
            folder,
            guard,
            name: format!("stage-{}@localhost", crate::folder::short_id()),
            processes: Mutex::default(),
            scripts: scripts()?,
        };
        let mut failure = None;
        for _ in 0..START_TRIES {
            node.choose_ports()?;
            node.write_configuration()?;
            match node.start_again().await {
                Ok(()) => return Ok(node),
                Err(error) => failure = Some(error),
            }
            node.kill_all().await?;
            node.remove_data()?;
        }
        Err(failure.context("no try was made")?)
    }

    /// How to reach it.
    #[must_use]
    pub fn address(&self) -> &BrokerAddress {
        &self.address
    }

    /// The broker's process id, while it runs.
    pub async fn id(&self) -> Option<u32> {
        self.processes.lock().await.broker.as_ref().map(Process::id)
    }

    /// Stops the broker in good order.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop(&self) -> anyhow::Result<()> {
        if let Some(mut broker) = self.processes.lock().await.broker.take() {
            broker.stop(Signal::TERM, STOP_LIMIT).await?;
        }
        Ok(())
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn kill(&self) -> anyhow::Result<()> {
        if let Some(mut broker) = self.processes.lock().await.broker.take() {
            broker.kill().await?;
        }
        Ok(())
    }

    /// Stops or continues the broker's process (`STOP`, `CONT`).
    ///
    /// # Errors
    /// When it does not run or the system refuses.
    pub async fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        self.processes
            .lock()
            .await
            .broker
            .as_mut()
            .context("the broker does not run")?
            .signal(signal)
    }

    /// Kills the broker and deletes its data directory: the worst that can befall it.
    ///
    /// # Errors
    /// When its files cannot be removed.
    pub async fn wipe(&self) -> anyhow::Result<()> {
        self.kill().await?;
        self.remove_data()
    }

    /// Starts the broker on its old ports and waits until it lets clients in, topology loaded.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_again(&self) -> anyhow::Result<()> {
        let mut processes = self.processes.lock().await;
        if processes.broker.is_some() {
            bail!("RabbitMQ runs already");
        }
        self.start_epmd(&mut processes)?;
        let log = self.folder.join("rabbitmq.log");
        let mut broker = Process::start(
            "RabbitMQ",
            self.program("rabbitmq-server"),
            &log,
            &self.guard,
        )?;
        let started = Instant::now();
        while !self.address.answers().await {
            broker.must_run()?;
            if started.elapsed() > START_LIMIT {
                bail!(
                    "RabbitMQ did not let clients in within {} s:\n{}",
                    START_LIMIT.as_secs(),
                    broker.tail(20)
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        processes.broker = Some(broker);
        Ok(())
    }

    /// Runs a `rabbitmqctl` command on the node, such as
    /// `["set_vm_memory_high_watermark", "0.00001"]`, which raises its memory alarm.
    ///
    /// # Errors
    /// When the command fails; its output is in the error.
    pub async fn ctl(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = tokio::process::Command::from(self.program("rabbitmqctl"));
        let output = command
            .arg("-q")
            .args(arguments)
            .kill_on_drop(true)
            .output()
            .await
            .context("cannot run rabbitmqctl")?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            bail!(
                "rabbitmqctl {arguments:?}: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(text)
    }

    async fn kill_all(&self) -> anyhow::Result<()> {
        self.kill().await?;
        if let Some(mut epmd) = self.processes.lock().await.epmd.take() {
            epmd.kill().await?;
        }
        Ok(())
    }

    fn remove_data(&self) -> anyhow::Result<()> {
        let data = self.folder.join("data");
        match std::fs::remove_dir_all(&data) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", data.display()))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn choose_ports(&mut self) -> anyhow::Result<()> {
        self.address.amqp_port = port::free()?;
        self.address.amqps_port = port::free()?;
        self.address.management_port = port::free()?;
        self.distribution_port = port::free()?;
        self.epmd_port = port::free()?;
        Ok(())
    }

    fn write_configuration(&self) -> anyhow::Result<()> {
        let definitions = self.folder.join("definitions.json");
        let configuration = format!(
            "listeners.tcp.1 = 127.0.0.1:{}\n\
             listeners.ssl.1 = 127.0.0.1:{}\n\
             ssl_options.certfile = {}\n\
             ssl_options.keyfile = {}\n\
             management.tcp.ip = 127.0.0.1\n\
             management.tcp.port = {}\n\
             load_definitions = {}\n\
             loopback_users = none\n\
             max_message_size = {MAX_MESSAGE_SIZE}\n\
             log.file = false\n\
             log.console = true\n\
             log.console.level = warning\n",
            self.address.amqp_port,
            self.address.amqps_port,
            self.certificate.certificate.display(),
            self.certificate.key.display(),
            self.address.management_port,
            definitions.display(),
        );
        let write = |path: &Path, text: &str| {
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        write(
            &definitions,
            &definitions::for_boot(&self.address.password)?,
        )?;
        write(&self.folder.join("rabbitmq.conf"), &configuration)?;
        write(
            &self.folder.join("enabled_plugins"),
            "[rabbitmq_management].\n",
        )?;
        write(&self.folder.join("rabbitmq-env.conf"), "")
    }

    /// Started by us and in the foreground: the one that a broker starts is a daemon that stays.
    fn start_epmd(&self, processes: &mut Processes) -> anyhow::Result<()> {
        if let Some(epmd) = processes.epmd.as_mut()
            && epmd.ended()?.is_none()
        {
            return Ok(());
        }
        let mut command = Command::new("epmd");
        command.args([
            "-address",
            "127.0.0.1",
            "-port",
            &self.epmd_port.to_string(),
        ]);
        let log = self.folder.join("epmd.log");
        processes.epmd = Some(Process::start("epmd", command, &log, &self.guard)?);
        Ok(())
    }

    fn program(&self, script: &str) -> Command {
        let mut command = Command::new(self.scripts.join(script));
        // A node that spins while it waits would take the machine from everything else.
        // Queues report their depth at each tick, every five seconds if not told otherwise.
        let quiet = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none \
            -rabbit quorum_tick_interval 500 -kernel inet_dist_use_interface {127,0,0,1}";
        command
            .current_dir(&self.folder)
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("ERL_EPMD_PORT", self.epmd_port.to_string())
            .env("HOME", self.folder.join("home"))
            .env("LC_ALL", "C.UTF-8")
            .env("RABBITMQ_CONFIG_FILE", self.folder.join("rabbitmq"))
            .env(
                "RABBITMQ_CONF_ENV_FILE",
                self.folder.join("rabbitmq-env.conf"),
            )
            .env("RABBITMQ_DIST_PORT", self.distribution_port.to_string())
            .env(
                "RABBITMQ_ENABLED_PLUGINS_FILE",
                self.folder.join("enabled_plugins"),
            )
            .env("RABBITMQ_LOG_BASE", self.folder.join("log"))
            .env("RABBITMQ_MNESIA_BASE", self.folder.join("data"))
            .env("RABBITMQ_NODENAME", &self.name)
            .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", quiet)
            .env(crate::guard::MARK, self.guard.mark())
            .env_remove("RABBITMQ_NODE_PORT");
        command
    }
}

/// Where the newest server's own scripts are.
fn scripts() -> anyhow::Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/rabbitmq/lib")
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<PathBuf> = versions
        .filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with("rabbitmq_server-")
        })
        .map(|entry| entry.path().join("sbin"))
        .filter(|scripts| scripts.join("rabbitmq-server").is_file())
        .collect();
    found.sort();
    found
        .pop()
        .context("RabbitMQ is not on this machine; `make setup` installs it")
}
