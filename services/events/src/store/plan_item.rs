//! Items of plans.

use kit::database::{Session, Tx};
use kit::error::Result;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::columns::{column, json};
use crate::domain::id::{OrganisationId, PlanId, PlanItemId};
use crate::domain::plan::PlanItem;

/// The constraint that ties an item to its plan.
pub const PLAN_KEY: &str = "plan_item_plan_fkey";

const INSERT: &str = "
    insert into plan_item (id, plan, number, title, kind, anchor, place, lead_unit, coordinating,
                           audience_roles, remarks, created_at, revision, short_title)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

const LIST: &str = "
    select id, plan, number, title, kind, anchor, place, lead_unit, coordinating, audience_roles,
           remarks, created_at, revision, short_title
    from plan_item
    where plan = $1 and id > $2
    order by id
    limit $3";

/// Stores a new item.
///
/// # Errors
/// What the database says; [`PLAN_KEY`] when there is no such plan.
pub async fn insert(tx: &Tx, item: &PlanItem) -> Result<()> {
    tx.execute(
        INSERT,
        &[
            &item.id.0,
            &item.plan.0,
            &item.number,
            &item.title,
            &item.kind,
            &Json(&item.anchor),
            &item.place,
            &item.lead_unit.map(|id| id.0),
            &item.coordinating,
            &item.audience_roles,
            &item.remarks,
            &item.created_at,
            &item.revision,
            &item.short_title,
        ],
    )
    .await?;
    Ok(())
}

/// Items of a plan behind `after`, in the order in which they were entered.
///
/// # Errors
/// What the database says.
pub async fn list(
    session: &impl Session,
    plan: PlanId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<PlanItem>> {
    session
        .query(LIST, &[&plan.0, &after, &limit])
        .await?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Result<PlanItem> {
    Ok(PlanItem {
        id: PlanItemId(column(row, "id")?),
        plan: PlanId(column(row, "plan")?),
        number: column(row, "number")?,
        title: column(row, "title")?,
        kind: column(row, "kind")?,
        anchor: json(row, "anchor")?,
        place: column(row, "place")?,
        lead_unit: column::<Option<Uuid>>(row, "lead_unit")?.map(OrganisationId),
        coordinating: column(row, "coordinating")?,
        audience_roles: column(row, "audience_roles")?,
        remarks: column(row, "remarks")?,
        created_at: column(row, "created_at")?,
        revision: column(row, "revision")?,
        short_title: column(row, "short_title")?,
    })
}
