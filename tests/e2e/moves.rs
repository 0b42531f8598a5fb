//! Dời, hoãn, hủy: whoever was told something hears once what holds now.

use std::time::Duration;

use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::anchor;
use lienminh_local::ServiceName;
use lienminh_local::sms::Receipt;
use lienminh_local::smtp::Behaviour;
use lienminh_proto::events::v1::RescheduleDeadlineRequest;
use lienminh_proto::notifier::v1::DeliveryState;
use prost::Message as _;
use uuid::Uuid;

use crate::house::{House, PATIENCE, UNIT_MAILBOX, at, local, obligation, through, until};
use crate::letter::Letter;
use crate::member::{AN_BINH, BINH_MINH, CAO_NGUYEN, DONG_TAM, Member};

const TITLE: &str = "Hội thảo chuyển đổi số trong HTX";

/// A Friday and the Friday after.
const FIRST: &str = "2024-03-22T08:00";
const SECOND: &str = "2024-03-29T14:00";

async fn told(members: &[Member], codes: &[&str]) -> (House, String, String) {
    let mut house = House::open(members).await;
    let event = house
        .announce("seminar", TITLE, Some(at(FIRST)), codes)
        .await;
    house.settle().await;
    let name = obligation(&event.name);
    (house, event.name, name)
}

