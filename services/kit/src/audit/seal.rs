//! Sealing what was written since the last seal.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::leaf::{Leaf, seal_hash};
use super::{Anchor, GENESIS, Hash};
use crate::backoff::jittered;
use crate::database::{Pool, Session, Tx};
use crate::error::{Error, Result};

/// Rows under one seal: one short transaction.
const ROWS_PER_SEAL: i64 = 1_000;

/// A row stays unsealed about this long: short against a night in which somebody
/// could edit it, long against the work of looking.
pub(super) const EVERY: Duration = Duration::from_secs(5);

// Session-wide constant of the sealer's lock: "seal" in ASCII.
const LOCK_KEY: i64 = 0x7365_616c;

const LOCK: &str = "select pg_try_advisory_xact_lock($1)";

const ANY: &str = "select exists (select from audit_pending)";

const TAKE: &str = "
    with taken as (
        delete from audit_pending
        where seq = any (array(select p.seq from audit_pending p order by p.seq limit $1))
        returning seq
    )
    select a.seq, a.recorded_at, a.subject, a.organisation, a.method, a.resource,
           a.request_id, a.request_hash
    from audit a
    where a.seq = any (array(select t.seq from taken t))
    order by a.seq";

const HEAD: &str = "select h.number, h.hash from audit_head h";

const SEAL: &str = "
    with sealed as (
        insert into audit_seal (number, seqs, leaves, previous, hash)
        values ($1, $2, $3, $4, $5)
    )
    insert into audit_head (number, entries, hash)
    values ($1, cardinality($2::bigint[]), $5)
    on conflict (only_row) do update
        set number = excluded.number,
            entries = audit_head.entries + excluded.entries,
            hash = excluded.hash";

/// Seals all rows that wait; returns how many, 0 also where another sealer is at work.
///
/// # Errors
/// What the database says.
pub async fn seal(pool: &Pool) -> Result<i64> {
    let mut total = 0;
    loop {
        let rows = seal_batch(pool).await?;
        total += rows;
        if rows < ROWS_PER_SEAL {
            return Ok(total);
        }
    }
}

/// Seals again and again until `shutdown`.
pub async fn run_sealer(pool: Pool, shutdown: CancellationToken) {
    let mut failing = false;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(jittered(EVERY)) => {}
        }
        match seal_if_any(&pool).await {
            Ok(()) => failing = false,
            Err(error) => {
                if !failing {
                    tracing::warn!(%error, "audit rows wait for their seal, trying again");
                }
                failing = true;
            }
        }
    }
}

async fn seal_if_any(pool: &Pool) -> Result<()> {
    let any: bool = pool.get().await?.query_one(ANY, &[]).await?.get(0);
    if any {
        seal(pool).await?;
    }
    Ok(())
}

async fn seal_batch(pool: &Pool) -> Result<i64> {
    let tx = pool.begin().await?;
    let mine: bool = tx.query_one(LOCK, &[&LOCK_KEY]).await?.get(0);
    if !mine {
        tx.rollback().await?;
        return Ok(0);
    }
    let rows = tx.query(TAKE, &[&ROWS_PER_SEAL]).await?;
    if rows.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let leaves: Vec<Leaf> = rows.iter().map(Leaf::of).collect();
    let anchor = write(&tx, &leaves).await?;
    tx.commit().await?;
    tracing::debug!(%anchor, rows = leaves.len(), "audit rows sealed");
    i64::try_from(leaves.len()).map_err(Error::internal)
}

async fn write(tx: &Tx, leaves: &[Leaf]) -> Result<Anchor> {
    let (last, previous) = head(tx)
        .await?
        .map_or((0, GENESIS), |head| (head.number, head.hash));
    let number = last + 1;
    let seqs: Vec<i64> = leaves.iter().map(|leaf| leaf.seq).collect();
    let bytes: Vec<u8> = leaves.iter().flat_map(|leaf| leaf.hash).collect();
    let hash = seal_hash(&previous, number, &seqs, &bytes);
    tx.execute(
        SEAL,
        &[
            &number,
            &seqs,
            &bytes,
            &previous.as_slice(),
            &hash.as_slice(),
        ],
    )
    .await?;
    Ok(Anchor { number, hash })
}

/// Where the chain ends, by its own account.
pub(super) async fn head(session: &impl Session) -> Result<Option<Anchor>> {
    let Some(row) = session.query_opt(HEAD, &[]).await? else {
        return Ok(None);
    };
    let hash: Hash = row.get::<_, &[u8]>(1).try_into().map_err(Error::internal)?;
    Ok(Some(Anchor {
        number: row.get(0),
        hash,
    }))
}
