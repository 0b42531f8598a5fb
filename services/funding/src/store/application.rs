//! Applications.

use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Cursor, one_changed, unknown};
use crate::domain::application::{Application, State};
use crate::domain::id::{ApplicationId, OrganisationId, ProgrammeId};
use crate::domain::money::Amount;

macro_rules! columns {
    () => {
        "id, programme_id, applicant_id, purpose, requested_vnd, approved_vnd, disbursed_vnd, state,
         missing_papers, supplement_date, opinion, appraiser, approver, decision_number, disbursement_date,
         created_at, updated_at, version"
    };
}

const INSERT: &str = concat!(
    "insert into application (",
    columns!(),
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
);

const GET: &str = concat!("select ", columns!(), " from application where id = $1");

const LOCK: &str = concat!(
    "select ",
    columns!(),
    " from application where id = $1 for no key update"
);

const LIST: &str = concat!(
    "select ",
    columns!(),
    " from application
      where ($1::uuid is null or programme_id = $1) and ($2::uuid is null or applicant_id = $2)
        and ($3::timestamptz is null or (created_at, id) < ($3, $4))
      order by created_at desc, id desc limit $5"
);

const UPDATE: &str = "
    update application set approved_vnd = $2, disbursed_vnd = $3, state = $4, missing_papers = $5,
        supplement_date = $6, opinion = $7, appraiser = $8, approver = $9, decision_number = $10,
        disbursement_date = $11, updated_at = $12, version = $13
    where id = $1 and version = $13::bigint - 1";

pub(crate) async fn insert(tx: &Tx, application: &Application) -> Result<()> {
    tx.execute(
        INSERT,
        &[
            &application.id.0,
            &application.programme.0,
            &application.applicant.0,
            &application.purpose,
            &application.requested.dong(),
            &application.approved_vnd,
            &application.disbursed_vnd,
            &application.state.word(),
            &application.missing_papers,
            &application.supplement_date,
            &application.opinion,
            &application.appraiser,
            &application.approver,
            &application.decision_number,
            &application.disbursement_date,
            &application.created_at,
            &application.updated_at,
            &application.version,
        ],
    )
    .await?;
    Ok(())
}

/// Stores the next version.
///
/// # Errors
/// Somebody else stored one before; what the database says.
pub(crate) async fn update(tx: &Tx, application: &Application) -> Result<()> {
    let changed = tx
        .execute(
            UPDATE,
            &[
                &application.id.0,
                &application.approved_vnd,
                &application.disbursed_vnd,
                &application.state.word(),
                &application.missing_papers,
                &application.supplement_date,
                &application.opinion,
                &application.appraiser,
                &application.approver,
                &application.decision_number,
                &application.disbursement_date,
                &application.updated_at,
                &application.version,
            ],
        )
        .await?;
    one_changed(changed)
}

pub(crate) async fn get(session: &impl Session, id: ApplicationId) -> Result<Option<Application>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// The application, held against other steps until the end of the transaction.
pub(crate) async fn lock(tx: &Tx, id: ApplicationId) -> Result<Application> {
    let row = tx.query_opt(LOCK, &[&id.0]).await?;
    read(&row.ok_or_else(|| Error::not_found(id.to_string()))?)
}

pub(crate) async fn list(
    session: &impl Session,
    programme: Option<ProgrammeId>,
    applicant: Option<Uuid>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Application>> {
    let programme = programme.map(|id| id.0);
    let (at, id) = (after.map(|cursor| cursor.at), after.map(|cursor| cursor.id));
    session
        .query(LIST, &[&programme, &applicant, &at, &id, &limit])
        .await?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Result<Application> {
    let state: &str = row.get("state");
    let requested: i64 = row.get("requested_vnd");
    Ok(Application {
        id: ApplicationId(row.get("id")),
        programme: ProgrammeId(row.get("programme_id")),
        applicant: OrganisationId(row.get("applicant_id")),
        purpose: row.get("purpose"),
        requested: Amount::parse("requested_vnd", requested)
            .map_err(|_| unknown("amount", &requested.to_string()))?,
        approved_vnd: row.get("approved_vnd"),
        disbursed_vnd: row.get("disbursed_vnd"),
        state: State::parse(state).ok_or_else(|| unknown("application state", state))?,
        missing_papers: row.get("missing_papers"),
        supplement_date: row.get("supplement_date"),
        opinion: row.get("opinion"),
        appraiser: row.get("appraiser"),
        approver: row.get("approver"),
        decision_number: row.get("decision_number"),
        disbursement_date: row.get("disbursement_date"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        version: row.get("version"),
    })
}
