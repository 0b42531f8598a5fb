//! Events.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::columns::{AnchorKey, column, json, word};
use crate::domain::class::Class;
use crate::domain::event::{Event, EventState, Former};
use crate::domain::id::{EventId, OrganisationId, PlanId, PlanItemId};
use crate::domain::kind::EventKind;

/// The constraint that ties an event to its plan item.
pub const PLAN_ITEM_KEY: &str = "event_plan_item_fkey";

const INSERT: &str = "
    insert into event (id, kind, title, anchor, anchor_group, anchor_from, anchor_until,
                       anchor_version, place, organiser, lead_unit, plan, plan_item, document,
                       chair, agenda, bring, reply_by, class, state, reason, sequence, revision,
                       created_at, updated_at, is_public, short_title,
                       written_for, moved_from)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)";

// The revision guards against a writer that did not hold the row lock.
const UPDATE: &str = "
    update event
    set title = $2, anchor = $3, anchor_group = $4, anchor_from = $5, anchor_until = $6,
        anchor_version = $7, place = $8, document = $9, chair = $10, agenda = $11, bring = $12,
        reply_by = $13, state = $14, reason = $15, sequence = $16, revision = $17,
        updated_at = $18, is_public = $19, short_title = $20, written_for = $21,
        moved_from = $22
    where id = $1 and revision + 1 = $17";

const GET: &str = "
    select id, kind, title, anchor, anchor_version, place, organiser, lead_unit, plan, plan_item,
           document, chair, agenda, bring, reply_by, class, state, reason, sequence, revision,
           created_at, updated_at, is_public, short_title, written_for,
           moved_from
    from event where id = $1";

const LOCK: &str = "
    select id, kind, title, anchor, anchor_version, place, organiser, lead_unit, plan, plan_item,
           document, chair, agenda, bring, reply_by, class, state, reason, sequence, revision,
           created_at, updated_at, is_public, short_title, written_for,
           moved_from
    from event where id = $1 for no key update";

const SHARE: &str = "
    select id, kind, title, anchor, anchor_version, place, organiser, lead_unit, plan, plan_item,
           document, chair, agenda, bring, reply_by, class, state, reason, sequence, revision,
           created_at, updated_at, is_public, short_title, written_for,
           moved_from
    from event where id = $1 for share";

const LIST: &str = "
    select id, kind, title, anchor, anchor_version, place, organiser, lead_unit, plan, plan_item,
           document, chair, agenda, bring, reply_by, class, state, reason, sequence, revision,
           created_at, updated_at, is_public, short_title, written_for,
           moved_from, anchor_group, anchor_from
    from event
    where (anchor_group, anchor_from, id) > ($1, $2, $3)
      and (cardinality($4::text[]) = 0 or state = any($4))
      and anchor_group >= $5
    order by anchor_group, anchor_from, id
    limit $6";

/// Where a list by time continues.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Cursor {
    /// The group of the last one seen.
    pub group: i16,
    /// Its first instant.
    pub from: Timestamp,
    /// Its identity.
    pub id: Uuid,
}

impl Cursor {
    /// Before the first one.
    #[must_use]
    pub fn start() -> Self {
        // Year 1, inside the range of both jiff and PostgreSQL.
        const SECONDS: i64 = -62_135_596_800;
        let from = Timestamp::from_second(SECONDS).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            group: -1,
            from,
            id: Uuid::nil(),
        }
    }
}

/// Which events to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only these states; empty: all.
    pub states: Vec<EventState>,
    /// Only events without a fixed date.
    pub undated_only: bool,
}

/// Stores a new event.
///
/// # Errors
/// What the database says; [`PLAN_ITEM_KEY`] when there is no such item.
pub async fn insert(tx: &Tx, event: &Event) -> Result<()> {
    let key = AnchorKey::of(&event.anchor);
    tx.execute(
        INSERT,
        &[
            &event.id.0,
            &event.kind.as_str(),
            &event.title,
            &Json(&event.anchor),
            &key.group,
            &key.from,
            &key.until,
            &event.anchor_version,
            &Json(&event.place),
            &event.organiser.0,
            &event.lead_unit.0,
            &event.plan_item.map(|(plan, _)| plan.0),
            &event.plan_item.map(|(_, item)| item.0),
            &Json(&event.document),
            &event.chair,
            &event.agenda,
            &event.bring,
            &event.reply_by,
            &event.class.as_str(),
            &event.state.as_str(),
            &event.reason,
            &event.sequence,
            &event.revision,
            &event.created_at,
            &event.updated_at,
            &event.public,
            &event.short_title,
            &Json(&event.written),
            &event.moved_from.as_ref().map(Json),
        ],
    )
    .await?;
    Ok(())
}

