//! When the matter moves on before a worker took a row up.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use uuid::Uuid;

const SUPERSEDE: &str = "
    update delivery d
    set state = case when d.in_doubt then 'PARKED' else 'SUPERSEDED' end,
        reason = 'moved', state_at = $3, next_action_at = null
    where d.obligation_id = $1 and d.anchor_version < $2 and d.state in ('QUEUED', 'RETRY_WAIT')";

/// Ends what waits for anchor versions below `anchor_version`. Claimed rows lose
/// at `commit_send`, whose lock on the obligation makes the two take turns:
/// update the obligation first, then call this, then look who was told.
///
/// A row that may be with its addressee already (resent after an unknown
/// outcome) is parked instead; it counts among the told.
///
/// # Errors
/// What the database says.
pub async fn supersede_pending(
    tx: &Tx,
    obligation_id: Uuid,
    anchor_version: i64,
    now: Timestamp,
) -> Result<u64> {
    tx.execute(SUPERSEDE, &[&obligation_id, &anchor_version, &now])
        .await
}

const SATISFY: &str = "
    update delivery d
    set state = case when d.in_doubt then 'PARKED' else 'SATISFIED' end,
        reason = 'done', state_at = $2, next_action_at = null
    where d.obligation_id = $1 and not d.outlives_obligation
      and d.state in ('QUEUED', 'RETRY_WAIT')";

/// Ends what waits for an obligation that nobody needs to be reminded of any more.
///
/// # Errors
/// What the database says.
pub async fn satisfy_pending(tx: &Tx, obligation_id: Uuid, now: Timestamp) -> Result<u64> {
    tx.execute(SATISFY, &[&obligation_id, &now]).await
}
