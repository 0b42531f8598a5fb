//! Tells those who were told something else what holds now.
//!
//! Two kinds of readers: who may have read an older value is told of the change;
//! whose message the change overtook before it left, and who therefore knows
//! nothing, gets that message with what holds now.

mod readers;
mod reading;

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::Result;
use uuid::Uuid;

use super::desk::Desk;
use super::fanout::{Mailing, Outcome, Trouble, add, send};
use super::intake::entry;
use super::letter;
use crate::domain::arming;
use crate::domain::explain::Decision;
use crate::domain::fanout::Manner;
use crate::domain::obligation::Obligation;
use crate::domain::occurrence::{Reason, State};
use crate::domain::party::Position;
use crate::domain::rule::Channels;
use crate::source::SourceError;
use crate::store;
use crate::store::occurrence::{Held, Work};
use reading::Reading;

/// Offices that are told of a change, as they were told of the matter.
const POSITIONS: [Position; 5] = [
    Position::Chair,
    Position::Director,
    Position::Office,
    Position::Head,
    Position::Officer,
];

/// Fans a correction out.
pub(super) async fn run(desk: &Desk, work: &Work) -> std::result::Result<Outcome, Trouble> {
    let mut readers = readers::of(desk, work).await?;
    let asked_at = desk.clock.now();
    readers.meet(desk, work).await?;
    if readers.all.is_empty() {
        return Ok(nothing_changed(desk, work).await?);
    }
    let common = readers.most_common();
    let units = letter::units(desk, &work.obligation).await?;
    let mailing = Mailing {
        work,
        manner: Manner {
            channels: Channels::EmailElseSms,
            positions: positions(desk, &work.obligation),
            class: work.obligation.class,
            reply_pages: desk.reply_url.clone(),
        },
        asked_at,
        letter: match common {
            Some((change, before)) => letter::of_change(desk, work, *change, before, units),
            None => letter::of_step(desk, work, readers.first_kind(), units),
        },
        speaks: common.is_some(),
    };
    let mut reading = Reading::of(desk, work, &readers, common);
    send(desk, &mailing, &mut reading).await
}

/// In the worst hour a correction goes without answer codes rather than not at all.
fn without_source(work: &Work, error: SourceError) -> std::result::Result<(), SourceError> {
    if work.worst_hour {
        tracing::warn!(occurrence = %work.id, %error, "a correction goes without its source");
        Ok(())
    } else {
        Err(error)
    }
}

/// The offices that the matter's own ladder tells.
fn positions(desk: &Desk, obligation: &Obligation) -> Vec<Position> {
    desk.rules
        .of(&obligation.kind)
        .and_then(|rule| rule.steps.first())
        .map(|step| step.positions.clone())
        .filter(|positions| !positions.is_empty())
        .unwrap_or_else(|| POSITIONS.to_vec())
}

/// Everybody knows just this: the correction says nothing, and the steps that
/// waited for it go their way.
async fn nothing_changed(desk: &Desk, work: &Work) -> Result<Outcome> {
    let now = desk.clock.now();
    let tx = desk.pool.begin().await?;
    if !store::occurrence::keep_hold(&tx, work).await? {
        return Ok(Outcome::Overtaken);
    }
    store::occurrence::end(&tx, work.id, State::Suppressed, Reason::NoChange).await?;
    let ended = ended(work, Reason::NoChange);
    store::decision::append(&tx, now, &[entry(work.obligation_id, Some(work.id), ended)]).await?;
    let since = work.since.unwrap_or(work.due_at);
    release_held(&tx, desk, work.obligation_id, &work.obligation, since, now).await?;
    tx.commit().await?;
    desk.planned.notify_one();
    Ok(Outcome::Done)
}

fn ended(work: &Work, reason: Reason) -> Decision {
    Decision::Ended {
        step: work.step.clone(),
        repetition: work.repetition,
        state: State::Suppressed.word().to_owned(),
        reason: reason.word().to_owned(),
    }
}

/// What becomes of the steps that waited for a correction that went out: one that
/// told of a change stands for those that fell due until then.
pub(super) async fn close(
    tx: &Tx,
    desk: &Desk,
    work: &Work,
    speaks: bool,
    now: Timestamp,
) -> Result<()> {
    if !speaks {
        let since = work.since.unwrap_or(work.due_at);
        return release_held(tx, desk, work.obligation_id, &work.obligation, since, now).await;
    }
    let mut held =
        store::occurrence::held(tx, work.obligation_id, work.anchor_version, now).await?;
    for each in &mut held {
        each.plan = each.plan.clone().suppressed(Reason::CoveredByCorrection);
    }
    settle(tx, desk, work.obligation_id, &work.obligation, &held, now).await
}

/// Lets the steps go that waited for a correction which says nothing.
pub(super) async fn release_held(
    tx: &Tx,
    desk: &Desk,
    obligation_id: Uuid,
    obligation: &Obligation,
    since: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let version = obligation.anchor_version;
    let held = store::occurrence::held(tx, obligation_id, version, now).await?;
    let plans: Vec<_> = held.iter().map(|each| each.plan.clone()).collect();
    let released: Vec<Held> = held
        .iter()
        .zip(arming::release(&plans, since, now))
        .map(|(each, plan)| Held { id: each.id, plan })
        .collect();
    settle(tx, desk, obligation_id, obligation, &released, now).await
}

async fn settle(
    tx: &Tx,
    desk: &Desk,
    obligation_id: Uuid,
    obligation: &Obligation,
    held: &[Held],
    now: Timestamp,
) -> Result<()> {
    store::occurrence::settle_held(tx, held).await?;
    let journal: Vec<_> = held
        .iter()
        .map(|each| {
            let decision = super::intake::decision_of(&each.plan);
            entry(obligation_id, Some(each.id), decision)
        })
        .collect();
    store::decision::append(tx, now, &journal).await?;
    let next: Vec<_> = held
        .iter()
        .filter(|each| each.plan.state == State::Suppressed)
        .filter_map(|each| {
            let step = desk.rules.step(&obligation.kind, &each.plan.step)?;
            arming::following(obligation, step, each.plan.repetition, &desk.calendar, now)
        })
        .collect();
    add(tx, obligation_id, obligation, next, now).await
}
