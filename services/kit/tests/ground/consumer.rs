use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use kit::broker::{Broker, Depth};
use kit::consumer::{Consumer, Consuming, Handler, Message, Outcome};
use kit::database::{Pool, Session};
use kit::health::ReadinessProbe;
use kit::inbox::admit;
use kit::outbox::{Bell, RECEIPTS, put_orders};
use lienminh_local::proxy::Proxy;

use crate::bed::{Bed, Running, eventually, receipt};

const QUEUE: &str = "notifier.receipts";

/// Notes every message; some numbers get another outcome than done.
#[derive(Clone, Default)]
struct Notes(Arc<Noted>);

#[derive(Default)]
struct Noted {
    seen: Mutex<HashMap<u64, u32>>,
    depths: Mutex<Vec<u32>>,
    outcome: Mutex<HashMap<u64, Outcome>>,
    panics_at: Mutex<Option<u64>>,
    batches: AtomicU32,
    stalled: AtomicBool,
}

fn number(message: &Message) -> u64 {
    message
        .payload
        .as_slice()
        .try_into()
        .map_or(u64::MAX, u64::from_be_bytes)
}

impl Notes {
    fn times(&self, number: u64) -> u32 {
        self.0
            .seen
            .lock()
            .unwrap()
            .get(&number)
            .copied()
            .unwrap_or_default()
    }

    fn distinct(&self) -> usize {
        self.0.seen.lock().unwrap().len()
    }

    fn answer(&self, number: u64, outcome: Outcome) {
        self.0.outcome.lock().unwrap().insert(number, outcome);
    }
}

impl Handler for Notes {
    async fn handle(&self, batch: &[Message]) -> Vec<Outcome> {
        self.0.batches.fetch_add(1, Ordering::SeqCst);
        let panics_at = *self.0.panics_at.lock().unwrap();
        assert!(
            !batch
                .iter()
                .any(|message| Some(number(message)) == panics_at),
            "as asked"
        );
        let outcome = self.0.outcome.lock().unwrap().clone();
        if self.0.stalled.load(Ordering::SeqCst) {
            return batch.iter().map(|_| Outcome::NotNow).collect();
        }
        let mut seen = self.0.seen.lock().unwrap();
        batch
            .iter()
            .map(|message| {
                let number = number(message);
                *seen.entry(number).or_default() += 1;
                outcome.get(&number).cloned().unwrap_or(Outcome::Done)
            })
            .collect()
    }

    async fn connected(&self, depth: Depth) -> kit::error::Result<()> {
        self.0.depths.lock().unwrap().push(depth.messages);
        Ok(())
    }
}

fn consume(broker: Broker, notes: &Notes) -> (Running, Consuming) {
    let consumer = Consumer::new(broker, QUEUE, notes.clone()).with_limits(64, 16);
    let consuming = consumer.consuming();
    (Running::start(|stop| consumer.run(stop)), consuming)
}

/// Commits receipts and carries them to the queue.
async fn send(bed: &Bed, numbers: std::ops::Range<u64>) {
    bed.put_receipts(numbers).await;
    let relay = bed.relay(&Bell::new()).await;
    bed.drained().await;
    relay.stop().await;
}

