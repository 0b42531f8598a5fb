//! The front of the containers on this machine: nginx, by the very files of `deploy/front`.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use reqwest::redirect::Policy;

use crate::folder::project_root;
use crate::process::Process;
use crate::service::ServiceName;
use crate::stage::Stage;
use crate::{port, wait};

/// It signs a certificate for itself and starts nginx.
const START_LIMIT: Duration = Duration::from_secs(20);

/// A running front; dropping it ends it.
#[derive(Debug)]
pub struct Front {
    plain: SocketAddr,
    secure: SocketAddr,
    process: Process,
}

impl Front {
    /// Starts it before the pages of a stage, with a certificate of its own making.
    ///
    /// # Errors
    /// When nginx is not on this machine or does not come up.
    pub async fn start(stage: &Stage) -> anyhow::Result<Self> {
        let state = stage.folder().join("front");
        let (plain, secure) = (local(port::free()?), local(port::free()?));
        let pages = |service| stage.suite().address(service).public.to_string();
        let mut command = Command::new("sh");
        command
            .arg(project_root()?.join("deploy/front/front.sh"))
            .env("FRONT_STATE", &state)
            .env("FRONT_GIVEN", state.join("given"))
            .env("FRONT_FETCHED", state.join("fetched"))
            .env("FRONT_CHALLENGES", state.join("challenges"))
            .env("FRONT_PAUSE", "1")
            .env("FRONT_HTTP", plain.to_string())
            .env("FRONT_HTTPS", secure.to_string())
            .env("FRONT_EVENTS", pages(ServiceName::Events))
            .env("FRONT_NOTIFIER", pages(ServiceName::Notifier));
        let log = stage.folder().join("front.log");
        let mut process = Process::start("front", command, &log, stage.suite().guard())?;
        wait::until("the front listens", START_LIMIT, || {
            let listens = std::net::TcpStream::connect(secure).is_ok();
            std::future::ready(process.must_run().map(|()| listens))
        })
        .await
        .with_context(|| format!("log: {}", log.display()))?;
        Ok(Self {
            plain,
            secure,
            process,
        })
    }

    /// Where it speaks without encryption.
    #[must_use]
    pub fn plain(&self) -> SocketAddr {
        self.plain
    }

    /// Where it speaks TLS.
    #[must_use]
    pub fn secure(&self) -> SocketAddr {
        self.secure
    }

    /// What it has printed.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.tail(usize::MAX)
    }
}

/// A visitor with this address, who takes any certificate and lets nobody send him on.
///
/// # Errors
/// When the client cannot be built.
pub fn visitor(address: Ipv4Addr) -> anyhow::Result<reqwest::Client> {
    let visitor = crate::http::builder()
        .local_address(Some(address.into()))
        .tls_danger_accept_invalid_certs(true)
        .tls_info(true)
        .redirect(Policy::none());
    crate::http::built(visitor)
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
