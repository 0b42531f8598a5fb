//! The registry service: organisations, memberships, people to reach, admissions.
//!
//! `api` answers calls with what `domain` decides and `store` keeps; `domain`
//! knows neither. The other services are built the same way.

pub mod api;
pub mod config;
pub mod domain;
pub mod store;

use kit::migrate::Migration;
use kit::service::{Assembly, Context, Service};
use lienminh_proto::obligation::v1::obligation_source_service_server as obligation;
use lienminh_proto::registry::v1::organisation_service_server as organisation;
use lienminh_proto::registry::v1::{
    admission_service_server as admission, contact_service_server as contact,
};

use api::State;
use api::admission::AdmissionApi;
use api::contact::ContactApi;
use api::obligation::ObligationApi;
use api::organisation::OrganisationApi;

/// The registry.
#[derive(Debug)]
pub struct Registry;

static MIGRATIONS: [Migration; 7] = [
    Migration::new(
        1,
        "organisation",
        include_str!("../migrations/0001_organisation.sql"),
    ),
    Migration::new(2, "contact", include_str!("../migrations/0002_contact.sql")),
    Migration::new(
        3,
        "admission",
        include_str!("../migrations/0003_admission.sql"),
    ),
    Migration::new(4, "walk", include_str!("../migrations/0004_walk.sql")),
    Migration::new(
        5,
        "codes_by_member",
        include_str!("../migrations/0005_codes_by_member.sql"),
    ),
    Migration::new(
        6,
        "personal_tax_code",
        include_str!("../migrations/0006_personal_tax_code.sql"),
    ),
    Migration::new(7, "term", include_str!("../migrations/0007_term.sql")),
];

impl Service for Registry {
    const NAME: &'static str = "registry";

    type Settings = config::Settings;

    fn migrations() -> &'static [Migration] {
        &MIGRATIONS
    }

    async fn assemble(context: Context, _settings: Self::Settings) -> anyhow::Result<Assembly> {
        let state = State::new(context)?;
        let routes = tonic::service::Routes::new(kit::grpc!(
            organisation::OrganisationServiceServer::new(OrganisationApi(state.clone()))
        ))
        .add_service(kit::grpc!(contact::ContactServiceServer::new(ContactApi(
            state.clone()
        ))))
        .add_service(kit::grpc!(admission::AdmissionServiceServer::new(
            AdmissionApi(state.clone())
        )))
        .add_service(kit::grpc!(obligation::ObligationSourceServiceServer::new(
            ObligationApi(state)
        )));
        Ok(Assembly {
            routes,
            service_names: vec![
                organisation::SERVICE_NAME,
                contact::SERVICE_NAME,
                admission::SERVICE_NAME,
                obligation::SERVICE_NAME,
            ],
            ..Assembly::default()
        })
    }
}
