use lienminh_proto::registry::v1 as pb;
use tonic::Code;

use crate::house;
use crate::samples::{cooperative, director, fields};

fn batch(names: &[&str]) -> pb::BatchGetContactsRequest {
    pb::BatchGetContactsRequest {
        organisations: names.iter().map(|name| (*name).to_owned()).collect(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_come_in_the_order_asked_without_the_unknown_and_once_each() {
    let house = house::open().await;
    let mut officer = house.officer();
    let a = officer
        .enter(cooperative("Hợp tác xã A"))
        .await
        .unwrap()
        .name;
    let b = officer
        .enter(cooperative("Hợp tác xã B"))
        .await
        .unwrap()
        .name;
    officer
        .add(&a, director("Lê Văn An", "an@example.vn", "0590000001"))
        .await
        .unwrap();
    let unknown = "organisations/0190a5c4-7b1e-7cc0-8f00-000000000001";
    let request = batch(&[&b, unknown, &a, &b]);
    let answer = officer
        .contacts
        .batch_get_contacts(request)
        .await
        .unwrap()
        .into_inner()
        .organisations;
    let names: Vec<_> = answer
        .iter()
        .map(|each| each.organisation.as_str())
        .collect();
    assert_eq!(names, [b.as_str(), a.as_str()]);
    assert_eq!((answer[0].contacts.len(), answer[1].contacts.len()), (0, 1));
    assert_eq!(answer[1].contacts[0].email, "an@example.vn");
    assert_eq!(answer[1].effective_organisation, a);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_22_a_merged_organisation_is_reached_through_its_last_successor() {
    let house = house::open().await;
    let mut officer = house.officer();
    let mut names = Vec::new();
    for name in ["Hợp tác xã A", "Hợp tác xã B", "Hợp tác xã C"] {
        names.push(officer.enter(cooperative(name)).await.unwrap().name);
    }
    officer
        .add(&names[0], director("Người cũ", "cu@example.vn", ""))
        .await
        .unwrap();
    officer
        .add(&names[2], director("Người mới", "moi@example.vn", ""))
        .await
        .unwrap();
    for (from, into) in [(0, 1), (1, 2)] {
        let merged = pb::Organisation {
            name: names[from].clone(),
            status: pb::OrganisationStatus::Merged.into(),
            successor: names[into].clone(),
            ..pb::Organisation::default()
        };
        officer
            .change(merged, &["status", "successor"])
            .await
            .unwrap();
    }
    let request = batch(&[&names[0]]);
    let answer = officer
        .contacts
        .batch_get_contacts(request)
        .await
        .unwrap()
        .into_inner()
        .organisations;
    assert_eq!(
        (&answer[0].organisation, &answer[0].effective_organisation),
        (&names[0], &names[2])
    );
    assert_eq!(answer[0].display_name, "Hợp tác xã C");
    assert_eq!(answer[0].status(), pb::OrganisationStatus::Active);
    let people: Vec<_> = answer[0]
        .contacts
        .iter()
        .map(|each| each.person_name.as_str())
        .collect();
    assert_eq!(people, ["Người mới"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_organisations_are_one_call_and_more_are_refused() {
    let house = house::open().await;
    let mut officer = house.officer();
    let rows = (0..200).map(|number| pb::RosterRow {
        line: number,
        roster_code: format!("R{number}"),
        kind: "HTX".to_owned(),
        display_name: format!("Hợp tác xã số {number}"),
        position: "Giám đốc".to_owned(),
        person_name: format!("Người {number}"),
        phone: format!("059{number:07}"),
        ..pb::RosterRow::default()
    });
    let request = pb::ImportRosterRequest {
        rows: rows.collect(),
        mode: pb::ImportMode::GoodRows.into(),
        request_id: crate::samples::request_id(),
        ..Default::default()
    };
    let imported = officer
        .organisations
        .import_roster(request)
        .await
        .unwrap()
        .into_inner();
    let mut names: Vec<String> = imported
        .reports
        .into_iter()
        .map(|report| report.organisation)
        .collect();
    let request = pb::BatchGetContactsRequest {
        organisations: names.clone(),
    };
    let answer = officer
        .contacts
        .batch_get_contacts(request)
        .await
        .unwrap()
        .into_inner()
        .organisations;
    assert_eq!(answer.len(), 200);
    assert!(
        answer
            .iter()
            .all(|each| each.contacts.len() == 1 && each.contacts[0].phone_receives_sms)
    );
    names.push(names[0].clone());
    let request = pb::BatchGetContactsRequest {
        organisations: names,
    };
    let refused = officer
        .contacts
        .batch_get_contacts(request)
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), fields(&refused)),
        (Code::InvalidArgument, vec!["organisations".to_owned()])
    );
    let refused = officer
        .contacts
        .batch_get_contacts(batch(&["x"]))
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["organisations[0]"]);
}
