//! The deciding half of the desk on a real database, beside a small world.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kit::auth::{Caller, Scope};
use kit::client::Peers;
use kit::clock::Clock;
use kit::consumer::{Handler, Message, Outcome};
use kit::database::{Pool, Session};
use kit::health::Heartbeat;
use kit::mutation::Mutations;
use kit::outbox::Bell;
use kit::page::Tokens;
use kit::service::Service;
use lienminh_local::{ServiceName, TestBed};
use lienminh_proto::obligation::v1 as pb;
use lienminh_proto::r#type::v1 as types;
use notifier::Notifier;
use notifier::api::Api;
use notifier::channel::gate::Gates;
use notifier::domain::rule::Rules;
use notifier::source::{Sources, Urls};
use notifier::work::desk::{Desk, Inner};
use notifier::work::intake::FactHandler;
use notifier::work::{antientropy, gauges, scheduler};
use prost::Message as _;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use vietnam::calendar::Calendar;

use crate::world::World;

/// Until something that must happen has happened, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Bed {
    pub(crate) desk: Desk,
    pub(crate) world: World,
    pub(crate) api: Api,
    stop: CancellationToken,
    pub(crate) stage: TestBed,
}

pub(crate) fn local(text: &str) -> Timestamp {
    vietnam::instant(text.parse().unwrap())
}

pub(crate) fn starts(text: &str) -> Option<types::Anchor> {
    Some(types::Anchor {
        when: Some(types::anchor::When::Instant(types::Instant {
            start_time: Some(kit::wire::timestamp(local(text))),
            end_time: None,
        })),
    })
}

pub(crate) fn due_before(year: i32, month: i32, day: i32) -> Option<types::Anchor> {
    Some(types::Anchor {
        when: Some(types::anchor::When::Day(types::Day {
            date: Some(types::Date { year, month, day }),
            bound: types::Bound::Before.into(),
        })),
    })
}

pub(crate) fn event(kind: &str, anchor: Option<types::Anchor>, at: &str) -> pb::Obligation {
    pb::Obligation {
        name: format!("events/obligations/event-{}", Uuid::now_v7()),
        source: "events".to_owned(),
        kind: kind.to_owned(),
        class: pb::ObligationClass::Invitation.into(),
        title: "Lễ phát động Tháng hành động".to_owned(),
        anchor,
        anchor_version: 1,
        status: pb::ObligationStatus::Scheduled.into(),
        sequence: 1,
        update_time: Some(kit::wire::timestamp(local(at))),
        subject: "events/1".to_owned(),
        ..pb::Obligation::default()
    }
}

/// The next version of an obligation.
pub(crate) fn changed(
    before: &pb::Obligation,
    anchor: Option<types::Anchor>,
    status: pb::ObligationStatus,
    at: &str,
) -> pb::Obligation {
    pb::Obligation {
        anchor,
        status: status.into(),
        anchor_version: before.anchor_version + 1,
        sequence: before.sequence + 1,
        update_time: Some(kit::wire::timestamp(local(at))),
        ..before.clone()
    }
}

pub(crate) fn moved(before: &pb::Obligation, start: &str, at: &str) -> pb::Obligation {
    changed(before, starts(start), pb::ObligationStatus::Scheduled, at)
}

pub(crate) fn officer() -> Caller {
    Caller {
        subject: "user:officer".to_owned(),
        scope: Scope::everything(),
        organisation: None,
        language: kit::language::Language::En,
        token_id: String::new(),
    }
}

impl Bed {
    /// A desk whose clock stands at `start`; its scheduler runs.
    pub(crate) async fn open(start: &str) -> Self {
        let stage = TestBed::open().await.unwrap();
        let database = stage.database(ServiceName::Notifier).await.unwrap();
        let pool = Pool::open(&database.runtime_url, 8, "notifier tests").unwrap();
        kit::migrate::run(&database.owner_url, Notifier::migrations(), pool.role())
            .await
            .unwrap();
        let world = World::default();
        let url = world.serve().await;
        let desk = desk(pool, &url, local(start));
        let bell = Bell::new();
        let api = Api::new(
            desk.clone(),
            Tokens::new(b"secret"),
            Mutations::new(desk.pool.clone(), bell),
        );
        let bed = Self {
            desk,
            world,
            api,
            stop: CancellationToken::new(),
            stage,
        };
        bed.schedule();
        bed
    }

    /// Starts one more scheduler.
    pub(crate) fn schedule(&self) {
        let heartbeat = Arc::new(Heartbeat::new("scheduler", PATIENCE));
        tokio::spawn(scheduler::run(
            self.desk.clone(),
            heartbeat,
            self.stop.clone(),
        ));
    }

    /// Starts to measure what is under way.
    pub(crate) fn measure(&self) {
        let (desk, stop) = (self.desk.clone(), self.stop.clone());
        tokio::spawn(gauges::run(desk, Gates::default(), stop));
    }

    /// Starts the comparison with the sources, and waits for the first.
    pub(crate) async fn compare(&self) {
        tokio::spawn(antientropy::run(self.desk.clone(), self.stop.clone()));
        eventually("the sources are compared", async || {
            self.desk.hold.has_compared()
        })
        .await;
    }

