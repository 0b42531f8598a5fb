//! What is under way, counted: by indexes that hold only what is, and not beyond a bound.

use jiff::Timestamp;
use kit::database::Session;
use kit::error::Result;
use uuid::Uuid;

/// Rows looked at by one count: some tenths of a second for the database.
const MOST: i64 = 100_000;

/// Deliveries of one occurrence that stand alike.
#[derive(Clone, Debug)]
pub struct Group {
    /// Their occurrence.
    pub occurrence_id: Uuid,
    /// email, sms.
    pub channel: String,
    /// Where they stand.
    pub state: String,
    /// How many.
    pub rows: i64,
}

const LIVE: &str = "
    select l.occurrence_id, l.channel, l.state, count(*)
    from (select d.occurrence_id, d.channel, d.state
          from delivery d where d.next_action_at is not null limit $1) l
    group by l.occurrence_id, l.channel, l.state";

const PARKED: &str = "
    select p.occurrence_id, p.channel, p.state, count(*)
    from (select d.occurrence_id, d.channel, d.state
          from delivery d where d.parked limit $1) p
    group by p.occurrence_id, p.channel, p.state";

/// Deliveries that something is still to be done about; `None` beside them when they
/// are more than are counted.
///
/// # Errors
/// What the database says.
pub async fn live(session: &impl Session) -> Result<(Vec<Group>, bool)> {
    let groups = groups(session, LIVE).await?;
    let rows: i64 = groups.iter().map(|group| group.rows).sum();
    Ok((groups, rows < MOST))
}

/// Deliveries that a person must decide on.
///
/// # Errors
/// What the database says.
pub async fn parked(session: &impl Session) -> Result<Vec<Group>> {
    groups(session, PARKED).await
}

async fn groups(session: &impl Session, sql: &'static str) -> Result<Vec<Group>> {
    let rows = session.query(sql, &[&MOST]).await?;
    Ok(rows
        .iter()
        .map(|row| Group {
            occurrence_id: row.get(0),
            channel: row.get(1),
            state: row.get(2),
            rows: row.get(3),
        })
        .collect())
}

const OVERDUE: &str = "
    select count(*), min(o.due_at)
    from (select c.due_at from occurrence c
          where c.state = 'SCHEDULED' and c.due_at <= $1 order by c.due_at limit $2) o";

/// Occurrences that are due at the business instant `now`, and since when the first is.
///
/// # Errors
/// What the database says.
pub async fn overdue(session: &impl Session, now: Timestamp) -> Result<(i64, Option<Timestamp>)> {
    let row = session.query_one(OVERDUE, &[&now, &MOST]).await?;
    Ok((row.get(0), row.get(1)))
}

const UNDECIDED: &str = "
    select count(*)
    from (select from parked_message m where m.state = 'parked' limit $1) p";

/// Messages of the broker that a person must decide on.
///
/// # Errors
/// What the database says.
pub async fn undecided(session: &impl Session) -> Result<i64> {
    Ok(session.query_one(UNDECIDED, &[&MOST]).await?.get(0))
}

/// What became of an occurrence.
#[derive(Clone, Debug)]
pub struct Account {
    /// The occurrence.
    pub id: Uuid,
    /// Its obligation.
    pub obligation_id: Uuid,
    /// Its step.
    pub step: String,
    /// Its rows by state, as words: "SENT 40, SUPPRESSED 2".
    pub states: String,
}

const ACCOUNTS: &str = "
    select o.id, o.obligation_id, o.step,
           string_agg(s.state || ' ' || s.rows, ', ' order by s.state)
    from occurrence o
    join lateral (select d.state, count(*) as rows
                  from delivery d where d.occurrence_id = o.id group by d.state) s on true
    where o.id = any($1)
    group by o.id, o.obligation_id, o.step";

/// What became of these occurrences.
///
/// # Errors
/// What the database says.
pub async fn accounts(session: &impl Session, occurrences: &[Uuid]) -> Result<Vec<Account>> {
    let rows = session.query(ACCOUNTS, &[&occurrences]).await?;
    Ok(rows
        .iter()
        .map(|row| Account {
            id: row.get(0),
            obligation_id: row.get(1),
            step: row.get(2),
            states: row.get(3),
        })
        .collect())
}
