//! Requests that are fine, for tests to bend, and ways to read refusals.

use lienminh_proto::events::v1::{
    CreateDeadlineRequest, CreateEventRequest, Deadline, Event, Invitation, ListInvitationsRequest,
    ListSubmissionsRequest, RescheduleEventRequest, Submission,
};
use lienminh_proto::obligation::v1::{Party, Place, StreamAudienceRequest, StreamAudienceResponse};
use lienminh_proto::r#type::v1::{Anchor, Bound, Date, Day, Instant, Window, anchor};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::house::Desk;

/// The n-th organisation of a test, in the order of their names.
pub fn organisation(n: u16) -> String {
    format!("organisations/0190aaaa-0000-7000-8000-{n:012}")
}

pub fn organisations(count: u16) -> Vec<String> {
    (1..=count).map(organisation).collect()
}

pub fn request_id() -> String {
    Uuid::now_v7().to_string()
}

pub fn date(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

/// A start, written as `2024-03-29T07:30:00+07`.
pub fn at(instant: &str) -> Anchor {
    let start: jiff::Timestamp = instant.parse().unwrap();
    let start_time = Some(kit::wire::timestamp(start));
    Anchor {
        when: Some(anchor::When::Instant(Instant {
            start_time,
            end_time: None,
        })),
    }
}

pub fn day(date: Date, bound: Bound) -> Anchor {
    Anchor {
        when: Some(anchor::When::Day(Day {
            date: Some(date),
            bound: bound.into(),
        })),
    }
}

pub fn window(text: &str, start: Date, end: Date) -> Anchor {
    let window = Window {
        text: text.into(),
        start: Some(start),
        end: Some(end),
        ..Window::default()
    };
    Anchor {
        when: Some(anchor::When::Window(window)),
    }
}

/// The launch on 29 March 2024 at 07:30.
pub fn ceremony() -> Event {
    Event {
        kind: "ceremony".into(),
        title: "Lễ phát động Tháng hành động vì HTX năm 2024".into(),
        anchor: Some(at("2024-03-29T07:30:00+07")),
        place: Some(Place {
            text: "Hội trường tỉnh".into(),
            ..Place::default()
        }),
        organiser: organisation(900),
        lead_unit: organisation(901),
        chair: "Chủ tịch Liên minh HTX tỉnh".into(),
        agenda: vec!["Khai mạc".into(), "Phát động".into()],
        bring: "Cờ, băng rôn của đơn vị".into(),
        ..Event::default()
    }
}

/// Enters an event and announces it, with some invitees.
pub async fn announced(desk: &Desk, event: Event, invitees: u16) -> Event {
    let request = CreateEventRequest {
        event: Some(event),
        announce: true,
        invitees: organisations(invitees),
        request_id: request_id(),
        validate_only: false,
    };
    desk.events
        .clone()
        .create_event(request)
        .await
        .unwrap()
        .into_inner()
}

/// An event as it is read: only the answer to a change warns.
pub fn without_warnings(event: Event) -> Event {
    Event {
        warnings: vec![],
        ..event
    }
}

pub fn reschedule(event: &Event, anchor: Anchor) -> RescheduleEventRequest {
    RescheduleEventRequest {
        name: event.name.clone(),
        anchor: Some(anchor),
        request_id: request_id(),
        ..RescheduleEventRequest::default()
    }
}

/// The report for the monthly meeting, due before 10 April 2024.
pub fn report() -> Deadline {
    Deadline {
        kind: "report".into(),
        title: "Báo cáo kết quả tháng 3/2024".into(),
        anchor: Some(day(date(2024, 4, 10), Bound::Before)),
        organiser: organisation(900),
        lead_unit: organisation(901),
        contents: vec!["Kết quả sản xuất".into(), "Khó khăn".into()],
        submit_to: "Văn phòng Liên minh".into(),
        ..Deadline::default()
    }
}

/// Enters a report that some organisations owe.
pub async fn collected(desk: &Desk, deadline: Deadline, owing: u16) -> Deadline {
    let request = CreateDeadlineRequest {
        deadline: Some(deadline),
        organisations: organisations(owing),
        request_id: request_id(),
        validate_only: false,
    };
    desk.deadlines
        .clone()
        .create_deadline(request)
        .await
        .unwrap()
        .into_inner()
}

pub async fn invitations(desk: &Desk, event: &Event) -> Vec<Invitation> {
    let request = ListInvitationsRequest {
        parent: event.name.clone(),
        page_size: 200,
        page_token: String::new(),
    };
    desk.events
        .clone()
        .list_invitations(request)
        .await
        .unwrap()
        .into_inner()
        .invitations
}

pub async fn submissions(desk: &Desk, deadline: &Deadline) -> Vec<Submission> {
    let request = ListSubmissionsRequest {
        parent: deadline.name.clone(),
        page_size: 200,
        ..ListSubmissionsRequest::default()
    };
    desk.deadlines
        .clone()
        .list_submissions(request)
        .await
        .unwrap()
        .into_inner()
        .submissions
}

/// The obligation of `events/{uuid}` or `deadlines/{uuid}`.
pub fn obligation_of(subject: &str) -> String {
    let (collection, id) = subject.split_once('/').unwrap();
    format!(
        "events/obligations/{}-{id}",
        collection.strip_suffix('s').unwrap()
    )
}

/// All messages of an audience.
pub async fn audience(desk: &Desk, subject: &str) -> Vec<StreamAudienceResponse> {
    let request = StreamAudienceRequest {
        obligation: obligation_of(subject),
    };
    let mut stream = desk
        .source
        .clone()
        .stream_audience(request)
        .await
        .unwrap()
        .into_inner();
    let mut messages = Vec::new();
    while let Some(message) = stream.message().await.unwrap() {
        messages.push(message);
    }
    messages
}

/// All parties of an audience.
pub async fn parties(desk: &Desk, subject: &str) -> Vec<Party> {
    audience(desk, subject)
        .await
        .into_iter()
        .flat_map(|message| message.parties)
        .collect()
}

/// Code and reason of a refusal.
pub fn reason(status: &Status) -> (Code, String) {
    let info = status.get_details_error_info();
    (
        status.code(),
        info.map(|info| info.reason).unwrap_or_default(),
    )
}

/// The fields that a refusal names.
pub fn fields(status: &Status) -> Vec<String> {
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let details = status.get_details_bad_request().unwrap();
    details
        .field_violations
        .into_iter()
        .map(|each| each.field)
        .collect()
}
