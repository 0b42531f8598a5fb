//! From an occurrence that is due to its deliveries.
//!
//! **Guarantee**: each party gets one row per channel, those who get nothing
//! included; the occurrence counts as gone out only when all are written.
//!
//! No connection is held while a source or the registry is asked. Rows are
//! written in batches, each with its orders in one transaction, and each only
//! while the claim holds: a change of the obligation between two batches stops
//! the rest. After a crash the next run asks again and leaves the parties alone
//! that were written before.

mod write;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::Result;
use uuid::Uuid;

use super::desk::Desk;
use super::intake::{self, Origin, decision_of, entry};
use super::letter::{self, Units};
use super::{call_list, correction};
use crate::domain::arming;
use crate::domain::explain::Decision;
use crate::domain::fanout::{Candidate, Manner};
use crate::domain::obligation::Obligation;
use crate::domain::occurrence::{CALL_LIST, CORRECTION, Plan, Reason, State};
use crate::domain::party::{Party, Reach};
use crate::domain::rule::Audience;
use crate::domain::triage::Due;
use crate::source::{Answer, SourceError};
use crate::store;
use crate::store::occurrence::{NewOccurrence, Work};

pub(super) use write::{Mailing, send};

/// First pause before a source is asked again; it doubles ...
const PAUSE_FLOOR: Duration = Duration::from_secs(5);

/// ... up to this one.
const PAUSE_CEILING: Duration = Duration::from_secs(300);

/// What became of a fan-out.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It ended, one way or the other.
    Done,
    /// The claim is no longer good, or the obligation turned out newer: whoever
    /// holds the next claim begins anew.
    Overtaken,
}

/// Why a fan-out could not go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// A source could not be asked.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The database.
    #[error(transparent)]
    Store(#[from] kit::error::Error),
}

/// Fans one occurrence out under `claim`. Where that cannot be done now, the
/// occurrence pauses and is tried again as long as it helps.
pub async fn run(desk: &Desk, id: Uuid, claim: Uuid) {
    let work = match load(desk, id, claim).await {
        Ok(Some(work)) => work,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(occurrence = %id, error = %super::words(&error), "a fan-out could not begin");
            return;
        }
    };
    match go(desk, &work).await {
        Ok(Outcome::Done) => {}
        Ok(Outcome::Overtaken) => {
            tracing::debug!(occurrence = %id, "a fan-out was overtaken");
        }
        Err(trouble) => await_source(desk, &work, &trouble).await,
    }
}

async fn load(desk: &Desk, id: Uuid, claim: Uuid) -> Result<Option<Work>> {
    let session = desk.pool.get().await?;
    store::occurrence::load(&session, id, claim).await
}

async fn go(desk: &Desk, work: &Work) -> std::result::Result<Outcome, Trouble> {
    if work.anchor_version != work.obligation.anchor_version {
        return Ok(Outcome::Overtaken);
    }
    match work.step.as_str() {
        CORRECTION => correction::run(desk, work).await,
        CALL_LIST => call_list::run(desk, work).await,
        _ => step(desk, work).await,
    }
}

async fn step(desk: &Desk, work: &Work) -> std::result::Result<Outcome, Trouble> {
    let obligation = &work.obligation;
    let Some(rule_step) = desk.rules.step(&obligation.kind, &work.step) else {
        // The ladder changed since it was planned: nothing says any more how to tell it.
        return Ok(suppress(desk, work, Reason::Over).await?);
    };
    if work.audience == Audience::Lead && obligation.lead_unit.is_empty() {
        return Ok(suppress(desk, work, Reason::NoLead).await?);
    }
    let asked_at = desk.clock.now();
    let answer = ask(desk, work).await?;
    if is_newer(&answer, obligation) {
        return Ok(learn(desk, answer).await?);
    }
    let manner = Manner {
        channels: rule_step.channels,
        positions: rule_step.positions.clone(),
        class: obligation.class,
    };
    let candidates = candidates(desk, obligation, answer.parties).await?;
    let mailing = Mailing {
        work,
        manner,
        asked_at,
        letter: letter::of_step(desk, work, rule_step.letter, candidates.units),
        candidates: candidates.all,
        told_before: HashMap::new(),
        greeted: HashMap::new(),
        speaks: false,
    };
    Ok(send(desk, mailing).await?)
}

/// Who is concerned now; of a lead step the unit in charge, with its state where
/// the source counts it among the parties.
async fn ask(desk: &Desk, work: &Work) -> std::result::Result<Answer, SourceError> {
    let obligation = &work.obligation;
    match work.audience {
        Audience::Concerned => desk.sources.audience(&obligation.name).await,
        Audience::Lead => {
            let lead = obligation.lead_unit.clone();
            let asked = std::slice::from_ref(&lead);
            let mut answer = desk.sources.check(&obligation.name, asked).await?;
            answer.parties.retain(|party| party.organisation == lead);
            if answer.parties.is_empty() {
                answer.parties.push(Party::plain(&lead));
            }
            Ok(answer)
        }
    }
}

pub(super) fn is_newer(answer: &Answer, known: &Obligation) -> bool {
    answer
        .obligation
        .as_ref()
        .is_some_and(|now| now.sequence > known.sequence)
}

/// The source is ahead of its facts: what it says counts, and decides anew.
pub(super) async fn learn(desk: &Desk, answer: Answer) -> Result<Outcome> {
    let tx = desk.pool.begin().await?;
    let facts = answer.obligation.into_iter().collect();
    intake::apply(&tx, desk, facts, Origin::Told).await?;
    tx.commit().await?;
    desk.planned.notify_one();
    Ok(Outcome::Overtaken)
}

