//! Obligations as they were last told.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use serde::{Deserialize, Serialize};

use super::columns::column;

/// An obligation as it was last told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its resource name.
    pub name: String,
    /// Rises with each material change.
    pub anchor_version: i64,
    /// Rises with each fact.
    pub sequence: i64,
    /// The business instant of the latest change.
    pub updated_at: Timestamp,
    /// The encoded `lienminh.obligation.v1.Obligation`.
    pub message: Vec<u8>,
}

/// Where a list of obligations continues.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cursor {
    /// The update time of the last one seen.
    pub updated_at: Timestamp,
    /// Its resource name.
    pub name: String,
}

const SAVE: &str = "
    insert into obligation (name, anchor_version, sequence, updated_at, message)
    select o.name, o.anchor_version, o.sequence, o.updated_at, o.message
    from unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::bytea[])
         as o (name, anchor_version, sequence, updated_at, message)
    on conflict (name) do update
    set anchor_version = excluded.anchor_version, sequence = excluded.sequence,
        updated_at = excluded.updated_at, message = excluded.message";

const READ: &str = "select message from obligation where name = $1";

const LIST: &str = "
    select name, updated_at, message
    from obligation
    where (updated_at, name) > ($1, $2)
    order by updated_at, name
    limit $3";

/// Keeps obligations as they are told now.
///
/// # Errors
/// What the database says; also when a version or a sequence would fall.
pub async fn save(tx: &Tx, told: &[Told]) -> Result<()> {
    let names: Vec<&str> = told.iter().map(|each| each.name.as_str()).collect();
    let versions: Vec<i64> = told.iter().map(|each| each.anchor_version).collect();
    let sequences: Vec<i64> = told.iter().map(|each| each.sequence).collect();
    let instants: Vec<Timestamp> = told.iter().map(|each| each.updated_at).collect();
    let messages: Vec<&[u8]> = told.iter().map(|each| each.message.as_slice()).collect();
    tx.execute(SAVE, &[&names, &versions, &sequences, &instants, &messages])
        .await?;
    Ok(())
}

/// The message of an obligation.
///
/// # Errors
/// What the database says.
pub async fn read(session: &impl Session, name: &str) -> Result<Option<Vec<u8>>> {
    let row = session.query_opt(READ, &[&name]).await?;
    row.map(|row| column(&row, "message")).transpose()
}

/// Obligations after `cursor`, oldest change first, at most `limit`, each with
/// where the list continues behind it.
///
/// # Errors
/// What the database says.
pub async fn list(
    session: &impl Session,
    cursor: &Cursor,
    limit: i64,
) -> Result<Vec<(Cursor, Vec<u8>)>> {
    let rows = session
        .query(LIST, &[&cursor.updated_at, &cursor.name, &limit])
        .await?;
    rows.iter()
        .map(|row| {
            let cursor = Cursor {
                updated_at: column(row, "updated_at")?,
                name: column(row, "name")?,
            };
            Ok((cursor, column(row, "message")?))
        })
        .collect()
}
