//! The three committed steps of sending, each for a set of deliveries.
//!
//! Each statement may be run again when its outcome is unknown (a connection
//! lost during the commit): the second run finds its own traces and answers the
//! same.

use std::collections::HashMap;

use jiff::Timestamp;
use kit::database::Session;
use kit::error::{Error, Result};
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;
use vietnam::text::{reference, remark};

use super::policy::Doubt;
use crate::domain::delivery::{Channel, Ending, State};
use crate::domain::letter::{OccurrenceLetter, PartyLetter};
use crate::domain::obligation::Class;

/// What a worker needs to send one delivery.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The delivery.
    pub id: Uuid,
    /// The claim.
    pub lease: Uuid,
    /// Its number, from 1.
    pub attempt: i32,
    /// Where it stands in the retry schedule.
    pub setbacks: i16,
    /// Which occurrence, for its letter.
    pub occurrence_id: Uuid,
    /// Which obligation.
    pub obligation_id: Uuid,
    /// To whom.
    pub organisation_id: Uuid,
    /// How.
    pub channel: Channel,
    /// Mailbox or E.164 number.
    pub address: String,
    /// The class that decides what happens when unsure.
    pub class: Class,
    /// Part of a large mailing.
    pub bulk: bool,
    /// What its text says beyond the letter.
    pub party: PartyLetter,
    /// Business instant at which the text was dated; fixed once it may have left.
    pub dated_at: Timestamp,
    /// Business instant at which the source was asked about the party.
    pub asked_at: Timestamp,
    /// Business instant after which it helps nobody.
    pub useful_until: Timestamp,
    /// Whether an earlier attempt was about to hand it over.
    pub was_sent_before: bool,
    /// Whether its address has been found dead meanwhile.
    pub suppressed: bool,
    /// Whether it goes out whatever its party answers by now: corrections, and
    /// letters to the unit in charge.
    pub audience_stands: bool,
    /// With what a policy refused it, while it is in doubt who is meant; else empty.
    pub doubt: String,
}

// The text is dated anew with each claim until the first commit_send: what
// waited for days says the true remaining time. From then on the bytes stand.
// next_action_at stays as it is: it is indexed, and the claim has its own time.
const CLAIM: &str = "
    update delivery d
    set state = 'CLAIMED', lease = $2, leased_by = $1, state_at = $3,
        attempts = d.attempts + (d.state = 'QUEUED')::int,
        dated_at = case when d.sends = 0 then $3 else d.dated_at end,
        held_until = now() + interval '5 minutes'
    from unnest($4::uuid[], $5::int[]) as o (id, generation)
    where d.id = o.id
      and ((d.state = 'QUEUED' and d.generation = o.generation)
           or (d.state = 'CLAIMED' and d.lease = $2))
    returning d.id, d.attempts, d.setbacks, d.occurrence_id, d.obligation_id, d.organisation_id,
              d.channel, d.address, d.class, d.bulk, d.party, d.dated_at, d.asked_at,
              d.useful_until, d.sends > 0,
              exists (select 1 from suppression s
                      where s.channel = d.channel and s.address = d.address),
              d.outlives_obligation
                  or exists (select 1 from occurrence c
                             where c.id = d.occurrence_id and c.audience = 'lead'),
              d.doubt";

/// Claims the deliveries whose order is still good, for `worker` under `lease`;
/// `now` is the business instant. The others are left out.
///
/// # Errors
/// What the database says.
pub async fn claim(
    session: &impl Session,
    worker: Uuid,
    lease: Uuid,
    now: Timestamp,
    orders: &[(Uuid, i32)],
) -> Result<Vec<Claimed>> {
    let (ids, generations): (Vec<Uuid>, Vec<i32>) = orders.iter().copied().unzip();
    let rows = session
        .query(CLAIM, &[&worker, &lease, &now, &ids, &generations])
        .await?;
    rows.iter().map(|row| claimed(row, lease)).collect()
}

