//! Relays as they are: what speaks of us, and what of one mail.

use lienminh_local::smtp::{Behaviour, Manner, Place};
use notifier::channel::gate::Cause;
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;
use uuid::Uuid;

use crate::bed::{Bed, eventually};

const SENT: &str = "select count(*) from delivery where state = 'SENT'";
const FAILED: &str = "select count(*) from delivery where state = 'FAILED'";
const PUT_OFF: &str = "select count(*) from attempt where outcome = 'deferred'";
const SETBACKS: &str = "select coalesce(sum(setbacks), 0) from delivery";

const DENIED: Behaviour = Behaviour::Says(
    Place::Rcpt,
    "554 5.7.1 <htx@example.com>: Relay access denied",
);

fn mailboxes(count: usize, domain: &str) -> Vec<String> {
    (0..count).map(|n| format!("htx{n}@{domain}")).collect()
}

async fn all_are_sent(bed: &Bed, count: i64) {
    eventually("all are sent", async || bed.count(SENT).await == count).await;
}

async fn mail(bed: &Bed, to: &str) -> Uuid {
    bed.queue(Channel::Email, to, Class::Invitation).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_blocked_for_what_it_says_fails_alone_and_delays_nobody() {
    let bed = Bed::open().await;
    let blocked = [
        (
            "a@blocked.example",
            Place::Dot,
            "552-5.7.0 This message was blocked because its content\r\n552 5.7.0 presents a risk to b@x.example",
        ),
        (
            "b@blocked.example",
            Place::Dot,
            "554 5.7.1 Spam message rejected",
        ),
        ("c@blocked.example", Place::Data, "550 5.7.1 Not from you"),
    ];
    for (to, place, reply) in blocked {
        bed.smtp.rules().set(to, Behaviour::Says(place, reply));
    }
    let mut ids = Vec::new();
    for (to, _, _) in blocked {
        ids.push(mail(&bed, to).await);
    }
    bed.queue_all(
        Channel::Email,
        &mailboxes(20, "example.com"),
        Class::Invitation,
    )
    .await;
    let running = bed.run().await;
    for (id, reason) in ids.iter().zip(["552 5.7.0", "554 5.7.1", "550 5.7.1"]) {
        assert_eq!(bed.reaches(*id, "FAILED").await, reason);
    }
    all_are_sent(&bed, 20).await;
    assert_eq!(bed.count(PUT_OFF).await, 0);
    assert_eq!(bed.gates.email.rest(), None);
    let detail = bed.detail(ids[0]).await;
    let said = "This message was blocked because its content presents a risk to (address)";
    assert_eq!(detail, said);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_relay_says_of_our_sender_or_our_quota_rests_the_channel_and_fails_nobody() {
    let bed = Bed::open().await;
    let running = bed.run().await;
    let mut sent = 0;
    for reply in [
        "550 5.4.5 Daily user sending limit exceeded",
        "553 5.7.1 <nhacviec@lienminh.example>: Sender address rejected: not owned by user",
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
    ] {
        bed.smtp.rules().set_manner(Manner {
            to_mail: Some(reply),
            ..Manner::default()
        });
        bed.queue_all(
            Channel::Email,
            &mailboxes(5, "example.com"),
            Class::Invitation,
        )
        .await;
        eventually("the channel rests", async || {
            bed.gates.email.rest().is_some()
        })
        .await;
        let rest = bed.gates.email.rest().unwrap();
        assert_eq!(rest.cause, Cause::Refused);
        assert!(rest.reason.starts_with(&reply[..9]), "{rest}");
        assert!(!rest.reason.contains('@'), "{rest}");
        assert_eq!((bed.count(FAILED).await, bed.count(SETBACKS).await), (0, 0));
        bed.smtp.rules().set_manner(Manner::default());
        sent += 5;
        all_are_sent(&bed, sent).await;
        assert_eq!(bed.gates.email.rest(), None);
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quota_that_is_told_after_the_dot_is_ours_too() {
    let bed = Bed::open().await;
    let quota = "550 5.4.5 Daily user sending limit exceeded";
    bed.smtp
        .rules()
        .set_times("@example.com", Behaviour::Says(Place::Dot, quota), 6);
    bed.queue_all(
        Channel::Email,
        &mailboxes(10, "example.com"),
        Class::Invitation,
    )
    .await;
    let running = bed.run().await;
    all_are_sent(&bed, 10).await;
    assert_eq!(
        bed.smtp.counters().refused_messages,
        6,
        "it must have bitten"
    );
    assert_eq!(bed.count(SETBACKS).await, 0);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_the_relay_rests_the_channel_and_moves_nobody_s_schedule() {
    let bed = Bed::open().await;
    let full = Behaviour::Says(Place::Rcpt, "452 4.3.1 Insufficient system storage");
    bed.smtp.rules().set_times("@example.com", full, 3);
    let running = bed.run().await;
    let id = mail(&bed, "htx@example.com").await;
    bed.reaches(id, "SENT").await;
    assert_eq!(bed.count(SETBACKS).await, 0);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_against_one_domain_waits_and_fails_its_mail_when_another_was_served() {
    let bed = Bed::open().await;
    bed.smtp.rules().set("@a.example", DENIED);
    let first = bed.run().await;
    let refused = mail(&bed, "htx@a.example").await;
    assert_eq!(bed.reaches(refused, "RETRY_WAIT").await, "policy_in_doubt");
    let same = mail(&bed, "other@a.example").await;
    eventually("it is offered again", async || {
        bed.smtp.counters().refused_recipients > 4
    })
    .await;
    assert_eq!(bed.count(FAILED).await, 0);
    // What is known of it survives a restart.
    first.stop().await;
    let second = bed.run().await;
    let served = mail(&bed, "htx@b.example").await;
    bed.reaches(served, "SENT").await;
    for id in [refused, same] {
        assert_eq!(bed.reaches(id, "FAILED").await, "policy_of_recipient");
    }
    let again = mail(&bed, "htx2@b.example").await;
    bed.reaches(again, "SENT").await;
    assert_eq!(bed.gates.email.rest(), None);
    assert_eq!(bed.count("select count(*) from suppression").await, 0);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_domains_that_are_refused_alike_rest_the_channel_and_fail_nobody() {
    let bed = Bed::open().await;
    bed.smtp.rules().set_default(DENIED);
    let addresses: Vec<String> = (0..12).map(|n| format!("htx@d{}.example", n % 4)).collect();
    bed.queue_all(Channel::Email, &addresses, Class::LegalDeadline)
        .await;
    let running = bed.run().await;
    eventually("the channel rests", async || {
        bed.gates.email.rest().is_some()
    })
    .await;
    let rest = bed.gates.email.rest().unwrap();
    assert_eq!(rest.cause, Cause::Refused);
    assert_eq!(rest.reason, "554 5.7.1 (address) Relay access denied");
    assert_eq!(bed.count(FAILED).await, 0);
    bed.smtp.rules().clear();
    all_are_sent(&bed, 12).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_that_nobody_decides_fails_its_mail_after_six_hours_and_says_why() {
    const SIX_HOURS: &str =
        "update delivery set doubted_since = doubted_since - interval '6 hours'";
    let bed = Bed::open().await;
    bed.smtp.rules().set("@a.example", DENIED);
    let running = bed.run().await;
    let id = mail(&bed, "htx@a.example").await;
    assert_eq!(bed.reaches(id, "RETRY_WAIT").await, "policy_in_doubt");
    bed.execute(SIX_HOURS).await;
    assert_eq!(bed.reaches(id, "FAILED").await, "policy_undecided");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_that_nobody_decides_in_time_fails_its_mail_and_does_not_miss_it() {
    let bed = Bed::open().await;
    bed.smtp.rules().set("@a.example", DENIED);
    let running = bed.run().await;
    let id = mail(&bed, "htx@a.example").await;
    bed.reaches(id, "RETRY_WAIT").await;
    let useful_until = "2024-04-11T01:00:00Z".parse().unwrap();
    bed.desk.clock.set(useful_until).unwrap();
    assert_eq!(bed.reaches(id, "FAILED").await, "policy_undecided");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_grants_fewer_connections_gets_fewer_and_is_not_asked_again() {
    let granted = [
        Manner {
            most_connections: Some(2),
            ..Manner::default()
        },
        Manner {
            most_senders: Some(2),
            ..Manner::default()
        },
    ];
    for manner in granted {
        let bed = Bed::open().await;
        bed.smtp.rules().set_manner(manner);
        let slow = Behaviour::DelayAfterDot(std::time::Duration::from_millis(5));
        bed.smtp.rules().set_default(slow);
        bed.queue_all(
            Channel::Email,
            &mailboxes(40, "a.example"),
            Class::Invitation,
        )
        .await;
        let running = bed.run().await;
        all_are_sent(&bed, 40).await;
        let found = bed.smtp.counters().too_many;
        assert!(found > 0, "it must have bitten");
        bed.queue_all(
            Channel::Email,
            &mailboxes(40, "b.example"),
            Class::Invitation,
        )
        .await;
        all_are_sent(&bed, 80).await;
        assert_eq!(bed.smtp.counters().too_many, found, "it was found already");
        assert_eq!(bed.count(SETBACKS).await, 0);
        running.stop().await;
    }
}
