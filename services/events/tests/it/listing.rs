//! Reading events back.

use lienminh_proto::events::v1::{Event, GetEventRequest, ListEventsRequest};
use lienminh_proto::r#type::v1::Anchor;

use crate::house;
use crate::samples::{announced, at, ceremony, date, window, without_warnings};

#[tokio::test]
async fn events_are_listed_by_start_and_undated_ones_last() {
    let house = house::open().await;
    let mut desk = house.officer();
    let titled = |title: &str, anchor: Option<Anchor>| Event {
        title: title.into(),
        anchor,
        ..ceremony()
    };
    announced(&desk, titled("undated", None), 0).await;
    let spring = window("quý I", date(2024, 1, 1), date(2024, 3, 31));
    announced(&desk, titled("window", Some(spring)), 0).await;
    announced(
        &desk,
        titled("april", Some(at("2024-04-11T08:00:00+07"))),
        0,
    )
    .await;
    announced(
        &desk,
        titled("march", Some(at("2024-03-29T08:00:00+07"))),
        0,
    )
    .await;

    let mut titles = Vec::new();
    let mut token = String::new();
    loop {
        let request = ListEventsRequest {
            page_size: 1,
            page_token: token,
            ..ListEventsRequest::default()
        };
        let page = desk.events.list_events(request).await.unwrap().into_inner();
        titles.extend(page.events.into_iter().map(|event| event.title));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(titles, ["march", "april", "window", "undated"]);
    let undated = ListEventsRequest {
        undated_only: true,
        ..ListEventsRequest::default()
    };
    let found = desk
        .events
        .list_events(undated)
        .await
        .unwrap()
        .into_inner()
        .events;
    assert_eq!(found.len(), 2);
}

#[tokio::test]
async fn what_is_answered_reads_back_the_same() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let request = GetEventRequest {
        name: event.name.clone(),
        ..GetEventRequest::default()
    };
    let read = desk.events.get_event(request).await.unwrap().into_inner();
    assert_eq!(read, without_warnings(event));
}
