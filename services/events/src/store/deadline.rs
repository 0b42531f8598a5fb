//! Deadlines.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::columns::{AnchorKey, column, json, word};
use super::event::{Cursor, cursor_of, plan_item_of};
use crate::domain::class::Class;
use crate::domain::deadline::{Claim, Deadline, DeadlineState};
use crate::domain::id::{DeadlineId, OrganisationId, SubmissionId};
use crate::domain::kind::DeadlineKind;

/// The constraint that ties a deadline to its plan item.
pub const PLAN_ITEM_KEY: &str = "deadline_plan_item_fkey";

const INSERT: &str = "
    insert into deadline (id, kind, title, anchor, anchor_group, anchor_from, anchor_until,
                          anchor_version, organiser, lead_unit, plan, plan_item, document,
                          contents, submit_to, class, state, reason, claim_submission,
                          claim_organisation, sequence, revision, created_at, updated_at,
                          short_title, written_for)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $23, $24, $25, $26)";

// The revision guards against a writer that did not hold the row lock.
const UPDATE: &str = "
    update deadline
    set anchor = $2, anchor_group = $3, anchor_from = $4, anchor_until = $5,
        anchor_version = $6, state = $7, reason = $8, sequence = $9, revision = $10,
        updated_at = $11, title = $12, contents = $13, submit_to = $14, short_title = $15,
        written_for = $16
    where id = $1 and revision + 1 = $10";

const CLOSE: &str = "
    update deadline d
    set state = 'closed', sequence = c.sequence, revision = c.revision, updated_at = c.updated_at
    from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[])
         as c (id, sequence, revision, updated_at)
    where d.id = c.id and d.revision = c.revision - 1";

const GET: &str = "
    select id, kind, title, anchor, anchor_version, organiser, lead_unit, plan, plan_item,
           document, contents, submit_to, class, state, reason, claim_submission,
           claim_organisation, sequence, revision, created_at, updated_at, short_title,
           written_for
    from deadline where id = $1";

const LOCK: &str = "
    select id, kind, title, anchor, anchor_version, organiser, lead_unit, plan, plan_item,
           document, contents, submit_to, class, state, reason, claim_submission,
           claim_organisation, sequence, revision, created_at, updated_at, short_title,
           written_for
    from deadline where id = $1 for no key update";

const LOCK_CONFIRMATION: &str = "
    select id, kind, title, anchor, anchor_version, organiser, lead_unit, plan, plan_item,
           document, contents, submit_to, class, state, reason, claim_submission,
           claim_organisation, sequence, revision, created_at, updated_at, short_title,
           written_for
    from deadline where claim_submission = $1 and state = 'open' for no key update";

const LOCK_CONFIRMATIONS: &str = "
    select d.id, d.kind, d.title, d.anchor, d.anchor_version, d.organiser, d.lead_unit, d.plan,
           d.plan_item, d.document, d.contents, d.submit_to, d.class, d.state, d.reason,
           d.claim_submission, d.claim_organisation, d.sequence, d.revision, d.created_at,
           d.updated_at, d.short_title, d.written_for
    from deadline d
    join submission s on s.id = d.claim_submission
    where s.deadline = $1 and d.state = 'open'
    order by d.id
    for no key update of d";

const LIST: &str = "
    select id, kind, title, anchor, anchor_version, organiser, lead_unit, plan, plan_item,
           document, contents, submit_to, class, state, reason, claim_submission,
           claim_organisation, sequence, revision, created_at, updated_at, short_title,
           written_for, anchor_group, anchor_from
    from deadline
    where (anchor_group, anchor_from, id) > ($1, $2, $3)
      and (cardinality($4::text[]) = 0 or state = any($4))
    order by anchor_group, anchor_from, id
    limit $5";

/// Stores a new deadline.
///
/// # Errors
/// What the database says; [`PLAN_ITEM_KEY`] when there is no such item.
pub async fn insert(tx: &Tx, deadline: &Deadline) -> Result<()> {
    let key = AnchorKey::of(&deadline.anchor);
    tx.execute(
        INSERT,
        &[
            &deadline.id.0,
            &deadline.kind.as_str(),
            &deadline.title,
            &Json(&deadline.anchor),
            &key.group,
            &key.from,
            &key.until,
            &deadline.anchor_version,
            &deadline.organiser.0,
            &deadline.lead_unit.0,
            &deadline.plan_item.map(|(plan, _)| plan.0),
            &deadline.plan_item.map(|(_, item)| item.0),
            &Json(&deadline.document),
            &deadline.contents,
            &deadline.submit_to,
            &deadline.class.as_str(),
            &deadline.state.as_str(),
            &deadline.reason,
            &deadline.claim.map(|claim| claim.submission.0),
            &deadline.claim.map(|claim| claim.organisation.0),
            &deadline.sequence,
            &deadline.revision,
            &deadline.created_at,
            &deadline.updated_at,
            &deadline.short_title,
            &Json(&deadline.written),
        ],
    )
    .await?;
    Ok(())
}

