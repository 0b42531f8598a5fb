//! Deadlines, what is owed under them, and how they close.

use lienminh_proto::events::v1::{
    CancelDeadlineRequest, CompleteDeadlineRequest, CreateDeadlineRequest, Deadline, DeadlineState,
    GetDeadlineRequest, ListDeadlinesRequest, ListSubmissionsRequest, RecordSubmissionRequest,
    RescheduleDeadlineRequest, SubmissionState, UpdateDeadlineRequest,
};
use lienminh_proto::obligation::v1::{ObligationClass, ObligationStatus, PartyState};
use lienminh_proto::r#type::v1::{Anchor, Bound};
use tonic::Code;

use crate::house::{self, Desk};
use crate::samples::{
    collected, date, day, fields, organisation, organisations, parties, reason, report, request_id,
    submissions,
};

fn task() -> Deadline {
    Deadline {
        kind: "task".into(),
        title: "Xuất bản Bản tin Kinh tế hợp tác số 44".into(),
        ..report()
    }
}

async fn record(desk: &Desk, deadline: &Deadline, n: u16, state: SubmissionState) {
    let request = RecordSubmissionRequest {
        parent: deadline.name.clone(),
        organisation: organisation(n),
        state: state.into(),
        remark: String::new(),
        request_id: request_id(),
    };
    desk.deadlines
        .clone()
        .record_submission(request)
        .await
        .unwrap();
}

async fn state(desk: &Desk, deadline: &Deadline) -> DeadlineState {
    let request = GetDeadlineRequest {
        name: deadline.name.clone(),
        ..GetDeadlineRequest::default()
    };
    desk.deadlines
        .clone()
        .get_deadline(request)
        .await
        .unwrap()
        .into_inner()
        .state()
}

#[tokio::test]
async fn a_report_is_told_with_its_class_and_contents() {
    let house = house::open().await;
    let desk = house.officer();
    let deadline = collected(&desk, report(), 2).await;
    let (what, told) = house.obligations().await.remove(0);
    assert_eq!((what.as_str(), told.kind.as_str()), ("scheduled", "report"));
    assert_eq!(told.class(), ObligationClass::LegalDeadline);
    assert_eq!(told.subject, deadline.name);
    assert_eq!(told.attributes["contents"], "Kết quả sản xuất\nKhó khăn");
    assert_eq!(told.attributes["submit_to"], "Văn phòng Liên minh");
    let keys: Vec<String> = house
        .facts()
        .await
        .into_iter()
        .map(|fact| fact.key)
        .collect();
    assert_eq!(
        keys,
        [
            "events.v1.deadline.created",
            "events.v1.obligation.scheduled"
        ]
    );
}

#[tokio::test]
async fn a_deadline_closes_itself_when_nobody_owes_anything() {
    let house = house::open().await;
    let desk = house.officer();
    let deadline = collected(&desk, report(), 3).await;
    record(&desk, &deadline, 1, SubmissionState::Submitted).await;
    record(&desk, &deadline, 2, SubmissionState::Exempt).await;
    assert_eq!(state(&desk, &deadline).await, DeadlineState::Open);
    record(&desk, &deadline, 3, SubmissionState::Submitted).await;
    assert_eq!(state(&desk, &deadline).await, DeadlineState::Closed);
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!(
        (what.as_str(), told.status()),
        ("satisfied", ObligationStatus::Satisfied)
    );
    let states: Vec<i32> = parties(&desk, &deadline.name)
        .await
        .iter()
        .map(|party| party.state)
        .collect();
    let (done, exempt) = (i32::from(PartyState::Done), i32::from(PartyState::Exempt));
    assert_eq!(states, [done, exempt, done]);
}

#[tokio::test]
async fn two_last_reports_at_once_close_the_deadline_once() {
    let house = house::open().await;
    let desk = house.officer();
    let deadline = collected(&desk, report(), 2).await;
    tokio::join!(
        record(&desk, &deadline, 1, SubmissionState::Submitted),
        record(&desk, &deadline, 2, SubmissionState::Submitted),
    );
    assert_eq!(state(&desk, &deadline).await, DeadlineState::Closed);
    let closed = house
        .obligations()
        .await
        .iter()
        .filter(|(what, _)| what == "satisfied")
        .count();
    assert_eq!(closed, 1);
}