/// Stores the next revision of an event.
///
/// # Errors
/// What the database says; internal when the revision before is not there.
pub async fn update(tx: &Tx, event: &Event) -> Result<()> {
    let key = AnchorKey::of(&event.anchor);
    let touched = tx
        .execute(
            UPDATE,
            &[
                &event.id.0,
                &event.title,
                &Json(&event.anchor),
                &key.group,
                &key.from,
                &key.until,
                &event.anchor_version,
                &Json(&event.place),
                &Json(&event.document),
                &event.chair,
                &event.agenda,
                &event.bring,
                &event.reply_by,
                &event.state.as_str(),
                &event.reason,
                &event.sequence,
                &event.revision,
                &event.updated_at,
                &event.public,
                &event.short_title,
                &Json(&event.written),
                &event.moved_from.as_ref().map(Json),
            ],
        )
        .await?;
    if touched == 1 {
        Ok(())
    } else {
        Err(Error::internal(anyhow::anyhow!(
            "{} was changed without its lock",
            event.id
        )))
    }
}

/// An event.
///
/// # Errors
/// What the database says.
pub async fn get(session: &impl Session, id: EventId) -> Result<Option<Event>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// An event that nobody else changes until this transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, id: EventId) -> Result<Option<Event>> {
    tx.query_opt(LOCK, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// An event that nobody changes until this transaction ends, while others may
/// read it likewise: many answers at once do not wait for each other.
///
/// # Errors
/// What the database says.
pub async fn share(tx: &Tx, id: EventId) -> Result<Option<Event>> {
    tx.query_opt(SHARE, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Events behind `cursor` by time, undated ones last, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list(
    session: &impl Session,
    filter: &Filter,
    cursor: Cursor,
    limit: i64,
) -> Result<Vec<(Cursor, Event)>> {
    let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
    let lowest_group = i16::from(filter.undated_only);
    let rows = session
        .query(
            LIST,
            &[
                &cursor.group,
                &cursor.from,
                &cursor.id,
                &states,
                &lowest_group,
                &limit,
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((cursor_of(row)?, read(row)?)))
        .collect()
}

pub(super) fn cursor_of(row: &Row) -> Result<Cursor> {
    Ok(Cursor {
        group: column(row, "anchor_group")?,
        from: column(row, "anchor_from")?,
        id: column(row, "id")?,
    })
}

pub(super) fn plan_item_of(row: &Row) -> Result<Option<(PlanId, PlanItemId)>> {
    let plan: Option<Uuid> = column(row, "plan")?;
    let item: Option<Uuid> = column(row, "plan_item")?;
    Ok(plan.map(PlanId).zip(item.map(PlanItemId)))
}

fn read(row: &Row) -> Result<Event> {
    Ok(Event {
        id: EventId(column(row, "id")?),
        kind: word(row, "kind", EventKind::parse)?,
        title: column(row, "title")?,
        anchor: json(row, "anchor")?,
        anchor_version: column(row, "anchor_version")?,
        place: json(row, "place")?,
        organiser: OrganisationId(column(row, "organiser")?),
        lead_unit: OrganisationId(column(row, "lead_unit")?),
        plan_item: plan_item_of(row)?,
        document: json(row, "document")?,
        chair: column(row, "chair")?,
        agenda: column(row, "agenda")?,
        bring: column(row, "bring")?,
        reply_by: column(row, "reply_by")?,
        class: word(row, "class", Class::parse)?,
        state: word(row, "state", EventState::parse)?,
        reason: column(row, "reason")?,
        sequence: column(row, "sequence")?,
        revision: column(row, "revision")?,
        created_at: column(row, "created_at")?,
        updated_at: column(row, "updated_at")?,
        public: column(row, "is_public")?,
        short_title: column(row, "short_title")?,
        written: json(row, "written_for")?,
        moved_from: column::<Option<Json<Former>>>(row, "moved_from")?.map(|former| former.0),
    })
}
