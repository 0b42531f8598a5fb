//! A process dies at every step that matters; whoever comes after it finishes the
//! work, and nothing is lost or done twice.
//!
//! The process that dies is this test binary itself, run again for one test.

use std::collections::HashSet;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use kit::broker::Broker;
use kit::consumer::Consumer;
use kit::database::Pool;
use kit::mutation::Mutations;
use kit::outbox::Bell;
use kit::relay::Relay;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::bed::{Bed, PATIENCE, caller, count, eventually};
use crate::consumer::Effects;
use crate::mutation::{METHOD, write};
use crate::relay::{published, take_all};

const WORK: &str = "KIT_TEST_VICTIM_WORK";
const DATABASE: &str = "KIT_TEST_VICTIM_DATABASE";
const BROKER: &str = "KIT_TEST_VICTIM_BROKER";

/// Messages in a test: more than the relay takes at once.
const MESSAGES: u64 = 700;

async fn work(name: &str, pool: Pool, broker: Broker) {
    match name {
        "mutate" => mutate(pool).await,
        "relay" => drain(pool, broker).await,
        "consume" => consume(pool, broker).await,
        other => panic!("no such work: {other}"),
    }
}

/// Three mutations whose ids are the same in every life.
async fn mutate(pool: Pool) {
    let mutations = Mutations::new(pool, Bell::new());
    for (number, text) in (1..).zip(["a", "b", "c"]) {
        let id = Uuid::from_u128(number).to_string();
        let body = text.to_owned();
        kit::mutation::run(&mutations, &caller("user:lan"), METHOD, &id, &body, |tx| {
            write(tx, text)
        })
        .await
        .unwrap();
    }
}

async fn drain(pool: Pool, broker: Broker) {
    let stop = CancellationToken::new();
    let relay = Relay::new(pool.clone(), broker, Bell::new()).run(stop.clone());
    let empty = eventually("the outbox is empty", async || {
        count(&pool, "select count(*) from outbox").await == 0
    });
    tokio::join!(relay, async {
        empty.await;
        stop.cancel();
    });
}

async fn consume(pool: Pool, broker: Broker) {
    let stop = CancellationToken::new();
    let consumer = Consumer::new(broker, "notifier.receipts", Effects(pool.clone()));
    let consuming = consumer.run(stop.clone());
    let done = eventually("all have their effect", async || {
        count(&pool, "select count(*) from note").await == i64::try_from(MESSAGES).unwrap()
    });
    tokio::join!(consuming, async {
        done.await;
        stop.cancel();
    });
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it is the process that dies in the tests below"]
async fn victim() {
    let name = std::env::var(WORK).unwrap();
    let pool = Pool::open(&std::env::var(DATABASE).unwrap(), 8, "victim").unwrap();
    let broker = Broker::new(&std::env::var(BROKER).unwrap(), "notifier").unwrap();
    work(&name, pool, broker).await;
}

/// Lets a process of its own do `name` until it dies at the `pass`-th `failpoint`.
async fn die(bed: &Bed, name: &str, failpoint: &str, pass: u32) {
    let mut victim = tokio::process::Command::new(std::env::current_exe().unwrap());
    victim
        .args(["crash::victim", "--exact", "--ignored"])
        .env(WORK, name)
        .env(DATABASE, &bed.runtime_url)
        .env(BROKER, bed.broker_url().await)
        .env("LIENMINH_FAILPOINT", format!("{failpoint}:{pass}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let status = tokio::time::timeout(PATIENCE, victim.status())
        .await
        .unwrap()
        .unwrap();
    // The fault must have bitten.
    assert_eq!(status.signal(), Some(6), "{failpoint}:{pass} left {status}");
}

async fn revive(bed: &Bed, name: &str) {
    work(name, bed.pool.clone(), bed.broker().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_cut_off_at_any_step_happens_once() {
    for failpoint in [
        "outbox.inserted",
        "mutation.before_commit",
        "mutation.after_commit",
    ] {
        for pass in [1, 2, 3] {
            let bed = Bed::open().await;
            die(&bed, "mutate", failpoint, pass).await;
            let committed = i64::from(pass) - i64::from(failpoint != "mutation.after_commit");
            assert_eq!(
                bed.count("select count(*) from note").await,
                committed,
                "{failpoint}"
            );
            revive(&bed, "mutate").await;
            for rows in [
                "select count(*) from note",
                "select count(*) from outbox",
                "select count(*) from request",
                "select count(*) from audit",
                "select count(*) from audit_pending",
            ] {
                assert_eq!(bed.count(rows).await, 3, "{failpoint}:{pass} {rows}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_cut_off_at_any_step_loses_nothing_and_counts_each_message_once() {
    for (failpoint, passes) in [
        ("relay.published", [1, 350, 700].as_slice()),
        ("relay.confirmed", &[1, 2]),
    ] {
        for pass in passes {
            let bed = Bed::open().await;
            bed.put_receipts(0..MESSAGES).await;
            die(&bed, "relay", failpoint, *pass).await;
            assert!(
                bed.count("select count(*) from outbox").await > 0,
                "{failpoint}:{pass}"
            );
            revive(&bed, "relay").await;
            let taken = take_all(&bed, "notifier.receipts").await;
            let ids: HashSet<&String> = taken.iter().map(|(id, _)| id).collect();
            assert_eq!(ids.len() as u64, MESSAGES, "{failpoint}:{pass}");
            assert_eq!(published(&bed, "receipts").await, 700, "{failpoint}:{pass}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_cut_off_at_any_step_has_every_effect_once() {
    for failpoint in ["inbox.inserted", "consumer.before_ack"] {
        for pass in [1, 2, 10] {
            let bed = Bed::open().await;
            bed.put_receipts(0..MESSAGES).await;
            revive(&bed, "relay").await;
            die(&bed, "consume", failpoint, pass).await;
            revive(&bed, "consume").await;
            assert_eq!(
                bed.count("select count(*) from note").await,
                700,
                "{failpoint}:{pass}"
            );
            assert_eq!(
                bed.count("select count(*) from inbox").await,
                700,
                "{failpoint}:{pass}"
            );
            let left = bed.depth("notifier.receipts").await + bed.depth("lienminh.parking").await;
            assert_eq!(left, 0, "{failpoint}:{pass}");
        }
    }
}
