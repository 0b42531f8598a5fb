//! What the scheduler and a fan-out read and write.

use std::time::Duration;

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{audience, repetition};
use crate::domain::obligation::Obligation;
use crate::domain::occurrence::{Plan, Reason, State};
use crate::domain::rule::Audience;
use crate::domain::triage::Due;

const DUE_OBLIGATIONS: &str = "
    select o.obligation_id
    from occurrence o
    where o.state = 'SCHEDULED' and o.due_at <= $1 and o.obligation_id <> all($2)
    group by o.obligation_id
    having bool_or(o.retry_at is null or o.retry_at <= now() or o.useful_until <= $1)
    order by min(o.due_at), o.obligation_id
    limit $3";

/// Obligations with something due at `now`, the longest due first, without those
/// `in_hand`. What waits for a source is due again when its pause is over.
///
/// # Errors
/// What the database says.
pub async fn due_obligations(
    session: &impl Session,
    now: Timestamp,
    in_hand: &[Uuid],
    limit: i64,
) -> Result<Vec<Uuid>> {
    let rows = session
        .query(DUE_OBLIGATIONS, &[&now, &in_hand, &limit])
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

const DUE: &str = "
    select o.id, o.step, o.audience, o.nominal_at, o.useful_until, o.attempts > 0,
           o.retry_at is not null and o.retry_at > now(), o.repetition, o.worst_hour
    from occurrence o
    where o.obligation_id = $1 and o.state = 'SCHEDULED' and o.due_at <= $2
    order by o.id
    for update";

/// Locks what is due of an obligation at `now`, each with whether it still pauses
/// before its source is asked again.
///
/// # Errors
/// What the database says.
pub async fn due(tx: &Tx, obligation: Uuid, now: Timestamp) -> Result<Vec<(Due, bool)>> {
    let rows = tx.query(DUE, &[&obligation, &now]).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let due = Due {
                id: row.get(0),
                step: row.get(1),
                repetition: repetition(row.get(7)),
                audience: audience(row.get(2)),
                nominal_at: row.get(3),
                useful_until: row.get(4),
                waited: row.get(5),
                worst_hour: row.get(8),
            };
            (due, row.get(6))
        })
        .collect())
}

const CLAIM: &str = "
    update occurrence o set claim = $2 where o.id = any($1) and o.state = 'SCHEDULED'";

/// Claims occurrences for a fan-out; older claims lose their power.
///
/// # Errors
/// What the database says.
pub async fn claim(tx: &Tx, ids: &[Uuid], claim: Uuid) -> Result<u64> {
    tx.execute(CLAIM, &[&ids, &claim]).await
}

const DEFER: &str = "
    update occurrence o
    set due_at = l.due_at, claim = null
    from unnest($1::uuid[], $2::timestamptz[]) as l (id, due_at)
    where o.id = l.id and o.state = 'SCHEDULED'";

/// Lets occurrences wait until a later instant; a fan-out that has one in hand
/// loses it.
///
/// # Errors
/// What the database says.
pub async fn defer(tx: &Tx, later: &[(Uuid, Timestamp)]) -> Result<u64> {
    if later.is_empty() {
        return Ok(0);
    }
    let (ids, instants): (Vec<Uuid>, Vec<Timestamp>) = later.iter().copied().unzip();
    tx.execute(DEFER, &[&ids, &instants]).await
}

/// An occurrence in the hands of a fan-out.
#[derive(Clone, Debug)]
pub struct Work {
    /// The occurrence.
    pub id: Uuid,
    /// The claim.
    pub claim: Uuid,
    /// Its obligation's id.
    pub obligation_id: Uuid,
    /// Its obligation.
    pub obligation: Obligation,
    /// The anchor version it was made for.
    pub anchor_version: i64,
    /// Its step.
    pub step: String,
    /// Its repetition.
    pub repetition: u16,
    /// Whom.
    pub audience: Audience,
    /// When it is due.
    pub due_at: Timestamp,
    /// Until when it helps.
    pub useful_until: Timestamp,
    /// Of a correction: since when nothing of the obligation went out.
    pub since: Option<Timestamp>,
    /// Of a correction: something starts within hours.
    pub worst_hour: bool,
    /// Vain attempts so far.
    pub attempts: i32,
    /// When the obligation was first heard of, and the version became known.
    pub known_at: Timestamp,
    /// The instant that its step falls on by its rule.
    pub nominal_at: Timestamp,
    /// When its row was written (database clock).
    pub recorded_at: Timestamp,
    /// SEQUENCE of the obligation's calendar entry.
    pub calendar_sequence: i64,
}

const LOAD: &str = "
    select o.id, o.obligation_id, b.body, o.anchor_version, o.step, o.repetition, o.audience,
           o.due_at, o.useful_until, o.since, o.worst_hour, o.attempts, v.told_at,
           o.nominal_at, o.recorded_at, b.calendar_sequence
    from occurrence o
    join obligation b on b.id = o.obligation_id
    join obligation_version v
      on v.obligation_id = o.obligation_id and v.anchor_version = o.anchor_version
    where o.id = $1 and o.claim = $2 and o.state = 'SCHEDULED'";

