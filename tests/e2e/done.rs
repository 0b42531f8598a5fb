//! Whoever has answered, submitted or says so hears nothing more of it.

use lienminh_cli::load::fresh_request_id;
use lienminh_proto::events::v1::{
    AnswerByCodeRequest, AnswerInvitationRequest, AnswerSource, ClaimSubmissionRequest, CodeAnswer,
    Invitation, InvitationState, ListInvitationsRequest,
};
use lienminh_proto::notifier::v1::DeliveryState;
use tonic::Code;

use crate::house::{House, UNIT_MAILBOX, at, obligation, through};
use crate::member::{AN_BINH, BINH_MINH, DONG_TAM, Member};

pub(crate) async fn invitation(house: &House, event: &str, code: &str) -> Invitation {
    invitation_of(house, event, &house.member(code)).await
}

/// The invitation of an organisation by its name.
pub(crate) async fn invitation_of(house: &House, event: &str, organisation: &str) -> Invitation {
    let request = ListInvitationsRequest {
        parent: event.to_owned(),
        page_size: 200,
        ..Default::default()
    };
    let listed = house
        .officer
        .events()
        .list_invitations(request)
        .await
        .unwrap()
        .into_inner();
    let mut found = listed.invitations.into_iter();
    found
        .find(|each| each.organisation == organisation)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_submitted_early_is_not_chased() {
    let mut house = House::open(&[AN_BINH, DONG_TAM]).await;
    let deadline = house
        .demand("Báo cáo quý I", through("2024-03-28"), &["M1", "M4"])
        .await;
    let name = obligation(&deadline.name);
    house.to("2024-03-21T08:00").await;
    assert_eq!(house.letters("dongtam@example.com").len(), 1);
    house.receive(&deadline.name, "M4").await;
    house.to("2024-03-29T08:00").await;
    assert_eq!(
        house.letters("dongtam@example.com").len(),
        1,
        "t-3, t-1, late-1 are skipped"
    );
    assert_eq!(house.letters("anbinh@example.com").len(), 4);
    let chaser = house.letters("anbinh@example.com").pop().unwrap();
    assert!(chaser.says("chưa nhận được"), "{}", chaser.text);
    assert!(
        chaser.says("Nếu đã gửi, xin báo"),
        "never accuses: {}",
        chaser.text
    );
    assert!(
        !chaser.text.to_lowercase().contains("quá hạn"),
        "{}",
        chaser.text
    );
    for step in ["t-3", "t-1", "late-1"] {
        let row = house.row(&name, "M4", step).await;
        assert_eq!(row.state(), DeliveryState::Satisfied, "{step}");
    }
    house.receive(&deadline.name, "M1").await;
    house.to("2024-04-10T12:00").await;
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        4,
        "everybody is done"
    );
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_stops_the_chasing_for_three_working_days_and_asks_the_unit() {
    let mut house = House::open(&[AN_BINH]).await;
    let deadline = house
        .demand("Báo cáo quý I", through("2024-03-28"), &["M1"])
        .await;
    let name = obligation(&deadline.name);
    // Friday: the first chaser, answered by "đã gửi". Three working days end on Wednesday.
    house.to("2024-03-29T08:00").await;
    let mails = house.letters("anbinh@example.com").len();
    assert_eq!(mails, 4);
    let request = ClaimSubmissionRequest {
        parent: deadline.name.clone(),
        organisation: house.member("M1"),
        request_id: fresh_request_id(),
    };
    house
        .officer
        .deadlines()
        .claim_submission(request)
        .await
        .unwrap();
    house.settle().await;
    let asked = house.letters(UNIT_MAILBOX);
    assert_eq!(asked.len(), 1, "the unit is asked to confirm");
    assert!(asked[0].says("An Bình"), "{}", asked[0].text);

    // The chaser of the third working day, Tuesday, is held back.
    house.to("2024-04-02T12:00").await;
    assert_eq!(house.letters("anbinh@example.com").len(), mails);
    let row = house.row(&name, "M1", "late-3").await;
    assert_eq!(
        (row.state(), row.reason.as_str()),
        (DeliveryState::Suppressed, "claimed")
    );
    // That of the fifth, Thursday, is not: nobody has confirmed. It goes by SMS.
    house.to("2024-04-04T12:00").await;
    let row = house.row(&name, "M1", "late-5").await;
    assert!(
        matches!(row.state(), DeliveryState::Sent | DeliveryState::Delivered),
        "{row:?}"
    );
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_answered_by_page_by_code_and_by_an_officer() {
    let by_officer = Member::new("M6", "Gia Nghĩa").email("gianghia@example.com");
    let mut house = House::open(&[AN_BINH, BINH_MINH, DONG_TAM, by_officer]).await;
    let event = house
        .announce(
            "seminar",
            "Hội thảo",
            Some(at("2024-03-22T08:00")),
            &["M1", "M2", "M4", "M6"],
        )
        .await;
    house.settle().await;

    // By page: opening changes nothing, however often a scanner does it; sending does.
    let page = house.letter("anbinh@example.com").page();
    let browser = reqwest::Client::new();
    for _ in 0..3 {
        let shown = browser.get(&page).send().await.unwrap();
        assert_eq!(shown.status(), 200);
        let html = shown.text().await.unwrap();
        assert!(html.contains("<form"));
        for named in [
            "Kính gửi Hợp tác xã Nông nghiệp An Bình,",
            "Liên minh Hợp tác xã tỉnh Đắk Nông trân trọng kính mời",
            "Phòng Kế hoạch Hỗ trợ: <a href=\"tel:+842613000012\">0261 3000 012</a>",
        ] {
            assert!(html.contains(named), "{named} in {html}");
        }
    }
    let untouched = invitation(&house, &event.name, "M1").await;
    assert_eq!(
        untouched.state(),
        InvitationState::Invited,
        "GET changes nothing"
    );
    let sent = browser
        .post(&page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("answer=yes&attendees=2")
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 200);
    let answered = invitation(&house, &event.name, "M1").await;
    assert_eq!(answered.state(), InvitationState::Accepted);
    assert_eq!(
        (answered.attendees, answered.answered_by()),
        (2, AnswerSource::Page)
    );
    let forged = format!("{}x", page);
    let refused = browser
        .post(&forged)
        .body("answer=no")
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 404);

    // By code, as the SMS carries it.
    let code = invitation(&house, &event.name, "M2").await.answer_code;
    let text = house.texts("0590000002").remove(0).text;
    assert!(
        text.replace(' ', "").contains(&code),
        "the code is in the SMS: {text}"
    );
    let mut request = AnswerByCodeRequest {
        code,
        answer: CodeAnswer::No.into(),
        attendees: 0,
        attendee_names: String::new(),
        request_id: fresh_request_id(),
    };
    let told = house
        .officer
        .answers()
        .answer_by_code(request.clone())
        .await
        .unwrap();
    assert_eq!(told.into_inner().organisation, house.member("M2"));
    let declined = invitation(&house, &event.name, "M2").await;
    assert_eq!(declined.state(), InvitationState::Declined);
    assert_eq!(declined.answered_by(), AnswerSource::Code);
    request.code = "00000000".to_owned();
    request.request_id = fresh_request_id();
    let unknown = house
        .officer
        .answers()
        .answer_by_code(request)
        .await
        .unwrap_err();
    assert!(
        matches!(unknown.code(), Code::NotFound | Code::InvalidArgument),
        "{unknown:?}"
    );

    // By an officer, as told on the phone.
    let request = AnswerInvitationRequest {
        name: event.name.clone(),
        organisation: house.member("M6"),
        state: InvitationState::Declined.into(),
        attendees: 0,
        attendee_names: String::new(),
        request_id: fresh_request_id(),
    };
    house
        .officer
        .events()
        .answer_invitation(request)
        .await
        .unwrap();
    assert_eq!(
        invitation(&house, &event.name, "M6").await.answered_by(),
        AnswerSource::Officer
    );

    // Three working days before: who comes is still reminded, who does not is left alone.
    house.to("2024-03-19T08:00").await;
    let confirmed = house.letters("anbinh@example.com").pop().unwrap();
    assert!(confirmed.says("đã nhận lời tham dự"), "{}", confirmed.text);
    assert!(
        !confirmed.text.contains("/r/"),
        "nothing more to answer: {}",
        confirmed.text
    );
    assert_eq!(
        house.letters("dongtam@example.com").len(),
        2,
        "has not answered"
    );
    assert_eq!(house.letters("gianghia@example.com").len(), 1);
    assert_eq!(house.texts("0590000002").len(), 1);
    for code in ["M2", "M6"] {
        let row = house.row(&obligation(&event.name), code, "t-3").await;
        assert_eq!(
            (row.state(), row.reason.as_str()),
            (DeliveryState::Suppressed, "declined")
        );
    }
    house.nothing_is_lost_or_doubled().await;
}
