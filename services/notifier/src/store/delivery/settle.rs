//! Rows whose alarm rang: lost workers, waits that are over, orders that got lost.

use std::time::Duration;

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::store::order::{self, Ring};

/// Rows per statement: a batch commits within milliseconds and its orders stay
/// a few hundred kilobytes.
const BATCH: i64 = 2_000;

// Mostly nobody has died, and few alarms have rung: all that is in hand is looked
// through only for the dead.
const SETTLE_LOST: &str = "
    with rang as (
        select r.id
        from delivery r
        where r.next_action_at <= now() and r.state in ('CLAIMED', 'SENDING')
        union all
        select r.id
        from delivery r
        where cardinality($1::uuid[]) > 0 and r.next_action_at is not null
          and r.state in ('CLAIMED', 'SENDING') and r.leased_by = any($1)
    ), lost as (
        select d.id, d.state as was, d.leased_by, d.attempts
        from delivery d
        where d.id in (select r.id from rang r) and d.state in ('CLAIMED', 'SENDING')
          and (d.leased_by = any($1) or greatest(d.next_action_at, d.held_until) <= now())
        order by d.id
        limit $4
        for update skip locked
    ), moved as (
        update delivery d
        set state = case l.was when 'CLAIMED' then 'QUEUED' else 'UNKNOWN' end,
            reason = case l.was when 'CLAIMED' then '' else 'worker_lost' end,
            generation = d.generation + (l.was = 'CLAIMED')::int,
            lease = case when l.was = 'SENDING' then d.lease end,
            leased_by = case when l.was = 'SENDING' then d.leased_by end,
            state_at = $2,
            next_action_at = case l.was when 'CLAIMED' then now() + interval '2 minutes'
                                        else now() + interval '1 second'
                                             * case d.channel when 'sms' then $5::float8 else $3::float8 end end
        from lost l
        where d.id = l.id
        returning d.id, d.generation, d.channel, d.bulk, l.was, l.leased_by, l.attempts
    ), written as (
        insert into attempt (delivery_id, number, worker_id, outcome, code, detail, business_at)
        select m.id, m.attempts, m.leased_by,
               case m.was when 'CLAIMED' then 'deferred' else 'unknown' end, 'worker_lost', '', $2
        from moved m
        on conflict (delivery_id, number) do nothing
    )
    select m.id, m.generation, m.channel = 'sms', m.bulk, m.was = 'CLAIMED' from moved m";

/// Settles what dead workers had in hand, and what any worker held past its
/// alarm: CLAIMED goes back to the queue, SENDING becomes UNKNOWN and is looked
/// into after `look_after`, given for emails and for SMS. Tells how many rows moved; call again until none.
///
/// # Errors
/// What the database says.
pub async fn settle_lost(
    tx: &Tx,
    dead: &[Uuid],
    now: Timestamp,
    look_after: (Duration, Duration),
) -> Result<usize> {
    let rows = tx
        .query(
            SETTLE_LOST,
            &[
                &dead,
                &now,
                &look_after.0.as_secs_f64(),
                &BATCH,
                &look_after.1.as_secs_f64(),
            ],
        )
        .await?;
    let rings: Vec<Ring> = rows.iter().filter(|row| row.get(4)).map(ring_of).collect();
    order::put(tx, &rings).await?;
    Ok(rows.len())
}

const RELEASE: &str = "
    update delivery d
    set state = 'QUEUED', generation = d.generation + 1, lease = null, leased_by = null,
        state_at = $2, next_action_at = now() + interval '2 minutes'
    where d.next_action_at is not null and d.state = 'CLAIMED' and d.leased_by = $1
    returning d.id, d.generation, d.channel = 'sms', d.bulk";

/// Gives back what a worker that ends in good order has claimed and not begun.
///
/// # Errors
/// What the database says.
pub async fn release(tx: &Tx, worker: Uuid, now: Timestamp) -> Result<usize> {
    let rows = tx.query(RELEASE, &[&worker, &now]).await?;
    order::put(tx, &rows.iter().map(ring_of).collect::<Vec<_>>()).await?;
    Ok(rows.len())
}

fn ring_of(row: &Row) -> Ring {
    Ring {
        delivery: row.get(0),
        generation: row.get(1),
        sms: row.get(2),
        bulk: row.get(3),
    }
}

const WAKE: &str = "
    update delivery d
    set state = 'QUEUED', reason = '', generation = d.generation + 1, lease = null,
        leased_by = null, state_at = $1, next_action_at = now() + interval '2 minutes'
    where d.id in (
        select w.id from delivery w
        where w.state = 'RETRY_WAIT' and w.next_action_at <= now()
        order by w.next_action_at
        limit $2
        for update skip locked)
    returning d.id, d.generation, d.channel = 'sms', d.bulk";

/// Queues what has waited long enough; tells how many, call again until none.
///
/// # Errors
/// What the database says.
pub async fn wake(tx: &Tx, now: Timestamp) -> Result<usize> {
    let rows = tx.query(WAKE, &[&now, &BATCH]).await?;
    order::put(tx, &rows.iter().map(ring_of).collect::<Vec<_>>()).await?;
    Ok(rows.len())
}

const RING: &str = "
    update delivery d
    set next_action_at = now() + interval '2 minutes'
    where d.id in (
        select q.id from delivery q
        where q.state = 'QUEUED' and (q.channel = 'sms') = $1 and q.bulk = $2
          and q.next_action_at <= now() + interval '2 minutes' - $3 * interval '1 second'
        order by q.next_action_at
        limit $4
        for update skip locked)
    returning d.id, d.generation, d.channel = 'sms', d.bulk";

/// Rings the queued rows of one queue that were last rung at least `quiet` ago.
/// With `orders` false only their alarm is set anew, because the broker still
/// holds their orders. Tells how many, call again until none.
///
/// # Errors
/// What the database says.
pub async fn ring(tx: &Tx, sms: bool, bulk: bool, quiet: Duration, orders: bool) -> Result<usize> {
    let rows = tx
        .query(RING, &[&sms, &bulk, &quiet.as_secs_f64(), &BATCH])
        .await?;
    if orders {
        order::put(tx, &rows.iter().map(ring_of).collect::<Vec<_>>()).await?;
    }
    Ok(rows.len())
}

const QUEUED: &str = "
    select d.channel = 'sms', d.bulk, count(*),
           extract(epoch from now() + interval '2 minutes' - min(d.next_action_at))::float8
    from delivery d
    where d.state = 'QUEUED' and d.next_action_at is not null
    group by 1, 2";

/// Rows of one queue that wait for a worker.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// SMS, otherwise email.
    pub sms: bool,
    /// Part of large mailings.
    pub bulk: bool,
    /// How many.
    pub rows: i64,
    /// How long ago the longest waiting one was rung.
    pub rung_ago: Duration,
}

/// The queued rows, by queue.
///
/// # Errors
/// What the database says.
pub async fn queued(session: &impl Session) -> Result<Vec<Waiting>> {
    let rows = session.query(QUEUED, &[]).await?;
    Ok(rows
        .iter()
        .map(|row| Waiting {
            sms: row.get(0),
            bulk: row.get(1),
            rows: row.get(2),
            rung_ago: Duration::try_from_secs_f64(row.get(3)).unwrap_or_default(),
        })
        .collect())
}
