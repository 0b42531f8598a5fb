//! Obligations as rows, and what their messages have told.

use std::collections::HashMap;

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::domain::correction::Told;
use crate::domain::obligation::{Obligation, Telling};

/// Facts are taken in one transaction after the other: whichever process holds
/// this lock. They are few, and two about one obligation must not pass each other.
const INTAKE_LOCK: i64 = 0x6c69_656e_0001;

const SERIALIZE: &str = "select pg_advisory_xact_lock($1)";

/// Makes intake transactions take turns.
///
/// # Errors
/// What the database says.
pub async fn take_turn(tx: &Tx) -> Result<()> {
    tx.query(SERIALIZE, &[&INTAKE_LOCK]).await?;
    Ok(())
}

// Conflicts with the share lock of commit_send: a message leaves before the
// change, and is seen by it, or not at all.
const LOCK: &str = "
    select o.id, o.body, o.calendar_sequence
    from obligation o
    where o.name = any($1)
    order by o.id
    for no key update";

/// An obligation as it is kept.
#[derive(Clone, Debug)]
pub struct Kept<O = Obligation> {
    /// Its id here.
    pub id: Uuid,
    /// As its source last told it.
    pub obligation: O,
    /// SEQUENCE of its calendar entry.
    pub calendar_sequence: i64,
}

/// Locks the obligations of these names, as far as they are known.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, names: &[&str]) -> Result<Vec<Kept>> {
    let rows = tx.query(LOCK, &[&names]).await?;
    Ok(rows
        .iter()
        .map(|row| Kept {
            id: row.get(0),
            obligation: body(row, 1),
            calendar_sequence: row.get(2),
        })
        .collect())
}

const SAVE: &str = "
    insert into obligation (id, name, source, kind, class, title, anchor_version, status, fixed,
                            sequence, body, updated_at, calendar_sequence)
    select f.id, f.name, f.source, f.kind, f.class, f.title, f.anchor_version, f.status, f.fixed,
           f.sequence, f.body, f.updated_at, f.calendar_sequence
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                $7::bigint[], $8::text[], $9::boolean[], $10::bigint[], $11::jsonb[],
                $12::timestamptz[], $13::bigint[])
         as f (id, name, source, kind, class, title, anchor_version, status, fixed, sequence,
               body, updated_at, calendar_sequence)
    on conflict (id) do update
    set kind = excluded.kind, class = excluded.class, title = excluded.title,
        anchor_version = excluded.anchor_version, status = excluded.status,
        fixed = excluded.fixed, sequence = excluded.sequence, body = excluded.body,
        updated_at = excluded.updated_at, recorded_at = now(),
        calendar_sequence = greatest(obligation.calendar_sequence, excluded.calendar_sequence)
    where obligation.sequence < excluded.sequence or $14";

const SAVE_VERSIONS: &str = "
    insert into obligation_version (obligation_id, anchor_version, telling, told_at)
    select f.id, f.anchor_version, f.telling, f.told_at
    from unnest($1::uuid[], $2::bigint[], $3::jsonb[], $4::timestamptz[])
         as f (id, anchor_version, telling, told_at)
    on conflict (obligation_id, anchor_version) do nothing";

/// Writes the present state of obligations and what their version states. A lower
/// sequence takes effect only where the source itself `overrules` what was known.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &Tx, obligations: &[Kept<&Obligation>], overrules: bool) -> Result<()> {
    fn column<'o, T>(all: &[Kept<&'o Obligation>], of: impl Fn(&'o Obligation) -> T) -> Vec<T> {
        all.iter().map(|each| of(each.obligation)).collect()
    }
    let ids: Vec<Uuid> = obligations.iter().map(|each| each.id).collect();
    let calendar: Vec<i64> = obligations
        .iter()
        .map(|each| each.calendar_sequence)
        .collect();
    let versions = column(obligations, |each| each.anchor_version);
    let updated = column(obligations, |each| each.updated_at);
    tx.execute(
        SAVE,
        &[
            &ids,
            &column(obligations, |each| each.name.as_str()),
            &column(obligations, |each| each.source.as_str()),
            &column(obligations, |each| each.kind.as_str()),
            &column(obligations, |each| each.class.word()),
            &column(obligations, |each| each.title.as_str()),
            &versions,
            &column(obligations, |each| each.status.word()),
            &column(obligations, |each| each.anchor.is_fixed()),
            &column(obligations, |each| each.sequence),
            &column(obligations, Json),
            &updated,
            &calendar,
            &overrules,
        ],
    )
    .await?;
    let tellings = column(obligations, |each| Json(each.telling()));
    tx.execute(SAVE_VERSIONS, &[&ids, &versions, &tellings, &updated])
        .await?;
    Ok(())
}

// The rows of domain::delivery::Delivery::may_have_told.
const TOLD: &str = "
    select distinct v.obligation_id, v.anchor_version, v.telling
    from delivery d
    join occurrence o on o.id = d.occurrence_id and o.tells
    join obligation_version v
      on v.obligation_id = d.obligation_id and v.anchor_version = d.anchor_version
    where d.obligation_id = any($1)
      and (d.state in ('SENDING', 'UNKNOWN', 'PARKED', 'SENT', 'DELIVERED', 'BOUNCED')
           or (d.in_doubt and d.state in ('QUEUED', 'CLAIMED', 'RETRY_WAIT')))
    order by v.obligation_id, v.anchor_version";

