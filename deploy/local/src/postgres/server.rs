//! The server process: made, started, stopped, killed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::Signal;
use tokio::sync::Mutex;

use super::account::Account;
use super::database::PostgresAddress;
use crate::certificates::Certificate;
use crate::guard::Guard;
use crate::process::Process;
use crate::{port, wait};

/// What a run may choose.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// Off only where a test says that durability is not its subject.
    pub fsync: bool,
    /// Enough for every service of every test that runs at one time.
    pub max_connections: u16,
    /// A folder elsewhere for the write-ahead log, which is then kept small.
    pub log_folder: Option<PathBuf>,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            fsync: true,
            max_connections: connections_for_tests(),
            log_folder: None,
        }
    }
}

/// As many tests as cores run at one time, each with four services and sessions of its own.
fn connections_for_tests() -> u16 {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    u16::try_from(cores.saturating_mul(60))
        .unwrap_or(u16::MAX)
        .clamp(400, 4_000)
}

/// Also covers the recovery after a kill on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);
/// A fast shutdown writes a checkpoint.
const STOP_LIMIT: Duration = Duration::from_secs(30);
/// Enough that no run waits for a checkpoint.
const MUCH_LOG: (&str, &str) = ("80MB", "2GB");
/// Fits on a small file system.
const LITTLE_LOG: (&str, &str) = ("2MB", "4MB");
/// How often another port, or a predecessor's end, is tried.
const START_TRIES: usize = 5;

/// A running server; dropping it ends it.
#[derive(Debug)]
pub struct Postgres {
    account: Account,
    address: PostgresAddress,
    data: PathBuf,
    guard: Arc<Guard>,
    log: PathBuf,
    options: PostgresOptions,
    outside: Option<PathBuf>,
    process: Mutex<Option<Process>>,
}

impl Postgres {
    /// Makes a cluster with data checksums under `folder` and starts it on a free loopback port.
    ///
    /// # Errors
    /// When the programs are missing or the server does not come up.
    pub async fn start(
        folder: &Path,
        guard: Arc<Guard>,
        options: PostgresOptions,
    ) -> anyhow::Result<Self> {
        let programs = programs()?;
        let account = Account::choose()?;
        let (home, elsewhere) = account.folder(folder)?;
        if elsewhere {
            guard.remove_at_end(&home)?;
        }
        let password = uuid::Uuid::now_v7().simple().to_string();
        let data = home.join("data");
        let certificate = Certificate::make(folder)?;
        let places = (data.as_path(), options.log_folder.as_deref());
        initialise(&account, &programs, &home, places, &password)?;
        let mut server = Self {
            account,
            address: PostgresAddress {
                port: 0,
                superuser_password: password,
                programs,
                authority: certificate.authority.clone(),
            },
            data,
            guard,
            log: folder.join("postgres.log"),
            options,
            outside: elsewhere.then_some(home),
            process: Mutex::new(None),
        };
        server.show(&certificate)?;
        server.start_on_some_port().await?;
        Ok(server)
    }

