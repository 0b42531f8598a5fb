//! Applicants of admission batches.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use uuid::Uuid;

use super::admission;
use super::cells::Cells;
use crate::domain::admission::AdmissionBatch;
use crate::domain::id::{AdmissionBatchId, OrganisationId};
use crate::domain::party::Applicant;

const INSERT: &str = "
    insert into admission_applicant (batch_id, organisation_id)
    select $1, n.organisation_id from unnest($2::uuid[]) as n (organisation_id)";

const OF_BATCH: &str = "
    select a.organisation_id, a.admitted_at
    from admission_applicant a
    where a.batch_id = $1
    order by a.organisation_id";

// Two admissions that are the last of a batch take turns here, so that one of
// them sees that nobody is left.
const LOCK_BATCHES: &str = "
    select b.id
    from admission_batch b
    where b.id in (
        select a.batch_id from admission_applicant a
        where a.organisation_id = any($1) and a.admitted_at is null)
    order by b.id
    for no key update";

const ADMIT: &str = "
    update admission_applicant a
    set admitted_at = $2
    where a.organisation_id = any($1) and a.admitted_at is null";

const COMPLETE: &str = "
    update admission_batch b
    set state = 'completed', updated_at = $2, version = b.version + 1
    where b.id = any($1) and b.state = 'open' and not exists (
        select from admission_applicant a where a.batch_id = b.id and a.admitted_at is null)
    returning b.id";

/// Enters the applicants of a new batch.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &Tx, batch: AdmissionBatchId, applicants: &[OrganisationId]) -> Result<()> {
    let ids: Vec<Uuid> = applicants.iter().map(|id| id.0).collect();
    tx.execute(INSERT, &[&batch.0, &ids]).await?;
    Ok(())
}

/// The applicants of a batch, ordered by id.
///
/// # Errors
/// What the database says.
pub async fn of_batch(session: &impl Session, batch: AdmissionBatchId) -> Result<Vec<Applicant>> {
    let rows = session.query(OF_BATCH, &[&batch.0]).await?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::of(row);
            Ok(Applicant {
                organisation: OrganisationId(cells.take()?),
                admitted_at: cells.take()?,
            })
        })
        .collect()
}

/// Marks organisations as admitted wherever they had applied, and closes the
/// batches that wait for nobody any more; returns these.
///
/// # Errors
/// What the database says.
pub async fn admit(
    tx: &Tx,
    organisations: &[OrganisationId],
    now: Timestamp,
) -> Result<Vec<AdmissionBatch>> {
    let ids: Vec<Uuid> = organisations.iter().map(|id| id.0).collect();
    let batches = first_column(tx, LOCK_BATCHES, &[&ids]).await?;
    if batches.is_empty() {
        return Ok(Vec::new());
    }
    tx.execute(ADMIT, &[&ids, &now]).await?;
    let completed = first_column(tx, COMPLETE, &[&batches, &now]).await?;
    admission::some(tx, &completed).await
}

async fn first_column(
    tx: &Tx,
    sql: &'static str,
    parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
) -> Result<Vec<Uuid>> {
    let rows = tx.query(sql, parameters).await?;
    rows.iter().map(|row| Cells::of(row).take()).collect()
}
