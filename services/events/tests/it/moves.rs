//! What a move leaves behind: warnings in answers, texts that are withheld, days to reply by.

use lienminh_proto::events::v1::{
    BatchInviteRequest, Event, GetDeadlineRequest, GetEventRequest, PostponeEventRequest,
    RescheduleDeadlineRequest, RescheduleEventRequest, UpdateEventRequest,
};
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::r#type::v1::{Bound, Warning};
use prost_types::FieldMask;

use crate::house::{self, Desk};
use crate::samples::{
    announced, at, ceremony, collected, date, day, fields, organisations, report, request_id,
    reschedule,
};

/// The launch with a hint, and replies by 22 March.
fn launch() -> Event {
    Event {
        place: Some(Place {
            text: "Quảng trường trung tâm".into(),
            hint: "Tập trung trước 07 giờ 15 tại cổng phía Đông".into(),
            ..Place::default()
        }),
        reply_by_date: Some(date(2024, 3, 22)),
        ..ceremony()
    }
}

fn reasons(warnings: &[Warning]) -> Vec<&str> {
    let reasons = warnings.iter().map(|warning| warning.reason.as_str());
    reasons.collect()
}

async fn moved(desk: &Desk, request: RescheduleEventRequest) -> Event {
    let answer = desk.events.clone().reschedule_event(request).await;
    answer.unwrap().into_inner()
}

/// As somebody may print it today.
async fn printed(desk: &Desk, name: &str) -> Event {
    let request = GetEventRequest {
        name: name.into(),
        as_printed: true,
    };
    let answer = desk.events.clone().get_event(request).await;
    answer.unwrap().into_inner()
}

fn update(event: &Event, path: &str) -> UpdateEventRequest {
    UpdateEventRequest {
        event: Some(event.clone()),
        update_mask: Some(FieldMask {
            paths: vec![path.into()],
        }),
        request_id: request_id(),
        validate_only: false,
    }
}

#[tokio::test]
async fn an_announcement_warns_in_the_language_of_the_call() {
    let house = house::open().await;
    let tomorrow = Event {
        anchor: Some(at("2024-02-28T08:00:00+07")),
        ..ceremony()
    };
    let english = announced(&house.officer(), tomorrow.clone(), 0).await;
    assert_eq!(
        reasons(&english.warnings),
        ["SHORT_NOTICE", "NOBODY_INVITED"]
    );
    assert!(english.warnings[1].message.starts_with("Nobody"));
    let lan = house.desk("user:lan", "*", None, "vi");
    let vietnamese = announced(&lan, tomorrow, 1).await;
    assert_eq!(reasons(&vietnamese.warnings), ["SHORT_NOTICE"]);
    let said = &vietnamese.warnings[0];
    assert_eq!(said.field, "anchor");
    assert!(said.message.contains("sát ngày"), "{}", said.message);
    let yesterday = Event {
        anchor: Some(at("2024-02-26T08:00:00+07")),
        ..ceremony()
    };
    let late = announced(&lan, yesterday, 1).await;
    assert_eq!(reasons(&late.warnings), ["TIME_PASSED"]);

    let invite = BatchInviteRequest {
        parent: late.name,
        organisations: organisations(2),
        request_id: request_id(),
        ..BatchInviteRequest::default()
    };
    let invited = lan.events.clone().batch_invite(invite).await.unwrap();
    assert_eq!(reasons(&invited.into_inner().warnings), ["TIME_PASSED"]);
    // Facts and reads say nothing of it.
    let fact = house.facts().await.remove(0);
    let told = <Event as prost::Message>::decode(fact.payload.as_slice()).unwrap();
    assert!(told.warnings.is_empty());
}

#[tokio::test]
async fn a_move_withholds_what_names_the_old_hour_until_somebody_says_otherwise() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, launch(), 1).await;
    let afternoon = moved(&desk, reschedule(&event, at("2024-04-15T14:00:00+07"))).await;
    assert_eq!(
        reasons(&afternoon.warnings),
        ["REPLY_BY_MOVED", "TEXT_OF_OLD_TIME"]
    );
    let lost = &afternoon.warnings[1];
    assert_eq!(lost.field, "place.hint");
    assert!(lost.message.contains("07 giờ 15"));
    // What was entered is kept; what is told to people is not.
    assert!(afternoon.place.as_ref().unwrap().hint.contains("07 giờ 15"));
    let (_, told) = house.obligations().await.pop().unwrap();
    assert_eq!(told.place.unwrap().hint, "");
    assert_eq!(told.reply_by_date, Some(date(2024, 4, 8)));
    let printed = printed(&desk, &event.name).await;
    assert_eq!(printed.place.as_ref().unwrap().hint, "");
    assert_eq!(printed.reply_by_date, Some(date(2024, 4, 8)));
    assert_eq!(printed.former_anchor, event.anchor);
    assert_eq!(printed.former_place, event.place);

    let mut rewritten = afternoon.clone();
    rewritten.place.as_mut().unwrap().hint = "Tập trung trước 13 giờ 45".into();
    let answer = desk.events.update_event(update(&rewritten, "place.hint"));
    assert!(answer.await.unwrap().into_inner().warnings.is_empty());
    let (what, told) = house.obligations().await.pop().unwrap();
    assert_eq!((what.as_str(), told.anchor_version), ("changed", 2));
    let place = told.place.unwrap();
    assert_eq!(place.hint, "Tập trung trước 13 giờ 45");
    assert_eq!(place.text, "Quảng trường trung tâm");
}

