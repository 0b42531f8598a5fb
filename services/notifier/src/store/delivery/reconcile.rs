//! Unknown outcomes, and what was found out about them.

use std::time::Duration;

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use uuid::Uuid;

use super::steps::{class, unreadable};
use crate::domain::delivery::{Channel, Evidence};
use crate::domain::obligation::Class;
use crate::store::order::{self, Ring};

/// A delivery of which nobody knows whether it was taken over.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The delivery.
    pub id: Uuid,
    /// How it was sent.
    pub channel: Channel,
    /// The class that decides.
    pub class: Class,
    /// What the provider called it; empty when it never answered.
    pub provider_reference: String,
    /// How long it has been unknown, by the database clock.
    pub since_sent: Duration,
    /// How often it was sent again for this reason.
    pub resends: i32,
}

// The alarm is moved on first, so that a second notifier, or this one after a
// crash, does not look into the same row at the same time.
const UNKNOWN_DUE: &str = "
    update delivery d
    set next_action_at = now() + $1 * interval '1 second'
    where d.id in (
        select u.id from delivery u
        where u.state = 'UNKNOWN' and u.next_action_at <= now()
        order by u.next_action_at
        limit 256
        for update skip locked)
    returning d.id, d.channel, d.class, d.provider_reference,
              extract(epoch from now() - coalesce(d.first_sent_at, d.recorded_at))::float8,
              d.resends";

/// Unknown outcomes whose alarm rang; each rings again after `again`.
///
/// # Errors
/// What the database says.
pub async fn unknown_due(session: &impl Session, again: Duration) -> Result<Vec<Unknown>> {
    let rows = session.query(UNKNOWN_DUE, &[&again.as_secs_f64()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Unknown {
                id: row.get(0),
                channel: Channel::parse(row.get(1)).ok_or_else(|| unreadable("channel"))?,
                class: class(row.get(2))?,
                provider_reference: row.get(3),
                since_sent: Duration::try_from_secs_f64(row.get(4)).unwrap_or_default(),
                resends: row.get(5),
            })
        })
        .collect()
}

/// What was found out.
#[derive(Clone, Copy, Debug)]
pub struct Resolved {
    /// The delivery.
    pub id: Uuid,
    /// The finding.
    pub evidence: Evidence,
}

const RESOLVE: &str = "
    update delivery d
    set state = case
            when f.evidence = 'accepted' then 'SENT'
            when f.evidence = 'not_accepted' then 'QUEUED'
            when d.class = 'LEGAL_DEADLINE' and d.resends = 0 then 'QUEUED'
            else 'PARKED' end,
        reason = case
            when f.evidence = 'accepted' then 'reconciled'
            when f.evidence = 'not_accepted' then 'not_accepted'
            when d.class = 'LEGAL_DEADLINE' and d.resends = 0 then 'resent'
            else 'no_answer' end,
        generation = d.generation + (f.evidence <> 'accepted' and (f.evidence = 'not_accepted'
                         or (d.class = 'LEGAL_DEADLINE' and d.resends = 0)))::int,
        resends = d.resends + (f.evidence = 'nothing' and d.class = 'LEGAL_DEADLINE'
                               and d.resends = 0)::int,
        state_at = $1,
        next_action_at = case
            when f.evidence = 'not_accepted' or (f.evidence = 'nothing'
                 and d.class = 'LEGAL_DEADLINE' and d.resends = 0)
            then now() + interval '2 minutes' end
    from unnest($2::uuid[], $3::text[]) as f (id, evidence)
    where d.id = f.id and d.state = 'UNKNOWN'
    returning d.id, d.generation, d.channel = 'sms', d.bulk, d.state = 'QUEUED'";

/// Settles unknown outcomes by what was found out, as
/// [`crate::domain::delivery::apply`] does.
///
/// # Errors
/// What the database says.
pub async fn resolve(tx: &Tx, now: Timestamp, findings: &[Resolved]) -> Result<usize> {
    let ids: Vec<Uuid> = findings.iter().map(|finding| finding.id).collect();
    let evidence: Vec<&str> = findings
        .iter()
        .map(|finding| match finding.evidence {
            Evidence::Accepted => "accepted",
            Evidence::NotAccepted => "not_accepted",
            Evidence::Nothing => "nothing",
        })
        .collect();
    let rows = tx.query(RESOLVE, &[&now, &ids, &evidence]).await?;
    let rings: Vec<Ring> = rows
        .iter()
        .filter(|row| row.get(4))
        .map(|row| Ring {
            delivery: row.get(0),
            generation: row.get(1),
            sms: row.get(2),
            bulk: row.get(3),
        })
        .collect();
    order::put(tx, &rings).await?;
    Ok(rows.len())
}
