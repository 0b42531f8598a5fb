//! Deliveries as people list them.

use jiff::Timestamp;
use kit::database::Session;
use kit::error::{Error, Result};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::domain::delivery::{Channel, State};

/// What a list is limited to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this obligation.
    pub obligation: Option<Uuid>,
    /// Only of this occurrence.
    pub occurrence: Option<Uuid>,
    /// Only to this organisation.
    pub organisation: Option<Uuid>,
    /// Only these states; empty: all.
    pub states: Vec<State>,
    /// Who shares an address is found by the state of the message it shares.
    pub as_carried: bool,
    /// After this id.
    pub after: Uuid,
    /// At most so many.
    pub limit: i64,
}

/// A delivery in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The delivery.
    pub id: Uuid,
    /// Its occurrence.
    pub occurrence_id: Uuid,
    /// Name of its obligation.
    pub obligation: String,
    /// To whom.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// How.
    pub channel: Channel,
    /// Where it stands.
    pub state: State,
    /// Why, a stable word or a reply.
    pub reason: String,
    /// Claims so far.
    pub attempts: i32,
    /// What the provider calls it.
    pub provider_reference: String,
    /// The address.
    pub address: String,
    /// Since when the state holds (business clock).
    pub state_at: Timestamp,
    /// Segments of an SMS.
    pub segments: i16,
    /// Step of its occurrence.
    pub step: String,
    /// When the row was made (business clock).
    pub asked_at: Timestamp,
    /// Name and address are those of the organisation that took this one in.
    pub to_successor: bool,
    /// Where the message stands that goes in another's row, if it does.
    pub carried: Option<Carried>,
}

/// The message of a party that shares its address with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The row it goes in.
    pub id: Uuid,
    /// Where it stands.
    pub state: State,
    /// Why, a stable word or a reply.
    pub reason: String,
    /// Since when (business clock).
    pub state_at: Timestamp,
    /// Claims so far.
    pub attempts: i32,
}

const LIST: &str = "
    select d.id, d.occurrence_id, b.name, d.organisation_id, d.organisation_name, d.channel,
           d.state, d.reason, d.attempts, d.provider_reference, d.address, d.state_at,
           d.segments, o.step, d.asked_at, d.party ? 'to_successor',
           c.id, c.state, c.reason, c.state_at, c.attempts
    from delivery d
    left join delivery c on c.id = d.carried_by
    join occurrence o on o.id = d.occurrence_id
    join obligation b on b.id = d.obligation_id
    where ($1::uuid is null or d.obligation_id = $1)
      and ($2::uuid is null or d.occurrence_id = $2)
      and ($3::uuid is null or d.organisation_id = $3)
      and (cardinality($4::text[]) = 0
           or case when $8 then coalesce(c.state, d.state) else d.state end = any($4))
      and (not $7 or d.parked)
      and d.id > $5
    order by d.id
    limit $6";

/// Deliveries, oldest first.
///
/// # Errors
/// What the database says.
pub async fn list(session: &impl Session, filter: &Filter) -> Result<Vec<Listed>> {
    let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
    // These few have an index of their own.
    let only_parked = filter.states == [State::Parked] && !filter.as_carried;
    let rows = session
        .query(
            LIST,
            &[
                &filter.obligation,
                &filter.occurrence,
                &filter.organisation,
                &states,
                &filter.after,
                &filter.limit,
                &only_parked,
                &filter.as_carried,
            ],
        )
        .await?;
    rows.iter().map(listed).collect()
}

const ONE: &str = "
    select d.id, d.occurrence_id, b.name, d.organisation_id, d.organisation_name, d.channel,
           d.state, d.reason, d.attempts, d.provider_reference, d.address, d.state_at,
           d.segments, o.step, d.asked_at, d.party ? 'to_successor',
           c.id, c.state, c.reason, c.state_at, c.attempts
    from delivery d
    left join delivery c on c.id = d.carried_by
    join occurrence o on o.id = d.occurrence_id
    join obligation b on b.id = d.obligation_id
    where d.id = $1";

/// One delivery.
///
/// # Errors
/// What the database says.
pub async fn one(session: &impl Session, id: Uuid) -> Result<Option<Listed>> {
    let row = session.query_opt(ONE, &[&id]).await?;
    row.as_ref().map(listed).transpose()
}

