//! The sum over all rows, computed by the database.

use jiff::Timestamp;
use kit::database::Session;
use kit::error::{Error, Result};
use uuid::Uuid;

use crate::domain::coverage::Coverage;
use crate::domain::delivery::{Channel, State as DeliveryState};
use crate::domain::occurrence::State as OccurrenceState;

// An occurrence counts by its rows once it has any, or has gone out to nobody;
// otherwise it counts as one.
const TOTALS: &str = "
    with counted as (
        select o.state, o.due_at,
               (select count(*) from delivery d where d.occurrence_id = o.id) as row_count,
               (select count(*) from delivery d
                where d.occurrence_id = o.id and d.next_action_at is null) as final_count
        from occurrence o
        where $1::uuid is null or o.obligation_id = $1
    )
    select (select count(*) from obligation b where $1::uuid is null or b.id = $1),
           count(*),
           coalesce(sum(case when c.row_count > 0 or c.state = 'FANNED_OUT' then c.row_count
                             else 1 end), 0)::bigint,
           coalesce(sum(c.final_count), 0)::bigint,
           count(*) filter (where c.row_count = 0 and c.state not in ('SCHEDULED', 'FANNED_OUT')),
           count(*) filter (where c.row_count = 0 and c.state = 'SCHEDULED' and c.due_at > $2),
           count(*) filter (where c.state = 'SCHEDULED' and c.due_at <= $2)
    from counted c";

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
    Ok(Coverage {
        obligations: totals.get(0),
        occurrences: totals.get(1),
        expected: totals.get(2),
        final_rows: totals.get(3),
        ended: totals.get(4),
        ahead: totals.get(5),
        overdue: totals.get(6),
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
    })
}

fn unreadable() -> Error {
    Error::internal(anyhow::anyhow!("a row holds an unknown word"))
}
