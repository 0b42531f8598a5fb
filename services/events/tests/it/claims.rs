//! "Đã gửi": the chasing stops for three working days, and somebody is asked.

use lienminh_proto::events::v1::{
    ClaimSubmissionRequest, CompleteDeadlineRequest, Deadline, RecordSubmissionRequest, Submission,
    SubmissionState,
};
use lienminh_proto::obligation::v1::{Obligation, ObligationClass, ObligationStatus, PartyState};
use lienminh_proto::r#type::v1::{Bound, anchor};
use tonic::{Code, Status};

use crate::house::{self, Desk, House};
use crate::samples::{collected, date, day, organisation, parties, reason, report, request_id};

async fn claim(desk: &Desk, deadline: &Deadline, n: u16) -> Result<Submission, Status> {
    let request = ClaimSubmissionRequest {
        parent: deadline.name.clone(),
        organisation: organisation(n),
        request_id: request_id(),
    };
    desk.deadlines
        .clone()
        .claim_submission(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn questions(house: &House) -> Vec<(String, Obligation)> {
    let mut told = house.obligations().await;
    told.retain(|(_, each)| each.kind == "claim_confirmation");
    told
}

#[tokio::test]
async fn a_claim_asks_the_unit_in_charge_within_three_working_days() {
    let house = house::open().await;
    let desk = house.officer();
    let deadline = collected(&desk, report(), 2).await;
    // Thursday 4 April 2024; a weekend lies in between.
    house.at("2024-04-04T02:00:00Z");
    let claimed = claim(&desk, &deadline, 1).await.unwrap();
    assert_eq!(claimed.state(), SubmissionState::Claimed);
    let party = parties(&desk, &deadline.name).await.remove(0);
    assert_eq!(party.state(), PartyState::ClaimedDone);
    assert_eq!(party.state_time, claimed.state_time);

    let (what, asked) = questions(&house).await.remove(0);
    assert_eq!(
        (what.as_str(), asked.class()),
        ("scheduled", ObligationClass::Care)
    );
    assert_eq!(
        asked.title,
        "Xác nhận báo cáo đơn vị đã gửi: Báo cáo kết quả tháng 3/2024"
    );
    let Some(anchor::When::Day(due)) = asked.anchor.unwrap().when else {
        panic!("the question is due by a day")
    };
    assert_eq!(due.date, Some(date(2024, 4, 9)));
    let lead = parties(&desk, &asked.subject).await;
    assert_eq!(lead.len(), 1);
    assert_eq!(lead[0].organisation, organisation(901));
    assert_eq!(lead[0].variables["claimant"], organisation(1));
    assert_eq!(lead[0].variables["claimed_at"], "thứ Năm, 04/4/2024");
}

#[tokio::test]
async fn a_claim_before_a_holiday_leaves_three_working_days() {
    let house = house::open().await;
    let desk = house.officer();
    let later = Deadline {
        anchor: Some(day(date(2024, 4, 25), Bound::Through)),
        ..report()
    };
    let deadline = collected(&desk, later, 1).await;
    // Tuesday 16 April; Thursday the 18th is Giỗ Tổ Hùng Vương, then a weekend.
    house.at("2024-04-16T02:00:00Z");
    claim(&desk, &deadline, 1).await.unwrap();
    let (_, asked) = questions(&house).await.remove(0);
    let Some(anchor::When::Day(due)) = asked.anchor.unwrap().when else {
        panic!("the question is due by a day")
    };
    assert_eq!(due.date, Some(date(2024, 4, 22)));
}

#[tokio::test]
async fn a_second_claim_asks_nobody_again_while_the_first_one_holds() {
    let house = house::open().await;
    let desk = house.officer();
    let deadline = collected(&desk, report(), 1).await;
    house.at("2024-04-04T02:00:00Z");
    let first = claim(&desk, &deadline, 1).await.unwrap();
    house.at("2024-04-09T16:59:59Z");
    assert_eq!(claim(&desk, &deadline, 1).await.unwrap(), first);
    assert_eq!(questions(&house).await.len(), 1);

    house.at("2024-04-09T17:00:00Z");
    let second = claim(&desk, &deadline, 1).await.unwrap();
    assert_ne!(second.state_time, first.state_time);
    let told: Vec<String> = questions(&house)
        .await
        .into_iter()
        .map(|(what, _)| what)
        .collect();
    assert_eq!(told, ["scheduled", "satisfied", "scheduled"]);
}

#[tokio::test]
async fn the_question_is_answered_when_the_report_is_recorded() {
    let house = house::open().await;
    let mut desk = house.officer();
    let deadline = collected(&desk, report(), 2).await;
    claim(&desk, &deadline, 1).await.unwrap();
    let request = RecordSubmissionRequest {
        parent: deadline.name.clone(),
        organisation: organisation(1),
        state: SubmissionState::Submitted.into(),
        remark: "đã nộp bản giấy".into(),
        request_id: request_id(),
    };
    desk.deadlines.record_submission(request).await.unwrap();
    let (_, last) = questions(&house).await.pop().unwrap();
    assert_eq!(last.status(), ObligationStatus::Satisfied);
    let party = parties(&desk, &deadline.name).await.remove(0);
    assert_eq!(party.state(), PartyState::Done);
    assert_eq!(party.reason, "đã nộp ngày 27/02/2024: đã nộp bản giấy");
    // A claim that comes after the receipt changes nothing.
    let late = claim(&desk, &deadline, 1).await.unwrap();
    assert_eq!(late.state(), SubmissionState::Submitted);
}

#[tokio::test]
async fn a_closed_deadline_asks_no_more_about_its_claims() {
    let house = house::open().await;
    let mut desk = house.officer();
    let deadline = collected(&desk, report(), 4).await;
    for n in 1..=3 {
        claim(&desk, &deadline, n).await.unwrap();
    }
    let request = CompleteDeadlineRequest {
        name: deadline.name.clone(),
        request_id: request_id(),
        ..CompleteDeadlineRequest::default()
    };
    desk.deadlines.complete_deadline(request).await.unwrap();
    const OPEN: &str = "select count(*) from deadline where state = 'open'";
    assert_eq!(house.count(OPEN).await, 0);
    let refused = claim(&desk, &deadline, 4).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "DEADLINE_CLOSED".into())
    );
}

#[tokio::test]
async fn a_bound_caller_claims_for_its_own_organisation_only() {
    let house = house::open().await;
    let officer = house.officer();
    let deadline = collected(&officer, report(), 2).await;
    let own = house.bound_to(&organisation(1));
    assert!(claim(&own, &deadline, 1).await.is_ok());
    let refused = claim(&own, &deadline, 2).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::PermissionDenied, "OTHER_ORGANISATION".into())
    );
}
