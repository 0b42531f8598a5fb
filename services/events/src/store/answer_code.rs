//! The short codes that people tell a clerk.

use jiff::{Timestamp, ToSpan};
use kit::database::{Session, Tx};
use kit::error::Result;
use uuid::Uuid;

use super::columns::column;
use crate::domain::id::{DeadlineId, EventId, InvitationId, SubmissionId};
use crate::domain::token::Reply;

/// A code whose matter is over stays taken this long: nobody calls about an
/// invitation three months old.
const REST_HOURS: i64 = 90 * 24;

// Candidates that are taken, here or by a transaction beside this one, fall out;
// the caller comes again with others for whoever has got none.
const ALLOT_INVITATIONS: &str = "
    with free as (
        select c.code, row_number() over () as place
        from unnest($1::text[]) as c (code)
        where not exists (select from answer_code a where a.code = c.code)
    ), wanting as (
        select p.id, row_number() over () as place
        from unnest($2::uuid[]) as p (id)
        where not exists (select from answer_code a where a.invitation = p.id)
    )
    insert into answer_code (code, invitation)
    select free.code, wanting.id from wanting join free using (place)
    on conflict do nothing";

const ALLOT_SUBMISSIONS: &str = "
    with free as (
        select c.code, row_number() over () as place
        from unnest($1::text[]) as c (code)
        where not exists (select from answer_code a where a.code = c.code)
    ), wanting as (
        select p.id, row_number() over () as place
        from unnest($2::uuid[]) as p (id)
        where not exists (select from answer_code a where a.submission = p.id)
    )
    insert into answer_code (code, submission)
    select free.code, wanting.id from wanting join free using (place)
    on conflict do nothing";

const RETIRE: &str = "delete from answer_code where released_at < $1";

const RELEASE_EVENT: &str = "
    update answer_code c set released_at = $2
    from invitation i
    where i.id = c.invitation and i.event = $1 and c.released_at is null";

const RELEASE_DEADLINE: &str = "
    update answer_code c set released_at = $2
    from submission s
    where s.id = c.submission and s.deadline = $1 and c.released_at is null";

const FIND: &str = "select invitation, submission from answer_code where code = $1";

/// Gives candidates to invitations without a code; how many got one.
///
/// # Errors
/// What the database says.
pub async fn allot_invitations(
    tx: &Tx,
    candidates: &[String],
    invitations: &[InvitationId],
) -> Result<u64> {
    let ids: Vec<Uuid> = invitations.iter().map(|id| id.0).collect();
    tx.execute(ALLOT_INVITATIONS, &[&candidates, &ids]).await
}

/// Gives candidates to submissions without a code; how many got one.
///
/// # Errors
/// What the database says.
pub async fn allot_submissions(
    tx: &Tx,
    candidates: &[String],
    submissions: &[SubmissionId],
) -> Result<u64> {
    let ids: Vec<Uuid> = submissions.iter().map(|id| id.0).collect();
    tx.execute(ALLOT_SUBMISSIONS, &[&candidates, &ids]).await
}

/// Frees the codes that have rested long enough at `now`.
///
/// # Errors
/// What the database says.
pub async fn retire(tx: &Tx, now: Timestamp) -> Result<u64> {
    tx.execute(RETIRE, &[&(now - REST_HOURS.hours())]).await
}

/// Ends the codes of an event that is over.
///
/// # Errors
/// What the database says.
pub async fn release_event(tx: &Tx, event: EventId, now: Timestamp) -> Result<u64> {
    tx.execute(RELEASE_EVENT, &[&event.0, &now]).await
}

/// Ends the codes of a deadline that is over.
///
/// # Errors
/// What the database says.
pub async fn release_deadline(tx: &Tx, deadline: DeadlineId, now: Timestamp) -> Result<u64> {
    tx.execute(RELEASE_DEADLINE, &[&deadline.0, &now]).await
}

/// What a code answers, also when its matter is over.
///
/// # Errors
/// What the database says.
pub async fn find(session: &impl Session, code: &str) -> Result<Option<Reply>> {
    let Some(row) = session.query_opt(FIND, &[&code]).await? else {
        return Ok(None);
    };
    let invitation: Option<Uuid> = column(&row, "invitation")?;
    let submission: Option<Uuid> = column(&row, "submission")?;
    Ok(invitation
        .map(|id| Reply::Invitation(InvitationId(id)))
        .or(submission.map(|id| Reply::Submission(SubmissionId(id)))))
}
