//! One process of a service.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::Signal;

use super::programs::program;
use super::settings::Settings;
use crate::guard::Guard;
use crate::port;
use crate::process::{Process, without_settings};
use crate::service::ServiceName;

/// A debug build that shares two cores with compilers is slow to become ready.
pub(super) const READY_LIMIT: Duration = Duration::from_secs(90);

/// A service drains for at most 25 s when it is told to stop.
const STOP_LIMIT: Duration = Duration::from_secs(40);

/// Where a service listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceAddress {
    /// gRPC.
    pub grpc: SocketAddr,
    /// Metrics and health.
    pub http: SocketAddr,
    /// Pages for the world, of services that have them.
    pub public: SocketAddr,
}

impl Default for ServiceAddress {
    fn default() -> Self {
        let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            grpc: nowhere,
            http: nowhere,
            public: nowhere,
        }
    }
}

impl ServiceAddress {
    /// Free ports, chosen beforehand: services are told of each other when they start, and
    /// come back to the same ports after a restart.
    pub(super) fn free() -> anyhow::Result<Self> {
        let on = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Ok(Self {
            grpc: on(port::free()?),
            http: on(port::free()?),
            public: on(port::free()?),
        })
    }
}

/// A process of a service; dropping it kills it.
#[derive(Debug)]
pub struct Instance {
    address: ServiceAddress,
    client: reqwest::Client,
    process: Process,
}

impl Instance {
    pub(super) fn start(
        service: ServiceName,
        address: ServiceAddress,
        settings: &Settings,
        log: &Path,
        guard: &Guard,
    ) -> anyhow::Result<Self> {
        let mut settings = settings.clone();
        settings
            .set("grpc-listen", address.grpc.to_string())
            .set("http-listen", address.http.to_string());
        if service.has_pages() {
            settings.set("public-listen", address.public.to_string());
        }
        let mut command = command(service, &settings)?;
        command.arg("serve");
        let process = Process::start(service.as_str(), command, log, guard)?;
        Ok(Self {
            address,
            client: crate::http::client(Duration::from_secs(5))?,
            process,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> ServiceAddress {
        self.address
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Whether it says that it is ready.
    ///
    /// # Errors
    /// When it has ended.
    pub async fn is_ready(&mut self) -> anyhow::Result<bool> {
        self.process.must_run()?;
        let url = format!("http://{}/readyz", self.address.http);
        Ok(matches!(self.client.get(url).send().await, Ok(answer) if answer.status().is_success()))
    }

    /// Its exit status, once it has ended.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        self.process.ended()
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn signal(&mut self, signal: Signal) -> anyhow::Result<()> {
        self.process.signal(signal)
    }

    /// Asks it to end in good order and waits for it.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn stop(&mut self) -> anyhow::Result<ExitStatus> {
        self.process.stop(Signal::TERM, STOP_LIMIT).await
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn kill(&mut self) -> anyhow::Result<ExitStatus> {
        self.process.kill().await
    }
}

/// Runs `<service> migrate` to its end.
pub(super) async fn migrate(service: ServiceName, settings: Settings) -> anyhow::Result<()> {
    let mut command = tokio::process::Command::from(command(service, &settings)?);
    let run = command
        .arg("migrate")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = run
        .await
        .with_context(|| format!("cannot run {service} migrate"))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!(
            "{service} migrate failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&said).trim()
        );
    }
    Ok(())
}

/// The service's program, which sees our settings and nobody else's.
fn command(service: ServiceName, settings: &Settings) -> anyhow::Result<Command> {
    let mut command = Command::new(program(service.as_str())?);
    without_settings(&mut command);
    command.envs(settings.variables());
    Ok(command)
}
