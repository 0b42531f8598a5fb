//! The sum over all rows, computed by the database.

use jiff::Timestamp;
use kit::database::Session;
use kit::error::{Error, Result};
use uuid::Uuid;

use crate::domain::coverage::Coverage;
use crate::domain::delivery::{Channel, State as DeliveryState};
use crate::domain::occurrence::State as OccurrenceState;

const TOTALS: &str = "
    select (select count(*) from obligation b where $1::uuid is null or b.id = $1),
           count(*),
           count(*) filter (where o.state = 'SCHEDULED' and o.due_at <= $2)
    from occurrence o
    where $1::uuid is null or o.obligation_id = $1";

// An occurrence counts by its rows once it has any, or has gone out to nobody;
// otherwise it counts as one.
const WITHOUT_ROWS: &str = "
    select o.state, o.state = 'SCHEDULED' and o.due_at > $2 as ahead, count(*)
    from occurrence o
    where ($1::uuid is null or o.obligation_id = $1) and o.state <> 'FANNED_OUT'
      and not exists (select 1 from delivery d where d.occurrence_id = o.id)
    group by o.state, ahead
    order by o.state, ahead";

const ROWS: &str = "
    select d.channel, d.state, count(*)
    from delivery d
    where $1::uuid is null or d.obligation_id = $1
    group by d.channel, d.state
    order by d.channel, d.state";

const STATES: &str = "
    select o.state, count(*)
    from occurrence o
    where $1::uuid is null or o.obligation_id = $1
    group by o.state
    order by o.state";

/// The figures of one obligation or of all, at the business instant `now`.
///
/// # Errors
/// What the database says.
pub async fn figures(
    session: &impl Session,
    obligation: Option<Uuid>,
    now: Timestamp,
) -> Result<Coverage> {
    let totals = session.query_one(TOTALS, &[&obligation, &now]).await?;
    let rows = session.query(ROWS, &[&obligation]).await?;
    let states = session.query(STATES, &[&obligation]).await?;
    let without_rows = session.query(WITHOUT_ROWS, &[&obligation, &now]).await?;
    Ok(Coverage {
        obligations: totals.get(0),
        occurrences: totals.get(1),
        overdue: totals.get(2),
        rows: rows
            .iter()
            .map(|row| {
                let channel = Channel::parse(row.get(0)).ok_or_else(unreadable)?;
                let state = DeliveryState::parse(row.get(1)).ok_or_else(unreadable)?;
                Ok((channel, state, row.get(2)))
            })
            .collect::<Result<_>>()?,
        states: states
            .iter()
            .map(|row| {
                let state = OccurrenceState::parse(row.get(0)).ok_or_else(unreadable)?;
                Ok((state, row.get(1)))
            })
            .collect::<Result<_>>()?,
        without_rows: without_rows
            .iter()
            .map(|row| {
                let state = OccurrenceState::parse(row.get(0)).ok_or_else(unreadable)?;
                Ok((state, row.get(1), row.get(2)))
            })
            .collect::<Result<_>>()?,
    })
}

fn unreadable() -> Error {
    Error::internal(anyhow::anyhow!("a row holds an unknown word"))
}
