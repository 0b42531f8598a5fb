//! Words that would be more than words: headers, markup, other addresses (S11). And pages that
//! only look (S16).

use lienminh_cli::load::fresh_request_id;
use lienminh_local::ServiceName;
use lienminh_proto::events::v1::{AnswerByCodeRequest, CodeAnswer, Event};
use lienminh_proto::obligation::v1::{Place, Position};
use lienminh_proto::registry::v1::{Contact, CreateContactRequest};
use reqwest::StatusCode;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::api::violations;
use crate::house::{House, at};
use crate::member::{AN_BINH, Member};
use crate::rpcs::rows;

/// Every kind of quoting that somebody on the way could undo, but for encoded words: those are
/// refused at the door.
const TITLE: &str = r#"Họp "A", <b>B</b>; = ?utf-8?q?Bcc:_x@example.com?= {{7*7}} %0d%0aBcc: y@example.com \r\nBcc: z@example.com"#;
const PLACE: &str = r#"Phòng <script>alert(1)</script>; "C", \n"#;

const ODD: Member = Member::new("M9", r#""Bình"; <i>An</i>, = ?utf-8?q?X?="#)
    .email("odd@example.com")
    .phone("0590000009");

#[tokio::test(flavor = "multi_thread")]
async fn what_looks_like_a_header_or_markup_reaches_one_reader_as_it_was_typed() {
    let mut house = House::open(&[ODD]).await;
    let request = lienminh_proto::events::v1::CreateEventRequest {
        event: Some(Event {
            place: Some(Place {
                text: PLACE.to_owned(),
                ..Default::default()
            }),
            ..house.event("ceremony", TITLE, Some(at("2024-03-29T07:30")))
        }),
        announce: true,
        invitees: house.members(&["M9"]),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    house.officer.events().create_event(request).await.unwrap();
    house.to("2024-03-04T12:00").await;

    // Reading it asserts one recipient and each field once.
    let letter = house.letter("odd@example.com");
    assert!(!letter.subject.contains(['\r', '\n']), "{}", letter.subject);
    assert!(letter.says(TITLE), "{}", letter.text);
    assert!(letter.says(PLACE), "{}", letter.text);
    assert!(!letter.html.contains("<script"), "{}", letter.html);
    assert!(!letter.html.contains("<b>B</b>"), "{}", letter.html);
    for mail in house.stage.smtp().accepted() {
        let known = ["odd@example.com", crate::house::UNIT_MAILBOX];
        assert!(
            mail.to.iter().all(|to| known.contains(&to.as_str())),
            "{:?}",
            mail.to
        );
    }
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_one_address_and_a_name_one_line_of_honest_letters() {
    let house = House::open(&[AN_BINH]).await;
    let mailboxes = [
        "a@example.com\r\nBcc: x@example.com",
        "a@example.com, b@example.com",
        "a@example.com b@example.com",
        "<a@example.com>",
        "a@example.com> SIZE=1",
        "a\0@example.com",
        "a@exam\u{200b}ple.com",
        "a@example.com\u{202e}",
        "а@example.com",
        "a@exаmple.com",
    ];
    let names = [
        "Lê\r\nBcc: x@example.com",
        "Lê\nVăn",
        "Lê\0Văn",
        "Lê\u{2028}Văn",
        "Lê\u{202e}năV",
        "Lê\u{200b}Văn",
        "Lê Vаn",
    ];
    let contact = |email: &str, name: &str| Contact {
        person_name: name.to_owned(),
        email: email.to_owned(),
        position: Position::Director.into(),
        ..Default::default()
    };
    let mailboxes = mailboxes.map(|email| ("contact.email", contact(email, "Lê Văn")));
    let names = names.map(|name| ("contact.person_name", contact("a@example.com", name)));
    let before = rows(&house.stage).await;
    for (field, contact) in mailboxes.into_iter().chain(names) {
        let request = CreateContactRequest {
            parent: house.member("M1"),
            contact: Some(contact.clone()),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let answer = house.officer.contacts().create_contact(request).await;
        let refused = answer
            .err()
            .unwrap_or_else(|| panic!("{contact:?} was taken"));
        assert_eq!(refused.code(), Code::InvalidArgument, "{contact:?}");
        let named = violations(&refused);
        assert!(
            named.iter().any(|each| each.field == field),
            "{contact:?}: {named:?}"
        );
    }
    assert_eq!(rows(&house.stage).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_a_hundred_times_changes_nothing_and_guessing_is_soon_over() {
    let mut house = House::open(&[AN_BINH]).await;
    house
        .announce(
            "ceremony",
            "Lễ phát động",
            Some(at("2024-03-29T07:30")),
            &["M1"],
        )
        .await;
    house.to("2024-03-04T12:00").await;
    let page = house.letter("anbinh@example.com").page();
    let mut pages = vec![(page.clone(), StatusCode::OK)];
    for service in ServiceName::ALL {
        let http = house.stage.suite().address(service).http;
        for path in ["metrics", "healthz", "readyz"] {
            pages.push((format!("http://{http}/{path}"), StatusCode::OK));
        }
    }
    let notifier = house.stage.suite().address(ServiceName::Notifier).public;
    let forged = "receipts/esms/forged?RequestId=1&SendStatus=5&SendSuccess=1";
    pages.push((format!("http://{notifier}/{forged}"), StatusCode::NOT_FOUND));

    let before = rows(&house.stage).await;
    let client = reqwest::Client::new();
    for (page, expected) in &pages {
        for _ in 0..100 {
            let answer = client.get(page).send().await.unwrap();
            assert_eq!(answer.status(), *expected, "{page}");
        }
        client.head(page).send().await.unwrap();
    }
    let mut statuses = Vec::new();
    for guess in 0..12 {
        let answer = client.get(format!("{page}{guess}")).send().await.unwrap();
        statuses.push(answer.status());
    }
    assert_eq!(statuses[0], StatusCode::NOT_FOUND);
    assert_eq!(statuses[11], StatusCode::TOO_MANY_REQUESTS);
    let answer = client.get(&page).send().await.unwrap();
    assert_eq!(
        answer.status(),
        StatusCode::OK,
        "who has the link still sees the page"
    );

    // The officer at the telephone guesses no better than a visitor.
    for guess in 0..11 {
        let request = AnswerByCodeRequest {
            code: format!("{:06}", guess * 7),
            answer: CodeAnswer::Unspecified.into(),
            attendees: 0,
            attendee_names: String::new(),
            request_id: fresh_request_id(),
        };
        let refused = house
            .officer
            .answers()
            .answer_by_code(request)
            .await
            .unwrap_err();
        if guess < 10 {
            assert_eq!(refused.code(), Code::NotFound);
        } else {
            assert_eq!(refused.code(), Code::ResourceExhausted);
            assert!(refused.get_details_retry_info().is_some());
        }
    }
    assert_eq!(rows(&house.stage).await, before);
}
