//! The events service: plans and their items, events with their invitations,
//! deadlines with what is owed, the answers to them, and the obligations that
//! follow from all of it.

pub mod api;
pub mod config;
pub mod domain;
pub mod store;

use kit::config::{PublicPort, Settings as Common};
use kit::migrate::Migration;
use kit::page::Tokens;
use kit::service::{Assembly, Context, Service};
use lienminh_proto::events::v1::answer_service_server::{self, AnswerServiceServer};
use lienminh_proto::events::v1::deadline_service_server::{self, DeadlineServiceServer};
use lienminh_proto::events::v1::event_service_server::{self, EventServiceServer};
use lienminh_proto::events::v1::plan_service_server::{self, PlanServiceServer};
use lienminh_proto::obligation::v1::obligation_source_service_server::{
    self, ObligationSourceServiceServer,
};
use tonic::service::Routes;
use vietnam::calendar::Calendar;

use api::directory::Directory;
use api::{House, Rooms};
use config::Settings;
use domain::token::TokenKey;

/// The events service.
#[derive(Debug)]
pub struct Events;

impl Service for Events {
    const NAME: &'static str = "events";

    /// For the names and the telephone that pages show.
    const SCOPE: &'static str = "registry.contacts.batchGet";

    type Settings = Settings;

    fn migrations() -> &'static [Migration] {
        &store::MIGRATIONS
    }

    fn public(settings: &Settings) -> Option<&PublicPort> {
        Some(&settings.public)
    }

    fn check(settings: &Settings, common: &Common) -> Result<(), Vec<String>> {
        let registry = ("--registry-url", &settings.registry.registry_url);
        let mut problems = common.tls.untrusted(&[registry]);
        problems.extend(settings.problem(common.environment));
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    async fn assemble(context: Context, settings: Settings) -> anyhow::Result<Assembly> {
        let house = House::new(Rooms {
            mutations: context.mutations,
            pool: context.pool,
            clock: context.clock,
            pages: Tokens::new(&context.signer.secret("page tokens")),
            replies: TokenKey::new(context.signer.secret("reply tokens")),
            reply_base: settings.reply_base(),
            directory: Directory::new(&context.peers, settings.registry.registry_url.as_str())?,
            calendar: Calendar::official(),
            language: context.language,
        });
        Ok(Assembly {
            routes: routes(&house),
            service_names: vec![
                plan_service_server::SERVICE_NAME,
                event_service_server::SERVICE_NAME,
                deadline_service_server::SERVICE_NAME,
                answer_service_server::SERVICE_NAME,
                obligation_source_service_server::SERVICE_NAME,
            ],
            public: api::reply::routes(house),
            ..Assembly::default()
        })
    }
}

fn routes(house: &House) -> Routes {
    let plans = api::plan::Plans::new(house.clone());
    let events = api::event::Events::new(house.clone());
    let deadlines = api::deadline::Deadlines::new(house.clone());
    let answers = api::answer::Answers::new(house.clone());
    let source = api::source::Source::new(house.clone());
    Routes::new(kit::grpc!(PlanServiceServer::new(plans)))
        .add_service(kit::grpc!(EventServiceServer::new(events)))
        .add_service(kit::grpc!(DeadlineServiceServer::new(deadlines)))
        .add_service(kit::grpc!(AnswerServiceServer::new(answers)))
        .add_service(kit::grpc!(ObligationSourceServiceServer::new(source)))
}
