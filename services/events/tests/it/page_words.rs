//! What a reply page says, and in what order.

use lienminh_proto::events::v1::{
    CancelDeadlineRequest, CancelEventRequest, Event, PostponeEventRequest,
    RescheduleDeadlineRequest, RescheduleEventRequest,
};
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::r#type::v1::Bound;
use reqwest::StatusCode;

use crate::house;
use crate::samples::{
    announced, at, ceremony, collected, date, day, invitations, report, request_id, reschedule,
};
use crate::visitor::{client, get, post, token};

/// Whether the page says these in this order, from its first sentence on.
fn begins(html: &str, sentences: &[&str]) {
    let mut rest = html.split_once("</h1>").unwrap().1;
    for sentence in sentences {
        let Some((_, after)) = rest.split_once(sentence) else {
            panic!("{sentence} does not come in turn in {html}");
        };
        rest = after;
    }
}

#[tokio::test]
async fn a_cancelled_event_says_so_first_and_why() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    let request = CancelEventRequest {
        name: event.name.clone(),
        reason: "Bão số 1".into(),
        request_id: request_id(),
        ..CancelEventRequest::default()
    };
    desk.events.cancel_event(request).await.unwrap();
    let (_, html) = get(&house, &token).await;
    begins(
        &html,
        &[
            "<p class=news>Hoạt động này đã hủy.",
            "Lý do: Bão số 1",
            "đã kính mời Quý đơn vị dự:",
            "Lễ phát động",
        ],
    );
}

#[tokio::test]
async fn a_postponed_event_says_so_first_and_asks_nobody_by_an_old_day() {
    let house = house::open().await;
    let mut desk = house.officer();
    let launch = Event {
        reply_by_date: Some(date(2024, 3, 22)),
        ..ceremony()
    };
    let event = announced(&desk, launch, 1).await;
    let token = token(&desk, &event.name).await;
    assert!(get(&house, &token).await.1.contains("thứ Sáu, 22/3/2024"));
    post(&house, &token, "answer=yes").await;
    let request = PostponeEventRequest {
        name: event.name.clone(),
        reason: "Chờ chỉ đạo của UBND tỉnh".into(),
        request_id: request_id(),
        ..PostponeEventRequest::default()
    };
    desk.events.postpone_event(request).await.unwrap();
    let (_, html) = get(&house, &token).await;
    begins(
        &html,
        &[
            "tạm hoãn, chưa có ngày mới",
            "Lý do: Chờ chỉ đạo của UBND tỉnh",
            "Thời gian cũ",
            "07 giờ 30, thứ Sáu, 29/3/2024",
            "Câu trả lời được giữ cho đến khi có ngày mới.",
        ],
    );
    assert!(!html.contains("22/3/2024"), "{html}");
    assert!(!html.contains("theo lịch mới"), "there is none: {html}");
}

#[tokio::test]
async fn a_day_to_answer_by_stands_on_the_page_until_it_is_over() {
    let house = house::open().await;
    let desk = house.officer();
    let launch = Event {
        reply_by_date: Some(date(2024, 3, 22)),
        ..ceremony()
    };
    let event = announced(&desk, launch, 1).await;
    let token = token(&desk, &event.name).await;
    for (now, asked) in [
        ("2024-03-22T23:30:00+07", true),
        ("2024-03-23T00:30:00+07", false),
    ] {
        house.at(now);
        let (_, html) = get(&house, &token).await;
        assert_eq!(html.contains("22/3/2024"), asked, "{now}: {html}");
        assert!(html.contains("name=answer"), "still open: {html}");
    }
}

#[tokio::test]
async fn a_moved_event_says_first_what_was_and_what_is_and_why() {
    let house = house::open().await;
    let mut desk = house.officer();
    let mut launch = ceremony();
    launch.place.as_mut().unwrap().hint = "Tập trung trước 07 giờ 15".into();
    let event = announced(&desk, launch, 1).await;
    let token = token(&desk, &event.name).await;
    assert!(get(&house, &token).await.1.contains("07 giờ 15"));
    let elsewhen = RescheduleEventRequest {
        reason: "Trùng lịch họp tỉnh".into(),
        ..reschedule(&event, at("2024-04-02T14:00:00+07"))
    };
    desk.events.reschedule_event(elsewhen).await.unwrap();
    let (_, html) = get(&house, &token).await;
    begins(
        &html,
        &[
            "Thời gian đã thay đổi: từ 07 giờ 30, thứ Sáu, 29/3/2024 sang 14 giờ 00, thứ Ba, \
             02/4/2024.",
            "Lý do: Trùng lịch họp tỉnh",
            "Lễ phát động",
        ],
    );
    assert!(!html.contains("07 giờ 15"), "of the old hour: {html}");
    let elsewhere = RescheduleEventRequest {
        name: event.name.clone(),
        place: Some(Place {
            text: "Nhà văn hóa tỉnh".into(),
            ..Place::default()
        }),
        request_id: request_id(),
        ..RescheduleEventRequest::default()
    };
    desk.events.reschedule_event(elsewhere).await.unwrap();
    let (_, html) = get(&house, &token).await;
    let news = "Địa điểm đã thay đổi: từ Hội trường tỉnh sang Nhà văn hóa tỉnh.";
    begins(&html, &[news, "Lễ phát động"]);
}

