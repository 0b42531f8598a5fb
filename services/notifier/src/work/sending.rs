//! The sending half of the desk, put together.

use std::sync::Arc;
use std::time::Duration;

use kit::broker::Broker;
use kit::consumer::Consumer;
use kit::error::Result;
use kit::service::Loop;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::desk::Desk;
use super::dispatch::batch::{self, Company, Questions, batcher};
use super::dispatch::{Dispatch, Jobs, Letters, Orders, Relay, lane, worker};
use super::receipts::{self, Receipts};
use super::ring::{self, Bells, Pulse, index, queue};
use super::{hold, keeper, reconcile, sweep, words};
use crate::channel::Ways;
use crate::channel::gate::Gates;
use crate::channel::lanes::Lanes;
use crate::channel::sms::SmsGateway;
use crate::meters;
use crate::render::Renderer;
use crate::store::delivery::{CommitSend, Committed, Finish, commit_send, finish, release};

/// Orders at the SMS gateway at one time: gateways throttle, and a slow one must
/// not hold dozens of rows in SENDING.
const SMS_WORKERS: usize = 4;

/// How long a reply that is to be recorded waits for others: nobody waits for it,
/// and a crash in between makes as many outcomes unknown as fit into this time.
const FINISH_PATIENCE: Duration = Duration::from_millis(4);

/// Orders the broker sends ahead, so that a claim takes a whole batch.
const PREFETCH: u16 = 512;

/// What sending needs.
pub struct Parts {
    /// Pool, clock, sources.
    pub desk: Desk,
    /// The broker.
    pub broker: Broker,
    /// Where messages are handed over.
    pub ways: Ways,
    /// Whether they are at present.
    pub gates: Gates,
    /// Texts and messages.
    pub renderer: Renderer,
    /// Cancelled when the process must stop.
    pub shutdown: CancellationToken,
}

/// The loops of sending.
#[must_use]
pub fn assemble(parts: Parts) -> Vec<Loop> {
    let worker_id = Uuid::now_v7();
    let desk = parts.desk.clone();
    let shutdown = parts.shutdown.clone();
    let alive = CancellationToken::new();
    let (committer, commits) = batcher();
    let (finisher, ends) = batcher();
    let senders = parts.ways.lanes + SMS_WORKERS;
    let gateway = Arc::new(parts.ways.sms.clone());
    let found = Arc::new(Notify::new());
    let pulses: [Arc<Pulse>; 4] = Default::default();
    let dispatch = Dispatch {
        desk: desk.clone(),
        worker: worker_id,
        renderer: parts.renderer.clone(),
        letters: Arc::new(Letters::default()),
        committer,
        finisher,
        mode: Arc::new(parts.ways.mode.clone()),
        gates: parts.gates.clone(),
    };
    let bells = Bells {
        desk: desk.clone(),
        broker: parts.broker.clone(),
        pulses: pulses.clone(),
        found: Arc::clone(&found),
    };
    let receiver = Consumer::new(
        parts.broker.clone(),
        receipts::QUEUE,
        Receipts(desk.clone()),
    )
    .with_waits(desk.clock.waits());
    let sending = Sending {
        parts,
        dispatch,
        gateway: Arc::clone(&gateway),
        found,
        pulses,
        alive: alive.clone(),
    };
    let sweeping = sweep::run(desk.clone(), worker_id, shutdown.clone());
    let reconciling = reconcile::run(desk.clone(), gateway, shutdown.clone());
    let held = |name, work| {
        Loop::new(
            name,
            hold::after_release(desk.clone(), shutdown.clone(), work),
        )
    };
    vec![
        Loop::new(
            "keeper",
            keeper::keep(desk.pool.clone(), worker_id, alive, shutdown.clone()),
        ),
        Loop::new("commit_send", commits_run(desk.clone(), commits, senders)),
        Loop::new("finish", ends_run(desk.clone(), ends)),
        held("sending", Box::pin(sending.run())),
        held("sweep", Box::pin(sweeping)),
        held("ring", Box::pin(ring::run(bells, shutdown.clone()))),
        held("reconcile", Box::pin(reconciling)),
        Loop::new("hold", hold::watch_over(desk.clone(), shutdown.clone())),
        Loop::new("receipts", receiver.run(shutdown.clone())),
    ]
}

