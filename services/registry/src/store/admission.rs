//! Admission batches.

use jiff::Timestamp;
use jiff::civil::Date;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use super::cells::Cells;
use super::refusal;
use crate::domain::admission::{AdmissionBatch, Bound, Deadline, Details, Document, State};
use crate::domain::id::{AdmissionBatchId, OrganisationId};

/// Where a page begins: after (or, newest first, before) this id.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Before(pub Uuid);

impl Default for Before {
    fn default() -> Self {
        Self(Uuid::max())
    }
}

/// After which change a page of obligations begins.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct After {
    /// When the batch last changed.
    pub updated_at: Timestamp,
    /// Its id.
    pub id: Uuid,
}

macro_rules! batch_columns {
    () => {
        "b.id, b.batch, b.deadline_date, b.deadline_bound, b.lead_unit_id, b.organiser_id, \
         b.document_number_as_printed, b.document_number, b.document_issuer, b.document_date, \
         b.document_dates_seen, b.document_title, b.document_uri, \
         array(select a.organisation_id from admission_applicant a where a.batch_id = b.id \
         order by a.organisation_id) as applicants, \
         b.state, b.created_at, b.updated_at, b.version, b.anchor_version"
    };
}

const GET: &str = concat!(
    "select ",
    batch_columns!(),
    " from admission_batch b where b.id = $1"
);

const LOCK: &str = concat!(
    "select ",
    batch_columns!(),
    " from admission_batch b where b.id = $1 for no key update of b"
);

// Ids are time-ordered: the newest batch has the highest.
const LIST: &str = concat!(
    "select ",
    batch_columns!(),
    " from admission_batch b where b.id < $1 order by b.id desc limit $2"
);

const CHANGED: &str = concat!(
    "select ",
    batch_columns!(),
    " from admission_batch b where (b.updated_at, b.id) > ($1, $2) \
     order by b.updated_at, b.id limit $3"
);

const SOME: &str = concat!(
    "select ",
    batch_columns!(),
    " from admission_batch b where b.id = any($1) order by b.id"
);

const INSERT: &str = "
    insert into admission_batch (id, batch, deadline_date, deadline_bound, lead_unit_id, organiser_id,
        document_number_as_printed, document_number, document_issuer, document_date, document_dates_seen,
        document_title, document_uri, state, created_at, updated_at, version, anchor_version)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

const UPDATE: &str = "
    update admission_batch b
    set state = $2, updated_at = $3, version = $4::bigint, anchor_version = $5
    where b.id = $1 and b.version = $4::bigint - 1";

/// One batch.
///
/// # Errors
/// What the database says.
pub async fn get(session: &impl Session, id: AdmissionBatchId) -> Result<Option<AdmissionBatch>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// One batch, locked until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, id: AdmissionBatchId) -> Result<Option<AdmissionBatch>> {
    tx.query_opt(LOCK, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Batches, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list(
    session: &impl Session,
    before: Before,
    limit: i64,
) -> Result<Vec<AdmissionBatch>> {
    session
        .query(LIST, &[&before.0, &limit])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Batches in the order of their latest change, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn changed(
    session: &impl Session,
    after: After,
    limit: i64,
) -> Result<Vec<AdmissionBatch>> {
    let rows = session
        .query(CHANGED, &[&after.updated_at, &after.id, &limit])
        .await?;
    rows.iter().map(read).collect()
}

/// Some batches, ordered by id.
///
/// # Errors
/// What the database says.
pub async fn some(session: &impl Session, ids: &[Uuid]) -> Result<Vec<AdmissionBatch>> {
    session
        .query(SOME, &[&ids])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Opens a batch; its applicants are entered by [`super::applicant::insert`].
///
/// # Errors
/// A batch of that name exists, a unit does not, or what the database says.
pub async fn insert(tx: &Tx, batch: &AdmissionBatch) -> Result<()> {
    let (details, document) = (&batch.details, &batch.details.issued_document);
    let inserted = tx
        .execute(
            INSERT,
            &[
                &batch.id.0,
                &details.batch,
                &details.deadline.date,
                &details.deadline.bound.code(),
                &details.lead_unit.0,
                &details.organiser.0,
                &document.number_as_printed,
                &document.number,
                &document.issuer,
                &document.date,
                &document.dates_seen,
                &document.title,
                &document.uri,
                &batch.state.code(),
                &batch.created_at,
                &batch.updated_at,
                &batch.version,
                &batch.anchor_version,
            ],
        )
        .await;
    refusal::named(inserted)?;
    Ok(())
}

/// Writes the new state of a locked batch.
///
/// # Errors
/// What the database says.
pub async fn update(tx: &Tx, batch: &AdmissionBatch) -> Result<()> {
    let written = tx
        .execute(
            UPDATE,
            &[
                &batch.id.0,
                &batch.state.code(),
                &batch.updated_at,
                &batch.version,
                &batch.anchor_version,
            ],
        )
        .await?;
    if written == 1 {
        Ok(())
    } else {
        Err(Error::internal(anyhow::anyhow!(
            "a batch was changed without its lock"
        )))
    }
}

fn read(row: &Row) -> Result<AdmissionBatch> {
    let cells = &mut Cells::of(row);
    let id = AdmissionBatchId(cells.take()?);
    let details = Details {
        batch: cells.take()?,
        deadline: Deadline {
            date: cells.take::<Date>()?,
            bound: cells.read(Bound::of_code)?,
        },
        lead_unit: OrganisationId(cells.take()?),
        organiser: OrganisationId(cells.take()?),
        issued_document: Document {
            number_as_printed: cells.take()?,
            number: cells.take()?,
            issuer: cells.take()?,
            date: cells.take()?,
            dates_seen: cells.take()?,
            title: cells.take()?,
            uri: cells.take()?,
        },
    };
    let applicants: Vec<Uuid> = cells.take()?;
    Ok(AdmissionBatch {
        id,
        details,
        applicants: applicants.into_iter().map(OrganisationId).collect(),
        state: cells.read(State::of_code)?,
        created_at: cells.take()?,
        updated_at: cells.take()?,
        version: cells.take()?,
        anchor_version: cells.take()?,
    })
}
