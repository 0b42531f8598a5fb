//! Unknown outcomes, and what was found out about them.

use std::time::Duration;

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use uuid::Uuid;

use super::steps::{class, unreadable};
use crate::domain::delivery::{Channel, Evidence};
use crate::domain::obligation::Class;
use crate::store::order;

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
    /// How long ago it was handed over last, by the database clock.
    pub since_sent: Duration,
    /// How often it was handed over.
    pub sends: u16,
    /// How often it was sent again for this reason.
    pub resends: i32,
    /// How long the provider still knows the same order again, by the database clock.
    pub guarded: Duration,
    /// Business instant after which it helps nobody.
    pub useful_until: Timestamp,
    /// Whether it goes out whatever its party answers by now.
    pub audience_stands: bool,
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
              extract(epoch from now() - coalesce(d.sent_at, d.recorded_at))::float8,
              least(d.sends, 32767)::smallint, d.resends,
              extract(epoch from coalesce(d.guarded_until,
                          coalesce(d.sent_at, d.recorded_at) + $2 * interval '1 second')
                      - now())::float8,
              d.useful_until,
              d.outlives_obligation
                  or exists (select 1 from occurrence c
                             where c.id = d.occurrence_id and c.audience = 'lead')";

/// Unknown outcomes whose alarm rang; each rings again after `again`. `guard` is how
/// long a provider knows an order again.
///
/// # Errors
/// What the database says.
pub async fn unknown_due(
    session: &impl Session,
    again: Duration,
    guard: Duration,
) -> Result<Vec<Unknown>> {
    let (again, guard) = (again.as_secs_f64(), guard.as_secs_f64());
    let rows = session.query(UNKNOWN_DUE, &[&again, &guard]).await?;
    rows.iter()
        .map(|row| {
            Ok(Unknown {
                id: row.get(0),
                channel: Channel::parse(row.get(1)).ok_or_else(|| unreadable("channel"))?,
                class: class(row.get(2))?,
                provider_reference: row.get(3),
                // A negative time means that it is over, or that the clock went back.
                since_sent: Duration::try_from_secs_f64(row.get(4)).unwrap_or_default(),
                sends: row.get::<_, i16>(5).unsigned_abs(),
                resends: row.get(6),
                guarded: Duration::try_from_secs_f64(row.get(7)).unwrap_or_default(),
                useful_until: row.get(8),
                audience_stands: row.get(9),
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
    with found as (
        select f.id, f.evidence,
               f.evidence = 'nothing' and d.class = 'LEGAL_DEADLINE' and d.resends = 0 as resent
        from unnest($2::uuid[], $3::text[]) as f (id, evidence) join delivery d on d.id = f.id
    )
    update delivery d
    set state = case
            when f.evidence = 'accepted' then 'SENT'
            when f.resent or f.evidence in ('not_accepted', 'repeat') then 'QUEUED'
            else 'PARKED' end,
        reason = case
            when f.evidence = 'accepted' then 'reconciled'
            when f.evidence = 'not_accepted' then 'not_accepted'
            when f.evidence = 'repeat' then 'repeated'
            when f.resent then 'resent'
            else 'no_answer' end,
        generation = d.generation + (f.resent or f.evidence in ('not_accepted', 'repeat'))::int,
        resends = d.resends + f.resent::int,
        guarded_until = case
            when f.resent then null
            when f.evidence = 'repeat' then coalesce(d.guarded_until,
                coalesce(d.sent_at, d.recorded_at) + $4 * interval '1 second')
            else d.guarded_until end,
        state_at = $1,
        next_action_at = case when f.resent or f.evidence in ('not_accepted', 'repeat')
                              then now() + interval '2 minutes' end
    from found f
    where d.id = f.id and d.state = 'UNKNOWN'
    returning d.id, d.generation, d.channel = 'sms', d.bulk, d.state = 'QUEUED'";

/// Settles unknown outcomes by what was found out, as
/// [`crate::domain::delivery::apply`] does. `guard` is how long a provider knows an
/// order again, from the first time that is in doubt.
///
/// # Errors
/// What the database says.
pub async fn resolve(
    tx: &Tx,
    now: Timestamp,
    findings: &[Resolved],
    guard: Duration,
) -> Result<usize> {
    let ids: Vec<Uuid> = findings.iter().map(|finding| finding.id).collect();
    let evidence: Vec<&str> = findings
        .iter()
        .map(|finding| match finding.evidence {
            Evidence::Accepted => "accepted",
            Evidence::NotAccepted => "not_accepted",
            Evidence::Repeat => "repeat",
            Evidence::Nothing => "nothing",
        })
        .collect();
    let rows = tx
        .query(RESOLVE, &[&now, &ids, &evidence, &guard.as_secs_f64()])
        .await?;
    order::put_settled(tx, &rows).await?;
    Ok(rows.len())
}
