//! Every change of the registry.

use lienminh_cli::proto_values::{anchor, date};
use lienminh_proto::registry::v1 as registry;
use prost_types::FieldMask;

use super::book::Book;
use crate::house::{day, through};

pub(super) async fn deeds(book: &mut Book<'_>) {
    let applicant = organisation(book).await;
    admission(book, &applicant).await;
    let request = registry::AdmitMemberRequest {
        name: applicant.clone(),
        kind: registry::MembershipKind::Official.into(),
        decision_number: "15/QĐ-LMHTX".to_owned(),
        admit_date: Some(date(day("2024-02-28"))),
        ..Default::default()
    };
    book.does("AdmitMember", request, of_organisation).await;
    contact(book, &applicant).await;
}

async fn organisation(book: &mut Book<'_>) -> String {
    let organisation = registry::Organisation {
        kind: registry::OrganisationKind::Cooperative.into(),
        display_name: "Hợp tác xã Ea Pô".to_owned(),
        ..Default::default()
    };
    let request = registry::CreateOrganisationRequest {
        organisation: Some(organisation),
        ..Default::default()
    };
    let made = book
        .does("CreateOrganisation", request, of_organisation)
        .await;
    let request = registry::UpdateOrganisationRequest {
        organisation: Some(registry::Organisation {
            name: made.name.clone(),
            address: "Cư Jút".to_owned(),
            ..Default::default()
        }),
        update_mask: mask("address"),
        ..Default::default()
    };
    // The second time there is nothing left to change; it was asked for all the same.
    for _ in 0..2 {
        book.does("UpdateOrganisation", request.clone(), of_organisation)
            .await;
    }
    let row = registry::RosterRow {
        line: 2,
        roster_code: "N-1".to_owned(),
        kind: "HTX".to_owned(),
        display_name: "Hợp tác xã Nâm Nung".to_owned(),
        ..Default::default()
    };
    let request = registry::ImportRosterRequest {
        rows: vec![row],
        mode: registry::ImportMode::AllOrNothing.into(),
        ..Default::default()
    };
    let about = |_: &registry::ImportRosterResponse| "organisations".to_owned();
    book.does("ImportRoster", request, about).await;
    made.name
}

async fn admission(book: &mut Book<'_>, applicant: &str) {
    let batch = registry::AdmissionBatch {
        batch: "1/2024".to_owned(),
        deadline: Some(anchor(Some(&through("2024-04-10")))),
        lead_unit: book.house.unit.clone(),
        organiser: book.house.alliance.clone(),
        applicants: vec![applicant.to_owned()],
        ..Default::default()
    };
    let request = registry::CreateAdmissionBatchRequest {
        admission_batch: Some(batch),
        ..Default::default()
    };
    let of_batch = |batch: &registry::AdmissionBatch| batch.name.clone();
    let made = book.does("CreateAdmissionBatch", request, of_batch).await;
    let request = registry::CompleteAdmissionBatchRequest {
        name: made.name,
        ..Default::default()
    };
    book.does("CompleteAdmissionBatch", request, of_batch).await;
}

async fn contact(book: &mut Book<'_>, parent: &str) {
    let request = registry::CreateContactRequest {
        parent: parent.to_owned(),
        contact: Some(registry::Contact {
            email: "eapo@example.com".to_owned(),
            position: lienminh_proto::obligation::v1::Position::Director.into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let of_contact = |contact: &registry::Contact| contact.name.clone();
    let made = book.does("CreateContact", request, of_contact).await;
    let request = registry::UpdateContactRequest {
        contact: Some(registry::Contact {
            name: made.name.clone(),
            person_name: "Y Thịnh Niê".to_owned(),
            ..Default::default()
        }),
        update_mask: mask("person_name"),
        ..Default::default()
    };
    for _ in 0..2 {
        book.does("UpdateContact", request.clone(), of_contact)
            .await;
    }
    let request = registry::RecordConsentRequest {
        name: made.name.clone(),
        consent: Some(registry::Consent {
            purpose: registry::ConsentPurpose::Advert.into(),
            granted: true,
            evidence: "phiếu đăng ký 01/3/2024".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    book.does("RecordConsent", request, of_contact).await;
    let request = registry::EndContactRequest {
        name: made.name,
        ..Default::default()
    };
    book.does("EndContact", request, of_contact).await;
}

pub(super) fn mask(path: &str) -> Option<FieldMask> {
    Some(FieldMask {
        paths: vec![path.to_owned()],
    })
}

fn of_organisation(organisation: &registry::Organisation) -> String {
    organisation.name.clone()
}
