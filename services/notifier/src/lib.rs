//! The reminder desk: from obligations to the right message to the right person
//! on time, with nothing lost, nothing doubled, and every doubt explained.

pub mod api;
pub mod channel;
pub mod config;
pub mod domain;
pub mod meters;
pub mod render;
pub mod source;
pub mod store;
pub mod work;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use kit::config::{PublicPort, Settings as Common};
use kit::consumer::Consumer;
use kit::health::{Heartbeat, ReadinessProbe};
use kit::migrate::Migration;
use kit::mutation::Mutations;
use kit::page::Tokens;
use kit::service::{Assembly, Context, Loop, Service};
use kit::telemetry::Meter;
use lienminh_proto::notifier::v1::hold_service_server::{self, HoldServiceServer};
use lienminh_proto::notifier::v1::notifier_service_server::{self, NotifierServiceServer};
use lienminh_proto::notifier::v1::parking_service_server::{self, ParkingServiceServer};
use rand::RngCore as _;
use tonic::service::Routes;
use vietnam::calendar::Calendar;

use api::Api;
use api::receipts::ReceiptPage;
use channel::Ways;
use channel::gate::Gates;
use channel::probe::RestProbe;
use config::Settings;
use domain::rule::Rules;
use render::Renderer;
use source::{Sources, Urls};
use work::desk::{Desk, Inner};
use work::hold::{Hold, HoldRemark};
use work::intake::FactHandler;
use work::sending::Parts;
use work::settled::DeskProbe;

/// The queue of all facts about obligations.
const FACTS_QUEUE: &str = "notifier.facts";

/// The notifier.
#[derive(Debug)]
pub struct Notifier;

impl Service for Notifier {
    const NAME: &'static str = "notifier";

    const SCOPE: &'static str = "obligations.* registry.contacts.batchGet";

    /// A mail whose final dot is sent waits ten minutes for its answer (RFC 5321
    /// section 4.5.3.2.6); to leave sooner would leave it unknown.
    const STOP: Duration = Duration::from_secs(11 * 60);

    type Settings = Settings;

    fn migrations() -> &'static [Migration] {
        &MIGRATIONS
    }

    fn meters() -> &'static [Meter] {
        &meters::METERS
    }

    fn check(settings: &Settings, common: &Common) -> Result<(), Vec<String>> {
        let mut problems = settings.problems();
        problems.extend(settings.untrusted(common));
        let ways = Ways::read(&settings.channels, String::new());
        let relay = ways.as_ref().map_or("", |ways| ways.smtp.host());
        problems.extend(settings.unfit_for_live(common.environment, relay));
        problems.extend(ways.err().unwrap_or_default());
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn remarks(settings: &Settings) -> Vec<String> {
        let mut remarks = settings.remarks();
        let ways = Ways::read(&settings.channels, String::new());
        remarks.extend(ways.ok().and_then(|ways| ways.smtp.remark()));
        remarks
    }

    fn public(settings: &Settings) -> Option<&PublicPort> {
        Some(&settings.public)
    }

    async fn assemble(context: Context, settings: Settings) -> anyhow::Result<Assembly> {
        let desk = desk(&context, &settings).await?;
        let mut assembly = Assembly {
            routes: routes(&context, &desk).await?,
            service_names: vec![
                notifier_service_server::SERVICE_NAME,
                parking_service_server::SERVICE_NAME,
                hold_service_server::SERVICE_NAME,
            ],
            settled: vec![Arc::new(DeskProbe(desk.clone()))],
            readiness: vec![Arc::new(HoldRemark(desk.clone()))],
            ..Assembly::default()
        };
        take_in(&context, &desk, &mut assembly);
        send(&context, &desk, &settings, &mut assembly).await?;
        Ok(assembly)
    }
}

/// The steps of the schema, in order.
pub static MIGRATIONS: [Migration; 12] = [
    Migration::new(
        1,
        "obligation",
        include_str!("../migrations/0001_obligation.sql"),
    ),
    Migration::new(
        2,
        "occurrence",
        include_str!("../migrations/0002_occurrence.sql"),
    ),
    Migration::new(
        3,
        "delivery",
        include_str!("../migrations/0003_delivery.sql"),
    ),
    Migration::new(4, "attempt", include_str!("../migrations/0004_attempt.sql")),
    Migration::new(
        5,
        "leased_by",
        include_str!("../migrations/0005_leased_by.sql"),
    ),
    Migration::new(6, "hot", include_str!("../migrations/0006_hot.sql")),
    Migration::new(7, "guarded", include_str!("../migrations/0007_guarded.sql")),
    Migration::new(8, "policy", include_str!("../migrations/0008_policy.sql")),
    Migration::new(9, "hold", include_str!("../migrations/0009_hold.sql")),
    Migration::new(
        10,
        "calendar_sequence",
        include_str!("../migrations/0010_calendar_sequence.sql"),
    ),
    Migration::new(
        11,
        "written_by",
        include_str!("../migrations/0011_written_by.sql"),
    ),
    Migration::new(
        12,
        "carried_by",
        include_str!("../migrations/0012_carried_by.sql"),
    ),
];