fn claimed(row: &Row, lease: Uuid) -> Result<Claimed> {
    let Json(party) = row.get(10);
    Ok(Claimed {
        id: row.get(0),
        lease,
        attempt: row.get(1),
        setbacks: row.get(2),
        occurrence_id: row.get(3),
        obligation_id: row.get(4),
        organisation_id: row.get(5),
        channel: Channel::parse(row.get(6)).ok_or_else(|| unreadable("channel"))?,
        address: row.get(7),
        class: class(row.get(8))?,
        bulk: row.get(9),
        party,
        dated_at: row.get(11),
        asked_at: row.get(12),
        useful_until: row.get(13),
        was_sent_before: row.get(14),
        suppressed: row.get(15),
        audience_stands: row.get(16),
        doubt: row.get(17),
    })
}

pub(super) fn class(word: &str) -> Result<Class> {
    [
        Class::LegalDeadline,
        Class::Invitation,
        Class::Care,
        Class::Advert,
    ]
    .into_iter()
    .find(|class| class.word() == word)
    .ok_or_else(|| unreadable("class"))
}

pub(super) fn unreadable(column: &str) -> Error {
    Error::internal(anyhow::anyhow!("delivery.{column} holds an unknown word"))
}

const LETTERS: &str = "
    select l.occurrence_id, l.letter
    from occurrence_letter l
    where l.occurrence_id = any($1)";

/// The letters of some occurrences.
///
/// # Errors
/// What the database says.
pub async fn letters(
    session: &impl Session,
    occurrences: &[Uuid],
) -> Result<Vec<(Uuid, OccurrenceLetter)>> {
    let rows = session.query(LETTERS, &[&occurrences]).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let Json(letter) = row.get(1);
            (row.get(0), letter)
        })
        .collect())
}

/// A worker about to hand a message over.
#[derive(Clone, Copy, Debug)]
pub struct CommitSend {
    /// The delivery.
    pub id: Uuid,
    /// The claim.
    pub lease: Uuid,
    /// Its obligation.
    pub obligation_id: Uuid,
}

impl CommitSend {
    /// The question for what is in hand.
    #[must_use]
    pub const fn of(claimed: &Claimed) -> Self {
        Self {
            id: claimed.id,
            lease: claimed.lease,
            obligation_id: claimed.obligation_id,
        }
    }
}

/// What `commit_send` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// The message may leave.
    Go,
    /// The row ended instead, in this state.
    Ended(State),
    /// The claim is no longer good; somebody else decides.
    Stale,
}

// The share lock makes a move of the obligation and the handing over of a
// message take turns: either the move sees SENDING and owes a correction, or we
// see the move and stop.
const COMMIT_SEND: &str = "
    with asked as (
        select a.id, a.lease from unnest($2::uuid[], $3::uuid[]) as a (id, lease)
    ), matter as materialized (
        select o.id, o.anchor_version, o.status
        from obligation o
        where o.id = any($4::uuid[])
        order by o.id
        for share
    ), judged as materialized (
        select d.id, a.lease,
               case when d.state = 'SENDING' and d.guarded_until <= now() then 'UNKNOWN'
                    when d.state = 'SENDING' then 'SENDING'
                    when d.useful_until <= $1 then 'MISSED'
                    when m.anchor_version <> d.anchor_version then 'SUPERSEDED'
                    when not d.outlives_obligation and m.status = 'SATISFIED' then 'SATISFIED'
                    when not d.outlives_obligation and m.status <> 'SCHEDULED' then 'SUPERSEDED'
                    when d.guarded_until <= now() then 'UNKNOWN'
                    else 'SENDING' end as verdict
        from asked a join delivery d on d.id = a.id join matter m on m.id = d.obligation_id
    )
    update delivery d
    set state = case when d.in_doubt and j.verdict not in ('SENDING', 'UNKNOWN') then 'PARKED'
                     else j.verdict end,
        reason = case j.verdict when 'SENDING' then '' when 'MISSED' then 'too_late'
                                when 'SATISFIED' then 'done' when 'UNKNOWN' then 'unguarded'
                                else 'moved' end,
        state_at = $1,
        sends = d.sends + (j.verdict = 'SENDING' and d.state = 'CLAIMED')::int,
        sent_at = case when j.verdict = 'SENDING' and d.state = 'CLAIMED' then now()
                       else d.sent_at end,
        held_until = now() + interval '12 minutes',
        next_action_at = case j.verdict when 'SENDING' then d.next_action_at
                                        when 'UNKNOWN' then now() end
    from judged j
    where d.id = j.id and d.lease = j.lease
      and (d.state = 'CLAIMED' or (d.state = 'SENDING' and j.verdict in ('SENDING', 'UNKNOWN')))
    returning d.id, d.state";

