//! Obligations as the notifier reads them.

use kit::wire::timestamp;
use lienminh_proto::obligation::v1 as wire;

use super::{anchor, date, document, field, place};
use crate::domain::obligation::{Obligation, Status};

/// The full proto type of an obligation.
pub(crate) const TYPE: &str = "lienminh.obligation.v1.Obligation";

/// An obligation as the contracts have it.
#[must_use]
pub(crate) fn to_proto(obligation: &Obligation) -> wire::Obligation {
    wire::Obligation {
        name: obligation.subject.obligation_name(),
        source: "events".to_owned(),
        kind: obligation.kind.to_owned(),
        class: i32::from(field::class_to_proto(obligation.class)),
        title: obligation.title.clone(),
        anchor: Some(anchor::to_proto(&obligation.anchor)),
        anchor_version: obligation.anchor_version,
        // The anchor decides.
        useful_until_time: None,
        place: place::to_proto(&obligation.place),
        organiser: obligation.organiser.to_string(),
        lead_unit: obligation.lead_unit.to_string(),
        status: i32::from(match obligation.status {
            Status::Scheduled => wire::ObligationStatus::Scheduled,
            Status::Postponed => wire::ObligationStatus::Postponed,
            Status::Satisfied => wire::ObligationStatus::Satisfied,
            Status::Cancelled => wire::ObligationStatus::Cancelled,
        }),
        sequence: obligation.sequence,
        issued_document: document::to_proto(&obligation.document),
        links: links(obligation),
        attributes: obligation
            .attributes
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.clone()))
            .collect(),
        update_time: Some(timestamp(obligation.updated_at)),
        reply_by_date: obligation.reply_by.map(date::to_proto),
        subject: obligation.subject.to_string(),
    }
}

fn links(obligation: &Obligation) -> Vec<String> {
    [&obligation.document.uri, &obligation.place.online_uri]
        .into_iter()
        .filter(|uri| !uri.is_empty())
        .cloned()
        .collect()
}
