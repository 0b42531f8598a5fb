//! Occurrences as rows: planned, claimed by one fan-out, ended once.
//!
//! A fan-out holds a claim. Whoever claims anew, or ends the occurrence, makes
//! the older claim powerless: every later statement of it touches no row.

mod list;
mod work;

use std::collections::HashSet;

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use uuid::Uuid;

pub use list::{Filter, Listed, list};
pub use work::{
    Held, Work, await_source, claim, defer, due, due_obligations, end, held, keep_hold, load,
    next_due, overdue, settle_held,
};

use crate::domain::occurrence::{Plan, Reason, State};
use crate::domain::rule::Audience;

/// An occurrence to be written.
#[derive(Clone, Debug)]
pub struct NewOccurrence {
    /// UUIDv7.
    pub id: Uuid,
    /// Which obligation.
    pub obligation_id: Uuid,
    /// At which anchor version.
    pub anchor_version: i64,
    /// Whether its messages state the anchor.
    pub tells: bool,
    /// What was planned.
    pub plan: Plan,
}

impl NewOccurrence {
    /// A row for a plan of an obligation whose date is `fixed` or not: messages
    /// about an open date state none.
    #[must_use]
    pub fn of(obligation_id: Uuid, anchor_version: i64, fixed: bool, plan: Plan) -> Self {
        Self {
            id: Uuid::now_v7(),
            obligation_id,
            anchor_version,
            tells: plan.tells(fixed),
            plan,
        }
    }
}

const INSERT: &str = "
    insert into occurrence (id, obligation_id, anchor_version, step, repetition, audience, tells,
                            state, reason, nominal_at, due_at, useful_until, held, since, worst_hour)
    select n.id, n.obligation_id, n.anchor_version, n.step, n.repetition, n.audience, n.tells,
           n.state, n.reason, n.nominal_at, n.due_at, n.useful_until, n.held, n.since, n.worst_hour
    from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::smallint[], $6::text[],
                $7::boolean[], $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[],
                $12::timestamptz[], $13::boolean[], $14::timestamptz[], $15::boolean[])
         as n (id, obligation_id, anchor_version, step, repetition, audience, tells, state, reason,
               nominal_at, due_at, useful_until, held, since, worst_hour)
    on conflict on constraint occurrence_once do nothing";

/// Writes occurrences; one that exists already stays as it is.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &Tx, occurrences: &[NewOccurrence]) -> Result<()> {
    fn column<'n, T>(all: &'n [NewOccurrence], of: impl Fn(&'n NewOccurrence) -> T) -> Vec<T> {
        all.iter().map(of).collect()
    }
    if occurrences.is_empty() {
        return Ok(());
    }
    let repetitions = occurrences
        .iter()
        .map(|each| i16::try_from(each.plan.repetition).map_err(Error::internal))
        .collect::<Result<Vec<i16>>>()?;
    tx.execute(
        INSERT,
        &[
            &column(occurrences, |each| each.id),
            &column(occurrences, |each| each.obligation_id),
            &column(occurrences, |each| each.anchor_version),
            &column(occurrences, |each| each.plan.step.as_str()),
            &repetitions,
            &column(occurrences, |each| each.plan.audience.word()),
            &column(occurrences, |each| each.tells),
            &column(occurrences, |each| each.plan.state.word()),
            &column(occurrences, |each| each.plan.reason.word()),
            &column(occurrences, |each| each.plan.nominal_at),
            &column(occurrences, |each| each.plan.due_at),
            &column(occurrences, |each| each.plan.useful_until),
            &column(occurrences, |each| each.plan.held),
            &column(occurrences, |each| each.plan.since),
            &column(occurrences, |each| each.plan.worst_hour),
        ],
    )
    .await?;
    Ok(())
}

/// An occurrence that ended, for the journal.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The occurrence.
    pub id: Uuid,
    /// Which obligation.
    pub obligation_id: Uuid,
    /// Its step.
    pub step: String,
    /// Its repetition.
    pub repetition: u16,
}

const END_PENDING: &str = "
    update occurrence o
    set state = e.state, reason = e.reason, claim = null, retry_at = null
    from unnest($1::uuid[], $2::text[], $3::text[]) as e (obligation_id, state, reason)
    where o.obligation_id = e.obligation_id and o.state = 'SCHEDULED'
    returning o.id, o.obligation_id, o.step, o.repetition";

/// Ends whatever of these obligations has not gone out yet.
///
/// # Errors
/// What the database says.
pub async fn end_pending(tx: &Tx, endings: &[(Uuid, State, Reason)]) -> Result<Vec<Ended>> {
    if endings.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = endings.iter().map(|(id, _, _)| *id).collect();
    let states: Vec<&str> = endings.iter().map(|(_, state, _)| state.word()).collect();
    let reasons: Vec<&str> = endings.iter().map(|(_, _, reason)| reason.word()).collect();
    let rows = tx.query(END_PENDING, &[&ids, &states, &reasons]).await?;
    Ok(rows
        .iter()
        .map(|row| Ended {
            id: row.get(0),
            obligation_id: row.get(1),
            step: row.get(2),
            repetition: repetition(row.get(3)),
        })
        .collect())
}

const REOPEN: &str = "
    update occurrence o
    set state = 'SCHEDULED', reason = ''
    from obligation b
    where b.id = o.obligation_id and o.obligation_id = any($1) and o.state = 'SATISFIED'
      and o.anchor_version = b.anchor_version
      and (o.due_at > $2 or o.held or o.step = 'correction')";

/// Lets satisfied occurrences that lie ahead of `now` wait again, and a
/// correction with what waits for it: what was done turned out not to be.
///
/// # Errors
/// What the database says.
pub async fn reopen(tx: &Tx, obligations: &[Uuid], now: Timestamp) -> Result<u64> {
    if obligations.is_empty() {
        return Ok(0);
    }
    tx.execute(REOPEN, &[&obligations, &now]).await
}

const ARMED: &str = "
    select distinct o.obligation_id
    from occurrence o
    join obligation b on b.id = o.obligation_id and b.anchor_version = o.anchor_version
    where o.obligation_id = any($1)";

/// Those of the obligations whose present anchor version has occurrences.
///
/// # Errors
/// What the database says.
pub async fn armed(tx: &Tx, obligations: &[Uuid]) -> Result<HashSet<Uuid>> {
    if obligations.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = tx.query(ARMED, &[&obligations]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

pub(super) fn audience(word: &str) -> Audience {
    if word == Audience::Lead.word() {
        Audience::Lead
    } else {
        Audience::Concerned
    }
}

/// The constraint `occurrence_repetition` keeps it from being negative.
pub(super) fn repetition(stored: i16) -> u16 {
    u16::try_from(stored).unwrap_or_default()
}
