//! What could not be sent in the evening wakes nobody at night.

use kit::clock::Clock;
use lienminh_local::sms::Answer;
use lienminh_local::smtp::Behaviour;
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;

use crate::bed::Bed;
use crate::texts::{looked_into, unknown};

/// Half a minute before 21:00 in Vietnam.
const LATE: &str = "2024-04-04T13:59:30Z";

/// Waits as in production: until 07:00 it is ten hours.
async fn open() -> Bed {
    let clock = Clock::stepped(LATE.parse().unwrap()).with_full_waits();
    Bed::open_at("http://127.0.0.1:9", clock).await
}

const IN_THE_MORNING: &str = "
    select count(*) from delivery
    where state = 'RETRY_WAIT'
      and next_action_at between now() + interval '9 hours' and now() + interval '11 hours'";

const WITHIN_AN_HOUR: &str = "
    select count(*) from delivery
    where state = 'RETRY_WAIT' and next_action_at < now() + interval '1 hour'";

/// An email that its server does not take yet.
async fn greylisted(bed: &Bed, address: &str, class: Class) {
    bed.smtp.rules().set(address, Behaviour::Greylist);
    let id = bed.queue(Channel::Email, address, class).await;
    bed.reaches(id, "RETRY_WAIT").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sms_for_which_the_balance_was_empty_comes_again_in_the_morning() {
    let bed = open().await;
    bed.sms.rules().set("059", Answer::Refuse(103));
    let running = bed.run().await;
    let id = bed
        .queue(Channel::Sms, "+84590000001", Class::LegalDeadline)
        .await;
    bed.reaches(id, "RETRY_WAIT").await;
    assert_eq!(bed.count(IN_THE_MORNING).await, 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_by_email_comes_again_soon_and_a_greeting_in_the_morning() {
    let bed = open().await;
    let running = bed.run().await;
    greylisted(&bed, "grau@example.com", Class::Invitation).await;
    assert_eq!(bed.count(WITHIN_AN_HOUR).await, 1);
    greylisted(&bed, "grey@example.com", Class::Care).await;
    assert_eq!(bed.count(IN_THE_MORNING).await, 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_of_unknown_outcome_is_posted_again_in_the_morning() {
    const AN_HOUR_AGO: &str = "
        update delivery set sent_at = now() - interval '1 hour' where id = $1";
    const RINGS: &str = "update delivery set next_action_at = now()";
    let bed = open().await;
    let id = unknown(&bed, AN_HOUR_AGO).await;
    assert_eq!(
        looked_into(&bed, id).await.0,
        "QUEUED",
        "it is not yet nine"
    );
    let at_night = unknown(&bed, AN_HOUR_AGO).await;
    for (clock, state) in [
        ("2024-04-04T14:00:00Z", "UNKNOWN"),
        ("2024-04-04T23:59:00Z", "UNKNOWN"),
        ("2024-04-05T00:00:00Z", "QUEUED"),
    ] {
        bed.desk.clock.set(clock.parse().unwrap()).unwrap();
        bed.execute(RINGS).await;
        assert_eq!(looked_into(&bed, at_night).await.0, state, "{clock}");
    }
}
