//! Processes that send: a row, and a session advisory lock held while they live.

use kit::database::{Connection, Session, Tx};
use kit::error::Result;
use uuid::Uuid;

/// First half of the lock's key: ours alone in this database.
const LOCK_SPACE: i32 = 0x4c4d_5702;

const REGISTER: &str = "insert into worker (id) values ($1) returning lock_key";

/// Writes the row of a new worker; answers the key of its lock.
///
/// # Errors
/// What the database says.
pub async fn register(session: &impl Session, id: Uuid) -> Result<i32> {
    Ok(session.query_one(REGISTER, &[&id]).await?.get(0))
}

const HOLD: &str = "select pg_advisory_lock($1, $2)";

const REVIVE: &str = "
    update worker w set buried_at = null where w.lock_key = $1 and w.buried_at is not null";

/// Takes the worker's lock on a connection of its own, which must then be kept.
/// Whoever buried it while it held none was wrong.
///
/// # Errors
/// What the database says.
pub async fn hold(connection: &Connection, lock_key: i32) -> Result<()> {
    connection.query(HOLD, &[&LOCK_SPACE, &lock_key]).await?;
    connection.execute(REVIVE, &[&lock_key]).await?;
    Ok(())
}

const ALIVE: &str = "select 1";

/// Asks the connection that holds the lock for a sign of life.
///
/// # Errors
/// What the database says: the lock is lost.
pub async fn is_held(connection: &Connection) -> Result<()> {
    connection.execute(ALIVE, &[]).await?;
    Ok(())
}

const DEAD: &str = "
    select w.id
    from (select a.id, a.lock_key from worker a
          where a.buried_at is null and a.id <> $1 order by a.lock_key) w
    where pg_try_advisory_xact_lock($2, w.lock_key)";

/// Workers other than `own` whose lock is free, which is now held by this
/// transaction: nobody else settles them at the same time.
///
/// # Errors
/// What the database says.
pub async fn dead(tx: &Tx, own: Uuid) -> Result<Vec<Uuid>> {
    let rows = tx.query(DEAD, &[&own, &LOCK_SPACE]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

const BURY: &str = "update worker w set buried_at = now() where w.id = any($1)";

/// Marks workers whose rows are settled: nobody looks after them any more.
///
/// # Errors
/// What the database says.
pub async fn bury(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    tx.execute(BURY, &[&ids]).await?;
    Ok(())
}
