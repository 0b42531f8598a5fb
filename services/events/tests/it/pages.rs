//! Reply pages over real HTTP.

use lienminh_proto::events::v1::{
    AnswerByCodeRequest, AnswerSource, CancelDeadlineRequest, CancelEventRequest, Event,
    InvitationState, PostponeEventRequest, RescheduleDeadlineRequest, RescheduleEventRequest,
};
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::r#type::v1::Bound;
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::house::{self, Desk, House};
use crate::samples::{
    announced, at, ceremony, collected, date, day, invitations, parties, report, request_id,
    reschedule, submissions,
};

/// Every client needs to know its cryptography, even for plain HTTP.
fn client() -> reqwest::Client {
    // Fails where another test of this process was faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

async fn token(desk: &Desk, subject: &str) -> String {
    parties(desk, subject).await.remove(0).reply_token
}

async fn get(house: &House, token: &str) -> (StatusCode, String) {
    let response = client()
        .get(format!("{}/r/{token}", house.pages))
        .send()
        .await
        .unwrap();
    (response.status(), response.text().await.unwrap())
}

async fn post(house: &House, token: &str, body: &'static str) -> (StatusCode, String) {
    let response = client()
        .post(format!("{}/r/{token}", house.pages))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap();
    (response.status(), response.text().await.unwrap())
}

#[tokio::test]
async fn looking_at_a_page_changes_nothing() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    let before = invitations(&desk, &event).await;
    for _ in 0..5 {
        let (status, html) = get(&house, &token).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("Lễ phát động Tháng hành động vì HTX năm 2024"));
        assert!(html.contains("07 giờ 30, thứ Sáu, 29/3/2024"));
        assert!(html.contains("Quý đơn vị chưa trả lời."));
    }
    assert_eq!(invitations(&desk, &event).await, before);
}

#[tokio::test]
async fn a_page_keeps_its_address_secret() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    let response = client()
        .get(format!("{}/r/{token}", house.pages))
        .send()
        .await
        .unwrap();
    let headers = response.headers();
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-robots-tag"], "noindex, nofollow");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn a_click_records_and_a_second_one_is_harmless() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    let (status, html) = post(&house, &token, "answer=yes&attendees=2").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Đã ghi nhận") && html.contains("sẽ dự, 2 người"));
    let first = invitations(&desk, &event).await;
    assert_eq!(first[0].state(), InvitationState::Accepted);
    assert_eq!(
        (first[0].attendees, first[0].answered_by()),
        (2, AnswerSource::Page)
    );

    house.at("2024-02-28T01:00:00Z");
    let (status, html) = post(&house, &token, "answer=yes&attendees=2").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Đã ghi nhận"));
    assert_eq!(invitations(&desk, &event).await, first);
}

#[tokio::test]
async fn a_forged_token_is_refused_and_guessing_is_limited() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    let mut forged = token.clone();
    let last = if forged.ends_with('A') { 'B' } else { 'A' };
    forged.pop();
    forged.push(last);
    let (status, html) = post(&house, &forged, "answer=yes").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!html.contains("Lễ phát động"));
    let mut statuses = Vec::new();
    for guess in 0..12 {
        statuses.push(get(&house, &format!("guess{guess}")).await.0);
    }
    assert_eq!(statuses[0], StatusCode::NOT_FOUND);
    assert_eq!(statuses[11], StatusCode::TOO_MANY_REQUESTS);
    // The wrong guesses of others do not lock out whoever holds a real one.
    assert_eq!(get(&house, &token).await.0, StatusCode::OK);
    assert_eq!(
        invitations(&desk, &event).await[0].state(),
        InvitationState::Invited
    );
}

