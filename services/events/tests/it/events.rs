//! The life of events, and what is told about it.

use lienminh_proto::events::v1::{
    AnnounceEventRequest, CancelEventRequest, CompleteEventRequest, CreateEventRequest, Event,
    EventState, PostponeEventRequest, RescheduleEventRequest, UpdateEventRequest,
};
use lienminh_proto::obligation::v1::{ObligationStatus, Place};
use lienminh_proto::r#type::v1::Anchor;
use prost_types::FieldMask;
use tonic::Code;

use crate::house::{self, Desk};
use crate::samples::{
    announced, at, ceremony, date, organisation, reason, request_id, reschedule, window,
    without_warnings,
};

async fn draft(desk: &Desk, event: Event) -> Event {
    let request = CreateEventRequest {
        event: Some(event),
        request_id: request_id(),
        ..CreateEventRequest::default()
    };
    desk.events
        .clone()
        .create_event(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn a_draft_tells_nobody_until_it_is_announced() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = draft(&desk, ceremony()).await;
    assert_eq!(event.state(), EventState::Draft);
    let moved = desk
        .events
        .reschedule_event(reschedule(&event, at("2024-03-30T07:30:00+07")));
    moved.await.unwrap();
    assert!(house.facts().await.is_empty());

    let request = AnnounceEventRequest {
        name: event.name.clone(),
        request_id: request_id(),
        ..AnnounceEventRequest::default()
    };
    let told = desk
        .events
        .announce_event(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(told.state(), EventState::Scheduled);
    let keys: Vec<String> = house
        .facts()
        .await
        .into_iter()
        .map(|fact| fact.key)
        .collect();
    assert_eq!(
        keys,
        [
            "events.v1.event.announced",
            "events.v1.obligation.scheduled"
        ]
    );
}

#[tokio::test]
async fn an_announced_event_is_a_whole_obligation() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 3).await;
    let (what, told) = house.obligations().await.remove(0);
    assert_eq!(what, "scheduled");
    assert_eq!(
        told.name,
        event.name.replace("events/", "events/obligations/event-")
    );
    assert_eq!(
        (told.source.as_str(), told.kind.as_str()),
        ("events", "ceremony")
    );
    assert_eq!(told.status(), ObligationStatus::Scheduled);
    assert_eq!((told.anchor_version, told.sequence), (1, 1));
    assert_eq!(told.anchor, event.anchor);
    assert_eq!(told.subject, event.name);
    assert_eq!(told.organiser, organisation(900));
    assert_eq!(told.lead_unit, organisation(901));
    assert_eq!(told.attributes["agenda"], "Khai mạc\nPhát động");
    assert_eq!(told.attributes["chair"], "Chủ tịch Liên minh HTX tỉnh");
    assert_eq!(
        told.attributes["reply_page_base"],
        format!("{}/r/", house.pages)
    );
}

#[tokio::test]
async fn case_3_there_and_back_again_rises_twice() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let there = reschedule(&event, at("2024-04-02T07:30:00+07"));
    desk.events.reschedule_event(there).await.unwrap();
    let back = reschedule(&event, at("2024-03-29T07:30:00+07"));
    let last = desk
        .events
        .reschedule_event(back)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(last.anchor_version, 3);
    let told: Vec<_> = house
        .obligations()
        .await
        .into_iter()
        .map(|(what, told)| (what, told.anchor_version, told.sequence))
        .collect();
    let expected = [("scheduled", 1, 1), ("moved", 2, 2), ("moved", 3, 3)];
    assert_eq!(
        told,
        expected.map(|(what, version, place)| (what.to_owned(), version, place))
    );
}

#[tokio::test]
async fn a_move_to_where_it_is_changes_and_tells_nothing() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let same = reschedule(&event, at("2024-03-29T07:30:00+07"));
    let after = desk
        .events
        .reschedule_event(same)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(without_warnings(after), without_warnings(event));
    assert_eq!(house.obligations().await.len(), 1);
}

