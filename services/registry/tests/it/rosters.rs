use lienminh_proto::registry::v1 as pb;
use tonic::{Code, Status};

use crate::house::{self, Desk};
use crate::samples::{fields, request_id};

fn row(line: i32, code: &str, name: &str) -> pb::RosterRow {
    pb::RosterRow {
        line,
        roster_code: code.to_owned(),
        kind: "HTX".to_owned(),
        display_name: name.to_owned(),
        ..pb::RosterRow::default()
    }
}

fn request(rows: &[pb::RosterRow], mode: pb::ImportMode) -> pb::ImportRosterRequest {
    pb::ImportRosterRequest {
        rows: rows.to_vec(),
        mode: mode.into(),
        request_id: request_id(),
        ..Default::default()
    }
}

async fn import(
    desk: &mut Desk,
    rows: &[pb::RosterRow],
    mode: pb::ImportMode,
) -> Result<pb::ImportRosterResponse, Status> {
    Ok(desk
        .organisations
        .import_roster(request(rows, mode))
        .await?
        .into_inner())
}

fn outcomes(response: &pb::ImportRosterResponse) -> Vec<pb::RowOutcome> {
    response
        .reports
        .iter()
        .map(pb::RowReport::outcome)
        .collect()
}

/// Two good rows around a bad one.
fn mixed() -> [pb::RosterRow; 3] {
    [
        pb::RosterRow {
            tax_code: "0100233488".to_owned(),
            membership: "chính thức".to_owned(),
            decision_number: "07/QĐ-LMHTX".to_owned(),
            admit_date: "15/3/2019".to_owned(),
            position: "Giám đốc".to_owned(),
            person_name: "Le\u{302} Va\u{306}n An".to_owned(),
            phone: "0169 000 0001".to_owned(),
            email: "an@example.vn".to_owned(),
            advert_consent: "không".to_owned(),
            ..row(2, "A", "Hợp tác xã An")
        },
        pb::RosterRow {
            phone: "12".to_owned(),
            email: "sai".to_owned(),
            tax_code: "0100233489".to_owned(),
            ..row(3, "B", "Hợp tác xã Ba")
        },
        row(4, "C", "Hợp tác xã Cư Jút"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn good_rows_are_written_and_bad_ones_told_with_line_field_and_reason() {
    let house = house::open().await;
    let mut officer = house.desk("user:lan", "*", None, "vi");
    let response = import(&mut officer, &mixed(), pb::ImportMode::GoodRows)
        .await
        .unwrap();
    assert_eq!(
        outcomes(&response),
        [
            pb::RowOutcome::Created,
            pb::RowOutcome::Refused,
            pb::RowOutcome::Created
        ]
    );
    assert_eq!(
        (response.organisations_created, response.contacts_written),
        (2, 1)
    );
    let bad = &response.reports[1];
    assert_eq!((bad.line, bad.organisation.as_str()), (3, ""));
    assert_eq!(bad.fields, ["tax_code", "email", "phone"]);
    assert!(
        bad.remarks[0].contains("chữ số kiểm tra"),
        "{:?}",
        bad.remarks
    );
    let an = officer
        .get(&response.reports[0].organisation)
        .await
        .unwrap();
    let membership = an.membership.unwrap();
    assert_eq!(
        (membership.kind(), membership.state()),
        (pb::MembershipKind::Official, pb::MembershipState::Admitted)
    );
    assert_eq!(membership.decision_number, "07/QĐ-LMHTX");
    let reach = pb::BatchGetContactsRequest {
        organisations: vec![an.name],
    };
    let contact = officer
        .contacts
        .batch_get_contacts(reach)
        .await
        .unwrap()
        .into_inner()
        .organisations
        .remove(0)
        .contacts
        .remove(0);
    assert_eq!(
        (contact.person_name.as_str(), contact.phone.as_str()),
        ("Lê Văn An", "+84390000001")
    );
    assert_eq!(
        contact.consents[0].evidence,
        "Danh sách nhập ngày 27/02/2024, dòng 2"
    );
    assert!(!contact.consents[0].granted);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing_writes_nothing_at_all_when_a_row_is_bad() {
    let house = house::open().await;
    let mut officer = house.officer();
    let asked = request(&mixed(), pb::ImportMode::AllOrNothing);
    let response = officer
        .organisations
        .import_roster(asked.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        outcomes(&response),
        [
            pb::RowOutcome::Unchanged,
            pb::RowOutcome::Refused,
            pb::RowOutcome::Unchanged
        ]
    );
    assert_eq!(
        (response.organisations_created, response.contacts_written),
        (0, 0)
    );
    for table in [
        "select count(*) from organisation",
        "select count(*) from contact",
        "select count(*) from outbox",
        "select count(*) from request",
        "select count(*) from audit",
    ] {
        assert_eq!(house.count(table).await, 0, "{table}");
    }
    let [first, _, last] = mixed();
    let mended = pb::ImportRosterRequest {
        rows: vec![first, last],
        ..asked
    };
    let response = officer
        .organisations
        .import_roster(mended.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        response.organisations_created, 2,
        "the same request_id, because the refusal left nothing"
    );
    let again = officer
        .organisations
        .import_roster(mended)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(again, response);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_roster_again_changes_nothing_and_tells_nobody() {
    let house = house::open().await;
    let mut officer = house.officer();
    import(&mut officer, &mixed(), pb::ImportMode::GoodRows)
        .await
        .unwrap();
    let facts = house.keys().await;
    assert_eq!(
        facts,
        [
            "registry.v1.organisation.created",
            "registry.v1.organisation.created",
            "registry.v1.membership.admitted",
            "registry.v1.contact.changed"
        ]
    );
    let again = import(&mut officer, &mixed(), pb::ImportMode::GoodRows)
        .await
        .unwrap();
    assert_eq!(
        outcomes(&again),
        [
            pb::RowOutcome::Unchanged,
            pb::RowOutcome::Refused,
            pb::RowOutcome::Unchanged
        ]
    );
    assert_eq!(house.keys().await, facts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clash_of_two_rosters_is_settled_by_the_tax_code_and_the_name() {
    let house = house::open().await;
    let mut officer = house.desk("user:lan", "*", None, "vi");
    let tax_code = "0100233488".to_owned();
    let first = pb::RosterRow {
        tax_code: tax_code.clone(),
        ..row(2, "A", "Hợp tác xã Bình Minh")
    };
    import(&mut officer, &[first], pb::ImportMode::GoodRows)
        .await
        .unwrap();
    let agrees = pb::RosterRow {
        tax_code: tax_code.clone(),
        position: "Kế toán".to_owned(),
        person_name: "Trần Thị Bình".to_owned(),
        email: "binh@example.vn".to_owned(),
        ..row(2, "X-9", "HTX BÌNH MINH")
    };
    let clashes = pb::RosterRow {
        tax_code,
        ..row(3, "Y-1", "Hợp tác xã Sao Mai")
    };
    let response = import(&mut officer, &[agrees, clashes], pb::ImportMode::GoodRows)
        .await
        .unwrap();
    assert_eq!(
        outcomes(&response),
        [pb::RowOutcome::Updated, pb::RowOutcome::Refused]
    );
    assert!(
        response.reports[0].remarks[0].contains("giữ mã A"),
        "{:?}",
        response.reports[0].remarks
    );
    assert!(
        response.reports[1].remarks[0].contains("Hợp tác xã Bình Minh"),
        "{:?}",
        response.reports[1].remarks
    );
    assert_eq!(house.count("select count(*) from organisation").await, 1);
    assert_eq!(house.count("select count(*) from contact").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_contact_takes_the_new_number_and_a_unit_its_parent() {
    let house = house::open().await;
    let mut officer = house.officer();
    let alliance = pb::RosterRow {
        kind: "LM".to_owned(),
        ..row(2, "LM", "Liên minh Hợp tác xã tỉnh")
    };
    let unit = |phone: &str| pb::RosterRow {
        kind: "Ban".to_owned(),
        parent_code: "LM".to_owned(),
        position: "Trưởng ban".to_owned(),
        person_name: "Lê Văn An".to_owned(),
        phone: phone.to_owned(),
        ..row(3, "B1", "Ban Chính sách")
    };
    let first = import(
        &mut officer,
        &[unit("0590000001"), alliance],
        pb::ImportMode::GoodRows,
    )
    .await
    .unwrap();
    let unit_read = officer.get(&first.reports[0].organisation).await.unwrap();
    assert_eq!(unit_read.parent, first.reports[1].organisation);
    let second = import(
        &mut officer,
        &[unit("0590000002")],
        pb::ImportMode::AllOrNothing,
    )
    .await
    .unwrap();
    assert_eq!(outcomes(&second), [pb::RowOutcome::Updated]);
    assert_eq!(
        (second.organisations_updated, second.contacts_written),
        (0, 1)
    );
    assert_eq!(
        house
            .count("select count(*) from contact where phone = '+84590000002'")
            .await,
        1
    );
    assert_eq!(house.count("select count(*) from contact").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_reports_without_writing() {
    let house = house::open().await;
    let mut officer = house.officer();
    let asked = pb::ImportRosterRequest {
        validate_only: true,
        ..request(&mixed(), pb::ImportMode::GoodRows)
    };
    let response = officer
        .organisations
        .import_roster(asked)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        outcomes(&response),
        [
            pb::RowOutcome::Created,
            pb::RowOutcome::Refused,
            pb::RowOutcome::Created
        ]
    );
    assert!(
        response
            .reports
            .iter()
            .all(|report| report.organisation.is_empty())
    );
    assert_eq!(house.count("select count(*) from organisation").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_has_a_mode_and_one_to_two_hundred_rows() {
    let house = house::open().await;
    let mut officer = house.officer();
    let many: Vec<_> = (0..201)
        .map(|line| row(line, &format!("R{line}"), "Hợp tác xã An"))
        .collect();
    for (rows, mode, field) in [
        (&many[..0], pb::ImportMode::GoodRows, "rows"),
        (&many[..], pb::ImportMode::GoodRows, "rows"),
        (&many[..1], pb::ImportMode::Unspecified, "mode"),
    ] {
        let refused = import(&mut officer, rows, mode).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec![field.to_owned()])
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_at_once_take_turns_and_double_nobody() {
    let house = house::open().await;
    let officer = house.officer();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let mut desk = officer.clone();
        calls.spawn(async move {
            import(&mut desk, &mixed(), pb::ImportMode::GoodRows)
                .await
                .unwrap()
        });
    }
    let created: i32 = calls
        .join_all()
        .await
        .iter()
        .map(|response| response.organisations_created)
        .sum();
    assert_eq!(created, 2);
    assert_eq!(house.count("select count(*) from organisation").await, 2);
    assert_eq!(house.count("select count(*) from contact").await, 1);
}
