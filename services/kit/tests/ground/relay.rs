use std::collections::HashSet;
use std::time::Duration;

use futures_util::StreamExt;
use kit::broker::Broker;
use kit::database::Session;
use kit::outbox::{self, Bell, Fact, RECEIPTS};
use kit::relay::{Relay, oldest_age};
use lapin::options::{BasicConsumeOptions, BasicGetOptions};
use lapin::types::{AMQPValue, FieldTable};
use lienminh_local::proxy::{Link, Proxy};

use crate::bed::{Bed, Running, eventually, obligation_moved, receipt};

/// Takes everything out of a queue: (message id, payload) of each copy.
pub(crate) async fn take_all(bed: &Bed, queue: &str) -> Vec<(String, Vec<u8>)> {
    take_all_from(&bed.broker().await, queue).await
}

pub(crate) async fn take_all_from(broker: &Broker, queue: &str) -> Vec<(String, Vec<u8>)> {
    let connection = broker.connect("test").await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let options = BasicConsumeOptions {
        no_ack: true,
        ..Default::default()
    };
    // What a killed relay has sent last may still be on its way into the queue.
    let mut steady = 0;
    eventually("the queue does not grow", async || {
        let before = steady;
        steady = broker.depth(queue).await.unwrap().unwrap().messages;
        before == steady && steady > 0
    })
    .await;
    let consumer = channel
        .basic_consume(queue.into(), "".into(), options, FieldTable::default())
        .await
        .unwrap();
    consumer
        .take(usize::try_from(steady).unwrap())
        .map(|delivery| {
            let delivery = delivery.unwrap();
            let id = delivery
                .properties
                .message_id()
                .as_ref()
                .unwrap()
                .to_string();
            (id, delivery.data)
        })
        .collect()
        .await
}

