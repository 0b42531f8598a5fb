//! The timeline: what is dated, then windows, then the undated.

use lienminh_proto::events::v1::{
    ClaimSubmissionRequest, Event, ListTimelineRequest, TimelineEntry,
};
use lienminh_proto::r#type::v1::{Anchor, Bound};

use crate::house::{self, Desk};
use crate::samples::{
    announced, at, ceremony, collected, date, day, fields, organisation, report, request_id, window,
};

async fn read(desk: &Desk, mut request: ListTimelineRequest) -> Vec<TimelineEntry> {
    let mut entries = Vec::new();
    loop {
        let page = desk
            .plans
            .clone()
            .list_timeline(request.clone())
            .await
            .unwrap()
            .into_inner();
        entries.extend(page.entries);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return entries;
        }
    }
}

fn titles(entries: &[TimelineEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.title.as_str()).collect()
}

async fn filled(desk: &Desk) {
    let titled = |title: &str, anchor: Option<Anchor>| Event {
        title: title.into(),
        anchor,
        ..ceremony()
    };
    announced(desk, titled("undated", None), 0).await;
    let spring = window("01/3 - 31/5", date(2024, 3, 1), date(2024, 5, 31));
    announced(desk, titled("window", Some(spring)), 0).await;
    announced(
        desk,
        titled("seminar", Some(at("2024-04-11T08:00:00+07"))),
        0,
    )
    .await;
    announced(
        desk,
        titled("launch", Some(at("2024-03-29T07:30:00+07"))),
        0,
    )
    .await;
    let mut bulletin = report();
    bulletin.title = "bulletin".into();
    // Before the 11th: the last day is the 10th, ahead of the seminar.
    bulletin.anchor = Some(day(date(2024, 4, 11), Bound::Before));
    let bulletin = collected(desk, bulletin, 1).await;
    let request = ClaimSubmissionRequest {
        parent: bulletin.name,
        organisation: organisation(1),
        request_id: request_id(),
    };
    desk.deadlines
        .clone()
        .claim_submission(request)
        .await
        .unwrap();
}

#[tokio::test]
async fn dated_ones_come_first_then_windows_then_the_undated() {
    let house = house::open().await;
    let desk = house.officer();
    filled(&desk).await;
    let expected = ["launch", "bulletin", "seminar", "window", "undated"];
    let whole = read(&desk, ListTimelineRequest::default()).await;
    assert_eq!(titles(&whole), expected);
    assert_eq!(whole[0].place, "Hội trường tỉnh");
    assert_eq!(whole[0].state, "đã thông báo");
    assert_eq!(whole[1].kind, "report");
    let paged = ListTimelineRequest {
        page_size: 2,
        ..ListTimelineRequest::default()
    };
    assert_eq!(read(&desk, paged).await, whole);
}

#[tokio::test]
async fn a_span_shows_what_touches_it_and_everything_undated() {
    let house = house::open().await;
    let desk = house.officer();
    filled(&desk).await;
    let april = ListTimelineRequest {
        start_date: Some(date(2024, 4, 10)),
        end_date: Some(date(2024, 4, 10)),
        ..ListTimelineRequest::default()
    };
    assert_eq!(
        titles(&read(&desk, april).await),
        ["bulletin", "window", "undated"]
    );
    let may = ListTimelineRequest {
        start_date: Some(date(2024, 6, 1)),
        ..ListTimelineRequest::default()
    };
    assert_eq!(titles(&read(&desk, may).await), ["undated"]);
}

#[tokio::test]
async fn a_span_that_ends_before_it_begins_is_refused() {
    let house = house::open().await;
    let mut desk = house.officer();
    let backwards = ListTimelineRequest {
        start_date: Some(date(2024, 4, 10)),
        end_date: Some(date(2024, 4, 9)),
        ..ListTimelineRequest::default()
    };
    let refused = desk.plans.list_timeline(backwards).await.unwrap_err();
    assert_eq!(fields(&refused), ["end_date"]);
}