/// Stores the next revision of a deadline.
///
/// # Errors
/// What the database says; internal when the revision before is not there.
pub async fn update(tx: &Tx, deadline: &Deadline) -> Result<()> {
    let key = AnchorKey::of(&deadline.anchor);
    let touched = tx
        .execute(
            UPDATE,
            &[
                &deadline.id.0,
                &Json(&deadline.anchor),
                &key.group,
                &key.from,
                &key.until,
                &deadline.anchor_version,
                &deadline.state.as_str(),
                &deadline.reason,
                &deadline.sequence,
                &deadline.revision,
                &deadline.updated_at,
                &deadline.title,
                &deadline.contents,
                &deadline.submit_to,
                &deadline.short_title,
                &Json(&deadline.written),
            ],
        )
        .await?;
    if touched == 1 {
        Ok(())
    } else {
        Err(Error::internal(anyhow::anyhow!(
            "{} was changed without its lock",
            deadline.id
        )))
    }
}

/// Stores that some deadlines are closed.
///
/// # Errors
/// What the database says; internal when a revision before is not there.
pub async fn close(tx: &Tx, closed: &[Deadline]) -> Result<()> {
    let ids: Vec<Uuid> = closed.iter().map(|each| each.id.0).collect();
    let sequences: Vec<i64> = closed.iter().map(|each| each.sequence).collect();
    let revisions: Vec<i64> = closed.iter().map(|each| each.revision).collect();
    let instants: Vec<Timestamp> = closed.iter().map(|each| each.updated_at).collect();
    let touched = tx
        .execute(CLOSE, &[&ids, &sequences, &revisions, &instants])
        .await?;
    if touched == closed.len() as u64 {
        Ok(())
    } else {
        Err(Error::internal(anyhow::anyhow!(
            "a deadline was changed without its lock"
        )))
    }
}

/// A deadline.
///
/// # Errors
/// What the database says.
pub async fn get(session: &impl Session, id: DeadlineId) -> Result<Option<Deadline>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// A deadline that nobody else changes until this transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, id: DeadlineId) -> Result<Option<Deadline>> {
    tx.query_opt(LOCK, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// The open question whether a claimed submission has arrived, locked.
///
/// # Errors
/// What the database says.
pub async fn lock_confirmation(tx: &Tx, claim: SubmissionId) -> Result<Option<Deadline>> {
    tx.query_opt(LOCK_CONFIRMATION, &[&claim.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// All open questions about claims under a deadline, locked.
///
/// # Errors
/// What the database says.
pub async fn lock_confirmations(tx: &Tx, of: DeadlineId) -> Result<Vec<Deadline>> {
    tx.query(LOCK_CONFIRMATIONS, &[&of.0])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Deadlines behind `cursor` by last day, undated ones last, at most `limit`;
/// `states` empty: all.
///
/// # Errors
/// What the database says.
pub async fn list(
    session: &impl Session,
    states: &[DeadlineState],
    cursor: Cursor,
    limit: i64,
) -> Result<Vec<(Cursor, Deadline)>> {
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let rows = session
        .query(
            LIST,
            &[&cursor.group, &cursor.from, &cursor.id, &states, &limit],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((cursor_of(row)?, read(row)?)))
        .collect()
}

fn read(row: &Row) -> Result<Deadline> {
    let submission: Option<Uuid> = column(row, "claim_submission")?;
    let organisation: Option<Uuid> = column(row, "claim_organisation")?;
    Ok(Deadline {
        id: DeadlineId(column(row, "id")?),
        kind: word(row, "kind", DeadlineKind::parse)?,
        title: column(row, "title")?,
        anchor: json(row, "anchor")?,
        anchor_version: column(row, "anchor_version")?,
        organiser: OrganisationId(column(row, "organiser")?),
        lead_unit: OrganisationId(column(row, "lead_unit")?),
        plan_item: plan_item_of(row)?,
        document: json(row, "document")?,
        contents: column(row, "contents")?,
        submit_to: column(row, "submit_to")?,
        class: word(row, "class", Class::parse)?,
        state: word(row, "state", DeadlineState::parse)?,
        reason: column(row, "reason")?,
        claim: submission
            .zip(organisation)
            .map(|(submission, organisation)| Claim {
                submission: SubmissionId(submission),
                organisation: OrganisationId(organisation),
            }),
        sequence: column(row, "sequence")?,
        revision: column(row, "revision")?,
        created_at: column(row, "created_at")?,
        updated_at: column(row, "updated_at")?,
        short_title: column(row, "short_title")?,
        written: json(row, "written_for")?,
    })
}