#[tokio::test]
async fn the_wrong_guesses_of_one_address_do_not_hold_back_another() {
    let house = house::open().await;
    for guess in 0..10 {
        get(&house, &format!("guess{guess}")).await;
    }
    let (status, _) = get(&house, "guess").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    client();
    let neighbour: std::net::IpAddr = "127.0.0.2".parse().unwrap();
    let neighbour = reqwest::Client::builder()
        .local_address(neighbour)
        .build()
        .unwrap();
    let response = neighbour
        .get(format!("{}/r/guess", house.pages))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

/// Tries so many made-up tokens from an address of this machine; how many were looked up.
async fn guesses_from(house: &House, address: [u8; 4], tries: usize) -> usize {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind((address, 0).into()).unwrap();
    let pages = house.pages.trim_start_matches("http://").parse().unwrap();
    let mut stream = socket.connect(pages).await.unwrap();
    let mut lines = "GET /r/guess HTTP/1.1\r\nhost: h\r\n\r\n".repeat(tries - 1);
    lines.push_str("GET /r/guess HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
    stream.write_all(lines.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    answers.matches("HTTP/1.1 404").count()
}

#[tokio::test]
async fn a_thousand_wrong_tokens_of_strangers_keep_no_clerk_waiting() {
    let house = house::open().await;
    let mut clerk = house.officer();
    let event = announced(&clerk, ceremony(), 1).await;
    let code = invitations(&clerk, &event).await.remove(0).answer_code;
    for stranger in 1..=100 {
        let guessed = guesses_from(&house, [127, 0, 1, stranger], 12).await;
        assert_eq!(guessed, 10, "stranger {stranger}");
    }
    let look = AnswerByCodeRequest {
        code,
        ..AnswerByCodeRequest::default()
    };
    clerk.answers.answer_by_code(look).await.unwrap();
    // Nor does it keep away a member who mistypes a link.
    assert_eq!(guesses_from(&house, [127, 0, 2, 1], 1).await, 1);
}

#[tokio::test]
async fn an_answer_that_was_given_before_is_not_written_again() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let deadline = collected(&desk, report(), 1).await;
    let pages = [
        (token(&desk, &event.name).await, "answer=yes&attendees=2"),
        (token(&desk, &deadline.name).await, "answer=sent"),
    ];
    for (token, answer) in &pages {
        let before = house.count(WRITTEN_BY_PAGES).await;
        for _ in 0..20 {
            let (status, html) = post(&house, token, answer).await;
            assert_eq!(status, StatusCode::OK);
            assert!(html.contains("Đã ghi nhận"), "{html}");
        }
        assert_eq!(house.count(WRITTEN_BY_PAGES).await - before, 1, "{answer}");
    }
}

/// Rows of the audit that clicks have left.
const WRITTEN_BY_PAGES: &str = "select count(*) from audit where subject = 'page:reply'";

#[tokio::test]
async fn whoever_changes_an_answer_all_the_time_has_to_wait() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 2).await;
    let mut all = parties(&desk, &event.name).await;
    let (token, other) = (all.remove(0).reply_token, all.remove(0).reply_token);
    for turn in 0..10 {
        let answer = ["answer=yes", "answer=no"][turn % 2];
        assert_eq!(post(&house, &token, answer).await.0, StatusCode::OK);
    }
    let (status, html) = post(&house, &token, "answer=yes").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(html.contains("chưa được ghi nhận"), "{html}");
    assert_eq!(house.count(WRITTEN_BY_PAGES).await, 10);
    // What stands may be looked at and said again; others are not concerned.
    assert_eq!(get(&house, &token).await.0, StatusCode::OK);
    assert_eq!(post(&house, &token, "answer=no").await.0, StatusCode::OK);
    assert_eq!(post(&house, &other, "answer=yes").await.0, StatusCode::OK);
}

