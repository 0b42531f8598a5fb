//! Who was told what about an obligation, by their own rows.

use kit::database::Session;
use kit::error::{Error, Result};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::domain::delivery::{Channel, State};
use crate::domain::letter::PartyLetter;

/// A party that may have read a message on a channel.
#[derive(Clone, Debug)]
pub struct ToldRow {
    /// The organisation's id.
    pub organisation_id: Uuid,
    /// On which channel.
    pub channel: Channel,
    /// The latest version it may have read there.
    pub anchor_version: i64,
    /// Whether that message came back.
    pub bounced: bool,
    /// Whom that message greeted.
    pub greeted: Vec<String>,
}

const TOLD: &str = "
    select distinct on (d.organisation_id, d.channel)
           d.organisation_id, d.channel, d.anchor_version, d.state = 'BOUNCED', d.party
    from delivery d
    join occurrence o on o.id = d.occurrence_id and o.tells
    where d.obligation_id = $1 and d.occurrence_id <> $2 and d.channel <> 'none'
      and d.state in ('SENDING', 'UNKNOWN', 'PARKED', 'SENT', 'DELIVERED', 'BOUNCED')
    order by d.organisation_id, d.channel, d.anchor_version desc, d.id desc";

/// The parties told about an obligation, one row per channel with the latest
/// message, without what `correction` itself has written.
///
/// # Errors
/// What the database says.
pub async fn parties(
    session: &impl Session,
    obligation: Uuid,
    correction: Uuid,
) -> Result<Vec<ToldRow>> {
    let rows = session.query(TOLD, &[&obligation, &correction]).await?;
    rows.iter()
        .map(|row| {
            Ok(ToldRow {
                organisation_id: row.get(0),
                channel: Channel::parse(row.get(1)).ok_or_else(|| {
                    Error::internal(anyhow::anyhow!("delivery.channel holds an unknown word"))
                })?,
                anchor_version: row.get(2),
                bounced: row.get(3),
                greeted: row.get::<_, Json<PartyLetter>>(4).0.greeted,
            })
        })
        .collect()
}

const WRITTEN: &str = "
    select distinct d.organisation_id from delivery d where d.occurrence_id = $1";

/// The organisations that an earlier run of a fan-out has written already.
///
/// # Errors
/// What the database says.
pub async fn written(session: &impl Session, occurrence: Uuid) -> Result<Vec<Uuid>> {
    let rows = session.query(WRITTEN, &[&occurrence]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

const DEAD: &str = "
    select s.address from suppression s where s.channel = 'email' and s.address = any($1)";

/// Those of the mailboxes that a receiving server does not know.
///
/// # Errors
/// What the database says.
pub async fn dead_mailboxes(session: &impl Session, addresses: &[String]) -> Result<Vec<String>> {
    let rows = session.query(DEAD, &[&addresses]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// A party that no message of an occurrence reached.
#[derive(Clone, Debug)]
pub struct Unreached {
    /// The organisation's id.
    pub organisation_id: Uuid,
    /// Its name.
    pub name: String,
    /// Where its latest row stands.
    pub state: State,
    /// Why, a stable word or a reply.
    pub reason: String,
}

const UNREACHED: &str = "
    select d.organisation_id, min(d.organisation_name),
           (array_agg(d.reason order by d.id desc))[1],
           (array_agg(d.state order by d.id desc))[1]
    from delivery d
    where d.occurrence_id = $1
    group by d.organisation_id
    having not bool_or(
        d.state in ('SENT', 'DELIVERED', 'SATISFIED')
        or (d.reason = 'same_address' and exists (
            select 1 from delivery c
            where c.occurrence_id = d.occurrence_id and c.channel = d.channel
              and lower(c.address) = lower(d.address) and c.state in ('SENT', 'DELIVERED'))))
    order by min(d.organisation_name), d.organisation_id";

/// Whom nothing of an occurrence reached; who shares another's message counts as
/// reached with it.
///
/// # Errors
/// What the database says.
pub async fn unreached(session: &impl Session, occurrence: Uuid) -> Result<Vec<Unreached>> {
    let rows = session.query(UNREACHED, &[&occurrence]).await?;
    rows.iter()
        .map(|row| {
            Ok(Unreached {
                organisation_id: row.get(0),
                name: row.get(1),
                reason: row.get(2),
                state: State::parse(row.get(3)).ok_or_else(|| {
                    Error::internal(anyhow::anyhow!("delivery.state holds an unknown word"))
                })?,
            })
        })
        .collect()
}

const CORRECTION_OF: &str = "
    select o.id
    from occurrence o
    where o.obligation_id = $1 and o.anchor_version = $2 and o.step = 'correction'";

/// The correction of an anchor version.
///
/// # Errors
/// What the database says.
pub async fn correction_of(
    session: &impl Session,
    obligation: Uuid,
    anchor_version: i64,
) -> Result<Option<Uuid>> {
    let row = session
        .query_opt(CORRECTION_OF, &[&obligation, &anchor_version])
        .await?;
    Ok(row.map(|row| row.get(0)))
}
