//! The rows beside a change: the request with its answer, and the audit entry.

use futures_util::future::{join, join3};
use prost::Message;
use sha2::{Digest, Sha256};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::auth::Caller;
use crate::database::{Isolation, Pool, Session, Tx};
use crate::error::Result;

/// Days for which an answer is kept: longer than any caller retries.
pub const KEEP_DAYS: i32 = 35;

/// Rows deleted at once: a purge never holds many locks, nor for long.
const PURGE_BATCH: i64 = 5_000;

// Held until the transaction ends: the same request elsewhere waits here, and so does the next
// change of a kind of the same organisation, that none is uncounted.
const LOCK: &str = "select pg_advisory_xact_lock($1)";

const FIND: &str = "
    select r.request_hash, r.response
    from request r
    where r.request_id = $1 and r.method = $2 and r.subject = $3 and r.organisation = $4";

const RECORD: &str = "
    with answered as (
        insert into request (request_id, method, subject, organisation, request_hash, response)
        values ($1, $2, $3, $6, $4, $5)
    ), entry as (
        insert into audit (subject, organisation, method, resource, request_id, request_hash)
        values ($3, nullif($6, ''), $2, $7, $1, $4)
        returning seq
    )
    insert into audit_pending (seq)
    select e.seq from entry e";

const PURGE: &str = "
    delete from request
    where ctid = any (array(
        select r.ctid
        from request r
        where r.recorded_at < clock_timestamp() - make_interval(days => $1)
        limit $2
    ))";

/// What identifies a request, and the hash of its body.
#[derive(Clone, Debug)]
pub(super) struct Key {
    subject: String,
    /// Whom the caller is bound to; empty for callers of the house.
    organisation: String,
    method: &'static str,
    request_id: Uuid,
    request_hash: [u8; 32],
    lock: [u8; 16],
}

/// A request that was carried out before.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    request_hash: Vec<u8>,
    pub(super) response: Vec<u8>,
}

impl Key {
    pub(super) fn new<Q: Message>(
        caller: &Caller,
        method: &'static str,
        request_id: Uuid,
        request: &Q,
    ) -> Self {
        let organisation = caller.organisation.map(|id| format!("organisations/{id}"));
        let organisation = organisation.unwrap_or_default();
        let twin: [&[u8]; 2] = if organisation.is_empty() {
            [request_id.as_bytes(), caller.subject.as_bytes()]
        } else {
            // They are counted (`daily`), so each waits for the one before it, twin or not.
            [&[], &[]]
        };
        let mut digest = Sha256::new();
        for part in [method.as_bytes(), organisation.as_bytes()]
            .into_iter()
            .chain(twin)
        {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let mut lock = [0; 16];
        lock.copy_from_slice(&digest.finalize()[..16]);
        Self {
            subject: caller.subject.clone(),
            organisation,
            method,
            request_id,
            request_hash: Sha256::digest(request.encode_to_vec()).into(),
            lock,
        }
    }

    /// The organisation and the method, of a caller that is bound to one.
    pub(super) fn of_member(&self) -> Option<(&str, &'static str)> {
        (!self.organisation.is_empty()).then_some((self.organisation.as_str(), self.method))
    }

    /// The same for equal (subject, method, request_id) only; for callers that are bound to an
    /// organisation, for equal (organisation, method).
    pub(super) const fn turn(&self) -> u128 {
        u128::from_be_bytes(self.lock)
    }

    // Two requests that meet in 64 bits wait for each other and are none the worse.
    fn lock(&self) -> i64 {
        let mut half = [0; 8];
        half.copy_from_slice(&self.lock[..8]);
        i64::from_be_bytes(half)
    }

    pub(super) fn is_same_body(&self, stored: &Stored) -> bool {
        self.request_hash.as_slice() == stored.request_hash
    }
}

/// Begins a transaction, waits for a twin of this request and looks for its
/// answer, in one round trip.
pub(super) async fn begin(
    pool: &Pool,
    isolation: Isolation,
    key: &Key,
) -> Result<(Tx, Option<Stored>)> {
    let connection = pool.get().await?;
    let lock = connection.prepare(LOCK).await?;
    let find = connection.prepare(FIND).await?;
    // `commit` must not have to prepare between its two statements.
    connection.prepare(RECORD).await?;
    let tx = Tx::of(connection);
    let client = tx.client();
    let lock_key = key.lock();
    let lock_by: [&(dyn ToSql + Sync); 1] = [&lock_key];
    let find_by: [&(dyn ToSql + Sync); 4] = [
        &key.request_id,
        &key.method,
        &key.subject,
        &key.organisation,
    ];
    // The server runs them in the order in which they are first polled.
    let (begun, locked, found) = join3(
        tx.start(isolation),
        client.execute(&lock, &lock_by),
        client.query_opt(&find, &find_by),
    )
    .await;
    begun?;
    locked?;
    let stored = found?.map(|row| Stored {
        request_hash: row.get(0),
        response: row.get(1),
    });
    Ok((tx, stored))
}

/// Writes the request and the audit entry and commits, in one round trip. Where
/// the writing fails, the server turns the commit into a rollback.
pub(super) async fn commit(tx: &Tx, key: &Key, response: &[u8]) -> Result<()> {
    let record = tx.prepare(RECORD).await?;
    let hash = key.request_hash.as_slice();
    let resource = tx.resource();
    let values: [&(dyn ToSql + Sync); 7] = [
        &key.request_id,
        &key.method,
        &key.subject,
        &hash,
        &response,
        &key.organisation,
        &resource,
    ];
    let client = tx.client();
    let (recorded, committed) = join(
        client.execute(&record, &values),
        client.batch_execute("commit"),
    )
    .await;
    recorded?;
    Ok(committed?)
}

/// Forgets answers older than [`KEEP_DAYS`]; returns how many.
///
/// # Errors
/// What the database says.
pub async fn purge(session: &impl Session) -> Result<u64> {
    let mut total = 0;
    loop {
        let gone = session.execute(PURGE, &[&KEEP_DAYS, &PURGE_BATCH]).await?;
        total += gone;
        if gone < PURGE_BATCH.unsigned_abs() {
            return Ok(total);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(subject: &str, method: &'static str, id: u128, body: &str) -> Key {
        bound(None, subject, method, id, body)
    }

    fn bound(
        organisation: Option<u128>,
        subject: &str,
        method: &'static str,
        id: u128,
        body: &str,
    ) -> Key {
        let caller = Caller {
            subject: subject.to_owned(),
            organisation: organisation.map(Uuid::from_u128),
            ..Caller::system("x")
        };
        Key::new(&caller, method, Uuid::from_u128(id), &body.to_owned())
    }

    #[test]
    fn subject_organisation_method_and_id_make_the_key_and_the_body_does_not() {
        let one = key("a", "M", 1, "x");
        assert_eq!(one.turn(), key("a", "M", 1, "y").turn());
        for other in [
            key("b", "M", 1, "x"),
            key("a", "N", 1, "x"),
            key("a", "M", 2, "x"),
            bound(Some(1), "a", "M", 1, "x"),
        ] {
            assert_ne!(one.turn(), other.turn());
        }
        assert_ne!(key("bc", "A", 1, "").turn(), key("c", "Ab", 1, "").turn());
        assert_ne!(
            bound(Some(1), "a", "M", 1, "").turn(),
            bound(Some(2), "a", "M", 1, "").turn()
        );
    }
}