#[tokio::test]
async fn many_clicks_at_once_are_one_answer() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    let url = format!("{}/r/{token}", house.pages);
    let clicks: Vec<_> = (0..12)
        .map(|_| {
            let click = client()
                .post(&url)
                .header("content-type", "application/x-www-form-urlencoded")
                .body("answer=yes&attendees=2");
            tokio::spawn(async move { click.send().await.unwrap().status() })
        })
        .collect();
    for click in clicks {
        assert_eq!(click.await.unwrap(), StatusCode::OK);
    }
    let answered = invitations(&desk, &event).await;
    assert_eq!(
        (answered[0].state(), answered[0].attendees),
        (InvitationState::Accepted, 2)
    );
}

#[tokio::test]
async fn after_the_start_the_page_says_so_and_takes_nothing() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    house.at("2024-03-29T00:30:00Z");
    let (status, html) = get(&house, &token).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("không nhận trả lời nữa") && !html.contains("<form"));
    let (status, html) = post(&house, &token, "answer=no").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("Hoạt động đã bắt đầu"));
    assert_eq!(
        invitations(&desk, &event).await[0].state(),
        InvitationState::Invited
    );
}

#[tokio::test]
async fn a_replayed_token_of_a_cancelled_event_changes_nothing() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    post(&house, &token, "answer=yes").await;
    let request = CancelEventRequest {
        name: event.name.clone(),
        request_id: request_id(),
        ..CancelEventRequest::default()
    };
    desk.events.cancel_event(request).await.unwrap();
    let (status, html) = post(&house, &token, "answer=no").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("đã huỷ"));
    assert_eq!(
        invitations(&desk, &event).await[0].state(),
        InvitationState::Accepted
    );
}

#[tokio::test]
async fn a_page_asks_again_after_the_date_has_moved() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    post(&house, &token, "answer=yes").await;
    let elsewhen = reschedule(&event, at("2024-04-02T08:00:00+07"));
    desk.events.reschedule_event(elsewhen).await.unwrap();
    let (_, html) = get(&house, &token).await;
    assert!(html.contains("xin xác nhận lại theo lịch mới"));
    assert!(html.contains("08 giờ 00, thứ Ba, 02/4/2024"));
    let (_, html) = post(&house, &token, "answer=yes").await;
    assert!(!html.contains("xin xác nhận lại theo lịch mới"));
}

#[tokio::test]
async fn what_a_form_cannot_say_is_not_recorded() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let token = token(&desk, &event.name).await;
    for body in [
        "",
        "answer=maybe",
        "answer=sent",
        "answer=yes&attendees=501",
        "answer=yes&attendees=x",
    ] {
        let (status, html) = post(&house, &token, body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert!(html.contains("Chưa ghi nhận được"));
    }
    assert_eq!(
        invitations(&desk, &event).await[0].state(),
        InvitationState::Invited
    );
}

#[tokio::test]
async fn a_report_is_claimed_by_page() {
    let house = house::open().await;
    let desk = house.officer();
    let deadline = collected(&desk, report(), 1).await;
    let token = token(&desk, &deadline.name).await;
    let (_, html) = get(&house, &token).await;
    assert!(html.contains("Trước ngày 10/4/2024 (chậm nhất hết thứ Ba, 09/4/2024)"));
    let (status, html) = post(&house, &token, "answer=sent").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Quý đơn vị báo đã gửi: thứ Ba, 27/02/2024."));
    let (status, _) = post(&house, &token, "answer=sent").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(submissions(&desk, &deadline).await[0].state, 2);
    const QUESTIONS: &str = "select count(*) from deadline where kind = 'claim_confirmation'";
    assert_eq!(house.count(QUESTIONS).await, 1);
}

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
            "<p class=news>Hoạt động này đã huỷ.",
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
            text: "Nhà văn hoá tỉnh".into(),
            ..Place::default()
        }),
        request_id: request_id(),
        ..RescheduleEventRequest::default()
    };
    desk.events.reschedule_event(elsewhere).await.unwrap();
    let (_, html) = get(&house, &token).await;
    let news = "Địa điểm đã thay đổi: từ Hội trường tỉnh sang Nhà văn hoá tỉnh.";
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
