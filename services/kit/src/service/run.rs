//! From bound ports to a running service and back.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures_util::future::{OptionFuture, join};
use lienminh_proto::clock::v1::clock_service_server::{ClockServiceServer, SERVICE_NAME as CLOCK};
use tokio_util::sync::CancellationToken;

use super::{Addresses, Assembly, Context, Loop, Service, supervise};
use crate::auth::{AuthFolder, Permissions, Signer, Verifier};
use crate::broker::Broker;
use crate::client::Peers;
use crate::clock::ClockApi;
use crate::config::{Environment, Ports, PublicPort, Settings};
use crate::database::{Address, Pool};
use crate::health::{DatabaseProbe, Health, ReadinessProbe, SchemaProbe, SessionProbe};
use crate::mutation::Mutations;
use crate::outbox::Bell;
use crate::server::Door;
use crate::telemetry::{Gauges, Metrics};
use crate::{auth, http, server};

/// Between saying NOT_SERVING and closing the port, so that load balancers
/// notice before callers do. A development machine has none.
const NOTICE: Duration = Duration::from_secs(5);

/// All ports, bound before anything else is done: a taken port is known at once.
pub struct Bound {
    grpc: server::Port,
    http: http::Port,
    public: Option<http::Port>,
}

impl Bound {
    /// Binds them; that for the world where there is one.
    ///
    /// # Errors
    /// One of them is taken or not ours.
    pub async fn open(ports: &Ports, public: Option<&PublicPort>) -> Result<Self> {
        let public = match public {
            Some(public) => Some(http::Port::bind(public.public_listen).await?),
            None => None,
        };
        Ok(Self {
            grpc: server::Port::bind(ports.grpc_listen).await?,
            http: http::Port::bind(ports.http_listen).await?,
            public,
        })
    }

    /// Where they are.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        Addresses {
            grpc: self.grpc.address(),
            http: self.http.address(),
            public: self.public.as_ref().map(http::Port::address),
        }
    }

    fn announce(&self, file: Option<&Path>) -> Result<()> {
        let Addresses { grpc, http, public } = self.addresses();
        tracing::info!(%grpc, %http, public = public.map(tracing::field::display), "listening");
        let Some(file) = file else {
            return Ok(());
        };
        let text = serde_json::json!({ "grpc": grpc, "http": http, "public": public });
        auth::replace(file, text.to_string().as_bytes(), 0o644)
    }
}

/// Runs the service until `stop`, then stops in order: NOT_SERVING, loops told,
/// ports closed, rpcs in flight finished, all within bounds.
///
/// # Errors
/// It cannot start, or a loop or a port failed on the way.
pub async fn serve<S: Service>(
    bound: Bound,
    metrics: Metrics,
    settings: Settings,
    own: S::Settings,
    stop: CancellationToken,
) -> Result<()> {
    bound.announce(settings.ports.addresses_file.as_deref())?;
    if settings.migrate {
        let ca = &settings.database_ca;
        let owner = settings.migration_database_url.address(ca)?;
        migrate::<S>(owner, settings.database_url.address(ca)?).await?;
    }
    let folder = AuthFolder::open(&settings.auth_dir)?;
    let context = context::<S>(&settings, &folder, bound.addresses())?;
    let gauges = Gauges {
        pool: context.pool.clone(),
        folder: settings.auth_dir.clone(),
        certificates: [settings.certificates(), S::certificates(&own)].concat(),
    };
    let verifier = Verifier::open(folder)?;
    let proxies = S::public(&own).map(|port| port.trusted_proxy.clone());
    let mut assembly = S::assemble(context.clone(), own)
        .await
        .with_context(|| format!("{} cannot be put together", S::NAME))?;
    assembly.public = http::public(assembly.public, proxies.unwrap_or_default());
    assembly.readiness.push(bound.grpc.readiness());
    let measuring = gauges.run(context.shutdown.clone());
    assembly.loops.push(Loop::new("gauges", measuring));
    let running = Running::of::<S>(context, verifier, assembly, &settings, metrics).await?;
    running.serve(bound, &settings, stop, S::STOP).await
}

/// Applies what is missing; returns how many migrations that were.
pub(super) async fn migrate<S: Service>(
    owner: Option<Address>,
    runtime: Option<Address>,
) -> Result<usize> {
    let Some(owner) = owner else {
        let only = runtime.context("--migration-database-url is needed")?;
        return Ok(crate::migrate::run_at(only, S::migrations(), None).await?);
    };
    let role = runtime.as_ref().and_then(Address::role);
    Ok(crate::migrate::run_at(owner, S::migrations(), role).await?)
}

