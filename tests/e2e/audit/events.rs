//! Every change of plans, events and deadlines.

use lienminh_cli::proto_values::{anchor, date};
use lienminh_local::suite::Token;
use lienminh_proto::events::v1 as events;
use lienminh_proto::r#type::v1 as value;

use super::book::Book;
use super::registry::mask;
use crate::house::{at, day, through};

const START: &str = "2024-03-22T08:00";

pub(super) async fn deeds(book: &mut Book<'_>) {
    plan(book).await;
    let event = event(book).await;
    answers(book, &event).await;
    change(book, &event).await;
    let deadline = deadline(book).await;
    submissions(book, &deadline).await;
    let request = events::CompleteDeadlineRequest {
        name: deadline,
        ..Default::default()
    };
    book.does("CompleteDeadline", request, of_deadline).await;
}

async fn plan(book: &mut Book<'_>) {
    let document = value::Document {
        number_as_printed: "12 KH-LMHTX".to_owned(),
        issuer: "Liên minh HTX tỉnh".to_owned(),
        date: Some(date(day("2024-02-27"))),
        ..Default::default()
    };
    let plan = events::Plan {
        document: Some(document),
        title: "Tháng hành động".to_owned(),
        issuer: book.house.alliance.clone(),
        ..Default::default()
    };
    let request = events::CreatePlanRequest {
        plan: Some(plan),
        ..Default::default()
    };
    let made = book
        .does("CreatePlan", request, |plan: &events::Plan| {
            plan.name.clone()
        })
        .await;
    let item = events::PlanItem {
        number: "1".to_owned(),
        title: "Hội thảo".to_owned(),
        kind: "seminar".to_owned(),
        anchor: Some(anchor(None)),
        lead_unit: book.house.unit.clone(),
        ..Default::default()
    };
    let request = events::CreatePlanItemRequest {
        parent: made.name,
        plan_item: Some(item),
        ..Default::default()
    };
    let of_item = |item: &events::PlanItem| item.name.clone();
    book.does("CreatePlanItem", request, of_item).await;
    whole_plan(book).await;
}

/// A plan with an event in one step is one change.
async fn whole_plan(book: &mut Book<'_>) {
    let plan = events::Plan {
        document: Some(value::Document {
            number_as_printed: "13 KH-LMHTX".to_owned(),
            date: Some(date(day("2024-02-28"))),
            ..Default::default()
        }),
        title: "Kế hoạch trọn gói".to_owned(),
        issuer: book.house.alliance.clone(),
        ..Default::default()
    };
    let item = events::LoadedItem {
        plan_item: Some(events::PlanItem {
            title: "Hội thảo".to_owned(),
            kind: "seminar".to_owned(),
            ..Default::default()
        }),
        events: vec![events::LoadedEvent {
            event: Some(book.house.event("seminar", "Hội thảo", Some(at(START)))),
            invitees: book.house.members(&["M1"]),
        }],
        ..Default::default()
    };
    let request = events::LoadPlanRequest {
        plan: Some(plan),
        items: vec![item],
        ..Default::default()
    };
    let of_plan = |loaded: &events::LoadPlanResponse| loaded.plan.clone();
    book.does("LoadPlan", request, of_plan).await;
}

/// A draft that is announced, with two members invited.
async fn event(book: &mut Book<'_>) -> String {
    let request = events::CreateEventRequest {
        event: Some(book.house.event("seminar", "Hội thảo", Some(at(START)))),
        ..Default::default()
    };
    let name = book.does("CreateEvent", request, of_event).await.name;
    let request = events::AnnounceEventRequest {
        name: name.clone(),
        ..Default::default()
    };
    book.does("AnnounceEvent", request, of_event).await;
    // The answer tells how many; the row names what they were invited to.
    let request = events::BatchInviteRequest {
        parent: name.clone(),
        organisations: book.house.members(&["M1", "M2"]),
        ..Default::default()
    };
    let about = |_: &events::BatchInviteResponse| name.clone();
    book.does("BatchInvite", request, about).await;
    name
}

