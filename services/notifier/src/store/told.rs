//! Who was told what about an obligation, by their own rows.

use std::collections::HashSet;

use kit::database::Session;
use kit::error::{Error, Result};
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::domain::delivery::{Channel, State};
use crate::domain::fanout::{AddressMark, Written};
use crate::domain::letter::PartyLetter;
use crate::domain::reader::ToldRow;

// Who shares an address was told by the message of another's row.
const TOLD: &str = "
    select distinct on (d.organisation_id, d.channel)
           d.organisation_id, d.channel, d.anchor_version, c.state = 'BOUNCED'
    from delivery d
    join delivery c on c.id = coalesce(d.carried_by, d.id)
    join occurrence o on o.id = d.occurrence_id and o.tells
    where d.obligation_id = $1 and d.occurrence_id <> $2 and d.channel <> 'none'
      and (c.state in ('SENDING', 'UNKNOWN', 'PARKED', 'SENT', 'DELIVERED', 'BOUNCED')
           or (c.in_doubt and c.state in ('QUEUED', 'CLAIMED', 'RETRY_WAIT')))
    order by d.organisation_id, d.channel, d.anchor_version desc, d.id desc";

/// Hands over the parties told about an obligation, all rows of one together: one
/// per channel with the latest message, without what `correction` itself has written.
///
/// # Errors
/// What the database says.
pub async fn parties(
    session: &impl Session,
    obligation: Uuid,
    correction: Uuid,
    mut take: impl FnMut(&[ToldRow]) + Send,
) -> Result<()> {
    let mut party: Vec<ToldRow> = Vec::new();
    session
        .each(TOLD, &[&obligation, &correction], |row| {
            let told = told(row)?;
            let begins = party
                .first()
                .is_some_and(|first| first.organisation_id != told.organisation_id);
            if begins {
                take(&party);
                party.clear();
            }
            party.push(told);
            Ok(())
        })
        .await?;
    if !party.is_empty() {
        take(&party);
    }
    Ok(())
}

fn told(row: &Row) -> Result<ToldRow> {
    Ok(ToldRow {
        organisation_id: row.get(0),
        channel: Channel::parse(row.get(1)).ok_or_else(|| {
            Error::internal(anyhow::anyhow!("delivery.channel holds an unknown word"))
        })?,
        anchor_version: row.get(2),
        bounced: row.get(3),
    })
}

/// A party whose message a change overtook before it left, and that was told
/// nothing else.
#[derive(Clone, Debug)]
pub struct OvertakenRow {
    /// The organisation's id.
    pub organisation_id: Uuid,
    /// The step of its latest message.
    pub step: String,
}

// A claimed row of an older version loses at commit_send: it will not leave.
const OVERTAKEN: &str = "
    select distinct on (d.organisation_id) d.organisation_id, o.step
    from delivery d
    join delivery c on c.id = coalesce(d.carried_by, d.id)
    join occurrence o on o.id = d.occurrence_id and o.tells and o.step <> 'correction'
    join obligation b on b.id = d.obligation_id and d.anchor_version < b.anchor_version
    where d.obligation_id = $1 and d.channel <> 'none'
      and c.state in ('SUPERSEDED', 'QUEUED', 'CLAIMED', 'RETRY_WAIT')
      and not exists (
          select 1
          from delivery t
          join delivery s on s.id = coalesce(t.carried_by, t.id)
          join occurrence p on p.id = t.occurrence_id and p.tells
          where t.obligation_id = $1 and t.organisation_id = d.organisation_id
            and t.occurrence_id <> $2
            and (s.state in ('SENDING', 'UNKNOWN', 'PARKED', 'SENT', 'DELIVERED', 'BOUNCED')
                 or (s.in_doubt and s.state in ('QUEUED', 'CLAIMED', 'RETRY_WAIT'))))
    order by d.organisation_id, d.id desc";

/// Hands over the parties whose messages were overtaken, without what `correction` itself
/// has written.
///
/// # Errors
/// What the database says.
pub async fn overtaken(
    session: &impl Session,
    obligation: Uuid,
    correction: Uuid,
    mut take: impl FnMut(OvertakenRow) + Send,
) -> Result<()> {
    session
        .each(OVERTAKEN, &[&obligation, &correction], |row| {
            take(OvertakenRow {
                organisation_id: row.get(0),
                step: row.get(1),
            });
            Ok(())
        })
        .await
}

