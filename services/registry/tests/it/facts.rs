//! What leaves the registry, and what does not.

use lienminh_proto::obligation::v1 as obligation;
use lienminh_proto::registry::v1 as pb;
use prost::Message;

use crate::house;
use crate::samples::{cooperative, director, of_kind};

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_carries_the_whole_state_and_a_rising_sequence() {
    let house = house::open().await;
    let mut officer = house.officer();
    let known = officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    let changed = pb::Organisation {
        address: "Thôn 1".to_owned(),
        ..known.clone()
    };
    let changed = officer.change(changed, &["address"]).await.unwrap();
    let facts = house.facts().await;
    let keys: Vec<_> = facts
        .iter()
        .map(|(key, sequence, _)| (key.as_str(), *sequence))
        .collect();
    assert_eq!(
        keys,
        [
            ("registry.v1.organisation.created", 1),
            ("registry.v1.organisation.updated", 2)
        ]
    );
    assert_eq!(
        pb::Organisation::decode(facts[0].2.as_slice()).unwrap(),
        known
    );
    assert_eq!(
        pb::Organisation::decode(facts[1].2.as_slice()).unwrap(),
        changed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_number_or_address_of_a_person_leaves_in_a_fact() {
    let house = house::open().await;
    let mut officer = house.officer();
    let home = officer
        .enter(cooperative("Hợp tác xã An"))
        .await
        .unwrap()
        .name;
    let person = pb::Contact {
        salutation: "Bà".to_owned(),
        consents: vec![pb::Consent {
            purpose: pb::ConsentPurpose::Advert.into(),
            granted: true,
            evidence: "Bà Lan ký phiếu".to_owned(),
            time: None,
        }],
        ..director("Nguyễn Thị Lan", "lan@example.vn", "0590000001")
    };
    officer.add(&home, person).await.unwrap();
    let facts = house.facts().await;
    let (key, _, payload) = &facts[1];
    assert_eq!(key, "registry.v1.contact.changed");
    let told = pb::Contact::decode(payload.as_slice()).unwrap();
    assert_eq!(
        (
            told.person_name.as_str(),
            told.salutation.as_str(),
            told.email.as_str(),
            told.phone.as_str()
        ),
        ("", "", "", "")
    );
    assert!(told.consents[0].granted && told.consents[0].evidence.is_empty());
    let text = String::from_utf8_lossy(payload);
    for secret in ["Lan", "lan@example.vn", "590000001"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert_eq!(
        house
            .count("select count(*) from audit where resource like '%Lan%'")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_is_entered_with_its_personal_number_which_no_fact_tells() {
    let house = house::open().await;
    let mut officer = house.officer();
    let entered = officer
        .enter(pb::Organisation {
            tax_code: "067 190 000 123".to_owned(),
            ..of_kind(pb::OrganisationKind::CooperativeGroup, "Tổ hợp tác Bơ")
        })
        .await
        .unwrap();
    assert_eq!(entered.tax_code, "067190000123");
    let (_, _, payload) = &house.facts().await[0];
    let told = pb::Organisation::decode(payload.as_slice()).unwrap();
    assert_eq!(told.tax_code, "");
    assert!(!String::from_utf8_lossy(payload).contains("0671"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_obligation_fact_is_the_obligation_that_its_source_lists() {
    let house = house::open().await;
    let mut officer = house.officer();
    let mut names = Vec::new();
    for (kind, name) in [
        (pb::OrganisationKind::Alliance, "Liên minh HTX tỉnh"),
        (pb::OrganisationKind::Unit, "Ban Phong trào"),
        (pb::OrganisationKind::Cooperative, "Hợp tác xã An"),
    ] {
        names.push(
            officer
                .enter(crate::samples::of_kind(kind, name))
                .await
                .unwrap()
                .name,
        );
    }
    let request = pb::CreateAdmissionBatchRequest {
        admission_batch: Some(pb::AdmissionBatch {
            batch: "1/2024".to_owned(),
            deadline: Some(lienminh_proto::r#type::v1::Anchor {
                when: Some(lienminh_proto::r#type::v1::anchor::When::Day(
                    lienminh_proto::r#type::v1::Day {
                        date: Some(crate::samples::day(2024, 4, 10)),
                        bound: lienminh_proto::r#type::v1::Bound::Before.into(),
                    },
                )),
            }),
            organiser: names[0].clone(),
            lead_unit: names[1].clone(),
            applicants: vec![names[2].clone()],
            ..pb::AdmissionBatch::default()
        }),
        request_id: crate::samples::request_id(),
        validate_only: false,
    };
    officer
        .admissions
        .create_admission_batch(request)
        .await
        .unwrap();
    let facts = house.facts().await;
    let (_, sequence, payload) = facts
        .iter()
        .find(|(key, ..)| key == "registry.v1.obligation.scheduled")
        .unwrap();
    let told = obligation::Obligation::decode(payload.as_slice()).unwrap();
    assert_eq!(told.sequence, *sequence);
    let listed = officer
        .obligations
        .list_obligations(obligation::ListObligationsRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.into_inner().obligations, [told]);
    assert_eq!(
        house
            .count("select count(*) from outbox where mandatory and stream = 'facts:obligation'")
            .await,
        1
    );
}
