use lienminh_proto::obligation::v1 as obligation;
use lienminh_proto::registry::v1 as pb;
use lienminh_proto::r#type::v1::{Anchor, Bound, Day, anchor::When};
use tonic::Code;

use crate::house;
use crate::rounds::{audience, batch, obligation_of, open, round};
use crate::samples::{cooperative, day, fields, reason, request_id};

#[tokio::test(flavor = "multi_thread")]
async fn the_last_two_admitted_at_once_close_the_batch_once() {
    let house = house::open().await;
    let mut officer = house.officer();
    let round = round(&mut officer).await;
    open(&mut officer, batch(&round)).await.unwrap();
    let (mut one, mut two) = (officer.clone(), officer.clone());
    let (first, second) = tokio::join!(
        one.admit(&round.applicants[0]),
        two.admit(&round.applicants[1])
    );
    first.unwrap();
    second.unwrap();
    assert_eq!(
        house
            .count("select count(*) from admission_batch where state = 'completed'")
            .await,
        1
    );
    let satisfied = "registry.v1.obligation.satisfied";
    assert_eq!(
        house
            .keys()
            .await
            .iter()
            .filter(|key| *key == satisfied)
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_last_day_is_over_is_opened_with_a_warning() {
    let house = house::open().await;
    let mut officer = house.officer();
    let round = round(&mut officer).await;
    let until = |date, bound: Bound| Anchor {
        when: Some(When::Day(Day {
            date: Some(date),
            bound: bound.into(),
        })),
    };
    // Today is 27 February 2024.
    for (date, bound, reasons) in [
        (day(2024, 2, 27), Bound::Through, &[][..]),
        (day(2024, 2, 27), Bound::Before, &["TIME_PASSED"][..]),
        (day(2024, 2, 26), Bound::Through, &["TIME_PASSED"][..]),
        (day(1901, 1, 1), Bound::Through, &["TIME_PASSED"][..]),
    ] {
        let given = pb::AdmissionBatch {
            deadline: Some(until(date, bound)),
            ..batch(&round)
        };
        let request = pb::CreateAdmissionBatchRequest {
            admission_batch: Some(given),
            request_id: request_id(),
            validate_only: true,
        };
        let checked = officer.admissions.create_admission_batch(request).await;
        let warnings = checked.unwrap().into_inner().warnings;
        let told: Vec<&str> = warnings.iter().map(|each| each.reason.as_str()).collect();
        assert_eq!(told, reasons, "{date:?}");
        assert!(warnings.iter().all(|each| each.field == "deadline"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_names_an_applicant_as_member_admits_it() {
    let house = house::open().await;
    let mut officer = house.officer();
    let mut round = round(&mut officer).await;
    let applicant = pb::Organisation {
        roster_code: "A".to_owned(),
        ..cooperative("Hợp tác xã Cao")
    };
    round.applicants = vec![officer.enter(applicant).await.unwrap().name];
    let opened = open(&mut officer, batch(&round)).await.unwrap();
    let request = pb::ImportRosterRequest {
        rows: vec![pb::RosterRow {
            line: 2,
            roster_code: "A".to_owned(),
            membership: "liên kết".to_owned(),
            ..pb::RosterRow::default()
        }],
        mode: pb::ImportMode::AllOrNothing.into(),
        request_id: request_id(),
        ..Default::default()
    };
    let report = officer
        .organisations
        .import_roster(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(report.reports[0].outcome(), pb::RowOutcome::Updated);
    let (told, _) = audience(&mut officer, &obligation_of(&opened)).await;
    assert_eq!(told.status(), obligation::ObligationStatus::Satisfied);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_batch_is_named_and_nothing_is_written() {
    let house = house::open().await;
    let mut officer = house.officer();
    let round = round(&mut officer).await;
    let nobody = "organisations/0190a5c4-7b1e-7cc0-8f00-000000000001".to_owned();
    for (wrong, field) in [
        (
            pb::AdmissionBatch {
                deadline: None,
                ..batch(&round)
            },
            "admission_batch.deadline",
        ),
        (
            pb::AdmissionBatch {
                batch: String::new(),
                ..batch(&round)
            },
            "admission_batch.batch",
        ),
        (
            pb::AdmissionBatch {
                applicants: Vec::new(),
                ..batch(&round)
            },
            "admission_batch.applicants",
        ),
        (
            pb::AdmissionBatch {
                applicants: vec![nobody.clone()],
                ..batch(&round)
            },
            "admission_batch.applicants",
        ),
        (
            pb::AdmissionBatch {
                applicants: vec![round.unit.clone()],
                ..batch(&round)
            },
            "admission_batch.applicants[0]",
        ),
        (
            pb::AdmissionBatch {
                lead_unit: nobody,
                ..batch(&round)
            },
            "admission_batch.lead_unit",
        ),
    ] {
        let refused = open(&mut officer, wrong).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec![field.to_owned()])
        );
    }
    assert_eq!(house.count("select count(*) from admission_batch").await, 0);
    officer.admit(&round.applicants[0]).await.unwrap();
    let member = open(&mut officer, batch(&round)).await.unwrap_err();
    assert_eq!(
        (member.code(), reason(&member).as_str()),
        (Code::FailedPrecondition, "ALREADY_A_MEMBER")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn admission_checks_date_state_and_etag() {
    let house = house::open().await;
    let mut officer = house.officer();
    let known = officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    let request = pb::AdmitMemberRequest {
        name: known.name.clone(),
        kind: pb::MembershipKind::Official.into(),
        decision_number: "15/QĐ-LMHTX".to_owned(),
        admit_date: Some(day(2024, 2, 28)),
        batch: String::new(),
        etag: known.etag.clone(),
        request_id: request_id(),
    };
    let future = officer
        .organisations
        .admit_member(request.clone())
        .await
        .unwrap_err();
    assert_eq!(
        (fields(&future), reason(&future)),
        (vec!["admit_date".to_owned()], "IN_THE_FUTURE".to_owned())
    );
    let empty = pb::AdmitMemberRequest {
        name: known.name.clone(),
        request_id: request_id(),
        ..Default::default()
    };
    let refused = officer.organisations.admit_member(empty).await.unwrap_err();
    assert_eq!(fields(&refused), ["kind", "decision_number", "admit_date"]);
    let today = pb::AdmitMemberRequest {
        admit_date: Some(day(2024, 2, 27)),
        ..request
    };
    officer
        .organisations
        .admit_member(today.clone())
        .await
        .unwrap();
    let stale = pb::AdmitMemberRequest {
        request_id: request_id(),
        ..today
    };
    assert_eq!(
        reason(&officer.organisations.admit_member(stale).await.unwrap_err()),
        "ETAG_STALE"
    );
    assert_eq!(
        reason(&officer.admit(&known.name).await.unwrap_err()),
        "ALREADY_A_MEMBER"
    );
}
