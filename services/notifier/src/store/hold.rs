//! The hold after a restore, and what is known of the time after the cut.

use std::collections::HashSet;

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use uuid::Uuid;

use crate::domain::delivery::Channel;
use crate::domain::hold::Released;
use crate::store::order;

// A restored copy lies in another database, on another server, or on another timeline of its
// write-ahead log; where the tables alone were written anew, the row is of another transaction
// than the one that it names (of which a row keeps 32 bits).
const MOVE_IN: &str = "
    with here as (
        select (select c.system_identifier from pg_control_system() c)::text || '/'
               || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/'
               || (select b.oid from pg_database b where b.datname = current_database())::text
               as place
    ), before as (
        select d.place, d.written_by % (1::bigint << 32) <> d.xmin::text::bigint as copied
        from dwelling d
    ), written as (
        insert into dwelling (place, written_by)
        select h.place, pg_current_xact_id()::text::bigint from here h
        on conflict (one) do update set place = excluded.place, written_by = excluded.written_by
    )
    select exists (select 1 from before b, here h where b.place <> h.place or b.copied)";

const BEGIN: &str = "
    insert into hold (reason) values ('restored')
    on conflict ((true)) where released_at is null do nothing";

/// Notes where this database lies; begins a hold when that is not where it lay before.
///
/// # Errors
/// What the database says.
pub async fn move_in(tx: &Tx) -> Result<bool> {
    let moved: bool = tx.query_one(MOVE_IN, &[]).await?.get(0);
    if moved {
        tx.execute(BEGIN, &[]).await?;
    }
    Ok(moved)
}

const OPEN: &str = "select h.began_at from hold h where h.released_at is null";

/// Since when (database clock) nothing is sent; `None` when there is no hold.
///
/// # Errors
/// What the database says.
pub async fn open(session: &impl Session) -> Result<Option<Timestamp>> {
    let row = session.query_opt(OPEN, &[]).await?;
    Ok(row.map(|row| row.get(0)))
}

const LAST: &str = "
    select h.began_at, h.stopped_at, h.complete
    from hold h
    where h.released_at is not null
    order by h.id desc
    limit 1";

/// The last hold that ended.
///
/// # Errors
/// What the database says.
pub async fn last(session: &impl Session) -> Result<Option<Released>> {
    let row = session.query_opt(LAST, &[]).await?;
    Ok(row.map(|row| Released {
        began_at: row.get(0),
        stopped_at: row.get(1),
        complete: row
            .get::<_, Vec<&str>>(2)
            .into_iter()
            .filter_map(Channel::parse)
            .collect(),
    }))
}

const RECORD: &str = "
    insert into hold_accepted (reference)
    select distinct r from unnest($1::uuid[]) as r
    on conflict (reference) do nothing";

/// Notes references that a relay or a gateway took over; tells how many were new.
///
/// # Errors
/// What the database says.
pub async fn record(tx: &Tx, references: &[Uuid]) -> Result<u64> {
    tx.execute(RECORD, &[&references]).await
}

// A receipt that came while nothing was sent is evidence as well.
const ACCEPTED: &str = "
    select r from unnest($1::uuid[]) as r
    where exists (select 1 from hold_accepted a where a.reference = r)
       or exists (select 1 from receipt p where p.reference = r::text)";

/// Those of the references that were taken over.
///
/// # Errors
/// What the database says.
pub async fn accepted(session: &impl Session, references: &[Uuid]) -> Result<HashSet<Uuid>> {
    let rows = session.query(ACCEPTED, &[&references]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// What a hold stands before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Deliveries that are not final: each may have left after the cut.
    pub deliveries: i64,
    /// Occurrences that are due and not fanned out.
    pub occurrences: i64,
    /// References that are known to have been taken over.
    pub accepted: i64,
}

const STANDING: &str = "
    select (select count(*) from delivery d where d.next_action_at is not null),
           (select count(*) from occurrence o where o.state = 'SCHEDULED' and o.due_at <= $1),
           (select count(*) from hold_accepted)";

/// What waits at business instant `now`, and what is known of it.
///
/// # Errors
/// What the database says.
pub async fn standing(session: &impl Session, now: Timestamp) -> Result<Standing> {
    let row = session.query_one(STANDING, &[&now]).await?;
    Ok(Standing {
        deliveries: row.get(0),
        occurrences: row.get(1),
        accepted: row.get(2),
    })
}

const CLOSE: &str = "
    update hold h
    set released_at = now(), stopped_at = $1, complete = $2
    where h.released_at is null
    returning h.began_at";

const SETTLE: &str = "
    with evidence as (
        select d.id,
               case when exists (select 1 from hold_accepted a where a.reference = d.id)
                      or exists (select 1 from receipt p where p.reference = d.id::text) then 'accepted'
                    when d.channel = any($2) then 'not_accepted'
                    else 'nothing' end as found,
               d.state = 'RETRY_WAIT' and d.next_action_at > $3 as waits
        from delivery d
        where d.next_action_at is not null
        for update
    )
    update delivery d
    set state = case when e.found = 'accepted' then 'SENT'
                     when e.found = 'not_accepted' then 'QUEUED'
                     else 'UNKNOWN' end,
        reason = case when e.found = 'accepted' then 'reconciled'
                      when e.found = 'not_accepted' then ''
                      else 'restored' end,
        generation = d.generation + (e.found = 'not_accepted')::int,
        lease = null, leased_by = null, held_until = null, state_at = $1,
        -- Perhaps handed over in the first life, not before the row was written: a gateway knows an
        -- order again for a while from then.
        sends = case when e.found = 'nothing' then greatest(d.sends, 1) else d.sends end,
        dated_at = case when e.found = 'nothing' then coalesce(d.dated_at, $1) else d.dated_at end,
        sent_at = case when e.found = 'nothing' then coalesce(d.sent_at, d.recorded_at) else d.sent_at end,
        next_action_at = case when e.found = 'accepted' then null
                              when e.found = 'not_accepted' then now() + interval '2 minutes'
                              else now() end
    from evidence e
    where d.id = e.id
      and not (d.state = 'RETRY_WAIT' and (e.found = 'not_accepted' or (e.found = 'nothing' and e.waits)))
    returning d.id, d.generation, d.channel = 'sms', d.bulk, d.state = 'QUEUED'";

/// Ends the hold: each delivery that is not final becomes what [`crate::domain::hold::released`]
/// makes of it, at business instant `now`. `false` when there is no hold.
///
/// # Errors
/// What the database says.
pub async fn release(
    tx: &Tx,
    now: Timestamp,
    stopped_at: Timestamp,
    complete: &[Channel],
) -> Result<bool> {
    let complete: Vec<&str> = complete.iter().map(|channel| channel.as_str()).collect();
    let Some(row) = tx.query_opt(CLOSE, &[&stopped_at, &complete]).await? else {
        return Ok(false);
    };
    let began_at: Timestamp = row.get(0);
    let rows = tx.query(SETTLE, &[&now, &complete, &began_at]).await?;
    order::put_settled(tx, &rows).await?;
    Ok(true)
}
