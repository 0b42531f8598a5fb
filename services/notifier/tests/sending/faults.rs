use std::time::Duration;

use lienminh_local::proxy::Link;
use lienminh_local::smtp::Behaviour;
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;
use notifier::work::ring::Bells;

use crate::bed::{Bed, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_sender_s_claims_are_sent_by_the_next_and_its_sending_row_is_unknown() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set_default(Behaviour::Slow(Duration::from_secs(30)));
    let addresses: Vec<String> = (0..12).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    bed.smtp.rules().set(
        "htx0@example.com",
        Behaviour::DelayAfterDot(Duration::from_secs(30)),
    );
    let first = bed.run().await;
    eventually("one is being sent, the others are claimed", async || {
        bed.count("select count(*) from delivery where state = 'SENDING'")
            .await
            == 1
            && bed
                .count("select count(*) from delivery where state = 'CLAIMED'")
                .await
                == 11
            && bed.smtp.accepted().len() == 1
    })
    .await;
    first.kill().await;
    bed.smtp.rules().clear();
    let second = bed.run().await;
    eventually(
        "the eleven are sent, the one waits for a person",
        async || {
            bed.count("select count(*) from delivery where state = 'SENT'")
                .await
                == 11
                && bed
                    .count("select count(*) from delivery where state = 'PARKED'")
                    .await
                    == 1
        },
    )
    .await;
    for address in &addresses {
        assert_eq!(bed.smtp.accepted_for(address).len(), 1, "{address}");
    }
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_whose_orders_the_broker_lost_are_rung_again() {
    let bed = Bed::open().await;
    let addresses: Vec<String> = (0..10).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    eventually("the orders are with the broker", async || {
        bed.count("select count(*) from outbox").await == 0
    })
    .await;
    purge(&bed).await;
    let running = bed.run().await;
    eventually("all are sent", async || {
        bed.count("select count(*) from delivery where state = 'SENT'")
            .await
            == 10
    })
    .await;
    assert_eq!(bed.smtp.accepted().len(), 10);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_that_the_broker_does_not_take_are_not_written_again_and_again() {
    let bed = Bed::open().await;
    bed.stop_relay().await;
    let addresses: Vec<String> = (0..10).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    let written = bed.count("select count(*) from outbox").await;
    let bells = bells(&bed);
    for _ in 0..3 {
        bed.execute("update delivery set next_action_at = now() - interval '1 minute'")
            .await;
        bed.execute("update outbox set recorded_at = now() - interval '3 minutes'")
            .await;
        bells.look().await.unwrap();
    }
    assert_eq!(bed.count("select count(*) from outbox").await, written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_database_does_not_make_one_row_ring_for_ever() {
    let bed = Bed::open().await;
    bed.stop_relay().await;
    bed.queue(Channel::Email, "htx@example.com", Class::Invitation)
        .await;
    bed.execute("delete from outbox").await;
    bed.execute("update delivery set next_action_at = now() - interval '1 minute'")
        .await;
    let bells = bells(&bed);
    // A connection that stands already: making one takes too many steps.
    drop(bed.desk.pool.get().await.unwrap());
    // A ring now takes longer than a row stays quiet after one.
    bed.link.set(Link::delayed(Duration::from_millis(100)));
    let look = tokio::time::timeout(Duration::from_secs(20), bells.look());
    look.await.unwrap().unwrap();
    assert_eq!(bed.count("select count(*) from outbox").await, 1);
}

/// Every mail gets an occurrence of its own, with a letter of its own.
const PART: &str = "
    with parted as (
        select d.id, gen_random_uuid() as occurrence_id, row_number() over (order by d.id) as number
        from delivery d
    ), occurrences as (
        insert into occurrence (id, obligation_id, anchor_version, step, repetition, audience, tells,
                                state, nominal_at, due_at, useful_until)
        select p.occurrence_id, c.obligation_id, c.anchor_version, c.step, c.repetition + p.number,
               c.audience, c.tells, c.state, c.nominal_at, c.due_at, c.useful_until
        from parted p cross join occurrence c
        returning id
    ), letters as (
        insert into occurrence_letter (occurrence_id, letter)
        select o.id, l.letter from occurrences o cross join occurrence_letter l
    )
    update delivery d set occurrence_id = p.occurrence_id from parted p where p.id = d.id";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_letters_at_once_put_no_mail_off() {
    let bed = Bed::open().await;
    let addresses: Vec<String> = (0..700).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    bed.execute(PART).await;
    let sender = bed.run().await;
    eventually("every mail has been tried", async || {
        bed.count(
            "select count(*) from delivery where state not in ('QUEUED', 'CLAIMED', 'SENDING')",
        )
        .await
            == 700
    })
    .await;
    let put_off = "select count(*) from attempt where outcome = 'deferred'";
    assert_eq!(bed.count(put_off).await, 0);
    sender.stop().await;
}

fn bells(bed: &Bed) -> Bells {
    Bells {
        desk: bed.desk.clone(),
        broker: bed.broker().clone(),
        pulses: Default::default(),
        found: Default::default(),
    }
}

async fn purge(bed: &Bed) {
    let connection = bed.broker().connect("purge").await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    loop {
        let options = lapin::options::BasicGetOptions { no_ack: true };
        let taken = channel
            .basic_get("notifier.email".into(), options)
            .await
            .unwrap();
        if taken.is_none() {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_delivered_twice_sends_once() {
    let bed = Bed::open().await;
    let id = bed
        .queue(Channel::Email, "htx@example.com", Class::Invitation)
        .await;
    for _ in 0..3 {
        let tx = bed.desk.pool.begin().await.unwrap();
        notifier::store::order::put(
            &tx,
            &[notifier::store::order::Ring {
                delivery: id,
                generation: 1,
                sms: false,
                bulk: false,
            }],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
    let running = bed.run().await;
    bed.reaches(id, "SENT").await;
    eventually("all orders are taken", async || {
        bed.count("select count(*) from outbox").await == 0
            && bed
                .broker()
                .depth("notifier.email")
                .await
                .unwrap()
                .unwrap()
                .messages
                == 0
    })
    .await;
    assert_eq!(bed.smtp.accepted().len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_costs_no_setbacks() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set_times("htx@example.com", Behaviour::Busy, 2);
    let running = bed.run().await;
    let id = bed
        .queue(Channel::Email, "htx@example.com", Class::Invitation)
        .await;
    bed.reaches(id, "SENT").await;
    assert_eq!(bed.smtp.accepted().len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_lost_again_and_again_while_mails_are_sent_loses_and_doubles_nothing() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set_default(Behaviour::DelayAfterDot(Duration::from_millis(20)));
    let addresses: Vec<String> = (0..150).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    let running = bed.run().await;
    for cut in 1..=5 {
        eventually("some more are accepted", async || {
            bed.smtp.accepted().len() >= cut * 20
        })
        .await;
        bed.link.reset();
    }
    eventually("all are sent", async || {
        bed.count("select count(*) from delivery where state = 'SENT'")
            .await
            == 150
    })
    .await;
    assert!(bed.link.counters().reset > 0, "the cuts must have bitten");
    for address in &addresses {
        assert_eq!(bed.smtp.accepted_for(address).len(), 1, "{address}");
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_ends_in_good_order_gives_its_claims_back() {
    let bed = Bed::open().await;
    bed.smtp
        .rules()
        .set_default(Behaviour::DelayAfterDot(Duration::from_millis(300)));
    let addresses: Vec<String> = (0..40).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    let first = bed.run().await;
    eventually("some are sent", async || !bed.smtp.accepted().is_empty()).await;
    first.stop().await;
    let left = "select count(*) from delivery where state in ('CLAIMED', 'SENDING', 'UNKNOWN')";
    assert_eq!(bed.count(left).await, 0);
    bed.smtp.rules().clear();
    let second = bed.run().await;
    eventually("all are sent", async || {
        bed.count("select count(*) from delivery where state = 'SENT'")
            .await
            == 40
    })
    .await;
    assert_eq!(bed.smtp.accepted().len(), 40);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_senders_at_once_send_each_mail_once() {
    let bed = Bed::open().await;
    let addresses: Vec<String> = (0..200).map(|n| format!("htx{n}@example.com")).collect();
    let (first, second) = (bed.run().await, bed.run().await);
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    eventually("all are sent", async || {
        bed.count("select count(*) from delivery where state = 'SENT'")
            .await
            == 200
    })
    .await;
    for address in &addresses {
        assert_eq!(bed.smtp.accepted_for(address).len(), 1, "{address}");
    }
    first.stop().await;
    second.stop().await;
}
