//! Plans.

use jiff::civil::Date;
use kit::database::{Session, Tx};
use kit::error::Result;
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::columns::{column, json};
use crate::domain::anchor::Window;
use crate::domain::document::NumberKey;
use crate::domain::id::{OrganisationId, PlanId};
use crate::domain::plan::Plan;

/// The constraint that keeps a document number unique.
pub const NUMBER_KEY: &str = "plan_number_key";
/// The constraint that ties a plan to its parent.
pub const PARENT_KEY: &str = "plan_parent_fkey";

const INSERT: &str = "
    insert into plan (id, issuer, parent, title, theme, document, document_date, number_year,
                      number, span, peak, created_at, updated_at, revision)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

const GET: &str = "
    select id, issuer, parent, title, theme, document, document_date, number_year, number,
           span, peak, created_at, updated_at, revision
    from plan where id = $1";

const LIST: &str = "
    select id, issuer, parent, title, theme, document, document_date, number_year, number,
           span, peak, created_at, updated_at, revision
    from plan
    where (coalesce(document_date, date '0001-01-01'), id) < ($1, $2)
    order by coalesce(document_date, date '0001-01-01') desc, id desc
    limit $3";

/// Where a list of plans continues.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Cursor {
    /// The date of the last document seen.
    pub date: Date,
    /// Its plan.
    pub id: Uuid,
}

impl Cursor {
    /// Before the first plan.
    #[must_use]
    pub fn start() -> Self {
        Self {
            date: Date::MAX,
            id: Uuid::max(),
        }
    }

    /// Behind a plan.
    #[must_use]
    pub fn after(plan: &Plan) -> Self {
        // The same stand-in for "no date" as in the query.
        let undated = Date::constant(1, 1, 1);
        Self {
            date: plan.document.date.unwrap_or(undated),
            id: plan.id.0,
        }
    }
}

/// Stores a new plan.
///
/// # Errors
/// What the database says; [`NUMBER_KEY`] when its number is taken.
pub async fn insert(tx: &Tx, plan: &Plan) -> Result<()> {
    let number = plan.number.as_ref();
    tx.execute(
        INSERT,
        &[
            &plan.id.0,
            &plan.issuer.0,
            &plan.parent.map(|id| id.0),
            &plan.title,
            &plan.theme,
            &Json(&plan.document),
            &plan.document.date,
            &number.map(|key| key.year),
            &number.map(|key| key.number.as_str()),
            &plan.window.as_ref().map(Json),
            &plan.peak.as_ref().map(Json),
            &plan.created_at,
            &plan.updated_at,
            &plan.revision,
        ],
    )
    .await?;
    Ok(())
}

/// A plan.
///
/// # Errors
/// What the database says.
pub async fn get(session: &impl Session, id: PlanId) -> Result<Option<Plan>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Plans behind `cursor`, newest document first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list(session: &impl Session, cursor: Cursor, limit: i64) -> Result<Vec<Plan>> {
    session
        .query(LIST, &[&cursor.date, &cursor.id, &limit])
        .await?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Result<Plan> {
    let year: Option<i16> = column(row, "number_year")?;
    let number = match year {
        Some(year) => Some(NumberKey {
            year,
            number: column(row, "number")?,
        }),
        None => None,
    };
    let window: Option<Json<Window>> = column(row, "span")?;
    let peak: Option<Json<Window>> = column(row, "peak")?;
    Ok(Plan {
        id: PlanId(column(row, "id")?),
        document: json(row, "document")?,
        number,
        title: column(row, "title")?,
        theme: column(row, "theme")?,
        issuer: OrganisationId(column(row, "issuer")?),
        parent: column::<Option<Uuid>>(row, "parent")?.map(PlanId),
        window: window.map(|window| window.0),
        peak: peak.map(|window| window.0),
        created_at: column(row, "created_at")?,
        updated_at: column(row, "updated_at")?,
        revision: column(row, "revision")?,
    })
}