const IS_CUT_SHORT: &str = "
    select exists (
        select 1
        from occurrence o
        where o.obligation_id = $1 and o.state = 'SUPERSEDED' and o.tells
          and o.step <> 'correction'
          and exists (select 1 from delivery d where d.occurrence_id = o.id))";

/// Whether a change ended a fan-out between two of its batches.
///
/// # Errors
/// What the database says.
pub async fn is_cut_short(session: &impl Session, obligation: Uuid) -> Result<bool> {
    Ok(session
        .query_one(IS_CUT_SHORT, &[&obligation])
        .await?
        .get(0))
}

const WRITTEN_ABOUT: &str = "
    select distinct d.organisation_id
    from delivery d
    join occurrence o on o.id = d.occurrence_id and o.tells
    where d.obligation_id = $1";

/// The organisations with a row in any message about an obligation.
///
/// # Errors
/// What the database says.
pub async fn written_about(session: &impl Session, obligation: Uuid) -> Result<HashSet<Uuid>> {
    let mut written = HashSet::new();
    session
        .each(WRITTEN_ABOUT, &[&obligation], |row| {
            written.insert(row.get(0));
            Ok(())
        })
        .await?;
    Ok(written)
}

// Where nothing left before a row ended, its address has got nothing.
const WRITTEN: &str = "
    select d.organisation_id, d.channel,
           case when d.sends > 0
                  or d.state not in ('SUPPRESSED', 'SATISFIED', 'SUPERSEDED', 'MISSED')
                then d.address end,
           d.party
    from delivery d
    where d.occurrence_id = $1";

/// What earlier runs of a fan-out have written already.
///
/// # Errors
/// What the database says.
pub async fn written(session: &impl Session, occurrence: Uuid) -> Result<Written> {
    let mut written = Written::default();
    session
        .each(WRITTEN, &[&occurrence], |row| {
            let address: Option<&str> = row.get(2);
            let address = address.zip(Channel::parse(row.get(1)));
            let Json(letter): Json<PartyLetter> = row.get(3);
            let mark =
                address.and_then(|(address, channel)| AddressMark::of(channel, address, &letter));
            written.add(row.get(0), mark, &letter.answers);
            Ok(())
        })
        .await?;
    Ok(written)
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

// Who was never reached about the matter at all, for want of an address that
// works, cannot have heard of the change either.
const UNREACHED: &str = "
    with reached as (
        select d.organisation_id
        from delivery d
        where d.occurrence_id = $1
        group by d.organisation_id
        having bool_or(
            d.state in ('SENT', 'DELIVERED', 'SATISFIED')
            or exists (select 1 from delivery c
                       where c.id = d.carried_by and c.state in ('SENT', 'DELIVERED')))
    ), concerned as (
        select d.organisation_id, d.organisation_name, d.id, d.reason, d.state
        from delivery d
        where d.occurrence_id = $1
        union all
        select d.organisation_id, d.organisation_name, d.id, d.reason, d.state
        from delivery d
        join occurrence o on o.id = d.occurrence_id and o.tells
        where d.obligation_id = $2 and d.occurrence_id <> $1
          and (d.reason in ('no_address', 'unknown_organisation') or d.state in ('FAILED', 'BOUNCED'))
    )
    select c.organisation_id, min(c.organisation_name),
           (array_agg(c.reason order by c.id desc))[1],
           (array_agg(c.state order by c.id desc))[1]
    from concerned c
    where not exists (select 1 from reached r where r.organisation_id = c.organisation_id)
    group by c.organisation_id
    order by min(c.organisation_name), c.organisation_id";

/// Whom nothing of a correction reached, those included whom nothing about the
/// obligation ever reached; who shares another's message counts as reached with it.
///
/// # Errors
/// What the database says.
pub async fn unreached(
    session: &impl Session,
    obligation: Uuid,
    correction: Uuid,
) -> Result<Vec<Unreached>> {
    let rows = session
        .query(UNREACHED, &[&correction, &obligation])
        .await?;
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