    /// Shows this certificate from its next start or reload on.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn show(&self, certificate: &Certificate) -> anyhow::Result<()> {
        let at = |name| self.data.join(name);
        // The names that PostgreSQL looks for by itself.
        self.account
            .private_copy(&certificate.certificate, &at("server.crt"))?;
        self.account
            .private_copy(&certificate.key, &at("server.key"))
    }

    /// How to reach it.
    #[must_use]
    pub fn address(&self) -> &PostgresAddress {
        &self.address
    }

    /// The folder outside the project where the data had to go, if it had to.
    #[must_use]
    pub fn outside(&self) -> Option<&Path> {
        self.outside.as_deref()
    }

    /// The process id of the postmaster, while it runs.
    pub async fn id(&self) -> Option<u32> {
        self.process.lock().await.as_ref().map(Process::id)
    }

    /// A fast shutdown: sessions are ended, a checkpoint is written.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop(&self) -> anyhow::Result<()> {
        self.end(Signal::INT).await
    }

    /// An immediate shutdown, as in a crash: the next start recovers.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn crash(&self) -> anyhow::Result<()> {
        self.end(Signal::QUIT).await
    }

    /// `kill -9` of the postmaster; its backends notice and follow.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn kill(&self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.lock().await.take() {
            process.kill().await?;
            self.guard.forget_postgres(process.id());
        }
        Ok(())
    }

    /// Starts it again on its old port and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_again(&self) -> anyhow::Result<()> {
        let mut failure = None;
        for _ in 0..START_TRIES {
            match self.launch().await {
                Ok(()) => return Ok(()),
                // Backends of a killed predecessor hold its shared memory for a moment.
                Err(error) => failure = Some(error),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Err(failure.context("no try was made")?)
    }

    async fn end(&self, signal: Signal) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.lock().await.take() {
            process.stop(signal, STOP_LIMIT).await?;
            self.guard.forget_postgres(process.id());
        }
        Ok(())
    }

    async fn start_on_some_port(&mut self) -> anyhow::Result<()> {
        let mut failure = None;
        for _ in 0..START_TRIES {
            self.address.port = port::free()?;
            match self.launch().await {
                Ok(()) => return Ok(()),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.context("no try was made")?)
    }

    async fn launch(&self) -> anyhow::Result<()> {
        let mut held = self.process.lock().await;
        match held.as_mut().map(Process::ended).transpose()? {
            Some(None) => bail!("PostgreSQL runs already"),
            // It ended by itself: a server may find that it cannot go on.
            Some(Some(_)) => self.forget(held.take()),
            None => {}
        }
        let mut process = Process::start("PostgreSQL", self.command(), &self.log, &self.guard)?;
        self.guard.watch_postgres(process.id());
        let started = std::time::Instant::now();
        loop {
            if self.address.answers().await {
                break;
            }
            if let Err(error) = process.must_run() {
                self.guard.forget_postgres(process.id());
                return Err(error);
            }
            if started.elapsed() > START_LIMIT {
                bail!(
                    "PostgreSQL did not answer within {} s:\n{}",
                    START_LIMIT.as_secs(),
                    process.tail(20)
                );
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        *held = Some(process);
        Ok(())
    }

    fn forget(&self, ended: Option<Process>) {
        if let Some(process) = ended {
            self.guard.forget_postgres(process.id());
        }
    }

    fn command(&self) -> Command {
        let on_off = if self.options.fsync { "on" } else { "off" };
        let (least_log, most_log) = match self.options.log_folder {
            Some(_) => LITTLE_LOG,
            None => MUCH_LOG,
        };
        let settings = [
            ("checkpoint_timeout", "15min".to_owned()),
            ("fsync", on_off.to_owned()),
            ("full_page_writes", on_off.to_owned()),
            ("listen_addresses", "127.0.0.1".to_owned()),
            ("log_lock_waits", "on".to_owned()),
            ("max_connections", self.options.max_connections.to_string()),
            ("max_wal_size", most_log.to_owned()),
            ("min_wal_size", least_log.to_owned()),
            ("password_encryption", "scram-sha-256".to_owned()),
            ("port", self.address.port.to_string()),
            ("shared_buffers", "128MB".to_owned()),
            ("ssl", "on".to_owned()),
            ("synchronous_commit", "on".to_owned()),
            ("unix_socket_directories", String::new()),
        ];
        let mut command = self
            .account
            .command(&self.address.programs.join("postgres"));
        command
            .arg("-D")
            .arg(&self.data)
            .current_dir("/")
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC");
        for (name, value) in settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(process) = self.process.get_mut().as_mut() {
            // An immediate shutdown lets the postmaster end its backends; whatever fails here the
            // guard does a moment later.
            let _ = process.signal(Signal::QUIT);
            for _ in 0..500 {
                if !matches!(process.ended(), Ok(None)) {
                    self.guard.forget_postgres(process.id());
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        if let Some(outside) = &self.outside {
            // The guard removes it if this does not.
            let _ = std::fs::remove_dir_all(outside);
        }
    }
}

/// The folder with the newest server programs that the machine has.
fn programs() -> anyhow::Result<PathBuf> {
    let packaged = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut versions: Vec<(u32, PathBuf)> = packaged
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .collect();
    versions.sort();
    if let Some((_, newest)) = versions.pop() {
        return Ok(newest);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .filter_map(|folder| {
            folder
                .join("initdb")
                .canonicalize()
                .ok()?
                .parent()
                .map(Path::to_owned)
        })
        .find(|bin| bin.join("postgres").is_file())
        .context("PostgreSQL's server programs are not on this machine; `make setup` installs them")
}

fn initialise(
    account: &Account,
    programs: &Path,
    home: &Path,
    (data, log_folder): (&Path, Option<&Path>),
    password: &str,
) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let password_file = home.join("password");
    std::fs::write(&password_file, password).context("cannot write the password file")?;
    std::fs::set_permissions(&password_file, std::fs::Permissions::from_mode(0o644))
        .context("cannot open the password file to the server's user")?;
    let output = account
        .command(&programs.join("initdb"))
        .arg("-D")
        .arg(data)
        .arg(format!("--pwfile={}", password_file.display()))
        .args(log_folder.map(|folder| format!("--waldir={}", folder.display())))
        .args(log_folder.map(|_| "--wal-segsize=1"))
        .args([
            "--username=stage",
            // In the clear, over loopback only: an unoptimised client takes half a second to answer
            // a SCRAM challenge. The stored passwords are SCRAM verifiers all the same.
            "--auth=password",
            "--data-checksums",
            "--encoding=UTF8",
        ])
        .args(["--locale=C.UTF-8", "--no-sync", "--no-instructions"])
        .current_dir("/")
        .env("TZ", "UTC")
        .output()
        .context("cannot run initdb")?;
    // Its content is the superuser's password; the cluster knows it by now.
    std::fs::remove_file(&password_file).context("cannot remove the password file")?;
    if !output.status.success() {
        bail!(
            "initdb failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(())
}

impl Postgres {
    /// Starts it again where it has ended by itself, and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn recover(&self) -> anyhow::Result<()> {
        let ended = match self.process.lock().await.as_mut() {
            Some(process) => process.ended()?.is_some(),
            None => true,
        };
        if ended {
            return self.start_again().await;
        }
        self.wait_until_up().await
    }

    /// Waits until the server answers again, for callers who let somebody else start it.
    ///
    /// # Errors
    /// When it does not within a minute.
    pub async fn wait_until_up(&self) -> anyhow::Result<()> {
        wait::until("PostgreSQL answers", START_LIMIT, || async {
            Ok(self.address.answers().await)
        })
        .await
    }
}
