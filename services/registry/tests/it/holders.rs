//! From a roster to the person who is reached.

use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1 as pb;

use crate::house::{self, Desk};
use crate::samples::request_id;

/// A director of HTX An as a roster names her or him, with a mailbox.
fn director(salutation: &str, name: &str, email: &str) -> pb::RosterRow {
    pb::RosterRow {
        line: 2,
        roster_code: "A".to_owned(),
        kind: "HTX".to_owned(),
        display_name: "Hợp tác xã An".to_owned(),
        position: "Giám đốc".to_owned(),
        salutation: salutation.to_owned(),
        person_name: name.to_owned(),
        email: email.to_owned(),
        ..pb::RosterRow::default()
    }
}

async fn import(desk: &mut Desk, row: pb::RosterRow) -> pb::RowReport {
    let request = pb::ImportRosterRequest {
        rows: vec![row],
        mode: pb::ImportMode::GoodRows.into(),
        request_id: request_id(),
        ..pb::ImportRosterRequest::default()
    };
    let answer = desk.organisations.import_roster(request).await.unwrap();
    answer.into_inner().reports.remove(0)
}

/// Salutation, name and mailbox of whoever is reached, first in line first.
async fn reached(desk: &mut Desk, organisation: &str) -> Vec<[String; 3]> {
    let request = pb::BatchGetContactsRequest {
        organisations: vec![organisation.to_owned()],
    };
    let answer = desk.contacts.batch_get_contacts(request).await.unwrap();
    let contacts = answer.into_inner().organisations.remove(0).contacts;
    let directors = contacts
        .into_iter()
        .filter(|contact| contact.position() == Position::Director);
    directors
        .map(|contact| [contact.salutation, contact.person_name, contact.email])
        .collect()
}

fn one(contact: [&str; 3]) -> Vec<[String; 3]> {
    vec![contact.map(str::to_owned)]
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_roster_with_a_new_director_only_the_new_one_is_reached() {
    let house = house::open().await;
    let mut officer = house.desk("user:lan", "*", None, "vi");
    let old = director("Ông", "Lê Văn An", "an@example.vn");
    let report = import(&mut officer, old.clone()).await;
    let home = report.organisation;
    let before = reached(&mut officer, &home).await;
    assert_eq!(before, one(["Ông", "Lê Văn An", "an@example.vn"]));

    let new = director("bà", "Trần Thị Bình", "binh@example.vn");
    let report = import(&mut officer, new.clone()).await;
    assert_eq!(report.organisation, home);
    assert!(
        report.remarks[0].contains("từ nay thư và tin gửi cho người mới"),
        "{:?}",
        report.remarks
    );
    let now = one(["Bà", "Trần Thị Bình", "binh@example.vn"]);
    assert_eq!(reached(&mut officer, &home).await, now);

    // The same file says nothing new, and one that leaves the salutation out takes none away.
    let again = import(&mut officer, new).await;
    assert_eq!(again.outcome(), pb::RowOutcome::Unchanged);
    let silent = director("", "Trần Thị Bình", "binh@example.vn");
    let again = import(&mut officer, silent).await;
    assert_eq!(again.outcome(), pb::RowOutcome::Unchanged);
    assert_eq!(reached(&mut officer, &home).await, now);

    // Whoever comes back is reached again, and the other no more.
    import(&mut officer, old).await;
    let back = reached(&mut officer, &home).await;
    assert_eq!(back, one(["Ông", "Lê Văn An", "an@example.vn"]));
}
