//! What an event may say of itself: every field, its limits and how it changes.

use lienminh_proto::events::v1::{CreateEventRequest, Event, UpdateEventRequest};
use lienminh_proto::obligation::v1::Place;
use prost_types::FieldMask;

use crate::house;
use crate::samples::{announced, ceremony, date, fields, organisation, request_id};

#[tokio::test]
async fn all_wrong_fields_of_an_event_are_named_at_once() {
    let house = house::open().await;
    let mut desk = house.officer();
    let wrong = Event {
        kind: "party".into(),
        title: "Lễ phát động ".repeat(30),
        place: Some(Place {
            online_uri: "http://meet.example".into(),
            ..Place::default()
        }),
        organiser: "organisations/1".into(),
        agenda: vec!["Khai mạc".into(), "a".repeat(201)],
        class: 77,
        ..ceremony()
    };
    let request = CreateEventRequest {
        event: Some(wrong),
        invitees: vec![organisation(1), "x".into()],
        request_id: request_id(),
        ..CreateEventRequest::default()
    };
    let refused = desk.events.create_event(request).await.unwrap_err();
    let mut named = fields(&refused);
    named.sort_unstable();
    let expected = [
        "event.agenda[1]",
        "event.class",
        "event.kind",
        "event.organiser",
        "event.place.online_uri",
        "event.title",
        "invitees[1]",
    ];
    assert_eq!(named, expected);
    let unfit = CreateEventRequest {
        event: Some(Event {
            title: "Lễ\u{202e} phát động".into(),
            ..ceremony()
        }),
        request_id: request_id(),
        ..CreateEventRequest::default()
    };
    let refused = desk.events.create_event(unfit).await.unwrap_err();
    assert_eq!(fields(&refused), ["event.title"]);
    assert_eq!(house.count("select count(*) from event").await, 0);
}

#[tokio::test]
async fn an_event_that_fills_every_limit_still_fits_into_a_fact() {
    let house = house::open().await;
    let desk = house.officer();
    let text = |length: usize| "ệ".repeat(length);
    let full = Event {
        title: text(300),
        place: Some(Place {
            text: text(400),
            hint: text(400),
            online_uri: format!("https://a.example/{}", "a".repeat(480)),
        }),
        chair: text(200),
        agenda: vec![text(200); 40],
        bring: text(1_000),
        ..ceremony()
    };
    announced(&desk, full, 0).await;
    assert_eq!(house.obligations().await.len(), 1);
}

#[tokio::test]
async fn a_day_to_reply_behind_the_event_is_refused() {
    let house = house::open().await;
    let mut desk = house.officer();
    let late = Some(date(2024, 3, 30));
    let request = CreateEventRequest {
        event: Some(Event {
            reply_by_date: late,
            ..ceremony()
        }),
        request_id: request_id(),
        ..CreateEventRequest::default()
    };
    let refused = desk.events.create_event(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["event.reply_by_date"]);

    let event = announced(&desk, ceremony(), 0).await;
    let request = UpdateEventRequest {
        event: Some(Event {
            reply_by_date: late,
            ..event
        }),
        update_mask: Some(FieldMask {
            paths: vec!["reply_by_date".into()],
        }),
        request_id: request_id(),
        validate_only: false,
    };
    let refused = desk.events.update_event(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["event.reply_by_date"]);
}

#[tokio::test]
async fn a_short_title_is_told_and_changes_like_the_other_words() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(
        &desk,
        Event {
            short_title: "Lễ phát động Tháng hành động".into(),
            ..ceremony()
        },
        0,
    )
    .await;
    let (_, told) = house.obligations().await.remove(0);
    assert_eq!(
        told.attributes["short_title"],
        "Lễ phát động Tháng hành động"
    );
    let request = |short_title: &str| UpdateEventRequest {
        event: Some(Event {
            name: event.name.clone(),
            short_title: short_title.into(),
            ..Event::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["short_title".into()],
        }),
        request_id: request_id(),
        validate_only: false,
    };
    let changed = desk.events.update_event(request("Lễ phát động 2024")).await;
    assert_eq!(
        changed.unwrap().into_inner().short_title,
        "Lễ phát động 2024"
    );
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!((what.as_str(), told.anchor_version), ("changed", 1));
    assert_eq!(told.attributes["short_title"], "Lễ phát động 2024");

    desk.events.update_event(request("")).await.unwrap();
    let (_, told) = house.obligations().await.pop().unwrap();
    assert!(!told.attributes.contains_key("short_title"));
    for wrong in ["ệ".repeat(41), "Lễ phát động\nnăm 2024".to_owned()] {
        let refused = desk.events.update_event(request(&wrong)).await;
        assert_eq!(fields(&refused.unwrap_err()), ["event.short_title"]);
    }
}