pub(crate) async fn published(bed: &Bed, stream: &str) -> i64 {
    let connection = bed.pool.get().await.unwrap();
    outbox::published(&connection)
        .await
        .unwrap()
        .get(stream)
        .copied()
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committed_fact_reaches_its_queue_with_everything_receivers_read() {
    let bed = Bed::open().await;
    let tx = bed.pool.begin().await.unwrap();
    outbox::put(&tx, &[obligation_moved(7)]).await.unwrap();
    tx.commit().await.unwrap();
    let relay = bed.relay(&Bell::new()).await;
    bed.drained().await;
    relay.stop().await;
    let connection = bed.broker().await.connect("test").await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let message = channel
        .basic_get("notifier.facts".into(), BasicGetOptions { no_ack: true })
        .await
        .unwrap()
        .unwrap();
    let properties = &message.properties;
    let text = |value: &Option<lapin::types::ShortString>| value.as_ref().unwrap().to_string();
    assert_eq!(message.routing_key.as_str(), "events.v1.obligation.moved");
    assert_eq!(text(properties.kind()), "lienminh.obligation.v1.Obligation");
    assert_eq!(text(properties.app_id()), "notifier");
    assert_eq!(text(properties.user_id()), "stage", "whose URL it is");
    assert_eq!(text(properties.content_type()), "application/x-protobuf");
    assert_eq!(*properties.delivery_mode(), Some(2));
    assert!(properties.timestamp().is_some());
    assert_eq!(message.delivery.data, obligation_moved(7).message);
    let headers = properties.headers().as_ref().unwrap().inner();
    let text = |text: &str| Some(AMQPValue::LongString(text.into()));
    assert_eq!(
        headers.get("aggregate").cloned(),
        text("events/obligations/event-1")
    );
    assert_eq!(
        headers.get("occurred_at").cloned(),
        text("2024-04-10T01:00:00Z")
    );
    assert_eq!(headers.get("sequence"), Some(&AMQPValue::LongLongInt(7)));
    assert_eq!(published(&bed, "facts:obligation").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_carry_a_backlog_and_nothing_goes_twice() {
    let bed = Bed::open().await;
    bed.put_receipts(0..5_000).await;
    let relays = [bed.relay(&Bell::new()).await, bed.relay(&Bell::new()).await];
    bed.drained().await;
    for relay in relays {
        relay.stop().await;
    }
    let taken = take_all(&bed, "notifier.receipts").await;
    let ids: HashSet<&String> = taken.iter().map(|(id, _)| id).collect();
    assert_eq!((taken.len(), ids.len()), (5_000, 5_000));
    assert_eq!(published(&bed, "receipts").await, 5_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bell_wakes_the_relay_at_once() {
    let bed = Bed::open().await;
    let bell = Bell::new();
    let relay = bed.relay(&bell).await;
    bed.put_receipts(0..1).await;
    bed.drained().await;
    let mut quickest = Duration::MAX;
    for number in 0..8 {
        bed.put_receipts(number..number + 1).await;
        let began = std::time::Instant::now();
        bell.ring();
        bed.drained().await;
        quickest = quickest.min(began.elapsed());
    }
    // Without the bell the mean would be 250 ms.
    assert!(quickest < Duration::from_millis(200), "{quickest:?}");
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unroutable_order_stays_is_counted_and_does_not_hold_up_others() {
    let bed = Bed::open().await;
    let vhost = bed.stage.vhost().await.unwrap();
    let lost = outbox::Order {
        routing_key: "nowhere".to_owned(),
        ..receipt(1)
    };
    let tx = bed.pool.begin().await.unwrap();
    outbox::put_orders(&tx, outbox::DELIVERIES, &[lost])
        .await
        .unwrap();
    outbox::put_orders(&tx, RECEIPTS, &[receipt(2)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let relay = bed.relay(&Bell::new()).await;
    eventually("the receipt is out, the order was tried", async || {
        bed.count("select count(*) from outbox").await == 1
            && bed
                .count("select count(*) from outbox where attempts > 1")
                .await
                == 1
    })
    .await;
    let connection = bed.pool.get().await.unwrap();
    let why = connection
        .query_one("select last_error from outbox", &[])
        .await
        .unwrap();
    assert!(why.get::<_, &str>(0).contains("NO_ROUTE"), "{why:?}");
    assert_eq!(published(&bed, "receipts").await, 1);
    assert!(oldest_age(&bed.pool).await.unwrap() > Duration::ZERO);
    // The missing binding comes, the order goes.
    let broker = &bed.stage.servers().rabbitmq;
    broker
        .bind(&vhost, "lienminh.deliveries", "notifier.email", "nowhere")
        .await
        .unwrap();
    bed.drained().await;
    assert_eq!(published(&bed, "deliveries").await, 1);
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_full_queue_refuses_stays_a_row_until_there_is_room() {
    let bed = Bed::open().await;
    let vhost = bed.stage.vhost().await.unwrap();
    let broker = &bed.stage.servers().rabbitmq;
    let full = serde_json::json!({ "max-length": 5, "overflow": "reject-publish" });
    let queue = "^notifier.receipts$";
    broker.set_policy(&vhost, queue, Some(full)).await.unwrap();
    let relay = bed.relay(&Bell::new()).await;
    let mut put = 0;
    // The broker takes a policy over when it gets to it: what came before is let in.
    eventually("some are refused and wait as rows", async || {
        bed.put_receipts(put..put + 40).await;
        put += 40;
        let refused = "select count(*) from outbox where last_error like '%refused%'";
        bed.count(refused).await > 0
    })
    .await;
    let waiting = bed.count("select count(*) from outbox").await;
    assert_eq!(
        published(&bed, "receipts").await + waiting,
        i64::try_from(put).unwrap()
    );
    broker.set_policy(&vhost, queue, None).await.unwrap();
    bed.drained().await;
    relay.stop().await;
    let ids: HashSet<String> = take_all(&bed, "notifier.receipts")
        .await
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(ids.len() as u64, put);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_that_nobody_wants_is_let_go() {
    let bed = Bed::open().await;
    let tx = bed.pool.begin().await.unwrap();
    outbox::put(
        &tx,
        &[Fact {
            aggregate: "event",
            ..obligation_moved(1)
        }],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let relay = bed.relay(&Bell::new()).await;
    bed.drained().await;
    relay.stop().await;
    assert_eq!(published(&bed, "facts:event").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_exchange_holds_up_only_its_own_messages() {
    let bed = Bed::open().await;
    bed.broker_url().await;
    let tx = bed.pool.begin().await.unwrap();
    // The notifier's user may not even write there.
    outbox::put_orders(&tx, "lienminh.absent", &[receipt(1)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    bed.put_receipts(0..100).await;
    let relay = bed.relay(&Bell::new()).await;
    eventually("all others are out", async || {
        bed.count("select count(*) from outbox").await == 1
    })
    .await;
    assert_eq!(published(&bed, "receipts").await, 100);
    bed.put_receipts(100..200).await;
    eventually("and later ones too", async || {
        published(&bed, "receipts").await == 200
    })
    .await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_cut_again_and_again_lose_nothing() {
    let bed = Bed::open().await;
    let vhost = bed.stage.vhost().await.unwrap();
    let broker = &bed.stage.servers().rabbitmq;
    let proxy = Proxy::start(format!("127.0.0.1:{}", broker.amqp_port))
        .await
        .unwrap();
    let url = broker.url_through(proxy.port(), "notifier", &vhost);
    let through = Broker::new(&url, "notifier").unwrap();
    let relay = Relay::new(bed.pool.clone(), through, Bell::new());
    let running = Running::start(|stop| relay.run(stop));
    let mut cuts = 0;
    for round in 0..8 {
        bed.put_receipts(round * 500..(round + 1) * 500).await;
        let before = bed.count("select count(*) from outbox").await;
        eventually("some went out", async || {
            bed.count("select count(*) from outbox").await < before
        })
        .await;
        if round % 2 == 0 {
            proxy.cut()
        } else {
            proxy.reset()
        }
        cuts += 1;
    }
    bed.drained().await;
    running.stop().await;
    assert_eq!(cuts, 8);
    let taken = take_all(&bed, "notifier.receipts").await;
    let numbers: HashSet<&Vec<u8>> = taken.iter().map(|(_, payload)| payload).collect();
    let ids: HashSet<&String> = taken.iter().map(|(id, _)| id).collect();
    assert_eq!(
        (numbers.len(), ids.len()),
        (4_000, 4_000),
        "a copy keeps its id"
    );
    assert_eq!(published(&bed, "receipts").await, 4_000, "each counts once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_says_nothing_is_given_up_and_tried_anew() {
    let bed = Bed::open().await;
    let vhost = bed.stage.vhost().await.unwrap();
    let broker = &bed.stage.servers().rabbitmq;
    let proxy = Proxy::start(format!("127.0.0.1:{}", broker.amqp_port))
        .await
        .unwrap();
    let url = broker.url_through(proxy.port(), "notifier", &vhost);
    let relay = Relay::new(
        bed.pool.clone(),
        Broker::new(&url, "notifier").unwrap(),
        Bell::new(),
    );
    let running = Running::start(|stop| relay.run(stop));
    bed.put_receipts(0..10).await;
    bed.drained().await;
    proxy.set(Link::half_open());
    bed.put_receipts(10..20).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(bed.count("select count(*) from outbox").await, 10);
    proxy.set(Link::healthy());
    bed.drained().await;
    running.stop().await;
    let taken = take_all(&bed, "notifier.receipts").await;
    let ids: HashSet<&String> = taken.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_relay_leaves_its_rows_to_the_next_one() {
    let bed = Bed::open().await;
    bed.put_receipts(0..6_000).await;
    for _ in 0..3 {
        let relay = bed.relay(&Bell::new()).await;
        let before = bed.count("select count(*) from outbox").await;
        eventually("it works", async || {
            bed.count("select count(*) from outbox").await < before
        })
        .await;
        relay.kill().await;
    }
    let relay = bed.relay(&Bell::new()).await;
    bed.drained().await;
    relay.stop().await;
    let taken = take_all(&bed, "notifier.receipts").await;
    let ids: HashSet<&String> = taken.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 6_000);
    assert_eq!(published(&bed, "receipts").await, 6_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn terminated_database_sessions_are_replaced() {
    let bed = Bed::open().await;
    let relay = bed.relay(&Bell::new()).await;
    bed.put_receipts(0..10).await;
    bed.drained().await;
    let superuser = bed
        .stage
        .servers()
        .postgres
        .connect("postgres")
        .await
        .unwrap();
    let terminate = "
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where application_name = 'kit tests' and datname = $1";
    let name = bed.runtime_url.rsplit('/').next().unwrap();
    let ended: i64 = superuser
        .query_one(terminate, &[&name])
        .await
        .unwrap()
        .get(0);
    assert!(ended > 0);
    // The pool notices a broken connection when it is used next.
    let tx = loop {
        if let Ok(tx) = bed.pool.begin().await {
            break tx;
        }
    };
    outbox::put_orders(&tx, RECEIPTS, &[receipt(11)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    eventually("it went out", async || {
        published(&bed, "receipts").await == 11
    })
    .await;
    relay.stop().await;
}