#[tokio::test]
async fn what_is_confirmed_as_it_stands_is_printed() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(
        &desk,
        Event {
            bring: "Có mặt trước 07 giờ 15".into(),
            ..ceremony()
        },
        1,
    )
    .await;
    let later = moved(&desk, reschedule(&event, at("2024-03-29T08:00:00+07"))).await;
    let (_, told) = house.obligations().await.pop().unwrap();
    assert!(!told.attributes.contains_key("bring"));
    let answer = desk.events.update_event(update(&later, "bring")).await;
    assert!(answer.unwrap().into_inner().warnings.is_empty());
    let (_, told) = house.obligations().await.pop().unwrap();
    assert_eq!(told.attributes["bring"], "Có mặt trước 07 giờ 15");
}

#[tokio::test]
async fn an_officer_sets_another_day_to_reply_by_with_the_move() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, launch(), 1).await;
    let with = |reply_by| RescheduleEventRequest {
        reply_by_date: Some(reply_by),
        ..reschedule(&event, at("2024-04-15T07:30:00+07"))
    };
    let refused = desk.events.reschedule_event(with(date(2024, 4, 16))).await;
    assert_eq!(fields(&refused.unwrap_err()), ["reply_by_date"]);
    let set = moved(&desk, with(date(2024, 4, 12))).await;
    assert_eq!(set.reply_by_date, Some(date(2024, 4, 12)));
    assert!(set.warnings.is_empty(), "{:?}", set.warnings);

    let over = RescheduleEventRequest {
        reply_by_date: Some(date(2024, 2, 26)),
        ..reschedule(&event, at("2024-04-15T07:30:00+07"))
    };
    let over = moved(&desk, over).await;
    assert_eq!(reasons(&over.warnings), ["REPLY_BY_OVER"]);
    assert_eq!(over.reply_by_date, Some(date(2024, 2, 26)), "it is kept");
    assert_eq!(printed(&desk, &event.name).await.reply_by_date, None);
}

#[tokio::test]
async fn a_postponed_event_prints_no_day_to_reply_by() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, launch(), 1).await;
    let request = PostponeEventRequest {
        name: event.name.clone(),
        reason: "Mưa bão".into(),
        request_id: request_id(),
        ..PostponeEventRequest::default()
    };
    desk.events.postpone_event(request).await.unwrap();
    let shown = printed(&desk, &event.name).await;
    assert_eq!(
        (shown.reply_by_date, shown.reason.as_str()),
        (None, "Mưa bão")
    );
    assert_eq!(shown.former_anchor, event.anchor);
    let (_, told) = house.obligations().await.pop().unwrap();
    assert_eq!(told.reply_by_date, None);
    assert_eq!(told.place.unwrap().hint, "");
    let fixed = moved(&desk, reschedule(&event, at("2024-04-15T07:30:00+07"))).await;
    assert_eq!(reasons(&fixed.warnings), ["REPLY_BY_MOVED"]);
    let (_, told) = house.obligations().await.pop().unwrap();
    assert_eq!(told.reply_by_date, Some(date(2024, 4, 8)));
    assert!(told.place.unwrap().hint.contains("07 giờ 15"));
}

#[tokio::test]
async fn a_moved_report_withholds_the_hour_of_its_old_last_day() {
    let house = house::open().await;
    let mut desk = house.officer();
    let mut new = report();
    new.submit_to = "Văn phòng Liên minh. Nhận đến hết thứ Ba.".into();
    let deadline = collected(&desk, new, 1).await;
    assert!(deadline.warnings.is_empty());
    let request = RescheduleDeadlineRequest {
        name: deadline.name.clone(),
        anchor: Some(day(date(2024, 2, 29), Bound::Through)),
        request_id: request_id(),
        ..RescheduleDeadlineRequest::default()
    };
    let answer = desk.deadlines.reschedule_deadline(request).await;
    let answer = answer.unwrap().into_inner();
    assert_eq!(
        reasons(&answer.warnings),
        ["SHORT_NOTICE", "TEXT_OF_OLD_TIME"]
    );
    let (_, told) = house.obligations().await.pop().unwrap();
    assert_eq!(told.attributes["submit_to"], "Văn phòng Liên minh.");
    let request = GetDeadlineRequest {
        name: deadline.name,
        as_printed: true,
    };
    let printed = desk.deadlines.get_deadline(request).await.unwrap();
    assert_eq!(printed.into_inner().submit_to, "Văn phòng Liên minh.");
}
