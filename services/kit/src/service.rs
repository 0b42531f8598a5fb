//! What a service is, and the program around it.
//!
//! ```ignore
//! fn main() -> std::process::ExitCode {
//!     kit::service::main::<registry::Registry>()
//! }
//! ```

mod check;
mod command;
mod own;
mod probe;
mod reading;
mod run;
mod signal;
mod supervise;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

pub use command::main;
pub use run::{Bound, serve};

use run::migrate;
use supervise::supervise;

use crate::auth::Signer;
use crate::broker::Broker;
use crate::client::Peers;
use crate::clock::Clock;
use crate::config::{Environment, PublicPort, Settings as CommonSettings};
use crate::database::Pool;
use crate::health::ReadinessProbe;
use crate::language::Language;
use crate::migrate::Migration;
use crate::mutation::Mutations;
use crate::outbox::Bell;
use crate::settled::Probe;
use crate::telemetry::Meter;

/// A service of the suite.
pub trait Service: Send + Sync + 'static {
    /// Name of the program, its key and its subject (`service:{NAME}`).
    const NAME: &'static str;

    /// Permissions that the service asks for in its own calls to others,
    /// separated by blanks.
    const SCOPE: &'static str = "";

    /// How long its loops may take to finish what they hold when told to stop.
    const STOP: Duration = crate::server::DRAIN;

    /// Its flags beside those every service has.
    type Settings: clap::Args + Clone + std::fmt::Debug + Send + Sync + 'static;

    /// Its migrations, applied after kit's own.
    fn migrations() -> &'static [Migration];

    /// Its metrics, beside those of every service.
    fn meters() -> &'static [Meter] {
        &[]
    }

    /// Files of certificates that only it uses, by the flag that names them.
    fn certificates(settings: &Self::Settings) -> Vec<(&'static str, PathBuf)> {
        let _ = settings;
        Vec::new()
    }

    /// Everything that is wrong with its settings, one sentence each; `common` are
    /// those that every service has.
    ///
    /// # Errors
    /// The list of what is wrong.
    fn check(settings: &Self::Settings, common: &CommonSettings) -> Result<(), Vec<String>> {
        let _ = (settings, common);
        Ok(())
    }

    /// What is not wrong with them, but should be known to whoever set this up.
    fn remarks(settings: &Self::Settings) -> Vec<String> {
        let _ = settings;
        Vec::new()
    }

    /// Where its pages for the world are, if it has any.
    fn public(settings: &Self::Settings) -> Option<&PublicPort> {
        let _ = settings;
        None
    }

    /// Puts the service together. Nothing may be waited for here that can be
    /// absent for long: a broker or a neighbour that is down must not keep the
    /// process from starting.
    fn assemble(
        context: Context,
        settings: Self::Settings,
    ) -> impl Future<Output = anyhow::Result<Assembly>> + Send;
}

/// What every service is given. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// Name of the service.
    pub name: &'static str,
    /// Connections of the runtime role.
    pub pool: Pool,
    /// The business clock.
    pub clock: Clock,
    /// The broker, connected when first used and again whenever lost.
    pub broker: Broker,
    /// Signs the service's own tokens.
    pub signer: Signer,
    /// Channels to other services.
    pub peers: Peers,
    /// Rings the relay after a commit.
    pub outbox_bell: Bell,
    /// What mutations run in, the same for all rpcs.
    pub mutations: Mutations,
    /// Cancelled when the process must stop.
    pub shutdown: CancellationToken,
    /// Language of answers where the caller has no wish.
    pub language: Language,
    /// Where the process is running.
    pub environment: Environment,
    /// Where it listens.
    pub addresses: Addresses,
}

/// The bound addresses, with the ports that were really given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// gRPC.
    pub grpc: SocketAddr,
    /// HTTP for those inside: metrics and health.
    pub http: SocketAddr,
    /// HTTP for the world.
    pub public: Option<SocketAddr>,
}

/// A loop that runs as long as the process.
pub struct Loop {
    /// Name for logs.
    pub name: &'static str,
    /// Ends when `Context::shutdown` is cancelled; ending earlier is a fault
    /// that takes the process down.
    pub future: BoxFuture<'static, ()>,
}

impl Loop {
    /// A named loop.
    pub fn new(name: &'static str, future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            name,
            future: Box::pin(future),
        }
    }
}

/// What a service is made of. Kit adds the outbox relay, the audit sealer,
/// health, reflection, the clock, metrics, permissions, deadlines and limits.
#[derive(Default)]
pub struct Assembly {
    /// Its gRPC services, each wrapped by [`crate::grpc!`].
    pub routes: tonic::service::Routes,
    /// Their full names, as in the proto. What is not named here is not served.
    pub service_names: Vec<&'static str>,
    /// Its own pages, for the world: served where [`Service::public`] says.
    pub public: axum::Router,
    /// Its loops.
    pub loops: Vec<Loop>,
    /// Who knows whether due work is done.
    pub settled: Vec<Arc<dyn Probe>>,
    /// Its conditions of readiness beside database and schema.
    pub readiness: Vec<Arc<dyn ReadinessProbe>>,
}
