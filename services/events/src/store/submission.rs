//! What organisations owe under deadlines.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use tokio_postgres::Row;
use uuid::Uuid;

use super::columns::{column, word};
use crate::domain::id::{DeadlineId, OrganisationId, SubmissionId};
use crate::domain::submission::{Submission, SubmissionState};

const OWE: &str = "
    insert into submission (id, deadline, organisation, state, state_at, remark)
    select s.id, $1, s.organisation, 'awaited', $2, ''
    from unnest($3::uuid[], $4::uuid[]) as s (id, organisation)
    returning id";

const UPDATE: &str = "
    update submission set state = $2, state_at = $3, remark = $4 where id = $1";

const DEADLINE_OF: &str = "select deadline from submission where id = $1";

const FIND: &str = "select id from submission where deadline = $1 and organisation = $2";

const GET: &str = "
    select id, deadline, organisation, state, state_at, remark from submission where id = $1";

const LOCK: &str = "
    select id, deadline, organisation, state, state_at, remark
    from submission where id = $1 for no key update";

const ANY_OWED: &str = "
    select exists (
        select from submission where deadline = $1 and state in ('awaited', 'claimed')
    ) as owed";

const PAGE: &str = "
    select s.id, s.deadline, s.organisation, s.state, s.state_at, s.remark,
           coalesce(c.code, '') as code
    from submission s
    left join answer_code c on c.submission = s.id and c.released_at is null
    where s.deadline = $1 and s.organisation > $2
      and (cardinality($3::text[]) = 0 or s.state = any($3))
    order by s.organisation
    limit $4";

const AMONG: &str = "
    select s.id, s.deadline, s.organisation, s.state, s.state_at, s.remark,
           coalesce(c.code, '') as code
    from submission s
    left join answer_code c on c.submission = s.id and c.released_at is null
    where s.deadline = $1 and s.organisation = any($2)
    order by s.organisation";

/// A submission with the code that claims it; empty when none is in force.
#[derive(Clone, Debug)]
pub struct Coded {
    /// The submission.
    pub submission: Submission,
    /// Its code.
    pub code: String,
}

/// Makes organisations owe something from `since` on.
///
/// # Errors
/// What the database says.
pub async fn owe(
    tx: &Tx,
    deadline: DeadlineId,
    organisations: &[OrganisationId],
    since: Timestamp,
) -> Result<Vec<SubmissionId>> {
    let ids: Vec<Uuid> = organisations
        .iter()
        .map(|_| SubmissionId::new().0)
        .collect();
    let organisations: Vec<Uuid> = organisations.iter().map(|id| id.0).collect();
    tx.query(OWE, &[&deadline.0, &since, &ids, &organisations])
        .await?
        .iter()
        .map(|row| column(row, "id").map(SubmissionId))
        .collect()
}

/// Stores where a submission stands.
///
/// # Errors
/// What the database says.
pub async fn update(tx: &Tx, submission: &Submission) -> Result<()> {
    tx.execute(
        UPDATE,
        &[
            &submission.id.0,
            &submission.state.as_str(),
            &submission.state_at,
            &submission.remark,
        ],
    )
    .await?;
    Ok(())
}

/// The deadline that a submission belongs to.
///
/// # Errors
/// What the database says.
pub async fn deadline_of(session: &impl Session, id: SubmissionId) -> Result<Option<DeadlineId>> {
    let row = session.query_opt(DEADLINE_OF, &[&id.0]).await?;
    row.map(|row| column(&row, "deadline").map(DeadlineId))
        .transpose()
}

/// What an organisation owes under a deadline.
///
/// # Errors
/// What the database says.
pub async fn find(
    session: &impl Session,
    deadline: DeadlineId,
    organisation: OrganisationId,
) -> Result<Option<SubmissionId>> {
    let row = session
        .query_opt(FIND, &[&deadline.0, &organisation.0])
        .await?;
    row.map(|row| column(&row, "id").map(SubmissionId))
        .transpose()
}

/// A submission.
///
/// # Errors
/// What the database says.
pub async fn get(session: &impl Session, id: SubmissionId) -> Result<Option<Submission>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// A submission that nobody else changes until this transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, id: SubmissionId) -> Result<Option<Submission>> {
    tx.query_opt(LOCK, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Whether anybody still owes something under a deadline.
///
/// # Errors
/// What the database says.
pub async fn any_owed(tx: &Tx, deadline: DeadlineId) -> Result<bool> {
    column(&tx.query_one(ANY_OWED, &[&deadline.0]).await?, "owed")
}

/// What is owed under a deadline by organisation, behind `after`, at most
/// `limit`; `states` empty: all.
///
/// # Errors
/// What the database says.
pub async fn page(
    session: &impl Session,
    deadline: DeadlineId,
    states: &[SubmissionState],
    after: Uuid,
    limit: i64,
) -> Result<Vec<Coded>> {
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let rows = session
        .query(PAGE, &[&deadline.0, &after, &states, &limit])
        .await?;
    rows.iter().map(read_coded).collect()
}

/// What some organisations owe under a deadline.
///
/// # Errors
/// What the database says.
pub async fn among(
    session: &impl Session,
    deadline: DeadlineId,
    organisations: &[Uuid],
) -> Result<Vec<Coded>> {
    session
        .query(AMONG, &[&deadline.0, &organisations])
        .await?
        .iter()
        .map(read_coded)
        .collect()
}

fn read_coded(row: &Row) -> Result<Coded> {
    Ok(Coded {
        submission: read(row)?,
        code: column(row, "code")?,
    })
}

fn read(row: &Row) -> Result<Submission> {
    Ok(Submission {
        id: SubmissionId(column(row, "id")?),
        deadline: DeadlineId(column(row, "deadline")?),
        organisation: OrganisationId(column(row, "organisation")?),
        state: word(row, "state", SubmissionState::parse)?,
        state_at: column(row, "state_at")?,
        remark: column(row, "remark")?,
    })
}
