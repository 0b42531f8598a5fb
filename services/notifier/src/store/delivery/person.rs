//! What a person decides about a delivery of unknown outcome.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use uuid::Uuid;

use crate::domain::delivery::Decision;
use crate::store::order::{self, Ring};

const DECIDE: &str = "
    update delivery d
    set state = $3, reason = 'person', state_at = $2,
        generation = d.generation + ($3 = 'QUEUED')::int,
        resends = d.resends + ($3 = 'QUEUED')::int,
        guarded_until = case when $3 <> 'QUEUED' then d.guarded_until end,
        lease = null, leased_by = null,
        next_action_at = case when $3 = 'QUEUED' then now() + interval '2 minutes' end
    where d.id = $1 and d.state in ('PARKED', 'UNKNOWN')
    returning d.generation, d.channel = 'sms', d.bulk";

/// Settles a delivery that waits for a person, as
/// [`crate::domain::delivery::apply`] does; `false` when it does not wait.
///
/// # Errors
/// What the database says.
pub async fn decide_by_person(
    tx: &Tx,
    now: Timestamp,
    id: Uuid,
    decision: Decision,
) -> Result<bool> {
    let state = match decision {
        Decision::Sent => "SENT",
        Decision::Resend => "QUEUED",
        Decision::Failed => "FAILED",
    };
    let row = tx.query_opt(DECIDE, &[&id, &now, &state]).await?;
    let Some(row) = row else {
        return Ok(false);
    };
    if decision == Decision::Resend {
        let ring = Ring {
            delivery: id,
            generation: row.get(0),
            sms: row.get(1),
            bulk: row.get(2),
        };
        order::put(tx, &[ring]).await?;
    }
    Ok(true)
}
