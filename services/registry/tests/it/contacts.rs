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
    let home = home(&mut officer).await;
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
    let home = home(&mut officer).await;
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
    let home = home(&mut officer).await;
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
        ..pb::ListContactsRequest::default()
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
    let home = home(&mut officer).await;
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
    let home = home(&mut officer).await;
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
    let home = home(&mut officer).await;
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
    let home = home(&mut officer).await;
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

async fn home(desk: &mut Desk) -> String {
    let entered = desk.enter(cooperative("Hợp tác xã An")).await;
    entered.unwrap().name
}

async fn end(desk: &mut Desk, name: &str, etag: &str) -> Result<pb::Contact, Status> {
    let request = pb::EndContactRequest {
        name: name.to_owned(),
        etag: etag.to_owned(),
        request_id: request_id(),
        validate_only: false,
    };
    Ok(desk.contacts.end_contact(request).await?.into_inner())
}

async fn listed(desk: &mut Desk, parent: &str, show_ended: bool) -> Vec<String> {
    let request = pb::ListContactsRequest {
        parent: parent.to_owned(),
        show_ended,
        ..pb::ListContactsRequest::default()
    };
    let page = desk.contacts.list_contacts(request).await.unwrap();
    let contacts = page.into_inner().contacts.into_iter();
    contacts.map(|contact| contact.person_name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_that_ended_is_reached_no_more_and_keeps_what_was_refused() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = home(&mut officer).await;
    let old = officer
        .add(&home, director("Lê Văn An", "an@example.vn", ""))
        .await
        .unwrap();
    officer
        .add(&home, director("Trần Thị Bình", "binh@example.vn", ""))
        .await
        .unwrap();
    let refused = consent(&mut officer, &old.name, false, "gọi điện").await;
    let stale = end(&mut officer, &old.name, &old.etag).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_STALE");
    house.at("2024-03-05T01:00:00Z");
    // The organisation itself may say who has left, nobody else's.
    let mut member = house.bound_to(&home);
    let ended = end(&mut member, &old.name, &refused.unwrap().etag)
        .await
        .unwrap();
    assert_eq!(
        ended.end_time.unwrap().seconds,
        house.clock.now().as_second()
    );
    assert!(!ended.consents[0].granted);
    let twice = end(&mut officer, &old.name, "").await.unwrap_err();
    assert_eq!(reason(&twice), "ALREADY_ENDED");
    assert_eq!(listed(&mut officer, &home, false).await, ["Trần Thị Bình"]);
    assert_eq!(listed(&mut officer, &home, true).await.len(), 2);
    let request = pb::BatchGetContactsRequest {
        organisations: vec![home.clone()],
    };
    let reach = officer.contacts.batch_get_contacts(request).await.unwrap();
    let reached = &reach.into_inner().organisations[0].contacts;
    assert_eq!(reached.len(), 1);
    assert_eq!(reached[0].email, "binh@example.vn");
    assert_eq!(
        house.keys().await.last().map(String::as_str),
        Some("registry.v1.contact.changed")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_ends_no_term_of_another_organisation() {
    let house = house::open().await;
    let mut officer = house.officer();
    let mut homes = Vec::new();
    for name in ["Hợp tác xã An", "Hợp tác xã Bình"] {
        homes.push(officer.enter(cooperative(name)).await.unwrap().name);
    }
    let theirs = officer
        .add(&homes[1], director("Lê Văn An", "", ""))
        .await
        .unwrap();
    let mut member = house.bound_to(&homes[0]);
    let refused = end(&mut member, &theirs.name, "").await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert_eq!(listed(&mut officer, &homes[1], false).await.len(), 1);
    use kit::database::Session;
    let connection = house.pool.get().await.unwrap();
    let early = "update contact set ended_at = created_at - interval '1 second'";
    let refused = connection.execute(early, &[]).await.unwrap_err();
    assert_eq!(
        refused.sqlstate().map(|state| state.code()),
        Some("23514"),
        "no term ends before it began"
    );
}

fn reasons(contact: &pb::Contact) -> Vec<(&str, &str)> {
    let warnings = contact.warnings.iter();
    warnings
        .map(|warning| (warning.reason.as_str(), warning.field.as_str()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_that_can_be_two_is_entered_and_told() {
    let house = house::open().await;
    let mut officer = house.desk("user:lan", "*", None, "vi");
    let home = home(&mut officer).await;
    let entered = officer
        .add(&home, director("Lê Văn An", "", "0838291234"))
        .await
        .unwrap();
    assert_eq!(entered.phone, "+84838291234");
    assert_eq!(reasons(&entered), [("PHONE_MAY_BE_LANDLINE", "phone")]);
    assert!(entered.warnings[0].message.contains("mã vùng 028"));
    let request = pb::GetContactRequest {
        name: entered.name.clone(),
    };
    let read = officer.contacts.get_contact(request).await.unwrap();
    assert!(
        read.into_inner().warnings.is_empty(),
        "answers of changes only"
    );
    let facts = house.facts().await;
    let told: pb::Contact = prost::Message::decode(facts.last().unwrap().2.as_slice()).unwrap();
    assert!(told.warnings.is_empty());
    let certain = pb::Contact {
        phone: "(08) 3829 1234".to_owned(),
        ..entered.clone()
    };
    let changed = change(&mut officer, certain, &["phone"]).await.unwrap();
    assert_eq!(changed.phone, "+842838291234");
    assert_eq!(reasons(&changed), []);
    let again = pb::Contact {
        phone: "033 3852123".to_owned(),
        ..changed
    };
    let changed = change(&mut officer, again, &["phone"]).await.unwrap();
    assert_eq!(reasons(&changed), [("PHONE_MAY_BE_LANDLINE", "phone")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_director_is_entered_and_told_until_the_first_one_has_left() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = home(&mut officer).await;
    let first = officer
        .add(&home, director("Lê Văn An", "", ""))
        .await
        .unwrap();
    assert_eq!(reasons(&first), []);
    let second = officer
        .add(&home, director("Trần Thị Bình", "", ""))
        .await
        .unwrap();
    assert_eq!(reasons(&second), [("POSITION_IS_HELD", "position")]);
    end(&mut officer, &first.name, "").await.unwrap();
    let renamed = pb::Contact {
        salutation: "Bà".to_owned(),
        ..second
    };
    let changed = change(&mut officer, renamed, &["salutation"])
        .await
        .unwrap();
    assert_eq!(reasons(&changed), []);
    let accountant = pb::Contact {
        position: Position::Accountant.into(),
        ..director("Lê Thị Cúc", "", "")
    };
    for _ in 0..2 {
        let added = officer.add(&home, accountant.clone()).await.unwrap();
        assert_eq!(reasons(&added), []);
    }
}
