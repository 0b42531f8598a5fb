//! The sending half of the desk with ends of its own.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use kit::auth::{AuthFolder, Signer};
use kit::broker::Broker;
use kit::client::Peers;
use kit::clock::Clock;
use kit::database::{Pool, Session};
use kit::outbox::Bell;
use kit::relay::Relay;
use kit::service::Service;
use lienminh_local::proxy::Proxy;
use lienminh_local::sms::{SmsGateway, SmsOptions};
use lienminh_local::smtp::{SmtpOptions, SmtpSink};
use lienminh_local::{ServiceName, TestBed};
use notifier::Notifier;
use notifier::api::receipts::{ReceiptPage, router};
use notifier::channel::Ways;
use notifier::channel::gate::Gates;
use notifier::channel::mode::Mode;
use notifier::channel::sms::{Account, Esms, SmsGateway as Gateway};
use notifier::channel::smtp::SmtpServer;
use notifier::domain::anchor::Anchor;
use notifier::domain::delivery::Channel;
use notifier::domain::letter::{
    LetterKind, LetterUnit, OccurrenceLetter, PartyLetter, TEMPLATE_VERSION,
};
use notifier::domain::obligation::{Class, Status};
use notifier::domain::rule::Rules;
use notifier::render::{Renderer, Sender};
use notifier::source::{Sources, Urls};
use notifier::store::delivery::{Fate, NewDelivery, insert_batch};
use notifier::work::desk::{Desk, Inner};
use notifier::work::sending::{Parts, assemble};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use vietnam::calendar::Calendar;

const PATIENCE: Duration = Duration::from_secs(40);

/// Where the business clock stands at first.
pub(crate) const START: &str = "2024-04-04T02:00:00Z";

pub(crate) struct Bed {
    pub(crate) desk: Desk,
    /// The database, around the proxy.
    pub(crate) pool: Pool,
    owner: Pool,
    /// Between the sending half and its database.
    pub(crate) link: Proxy,
    pub(crate) smtp: SmtpSink,
    pub(crate) sms: SmsGateway,
    pub(crate) receipts_url: String,
    pub(crate) obligation: Uuid,
    pub(crate) occurrence: Uuid,
    /// Of all sending halves.
    pub(crate) gates: Gates,
    broker: Broker,
    relay: CancellationToken,
    relaying: Mutex<Option<JoinHandle<()>>>,
    _folder: TempDir,
    _stage: TestBed,
}

/// A sending half that runs.
pub(crate) struct Running {
    stop: CancellationToken,
    loops: JoinSet<()>,
}

impl Running {
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        let ending = async { while self.loops.join_next().await.is_some() {} };
        tokio::time::timeout(PATIENCE, ending)
            .await
            .expect("it stops when told");
    }

    /// As a crash would end it.
    pub(crate) async fn kill(mut self) {
        self.loops.abort_all();
        while self.loops.join_next().await.is_some() {}
    }
}

pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, check: impl Fn() -> F) {
    let waiting = async {
        while !check().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
        panic!("{what}: not within {PATIENCE:?}");
    }
}

impl Bed {
    pub(crate) async fn open() -> Self {
        // The discard port: nobody answers.
        Self::open_with("http://127.0.0.1:9").await
    }

    /// With a source of obligations at `source`.
    pub(crate) async fn open_with(source: &str) -> Self {
        Self::open_at(source, Clock::stepped(START.parse().unwrap())).await
    }

    /// The same by this clock.
    pub(crate) async fn open_at(source: &str, clock: Clock) -> Self {
        let stage = TestBed::open().await.unwrap();
        let database = stage.database(ServiceName::Notifier).await.unwrap();
        let pool = Pool::open(&database.runtime_url, 12, "notifier tests").unwrap();
        kit::migrate::run(&database.owner_url, Notifier::migrations(), pool.role())
            .await
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let smtp = SmtpSink::start(SmtpOptions::in_folder(folder.path()))
            .await
            .unwrap();
        let sms = SmsGateway::start(SmsOptions::in_folder(folder.path()))
            .await
            .unwrap();
        let broker_url = stage.broker_url(ServiceName::Notifier).await.unwrap();
        let broker = Broker::new(&broker_url, "notifier").unwrap();
        let link = Proxy::start(format!("127.0.0.1:{}", stage.servers().postgres.port))
            .await
            .unwrap();
        let through = database.through(link.port());
        let proxied = Pool::open(&through.runtime_url, 12, "notifier tests").unwrap();
        let desk = desk(proxied, folder.path(), source, clock);
        let relay = CancellationToken::new();
        let relaying = Relay::new(pool.clone(), broker.clone(), desk.outbox.clone());
        let relaying = tokio::spawn(relaying.run(relay.clone()));
        let receipts_url = serve_receipts(&pool, &desk.outbox).await;
        let (obligation, occurrence) = plan(&pool).await;
        Self {
            desk,
            pool,
            owner: Pool::open(&database.owner_url, 1, "notifier tests").unwrap(),
            link,
            smtp,
            sms,
            receipts_url,
            obligation,
            occurrence,
            gates: Gates::default(),
            broker,
            relay,
            relaying: Mutex::new(Some(relaying)),
            _folder: folder,
            _stage: stage,
        }
    }

