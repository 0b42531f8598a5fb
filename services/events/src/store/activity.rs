//! Which events and deadlines carry out the items of a plan.

use std::collections::HashMap;

use kit::database::Session;
use kit::error::Result;
use uuid::Uuid;

use super::columns::column;
use crate::domain::id::{DeadlineId, EventId, PlanItemId};
use crate::domain::obligation::Subject;

const LIST: &str = "
    select plan_item, id, true as is_event from event where plan_item = any($1)
    union all
    select plan_item, id, false as is_event from deadline where plan_item = any($1)
    order by id";

/// The activities of each of some items, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_items(session: &impl Session, items: &[PlanItemId]) -> Result<Vec<Vec<Subject>>> {
    let ids: Vec<Uuid> = items.iter().map(|item| item.0).collect();
    let mut activities: HashMap<PlanItemId, Vec<Subject>> = HashMap::new();
    for row in session.query(LIST, &[&ids]).await? {
        let id: Uuid = column(&row, "id")?;
        let subject = if column(&row, "is_event")? {
            Subject::Event(EventId(id))
        } else {
            Subject::Deadline(DeadlineId(id))
        };
        activities
            .entry(PlanItemId(column(&row, "plan_item")?))
            .or_default()
            .push(subject);
    }
    let of_item = |item| activities.remove(item).unwrap_or_default();
    Ok(items.iter().map(of_item).collect())
}