async fn commits_run(desk: Desk, questions: Questions<CommitSend, Committed>, senders: usize) {
    let clock = desk.clock.clone();
    batch::run(
        "commit_send",
        desk.pool.clone(),
        questions,
        Company::of_half(senders),
        move |connection, asked| {
            let now = clock.now();
            async move {
                let answers = commit_send(&connection, now, &asked).await?;
                meters::committed(&answers);
                Ok(answers)
            }
        },
    )
    .await;
}

async fn ends_run(desk: Desk, questions: Questions<Finish, ()>) {
    let clock = desk.clock.clone();
    // What the world knows already is written down whatever the schema has become.
    batch::run(
        "finish",
        desk.pool.regardless(),
        questions,
        Company::patient(FINISH_PATIENCE),
        move |connection, ends| {
            let now = clock.now();
            async move {
                finish(&connection, now, &ends).await?;
                meters::recorded(&ends);
                kit::failpoint::hit("dispatch.finished");
                Ok(vec![(); ends.len()])
            }
        },
    )
    .await;
}

/// What is claimed and not begun need not wait until this process is found dead.
async fn give_back(desk: &Desk, own: Uuid) -> Result<()> {
    let tx = desk.pool.begin().await?;
    release(&tx, own, desk.clock.now()).await?;
    tx.commit().await?;
    desk.outbox.ring();
    Ok(())
}

/// Lanes and workers, and the consumers that feed them.
struct Sending {
    parts: Parts,
    dispatch: Dispatch,
    gateway: Arc<SmsGateway>,
    found: Arc<Notify>,
    pulses: [Arc<Pulse>; 4],
    alive: CancellationToken,
}

impl Sending {
    /// Runs until told to stop: first no more is claimed, then what is in hand is
    /// finished, and what is claimed and not begun is given back.
    async fn run(self) {
        let shutdown = self.parts.shutdown.clone();
        tokio::select! {
            () = shutdown.cancelled() => return,
            // A claim names its worker: the row must be there first.
            () = self.alive.cancelled() => {}
        }
        let relay = Relay {
            server: Arc::new(self.parts.ways.smtp.clone()),
            lanes: Lanes::new(self.parts.ways.lanes),
        };
        let emails = Arc::new(Jobs::new(relay.lanes.clone()));
        let texts = Arc::new(Jobs::new(Lanes::new(SMS_WORKERS)));
        let mut lanes = JoinSet::new();
        for _ in 0..self.parts.ways.lanes {
            lanes.spawn(lane(
                self.dispatch.clone(),
                Arc::clone(&emails),
                relay.clone(),
                shutdown.clone(),
            ));
        }
        for _ in 0..SMS_WORKERS {
            lanes.spawn(worker(
                self.dispatch.clone(),
                Arc::clone(&texts),
                Arc::clone(&self.gateway),
                shutdown.clone(),
            ));
        }
        let mut consumers = JoinSet::new();
        for (sms, bulk) in [(false, false), (false, true), (true, false), (true, true)] {
            let jobs = if sms { &texts } else { &emails };
            consumers.spawn(self.consumer(sms, bulk, jobs).run(shutdown.clone()));
        }
        let (desk, own) = (self.parts.desk.clone(), self.dispatch.worker);
        drop(self);
        while consumers.join_next().await.is_some() {}
        emails.close();
        texts.close();
        while lanes.join_next().await.is_some() {}
        if let Err(error) = give_back(&desk, own).await {
            tracing::warn!(cause = words(&error), "claims are left to the next process");
        }
    }

    fn consumer(&self, sms: bool, bulk: bool, jobs: &Arc<Jobs>) -> Consumer<Orders> {
        let gate = if sms {
            &self.dispatch.gates.sms
        } else {
            &self.dispatch.gates.email
        };
        let handler = Orders {
            dispatch: self.dispatch.clone(),
            gate: Arc::clone(gate),
            jobs: Arc::clone(jobs),
            bulk,
            pulse: Arc::clone(&self.pulses[index(sms, bulk)]),
            found: Arc::clone(&self.found),
            shutdown: self.parts.shutdown.clone(),
        };
        Consumer::new(self.parts.broker.clone(), queue(sms, bulk), handler)
            .with_limits(PREFETCH, jobs.batch().min(256))
            .with_waits(self.parts.desk.clock.waits())
    }
}