    pub(crate) async fn run(&self) -> Running {
        self.run_as(Mode::Live).await
    }

    pub(crate) async fn run_as(&self, mode: Mode) -> Running {
        let stop = CancellationToken::new();
        let sender = Sender::new("nhacviec@lienminh.example", "lienminh.example").unwrap();
        let ways = Ways {
            smtp: SmtpServer::parse(&self.smtp.url(), "lienminh.example", None).unwrap(),
            lanes: 4,
            sender: sender.clone(),
            sms: self.gateway(),
            receipt_token: "token".to_owned(),
            mode,
        };
        let mut loops = JoinSet::new();
        for each in assemble(Parts {
            desk: self.desk.clone(),
            broker: self.broker.clone(),
            ways,
            gates: self.gates.clone(),
            renderer: Renderer::new(sender).unwrap(),
            shutdown: stop.clone(),
        }) {
            loops.spawn(each.future);
        }
        Running { stop, loops }
    }

    /// The way to the gateway.
    pub(crate) fn gateway(&self) -> Gateway {
        let account = Account {
            api_key: "stage".to_owned().into(),
            secret_key: "stage".to_owned().into(),
            brandname: "LMHTX".to_owned(),
        };
        let callback = format!("{}/receipts/esms/token", self.receipts_url);
        Gateway::Esms(Esms::new(&self.sms.url(), account, callback).unwrap())
    }

    /// Queues one message; answers its id.
    pub(crate) async fn queue(&self, channel: Channel, address: &str, class: Class) -> Uuid {
        self.queue_all(channel, &[address.to_owned()], class).await[0]
    }

    pub(crate) async fn queue_all(
        &self,
        channel: Channel,
        addresses: &[String],
        class: Class,
    ) -> Vec<Uuid> {
        let now = self.desk.clock.now();
        let deliveries: Vec<NewDelivery> = addresses
            .iter()
            .map(|address| NewDelivery {
                id: Uuid::now_v7(),
                carried_by: None,
                obligation_id: self.obligation,
                anchor_version: 1,
                organisation_id: Uuid::now_v7(),
                organisation_name: "HTX An Bình".to_owned(),
                channel,
                address: address.clone(),
                class,
                bulk: false,
                party: PartyLetter {
                    greeted: vec!["HTX An Bình".to_owned()],
                    ..PartyLetter::default()
                },
                fate: Fate::Send,
                asked_at: now,
                useful_until: "2024-04-11T01:00:00Z".parse().unwrap(),
            })
            .collect();
        let tx = self.pool.begin().await.unwrap();
        insert_batch(&tx, now, self.occurrence, &letter(), &deliveries)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.desk.outbox.ring();
        deliveries.iter().map(|delivery| delivery.id).collect()
    }

    pub(crate) async fn state(&self, id: Uuid) -> (String, String) {
        const STATE: &str = "select d.state, d.reason from delivery d where d.id = $1";
        let session = self.pool.get().await.unwrap();
        let row = session.query_one(STATE, &[&id]).await.unwrap();
        (row.get(0), row.get(1))
    }

    pub(crate) async fn reaches(&self, id: Uuid, state: &str) -> String {
        eventually(&format!("the delivery is {state}"), async || {
            self.state(id).await.0 == state
        })
        .await;
        self.state(id).await.1
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let session = self.pool.get().await.unwrap();
        session.query_one(sql, &[]).await.unwrap().get(0)
    }

    pub(crate) async fn execute(&self, sql: &'static str) {
        let session = self.pool.get().await.unwrap();
        session.execute(sql, &[]).await.unwrap();
    }

    pub(crate) async fn count_as_owner(&self, sql: &'static str) -> i64 {
        let session = self.owner.get().await.unwrap();
        session.query_one(sql, &[]).await.unwrap().get(0)
    }

