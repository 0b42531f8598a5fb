//! Callers bound to one organisation.

use lienminh_proto::obligation::v1 as obligation;
use lienminh_proto::registry::v1 as pb;
use tonic::Code;

use crate::house::{self, Desk, House};
use crate::samples::{cooperative, director, fields, request_id};

const MISSING: &str = "organisations/0190a5c4-7b1e-7cc0-8f00-000000000001";

/// A house, an officer of it, and the organisation that this officer has entered.
async fn with_a_member() -> (House, Desk, String) {
    let house = house::open().await;
    let mut officer = house.officer();
    let entered = officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    (house, officer, entered.name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_caller_reads_and_changes_its_own_organisation() {
    let house = house::open().await;
    let mut officer = house.officer();
    let own = officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    officer
        .enter(cooperative("Hợp tác xã An Bình"))
        .await
        .unwrap();
    let mut bound = house.bound_to(&own.name);
    assert_eq!(bound.get(&own.name).await.unwrap(), own);
    let change = pb::Organisation {
        address: "Thôn 1".to_owned(),
        ..own.clone()
    };
    bound.change(change, &["address"]).await.unwrap();
    let contact = bound
        .add(&own.name, director("Lê Văn An", "an@example.vn", ""))
        .await
        .unwrap();
    bound
        .contacts
        .get_contact(pb::GetContactRequest { name: contact.name })
        .await
        .unwrap();
    let list = bound
        .organisations
        .list_organisations(pb::ListOrganisationsRequest::default())
        .await
        .unwrap();
    assert_eq!(list.into_inner().organisations.len(), 1);
    let search = pb::SearchOrganisationsRequest {
        query: "an".to_owned(),
        ..Default::default()
    };
    let found = bound
        .organisations
        .search_organisations(search.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(found.organisations.len(), 1);
    let search = pb::SearchOrganisationsRequest {
        query: "binh".to_owned(),
        ..search
    };
    assert!(
        bound
            .organisations
            .search_organisations(search)
            .await
            .unwrap()
            .into_inner()
            .organisations
            .is_empty()
    );
    let members = pb::ListOrganisationsRequest {
        members_only: true,
        ..Default::default()
    };
    assert!(
        bound
            .organisations
            .list_organisations(members)
            .await
            .unwrap()
            .into_inner()
            .organisations
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_organisation_looks_like_a_missing_one() {
    let (house, mut officer, own) = with_a_member().await;
    let foreign = officer
        .enter(cooperative("Hợp tác xã Ba"))
        .await
        .unwrap()
        .name;
    let contact = officer
        .add(&foreign, director("Lê Văn An", "an@example.vn", ""))
        .await
        .unwrap();
    let mut bound = house.bound_to(&own);
    let told =
        |status: tonic::Status, name: &str| (status.code(), status.message().replace(name, "it"));
    let missing = told(bound.get(MISSING).await.unwrap_err(), MISSING);
    assert_eq!(missing.0, Code::NotFound);
    assert_eq!(
        told(bound.get(&foreign).await.unwrap_err(), &foreign),
        missing
    );
    let change = |name: &str| pb::Organisation {
        name: name.to_owned(),
        address: "Thôn 1".to_owned(),
        ..Default::default()
    };
    assert_eq!(
        told(
            bound
                .change(change(&foreign), &["address"])
                .await
                .unwrap_err(),
            &foreign
        ),
        missing
    );
    assert_eq!(
        told(
            bound
                .change(change(MISSING), &["address"])
                .await
                .unwrap_err(),
            MISSING
        ),
        missing
    );
    let person = director("Trần Thị Bình", "", "");
    assert_eq!(
        told(
            bound.add(&foreign, person.clone()).await.unwrap_err(),
            &foreign
        ),
        missing
    );
    assert_eq!(
        told(bound.add(MISSING, person).await.unwrap_err(), MISSING),
        missing
    );
    let read = bound
        .contacts
        .get_contact(pb::GetContactRequest {
            name: contact.name.clone(),
        })
        .await;
    assert_eq!(read.unwrap_err().code(), Code::NotFound);
    let list = pb::ListContactsRequest {
        parent: foreign.clone(),
        ..Default::default()
    };
    assert_eq!(
        bound.contacts.list_contacts(list).await.unwrap_err().code(),
        Code::NotFound
    );
    let update = pb::UpdateContactRequest {
        contact: Some(contact.clone()),
        request_id: request_id(),
        ..Default::default()
    };
    assert_eq!(
        bound
            .contacts
            .update_contact(update)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
    let batch = pb::BatchGetContactsRequest {
        organisations: vec![foreign, own.clone()],
    };
    let reach = bound
        .contacts
        .batch_get_contacts(batch)
        .await
        .unwrap()
        .into_inner()
        .organisations;
    assert_eq!(
        reach
            .iter()
            .map(|each| &each.organisation)
            .collect::<Vec<_>>(),
        [&own]
    );
    assert_eq!(
        officer
            .contacts
            .get_contact(pb::GetContactRequest {
                name: contact.name.clone()
            })
            .await
            .unwrap()
            .into_inner(),
        contact
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_states_no_consent_for_the_people_in_it() {
    let (house, mut officer, own) = with_a_member().await;
    let mut bound = house.bound_to(&own);
    let person = director("Lê Văn An", "an@example.vn", "");
    let consent = |purpose: pb::ConsentPurpose, granted| pb::Consent {
        purpose: purpose.into(),
        granted,
        evidence: "phiếu đăng ký".to_owned(),
        ..Default::default()
    };
    let agreed = consent(pb::ConsentPurpose::Advert, true);
    let stated = pb::Contact {
        consents: vec![agreed.clone()],
        ..person.clone()
    };
    let refused = bound.add(&own, stated.clone()).await.unwrap_err();
    assert_eq!(fields(&refused), ["contact.consents"]);

    let entered = bound.add(&own, person).await.unwrap();
    for consent in [agreed, consent(pb::ConsentPurpose::Work, false)] {
        let request = pb::RecordConsentRequest {
            name: entered.name.clone(),
            consent: Some(consent),
            request_id: request_id(),
        };
        let refused = bound.contacts.record_consent(request).await.unwrap_err();
        assert_eq!(fields(&refused), ["consent"]);
    }
    // That somebody wants no messages at all, it may say; an officer records the rest.
    let silent = pb::UpdateContactRequest {
        contact: Some(pb::Contact {
            do_not_contact: true,
            ..entered
        }),
        update_mask: None,
        request_id: request_id(),
        validate_only: false,
    };
    let silent = bound.contacts.update_contact(silent).await.unwrap();
    assert!(silent.into_inner().do_not_contact);
    assert_eq!(officer.add(&own, stated).await.unwrap().consents.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_the_whole_house_is_denied() {
    let (house, _, own) = with_a_member().await;
    let mut bound = house.desk("system:portal", "*", Some(own.clone()), "en");
    let denied = Code::PermissionDenied;
    assert_eq!(
        bound
            .enter(cooperative("Hợp tác xã Ba"))
            .await
            .unwrap_err()
            .code(),
        denied
    );
    assert_eq!(bound.admit(&own).await.unwrap_err().code(), denied);
    let import = pb::ImportRosterRequest {
        request_id: request_id(),
        ..Default::default()
    };
    assert_eq!(
        bound
            .organisations
            .import_roster(import)
            .await
            .unwrap_err()
            .code(),
        denied
    );
    let list = pb::ListAdmissionBatchesRequest::default();
    assert_eq!(
        bound
            .admissions
            .list_admission_batches(list)
            .await
            .unwrap_err()
            .code(),
        denied
    );
    let list = obligation::ListObligationsRequest::default();
    assert_eq!(
        bound
            .obligations
            .list_obligations(list)
            .await
            .unwrap_err()
            .code(),
        denied
    );
}
