//! The journal of decisions: append-only, read in order.

use jiff::Timestamp;
use kit::database::Session;
use kit::error::Result;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::domain::explain::Decision;

/// A decision to be written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which obligation.
    pub obligation_id: Uuid,
    /// Which occurrence, where it speaks of one.
    pub occurrence_id: Option<Uuid>,
    /// What was decided.
    pub decision: Decision,
}

const APPEND: &str = "
    insert into decision (obligation_id, occurrence_id, at, body)
    select e.obligation_id, e.occurrence_id, $1, e.body
    from unnest($2::uuid[], $3::uuid[], $4::jsonb[]) with ordinality
         as e (obligation_id, occurrence_id, body, place)
    order by e.place";

/// Appends decisions, made at the business instant `at`, in their order.
///
/// # Errors
/// What the database says.
pub async fn append(session: &impl Session, at: Timestamp, entries: &[Entry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let obligations: Vec<Uuid> = entries.iter().map(|each| each.obligation_id).collect();
    let occurrences: Vec<Option<Uuid>> = entries.iter().map(|each| each.occurrence_id).collect();
    let bodies: Vec<Json<&Decision>> = entries.iter().map(|each| Json(&each.decision)).collect();
    session
        .execute(APPEND, &[&at, &obligations, &occurrences, &bodies])
        .await?;
    Ok(())
}

/// A decision as it is read.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// When (business clock).
    pub at: Timestamp,
    /// Which occurrence.
    pub occurrence_id: Option<Uuid>,
    /// What was decided.
    pub decision: Decision,
}

const OF_OBLIGATION: &str = "
    select d.at, d.occurrence_id, d.body
    from decision d
    where d.obligation_id = $1
    order by d.id
    limit $2";

/// The decisions about an obligation, in order, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn of_obligation(
    session: &impl Session,
    obligation: Uuid,
    limit: i64,
) -> Result<Vec<Recorded>> {
    let rows = session.query(OF_OBLIGATION, &[&obligation, &limit]).await?;
    Ok(rows
        .iter()
        .map(|row| Recorded {
            at: row.get(0),
            occurrence_id: row.get(1),
            decision: row.get::<_, Json<Decision>>(2).0,
        })
        .collect())
}
