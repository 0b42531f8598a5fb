use std::time::Duration;

use kit::consumer::{Handler as _, Outcome};
use kit::database::Session as _;
use kit::telemetry::Metrics;
use lienminh_local::sms::{Answer, Noise, Receipt, Treatment};
use notifier::channel::sms::SmsOrder;
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;
use notifier::meters::METERS;
use notifier::work::receipts::Receipts;
use notifier::work::reconcile::reconcile;
use uuid::Uuid;

use crate::bed::{Bed, eventually};
use crate::receipts::pending;

const NUMBER: &str = "+84590000001";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sms_is_sent_once_and_its_receipt_says_delivered() {
    let bed = Bed::open().await;
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "DELIVERED").await;
    let accepted = bed.sms.accepted();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].request_id, id.to_string());
    assert!(
        accepted[0].text.contains("08h00 T5 11/4"),
        "{}",
        accepted[0].text
    );
    assert_eq!(
        bed.count("select count(*) from delivery where segments = 1")
            .await,
        1
    );
    running.stop().await;
}

const SILENT: Treatment = Treatment {
    answer: Answer::AcceptThenSilence(Duration::from_millis(50)),
    receipt: Receipt::Never,
};

const MULTI: &str = "select count(*) from delivery where sends > 1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_33_an_order_without_an_answer_is_settled_by_posting_it_again() {
    let bed = Bed::open().await;
    bed.sms.rules().set("059", SILENT);
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "SENT").await;
    let seen = bed.sms.counters();
    assert_eq!((seen.accepted, seen.duplicates, seen.queries), (1, 1, 0));
    assert_eq!(
        bed.count(MULTI).await,
        1,
        "the repetition was committed too"
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_never_arrived_is_sent_by_its_repetition() {
    let bed = Bed::open().await;
    bed.sms.rules().set_times("059", Answer::HttpError(503), 1);
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "DELIVERED").await;
    let seen = bed.sms.counters();
    assert_eq!((seen.accepted, seen.duplicates, seen.orders), (1, 0, 2));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repetition_that_is_refused_says_nothing_of_the_first_order() {
    let bed = Bed::open().await;
    bed.sms.rules().set_times("0590000001", SILENT, 1);
    bed.sms
        .rules()
        .set_times("059", Answer::RefuseFirst(103), 1);
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "SENT").await;
    assert_eq!(
        bed.sms.accepted().len(),
        1,
        "the balance came back, and it was known"
    );
    // Refused for good: whether the first one came only a person can find out.
    bed.sms.rules().clear();
    bed.sms.rules().set_times("0590000003", SILENT, 1);
    bed.sms.rules().set("059", Answer::RefuseFirst(146));
    let doubtful = bed
        .queue(Channel::Sms, "+84590000003", Class::Invitation)
        .await;
    assert_eq!(bed.reaches(doubtful, "PARKED").await, "esms 146");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_cannot_be_read_is_no_answer_and_what_can_be_read_of_it_counts() {
    let bed = Bed::open().await;
    let noises = [
        Noise::Page,
        Noise::Long,
        Noise::Deep,
        Noise::Packed,
        Noise::Empty,
        Noise::Latin1,
    ];
    let numbers: Vec<String> = (1..=noises.len())
        .map(|n| format!("+8459000000{n}"))
        .collect();
    for (number, noise) in numbers.iter().zip(noises) {
        let treatment = Treatment {
            answer: Answer::AcceptThenNoise(noise),
            receipt: Receipt::Never,
        };
        bed.sms.rules().set(&number.replace("+84", "0"), treatment);
    }
    let running = bed.run().await;
    let ids = bed
        .queue_all(Channel::Sms, &numbers, Class::Invitation)
        .await;
    for id in ids {
        bed.reaches(id, "SENT").await;
    }
    let seen = bed.sms.counters();
    assert_eq!((seen.accepted, seen.duplicates), (6, 5), "Latin-1 is read");
    const NAMED: &str = "select count(distinct code) from attempt where code like 'answer\\_%'";
    assert_eq!(bed.count(NAMED).await, 5);
    running.stop().await;
}

/// A row of unknown outcome, handed over a while ago, changed by `how` (a statement
/// about the delivery `$1`).
pub(crate) async fn unknown(bed: &Bed, how: &'static str) -> Uuid {
    const UNKNOWN: &str = "
        update delivery set state = 'UNKNOWN', sends = 1, attempts = 1, dated_at = asked_at,
               sent_at = now() - interval '10 minutes', next_action_at = now()
        where id = $1";
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    let session = bed.pool.get().await.unwrap();
    for statement in [UNKNOWN, how] {
        session.execute(statement, &[&id]).await.unwrap();
    }
    id
}

pub(crate) async fn looked_into(bed: &Bed, id: Uuid) -> (String, String) {
    reconcile(&bed.desk, &bed.gateway()).await.unwrap();
    bed.state(id).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_has_named_the_message_is_asked_by_that_name() {
    let bed = Bed::open().await;
    let id = unknown(&bed, "update delivery set reason = 'timeout' where id = $1").await;
    let order = SmsOrder {
        id,
        to: NUMBER.to_owned(),
        text: "Kinh moi Quy HTX".to_owned(),
    };
    let name = bed.gateway().send(&order).await.reference;
    // A receipt that it waits has come; the answer got lost.
    let outcomes = Receipts(bed.desk.clone())
        .handle(&[pending(id, &name)])
        .await;
    assert_eq!(outcomes, [Outcome::Done]);
    let (state, reason) = looked_into(&bed, id).await;
    assert_eq!((state.as_str(), reason.as_str()), ("SENT", "reconciled"));
    assert_eq!(bed.sms.counters().queries, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_the_gateway_no_longer_finds_tells_nothing() {
    const LOST: &str = "update delivery set provider_reference = 'lost' where id = $1";
    let bed = Bed::open().await;
    let id = unknown(&bed, LOST).await;
    let (state, reason) = looked_into(&bed, id).await;
    assert_eq!((state.as_str(), reason.as_str()), ("QUEUED", "repeated"));
    assert_eq!(bed.sms.counters().queries, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_repeated_beyond_its_use_or_beyond_the_gateways_memory() {
    const FORGOTTEN: &str =
        "update delivery set sent_at = now() - interval '23 hours' where id = $1";
    const USELESS: &str = "update delivery set useful_until = '2024-04-04T01:59:00Z' where id = $1";
    // Decided while there was time, taken up when there is none: commit_send refuses.
    const FORGOTTEN_SINCE: &str = "
        update delivery set state = 'RETRY_WAIT', guarded_until = now(),
               sent_at = now() - interval '23 hours' where id = $1";
    const USELESS_SINCE: &str = "
        update delivery set state = 'RETRY_WAIT', useful_until = '2024-04-04T01:59:00Z',
               guarded_until = now() + interval '1 hour' where id = $1";
    let bed = Bed::open().await;
    for how in [FORGOTTEN, USELESS] {
        let id = unknown(&bed, how).await;
        assert_eq!(looked_into(&bed, id).await.0, "PARKED", "{how}");
    }
    let forgotten = unknown(&bed, FORGOTTEN_SINCE).await;
    let useless = unknown(&bed, USELESS_SINCE).await;
    let running = bed.run().await;
    assert_eq!(bed.reaches(forgotten, "PARKED").await, "no_answer");
    assert_eq!(bed.reaches(useless, "PARKED").await, "too_late");
    assert_eq!(bed.sms.counters().orders, 0);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_on_no_white_list_and_unknown_codes_fail_nobody() {
    let bed = Bed::open().await;
    let codes = [140, 104, 131, 141, 999];
    let numbers: Vec<String> = codes
        .iter()
        .map(|code| format!("+845900{code:05}"))
        .collect();
    for (number, code) in numbers.iter().zip(codes) {
        let number = number.replace("+84", "0");
        bed.sms.rules().set_times(&number, Answer::Refuse(code), 1);
    }
    let running = bed.run().await;
    let ids = bed
        .queue_all(Channel::Sms, &numbers, Class::Invitation)
        .await;
    for id in ids {
        bed.reaches(id, "DELIVERED").await;
    }
    let untouched = "select count(*) from delivery where setbacks = 0";
    assert_eq!(bed.count(untouched).await, 2, "140 and 104 are about us");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_without_a_template_fails_alone_and_an_order_in_process_is_accepted() {
    let metrics = Metrics::install(&METERS).unwrap();
    let bed = Bed::open().await;
    bed.sms.rules().set("0590000001", Answer::Refuse(146));
    bed.sms.rules().set("0590000002", Answer::Refuse(199));
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    assert_eq!(bed.reaches(id, "FAILED").await, "esms 146");
    let in_process = bed
        .queue(Channel::Sms, "+84590000002", Class::Invitation)
        .await;
    bed.reaches(in_process, "SENT").await;
    let other = bed
        .queue(Channel::Sms, "+84590000003", Class::Invitation)
        .await;
    bed.reaches(other, "DELIVERED").await;
    let attempts = "select count(*) from attempt";
    assert_eq!(bed.count(attempts).await, 3, "the channel never rested");
    for line in [
        r#"notifier_deliveries_moved_total{state="FAILED",reason="esms 146"} 1"#,
        r#"notifier_answers_total{channel="sms",code="esms 146"} 1"#,
        r#"notifier_answers_total{channel="sms",code="accepted"} 2"#,
    ] {
        eventually(line, async || metrics.shows(line)).await;
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_33_an_empty_balance_pauses_and_then_everybody_is_served() {
    let bed = Bed::open().await;
    bed.sms.rules().set_times("059", Answer::Refuse(103), 1);
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "DELIVERED").await;
    assert_eq!(
        bed.count("select count(*) from delivery where setbacks = 0")
            .await,
        1,
        "a pause does not count as a setback"
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_does_not_exist_fails_and_is_remembered() {
    let bed = Bed::open().await;
    bed.sms.rules().set("059", Answer::Refuse(108));
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    assert_eq!(bed.reaches(id, "FAILED").await, "esms 108");
    let again = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    assert_eq!(bed.reaches(again, "SUPPRESSED").await, "address_dead");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_32_a_receipt_before_the_answer_counts() {
    let bed = Bed::open().await;
    bed.sms.rules().set("059", Receipt::BeforeAnswer);
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "DELIVERED").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sms_that_came_back_is_bounced() {
    let metrics = Metrics::install(&METERS).unwrap();
    let bed = Bed::open().await;
    bed.sms.rules().set("059", Receipt::Failed);
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "BOUNCED").await;
    let line = r#"notifier_deliveries_moved_total{state="BOUNCED",reason="receipt"} 1"#;
    eventually(line, async || metrics.shows(line)).await;
    running.stop().await;
}
