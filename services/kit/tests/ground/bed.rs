//! What every test here stands on: a migrated database and a topology of its own.

use std::future::Future;
use std::time::Duration;

use kit::auth::Caller;
use kit::broker::Broker;
use kit::database::{Pool, Session};
use kit::migrate::{self, Migration};
use kit::mutation::Mutations;
use kit::outbox::{Bell, Fact, Order, RECEIPTS};
use kit::relay::Relay;
use lienminh_local::postgres::ServiceDatabase;
use lienminh_local::{ServiceName, TestBed};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The longest that anything awaited here may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The service whose roles the tests borrow.
const SERVICE: ServiceName = ServiceName::Notifier;

pub(crate) static MIGRATIONS: [Migration; 1] = [Migration::new(
    1,
    "note",
    "create table note (
        text text not null,
        constraint note_text_not_empty check (text <> ''),
        constraint note_text_key unique (text)
    );
    create table budget (left_vnd bigint not null);
    create table ledger (amount_vnd bigint not null);
    comment on table ledger is 'append-only';
    insert into budget (left_vnd) values (500)",
)];

/// A test's database, and its virtual host once asked for.
pub(crate) struct Bed {
    pub(crate) stage: TestBed,
    pub(crate) pool: Pool,
    pub(crate) owner_url: String,
    pub(crate) runtime_url: String,
    database: ServiceDatabase,
}

/// Stops what it guards and waits for it.
pub(crate) struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) fn start<F: Future<Output = ()> + Send + 'static>(
        run: impl FnOnce(CancellationToken) -> F,
    ) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(stop.clone()));
        Self { stop, task }
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .expect("it stops when told")
            .unwrap();
    }

    /// As a crash would end it, without a chance to finish.
    pub(crate) async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

impl Bed {
    /// A database with the runtime role's rights and nothing in it.
    pub(crate) async fn open() -> Self {
        let bed = Self::empty().await;
        migrate::run(&bed.owner_url, &MIGRATIONS, bed.pool.role())
            .await
            .unwrap();
        bed
    }

    /// A database without a schema.
    pub(crate) async fn empty() -> Self {
        let stage = TestBed::open().await.unwrap();
        let database = stage.database(SERVICE).await.unwrap();
        let pool = Pool::open(&database.runtime_url, 8, "kit tests").unwrap();
        Self {
            stage,
            pool,
            owner_url: database.owner_url.clone(),
            runtime_url: database.runtime_url.clone(),
            database,
        }
    }

    pub(crate) fn database(&self) -> &ServiceDatabase {
        &self.database
    }

    /// The administrator's: each service may publish only what is its own.
    pub(crate) async fn broker_url(&self) -> String {
        let vhost = self.stage.vhost().await.unwrap();
        self.stage.servers().rabbitmq.administrator_url(&vhost)
    }

    pub(crate) async fn broker(&self) -> Broker {
        Broker::new(&self.broker_url().await, SERVICE.as_str()).unwrap()
    }

    pub(crate) fn mutations(&self) -> Mutations {
        Mutations::new(self.pool.clone(), Bell::new())
    }

    pub(crate) async fn relay(&self, bell: &Bell) -> Running {
        let relay = Relay::new(self.pool.clone(), self.broker().await, bell.clone());
        Running::start(|stop| relay.run(stop))
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        count(&self.pool, sql).await
    }

    /// Commits orders for the receipts queue, each carrying its number.
    pub(crate) async fn put_receipts(&self, numbers: std::ops::Range<u64>) {
        let orders: Vec<Order> = numbers.map(receipt).collect();
        let tx = self.pool.begin().await.unwrap();
        kit::outbox::put_orders(&tx, RECEIPTS, &orders)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Messages ready in a queue.
    pub(crate) async fn depth(&self, queue: &str) -> u32 {
        let broker = self.broker().await;
        broker.depth(queue).await.unwrap().unwrap().messages
    }

    /// Waits until the outbox is empty.
    pub(crate) async fn drained(&self) {
        eventually("the outbox is empty", async || {
            self.count("select count(*) from outbox").await == 0
        })
        .await;
    }
}

pub(crate) async fn count(pool: &Pool, sql: &'static str) -> i64 {
    let connection = pool.get().await.unwrap();
    connection.query_one(sql, &[]).await.unwrap().get(0)
}

/// Waits for a condition.
pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = std::time::Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) fn receipt(number: u64) -> Order {
    Order {
        id: Uuid::now_v7(),
        routing_key: "esms".to_owned(),
        type_name: "lienminh.type.v1.Date",
        payload: number.to_be_bytes().to_vec(),
    }
}

/// A fact of an obligation that carries its sequence as `sequence`.
pub(crate) fn obligation_moved(sequence: i64) -> Fact {
    use prost::Message as _;

    let name = "events/obligations/event-1".to_owned();
    let obligation = lienminh_proto::obligation::v1::Obligation {
        name: name.clone(),
        sequence,
        ..Default::default()
    };
    Fact {
        source: "events",
        aggregate: "obligation",
        fact: "moved",
        name,
        sequence,
        occurred_at: "2024-04-10T01:00:00Z".parse().unwrap(),
        type_name: "lienminh.obligation.v1.Obligation",
        message: obligation.encode_to_vec(),
    }
}

pub(crate) fn caller(subject: &str) -> Caller {
    Caller {
        subject: subject.to_owned(),
        ..Caller::system("tests")
    }
}