/// What people may have read about these obligations, the oldest version first.
///
/// # Errors
/// What the database says.
pub async fn told(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Told>>> {
    let mut told: HashMap<Uuid, Vec<Told>> = HashMap::new();
    for row in tx.query(TOLD, &[&ids]).await? {
        let Json(telling) = row.get::<_, Json<Telling>>(2);
        told.entry(row.get(0)).or_default().push(Told {
            version: row.get(1),
            telling,
        });
    }
    Ok(told)
}

const UNSENT: &str = "
    select o.obligation_id, min(o.since)
    from occurrence o
    where o.obligation_id = any($1) and o.step = 'correction' and o.state = 'SCHEDULED'
    group by o.obligation_id";

/// Since when unsent corrections hold these obligations back.
///
/// # Errors
/// What the database says.
pub async fn unsent_since(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Timestamp>> {
    let rows = tx.query(UNSENT, &[&ids]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

const BY_NAME: &str = "select o.id, o.body from obligation o where o.name = $1";

/// An obligation by its resource name.
///
/// # Errors
/// What the database says.
pub async fn by_name(session: &impl Session, name: &str) -> Result<Option<(Uuid, Obligation)>> {
    let row = session.query_opt(BY_NAME, &[&name]).await?;
    Ok(row.map(|row| (row.get(0), body(&row, 1))))
}

const BY_ID: &str = "select o.body from obligation o where o.id = $1";

/// An obligation by its id here.
///
/// # Errors
/// What the database says.
pub async fn by_id(session: &impl Session, id: Uuid) -> Result<Option<Obligation>> {
    let row = session.query_opt(BY_ID, &[&id]).await?;
    Ok(row.map(|row| body(&row, 0)))
}

const COUNTS: &str = "
    select o.name, o.sequence, o.anchor_version from obligation o where o.name = any($1)";

/// The sequences and anchor versions known of these names.
///
/// # Errors
/// What the database says.
pub async fn counts(session: &impl Session, names: &[&str]) -> Result<HashMap<String, (i64, i64)>> {
    let rows = session.query(COUNTS, &[&names]).await?;
    Ok(rows
        .iter()
        .map(|row| (row.get(0), (row.get(1), row.get(2))))
        .collect())
}

const BY_NAMES: &str = "select o.body from obligation o where o.name = any($1)";

/// What is known of these names.
///
/// # Errors
/// What the database says.
pub async fn by_names(
    session: &impl Session,
    names: &[&str],
) -> Result<HashMap<String, Obligation>> {
    let rows = session.query(BY_NAMES, &[&names]).await?;
    Ok(rows
        .iter()
        .map(|row| body(row, 0))
        .map(|known| (known.name.clone(), known))
        .collect())
}

const NOW: &str = "select now()";

/// The instant by the database clock: what is written from now on is taken in after it.
///
/// # Errors
/// What the database says.
pub async fn instant(session: &impl Session) -> Result<Timestamp> {
    Ok(session.query_one(NOW, &[]).await?.get(0))
}

const TAKEN_IN: &str = "
    select o.name
    from obligation o
    where o.source = $1 and ($2::timestamptz is null or o.recorded_at >= $2)";

/// The obligations of a source that were taken in since an instant of the database
/// clock, or all.
///
/// # Errors
/// What the database says.
pub async fn taken_in(
    session: &impl Session,
    source: &str,
    since: Option<Timestamp>,
) -> Result<Vec<String>> {
    let rows = session.query(TAKEN_IN, &[&source, &since]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

// Below all versions of its own, in their order: versions of a source begin at nought.
const SHIFT: &str = "
    select least(min(v.anchor_version), 0) - max(v.anchor_version) - 1
    from obligation_version v
    where v.obligation_id = $1";

const SET_ASIDE: [&str; 3] = [
    "update obligation_version set anchor_version = anchor_version + $2 where obligation_id = $1",
    "update occurrence set anchor_version = anchor_version + $2 where obligation_id = $1",
    "update delivery set anchor_version = anchor_version + $2 where obligation_id = $1",
];

/// Makes all that was planned and told of an obligation older than every version that
/// its source can tell: its versions were none of the source's.
///
/// # Errors
/// What the database says.
pub async fn set_aside(tx: &Tx, id: Uuid) -> Result<()> {
    let shift: Option<i64> = tx.query_one(SHIFT, &[&id]).await?.get(0);
    for statement in SET_ASIDE {
        tx.execute(statement, &[&id, &shift.unwrap_or_default()])
            .await?;
    }
    Ok(())
}

const UNDATED: &str = "
    select o.id, o.body
    from obligation o
    where not o.fixed and o.status = 'SCHEDULED' and o.id > $1
    order by o.id
    limit $2";

/// Obligations without a fixed date after `cursor`, by id.
///
/// # Errors
/// What the database says.
pub async fn undated(
    session: &impl Session,
    cursor: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, Obligation)>> {
    let rows = session.query(UNDATED, &[&cursor, &limit]).await?;
    Ok(rows.iter().map(|row| (row.get(0), body(row, 1))).collect())
}

const TELLINGS: &str = "
    select v.anchor_version, v.telling
    from obligation_version v
    where v.obligation_id = $1";

/// What messages of each version of an obligation state.
///
/// # Errors
/// What the database says.
pub async fn tellings(session: &impl Session, id: Uuid) -> Result<HashMap<i64, Telling>> {
    let rows = session.query(TELLINGS, &[&id]).await?;
    Ok(rows
        .iter()
        .map(|row| (row.get(0), row.get::<_, Json<Telling>>(1).0))
        .collect())
}

fn body(row: &tokio_postgres::Row, column: usize) -> Obligation {
    row.get::<_, Json<Obligation>>(column).0
}
