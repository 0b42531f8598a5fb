//! Support money: programmes, applications, disbursements, and a ledger that
//! the database itself keeps balanced.

mod api;
mod config;
pub mod domain;
mod store;

use kit::migrate::Migration;
use kit::service::{Assembly, Context, Service};
use lienminh_proto::funding::v1::funding_service_server as funding_server;
use lienminh_proto::obligation::v1::obligation_source_service_server as source_server;

pub use config::Settings;

/// The funding service.
pub struct Funding;

static MIGRATIONS: [Migration; 6] = [
    Migration::new(1, "ledger", include_str!("../migrations/0001_ledger.sql")),
    Migration::new(
        2,
        "application",
        include_str!("../migrations/0002_application.sql"),
    ),
    Migration::new(
        3,
        "justified",
        include_str!("../migrations/0003_justified.sql"),
    ),
    Migration::new(4, "persons", include_str!("../migrations/0004_persons.sql")),
    Migration::new(5, "days", include_str!("../migrations/0005_days.sql")),
    Migration::new(
        6,
        "bank_reference",
        include_str!("../migrations/0006_bank_reference.sql"),
    ),
];

impl Service for Funding {
    const NAME: &'static str = "funding";
    type Settings = Settings;

    fn migrations() -> &'static [Migration] {
        &MIGRATIONS
    }

    fn check(settings: &Settings, _: &kit::config::Settings) -> Result<(), Vec<String>> {
        let days = [
            ("--appraisal-days", settings.appraisal_days),
            ("--decision-days", settings.decision_days),
        ];
        let wrong: Vec<String> = days
            .into_iter()
            .filter(|(_, days)| !(1..=250).contains(days))
            .map(|(flag, days)| format!("{flag} is {days}, must be 1 to 250"))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    async fn assemble(context: Context, settings: Settings) -> anyhow::Result<Assembly> {
        let desk = api::Desk::new(&context, &settings);
        let routes = tonic::service::Routes::new(kit::grpc!(
            funding_server::FundingServiceServer::new(desk.clone())
        ))
        .add_service(kit::grpc!(
            source_server::ObligationSourceServiceServer::new(desk)
        ));
        Ok(Assembly {
            routes,
            service_names: vec![funding_server::SERVICE_NAME, source_server::SERVICE_NAME],
            ..Assembly::default()
        })
    }
}