fn last(house: &House, address: &str) -> Letter {
    house.letters(address).pop().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_is_told_once_with_the_old_and_the_new_time() {
    let (mut house, event, name) = told(&[AN_BINH, BINH_MINH], &["M1", "M2"]).await;
    let first = house.letter("anbinh@example.com");
    assert_eq!(house.texts("0590000002").len(), 1);

    house.reschedule(&event, SECOND).await;
    house.to("2024-03-01T09:09").await;
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        1,
        "it settles first"
    );
    house.to("2024-03-01T09:10").await;
    assert_eq!(house.letters("anbinh@example.com").len(), 2);
    let correction = last(&house, "anbinh@example.com");
    assert!(
        correction.subject.contains("Đổi sang"),
        "{}",
        correction.subject
    );
    for words in ["22/3/2024", "29/3/2024", "14 giờ"] {
        assert!(correction.says(words), "{words} in {}", correction.text);
    }
    let calendar = correction.calendar();
    assert_eq!(calendar.method(), "PUBLISH");
    assert_eq!(calendar.uid(), first.calendar().uid());
    assert!(calendar.sequence() > first.calendar().sequence());
    assert_eq!(calendar.start(), "20240329T070000Z");
    let text = house.texts("0590000002").pop().unwrap().text;
    assert!(text.to_uppercase().contains("CHUYEN SANG"), "{text}");
    assert!(text.contains("22/3") && text.contains("29/3"), "{text}");

    // The old ladder is silent, the new one speaks.
    assert_eq!(house.step(&name, "correction").await.0, "FANNED_OUT");
    house.to("2024-03-22T12:00").await;
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        2,
        "{:?}",
        house.steps(&name).await
    );
    house.to("2024-03-26T08:00").await;
    assert!(last(&house, "anbinh@example.com").says("còn 3 ngày"));
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moved_there_and_back_while_it_settles_nobody_hears_of_it() {
    let (mut house, event, name) = told(&[AN_BINH, BINH_MINH], &["M1", "M2"]).await;
    house.reschedule(&event, SECOND).await;
    house.to("2024-03-01T09:05").await;
    house.reschedule(&event, FIRST).await;
    house.to("2024-03-08T12:00").await;
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        1,
        "{:?}",
        house.steps(&name).await
    );
    assert_eq!(house.texts("0590000002").len(), 1);
    let (state, reason) = house.step(&name, "correction").await;
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("SUPPRESSED", "no_change")
    );

    house.to("2024-03-19T08:00").await;
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        2,
        "the ladder goes on"
    );
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moved_again_while_it_settles_it_is_told_once_as_it_stands_at_last() {
    let (mut house, event, name) = told(&[AN_BINH], &["M1"]).await;
    house.reschedule(&event, SECOND).await;
    house.to("2024-03-01T09:05").await;
    house.reschedule(&event, "2024-04-05T08:00").await;
    house.to("2024-03-01T12:00").await;
    let letters = house.letters("anbinh@example.com");
    assert_eq!(letters.len(), 2, "{:?}", house.steps(&name).await);
    assert!(
        letters[1].says("05/4/2024") && letters[1].says("22/3/2024"),
        "{}",
        letters[1].text
    );
    assert!(
        !letters[1].says("29/3/2024"),
        "nobody had been told of that: {}",
        letters[1].text
    );
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moved_earlier_past_its_steps_only_the_latest_goes_out_with_the_true_days() {
    let mut house = House::open(&[AN_BINH]).await;
    let deadline = house
        .demand("Báo cáo nhanh", through("2024-04-26"), &["M1"])
        .await;
    house.settle().await;
    let request = RescheduleDeadlineRequest {
        name: deadline.name.clone(),
        anchor: Some(anchor(Some(&through("2024-03-06")))),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    house
        .officer
        .deadlines()
        .reschedule_deadline(request)
        .await
        .unwrap();
    house.to("2024-03-01T10:00").await;

    let letter = house.letter("anbinh@example.com");
    assert!(letter.says("còn 5 ngày"), "{}", letter.text);
    let name = obligation(&deadline.name);
    let steps = house.steps(&name).await;
    let missed = |step: &str| {
        steps.iter().any(|(found, state, reason)| {
            found == step && state == "SUPPRESSED" && reason == "late_start"
        })
    };
    assert!(missed("t-7") && !missed("t-3"), "{steps:?}");
    house.to("2024-03-05T08:00").await;
    assert!(last(&house, "anbinh@example.com").says("ngày mai"));
    assert_eq!(house.letters("anbinh@example.com").len(), 2);
    house.nothing_is_lost_or_doubled().await;
}

/// Announced to two, one of whom has been told while the other's invitation is still in a
/// worker's hand: the SMTP end is slow to take its envelope.
async fn half_told() -> (House, String, String) {
    let house = House::open(&[AN_BINH, DONG_TAM]).await;
    let smtp = house.stage.smtp();
    let slow = Behaviour::Slow(Duration::from_secs(2));
    smtp.rules().set_times("anbinh@example.com", slow, 1);
    let event = house
        .announce("seminar", TITLE, Some(at(FIRST)), &["M1", "M4"])
        .await;
    smtp.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!(house.letters("anbinh@example.com").len(), 0);
    let name = obligation(&event.name);
    (house, event.name, name)
}

#[tokio::test(flavor = "multi_thread")]
async fn moved_while_claimed_the_old_time_is_told_at_most_once_and_then_the_new() {
    let (mut house, event, name) = half_told().await;
    house.reschedule(&event, SECOND).await;
    house.to("2024-03-01T09:30").await;

    for address in ["anbinh@example.com", "dongtam@example.com"] {
        let letters = house.letters(address);
        let old = letters
            .iter()
            .filter(|each| each.subject.starts_with("Mời") && each.says("22/3/2024"));
        assert!(old.count() <= 1, "{address}: at most the old one once");
        let new = letters.iter().filter(|each| each.says("29/3/2024"));
        assert_eq!(new.count(), 1, "{address}: {:?}", house.steps(&name).await);
        assert!(
            letters.last().unwrap().says("29/3/2024"),
            "{address}: the new one last"
        );
    }
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moved_there_and_back_while_claimed_everybody_is_still_invited_once() {
    let (mut house, event, name) = half_told().await;
    house.reschedule(&event, SECOND).await;
    house.reschedule(&event, FIRST).await;
    house.to("2024-03-01T12:00").await;

    for address in ["anbinh@example.com", "dongtam@example.com"] {
        let letters = house.letters(address);
        let steps = house.steps(&name).await;
        assert_eq!(letters.len(), 1, "{address}: {steps:?}");
        assert!(letters[0].says("22/3/2024"), "{}", letters[0].text);
    }
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postponed_readers_hear_so_and_then_the_new_date() {
    let (mut house, event, name) = told(&[AN_BINH, BINH_MINH], &["M1", "M2"]).await;
    let first = house.letter("anbinh@example.com");
    house.postpone(&event).await;
    house.to("2024-03-01T09:10").await;
    let postponed = last(&house, "anbinh@example.com");
    assert!(
        postponed.says("tạm hoãn") || postponed.says("Tạm hoãn"),
        "{}",
        postponed.text
    );
    assert!(
        !postponed.text.to_lowercase().contains("hủy"),
        "never mixed: {}",
        postponed.text
    );
    assert_eq!(postponed.calendar().method(), "CANCEL");
    assert_eq!(postponed.calendar().uid(), first.calendar().uid());
    assert!(postponed.calendar().sequence() > first.calendar().sequence());
    let text = house.texts("0590000002").pop().unwrap().text;
    assert!(
        text.contains("TAM HOAN") || text.contains("TAM DUNG"),
        "{text}"
    );
    assert!(text.contains("CHUA CO NGAY MOI"), "{text}");

    // Nothing reminds of a day that does not stand.
    house.to("2024-03-22T12:00").await;
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        2,
        "{:?}",
        house.steps(&name).await
    );

    house.reschedule(&event, "2024-04-12T08:00").await;
    house.to("2024-03-22T12:10").await;
    let fixed = last(&house, "anbinh@example.com");
    assert!(fixed.says("12/4/2024"), "{}", fixed.text);
    assert_eq!(fixed.calendar().method(), "PUBLISH");
    assert_eq!(fixed.calendar().uid(), first.calendar().uid());
    assert!(fixed.calendar().sequence() > postponed.calendar().sequence());
    house.to("2024-04-09T08:00").await;
    assert_eq!(house.letters("anbinh@example.com").len(), 4, "armed again");
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_at_ten_in_the_evening_everybody_hears_at_once_or_is_called() {
    const MORNING: &str = "2024-03-29T07:30";
    let unlucky = Member::new("M5", "Em Mất Liên Lạc")
        .email("mat@example.com")
        .phone("0590000905");
    let mut house = House::open(&[AN_BINH, BINH_MINH, CAO_NGUYEN, unlucky]).await;
    let event = house
        .announce(
            "ceremony",
            "Lễ phát động",
            Some(at(MORNING)),
            &["M1", "M2", "M3", "M5"],
        )
        .await;
    let name = obligation(&event.name);
    house.to("2024-03-28T22:00").await;
    let (mails, texts) = (
        house.letters("anbinh@example.com").len(),
        house.texts("0590000001").len(),
    );
    let first = house.letters("anbinh@example.com").remove(0);
    house
        .stage
        .smtp()
        .rules()
        .set("mat@example.com", Behaviour::RefuseRecipient(550));
    house.stage.sms().rules().set("0590000905", Receipt::Failed);

    house.cancel(&event.name).await;
    house.to("2024-03-28T22:01").await;
    let letters = house.letters("anbinh@example.com");
    assert_eq!(letters.len(), mails + 1, "{:?}", house.steps(&name).await);
    let cancelled = letters.last().unwrap();
    assert!(
        cancelled.text.to_lowercase().contains("hủy"),
        "{}",
        cancelled.text
    );
    assert!(
        !cancelled.text.to_lowercase().contains("tạm hoãn"),
        "never mixed: {}",
        cancelled.text
    );
    assert_eq!(cancelled.dated, local("2024-03-28T22:01"), "no quiet hours");
    assert_eq!(cancelled.calendar().method(), "CANCEL");
    assert_eq!(cancelled.calendar().uid(), first.calendar().uid());
    assert!(cancelled.calendar().sequence() > first.calendar().sequence());
    assert_eq!(
        house.texts("0590000001").len(),
        texts + 1,
        "by all channels"
    );
    let text = house.texts("0590000002").pop().unwrap().text;
    assert!(text.contains("HUY"), "{text}");

    // Why it was called off stands wherever somebody reads that it was.
    assert!(cancelled.says("Mưa bão"), "{}", cancelled.text);
    assert!(text.contains("Ly do: Mua bao."), "{text}");
    let entry = cancelled.calendar().one("DESCRIPTION");
    assert!(entry.contains("Mưa bão"), "{entry}");
    let page = reqwest::get(first.page()).await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("Mưa bão"), "{page}");

    house.to("2024-03-28T22:05").await;
    let list = house.letter(UNIT_MAILBOX);
    assert!(list.says("Em Mất Liên Lạc"), "{}", list.text);
    assert!(list.says("Mưa bão"), "{}", list.text);
    let digits: String = list.text.chars().filter(char::is_ascii_digit).collect();
    assert!(
        digits.contains("590000905"),
        "a number to call: {}",
        list.text
    );
    assert!(!list.says("An Bình"), "was reached: {}", list.text);
    assert!(
        list.says("Cao Nguyên"),
        "nothing ever reached it: {}",
        list.text
    );

    house.to("2024-03-29T12:00").await;
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        mails + 1,
        "nothing more"
    );
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_out_of_order_and_twice_change_nothing() {
    let (mut house, event, name) = told(&[AN_BINH, BINH_MINH], &["M1", "M2"]).await;
    let old = house.obligation(&name).await;
    house.reschedule(&event, SECOND).await;
    house.to("2024-03-01T09:10").await;
    let new = house.obligation(&name).await;
    assert!(new.sequence > old.sequence && new.anchor_version > old.anchor_version);
    let before = house.steps(&name).await;
    let (mails, texts) = (
        house.letters("anbinh@example.com").len(),
        house.texts("0590000002").len(),
    );
    assert_eq!(mails, 2);

    const REPEAT: &str = "
        insert into outbox (id, exchange, routing_key, stream, mandatory, type, aggregate,
                            aggregate_sequence, occurred_at, payload)
        values ($1, 'lienminh.facts', $2, 'facts:obligation', false,
                'lienminh.obligation.v1.Obligation', $3, $4, now(), $5)";
    let database = house.stage.look_into(ServiceName::Events).await.unwrap();
    let again = Uuid::now_v7();
    let order = [
        (Uuid::now_v7(), &old, "events.v1.obligation.scheduled"),
        (again, &new, "events.v1.obligation.moved"),
        (again, &new, "events.v1.obligation.moved"),
        (Uuid::now_v7(), &old, "events.v1.obligation.scheduled"),
    ];
    for (id, fact, key) in order {
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&id, &key, &name, &fact.sequence, &fact.encode_to_vec()];
        database.execute(REPEAT, &values).await.unwrap();
    }
    until("the repeated facts are published", || async {
        let left = database.query_one("select count(*) from outbox", &[]).await;
        left.unwrap().get::<_, i64>(0) == 0
    })
    .await;
    // The second copy of one id is never counted as taken in, so the conductor cannot be asked
    // whether all is settled; the notifier's queue can.
    let queues = house.stage.rabbitmq();
    for queue in queues.queues(house.stage.vhost()).await.unwrap() {
        let vhost = house.stage.vhost().to_owned();
        until("every queue is empty", || async {
            queues.messages(&vhost, &queue).await.unwrap() == 0
        })
        .await;
    }
    assert_eq!(house.steps(&name).await, before);
    house.clock.set(local("2024-03-01T12:00")).await.unwrap();
    until("the notifier has looked at the new instant", || async {
        house.step(&name, "correction").await.0 == "FANNED_OUT"
    })
    .await;
    assert_eq!(house.letters("anbinh@example.com").len(), mails);
    assert_eq!(house.texts("0590000002").len(), texts);
    let row = house.row(&name, "M1", "correction").await;
    assert_eq!(row.state(), DeliveryState::Sent);
    house.nothing_is_lost_or_doubled().await;
}