#[tokio::test]
async fn a_report_that_is_moved_or_dropped_says_so_first() {
    let house = house::open().await;
    let mut desk = house.officer();
    let deadline = collected(&desk, report(), 1).await;
    let token = token(&desk, &deadline.name).await;
    let request = RescheduleDeadlineRequest {
        name: deadline.name.clone(),
        anchor: Some(day(date(2024, 4, 16), Bound::Through)),
        reason: "Chờ số liệu quý".into(),
        request_id: request_id(),
        ..RescheduleDeadlineRequest::default()
    };
    desk.deadlines.reschedule_deadline(request).await.unwrap();
    let (_, html) = get(&house, &token).await;
    begins(
        &html,
        &[
            "Thời hạn đã thay đổi",
            "Lý do: Chờ số liệu quý",
            "Hết thứ Ba, 16/4/2024",
        ],
    );
    let request = CancelDeadlineRequest {
        name: deadline.name.clone(),
        request_id: request_id(),
        ..CancelDeadlineRequest::default()
    };
    desk.deadlines.cancel_deadline(request).await.unwrap();
    let (_, html) = get(&house, &token).await;
    begins(&html, &["đã bãi bỏ, Quý đơn vị không phải gửi nữa"]);
}

#[tokio::test]
async fn a_page_speaks_english_where_the_link_or_the_browser_asks_for_it() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    let (_, html) = get(&house, &token).await;
    assert!(html.contains("<html lang=vi>") && html.contains("href=\"?lang=en\""));
    let (_, html) = get(&house, &format!("{token}?lang=en")).await;
    for part in [
        "<html lang=en>",
        "07:30, Friday 29 March 2024",
        "You have not answered yet.",
        "We will come",
        "href=\"?lang=vi\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let (status, html) = post(&house, &format!("{token}?lang=en"), "answer=yes").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Your answer is recorded."));

    let asked = |token: &str, languages: &'static str| {
        let request = client().get(format!("{}/r/{token}", house.pages));
        request.header("accept-language", languages).send()
    };
    let response = asked(&token, "en-GB,en;q=0.9,vi;q=0.5").await.unwrap();
    assert_eq!(response.headers()["vary"], "accept-language");
    assert!(response.text().await.unwrap().contains("<html lang=en>"));
    let wrong = asked("guess", "en").await.unwrap().text().await.unwrap();
    assert!(wrong.contains("Page not found"), "{wrong}");
    // A phone that speaks both is asked in the language it names first; the link decides.
    let vietnamese = asked(&format!("{token}?lang=vi"), "en").await.unwrap();
    let html = vietnamese.text().await.unwrap();
    assert!(html.contains("<html lang=vi>"), "{html}");
}

#[tokio::test]
async fn who_comes_is_told_by_name_and_shown_to_officers_only() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    let body = "answer=yes&attendees=2&names=B%C3%A0+Lan%2C+Gi%C3%A1m+%C4%91%E1%BB%91c%0D%0A\
                %C3%94ng+B%C3%ACnh";
    let (status, html) = post(&house, &token, body).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        html.contains("Bà Lan, Giám đốc\nÔng Bình</textarea>"),
        "{html}"
    );
    let answered = invitations(&desk, &event).await.remove(0);
    assert_eq!(answered.attendee_names, "Bà Lan, Giám đốc\nÔng Bình");
    assert!(
        house
            .facts()
            .await
            .iter()
            .all(|fact| { !String::from_utf8_lossy(&fact.payload).contains("Bà Lan") })
    );
    // Saying yes again keeps them; whoever does not come has no names.
    post(&house, &token, "answer=yes&attendees=3").await;
    let kept = invitations(&desk, &event).await.remove(0);
    assert_eq!(
        (kept.attendees, kept.attendee_names),
        (3, answered.attendee_names)
    );
    post(&house, &token, "answer=no&names=B%C3%A0+Lan").await;
    assert_eq!(invitations(&desk, &event).await[0].attendee_names, "");
}

#[tokio::test]
async fn a_host_is_not_invited_to_come_to_itself() {
    let house = house::open().await;
    let desk = house.officer();
    let visit = Event {
        kind: "visit".into(),
        title: "Thăm, tặng quà HTX".into(),
        ..ceremony()
    };
    let event = announced(&desk, visit, 1).await;
    let token = token(&desk, &event.name).await;
    let (_, html) = get(&house, &token).await;
    for part in ["lịch đến thăm, làm việc", "Chúng tôi sẽ tiếp đoàn"] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("kính mời"), "{html}");
    let (_, html) = post(&house, &token, "answer=yes").await;
    assert!(html.contains("sẽ tiếp đoàn."), "{html}");
}
