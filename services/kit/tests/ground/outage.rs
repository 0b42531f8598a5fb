//! A broker of one's own, to be stopped, killed, wiped and starved of memory.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kit::broker::{Broker, Depth};
use kit::consumer::{Consumer, Handler, Message, Outcome};
use kit::database::{Pool, Session};
use kit::error::Result;
use kit::outbox::{Bell, Order, RECEIPTS, put_orders};
use kit::relay::Relay;
use lienminh_local::guard::Guard;
use lienminh_local::rabbitmq::RabbitMq;
use uuid::Uuid;

use crate::bed::{Bed, Running, eventually, receipt};
use crate::consumer::Effects;
use crate::relay::{published, take_all_from};

const VHOST: &str = "lienminh";
const QUEUE: &str = "notifier.receipts";
const ROWS: u64 = 300;

async fn node(bed: &Bed) -> RabbitMq {
    let guard = Arc::new(Guard::start().unwrap());
    RabbitMq::start(bed.stage.folder(), guard).await.unwrap()
}

fn broker(node: &RabbitMq) -> Broker {
    Broker::new(&node.address().url("notifier", VHOST), "notifier").unwrap()
}

fn relay(bed: &Bed, node: &RabbitMq, bell: &Bell) -> Running {
    let relay = Relay::new(bed.pool.clone(), broker(node), bell.clone());
    Running::start(|stop| relay.run(stop))
}

/// A row that was rung before is rung under the same id.
fn ring(number: u64) -> Order {
    Order {
        id: Uuid::from_u128(u128::from(number)),
        ..receipt(number)
    }
}

/// Keeps the truth in rows: what is not done is rung again when the queue is empty.
struct Ringing {
    pool: Pool,
    bell: Bell,
    stalled: Arc<AtomicBool>,
}

impl Ringing {
    async fn ring_missing(&self) -> Result<()> {
        let tx = self.pool.begin().await?;
        let done: HashSet<String> = tx
            .query("select n.text from note n", &[])
            .await?
            .iter()
            .map(|row| row.get(0))
            .collect();
        let missing: Vec<Order> = (0..ROWS)
            .filter(|row| !done.contains(&row.to_string()))
            .map(ring)
            .collect();
        put_orders(&tx, RECEIPTS, &missing).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }
}

impl Handler for Ringing {
    async fn handle(&self, batch: &[Message]) -> Vec<Outcome> {
        if self.stalled.load(Ordering::SeqCst) {
            return batch.iter().map(|_| Outcome::NotNow).collect();
        }
        Effects(self.pool.clone()).handle(batch).await
    }

    async fn connected(&self, depth: Depth) -> Result<()> {
        if depth.messages == 0 {
            self.ring_missing().await
        } else {
            Ok(())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_broker_was_wiped_everything_rings_again_and_has_its_effect_once() {
    let bed = Bed::open().await;
    let node = node(&bed).await;
    let bell = Bell::new();
    let relay = relay(&bed, &node, &bell);
    let stalled = Arc::new(AtomicBool::new(true));
    let handler = Ringing {
        pool: bed.pool.clone(),
        bell,
        stalled: stalled.clone(),
    };
    let consumer = Consumer::new(broker(&node), QUEUE, handler);
    let consuming = consumer.consuming();
    let running = Running::start(|stop| consumer.run(stop));
    eventually("all rows have rung", async || {
        published(&bed, "receipts").await == 300
    })
    .await;

    node.wipe().await.unwrap();
    eventually("the loss is noticed", async || !consuming.is_consuming()).await;
    node.start_again().await.unwrap();
    stalled.store(false, Ordering::SeqCst);
    eventually("all rows are done", async || {
        bed.count("select count(*) from note").await == 300
    })
    .await;
    bed.drained().await;
    running.stop().await;
    relay.stop().await;
    assert_eq!(bed.count("select count(*) from inbox").await, 300);
    assert!(
        published(&bed, "receipts").await > 300,
        "the wipe did not bite"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_stopped_and_killed_in_mid_run_loses_nothing() {
    let bed = Bed::open().await;
    let node = node(&bed).await;
    let relay = relay(&bed, &node, &Bell::new());
    let consumer = Consumer::new(broker(&node), QUEUE, Effects(bed.pool.clone()));
    let running = Running::start(|stop| consumer.run(stop));
    for round in 0..2_u64 {
        bed.put_receipts(round * 1_000..(round + 1) * 1_000).await;
        eventually("it works", async || {
            published(&bed, "receipts").await > i64::try_from(round * 1_000).unwrap()
        })
        .await;
        if round == 1 {
            node.stop().await.unwrap();
        } else {
            node.kill().await.unwrap();
        }
        node.start_again().await.unwrap();
    }
    eventually("all have their effect", async || {
        bed.count("select count(*) from note").await == 2_000
    })
    .await;
    bed.drained().await;
    running.stop().await;
    relay.stop().await;
    assert_eq!(published(&bed, "receipts").await, 2_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_short_of_memory_keeps_messages_in_the_outbox_until_it_recovers() {
    let bed = Bed::open().await;
    let node = node(&bed).await;
    let relay = relay(&bed, &node, &Bell::new());
    bed.put_receipts(0..10).await;
    bed.drained().await;
    node.ctl(&["set_vm_memory_high_watermark", "0.00001"])
        .await
        .unwrap();
    bed.put_receipts(10..2_000).await;
    // Longer than the relay waits for a confirm.
    tokio::time::sleep(std::time::Duration::from_secs(12)).await;
    let waiting = bed.count("select count(*) from outbox").await;
    assert!(waiting > 1_000, "the alarm did not bite: {waiting}");
    node.ctl(&["set_vm_memory_high_watermark", "0.6"])
        .await
        .unwrap();
    bed.drained().await;
    relay.stop().await;
    let taken = take_all_from(&broker(&node), QUEUE).await;
    let ids: HashSet<&String> = taken.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 2_000);
    // What was on its way when the alarm came arrives twice, and no more than that.
    assert!(taken.len() <= 2_000 + 2 * 512, "{}", taken.len());
}
