//! The members: two of three read mail, all have a mobile.

use anyhow::{Context, ensure};
use lienminh_cli::connect::Clients;
use lienminh_cli::load::fresh_request_id;
use lienminh_proto::registry::v1::{ImportMode, ImportRosterRequest, RosterRow};

use super::insist;

/// The registry takes at most this many rows a call.
const ROWS_A_CALL: usize = 200;

/// Resource names of those brought in.
pub(crate) struct People {
    pub(crate) alliance: String,
    pub(crate) unit: String,
    pub(crate) parties: Vec<String>,
}

/// Brings an alliance with its unit and so many members in.
pub(crate) async fn bring_in(clients: &Clients, members: usize) -> anyhow::Result<People> {
    let house = [
        body("LM", "LM", "Liên minh Hợp tác xã tỉnh Đắk Nông", ""),
        body("P-KHHT", "Ban", "Phòng Kế hoạch Hỗ trợ", "LM"),
    ];
    let mut house = import(clients, &house).await?.into_iter();
    let alliance = house.next().context("the alliance was not taken in")?;
    let unit = house.next().context("its unit was not taken in")?;
    let rows: Vec<RosterRow> = (1..=members).map(member).collect();
    let mut parties = Vec::with_capacity(members);
    for chunk in rows.chunks(ROWS_A_CALL) {
        parties.extend(import(clients, chunk).await?);
    }
    Ok(People {
        alliance,
        unit,
        parties,
    })
}

async fn import(clients: &Clients, rows: &[RosterRow]) -> anyhow::Result<Vec<String>> {
    let request = ImportRosterRequest {
        rows: rows.to_vec(),
        mode: ImportMode::AllOrNothing.into(),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let answer = insist("the roster", || async {
        let answer = clients
            .organisations()
            .import_roster(request.clone())
            .await?;
        Ok(answer.into_inner())
    })
    .await?;
    let names: Vec<String> = answer
        .reports
        .into_iter()
        .map(|report| report.organisation)
        .collect();
    ensure!(
        names.len() == rows.len() && names.iter().all(|name| !name.is_empty()),
        "a row of the roster was refused"
    );
    Ok(names)
}

fn body(code: &str, kind: &str, name: &str, parent: &str) -> RosterRow {
    RosterRow {
        line: 2,
        roster_code: code.to_owned(),
        kind: kind.to_owned(),
        display_name: name.to_owned(),
        locality: "Gia Nghĩa".to_owned(),
        province_code: "67".to_owned(),
        parent_code: parent.to_owned(),
        position: "Văn phòng".to_owned(),
        email: format!("{}@lienminh.example", code.to_lowercase()),
        ..Default::default()
    }
}

fn member(number: usize) -> RosterRow {
    let reads_mail = !number.is_multiple_of(3);
    RosterRow {
        line: i32::try_from(number).unwrap_or(i32::MAX),
        roster_code: format!("M{number:05}"),
        kind: "HTX".to_owned(),
        display_name: format!("Hợp tác xã Nông nghiệp số {number}"),
        address: "Đắk Nia, thành phố Gia Nghĩa, tỉnh Đắk Nông".to_owned(),
        locality: "Đắk Nia".to_owned(),
        province_code: "67".to_owned(),
        cluster: "Gia Nghĩa".to_owned(),
        membership: "chính thức".to_owned(),
        decision_number: "71/QĐ-LMHTX".to_owned(),
        admit_date: "2/7/2019".to_owned(),
        position: "Giám đốc".to_owned(),
        person_name: "Lê Thanh Khánh".to_owned(),
        email: if reads_mail {
            format!("m{number:05}@example.com")
        } else {
            String::new()
        },
        phone: format!("059{number:07}"),
        ..Default::default()
    }
}
