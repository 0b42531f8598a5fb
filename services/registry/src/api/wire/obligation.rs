//! What the notifier hears of an admission batch.

use std::collections::HashMap;

use lienminh_proto::obligation::v1 as pb;

use super::admission::{encode_deadline, encode_document};
use super::contact::encode_position;
use crate::domain::admission::{AdmissionBatch, State};
use crate::domain::party::{Party, Standing};

/// Full proto type of an obligation.
pub(crate) const TYPE: &str = "lienminh.obligation.v1.Obligation";

/// The key of the reminder rules for admission batches.
const KIND: &str = "admission_batch";

pub(crate) fn encode(batch: &AdmissionBatch) -> pb::Obligation {
    let status = match batch.state {
        State::Open => pb::ObligationStatus::Scheduled,
        State::Completed => pb::ObligationStatus::Satisfied,
    };
    pb::Obligation {
        name: batch.id.obligation(),
        source: "registry".to_owned(),
        kind: KIND.to_owned(),
        class: pb::ObligationClass::LegalDeadline.into(),
        title: batch.title(),
        anchor: Some(encode_deadline(batch.details.deadline)),
        anchor_version: batch.anchor_version,
        useful_until_time: None,
        place: None,
        organiser: batch.details.organiser.to_string(),
        lead_unit: batch.details.lead_unit.to_string(),
        status: status.into(),
        sequence: batch.version,
        issued_document: encode_document(&batch.details.issued_document),
        links: Vec::new(),
        attributes: attributes(batch),
        update_time: Some(kit::wire::timestamp(batch.updated_at)),
        reply_by_date: None,
        subject: batch.id.to_string(),
    }
}

fn attributes(batch: &AdmissionBatch) -> HashMap<String, String> {
    let contents = "hoàn thiện hồ sơ xin gia nhập và nộp về đơn vị phụ trách".to_owned();
    HashMap::from([
        ("batch".to_owned(), batch.details.batch.clone()),
        ("applicants".to_owned(), batch.applicants.len().to_string()),
        ("contents".to_owned(), contents),
    ])
}

pub(crate) fn encode_party(party: &Party) -> pb::Party {
    let (state, since) = match party.standing {
        Standing::Concerned => (pb::PartyState::Concerned, None),
        Standing::Done(at) => (pb::PartyState::Done, Some(at)),
    };
    pb::Party {
        organisation: party.organisation.to_string(),
        positions: party
            .positions
            .iter()
            .map(|each| encode_position(*each).into())
            .collect(),
        state: state.into(),
        reason: party.reason.clone(),
        variables: HashMap::new(),
        reply_token: String::new(),
        answer_code: String::new(),
        state_time: since.map(kit::wire::timestamp),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::Timestamp;
    use lienminh_proto::r#type::v1::{Bound, anchor::When};

    use super::*;
    use crate::domain::admission::tests::batch;

    #[test]
    fn an_open_batch_is_a_legal_deadline_before_its_day() {
        let batch = batch();
        let told = encode(&batch);
        assert_eq!(told.class(), pb::ObligationClass::LegalDeadline);
        assert_eq!(told.status(), pb::ObligationStatus::Scheduled);
        assert_eq!((told.sequence, told.anchor_version), (1, 1));
        assert_eq!(told.title, "Kết nạp thành viên đợt 1/2024");
        let Some(When::Day(day)) = told.anchor.unwrap().when else {
            panic!("not a day");
        };
        assert_eq!(day.bound(), Bound::Before);
    }

    #[test]
    fn a_closed_batch_is_satisfied_at_the_same_anchor() {
        let mut batch = batch();
        batch.complete(Timestamp::UNIX_EPOCH);
        let told = encode(&batch);
        assert_eq!(told.status(), pb::ObligationStatus::Satisfied);
        assert_eq!((told.sequence, told.anchor_version), (2, 1));
    }
}