/// Commits to handing messages over; `now` is the business instant. Answers in
/// the order of the questions.
///
/// # Errors
/// What the database says.
pub async fn commit_send(
    session: &impl Session,
    now: Timestamp,
    asked: &[CommitSend],
) -> Result<Vec<Committed>> {
    let ids: Vec<Uuid> = asked.iter().map(|each| each.id).collect();
    let leases: Vec<Uuid> = asked.iter().map(|each| each.lease).collect();
    let mut obligations: Vec<Uuid> = asked.iter().map(|each| each.obligation_id).collect();
    obligations.sort_unstable();
    obligations.dedup();
    let rows = session
        .query(COMMIT_SEND, &[&now, &ids, &leases, &obligations])
        .await?;
    let mut answers = HashMap::with_capacity(rows.len());
    for row in &rows {
        let state = State::parse(row.get(1)).ok_or_else(|| unreadable("state"))?;
        answers.insert(row.get::<_, Uuid>(0), state);
    }
    Ok(ids
        .iter()
        .map(|id| match answers.get(id) {
            Some(State::Sending) => Committed::Go,
            Some(state) => Committed::Ended(*state),
            None => Committed::Stale,
        })
        .collect())
}

/// How an attempt ended, as it is recorded.
#[derive(Clone, Debug)]
pub struct Finish {
    /// The delivery.
    pub id: Uuid,
    /// The claim.
    pub lease: Uuid,
    /// How it was to go out.
    pub channel: Channel,
    /// Its number.
    pub attempt: i32,
    /// Who.
    pub worker: Uuid,
    /// How.
    pub ending: Ending,
    /// For [`Ending::Withdrawn`]: [`State::Suppressed`] or [`State::Satisfied`].
    pub withdrawn_to: State,
    /// A stable word, or the reply: "550 5.1.1".
    pub reason: String,
    /// Code of the provider.
    pub code: String,
    /// Its text, without addresses.
    pub detail: String,
    /// Until the next attempt, or until an unknown outcome is looked into.
    pub wait: std::time::Duration,
    /// Whether the setback counts in the retry schedule.
    pub counts: bool,
    /// What the provider calls the message.
    pub reference: String,
    /// Segments of an SMS.
    pub segments: i16,
    /// Whether the address is dead.
    pub suppress: bool,
    /// Whether a policy refused it, and it is in doubt who is meant.
    pub doubt: Doubt,
}

const FINISH: &str = "
    with asked as (
        select a.id, a.lease, a.number, a.worker, a.ending, a.withdrawn_to, a.reason, a.code,
               a.detail, a.wait, a.counts, a.reference, a.segments, a.suppress, a.doubt, a.since
        from unnest($2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::text[],
                    $8::text[], $9::text[], $10::text[], $11::float8[], $12::boolean[],
                    $13::text[], $14::smallint[], $15::boolean[], $16::text[],
                    $17::timestamptz[])
             as a (id, lease, number, worker, ending, withdrawn_to, reason, code, detail, wait,
                   counts, reference, segments, suppress, doubt, since)
    ), moved as (
        update delivery d
        set state = case when a.ending in ('refused', 'withdrawn') and d.in_doubt then 'PARKED'
                         when a.ending = 'accepted' then 'SENT'
                         when a.ending = 'deferred' then 'RETRY_WAIT'
                         when a.ending = 'refused' then 'FAILED'
                         when a.ending = 'unknown' then 'UNKNOWN'
                         else a.withdrawn_to end,
            reason = a.reason,
            state_at = $1,
            setbacks = d.setbacks + (a.ending = 'deferred' and a.counts)::int,
            next_action_at = case when a.ending in ('deferred', 'unknown')
                                  then now() + a.wait * interval '1 second' end,
            provider_reference = case when a.reference <> '' then a.reference
                                      else d.provider_reference end,
            segments = greatest(d.segments, a.segments),
            doubt = case when a.doubt <> '' then a.doubt else d.doubt end,
            doubted_since = case when a.doubt <> '' then coalesce(d.doubted_since, a.since, now())
                                 else d.doubted_since end
        from asked a
        where d.id = a.id and d.lease = a.lease
          and ((a.ending in ('deferred', 'refused') and d.state in ('CLAIMED', 'SENDING', 'UNKNOWN'))
               or (a.ending = 'accepted' and d.state in ('SENDING', 'UNKNOWN', 'PARKED'))
               or (a.ending = 'unknown' and d.state = 'SENDING')
               or (a.ending = 'withdrawn' and d.state = 'CLAIMED'))
        returning d.id, d.channel, d.address, a.suppress, a.reason
    ), suppressed as (
        insert into suppression (channel, address, reason, delivery_id, business_at)
        select distinct on (m.channel, m.address) m.channel, m.address, m.reason, m.id, $1
        from moved m where m.suppress
        on conflict (channel, address) do nothing
    )
    insert into attempt (delivery_id, number, worker_id, outcome, code, detail, business_at)
    select a.id, a.number, a.worker, a.ending, a.code, a.detail, $1
    from asked a
    on conflict (delivery_id, number) do nothing";

