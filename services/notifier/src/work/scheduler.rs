//! Wakes when something falls due, decides what goes out, and hands it to fan-out.
//!
//! One process schedules at a time: it holds a session advisory lock, which ends
//! with the process. A second one stands by. Should two ever believe to be alone,
//! the claim of an occurrence keeps the older fan-out powerless.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kit::database::{Connection, Session, Tx};
use kit::error::Result;
use kit::health::Heartbeat;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::desk::Desk;
use super::fanout;
use super::intake::entry;
use crate::domain::explain::Decision;
use crate::domain::occurrence::{Reason, State};
use crate::domain::triage::{Due, triage};
use crate::store;

/// The lock of the one scheduler.
const LOCK: i64 = 0x6c69_656e_0002;

/// Obligations worked on at once: a slow source must not hold up the others.
const LANES: usize = 8;

/// Looks without being woken this often: for what pauses before a source is
/// asked again, and for rows of another process.
const POLL: Duration = Duration::from_secs(1);

/// A scheduler that does not come round for this long is not well.
pub const SILENCE: Duration = Duration::from_secs(60);

const TRY_LOCK: &str = "select pg_try_advisory_lock($1)";

const STILL_THERE: &str = "select 1";

/// Runs until `shutdown`.
pub async fn run(desk: Desk, heartbeat: Arc<Heartbeat>, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        heartbeat.beat();
        // With a schema that is none of ours nothing is decided; readiness tells why.
        // On hold nothing falls due: what did is decided once it is known what had left.
        if desk.pool.knows_schema()
            && !desk.hold.is_held()
            && let Err(error) = lead(&desk, &heartbeat, &shutdown).await
        {
            tracing::warn!(error = %super::words(&error), "the scheduler begins again");
        }
        pause(&desk, POLL, &shutdown).await;
    }
}

async fn pause(desk: &Desk, wait: Duration, shutdown: &CancellationToken) {
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = tokio::time::sleep(desk.clock.waits().of(wait)) => {}
    }
}

/// Schedules as long as this process holds the lock.
async fn lead(desk: &Desk, heartbeat: &Heartbeat, shutdown: &CancellationToken) -> Result<()> {
    let connection = desk.pool.dedicated().await?;
    let leads: bool = connection.query_one(TRY_LOCK, &[&LOCK]).await?.get(0);
    if !leads {
        return Ok(());
    }
    let mut lanes = Lanes::default();
    let outcome = rounds(desk, &connection, heartbeat, shutdown, &mut lanes).await;
    // What is in hand ends by itself: each write stands on its own, and what is
    // cut short is found again by its rows.
    lanes.tasks.shutdown().await;
    outcome
}

#[derive(Default)]
struct Lanes {
    tasks: JoinSet<Uuid>,
    in_hand: HashSet<Uuid>,
}

async fn rounds(
    desk: &Desk,
    connection: &Connection,
    heartbeat: &Heartbeat,
    shutdown: &CancellationToken,
    lanes: &mut Lanes,
) -> Result<()> {
    while !shutdown.is_cancelled() {
        heartbeat.beat();
        connection.query_one(STILL_THERE, &[]).await?;
        let now = desk.clock.now();
        round(desk, lanes, now).await?;
        let next = {
            let session = desk.pool.get().await?;
            store::occurrence::next_due(&session, now).await?
        };
        wait(desk, lanes, now, next, shutdown).await;
    }
    Ok(())
}

