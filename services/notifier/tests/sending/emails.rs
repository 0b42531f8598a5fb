use kit::telemetry::Metrics;
use lienminh_local::smtp::Behaviour;
use notifier::channel::mode::Mode;
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;
use notifier::meters::METERS;

use crate::bed::{Bed, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accepted_email_is_sent_once_under_its_fixed_message_id() {
    let bed = Bed::open().await;
    let id = bed
        .queue(Channel::Email, "htx@example.com", Class::Invitation)
        .await;
    let running = bed.run().await;
    bed.reaches(id, "SENT").await;
    let accepted = bed.smtp.accepted_for("htx@example.com");
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].message_id, format!("<{id}@lienminh.example>"));
    assert_eq!(
        bed.count("select count(*) from attempt where outcome = 'accepted'")
            .await,
        1
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_emails_go_out_over_four_lanes_each_once() {
    let bed = Bed::open().await;
    let addresses: Vec<String> = (0..200).map(|n| format!("htx{n}@example.com")).collect();
    let running = bed.run().await;
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    eventually("all are sent", async || {
        bed.count("select count(*) from delivery where state = 'SENT'")
            .await
            == 200
    })
    .await;
    assert_eq!(bed.smtp.accepted().len(), 200);
    for address in &addresses {
        assert_eq!(bed.smtp.accepted_for(address).len(), 1, "{address}");
    }
    assert!(bed.smtp.counters().connections <= 4);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_mailbox_fails_and_is_never_written_to_again() {
    let metrics = Metrics::install(&METERS).unwrap();
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set("dead@example.com", Behaviour::RefuseRecipient(550));
    bed.smtp
        .rules()
        .set("lost@example.com", Behaviour::LoseThenDrop);
    let running = bed.run().await;
    bed.queue(Channel::Email, "lost@example.com", Class::Invitation)
        .await;
    let id = bed
        .queue(Channel::Email, "dead@example.com", Class::Invitation)
        .await;
    let reason = bed.reaches(id, "FAILED").await;
    assert!(reason.starts_with("550"), "{reason}");
    if reason == "550 5.1.1" {
        let again = bed
            .queue(Channel::Email, "dead@example.com", Class::Invitation)
            .await;
        assert_eq!(bed.reaches(again, "SUPPRESSED").await, "address_dead");
    }
    assert!(bed.smtp.accepted().is_empty());
    for line in [
        r#"notifier_deliveries_moved_total{state="FAILED",reason="550"} 1"#,
        r#"notifier_answers_total{channel="email",code="550"} 1"#,
        r#"notifier_deliveries_moved_total{state="UNKNOWN",reason="connection_lost"} 1"#,
    ] {
        eventually(line, async || metrics.shows(line)).await;
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_recipient_keeps_the_connection_for_the_next() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set("@dead.example", Behaviour::RefuseRecipient(550));
    let addresses: Vec<String> = (0..20)
        .map(|n| {
            format!(
                "a{n}@{}",
                if n % 2 == 0 {
                    "dead.example"
                } else {
                    "example.com"
                }
            )
        })
        .collect();
    let running = bed.run().await;
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    eventually("all have ended", async || {
        bed.count("select count(*) from delivery where state in ('SENT', 'FAILED')")
            .await
            == 20
    })
    .await;
    assert!(bed.smtp.counters().connections <= 4);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_greylisted_email_comes_again_and_is_taken() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set("grey@example.com", Behaviour::Greylist);
    let running = bed.run().await;
    let id = bed
        .queue(Channel::Email, "grey@example.com", Class::Invitation)
        .await;
    bed.reaches(id, "SENT").await;
    assert_eq!(bed.smtp.accepted_for("grey@example.com").len(), 1);
    assert_eq!(
        bed.count("select count(*) from attempt where outcome = 'deferred'")
            .await,
        1
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_before_354_was_certainly_not_sent() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set_times("drop@example.com", Behaviour::DropBeforeData, 1);
    let running = bed.run().await;
    let id = bed
        .queue(Channel::Email, "drop@example.com", Class::Invitation)
        .await;
    bed.reaches(id, "SENT").await;
    assert_eq!(bed.smtp.accepted_for("drop@example.com").len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_without_an_answer_after_the_dot_waits_for_a_person() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set("lost@example.com", Behaviour::AcceptThenDrop);
    let running = bed.run().await;
    let id = bed
        .queue(Channel::Email, "lost@example.com", Class::Invitation)
        .await;
    assert_eq!(bed.reaches(id, "PARKED").await, "no_answer");
    assert_eq!(bed.smtp.accepted_for("lost@example.com").len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_legal_deadline_without_an_answer_is_resent_once_with_the_identical_bytes() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set_times("law@example.com", Behaviour::AcceptThenDrop, 1);
    let running = bed.run().await;
    let id = bed
        .queue(Channel::Email, "law@example.com", Class::LegalDeadline)
        .await;
    bed.reaches(id, "SENT").await;
    let accepted = bed.smtp.accepted_for("law@example.com");
    assert_eq!(accepted.len(), 2);
    assert_eq!(accepted[0].sha256, accepted[1].sha256);
    assert_eq!(accepted[0].message_id, accepted[1].message_id);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_trial_nobody_outside_the_list_receives() {
    let bed = Bed::open().await;
    let running = bed
        .run_as(Mode::trial(&["tester@example.com".to_owned()]).unwrap())
        .await;
    let allowed = bed
        .queue(Channel::Email, "tester@example.com", Class::Invitation)
        .await;
    let other = bed
        .queue(Channel::Email, "htx@example.com", Class::Invitation)
        .await;
    bed.reaches(allowed, "SENT").await;
    assert_eq!(bed.reaches(other, "SUPPRESSED").await, "trial");
    assert_eq!(bed.smtp.accepted().len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_4_a_moved_obligation_stops_what_is_already_claimed() {
    let bed = Bed::open().await;
    let id = bed
        .queue(Channel::Email, "htx@example.com", Class::Invitation)
        .await;
    bed.execute("update obligation set anchor_version = 2")
        .await;
    let running = bed.run().await;
    assert_eq!(bed.reaches(id, "SUPERSEDED").await, "moved");
    assert!(bed.smtp.accepted().is_empty());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_helps_nobody_any_more_is_missed_and_not_sent() {
    let metrics = Metrics::install(&METERS).unwrap();
    let bed = Bed::open().await;
    let id = bed
        .queue(Channel::Email, "htx@example.com", Class::Invitation)
        .await;
    bed.desk
        .clock
        .set("2024-04-11T01:00:00Z".parse().unwrap())
        .unwrap();
    let running = bed.run().await;
    assert_eq!(bed.reaches(id, "MISSED").await, "too_late");
    assert!(bed.smtp.accepted().is_empty());
    let line = r#"notifier_deliveries_moved_total{state="MISSED",reason="at_the_last_moment"} 1"#;
    eventually(line, async || metrics.shows(line)).await;
    running.stop().await;
}
