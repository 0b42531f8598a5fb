//! Messages that no consumer could handle, until a person decides.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use tokio_postgres::types::Json;
use uuid::Uuid;

/// Messages that wait for a person at most. So many nobody has caused by accident.
const MOST: i64 = 10_000;

/// Their bytes at most: a quarter of what the queue before them may hold.
const MOST_BYTES: i64 = 128 * 1024 * 1024;

const WAITING: &str = "
    select count(*), coalesce(sum(octet_length(p.payload)), 0)::bigint
    from parked_message p
    where p.state = 'parked'";

/// Whether one more may be parked.
///
/// # Errors
/// What the database says.
pub async fn has_room(session: &impl Session) -> Result<bool> {
    let row = session.query_one(WAITING, &[]).await?;
    Ok(row.get::<_, i64>(0) < MOST && row.get::<_, i64>(1) < MOST_BYTES)
}

/// A message as it was parked.
#[derive(Clone, Debug)]
pub struct NewParked {
    /// UUIDv7.
    pub id: Uuid,
    /// The queue it was in.
    pub queue: String,
    /// The exchange it was published to.
    pub exchange: String,
    /// Under which key.
    pub routing_key: String,
    /// Its message id, as it stood there.
    pub message_id: String,
    /// Its type.
    pub type_name: String,
    /// Its headers, for people.
    pub headers: serde_json::Value,
    /// Its bytes.
    pub payload: Vec<u8>,
    /// Why it was parked.
    pub reason: String,
}

// A copy that the broker brings again after a crash is the same message.
const INSERT: &str = "
    insert into parked_message (id, queue, exchange, routing_key, message_id, type, headers,
                                payload, reason)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9
    where $5 = '' or not exists (
        select 1 from parked_message p
        where p.message_id = $5 and p.queue = $2 and p.payload = $8 and p.state = 'parked')";

/// Parks a message.
///
/// # Errors
/// What the database says.
pub async fn insert(session: &impl Session, parked: &NewParked) -> Result<()> {
    session
        .execute(
            INSERT,
            &[
                &parked.id,
                &parked.queue,
                &parked.exchange,
                &parked.routing_key,
                &parked.message_id,
                &parked.type_name,
                &Json(&parked.headers),
                &parked.payload,
                &parked.reason,
            ],
        )
        .await?;
    Ok(())
}

/// A parked message in a list.
#[derive(Clone, Debug)]
pub struct Parked {
    /// The message.
    pub id: Uuid,
    /// The queue it was in.
    pub queue: String,
    /// Its type.
    pub type_name: String,
    /// Why it was parked.
    pub reason: String,
    /// When (database clock).
    pub parked_at: Timestamp,
    /// `parked`, `redriven` or `discarded`.
    pub state: String,
}

const LIST: &str = "
    select p.id, p.queue, p.type, p.reason, p.parked_at, p.state
    from parked_message p
    where p.state = 'parked' and ($1::timestamptz is null or (p.parked_at, p.id) > ($1, $2))
    order by p.parked_at, p.id
    limit $3";

/// Parked messages after a cursor, oldest first.
///
/// # Errors
/// What the database says.
pub async fn list(
    session: &impl Session,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Parked>> {
    let (at, id) = after.unzip();
    let rows = session
        .query(LIST, &[&at, &id.unwrap_or_default(), &limit])
        .await?;
    Ok(rows.iter().map(parked).collect())
}

fn parked(row: &tokio_postgres::Row) -> Parked {
    Parked {
        id: row.get(0),
        queue: row.get(1),
        type_name: row.get(2),
        reason: row.get(3),
        parked_at: row.get(4),
        state: row.get(5),
    }
}

/// What is needed to send a message again.
#[derive(Clone, Debug)]
pub struct Letter {
    /// As it is listed.
    pub parked: Parked,
    /// The exchange it was published to.
    pub exchange: String,
    /// Under which key.
    pub routing_key: String,
    /// Its message id.
    pub message_id: String,
    /// Its headers, and who published it.
    pub headers: serde_json::Value,
    /// Its bytes.
    pub payload: Vec<u8>,
}

const LOCK: &str = "
    select p.id, p.queue, p.type, p.reason, p.parked_at, p.state, p.exchange, p.routing_key,
           p.message_id, p.payload, p.headers
    from parked_message p
    where p.id = $1
    for update";

/// Locks a parked message.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, id: Uuid) -> Result<Option<Letter>> {
    let row = tx.query_opt(LOCK, &[&id]).await?;
    Ok(row.map(|row| Letter {
        parked: parked(&row),
        exchange: row.get(6),
        routing_key: row.get(7),
        message_id: row.get(8),
        payload: row.get(9),
        headers: row.get::<_, Json<serde_json::Value>>(10).0,
    }))
}

const DECIDE: &str = "
    update parked_message p
    set state = $2, state_reason = $3, decided_at = now()
    where p.id = $1 and p.state = 'parked'";

/// Records what a person decided.
///
/// # Errors
/// What the database says.
pub async fn decide(tx: &Tx, id: Uuid, state: &str, reason: &str) -> Result<bool> {
    Ok(tx.execute(DECIDE, &[&id, &state, &reason]).await? == 1)
}
