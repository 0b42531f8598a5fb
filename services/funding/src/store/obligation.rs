//! Obligations.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Cursor, one_changed, unknown};
use crate::domain::id::{ApplicationId, ObligationName, OrganisationId};
use crate::domain::obligation::{Kind, Obligation, Status};

macro_rules! columns {
    () => {
        "id, application_id, kind, title, last_day, status, lead_unit_id, organiser_id, party_id,
         variables, attributes, anchor_version, sequence, updated_at"
    };
}

const SAVE: &str = concat!(
    "insert into obligation (",
    columns!(),
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       on conflict (id) do update set last_day = excluded.last_day, status = excluded.status,
         variables = excluded.variables, attributes = excluded.attributes,
         anchor_version = excluded.anchor_version, sequence = excluded.sequence, updated_at = excluded.updated_at
       where obligation.sequence = excluded.sequence - 1"
);

const OPEN: &str = concat!(
    "select ",
    columns!(),
    " from obligation where application_id = $1 and status = 'scheduled'"
);

const GET: &str = concat!("select ", columns!(), " from obligation where id = $1");

const LIST: &str = concat!(
    "select ",
    columns!(),
    " from obligation
      where ($1::timestamptz is null or updated_at >= $1)
        and ($2::timestamptz is null or (updated_at, id) > ($2, $3))
      order by updated_at, id limit $4"
);

/// Stores a new one, or the next state of one that is there.
///
/// # Errors
/// Somebody else stored another state before; what the database says.
pub(crate) async fn save(tx: &Tx, obligation: &Obligation) -> Result<()> {
    let variables = serde_json::to_value(&obligation.variables).map_err(Error::internal)?;
    let attributes = serde_json::to_value(&obligation.attributes).map_err(Error::internal)?;
    let changed = tx
        .execute(
            SAVE,
            &[
                &obligation.name.id,
                &obligation.application.0,
                &obligation.name.kind.word(),
                &obligation.title,
                &obligation.last_day,
                &obligation.status.word(),
                &obligation.lead_unit.0,
                &obligation.organiser.0,
                &obligation.party.map(|party| party.0),
                &variables,
                &attributes,
                &obligation.anchor_version,
                &obligation.sequence,
                &obligation.updated_at,
            ],
        )
        .await?;
    one_changed(changed)
}

/// What stands open for an application; its steps allow one thing at a time.
pub(crate) async fn open(tx: &Tx, application: ApplicationId) -> Result<Option<Obligation>> {
    tx.query_opt(OPEN, &[&application.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

pub(crate) async fn get(session: &impl Session, name: ObligationName) -> Result<Obligation> {
    let row = session.query_opt(GET, &[&name.id]).await?;
    let found = row.as_ref().map(read).transpose()?;
    found
        .filter(|found| found.name == name)
        .ok_or_else(|| Error::not_found(name.to_string()))
}

pub(crate) async fn list(
    session: &impl Session,
    updated_after: Option<Timestamp>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Obligation>> {
    let (at, id) = (after.map(|cursor| cursor.at), after.map(|cursor| cursor.id));
    session
        .query(LIST, &[&updated_after, &at, &id, &limit])
        .await?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Result<Obligation> {
    let kind: &str = row.get("kind");
    let status: &str = row.get("status");
    Ok(Obligation {
        name: ObligationName {
            kind: Kind::parse(kind).ok_or_else(|| unknown("obligation kind", kind))?,
            id: row.get("id"),
        },
        application: ApplicationId(row.get("application_id")),
        title: row.get("title"),
        last_day: row.get("last_day"),
        status: Status::parse(status).ok_or_else(|| unknown("obligation status", status))?,
        lead_unit: OrganisationId(row.get("lead_unit_id")),
        organiser: OrganisationId(row.get("organiser_id")),
        party: row.get::<_, Option<Uuid>>("party_id").map(OrganisationId),
        variables: texts(row.get("variables"))?,
        attributes: texts(row.get("attributes"))?,
        anchor_version: row.get("anchor_version"),
        sequence: row.get("sequence"),
        updated_at: row.get("updated_at"),
    })
}

fn texts(value: Value) -> Result<BTreeMap<String, String>> {
    serde_json::from_value(value).map_err(Error::internal)
}