/// Parties with their addresses, and the units that sign.
pub(super) struct Candidates {
    pub(super) all: Vec<Candidate>,
    pub(super) units: Units,
}

pub(super) async fn candidates(
    desk: &Desk,
    obligation: &Obligation,
    parties: Vec<Party>,
) -> std::result::Result<Candidates, SourceError> {
    let units = Units::names(obligation);
    let mut names: Vec<String> = parties
        .iter()
        .map(|party| party.organisation.clone())
        .collect();
    names.extend(units);
    names.sort();
    names.dedup();
    let mut reach = desk.sources.reach(&names).await?;
    let units = Units::of(obligation, &reach);
    drop(names);
    // A crowd is held once: what grows by doubling would hold it twice.
    let mut all = Vec::with_capacity(parties.len());
    let mut seen = HashSet::with_capacity(parties.len());
    for party in parties {
        if seen.insert(letter::organisation_id(&party.organisation)) {
            let found: Option<Reach> = reach.remove(&party.organisation);
            all.push(Candidate {
                reach: found,
                party,
                channels: None,
            });
        }
    }
    Ok(Candidates { all, units })
}

/// Ends an occurrence that goes out to nobody, by a rule.
pub(super) async fn suppress(desk: &Desk, work: &Work, reason: Reason) -> Result<Outcome> {
    let now = desk.clock.now();
    let tx = desk.pool.begin().await?;
    if !store::occurrence::keep_hold(&tx, work).await? {
        return Ok(Outcome::Overtaken);
    }
    store::occurrence::end(&tx, work.id, State::Suppressed, reason).await?;
    let ended = Decision::Ended {
        step: work.step.clone(),
        repetition: work.repetition,
        state: State::Suppressed.word().to_owned(),
        reason: reason.word().to_owned(),
    };
    store::decision::append(&tx, now, &[entry(work.obligation_id, Some(work.id), ended)]).await?;
    plan_next(
        &tx,
        desk,
        work.obligation_id,
        &work.obligation,
        (&work.step, work.repetition),
        now,
    )
    .await?;
    tx.commit().await?;
    desk.planned.notify_one();
    Ok(Outcome::Done)
}

/// Plans the repetition that follows one that is no longer pending.
pub(super) async fn plan_next(
    tx: &Tx,
    desk: &Desk,
    obligation_id: Uuid,
    obligation: &Obligation,
    (step, repetition): (&str, u16),
    now: Timestamp,
) -> Result<()> {
    let Some(rule_step) = desk.rules.step(&obligation.kind, step) else {
        return Ok(());
    };
    let next = arming::following(obligation, rule_step, repetition, &desk.calendar, now);
    add(
        tx,
        obligation_id,
        obligation,
        next.into_iter().collect(),
        now,
    )
    .await
}

/// Writes further occurrences of the present version, with the journal.
pub(super) async fn add(
    tx: &Tx,
    obligation_id: Uuid,
    obligation: &Obligation,
    plans: Vec<Plan>,
    now: Timestamp,
) -> Result<()> {
    let version = obligation.anchor_version;
    let fixed = obligation.anchor.is_fixed();
    let occurrences: Vec<NewOccurrence> = plans
        .into_iter()
        .map(|plan| NewOccurrence::of(obligation_id, version, fixed, plan))
        .collect();
    store::occurrence::insert(tx, &occurrences).await?;
    let journal: Vec<_> = occurrences
        .iter()
        .map(|each| entry(obligation_id, Some(each.id), decision_of(&each.plan)))
        .collect();
    store::decision::append(tx, now, &journal).await
}

/// What follows an occurrence that was missed: its next repetition, or the steps
/// that waited for a correction which never came.
pub(super) async fn after_missed(
    tx: &Tx,
    desk: &Desk,
    obligation_id: Uuid,
    missed: &Due,
    now: Timestamp,
) -> Result<()> {
    let Some(obligation) = store::obligation::by_id(tx, obligation_id).await? else {
        return Ok(());
    };
    if missed.step == CORRECTION {
        return correction::release_held(
            tx,
            desk,
            obligation_id,
            &obligation,
            missed.nominal_at,
            now,
        )
        .await;
    }
    plan_next(
        tx,
        desk,
        obligation_id,
        &obligation,
        (&missed.step, missed.repetition),
        now,
    )
    .await
}

async fn await_source(desk: &Desk, work: &Work, trouble: &Trouble) {
    let words = match trouble {
        Trouble::Store(error) => super::words(error),
        Trouble::Source(error) => error.to_string(),
    };
    tracing::warn!(occurrence = %work.id, error = %words, "a reminder waits");
    metrics::counter!("fanout_waits_total").increment(1);
    let doubled = 2_u32.saturating_pow(u32::try_from(work.attempts).unwrap_or_default());
    let pause = PAUSE_FLOOR.saturating_mul(doubled).min(PAUSE_CEILING);
    if let Err(error) = note_waiting(desk, work, trouble, desk.clock.waits().of(pause)).await {
        tracing::warn!(occurrence = %work.id, error = %super::words(&error), "a pause could not be noted");
    }
}

/// The first vain attempt goes into the journal; the others only count.
async fn note_waiting(desk: &Desk, work: &Work, trouble: &Trouble, pause: Duration) -> Result<()> {
    let session = desk.pool.get().await?;
    store::occurrence::await_source(&session, work.id, work.claim, pause).await?;
    if let (0, Trouble::Source(error)) = (work.attempts, trouble) {
        let waiting = Decision::Waiting {
            step: work.step.clone(),
            source: error.who().to_owned(),
        };
        let note = entry(work.obligation_id, Some(work.id), waiting);
        store::decision::append(&session, desk.clock.now(), &[note]).await?;
    }
    Ok(())
}
