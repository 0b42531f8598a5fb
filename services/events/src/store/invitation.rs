//! Invitations and their answers.

use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use kit::personal::Personal;
use tokio_postgres::Row;
use uuid::Uuid;

use super::columns::{column, position_names, positions, word};
use crate::domain::answer::Source;
use crate::domain::id::{EventId, InvitationId, OrganisationId};
use crate::domain::invitation::{Answered, Invitation, InvitationState};
use crate::domain::position::Position;

const INVITE: &str = "
    insert into invitation (id, event, organisation, positions, state, attendees)
    select i.id, $1, i.organisation, $2, 'invited', 0
    from unnest($3::uuid[], $4::uuid[]) as i (id, organisation)
    on conflict on constraint invitation_party_key do nothing
    returning id";

const ANSWER: &str = "
    update invitation
    set state = $2, attendees = $3, answered_by = $4, answered_at = $5, answered_version = $6,
        attendee_names = $7
    where id = $1";

const EVENT_OF: &str = "select event from invitation where id = $1";

const LOCK: &str = "
    select id, event, organisation, positions, state, attendees, answered_by, answered_at,
           answered_version, attendee_names
    from invitation where id = $1 for no key update";

const GET: &str = "
    select id, event, organisation, positions, state, attendees, answered_by, answered_at,
           answered_version, attendee_names
    from invitation where id = $1";

const FIND: &str = "
    select id from invitation where event = $1 and organisation = $2";

const ANY: &str = "
    select exists (select from invitation where event = $1 and state <> 'withdrawn') as invited";

const PAGE: &str = "
    select i.id, i.event, i.organisation, i.positions, i.state, i.attendees, i.answered_by,
           i.answered_at, i.answered_version, i.attendee_names, coalesce(c.code, '') as code
    from invitation i
    left join answer_code c on c.invitation = i.id and c.released_at is null
    where i.event = $1 and i.organisation > $2
    order by i.organisation
    limit $3";

const AMONG: &str = "
    select i.id, i.event, i.organisation, i.positions, i.state, i.attendees, i.answered_by,
           i.answered_at, i.answered_version, i.attendee_names, coalesce(c.code, '') as code
    from invitation i
    left join answer_code c on c.invitation = i.id and c.released_at is null
    where i.event = $1 and i.organisation = any($2)
    order by i.organisation";

/// An invitation with the code that answers it; empty when none is in force.
#[derive(Clone, Debug)]
pub struct Coded {
    /// The invitation.
    pub invitation: Invitation,
    /// Its code.
    pub code: String,
}

/// Invites organisations that are not invited yet; the new invitations come back.
///
/// # Errors
/// What the database says.
pub async fn invite(
    tx: &Tx,
    event: EventId,
    organisations: &[OrganisationId],
    positions: &[Position],
) -> Result<Vec<InvitationId>> {
    let ids: Vec<Uuid> = organisations
        .iter()
        .map(|_| InvitationId::new().0)
        .collect();
    let organisations: Vec<Uuid> = organisations.iter().map(|id| id.0).collect();
    let positions = position_names(positions);
    tx.query(INVITE, &[&event.0, &positions, &ids, &organisations])
        .await?
        .iter()
        .map(|row| column(row, "id").map(InvitationId))
        .collect()
}

/// Stores an answer.
///
/// # Errors
/// What the database says.
pub async fn answer(tx: &Tx, invitation: &Invitation) -> Result<()> {
    let answered = invitation.answered;
    tx.execute(
        ANSWER,
        &[
            &invitation.id.0,
            &invitation.state.as_str(),
            &invitation.attendees,
            &answered.map(|answered| answered.source.as_str()),
            &answered.map(|answered| answered.at),
            &answered.map(|answered| answered.version),
            invitation.names.expose(),
        ],
    )
    .await?;
    Ok(())
}

/// The event that an invitation belongs to.
///
/// # Errors
/// What the database says.
pub async fn event_of(session: &impl Session, id: InvitationId) -> Result<Option<EventId>> {
    let row = session.query_opt(EVENT_OF, &[&id.0]).await?;
    row.map(|row| column(&row, "event").map(EventId))
        .transpose()
}

/// The invitation of an organisation to an event.
///
/// # Errors
/// What the database says.
pub async fn find(
    session: &impl Session,
    event: EventId,
    organisation: OrganisationId,
) -> Result<Option<InvitationId>> {
    let row = session
        .query_opt(FIND, &[&event.0, &organisation.0])
        .await?;
    row.map(|row| column(&row, "id").map(InvitationId))
        .transpose()
}

/// Whether anybody is invited to an event.
///
/// # Errors
/// What the database says.
pub async fn any(session: &impl Session, event: EventId) -> Result<bool> {
    let row = session.query_one(ANY, &[&event.0]).await?;
    column(&row, "invited")
}

/// An invitation.
///
/// # Errors
/// What the database says.
pub async fn get(session: &impl Session, id: InvitationId) -> Result<Option<Invitation>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// An invitation that nobody else answers until this transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, id: InvitationId) -> Result<Option<Invitation>> {
    tx.query_opt(LOCK, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Invitations of an event by organisation, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn page(
    session: &impl Session,
    event: EventId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Coded>> {
    session
        .query(PAGE, &[&event.0, &after, &limit])
        .await?
        .iter()
        .map(read_coded)
        .collect()
}

/// The invitations of some organisations to an event.
///
/// # Errors
/// What the database says.
pub async fn among(
    session: &impl Session,
    event: EventId,
    organisations: &[Uuid],
) -> Result<Vec<Coded>> {
    session
        .query(AMONG, &[&event.0, &organisations])
        .await?
        .iter()
        .map(read_coded)
        .collect()
}

fn read_coded(row: &Row) -> Result<Coded> {
    Ok(Coded {
        invitation: read(row)?,
        code: column(row, "code")?,
    })
}

fn read(row: &Row) -> Result<Invitation> {
    let source: Option<&str> = column(row, "answered_by")?;
    let answered = match source {
        None => None,
        Some(name) => Some(Answered {
            source: Source::parse(name)
                .ok_or_else(|| Error::internal(anyhow::anyhow!("answered_by holds {name:?}")))?,
            at: column(row, "answered_at")?,
            version: column(row, "answered_version")?,
        }),
    };
    Ok(Invitation {
        id: InvitationId(column(row, "id")?),
        event: EventId(column(row, "event")?),
        organisation: OrganisationId(column(row, "organisation")?),
        positions: positions(row, "positions")?,
        state: word(row, "state", InvitationState::parse)?,
        attendees: column(row, "attendees")?,
        names: Personal::new(column(row, "attendee_names")?),
        answered,
    })
}
