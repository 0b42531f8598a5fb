//! Programmes.

use kit::database::{Session, Tx};
use kit::error::Result;
use tokio_postgres::Row;

use super::{Cursor, unknown};
use crate::domain::id::{OrganisationId, ProgrammeId};
use crate::domain::programme::{Document, Kind, Programme};

const INSERT: &str = "
    insert into programme (id, title, kind, budget_vnd, organiser_id, lead_unit_id, lender,
        document_number_as_printed, document_title, document_date, start_date, end_date, created_at, version)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

const GET: &str = "
    select id, title, kind, budget_vnd, organiser_id, lead_unit_id, lender,
        document_number_as_printed, document_title, document_date, start_date, end_date, created_at, version
    from programme where id = $1";

const LIST: &str = "
    select id, title, kind, budget_vnd, organiser_id, lead_unit_id, lender,
        document_number_as_printed, document_title, document_date, start_date, end_date, created_at, version
    from programme
    where $1::timestamptz is null or (created_at, id) < ($1, $2)
    order by created_at desc, id desc limit $3";

pub(crate) async fn insert(tx: &Tx, programme: &Programme) -> Result<()> {
    tx.execute(
        INSERT,
        &[
            &programme.id.0,
            &programme.title,
            &programme.kind.word(),
            &programme.budget_vnd,
            &programme.organiser.0,
            &programme.lead_unit.0,
            &programme.lender,
            &programme.document.number_as_printed,
            &programme.document.title,
            &programme.document.date,
            &programme.start,
            &programme.end,
            &programme.created_at,
            &programme.version,
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn get(session: &impl Session, id: ProgrammeId) -> Result<Option<Programme>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

pub(crate) async fn list(
    session: &impl Session,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Programme>> {
    let (at, id) = (after.map(|cursor| cursor.at), after.map(|cursor| cursor.id));
    session
        .query(LIST, &[&at, &id, &limit])
        .await?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Result<Programme> {
    let kind: &str = row.get("kind");
    Ok(Programme {
        id: ProgrammeId(row.get("id")),
        title: row.get("title"),
        kind: Kind::parse(kind).ok_or_else(|| unknown("programme kind", kind))?,
        budget_vnd: row.get("budget_vnd"),
        organiser: OrganisationId(row.get("organiser_id")),
        lead_unit: OrganisationId(row.get("lead_unit_id")),
        lender: row.get("lender"),
        document: Document {
            number_as_printed: row.get("document_number_as_printed"),
            title: row.get("document_title"),
            date: row.get("document_date"),
        },
        start: row.get("start_date"),
        end: row.get("end_date"),
        created_at: row.get("created_at"),
        version: row.get("version"),
    })
}