/// Records how attempts ended; `now` is the business instant. A row that moved
/// on meanwhile (a receipt was faster) keeps its state. Whatever a provider said is
/// cleaned here, where all channels pass.
///
/// # Errors
/// What the database says.
pub async fn finish(session: &impl Session, now: Timestamp, ends: &[Finish]) -> Result<()> {
    fn column<'a, T>(ends: &'a [Finish], of: impl Fn(&'a Finish) -> T) -> Vec<T> {
        ends.iter().map(of).collect()
    }
    session
        .execute(
            FINISH,
            &[
                &now,
                &column(ends, |end| end.id),
                &column(ends, |end| end.lease),
                &column(ends, |end| end.attempt),
                &column(ends, |end| end.worker),
                &column(ends, |end| outcome(end.ending)),
                &column(ends, |end| end.withdrawn_to.as_str()),
                &column(ends, |end| remark(&end.reason)),
                &column(ends, |end| remark(&end.code)),
                &column(ends, |end| remark(&end.detail)),
                &column(ends, |end| end.wait.as_secs_f64()),
                &column(ends, |end| end.counts),
                &column(ends, |end| reference(&end.reference)),
                &column(ends, |end| end.segments),
                &column(ends, |end| end.suppress),
                &column(ends, |end| end.doubt.alike.as_str()),
                &column(ends, |end| end.doubt.since),
            ],
        )
        .await?;
    Ok(())
}

const fn outcome(ending: Ending) -> &'static str {
    match ending {
        Ending::Accepted => "accepted",
        Ending::NotSent => "deferred",
        Ending::Refused => "refused",
        Ending::NoAnswer => "unknown",
        Ending::Withdrawn => "withdrawn",
    }
}

const TOUCH_ASKED: &str = "
    update delivery d set asked_at = $2 where d.id = any($1) and d.state = 'CLAIMED'";

/// Records that the source was asked again about these parties at `now`.
///
/// # Errors
/// What the database says.
pub async fn touch_asked(session: &impl Session, ids: &[Uuid], now: Timestamp) -> Result<()> {
    session.execute(TOUCH_ASKED, &[&ids, &now]).await?;
    Ok(())
}

const CARRIED: &str = "
    select d.carried_by, d.organisation_id from delivery d where d.carried_by = any($1)";

/// The organisations whose messages go in some rows beside the rows' own, by row.
///
/// # Errors
/// What the database says.
pub async fn carried(session: &impl Session, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut carried: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for row in session.query(CARRIED, &[&ids]).await? {
        carried.entry(row.get(0)).or_default().push(row.get(1));
    }
    Ok(carried)
}

const NAMES: &str = "select o.id, o.name from obligation o where o.id = any($1)";

/// Resource names of obligations, by id.
///
/// # Errors
/// What the database says.
pub async fn obligation_names(
    session: &impl Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, String>> {
    let rows = session.query(NAMES, &[&ids]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
