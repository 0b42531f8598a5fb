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

mod crowd;
mod follow;
mod patience;
mod write;
mod writer;

use kit::error::Result;
use uuid::Uuid;

use super::desk::Desk;
use super::intake::{self, Origin};
use super::letter;
use super::{call_list, correction};
use crate::domain::fanout::{Candidate, Manner};
use crate::domain::obligation::Obligation;
use crate::domain::occurrence::{CALL_LIST, CORRECTION, Reason};
use crate::domain::party::Party;
use crate::domain::rule::Audience;
use crate::source::SourceError;
use crate::store;
use crate::store::occurrence::Work;

use crowd::Concerned;
pub(super) use crowd::{BATCH, Crowd, Held, candidates, refuse_newer};
pub(super) use follow::{add, after_missed, suppress};
pub use write::HELD;
pub(super) use write::{Mailing, send};

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
    /// The source is ahead of its facts.
    #[error("the obligation is newer than what is known of it")]
    Newer(Box<Obligation>),
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
    let outcome = match go(desk, &work).await {
        Err(Trouble::Newer(present)) => learn(desk, *present).await.map_err(Trouble::from),
        outcome => outcome,
    };
    match outcome {
        Ok(Outcome::Done) => {}
        Ok(Outcome::Overtaken) => {
            tracing::debug!(occurrence = %id, "a fan-out was overtaken");
        }
        Err(trouble) => patience::await_source(desk, &work, &trouble).await,
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
    let units = letter::units(desk, obligation).await?;
    let mailing = Mailing {
        work,
        manner: Manner {
            channels: rule_step.channels_at(&obligation.anchor, desk.clock.now()),
            positions: rule_step.positions.clone(),
            class: obligation.class,
            reply_pages: desk.reply_url.clone(),
        },
        asked_at: desk.clock.now(),
        letter: letter::of_step(desk, work, rule_step.letter, units),
        speaks: false,
    };
    match work.audience {
        Audience::Concerned => send(desk, &mailing, &mut Concerned::by(desk, work)).await,
        Audience::Lead => {
            send(
                desk,
                &mailing,
                &mut Held::few(lead(desk, obligation).await?),
            )
            .await
        }
    }
}

/// The unit in charge, with its state where the source counts it among the parties.
async fn lead(
    desk: &Desk,
    obligation: &Obligation,
) -> std::result::Result<Vec<Candidate>, Trouble> {
    let lead = obligation.lead_unit.clone();
    let asked = std::slice::from_ref(&lead);
    let mut answer = desk.sources.check(&obligation.name, asked).await?;
    refuse_newer(answer.obligation, obligation)?;
    answer.parties.retain(|party| party.organisation == lead);
    if answer.parties.is_empty() {
        answer.parties.push(Party::plain(&lead));
    }
    Ok(candidates(desk, answer.parties).await?)
}

/// The source is ahead of its facts: what it says counts, and decides anew.
async fn learn(desk: &Desk, present: Obligation) -> Result<Outcome> {
    let tx = desk.pool.begin().await?;
    intake::apply(&tx, desk, vec![present], Origin::Told).await?;
    tx.commit().await?;
    desk.planned.notify_one();
    Ok(Outcome::Overtaken)
}