#[tokio::test]
async fn case_6_a_new_place_is_a_new_version_a_new_title_is_not() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let place = Place {
        text: "Nhà văn hóa".into(),
        ..Place::default()
    };
    let elsewhere = RescheduleEventRequest {
        name: event.name.clone(),
        place: Some(place),
        request_id: request_id(),
        ..RescheduleEventRequest::default()
    };
    let moved = desk
        .events
        .reschedule_event(elsewhere)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (moved.anchor_version, moved.anchor.clone()),
        (2, event.anchor)
    );

    let request = UpdateEventRequest {
        event: Some(Event {
            title: "Lễ ra quân".into(),
            ..moved
        }),
        update_mask: Some(FieldMask {
            paths: vec!["title".into()],
        }),
        request_id: request_id(),
        validate_only: false,
    };
    let renamed = desk
        .events
        .update_event(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (renamed.anchor_version, renamed.title.as_str()),
        (2, "Lễ ra quân")
    );
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!((what.as_str(), told.sequence), ("changed", 3));
}

#[tokio::test]
async fn an_event_is_postponed_and_gets_a_new_date() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let request = PostponeEventRequest {
        name: event.name.clone(),
        reason: "Mưa bão".into(),
        request_id: request_id(),
        ..PostponeEventRequest::default()
    };
    let postponed = desk
        .events
        .postpone_event(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(postponed.state(), EventState::Postponed);
    assert_eq!(postponed.anchor, Some(Anchor { when: None }));
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!((what.as_str(), told.anchor_version), ("postponed", 2));
    assert_eq!(told.status(), ObligationStatus::Postponed);
    assert_eq!(told.attributes["reason"], "Mưa bão");

    let new_date = RescheduleEventRequest {
        reason: "Bão đã tan".into(),
        ..reschedule(&event, at("2024-04-05T07:30:00+07"))
    };
    let fixed = desk
        .events
        .reschedule_event(new_date)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (fixed.state(), fixed.anchor_version),
        (EventState::Scheduled, 3)
    );
    let (_, told) = house.obligations().await.pop().unwrap();
    assert_eq!(told.attributes["reason"], "Bão đã tan");
}

#[tokio::test]
async fn an_undated_event_is_fixed_and_its_date_cannot_be_taken_away() {
    let house = house::open().await;
    let mut desk = house.officer();
    let march = window("cuối tháng 3/2024", date(2024, 3, 21), date(2024, 3, 31));
    let event = announced(
        &desk,
        Event {
            anchor: Some(march),
            ..ceremony()
        },
        0,
    )
    .await;
    let fixed = desk
        .events
        .reschedule_event(reschedule(&event, at("2024-03-29T07:30:00+07")))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(fixed.anchor_version, 2);
    let away = reschedule(&event, Anchor { when: None });
    let refused = desk.events.reschedule_event(away).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "DATE_TAKEN_AWAY".into())
    );
}

#[tokio::test]
async fn case_5_a_cancelled_event_refuses_every_further_move() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 2).await;
    let request = CancelEventRequest {
        name: event.name.clone(),
        reason: "Bão số 1".into(),
        request_id: request_id(),
        ..CancelEventRequest::default()
    };
    let cancelled = desk
        .events
        .cancel_event(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(cancelled.state(), EventState::Cancelled);
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!(
        (what.as_str(), told.status()),
        ("cancelled", ObligationStatus::Cancelled)
    );
    assert_eq!(told.attributes["reason"], "Bão số 1");

    let again = CancelEventRequest {
        request_id: request_id(),
        ..request
    };
    let refused = desk.events.cancel_event(again).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "EVENT_CANCELLED".into())
    );
    let elsewhen = reschedule(&event, at("2024-04-05T07:30:00+07"));
    let refused = desk.events.reschedule_event(elsewhen).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "EVENT_CANCELLED".into())
    );
    assert_eq!(
        house
            .count("select count(*) from answer_code where released_at is null")
            .await,
        0
    );
}

#[tokio::test]
async fn an_event_is_completed_once_it_has_begun() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let request = || CompleteEventRequest {
        name: event.name.clone(),
        request_id: request_id(),
        ..CompleteEventRequest::default()
    };
    let early = desk.events.complete_event(request()).await.unwrap_err();
    assert_eq!(
        reason(&early),
        (Code::FailedPrecondition, "EVENT_NOT_STARTED".into())
    );
    house.at("2024-03-29T04:00:00Z");
    let held = desk
        .events
        .complete_event(request())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(held.state(), EventState::Completed);
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!(
        (what.as_str(), told.status()),
        ("satisfied", ObligationStatus::Satisfied)
    );
}

#[tokio::test]
async fn nothing_moves_into_the_past() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let past = reschedule(&event, at("2024-02-01T07:30:00+07"));
    let refused = desk.events.reschedule_event(past).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "TIME_PASSED".into())
    );
}