async fn parked(bed: &Bed) -> u64 {
    u64::from(bed.depth("lienminh.parking").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_handled_in_batches_and_acknowledged() {
    let bed = Bed::open().await;
    send(&bed, 0..500).await;
    let notes = Notes::default();
    let (running, consuming) = consume(bed.broker().await, &notes);
    eventually("all are handled", async || notes.distinct() == 500).await;
    assert!(consuming.is_consuming());
    assert_eq!(consuming.ready().await, Ok(()));
    running.stop().await;
    assert!(!consuming.is_consuming());
    assert!(consuming.ready().await.unwrap_err().contains(QUEUE));
    assert_eq!(bed.depth(QUEUE).await, 0, "nothing is left unacknowledged");
    assert!(
        notes.0.batches.load(Ordering::SeqCst) < 250,
        "one by one is not a batch"
    );
    assert_eq!(*notes.0.depths.lock().unwrap(), [500]);
}

#[tokio::test(flavor = "multi_thread")]
async fn poison_is_parked_alone_and_its_neighbours_are_not() {
    let bed = Bed::open().await;
    send(&bed, 0..100).await;
    let notes = Notes::default();
    for number in [3, 50, 99] {
        notes.answer(number, Outcome::Poison("as asked".to_owned()));
    }
    let (running, _) = consume(bed.broker().await, &notes);
    eventually("all are handled, three are parked", async || {
        notes.distinct() == 100 && parked(&bed).await == 3
    })
    .await;
    running.stop().await;
    assert_eq!(bed.depth(QUEUE).await, 0);
    assert!((0..100).all(|number| notes.times(number) == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_makes_its_handler_panic_is_parked_alone() {
    let bed = Bed::open().await;
    send(&bed, 0..40).await;
    let notes = Notes::default();
    *notes.0.panics_at.lock().unwrap() = Some(7);
    let (running, consuming) = consume(bed.broker().await, &notes);
    eventually("the others are handled, it is parked", async || {
        notes.distinct() == 39 && parked(&bed).await == 1
    })
    .await;
    assert!(consuming.is_consuming());
    running.stop().await;
    assert_eq!(bed.depth(QUEUE).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_of_ours_is_parked_without_asking_the_handler() {
    let bed = Bed::open().await;
    let vhost = bed.stage.vhost().await.unwrap();
    let broker = &bed.stage.servers().rabbitmq;
    assert!(
        broker
            .publish(&vhost, "lienminh.receipts", "esms", "{}")
            .await
            .unwrap()
    );
    let notes = Notes::default();
    let (running, _) = consume(bed.broker().await, &notes);
    eventually("it is parked", async || parked(&bed).await == 1).await;
    running.stop().await;
    assert_eq!(notes.distinct(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_now_waits_here_and_is_never_parked() {
    let bed = Bed::open().await;
    send(&bed, 0..30).await;
    let notes = Notes::default();
    notes.0.stalled.store(true, Ordering::SeqCst);
    let clock = kit::clock::Clock::stepped(jiff::Timestamp::UNIX_EPOCH);
    let consumer = Consumer::new(bed.broker().await, QUEUE, notes.clone())
        .with_limits(64, 64)
        .with_waits(clock.waits());
    let running = Running::start(|stop| consumer.run(stop));
    // More tries than the delivery limit of the queue.
    eventually("it was tried often", async || {
        notes.0.batches.load(Ordering::SeqCst) > 22
    })
    .await;
    notes.0.stalled.store(false, Ordering::SeqCst);
    eventually("all are handled", async || notes.distinct() == 30).await;
    running.stop().await;
    assert_eq!(parked(&bed).await, 0);
    assert_eq!(bed.depth(QUEUE).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_consumer_gives_back_what_waits() {
    let bed = Bed::open().await;
    send(&bed, 0..5).await;
    let notes = Notes::default();
    notes.0.stalled.store(true, Ordering::SeqCst);
    let (running, _) = consume(bed.broker().await, &notes);
    eventually("it was tried", async || {
        notes.0.batches.load(Ordering::SeqCst) > 0
    })
    .await;
    running.stop().await;
    eventually("all are back", async || bed.depth(QUEUE).await == 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_broker_is_found_again_and_the_handler_is_told_each_time() {
    let bed = Bed::open().await;
    let vhost = bed.stage.vhost().await.unwrap();
    let broker = &bed.stage.servers().rabbitmq;
    let proxy = Proxy::start(format!("127.0.0.1:{}", broker.amqp_port))
        .await
        .unwrap();
    let url = broker.url_through(proxy.port(), "notifier", &vhost);
    let notes = Notes::default();
    let (running, consuming) = consume(Broker::new(&url, "notifier").unwrap(), &notes);
    for round in 0..4_u64 {
        eventually("it consumes", async || consuming.is_consuming()).await;
        send(&bed, round * 50..(round + 1) * 50).await;
        let so_far = usize::try_from((round + 1) * 50).unwrap();
        eventually("all are handled", async || notes.distinct() == so_far).await;
        proxy.reset();
        eventually("the loss is noticed", async || {
            notes.0.depths.lock().unwrap().len() as u64 > round + 1
        })
        .await;
    }
    running.stop().await;
    assert_eq!(notes.distinct(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_is_not_there_yet_is_waited_for_and_one_that_is_deleted_too() {
    let bed = Bed::open().await;
    let vhost = bed.stage.vhost().await.unwrap();
    let administrator = bed.stage.servers().rabbitmq.administrator_url(&vhost);
    let admin = Broker::new(&administrator, "admin").unwrap();
    let connection = admin.connect("test").await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let declare = async || {
        let options = lapin::options::QueueDeclareOptions {
            durable: true,
            ..Default::default()
        };
        channel
            .queue_declare("notifier.late".into(), options, Default::default())
            .await
            .unwrap();
    };
    let notes = Notes::default();
    let consumer = Consumer::new(bed.broker().await, "notifier.late", notes.clone());
    let consuming = consumer.consuming();
    let running = Running::start(|stop| consumer.run(stop));
    assert!(
        bed.broker()
            .await
            .depth("notifier.late")
            .await
            .unwrap()
            .is_none()
    );
    assert!(!consuming.is_consuming());
    declare().await;
    eventually("it consumes", async || consuming.is_consuming()).await;
    channel
        .queue_delete("notifier.late".into(), Default::default())
        .await
        .unwrap();
    eventually("it notices", async || !consuming.is_consuming()).await;
    declare().await;
    eventually("it consumes again", async || consuming.is_consuming()).await;
    running.stop().await;
}

/// Handles through the inbox, as services do.
pub(crate) struct Effects(pub(crate) Pool);

impl Effects {
    async fn apply(&self, batch: &[Message]) -> kit::error::Result<()> {
        let tx = self.0.begin().await?;
        let numbers = batch.iter().map(|each| (each.id, number(each)));
        let fresh = admit(&tx, "receipts", numbers.collect()).await?;
        let texts: Vec<String> = fresh.iter().map(|(_, number)| number.to_string()).collect();
        let insert = "insert into note (text) select t from unnest($1::text[]) as n (t)";
        tx.execute(insert, &[&texts]).await?;
        tx.commit().await
    }
}

impl Handler for Effects {
    async fn handle(&self, batch: &[Message]) -> Vec<Outcome> {
        let outcome = match self.apply(batch).await {
            Ok(()) => Outcome::Done,
            Err(_) => Outcome::NotNow,
        };
        batch.iter().map(|_| outcome.clone()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_in_one_batch_have_one_effect() {
    let bed = Bed::open().await;
    let orders: Vec<_> = (0..20).map(receipt).collect();
    for _ in 0..2 {
        let tx = bed.pool.begin().await.unwrap();
        put_orders(&tx, RECEIPTS, &orders).await.unwrap();
        tx.commit().await.unwrap();
    }
    let relay = bed.relay(&Bell::new()).await;
    eventually("both copies wait", async || bed.depth(QUEUE).await == 40).await;
    let consumer = Consumer::new(bed.broker().await, QUEUE, Effects(bed.pool.clone()));
    let running = Running::start(|stop| consumer.run(stop));
    eventually("all have their effect", async || {
        bed.count("select count(*) from note").await == 20
    })
    .await;
    running.stop().await;
    relay.stop().await;
    assert_eq!(bed.depth(QUEUE).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn through_kills_of_relay_and_consumer_every_message_has_one_effect() {
    let bed = Bed::open().await;
    bed.put_receipts(0..3_000).await;
    for _ in 0..4 {
        let relay = bed.relay(&Bell::new()).await;
        let consumer = Consumer::new(bed.broker().await, QUEUE, Effects(bed.pool.clone()));
        let running = Running::start(|stop| consumer.run(stop));
        let before = bed.count("select count(*) from note").await;
        eventually("it works", async || {
            bed.count("select count(*) from note").await > before || before == 3_000
        })
        .await;
        relay.kill().await;
        running.kill().await;
    }
    let relay = bed.relay(&Bell::new()).await;
    let consumer = Consumer::new(bed.broker().await, QUEUE, Effects(bed.pool.clone()));
    let running = Running::start(|stop| consumer.run(stop));
    bed.drained().await;
    eventually("all have their effect", async || {
        bed.count("select count(*) from note").await == 3_000
    })
    .await;
    relay.stop().await;
    running.stop().await;
    assert_eq!(parked(&bed).await, 0);
    let connection = bed.pool.get().await.unwrap();
    assert_eq!(
        kit::inbox::consumed(&connection).await.unwrap()["receipts"],
        3_000
    );
    let published: i64 = connection
        .query_one(
            "select messages from published where stream = 'receipts'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(published, 3_000);
}
