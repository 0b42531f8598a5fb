//! The facts that the registry tells (`registry.v1.<aggregate>.<fact>`), each
//! with the whole present state of its aggregate.

use kit::outbox::Fact;
use lienminh_proto::registry::v1 as pb;
use prost::Message;
use vietnam::taxcode::TaxCode;

use super::wire;
use crate::domain::admission::{AdmissionBatch, State};
use crate::domain::contact::Contact;
use crate::domain::organisation::Organisation;

const SOURCE: &str = "registry";

pub(crate) fn created(organisation: &Organisation) -> Fact {
    of_organisation(organisation, "created")
}

pub(crate) fn updated(organisation: &Organisation) -> Fact {
    of_organisation(organisation, "updated")
}

fn of_organisation(organisation: &Organisation, fact: &'static str) -> Fact {
    Fact {
        source: SOURCE,
        aggregate: "organisation",
        fact,
        name: organisation.id.to_string(),
        sequence: organisation.version,
        occurred_at: organisation.updated_at,
        type_name: wire::organisation::TYPE,
        message: told(organisation).encode_to_vec(),
    }
}

/// Everything but the tax code of a person or household: it is a personal number, and those
/// never enter a fact.
fn told(organisation: &Organisation) -> pb::Organisation {
    let mut told = wire::organisation::encode(organisation);
    let code = organisation.details.tax_code.as_ref();
    if code.is_some_and(TaxCode::is_personal) {
        told.tax_code = String::new();
    }
    told
}

/// The membership is an aggregate of its own for those who follow members only.
pub(crate) fn admitted(organisation: &Organisation) -> Fact {
    Fact {
        aggregate: "membership",
        fact: "admitted",
        name: format!("{}/membership", organisation.id),
        ..of_organisation(organisation, "updated")
    }
}

pub(crate) fn contact_changed(contact: &Contact) -> Fact {
    Fact {
        source: SOURCE,
        aggregate: "contact",
        fact: "changed",
        name: contact.name().to_string(),
        sequence: contact.version,
        occurred_at: contact.updated_at,
        type_name: wire::contact::TYPE,
        message: wire::contact::encode(contact).encode_to_vec(),
    }
}

/// What the notifier hears when a batch is opened or closed.
pub(crate) fn obligation(batch: &AdmissionBatch) -> Fact {
    Fact {
        source: SOURCE,
        aggregate: "obligation",
        fact: match batch.state {
            State::Open => "scheduled",
            State::Completed => "satisfied",
        },
        name: batch.id.obligation(),
        sequence: batch.version,
        occurred_at: batch.updated_at,
        type_name: wire::obligation::TYPE,
        message: wire::obligation::encode(batch).encode_to_vec(),
    }
}
