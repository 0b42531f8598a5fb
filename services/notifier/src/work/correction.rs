//! Tells those who were told something else what holds now.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::Result;
use uuid::Uuid;

use super::desk::Desk;
use super::fanout::{Mailing, Outcome, Trouble, add, candidates, is_newer, learn, send};
use super::intake::entry;
use super::letter::{self, organisation_name};
use crate::domain::arming;
use crate::domain::correction::{Change, change};
use crate::domain::delivery::Channel;
use crate::domain::explain::Decision;
use crate::domain::fanout::Manner;
use crate::domain::obligation::{Obligation, Telling};
use crate::domain::occurrence::{Reason, State};
use crate::domain::party::{Party, Position};
use crate::domain::rule::Channels;
use crate::source::SourceError;
use crate::store;
use crate::store::occurrence::{Held, Work};
use crate::store::told::ToldRow;

/// Offices that are told of a change, as they were told of the matter.
const POSITIONS: [Position; 5] = [
    Position::Chair,
    Position::Director,
    Position::Office,
    Position::Head,
    Position::Officer,
];

/// A party that was told something else than what holds.
struct Misled {
    organisation: String,
    change: Change,
    before: Telling,
    channels: Vec<Channel>,
    greeted: Vec<String>,
}

/// Fans a correction out.
pub(super) async fn run(desk: &Desk, work: &Work) -> std::result::Result<Outcome, Trouble> {
    let misled = misled(desk, work).await?;
    let Some((change, before)) = most_common(&misled) else {
        return Ok(nothing_changed(desk, work).await?);
    };
    let asked_at = desk.clock.now();
    let names: Vec<String> = misled
        .iter()
        .map(|each| each.organisation.clone())
        .collect();
    let answer = match desk.sources.check(&work.obligation.name, &names).await {
        Ok(answer) => answer,
        Err(error) => without_source(work, error)?,
    };
    if is_newer(&answer, &work.obligation) {
        return Ok(learn(desk, answer).await?);
    }
    let mut known: HashMap<String, Party> = answer
        .parties
        .into_iter()
        .map(|party| (party.organisation.clone(), party))
        .collect();
    let parties = misled
        .iter()
        .map(|each| {
            let found = known.remove(&each.organisation);
            found.unwrap_or_else(|| Party::plain(&each.organisation))
        })
        .collect();
    let mut found = candidates(desk, &work.obligation, parties).await?;
    let mut told_before = HashMap::new();
    for (candidate, each) in found.all.iter_mut().zip(&misled) {
        candidate.channels = Some(each.channels.clone());
        if (each.change, &each.before) != (change, &before) {
            let other = letter::told_before(desk, &work.obligation, each.change, &each.before);
            told_before.insert(each.organisation.clone(), other);
        }
    }
    let greeted: HashMap<String, Vec<String>> = misled
        .iter()
        .map(|each| (each.organisation.clone(), each.greeted.clone()))
        .collect();
    let mailing = Mailing {
        work,
        manner: Manner {
            channels: Channels::EmailElseSms,
            positions: positions(desk, &work.obligation),
            class: work.obligation.class,
        },
        asked_at,
        letter: letter::of_change(desk, work, change, &before, found.units),
        candidates: found.all,
        told_before,
        greeted,
    };
    Ok(send(desk, mailing).await?)
}

/// In the worst hour a correction goes without answer codes rather than not at all.
fn without_source(
    work: &Work,
    error: SourceError,
) -> std::result::Result<crate::source::Answer, SourceError> {
    if work.worst_hour {
        tracing::warn!(occurrence = %work.id, %error, "a correction goes without its source");
        Ok(crate::source::Answer::default())
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

/// Whoever may have read something else than what holds, by their own rows.
async fn misled(desk: &Desk, work: &Work) -> Result<Vec<Misled>> {
    let session = desk.pool.get().await?;
    let rows = store::told::parties(&session, work.obligation_id, work.id).await?;
    let mut versions: Vec<i64> = rows.iter().map(|row| row.anchor_version).collect();
    versions.sort_unstable();
    versions.dedup();
    let tellings = store::obligation::tellings(&session, work.obligation_id, &versions).await?;
    let tellings: HashMap<i64, Telling> = versions.into_iter().zip(tellings).collect();
    let present = work.obligation.telling();
    let mut parties: BTreeMap<Uuid, Vec<ToldRow>> = BTreeMap::new();
    for row in rows {
        parties.entry(row.organisation_id).or_default().push(row);
    }
    Ok(parties
        .into_iter()
        .filter_map(|(id, rows)| {
            let latest = rows.iter().map(|row| row.anchor_version).max()?;
            let before = tellings.get(&latest)?;
            Some(Misled {
                organisation: organisation_name(id),
                change: change(before, &present)?,
                before: before.clone(),
                channels: channels(&rows, work.worst_hour),
                greeted: rows.into_iter().flat_map(|row| row.greeted).collect(),
            })
        })
        .collect())
}

/// The channels they were told on, or the other one where that came back; in the
/// worst hour every channel there is.
fn channels(rows: &[ToldRow], worst_hour: bool) -> Vec<Channel> {
    if worst_hour {
        return vec![Channel::Email, Channel::Sms];
    }
    let mut channels: Vec<Channel> = rows
        .iter()
        .map(|row| match (row.channel, row.bounced) {
            (Channel::Email, true) => Channel::Sms,
            (Channel::Sms, true) => Channel::Email,
            (channel, _) => channel,
        })
        .collect();
    channels.sort_unstable();
    channels.dedup();
    channels
}

/// What most were told: the letter speaks to them, the others are told apart.
fn most_common(misled: &[Misled]) -> Option<(Change, Telling)> {
    let mut groups: Vec<(Change, &Telling, usize)> = Vec::new();
    for each in misled {
        let known = groups
            .iter_mut()
            .find(|(change, before, _)| *change == each.change && **before == each.before);
        match known {
            Some((_, _, count)) => *count += 1,
            None => groups.push((each.change, &each.before, 1)),
        }
    }
    // The first of equals, so that two runs choose alike.
    groups.reverse();
    groups
        .into_iter()
        .max_by_key(|(_, _, count)| *count)
        .map(|(change, before, _)| (change, before.clone()))
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

/// The correction stands for the steps that fell due until it went out.
pub(super) async fn cover_held(tx: &Tx, desk: &Desk, work: &Work, now: Timestamp) -> Result<()> {
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