/// What a fan-out works on; `None` when its claim is no longer good.
///
/// # Errors
/// What the database says.
pub async fn load(session: &impl Session, id: Uuid, claim: Uuid) -> Result<Option<Work>> {
    let row = session.query_opt(LOAD, &[&id, &claim]).await?;
    Ok(row.map(|row| Work {
        id: row.get(0),
        claim,
        obligation_id: row.get(1),
        obligation: row.get::<_, Json<Obligation>>(2).0,
        anchor_version: row.get(3),
        step: row.get(4),
        repetition: repetition(row.get(5)),
        audience: audience(row.get(6)),
        due_at: row.get(7),
        useful_until: row.get(8),
        since: row.get(9),
        worst_hour: row.get(10),
        attempts: row.get(11),
        known_at: row.get(12),
        nominal_at: row.get(13),
        recorded_at: row.get(14),
        calendar_sequence: row.get(15),
    }))
}

// In this order, as a fact locks them: the obligation, then its occurrences.
const LOCK_OBLIGATION: &str = "select o.id from obligation o where o.id = $1 for share";

const KEEP_HOLD: &str = "
    select o.id
    from occurrence o
    where o.id = $1 and o.claim = $2 and o.state = 'SCHEDULED'
    for update";

/// Locks an occurrence for a further write of its fan-out; `false` when the claim
/// is no longer good and nothing may be written.
///
/// # Errors
/// What the database says.
pub async fn keep_hold(tx: &Tx, work: &Work) -> Result<bool> {
    tx.query(LOCK_OBLIGATION, &[&work.obligation_id]).await?;
    let row = tx.query_opt(KEEP_HOLD, &[&work.id, &work.claim]).await?;
    Ok(row.is_some())
}

const END: &str = "
    update occurrence o
    set state = $2, reason = $3, claim = null, retry_at = null, held = false
    where o.id = $1 and o.state = 'SCHEDULED'";

/// Ends a scheduled occurrence; `false` when it had ended already.
///
/// # Errors
/// What the database says.
pub async fn end(tx: &Tx, id: Uuid, state: State, reason: Reason) -> Result<bool> {
    let touched = tx
        .execute(END, &[&id, &state.word(), &reason.word()])
        .await?;
    Ok(touched == 1)
}

const AWAIT_SOURCE: &str = "
    update occurrence o
    set claim = null, attempts = o.attempts + 1, retry_at = now() + $3 * interval '1 second'
    where o.id = $1 and o.claim = $2 and o.state = 'SCHEDULED'";

/// Lets an occurrence pause for `wait` of the database clock.
///
/// # Errors
/// What the database says.
pub async fn await_source(
    session: &impl Session,
    id: Uuid,
    claim: Uuid,
    wait: Duration,
) -> Result<()> {
    session
        .execute(AWAIT_SOURCE, &[&id, &claim, &wait.as_secs_f64()])
        .await?;
    Ok(())
}

/// A step that waits for a correction.
#[derive(Clone, Debug)]
pub struct Held {
    /// The occurrence.
    pub id: Uuid,
    /// As it was planned.
    pub plan: Plan,
}

const HELD: &str = "
    select o.id, o.step, o.repetition, o.audience, o.nominal_at, o.due_at, o.useful_until
    from occurrence o
    where o.obligation_id = $1 and o.anchor_version = $2 and o.state = 'SCHEDULED'
      and (o.held or (o.due_at <= $3 and o.step not in ('correction', 'call_list')))
    order by o.nominal_at, o.id
    for update";

/// The steps of a version that waited for its correction, and those that have
/// fallen due by `now` beside it.
///
/// # Errors
/// What the database says.
pub async fn held(
    tx: &Tx,
    obligation: Uuid,
    anchor_version: i64,
    now: Timestamp,
) -> Result<Vec<Held>> {
    let rows = tx
        .query(HELD, &[&obligation, &anchor_version, &now])
        .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let mut plan = Plan::scheduled(
                row.get(1),
                repetition(row.get(2)),
                audience(row.get(3)),
                row.get(5),
                row.get(6),
            );
            plan.nominal_at = row.get(4);
            Held {
                id: row.get(0),
                plan,
            }
        })
        .collect())
}

const SETTLE_HELD: &str = "
    update occurrence o
    set state = s.state, reason = s.reason, due_at = s.due_at, held = false
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
         as s (id, state, reason, due_at)
    where o.id = s.id and o.state = 'SCHEDULED'";

/// Writes what becomes of steps that waited for a correction.
///
/// # Errors
/// What the database says.
pub async fn settle_held(tx: &Tx, held: &[Held]) -> Result<()> {
    if held.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = held.iter().map(|each| each.id).collect();
    let states: Vec<&str> = held.iter().map(|each| each.plan.state.word()).collect();
    let reasons: Vec<&str> = held.iter().map(|each| each.plan.reason.word()).collect();
    let dues: Vec<Timestamp> = held.iter().map(|each| each.plan.due_at).collect();
    tx.execute(SETTLE_HELD, &[&ids, &states, &reasons, &dues])
        .await?;
    Ok(())
}

const NEXT_DUE: &str = "
    select min(o.due_at) from occurrence o where o.state = 'SCHEDULED' and o.due_at > $1";

/// The next instant after `now` at which something falls due.
///
/// # Errors
/// What the database says.
pub async fn next_due(session: &impl Session, now: Timestamp) -> Result<Option<Timestamp>> {
    Ok(session.query_one(NEXT_DUE, &[&now]).await?.get(0))
}

const OVERDUE: &str = "
    select count(*) from occurrence o where o.state = 'SCHEDULED' and o.due_at <= $1";

/// How many occurrences are due at `now` and have not been handled.
///
/// # Errors
/// What the database says.
pub async fn overdue(session: &impl Session, now: Timestamp) -> Result<i64> {
    Ok(session.query_one(OVERDUE, &[&now]).await?.get(0))
}