async fn desk(context: &Context, settings: &Settings) -> anyhow::Result<Desk> {
    let urls = Urls {
        sources: &[
            ("events", settings.events_url.as_str()),
            ("funding", settings.funding_url.as_str()),
            ("registry", settings.registry.registry_url.as_str()),
        ],
        registry: settings.registry.registry_url.as_str(),
    };
    Ok(Desk::new(Inner {
        pool: context.pool.clone(),
        clock: context.clock.clone(),
        rules: Rules::embedded().context("the embedded rules")?,
        calendar: Calendar::official(),
        sources: Sources::new(&context.peers, &urls)?,
        held: work::fanout::HELD,
        settle: settings.settle_delay,
        reply_url: settings
            .reply_url
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        mail_domain: settings.channels.mail_domain.clone(),
        planned: tokio::sync::Notify::new(),
        doubted: tokio::sync::Notify::new(),
        hold: Hold::begin(&context.pool)
            .await
            .context("it is not known whether this database was restored")?,
        outbox: context.outbox_bell.clone(),
    }))
}

async fn routes(context: &Context, desk: &Desk) -> anyhow::Result<Routes> {
    let mutations = Mutations::new(context.pool.clone(), context.outbox_bell.clone());
    let api = Api::new(
        desk.clone(),
        Tokens::new(&secret(context, "page_tokens").await?),
        mutations,
    );
    Ok(
        Routes::new(kit::grpc!(NotifierServiceServer::new(api.clone())))
            .add_service(kit::grpc!(ParkingServiceServer::new(api.clone())))
            .add_service(kit::grpc!(HoldServiceServer::new(api))),
    )
}

/// A secret of this service, made by whichever replica starts first.
async fn secret(context: &Context, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut candidate = [0_u8; 32];
    rand::rng().fill_bytes(&mut candidate);
    let ensured = async {
        let session = context.pool.get().await?;
        store::secret::ensure(&session, name, &candidate).await
    };
    ensured
        .await
        .with_context(|| format!("the secret {name} cannot be read"))
}

/// The loops from facts to deliveries.
fn take_in(context: &Context, desk: &Desk, assembly: &mut Assembly) {
    let shutdown = context.shutdown.clone();
    let facts = Consumer::new(
        context.broker.clone(),
        FACTS_QUEUE,
        FactHandler::new(desk.clone()),
    )
    .with_waits(context.clock.waits());
    let consuming: Arc<dyn ReadinessProbe> = Arc::new(facts.consuming());
    let heartbeat = Arc::new(Heartbeat::new("scheduler", work::scheduler::SILENCE));
    assembly.readiness.push(consuming);
    assembly.readiness.push(heartbeat.clone());
    assembly.loops.extend([
        Loop::new("facts", facts.run(shutdown.clone())),
        Loop::new(
            "scheduler",
            work::scheduler::run(desk.clone(), heartbeat, shutdown.clone()),
        ),
        Loop::new(
            "comparison",
            work::antientropy::run(desk.clone(), shutdown.clone()),
        ),
        Loop::new(
            "parking",
            work::parking::run(desk.clone(), context.broker.clone(), shutdown),
        ),
    ]);
}

/// The loops from deliveries to people, and the page where gateways report.
async fn send(
    context: &Context,
    desk: &Desk,
    settings: &Settings,
    assembly: &mut Assembly,
) -> anyhow::Result<()> {
    let token = channel::sms::receipt_token(&secret(context, "receipts").await?);
    let ways = Ways::read(&settings.channels, token.clone())
        .map_err(|problems| anyhow::anyhow!(problems.join("; ")))?;
    let renderer = Renderer::new(ways.sender.clone()).context("the templates")?;
    assembly.public = api::receipts::router(ReceiptPage {
        pool: context.pool.clone(),
        bell: context.outbox_bell.clone(),
        token,
    });
    let gates = Gates::default();
    let rests = [
        RestProbe::new("email", Arc::clone(&gates.email)),
        RestProbe::new("sms", Arc::clone(&gates.sms)),
    ];
    assembly
        .readiness
        .extend(rests.map(|rest| Arc::new(rest) as Arc<dyn ReadinessProbe>));
    assembly.loops.push(Loop::new(
        "measures",
        work::gauges::run(desk.clone(), gates.clone(), context.shutdown.clone()),
    ));
    assembly.loops.extend(work::sending::assemble(Parts {
        desk: desk.clone(),
        broker: context.broker.clone(),
        ways,
        gates,
        renderer,
        shutdown: context.shutdown.clone(),
    }));
    Ok(())
}
