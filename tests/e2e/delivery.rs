//! What becomes of a message that a provider refuses, loses or leaves unanswered.

use std::time::Duration;

use lienminh_cli::load::fresh_request_id;
use lienminh_local::sms::{Answer, Receipt, Treatment};
use lienminh_local::smtp::Behaviour;
use lienminh_local::suite::Delivery as Mode;
use lienminh_proto::notifier::v1::{Channel, DeliveryState, Resolution, ResolveDeliveryRequest};

use crate::house::{House, at, obligation, options, through};
use crate::member::{AN_BINH, DONG_TAM, Member};

const START: &str = "2024-03-22T08:00";

const REFUSED: Member = Member::new("R", "Rạng Đông")
    .email("refused@example.com")
    .phone("0590000011");
const GREYLISTED: Member = Member::new("G", "Giang Sơn").email("grey@example.com");
const DROPPED: Member = Member::new("D", "Đại Lộc").email("dropped@example.com");

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_refused_for_good_is_written_to_by_sms_from_then_on() {
    let mut house = House::open(&[REFUSED]).await;
    house
        .stage
        .smtp()
        .rules()
        .set("refused@example.com", Behaviour::RefuseRecipient(550));
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &["R"])
        .await;
    house.settle().await;
    let name = obligation(&event.name);
    let row = house.row(&name, "R", "issue").await;
    assert_eq!(
        (row.channel(), row.state()),
        (Channel::Email, DeliveryState::Failed)
    );
    assert!(
        row.reason.starts_with("550"),
        "the server's own word: {}",
        row.reason
    );
    house.to("2024-03-19T08:00").await;
    let row = house.row(&name, "R", "t-3").await;
    assert_eq!(
        (row.channel(), row.state()),
        (Channel::Sms, DeliveryState::Delivered)
    );
    assert_eq!(house.texts("0590000011").len(), 1);
    assert_eq!(house.stage.smtp().counters().accepted, 0);
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greylisted_and_a_dropped_mail_arrive_once_under_the_same_id() {
    let mut house = House::open(&[GREYLISTED, DROPPED]).await;
    let rules = house.stage.smtp().rules();
    rules.set("grey@example.com", Behaviour::Greylist);
    rules.set_times("dropped@example.com", Behaviour::DropBeforeData, 1);
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &["G", "D"])
        .await;
    house.settle().await;
    for (code, address) in [("G", "grey@example.com"), ("D", "dropped@example.com")] {
        let letter = house.letter(address);
        let row = house.row(&obligation(&event.name), code, "issue").await;
        assert_eq!(
            (row.state(), row.attempts),
            (DeliveryState::Sent, 2),
            "{address}"
        );
        assert_eq!(row.reference.trim_matches(['<', '>']), letter.message_id);
    }
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_mail_of_a_legal_deadline_is_resent_once_with_identical_bytes() {
    let mut house = House::open(&[DROPPED]).await;
    let rules = house.stage.smtp().rules();
    rules.set_times("dropped@example.com", Behaviour::AcceptThenDrop, 1);
    let deadline = house
        .demand("Báo cáo quý I", through("2024-03-28"), &["D"])
        .await;
    house.to("2024-03-21T08:00").await;
    let letters = house.letters("dropped@example.com");
    assert_eq!(
        letters.len(),
        2,
        "nobody knew whether the first had arrived"
    );
    assert_eq!(letters[0].message_id, letters[1].message_id);
    assert_eq!(letters[0].sha256, letters[1].sha256, "the identical bytes");
    let row = house.row(&obligation(&deadline.name), "D", "t-7").await;
    assert_eq!(row.state(), DeliveryState::Sent);

    // Unanswered twice, it is never sent a third time.
    house
        .stage
        .smtp()
        .rules()
        .set("dropped@example.com", Behaviour::AcceptThenDrop);
    house.to("2024-03-25T12:00").await;
    assert_eq!(house.letters("dropped@example.com").len(), 4);
    let row = house.row(&obligation(&deadline.name), "D", "t-3").await;
    assert_eq!(row.state(), DeliveryState::Parked);
    house.the_sum_holds().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_invitation_waits_for_a_person() {
    let mut house = House::open(&[DROPPED, DONG_TAM]).await;
    let rules = house.stage.smtp().rules();
    rules.set_times("dropped@example.com", Behaviour::AcceptThenDrop, 1);
    rules.set_times("dongtam@example.com", Behaviour::LoseThenDrop, 1);
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &["D", "M4"])
        .await;
    house.settle().await;
    let name = obligation(&event.name);
    let resolve = |row: &str, resolution: Resolution| ResolveDeliveryRequest {
        name: row.to_owned(),
        resolution: resolution.into(),
        reason: "gọi hỏi rồi".to_owned(),
        request_id: fresh_request_id(),
    };
    let (arrived, lost) = (
        house.row(&name, "D", "issue").await,
        house.row(&name, "M4", "issue").await,
    );
    for row in [&arrived, &lost] {
        assert_eq!(row.state(), DeliveryState::Parked, "{row:?}");
    }
    assert_eq!(
        house.letters("dropped@example.com").len(),
        1,
        "never blindly again"
    );
    assert_eq!(house.letters("dongtam@example.com").len(), 0);

    let mut desk = house.officer.notifier();
    let sent = desk
        .resolve_delivery(resolve(&arrived.name, Resolution::Sent))
        .await;
    assert_eq!(sent.unwrap().into_inner().state(), DeliveryState::Sent);
    desk.resolve_delivery(resolve(&lost.name, Resolution::Resend))
        .await
        .unwrap();
    house.settle().await;
    assert_eq!(
        house.row(&name, "M4", "issue").await.state(),
        DeliveryState::Sent
    );
    assert_eq!(
        house.letter("dongtam@example.com").message_id,
        lost.reference.trim_matches(['<', '>'])
    );
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sms_without_an_answer_is_settled_by_the_same_order_and_never_sent_again() {
    let silent = Member::new("S", "Sơn Hà").phone("0590000021");
    let duplicate = Member::new("K", "Kiên Cường").phone("0590000022");
    let mut house = House::open(&[silent, duplicate]).await;
    let rules = house.stage.sms().rules();
    let silence = Treatment {
        answer: Answer::AcceptThenSilence(Duration::from_millis(300)),
        receipt: Receipt::Never,
    };
    rules.set("0590000021", silence);
    rules.set("0590000022", Answer::Refuse(124));
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &["S", "K"])
        .await;
    house.settle().await;
    let name = obligation(&event.name);
    assert_eq!(house.texts("0590000021").len(), 1);
    assert_eq!(
        house.stage.sms().counters().duplicates,
        1,
        "the same order was known again"
    );
    let row = house.row(&name, "S", "issue").await;
    assert!(
        matches!(row.state(), DeliveryState::Sent | DeliveryState::Delivered),
        "{row:?}"
    );
    let row = house.row(&name, "K", "issue").await;
    assert_eq!(
        row.state(),
        DeliveryState::Sent,
        "a duplicate was accepted before"
    );
    assert_eq!(row.attempts, 1);
    house.the_sum_holds().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_twice_early_or_for_nobody_change_nothing_and_a_dead_number_bounces() {
    let members = [
        Member::new("T", "Thống Nhất").phone("0590000031"),
        Member::new("E", "Êa Tling").phone("0590000032"),
        Member::new("U", "Uy Tín").phone("0590000033"),
        Member::new("X", "Xuân Lộc").phone("0590000034"),
    ];
    let mut house = House::open(&members).await;
    let rules = house.stage.sms().rules();
    rules.set("0590000031", Receipt::Twice);
    rules.set("0590000032", Receipt::BeforeAnswer);
    rules.set("0590000033", Receipt::UnknownIdFirst);
    rules.set("0590000034", Receipt::Failed);
    let event = house
        .announce(
            "seminar",
            "Hội thảo",
            Some(at(START)),
            &["T", "E", "U", "X"],
        )
        .await;
    house.settle().await;
    let name = obligation(&event.name);
    for code in ["T", "E", "U"] {
        let row = house.row(&name, code, "issue").await;
        assert_eq!(row.state(), DeliveryState::Delivered, "{code}");
    }
    let row = house.row(&name, "X", "issue").await;
    assert_eq!(row.state(), DeliveryState::Bounced);
    assert_eq!(house.stage.sms().counters().accepted, 4);
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_trial_only_the_allowed_hear_anything() {
    let mut options = options();
    options.delivery = Mode::Trial(vec!["anbinh@example.com".to_owned()]);
    let mut house = House::with(&options, &[AN_BINH, DONG_TAM, REFUSED]).await;
    let event = house
        .announce(
            "ceremony",
            "Lễ phát động",
            Some(at(START)),
            &["M1", "M4", "R"],
        )
        .await;
    house.to("2024-03-21T08:00").await;
    let name = obligation(&event.name);
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        3,
        "issue, t-3, t-1"
    );
    assert_eq!(house.stage.smtp().counters().accepted, 3);
    assert_eq!(house.stage.sms().counters().orders, 0);
    for (code, step) in [
        ("M4", "issue"),
        ("R", "issue"),
        ("M4", "t-1"),
        ("M1", "t-1"),
    ] {
        let rows = house.rows(&name, code, step).await;
        let kept = rows.iter().filter(|row| row.reason == "trial");
        assert_eq!(
            kept.filter(|row| row.state() == DeliveryState::Suppressed)
                .count(),
            1,
            "{code} {step}"
        );
    }
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_and_one_that_refuses_for_now_are_tried_again() {
    let mut house = House::open(&[AN_BINH, DONG_TAM]).await;
    let rules = house.stage.smtp().rules();
    rules.set_times("anbinh@example.com", Behaviour::Busy, 2);
    rules.set_times("dongtam@example.com", Behaviour::RefuseData(451), 2);
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &["M1", "M4"])
        .await;
    let name = obligation(&event.name);
    house.settle().await;
    assert_eq!(house.letters("anbinh@example.com").len(), 1);
    assert_eq!(house.letters("dongtam@example.com").len(), 1);
    assert_eq!(house.row(&name, "M1", "issue").await.attempts, 3);
    house.nothing_is_lost_or_doubled().await;
}