    /// The source changes an obligation and its fact arrives.
    pub(crate) async fn tell(&self, fact: &pb::Obligation) {
        let known = fact.clone();
        self.world
            .held()
            .obligations
            .insert(fact.name.clone(), known);
        let outcomes = self.arrive(std::slice::from_ref(fact)).await;
        assert_eq!(outcomes, [Outcome::Done]);
        self.settle().await;
    }

    /// Facts arrive as one batch from the broker.
    pub(crate) async fn arrive(&self, facts: &[pb::Obligation]) -> Vec<Outcome> {
        let messages: Vec<Message> = facts.iter().map(message).collect();
        FactHandler::new(self.desk.clone()).handle(&messages).await
    }

    /// Moves the clock from due instant to due instant; whatever is queued is
    /// accepted by a provider at each.
    pub(crate) async fn to(&self, text: &str) {
        self.play_until(local(text)).await;
    }

    async fn play_until(&self, to: Timestamp) {
        loop {
            self.settle().await;
            self.accept_all().await;
            match self.next_due().await {
                Some(due) if due <= to => self.desk.clock.set(due).unwrap(),
                _ => break,
            }
        }
        self.desk.clock.set(to).unwrap();
        self.settle().await;
        self.accept_all().await;
    }

    /// Moves the clock without waiting for anything.
    pub(crate) fn jump(&self, text: &str) {
        self.desk.clock.set(local(text)).unwrap();
    }

    async fn next_due(&self) -> Option<Timestamp> {
        let session = self.desk.pool.get().await.unwrap();
        notifier::store::occurrence::next_due(&session, self.desk.clock.now())
            .await
            .unwrap()
    }

    /// Waits until nothing is due.
    pub(crate) async fn settle(&self) {
        eventually("what is due is handled", async || {
            let session = self.desk.pool.get().await.unwrap();
            let now = self.desk.clock.now();
            notifier::store::occurrence::overdue(&session, now)
                .await
                .unwrap()
                == 0
        })
        .await;
    }

    /// Whatever is queued is accepted.
    pub(crate) async fn accept_all(&self) {
        const ACCEPT: &str = "
            update delivery set state = 'SENT', next_action_at = null where state = 'QUEUED'";
        self.execute(ACCEPT).await;
    }

    pub(crate) async fn execute(&self, sql: &'static str) -> u64 {
        let session = self.desk.pool.get().await.unwrap();
        session.execute(sql, &[]).await.unwrap()
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let session = self.desk.pool.get().await.unwrap();
        session.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// One text per row, as the statement makes it.
    pub(crate) async fn lines(&self, sql: &'static str) -> Vec<String> {
        let session = self.desk.pool.get().await.unwrap();
        let rows = session.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What went out, in order: step and local time.
    pub(crate) async fn timeline(&self) -> Vec<String> {
        const GONE_OUT: &str = "
            select o.step || ' ' ||
                   to_char(o.due_at at time zone interval '7 hours', 'MM-DD HH24:MI')
            from occurrence o
            where o.state = 'FANNED_OUT'
            order by o.due_at, o.id";
        self.lines(GONE_OUT).await
    }

    /// The SEQUENCE that the calendar entries of what went out have, in order.
    pub(crate) async fn calendar_sequences(&self) -> Vec<String> {
        const SEQUENCES: &str = "
            select l.letter ->> 'ics_sequence'
            from occurrence_letter l
            join occurrence o on o.id = l.occurrence_id
            where o.state = 'FANNED_OUT'
            order by (select min(d.asked_at) from delivery d where d.occurrence_id = o.id)";
        self.lines(SEQUENCES).await
    }

    /// The rows of the latest fan-out of a step: name, channel, state and reason.
    pub(crate) async fn rows(&self) -> Vec<String> {
        const ROWS: &str = "
            select d.organisation_name || ': ' || d.channel || ' ' || d.state || ' ' || d.reason
            from delivery d
            order by d.organisation_name, d.channel, d.id";
        let mut rows = self.lines(ROWS).await;
        for row in &mut rows {
            *row = row.trim_end().to_owned();
        }
        rows
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn message(fact: &pb::Obligation) -> Message {
    Message {
        id: Uuid::now_v7(),
        type_name: "lienminh.obligation.v1.Obligation".to_owned(),
        source: "events".to_owned(),
        publisher: Some("events".to_owned()),
        routing_key: "events.v1.obligation.changed".to_owned(),
        aggregate: Some(fact.name.clone()),
        sequence: Some(fact.sequence),
        occurred_at: None,
        traceparent: None,
        redelivered: false,
        payload: fact.encode_to_vec(),
    }
}

pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, check: impl Fn() -> F) {
    let waiting = async {
        while !check().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(in_time.is_ok(), "{what}: not within {PATIENCE:?}");
}

fn desk(pool: Pool, url: &str, start: Timestamp) -> Desk {
    let urls = Urls {
        sources: &[("events", url)],
        registry: url,
    };
    Desk::new(Inner {
        pool,
        clock: Clock::stepped(start),
        rules: Rules::embedded().unwrap(),
        calendar: Calendar::official(),
        sources: Sources::new(&Peers::with_token("none").unwrap(), &urls).unwrap(),
        held: 800,
        settle: jiff::SignedDuration::from_mins(10),
        reply_url: "http://reply.example".to_owned(),
        mail_domain: "lienminh.example".to_owned(),
        planned: tokio::sync::Notify::new(),
        doubted: tokio::sync::Notify::new(),
        hold: notifier::work::hold::Hold::default(),
        outbox: Bell::new(),
    })
}
