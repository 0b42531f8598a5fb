//! What lies ahead: events and deadlines together.

use jiff::Timestamp;
use kit::database::Session;
use kit::error::Result;
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

use super::columns::{column, json, word};
use super::event::cursor_of;
use crate::domain::anchor::Anchor;
use crate::domain::deadline::DeadlineState;
use crate::domain::event::EventState;
use crate::domain::id::{DeadlineId, EventId, OrganisationId};
use crate::domain::obligation::Subject;

pub use super::event::Cursor;

/// One line of the timeline.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is about.
    pub subject: Subject,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// When.
    pub anchor: Anchor,
    /// Where it stands, in words.
    pub state: &'static str,
    /// The unit in charge.
    pub lead_unit: OrganisationId,
    /// Where it takes place.
    pub place: String,
}

/// The time that a timeline shows; what has no date is always shown.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Span {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant behind it.
    pub until: Timestamp,
}

// The questions about claims are the service's own and stand in no plan.
const LIST: &str = "
    select id, is_event, title, kind, anchor, state, lead_unit, place, anchor_group, anchor_from
    from (
        select id, true as is_event, title, kind, anchor, state, lead_unit,
               place->>'text' as place, anchor_group, anchor_from, anchor_until
        from event
        union all
        select id, false, title, kind, anchor, state, lead_unit, '', anchor_group, anchor_from,
               anchor_until
        from deadline
        where kind <> 'claim_confirmation'
    ) as activity
    where (anchor_group, anchor_from, id) > ($1, $2, $3)
      and (anchor_group = 2
           or (anchor_from < $5 and (anchor_until > $4 or anchor_from >= $4)))
    order by anchor_group, anchor_from, id
    limit $6";

/// Lines behind `cursor`: what is dated, then windows, then the undated, at most
/// `limit`.
///
/// # Errors
/// What the database says.
pub async fn list(
    session: &impl Session,
    span: Span,
    cursor: Cursor,
    limit: i64,
) -> Result<Vec<(Cursor, Entry)>> {
    let rows = session
        .query(
            LIST,
            &[
                &cursor.group,
                &cursor.from,
                &cursor.id,
                &span.from,
                &span.until,
                &limit,
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((cursor_of(row)?, read(row)?)))
        .collect()
}

fn read(row: &Row) -> Result<Entry> {
    let is_event: bool = column(row, "is_event")?;
    let id = column(row, "id")?;
    let (subject, state) = if is_event {
        (
            Subject::Event(EventId(id)),
            word(row, "state", EventState::parse)?.words(),
        )
    } else {
        (
            Subject::Deadline(DeadlineId(id)),
            word(row, "state", DeadlineState::parse)?.words(),
        )
    };
    Ok(Entry {
        subject,
        title: column(row, "title")?,
        kind: column(row, "kind")?,
        anchor: json(row, "anchor")?,
        state,
        lead_unit: OrganisationId(column(row, "lead_unit")?),
        place: column(row, "place")?,
    })
}
