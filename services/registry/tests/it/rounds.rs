//! A round of admissions, and who is told of it.

use lienminh_proto::obligation::v1 as obligation;
use lienminh_proto::registry::v1 as pb;
use lienminh_proto::r#type::v1::{Anchor, Bound, Day, Document, anchor::When};
use tonic::Status;

use crate::house::Desk;
use crate::samples::{cooperative, day, of_kind, request_id};

/// An alliance with a unit and two cooperatives, and a batch of both.
pub struct Round {
    pub unit: String,
    pub alliance: String,
    pub applicants: Vec<String>,
}

pub async fn round(desk: &mut Desk) -> Round {
    let alliance = desk
        .enter(of_kind(
            pb::OrganisationKind::Alliance,
            "Liên minh HTX tỉnh",
        ))
        .await
        .unwrap()
        .name;
    let unit = desk
        .enter(of_kind(pb::OrganisationKind::Unit, "Ban Phong trào"))
        .await
        .unwrap()
        .name;
    let mut applicants = Vec::new();
    for name in ["Hợp tác xã An", "Hợp tác xã Bình"] {
        applicants.push(desk.enter(cooperative(name)).await.unwrap().name);
    }
    Round {
        unit,
        alliance,
        applicants,
    }
}

pub fn batch(round: &Round) -> pb::AdmissionBatch {
    pb::AdmissionBatch {
        batch: "1/2024".to_owned(),
        deadline: Some(Anchor {
            when: Some(When::Day(Day {
                date: Some(day(2024, 4, 10)),
                bound: Bound::Before.into(),
            })),
        }),
        lead_unit: round.unit.clone(),
        organiser: round.alliance.clone(),
        applicants: round.applicants.clone(),
        issued_document: Some(Document {
            number_as_printed: "123 KH-LMHTX".to_owned(),
            ..Document::default()
        }),
        ..pb::AdmissionBatch::default()
    }
}

pub async fn open(
    desk: &mut Desk,
    batch: pb::AdmissionBatch,
) -> Result<pb::AdmissionBatch, Status> {
    let request = pb::CreateAdmissionBatchRequest {
        admission_batch: Some(batch),
        request_id: request_id(),
        validate_only: false,
    };
    Ok(desk
        .admissions
        .create_admission_batch(request)
        .await?
        .into_inner())
}

pub async fn close(desk: &mut Desk, name: &str, etag: &str) -> Result<pb::AdmissionBatch, Status> {
    let request = pb::CompleteAdmissionBatchRequest {
        name: name.to_owned(),
        etag: etag.to_owned(),
        request_id: request_id(),
    };
    Ok(desk
        .admissions
        .complete_admission_batch(request)
        .await?
        .into_inner())
}

pub fn obligation_of(batch: &pb::AdmissionBatch) -> String {
    batch
        .name
        .replace("admissionBatches/", "registry/obligations/admission_batch-")
}

pub async fn audience(
    desk: &mut Desk,
    obligation: &str,
) -> (obligation::Obligation, Vec<obligation::Party>) {
    let request = obligation::StreamAudienceRequest {
        obligation: obligation.to_owned(),
    };
    let mut stream = desk
        .obligations
        .stream_audience(request)
        .await
        .unwrap()
        .into_inner();
    let first = stream.message().await.unwrap().unwrap();
    let (told, mut parties) = (first.obligation.unwrap(), first.parties);
    while let Some(next) = stream.message().await.unwrap() {
        assert!(next.obligation.is_none());
        parties.extend(next.parties);
    }
    (told, parties)
}

pub fn standing(parties: &[obligation::Party], organisation: &str) -> obligation::PartyState {
    parties
        .iter()
        .find(|party| party.organisation == organisation)
        .unwrap()
        .state()
}