async fn wait(
    desk: &Desk,
    lanes: &mut Lanes,
    seen: Timestamp,
    next: Option<Timestamp>,
    shutdown: &CancellationToken,
) {
    let falls_due = async {
        match next {
            Some(next) => desk.clock.reaches(next).await,
            None => desk.clock.moved_from(seen).await,
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = desk.planned.notified() => {}
        () = falls_due => {}
        () = tokio::time::sleep(desk.clock.waits().of(POLL)) => {}
        Some(done) = lanes.tasks.join_next() => release(lanes, done),
    }
    while let Some(done) = lanes.tasks.try_join_next() {
        release(lanes, done);
    }
}

fn release(lanes: &mut Lanes, done: std::result::Result<Uuid, tokio::task::JoinError>) {
    match done {
        Ok(obligation) => {
            lanes.in_hand.remove(&obligation);
        }
        Err(error) => {
            tracing::error!(%error, "a fan-out panicked");
            // Which one is not known any more; those that still run are found claimed.
            if lanes.tasks.is_empty() {
                lanes.in_hand.clear();
            }
        }
    }
}

async fn round(desk: &Desk, lanes: &mut Lanes, now: Timestamp) -> Result<()> {
    let free = LANES.saturating_sub(lanes.tasks.len());
    if free == 0 {
        return Ok(());
    }
    let in_hand: Vec<Uuid> = lanes.in_hand.iter().copied().collect();
    let due = {
        let session = desk.pool.get().await?;
        let limit = i64::try_from(free).unwrap_or(1);
        store::occurrence::due_obligations(&session, now, &in_hand, limit).await?
    };
    for obligation in due {
        let claim = Uuid::now_v7();
        let chosen = choose(desk, obligation, claim, now).await?;
        if chosen.is_empty() {
            continue;
        }
        lanes.in_hand.insert(obligation);
        let desk = desk.clone();
        lanes.tasks.spawn(async move {
            for id in chosen {
                fanout::run(&desk, id, claim).await;
            }
            obligation
        });
    }
    Ok(())
}

/// Decides about what is due of an obligation and claims what goes out.
async fn choose(desk: &Desk, obligation: Uuid, claim: Uuid, now: Timestamp) -> Result<Vec<Uuid>> {
    let tx = desk.pool.begin().await?;
    let due = store::occurrence::due(&tx, obligation, now).await?;
    let (steps, pausing): (Vec<_>, Vec<_>) = due.into_iter().unzip();
    let verdict = triage(&steps, now);
    for (id, reason) in &verdict.missed {
        if let Some(step) = steps.iter().find(|each| each.id == *id) {
            miss(&tx, desk, obligation, step, *reason, now).await?;
        }
    }
    defer(&tx, obligation, &steps, &verdict.deferred, now).await?;
    let chosen: Vec<Uuid> = verdict
        .fan_out
        .into_iter()
        .filter(|id| {
            let place = steps.iter().position(|each| each.id == *id);
            place.is_none_or(|place| !pausing[place])
        })
        .collect();
    store::occurrence::claim(&tx, &chosen, claim).await?;
    tx.commit().await?;
    kit::failpoint::hit("scheduler.claimed");
    // Those that waited for their source were told of before.
    let first = |each: &&Due| chosen.contains(&each.id) && !each.waited;
    for step in steps.iter().filter(first) {
        tracing::info!(%obligation, occurrence = %step.id, step = step.step, "an occurrence is due");
    }
    Ok(chosen)
}

/// Lets what is late wait for the morning, and says so.
async fn defer(
    tx: &Tx,
    obligation: Uuid,
    steps: &[Due],
    later: &[(Uuid, Timestamp)],
    now: Timestamp,
) -> Result<()> {
    store::occurrence::defer(tx, later).await?;
    let journal: Vec<_> = later
        .iter()
        .filter_map(|(id, due_at)| {
            let step = steps.iter().find(|each| each.id == *id)?;
            let waits = Decision::Scheduled {
                step: step.step.clone(),
                repetition: step.repetition,
                due_at: *due_at,
            };
            Some(entry(obligation, Some(*id), waits))
        })
        .collect();
    store::decision::append(tx, now, &journal).await
}

/// Ends an occurrence that can help nobody any more. A missed reminder is never
/// silent: it is written down, counted and logged.
async fn miss(
    tx: &Tx,
    desk: &Desk,
    obligation: Uuid,
    step: &Due,
    reason: Reason,
    now: Timestamp,
) -> Result<()> {
    store::occurrence::end(tx, step.id, State::Missed, reason).await?;
    let ended = Decision::Ended {
        step: step.step.clone(),
        repetition: step.repetition,
        state: State::Missed.word().to_owned(),
        reason: reason.word().to_owned(),
    };
    store::decision::append(tx, now, &[entry(obligation, Some(step.id), ended)]).await?;
    fanout::after_missed(tx, desk, obligation, step, now).await?;
    metrics::counter!("occurrences_missed_total", "reason" => reason.word()).increment(1);
    tracing::warn!(occurrence = %step.id, reason = reason.word(), "a reminder was missed");
    Ok(())
}