#[tokio::test]
async fn a_deadline_moves_for_everybody() {
    let house = house::open().await;
    let mut desk = house.officer();
    let deadline = collected(&desk, report(), 1).await;
    let request = |anchor| RescheduleDeadlineRequest {
        name: deadline.name.clone(),
        anchor,
        reason: "Gia hạn".into(),
        request_id: request_id(),
        ..RescheduleDeadlineRequest::default()
    };
    let later = request(Some(day(date(2024, 4, 12), Bound::Through)));
    let moved = desk
        .deadlines
        .reschedule_deadline(later.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(moved.anchor_version, 2);
    let again = RescheduleDeadlineRequest {
        request_id: request_id(),
        ..later
    };
    let same = desk
        .deadlines
        .reschedule_deadline(again)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(same, moved);
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!(
        (what.as_str(), told.anchor_version, told.sequence),
        ("moved", 2, 2)
    );
    assert_eq!(told.attributes["reason"], "Gia hạn");
    let nothing = request(Some(Anchor { when: None }));
    let refused = desk
        .deadlines
        .reschedule_deadline(nothing)
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["anchor"]);
}

#[tokio::test]
async fn a_completed_or_cancelled_deadline_refuses_further_moves() {
    let house = house::open().await;
    let mut desk = house.officer();
    let (one, two) = (
        collected(&desk, report(), 1).await,
        collected(&desk, task(), 0).await,
    );
    let complete = CompleteDeadlineRequest {
        name: one.name.clone(),
        request_id: request_id(),
        ..CompleteDeadlineRequest::default()
    };
    desk.deadlines.complete_deadline(complete).await.unwrap();
    let cancel = |name: &str| CancelDeadlineRequest {
        name: name.to_owned(),
        reason: "Đã gộp vào báo cáo năm".into(),
        request_id: request_id(),
        ..CancelDeadlineRequest::default()
    };
    desk.deadlines
        .cancel_deadline(cancel(&two.name))
        .await
        .unwrap();
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!(what, "cancelled");
    assert_eq!(told.attributes["reason"], "Đã gộp vào báo cáo năm");
    let refused = desk
        .deadlines
        .cancel_deadline(cancel(&one.name))
        .await
        .unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "DEADLINE_CLOSED".into())
    );
    let refused = desk
        .deadlines
        .cancel_deadline(cancel(&two.name))
        .await
        .unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "DEADLINE_CANCELLED".into())
    );
    assert_eq!(
        house
            .count("select count(*) from answer_code where released_at is null")
            .await,
        0
    );
}

#[tokio::test]
async fn a_task_concerns_its_lead_unit_alone() {
    let house = house::open().await;
    let desk = house.officer();
    let deadline = collected(&desk, task(), 0).await;
    let parties = parties(&desk, &deadline.name).await;
    assert_eq!(parties.len(), 1);
    assert_eq!(parties[0].organisation, organisation(901));
    assert_eq!(parties[0].state(), PartyState::Concerned);
    assert!(parties[0].reply_token.is_empty() && parties[0].answer_code.is_empty());
}

#[tokio::test]
async fn a_report_needs_somebody_who_owes_it_and_a_task_nobody() {
    let house = house::open().await;
    let mut desk = house.officer();
    for (deadline, owing) in [(report(), vec![]), (task(), organisations(1))] {
        let request = CreateDeadlineRequest {
            deadline: Some(deadline),
            organisations: owing,
            request_id: request_id(),
            validate_only: false,
        };
        let refused = desk.deadlines.create_deadline(request).await.unwrap_err();
        assert_eq!(fields(&refused), ["organisations"]);
    }
}

