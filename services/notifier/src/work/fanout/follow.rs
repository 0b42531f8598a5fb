//! What an occurrence leaves behind when it ends: its repetition, further steps.

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::Result;
use uuid::Uuid;

use super::super::correction;
use super::super::desk::Desk;
use super::super::intake::{decision_of, entry};
use super::Outcome;
use crate::domain::arming;
use crate::domain::explain::Decision;
use crate::domain::obligation::Obligation;
use crate::domain::occurrence::{CORRECTION, Plan, Reason, State};
use crate::domain::triage::Due;
use crate::store;
use crate::store::occurrence::{NewOccurrence, Work};

/// Ends an occurrence that goes out to nobody, by a rule.
pub(in crate::work) async fn suppress(desk: &Desk, work: &Work, reason: Reason) -> Result<Outcome> {
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
pub(in crate::work) async fn plan_next(
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
pub(in crate::work) async fn add(
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
pub(in crate::work) async fn after_missed(
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
