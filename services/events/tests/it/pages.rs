//! Reply pages over real HTTP.

use lienminh_proto::events::v1::{
    AnswerByCodeRequest, AnswerSource, CancelEventRequest, InvitationState,
};
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::house::{self, House};
use crate::samples::{
    announced, at, ceremony, collected, invitations, parties, report, request_id, reschedule,
    submissions,
};
use crate::visitor::{client, get, post, token};

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
    assert!(html.contains("đã hủy"));
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
    assert!(html.contains("Chậm nhất hết thứ Ba, 09/4/2024 (trước ngày 10/4/2024)"));
    let (status, html) = post(&house, &token, "answer=sent").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Quý đơn vị báo đã gửi: thứ Ba, 27/02/2024."));
    let (status, _) = post(&house, &token, "answer=sent").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(submissions(&desk, &deadline).await[0].state, 2);
    const QUESTIONS: &str = "select count(*) from deadline where kind = 'claim_confirmation'";
    assert_eq!(house.count(QUESTIONS).await, 1);
}