#[tokio::test]
async fn nobody_enters_a_claim_confirmation_by_hand() {
    let house = house::open().await;
    let mut desk = house.officer();
    let request = CreateDeadlineRequest {
        deadline: Some(Deadline {
            kind: "claim_confirmation".into(),
            ..task()
        }),
        request_id: request_id(),
        ..CreateDeadlineRequest::default()
    };
    let refused = desk.deadlines.create_deadline(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["deadline.kind"]);
}

#[tokio::test]
async fn an_officer_records_only_what_was_received_or_waived() {
    let house = house::open().await;
    let mut desk = house.officer();
    let deadline = collected(&desk, report(), 1).await;
    for state in [
        SubmissionState::Unspecified,
        SubmissionState::Awaited,
        SubmissionState::Claimed,
    ] {
        let request = RecordSubmissionRequest {
            parent: deadline.name.clone(),
            organisation: organisation(1),
            state: state.into(),
            request_id: request_id(),
            ..RecordSubmissionRequest::default()
        };
        let refused = desk.deadlines.record_submission(request).await.unwrap_err();
        assert_eq!(fields(&refused), ["state"]);
    }
    let stranger = RecordSubmissionRequest {
        parent: deadline.name,
        organisation: organisation(5),
        state: SubmissionState::Submitted.into(),
        request_id: request_id(),
        ..RecordSubmissionRequest::default()
    };
    let refused = desk
        .deadlines
        .record_submission(stranger)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}

#[tokio::test]
async fn what_is_owed_is_listed_by_state() {
    let house = house::open().await;
    let mut desk = house.officer();
    let deadline = collected(&desk, report(), 3).await;
    record(&desk, &deadline, 2, SubmissionState::Submitted).await;
    let request = ListSubmissionsRequest {
        parent: deadline.name.clone(),
        states: vec![SubmissionState::Awaited.into()],
        ..ListSubmissionsRequest::default()
    };
    let awaited = desk
        .deadlines
        .list_submissions(request)
        .await
        .unwrap()
        .into_inner()
        .submissions;
    let names: Vec<String> = awaited.into_iter().map(|each| each.organisation).collect();
    assert_eq!(names, [organisation(1), organisation(3)]);
    assert_eq!(submissions(&desk, &deadline).await.len(), 3);

    let open = ListDeadlinesRequest {
        states: vec![DeadlineState::Open.into()],
        ..ListDeadlinesRequest::default()
    };
    let listed = desk
        .deadlines
        .list_deadlines(open)
        .await
        .unwrap()
        .into_inner()
        .deadlines;
    assert_eq!(listed, [deadline]);
}

#[tokio::test]
async fn the_words_of_a_report_change_and_its_last_day_stays() {
    let house = house::open().await;
    let mut desk = house.officer();
    let new = Deadline {
        short_title: "Báo cáo tháng 3/2024".into(),
        ..report()
    };
    let deadline = collected(&desk, new, 1).await;
    let (_, told) = house.obligations().await.remove(0);
    assert_eq!(told.attributes["short_title"], "Báo cáo tháng 3/2024");
    let request = UpdateDeadlineRequest {
        deadline: Some(Deadline {
            name: deadline.name.clone(),
            etag: deadline.etag.clone(),
            short_title: "Báo cáo quý I/2024".into(),
            contents: vec!["Kết quả".into()],
            ..Deadline::default()
        }),
        request_id: request_id(),
        ..UpdateDeadlineRequest::default()
    };
    let changed = desk.deadlines.update_deadline(request.clone()).await;
    let changed = changed.unwrap().into_inner();
    assert_eq!(
        (changed.title.as_str(), changed.anchor_version),
        (deadline.title.as_str(), 1)
    );
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!((what.as_str(), told.sequence), ("changed", 2));
    assert_eq!(told.attributes["short_title"], "Báo cáo quý I/2024");
    assert_eq!(told.attributes["contents"], "Kết quả");

    let late = UpdateDeadlineRequest {
        request_id: request_id(),
        ..request
    };
    let refused = desk.deadlines.update_deadline(late).await.unwrap_err();
    assert_eq!(refused.code(), Code::Aborted);
}