    pub(crate) async fn execute_as_owner(&self, sql: &'static str) {
        let session = self.owner.get().await.unwrap();
        session.execute(sql, &[]).await.unwrap();
    }

    /// What was said at the first attempt.
    pub(crate) async fn detail(&self, id: Uuid) -> String {
        const DETAIL: &str = "
            select a.detail from attempt a where a.delivery_id = $1 order by a.number limit 1";
        let session = self.pool.get().await.unwrap();
        session.query_one(DETAIL, &[&id]).await.unwrap().get(0)
    }

    /// From now on nothing leaves the outbox, as while the broker takes nothing.
    /// Waits for the relay: it may have rows in hand.
    pub(crate) async fn stop_relay(&self) {
        self.relay.cancel();
        if let Some(relaying) = self.relaying.lock().await.take() {
            relaying.await.unwrap();
        }
    }

    pub(crate) fn broker(&self) -> &Broker {
        &self.broker
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.relay.cancel();
    }
}

/// Waits are short beside a stepped clock.
fn desk(pool: Pool, folder: &std::path::Path, source: &str, clock: Clock) -> Desk {
    let auth = AuthFolder::open(folder.join("auth")).unwrap();
    let signer = Signer::new(
        auth.service_key("notifier").unwrap(),
        "service:notifier",
        "*",
    );
    let urls = Urls {
        sources: &[("events", source)],
        registry: source,
    };
    Desk::new(Inner {
        pool,
        clock,
        rules: Rules::embedded().unwrap(),
        calendar: Calendar::official(),
        sources: Sources::new(&Peers::new(signer), &urls).unwrap(),
        held: notifier::work::fanout::HELD,
        settle: jiff::SignedDuration::from_mins(10),
        reply_url: String::new(),
        mail_domain: "lienminh.example".to_owned(),
        planned: tokio::sync::Notify::new(),
        doubted: tokio::sync::Notify::new(),
        hold: notifier::work::hold::Hold::default(),
        outbox: Bell::new(),
    })
}

async fn serve_receipts(pool: &Pool, bell: &Bell) -> String {
    let page = ReceiptPage {
        pool: pool.clone(),
        bell: bell.clone(),
        token: "token".to_owned(),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router(page)).await });
    format!("http://{address}")
}

async fn plan(pool: &Pool) -> (Uuid, Uuid) {
    const OBLIGATION: &str = "
        insert into obligation (id, name, source, kind, class, title, anchor_version, status, fixed,
                                sequence, body, updated_at)
        values ($1, $3, 'events', 'ceremony', 'INVITATION',
                'Hội thảo', 1, 'SCHEDULED', true, 1, '{}', $2)";
    const OCCURRENCE: &str = "
        insert into occurrence (id, obligation_id, anchor_version, step, repetition, audience, tells,
                                state, nominal_at, due_at, useful_until)
        values ($1, $2, 1, 't-7', 0, 'concerned', true, 'FANNED_OUT', $3, $3, $4)";
    let (obligation, occurrence) = (Uuid::now_v7(), Uuid::now_v7());
    let now: Timestamp = START.parse().unwrap();
    let useful: Timestamp = "2024-04-11T01:00:00Z".parse().unwrap();
    let session = pool.get().await.unwrap();
    let name = format!("events/obligations/event-{obligation}");
    session
        .execute(OBLIGATION, &[&obligation, &now, &name])
        .await
        .unwrap();
    session
        .execute(OCCURRENCE, &[&occurrence, &obligation, &now, &useful])
        .await
        .unwrap();
    (obligation, occurrence)
}

pub(crate) fn letter() -> OccurrenceLetter {
    OccurrenceLetter {
        kind: LetterKind::EventReminder,
        matter: "seminar".to_owned(),
        is_event: true,
        title: "Hội thảo phát triển HTX".to_owned(),
        status: Status::Scheduled,
        anchor: Anchor::Instant {
            start: vietnam::instant(date(2024, 4, 11).at(8, 0, 0, 0)),
            end: None,
        },
        old_anchor: None,
        place: None,
        old_place: None,
        organiser: LetterUnit {
            name: "Liên minh HTX Đắk Nông".to_owned(),
            short_name: String::new(),
            mailbox: "vanphong@lienminh.example".to_owned(),
            landline: "0261 3842 123".to_owned(),
        },
        lead_unit: None,
        document: None,
        attributes: BTreeMap::new(),
        reply_by: None,
        issued_late: false,
        uid: "event-1@lienminh.example".to_owned(),
        ics_sequence: 0,
        rule_version: 1,
        template_version: TEMPLATE_VERSION,
        call_list: Vec::new(),
    }
}