async fn answers(book: &mut Book<'_>, event: &str) {
    let request = events::AnswerInvitationRequest {
        name: event.to_owned(),
        organisation: book.house.member("M1"),
        state: events::InvitationState::Accepted.into(),
        ..Default::default()
    };
    // Who has said so already says it once more.
    for _ in 0..2 {
        let of_invitation = |invitation: &events::Invitation| invitation.name.clone();
        book.does("AnswerInvitation", request.clone(), of_invitation)
            .await;
    }
    let request = events::ListInvitationsRequest {
        parent: event.to_owned(),
        ..Default::default()
    };
    let listed = book.house.officer.events().list_invitations(request).await;
    let listed = listed.unwrap().into_inner().invitations;
    let second = book.house.member("M2");
    let invitation = listed.iter().find(|each| each.organisation == second);
    let invitation = invitation.unwrap();
    let mut request = events::AnswerByCodeRequest {
        code: invitation.answer_code.clone(),
        ..Default::default()
    };
    // Without an answer the code is only looked up.
    let mut desk = book.house.officer.answers();
    assert!(desk.answer_by_code(request.clone()).await.is_ok());
    assert_eq!(book.news().await, [], "a look-up changes nothing");
    request.answer = events::CodeAnswer::No.into();
    let about = |_: &events::AnswerByCodeResponse| invitation.name.clone();
    book.does("AnswerByCode", request, about).await;
}

async fn change(book: &mut Book<'_>, event: &str) {
    let name = event.to_owned();
    let request = events::UpdateEventRequest {
        event: Some(events::Event {
            name: name.clone(),
            title: "Hội thảo chuyển đổi số".to_owned(),
            ..Default::default()
        }),
        update_mask: mask("title"),
        ..Default::default()
    };
    for _ in 0..2 {
        book.does("UpdateEvent", request.clone(), of_event).await;
    }
    let request = events::RescheduleEventRequest {
        name: name.clone(),
        anchor: Some(anchor(Some(&at("2024-03-25T08:00")))),
        ..Default::default()
    };
    book.does("RescheduleEvent", request, of_event).await;
    let request = events::PostponeEventRequest {
        name: name.clone(),
        ..Default::default()
    };
    book.does("PostponeEvent", request, of_event).await;
    let request = events::CancelEventRequest {
        name,
        ..Default::default()
    };
    book.does("CancelEvent", request, of_event).await;

    let request = events::CreateEventRequest {
        event: Some(
            book.house
                .event("dialogue", "Đối thoại", Some(at("2024-03-01T06:30"))),
        ),
        announce: true,
        ..Default::default()
    };
    let name = book.does("CreateEvent", request, of_event).await.name;
    let request = events::CompleteEventRequest {
        name,
        ..Default::default()
    };
    book.does("CompleteEvent", request, of_event).await;
}

async fn deadline(book: &mut Book<'_>) -> String {
    let deadline = events::Deadline {
        kind: "report".to_owned(),
        title: "Báo cáo quý I".to_owned(),
        anchor: Some(anchor(Some(&through("2024-03-28")))),
        organiser: book.house.alliance.clone(),
        lead_unit: book.house.unit.clone(),
        submit_to: "Văn phòng Liên minh".to_owned(),
        ..Default::default()
    };
    let request = events::CreateDeadlineRequest {
        deadline: Some(deadline),
        organisations: book.house.members(&["M1", "M2", "M4"]),
        ..Default::default()
    };
    let dropped = book
        .does("CreateDeadline", request.clone(), of_deadline)
        .await;
    let cancel = events::CancelDeadlineRequest {
        name: dropped.name,
        ..Default::default()
    };
    book.does("CancelDeadline", cancel, of_deadline).await;
    let name = book.does("CreateDeadline", request, of_deadline).await.name;
    let request = events::UpdateDeadlineRequest {
        deadline: Some(events::Deadline {
            name: name.clone(),
            short_title: "Báo cáo quý I/2024".to_owned(),
            ..Default::default()
        }),
        update_mask: mask("short_title"),
        ..Default::default()
    };
    book.does("UpdateDeadline", request, of_deadline).await;
    let request = events::RescheduleDeadlineRequest {
        name: name.clone(),
        anchor: Some(anchor(Some(&through("2024-03-29")))),
        ..Default::default()
    };
    book.does("RescheduleDeadline", request, of_deadline).await;
    name
}

async fn submissions(book: &mut Book<'_>, deadline: &str) {
    let of_submission = |submission: &events::Submission| submission.name.clone();
    let own = book.house.member("M1");
    let member = book.actor(&Token::new("member:an-binh", "events.*").bound_to(&own));
    let request = events::ClaimSubmissionRequest {
        parent: deadline.to_owned(),
        organisation: own.clone(),
        ..Default::default()
    };
    for _ in 0..2 {
        book.does_as(&member, "ClaimSubmission", request.clone(), of_submission)
            .await;
    }
    let request = events::RecordSubmissionRequest {
        parent: deadline.to_owned(),
        organisation: own,
        state: events::SubmissionState::Submitted.into(),
        ..Default::default()
    };
    for _ in 0..2 {
        book.does("RecordSubmission", request.clone(), of_submission)
            .await;
    }
}

fn of_event(event: &events::Event) -> String {
    event.name.clone()
}

fn of_deadline(deadline: &events::Deadline) -> String {
    deadline.name.clone()
}
