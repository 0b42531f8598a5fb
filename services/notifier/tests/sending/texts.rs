use std::time::Duration;

use lienminh_local::sms::{Answer, Receipt};
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;

use crate::bed::Bed;

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_33_no_answer_after_the_post_is_settled_by_asking_the_gateway() {
    let bed = Bed::open().await;
    bed.sms.rules().set(
        "059",
        lienminh_local::sms::Treatment {
            answer: Answer::AcceptThenSilence(Duration::from_millis(50)),
            receipt: Receipt::Never,
        },
    );
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    assert_eq!(bed.reaches(id, "SENT").await, "reconciled");
    assert_eq!(bed.sms.accepted().len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_failed_before_it_took_the_order_gets_it_again() {
    let bed = Bed::open().await;
    bed.sms.rules().set_times("059", Answer::HttpError(503), 1);
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "DELIVERED").await;
    assert_eq!(bed.sms.accepted().len(), 1);
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
    let bed = Bed::open().await;
    bed.sms.rules().set("059", Receipt::Failed);
    let running = bed.run().await;
    let id = bed.queue(Channel::Sms, NUMBER, Class::Invitation).await;
    bed.reaches(id, "BOUNCED").await;
    running.stop().await;
}