fn context<S: Service>(
    settings: &Settings,
    folder: &AuthFolder,
    addresses: Addresses,
) -> Result<Context> {
    let key = folder.service_key(S::NAME)?;
    let signer = Signer::new(key, format!("service:{}", S::NAME), S::SCOPE);
    let peers = Peers::new(signer.clone()).with_certificates(settings.tls.for_calls()?);
    let pool = Pool::to(settings.database()?, settings.database_pool_size, S::NAME)?;
    let outbox_bell = Bell::new();
    Ok(Context {
        name: S::NAME,
        mutations: Mutations::new(pool.clone(), outbox_bell.clone()),
        pool,
        clock: settings.clock(),
        broker: Broker::at(settings.broker_url.address(&settings.broker_ca)?, S::NAME),
        signer,
        peers,
        outbox_bell,
        shutdown: CancellationToken::new(),
        language: settings.language,
        environment: settings.environment,
        addresses,
    })
}

/// A service ready to be served.
struct Running {
    context: Context,
    router: axum::Router,
    inside: axum::Router,
    public: axum::Router,
    health: Health,
    loops: Vec<Loop>,
}

impl Running {
    async fn of<S: Service>(
        context: Context,
        verifier: Verifier,
        assembly: Assembly,
        settings: &Settings,
        metrics: Metrics,
    ) -> Result<Self> {
        let (reporter, health_server) = tonic_health::server::health_reporter();
        let mut names = assembly.service_names;
        let mut routes = assembly.routes.add_service(health_server);
        if context.clock.is_stepped() {
            names.push(CLOCK);
            let mut probes = assembly.settled;
            probes.extend(super::own::settled(&context));
            let api = ClockApi::new(context.clock.clone(), probes);
            routes = routes.add_service(crate::grpc!(ClockServiceServer::new(api)));
        }
        let mut permissions = Permissions::read(crate::descriptors::pool(), &names)?;
        open_health(&mut permissions);
        if settings.reflects() {
            routes = server::add_reflection(routes, &mut permissions, &names)?;
        }
        let (own, flow) = super::own::loops(&context);
        let mut readiness = probes(&context);
        readiness.push(Arc::new(flow));
        readiness.extend(assembly.readiness);
        let health = Health::new(readiness, names, reporter).await;
        let inside = http::inside(metrics.clone(), health.clone());
        let door = Door::limited(
            permissions,
            verifier.clone(),
            context.language,
            settings.lookup_rates(),
        );
        let router = door.guard(routes);
        let mut loops = assembly.loops;
        loops.extend(own);
        let shutdown = context.shutdown.clone();
        loops.push(Loop::new("keys", verifier.follow(shutdown.clone())));
        loops.push(Loop::new("metrics", metrics.keep_up(shutdown.clone())));
        crate::migrate::watch::begin(&context.pool, S::migrations()).await;
        let watched = context.pool.clone();
        let watch = crate::migrate::watch::run(watched, S::migrations(), shutdown);
        loops.push(Loop::new("schema", watch));
        Ok(Self {
            context,
            router,
            inside,
            public: assembly.public,
            health,
            loops,
        })
    }

    async fn serve(
        self,
        bound: Bound,
        settings: &Settings,
        stop: CancellationToken,
        patience: Duration,
    ) -> Result<()> {
        let shutdown = self.context.shutdown.clone();
        let judging = tokio::spawn(self.health.clone().follow());
        let loops = tokio::spawn(supervise(
            self.loops,
            shutdown.clone(),
            stop.clone(),
            patience,
        ));
        let public = bound
            .public
            .map(|port| port.serve(self.public, shutdown.clone()));
        let inside = bound.http.serve(self.inside, shutdown.clone());
        let pages = tokio::spawn(join(inside, OptionFuture::from(public)));
        let grpc = bound
            .grpc
            .serve(self.router, &settings.tls, shutdown.clone());
        let leave = async {
            stop.cancelled().await;
            self.health.leave().await;
            if settings.environment == Environment::Production {
                tokio::time::sleep(NOTICE).await;
            }
            shutdown.cancel();
        };
        // A port that fails takes the process down in the same order.
        let guarded = async {
            let outcome = grpc.await;
            stop.cancel();
            outcome
        };
        let (outcome, ()) = tokio::join!(guarded, leave);
        judging.await.context("readiness failed")?;
        pages.await.context("an HTTP port failed")?;
        let failed = loops.await.context("the loops failed")?;
        self.context.pool.close();
        outcome?;
        if let Some(name) = failed {
            bail!("the loop {name} ended while the service was running");
        }
        tracing::info!("stopped");
        Ok(())
    }
}

fn open_health(permissions: &mut Permissions) {
    const HEALTH: &str = "grpc.health.v1.Health";
    permissions.open(HEALTH, "Check", false);
    permissions.open(HEALTH, "List", false);
    permissions.open(HEALTH, "Watch", true);
}

fn probes(context: &Context) -> Vec<Arc<dyn ReadinessProbe>> {
    vec![
        Arc::new(DatabaseProbe(context.pool.clone())),
        Arc::new(SessionProbe::new(context.pool.clone())),
        Arc::new(SchemaProbe(context.pool.clone())),
    ]
}
