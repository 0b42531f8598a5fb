use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1 as pb;
use tonic::{Code, Status};

use crate::house::{self, Desk};
use crate::samples::{cooperative, director, fields, mask, reason, request_id};

async fn change(
    desk: &mut Desk,
    contact: pb::Contact,
    paths: &[&str],
) -> Result<pb::Contact, Status> {
    let request = pb::UpdateContactRequest {
        contact: Some(contact),
        update_mask: mask(paths),
        request_id: request_id(),
        validate_only: false,
    };
    Ok(desk.contacts.update_contact(request).await?.into_inner())
}

async fn consent(
    desk: &mut Desk,
    contact: &str,
    granted: bool,
    evidence: &str,
) -> Result<pb::Contact, Status> {
    let request = pb::RecordConsentRequest {
        name: contact.to_owned(),
        consent: Some(pb::Consent {
            purpose: pb::ConsentPurpose::Advert.into(),
            granted,
            evidence: evidence.to_owned(),
            time: None,
        }),
        request_id: request_id(),
    };
    Ok(desk.contacts.record_consent(request).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn case_24_a_number_in_any_form_is_kept_as_e164() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = officer
        .enter(cooperative("Hợp tác xã An"))
        .await
        .unwrap()
        .name;
    let mobile = officer
        .add(
            &home,
            director("Lê Văn An", "an@Example.VN", "0169 000.0001"),
        )
        .await
        .unwrap();
    assert_eq!(
        (mobile.phone.as_str(), mobile.phone_receives_sms),
        ("+84390000001", true)
    );
    assert_eq!(
        (mobile.email.as_str(), mobile.language.as_str()),
        ("an@example.vn", "vi")
    );
    let office = pb::Contact {
        position: Position::Office.into(),
        ..director("", "", "(0261) 354 1234")
    };
    let landline = officer.add(&home, office).await.unwrap();
    assert_eq!(
        (landline.phone.as_str(), landline.phone_receives_sms),
        ("+842613541234", false)
    );
    let read = officer
        .contacts
        .get_contact(pb::GetContactRequest {
            name: mobile.name.clone(),
        })
        .await
        .unwrap();
    assert_eq!(read.into_inner(), mobile);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_fields_of_a_contact_are_named() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = officer
        .enter(cooperative("Hợp tác xã An"))
        .await
        .unwrap()
        .name;
    let wrong = pb::Contact {
        position: 0,
        language: "fr".to_owned(),
        consents: vec![pb::Consent::default()],
        ..director(&"An ".repeat(100), "an@", "12")
    };
    let unfit = director("An\r\nBcc: x", "an@example.com", "0912345678");
    let refused = officer.add(&home, unfit).await.unwrap_err();
    assert_eq!(fields(&refused), ["contact.person_name"]);
    let refused = officer.add(&home, wrong).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        [
            "contact.person_name",
            "contact.position",
            "contact.email",
            "contact.phone",
            "contact.language",
            "contact.consents[0].purpose",
            "contact.consents[0].evidence"
        ]
    );
    let nowhere = "organisations/0190a5c4-7b1e-7cc0-8f00-000000000001";
    let refused = officer
        .add(nowhere, director("Lê Văn An", "", ""))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert_eq!(house.count("select count(*) from contact").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_listed_by_position_page_by_page() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = officer
        .enter(cooperative("Hợp tác xã An"))
        .await
        .unwrap()
        .name;
    let positions = [
        Position::Office,
        Position::Accountant,
        Position::Director,
        Position::Chair,
        Position::Director,
    ];
    for (number, position) in positions.into_iter().enumerate() {
        let contact = pb::Contact {
            position: position.into(),
            ..director(&format!("Người {number}"), "", "")
        };
        officer.add(&home, contact).await.unwrap();
    }
    let mut request = pb::ListContactsRequest {
        parent: home,
        page_size: 2,
        page_token: String::new(),
    };
    let mut listed = Vec::new();
    loop {
        let page = officer
            .contacts
            .list_contacts(request.clone())
            .await
            .unwrap()
            .into_inner();
        listed.extend(page.contacts.into_iter().map(|each| each.person_name));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(
        listed,
        ["Người 3", "Người 2", "Người 4", "Người 1", "Người 0"]
    );
    request.parent = "organisations/0190a5c4-7b1e-7cc0-8f00-000000000001".to_owned();
    let foreign = officer
        .contacts
        .list_contacts(request.clone())
        .await
        .unwrap_err();
    assert_eq!(reason(&foreign), "FOREIGN_PAGE_TOKEN");
    request.page_token.clear();
    assert_eq!(
        officer
            .contacts
            .list_contacts(request)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn case_21_a_changed_number_shows_at_once_and_a_stale_etag_is_refused() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = officer
        .enter(cooperative("Hợp tác xã An"))
        .await
        .unwrap()
        .name;
    let known = officer
        .add(&home, director("Lê Văn An", "an@example.vn", "0590000001"))
        .await
        .unwrap();
    let moved = pb::Contact {
        phone: "0590000009".to_owned(),
        ..known.clone()
    };
    let changed = change(&mut officer, moved.clone(), &["phone"])
        .await
        .unwrap();
    assert_eq!(
        (changed.phone.as_str(), changed.email.as_str()),
        ("+84590000009", "an@example.vn")
    );
    let stale = change(&mut officer, moved, &["email"]).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_STALE");
    let server = change(&mut officer, changed.clone(), &["consents"])
        .await
        .unwrap_err();
    assert_eq!(reason(&server), "FIELD_NOT_UPDATABLE");
    let request = pb::BatchGetContactsRequest {
        organisations: vec![home],
    };
    let reach = officer
        .contacts
        .batch_get_contacts(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(reach.organisations[0].contacts, [changed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_consent_counts_and_all_are_kept() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = officer
        .enter(cooperative("Hợp tác xã An"))
        .await
        .unwrap()
        .name;
    let known = officer
        .add(&home, director("Lê Văn An", "an@example.vn", ""))
        .await
        .unwrap();
    consent(&mut officer, &known.name, true, "phiếu đăng ký 12/3/2024")
        .await
        .unwrap();
    house.at("2024-03-05T01:00:00Z");
    let after = consent(&mut officer, &known.name, false, "gọi điện 08h10")
        .await
        .unwrap();
    assert_eq!(after.consents.len(), 1);
    assert!(!after.consents[0].granted);
    assert_eq!(
        after.consents[0].time.unwrap().seconds,
        house.clock.now().as_second()
    );
    assert_ne!(after.etag, known.etag);
    let read = officer
        .contacts
        .get_contact(pb::GetContactRequest {
            name: known.name.clone(),
        })
        .await
        .unwrap();
    assert_eq!(read.into_inner(), after);
    assert_eq!(house.count("select count(*) from consent").await, 2);
    let bare = consent(&mut officer, &known.name, true, " ")
        .await
        .unwrap_err();
    assert_eq!(fields(&bare), ["consent.evidence"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_runtime_role_cannot_rewrite_a_consent() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = officer
        .enter(cooperative("Hợp tác xã An"))
        .await
        .unwrap()
        .name;
    let known = officer
        .add(&home, director("Lê Văn An", "an@example.vn", ""))
        .await
        .unwrap();
    consent(&mut officer, &known.name, false, "gọi điện")
        .await
        .unwrap();
    use kit::database::Session;
    let connection = house.pool.get().await.unwrap();
    for forgery in ["update consent set granted = true", "delete from consent"] {
        let refused = connection.execute(forgery, &[]).await.unwrap_err();
        assert_eq!(
            refused.sqlstate().map(|state| state.code()),
            Some("42501"),
            "{forgery}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_has_at_most_fifty_contacts() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = officer
        .enter(cooperative("Hợp tác xã An"))
        .await
        .unwrap()
        .name;
    for number in 0..50 {
        officer
            .add(&home, director(&format!("Người {number}"), "", ""))
            .await
            .unwrap();
    }
    let refused = officer
        .add(&home, director("Người 50", "", ""))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "TOO_MANY_CONTACTS")
    );
}
