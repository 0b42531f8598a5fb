//! One service as a process of its own, watched from outside.

use std::net::SocketAddr;
use std::path::Path;

use lienminh_local::suite::Token;
use lienminh_local::{ServiceName, Stage, StageOptions};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

use crate::neighbour::Neighbour;

/// The service that is attacked unless a test says another; all four stand behind the same doors.
pub(crate) const VICTIM: ServiceName = ServiceName::Events;

/// A call of it that needs a token.
pub(crate) const PATH: &str = "/lienminh.events.v1.EventService/ListEvents";

/// The attacked service.
pub(crate) struct Ground {
    pub(crate) stage: Stage,
    pub(crate) token: String,
    victim: ServiceName,
}

impl Ground {
    pub(crate) async fn open() -> Self {
        Self::with(&StageOptions::default()).await
    }

    pub(crate) async fn with(options: &StageOptions) -> Self {
        Self::of(VICTIM, options).await
    }

    pub(crate) async fn of(victim: ServiceName, options: &StageOptions) -> Self {
        let stage = Stage::prepare(options).await.unwrap();
        stage.suite().migrate_one(victim).await.unwrap();
        stage.suite().start_service(victim).await.unwrap();
        stage.suite().wait_until_ready(victim).await.unwrap();
        let token = stage.suite().token(&Token::new("user:lan", "*")).unwrap();
        Self {
            stage,
            token,
            victim,
        }
    }

    pub(crate) fn grpc(&self) -> SocketAddr {
        self.stage.suite().address(self.victim).grpc
    }

    /// The port of the pages for the world.
    pub(crate) fn pages(&self) -> SocketAddr {
        self.stage.suite().address(self.victim).public
    }

    /// Somebody with a good token on a connection of their own.
    pub(crate) fn neighbour(&self) -> Neighbour {
        self.neighbour_as(&self.token)
    }

    /// The same with this token.
    pub(crate) fn neighbour_as(&self, token: &str) -> Neighbour {
        let url = self.stage.suite().url(self.victim);
        Neighbour::new(&Endpoint::from_shared(url).unwrap(), token)
    }

    /// The same over TLS.
    pub(crate) fn secure_neighbour(&self, authority: &Path) -> Neighbour {
        let url = self.stage.suite().url(self.victim).replace("http", "https");
        let authority = Certificate::from_pem(std::fs::read(authority).unwrap());
        let tls = ClientTlsConfig::new().ca_certificate(authority);
        let endpoint = Endpoint::from_shared(url).unwrap();
        Neighbour::new(&endpoint.tls_config(tls).unwrap(), &self.token)
    }

    /// Resident memory of the process in MiB; fails when the process has died.
    pub(crate) async fn memory(&self) -> u64 {
        let id = self.stage.suite().id(self.victim).await.unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kilobytes = line.expect("the process lives").split_whitespace().nth(1);
        kilobytes.unwrap().parse::<u64>().unwrap() / 1024
    }
}

/// Takes all the file descriptors that the system grants this process: a crowd needs thousands.
pub(crate) fn raise_descriptors() {
    grant_descriptors(getrlimit(Resource::Nofile).maximum);
}

/// Grants this process, and those it starts, so many file descriptors and no more.
pub(crate) fn grant_descriptors(many: Option<u64>) {
    let granted = Rlimit {
        current: many,
        maximum: many,
    };
    setrlimit(Resource::Nofile, granted).unwrap();
}