fn listed(row: &Row) -> Result<Listed> {
    Ok(Listed {
        id: row.get(0),
        occurrence_id: row.get(1),
        obligation: row.get(2),
        organisation_id: row.get(3),
        organisation_name: row.get(4),
        channel: Channel::parse(row.get(5)).ok_or_else(unreadable)?,
        state: State::parse(row.get(6)).ok_or_else(unreadable)?,
        reason: row.get(7),
        attempts: row.get(8),
        provider_reference: row.get(9),
        address: row.get(10),
        state_at: row.get(11),
        segments: row.get(12),
        step: row.get(13),
        asked_at: row.get(14),
        to_successor: row.get(15),
        carried: carried(row)?,
    })
}

fn carried(row: &Row) -> Result<Option<Carried>> {
    let Some(id) = row.get(16) else {
        return Ok(None);
    };
    Ok(Some(Carried {
        id,
        state: State::parse(row.get(17)).ok_or_else(unreadable)?,
        reason: row.get(18),
        state_at: row.get(19),
        attempts: row.get(20),
    }))
}

const IN_FLIGHT: &str = "
    select d.state, count(*)
    from delivery d
    where d.next_action_at is not null
    group by d.state
    order by d.state";

/// Deliveries that something is still to be done about, by state.
///
/// # Errors
/// What the database says.
pub async fn in_flight(session: &impl Session) -> Result<Vec<(String, i64)>> {
    let rows = session.query(IN_FLIGHT, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// An attempt to send.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Of which delivery.
    pub delivery_id: Uuid,
    /// Its number, from 1.
    pub number: i32,
    /// How it ended.
    pub outcome: String,
    /// Code of the provider.
    pub code: String,
    /// When (business clock).
    pub at: Timestamp,
}

const ATTEMPTS: &str = "
    select a.delivery_id, a.number, a.outcome, a.code, a.business_at
    from attempt a
    where a.delivery_id = any($1)
    order by a.business_at, a.delivery_id, a.number";

/// The attempts of some deliveries, in order.
///
/// # Errors
/// What the database says.
pub async fn attempts(session: &impl Session, deliveries: &[Uuid]) -> Result<Vec<Attempt>> {
    let rows = session.query(ATTEMPTS, &[&deliveries]).await?;
    Ok(rows
        .iter()
        .map(|row| Attempt {
            delivery_id: row.get(0),
            number: row.get(1),
            outcome: row.get(2),
            code: row.get(3),
            at: row.get(4),
        })
        .collect())
}

/// A party that nothing of an obligation reached.
#[derive(Clone, Debug)]
pub struct Unreachable {
    /// Name of the obligation.
    pub obligation: String,
    /// Its title.
    pub title: String,
    /// The obligation's id here.
    pub obligation_id: Uuid,
    /// To whom.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// Where its latest row stands.
    pub state: State,
    /// Why, a stable word or a reply.
    pub reason: String,
}

// Who needed nothing, by its own state or wish, was not unreachable; who shares
// an address was reached with its carrier.
const UNREACHABLE: &str = "
    select b.name, b.title, d.obligation_id, d.organisation_id, max(d.organisation_name),
           (array_agg(d.reason order by d.id desc))[1],
           (array_agg(d.state order by d.id desc))[1]
    from delivery d
    join obligation b on b.id = d.obligation_id
    where ($1::uuid is null or d.obligation_id = $1)
      and (d.obligation_id, d.organisation_id) > ($2, $3)
      and d.next_action_at is null
    group by b.name, b.title, d.obligation_id, d.organisation_id
    having bool_or(d.reason in ('no_address', 'unknown_organisation')
                   or d.state in ('BOUNCED', 'FAILED', 'PARKED', 'MISSED'))
       and not bool_or(
           d.state in ('SENT', 'DELIVERED', 'SATISFIED')
           or exists (select 1 from delivery c
                      where c.id = d.carried_by and c.state in ('SENT', 'DELIVERED')))
    order by d.obligation_id, d.organisation_id
    limit $4";

/// Parties that nothing reached, after a cursor of obligation and organisation.
///
/// # Errors
/// What the database says.
pub async fn unreachable(
    session: &impl Session,
    obligation: Option<Uuid>,
    after: (Uuid, Uuid),
    limit: i64,
) -> Result<Vec<Unreachable>> {
    let rows = session
        .query(UNREACHABLE, &[&obligation, &after.0, &after.1, &limit])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Unreachable {
                obligation: row.get(0),
                title: row.get(1),
                obligation_id: row.get(2),
                organisation_id: row.get(3),
                organisation_name: row.get(4),
                reason: row.get(5),
                state: State::parse(row.get(6)).ok_or_else(unreadable)?,
            })
        })
        .collect()
}

fn unreadable() -> Error {
    Error::internal(anyhow::anyhow!("a delivery holds an unknown word"))
}
