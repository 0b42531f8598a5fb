//! Takes in facts: from the broker, from the comparison with a source, from a
//! source's answer that was newer than what we knew.
//!
//! **Guarantee**: the highest sequence of each obligation takes effect exactly
//! once, with its occurrences and the journal, in one transaction.
//!
//! - Crash before the commit: nothing happened; the broker delivers again.
//! - Crash after it: delivered again, the inbox finds the id.
//! - Out of order or twice: the sequence decides, the others change nothing.

use std::collections::HashMap;

use jiff::Timestamp;
use kit::broker::Depth;
use kit::consumer::{Handler, Message, Outcome, apply as apply_each};
use kit::database::Tx;
use kit::error::Result;
use prost::Message as _;
use uuid::Uuid;

use super::desk::Desk;
use crate::domain::explain::Decision;
use crate::domain::fact::{self, Effects, Known, Overtaking, Verdict, on_fact};
use crate::domain::obligation::Obligation;
use crate::domain::occurrence::{Plan, Reason, State};
use crate::source::wire;
use crate::store;
use crate::store::decision::Entry;
use crate::store::occurrence::NewOccurrence;

/// The stream that is compared with what the sources published.
pub const STREAM: &str = "facts:obligation";

/// The type of the facts taken.
pub const OBLIGATION: &str = "lienminh.obligation.v1.Obligation";

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The broker, or a source that was just asked.
    Told,
    /// The comparison with a source: the broker did not bring it.
    Compared,
}

/// Takes obligations in; tells how many were new. Commit, then ring
/// [`super::desk::Inner::planned`].
///
/// # Errors
/// What the database says.
pub async fn apply(tx: &Tx, desk: &Desk, facts: Vec<Obligation>, origin: Origin) -> Result<usize> {
    let now = desk.clock.now();
    let facts = fact::newest(facts);
    store::obligation::take_turn(tx).await?;
    let names: Vec<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
    let known: HashMap<String, (Uuid, Obligation)> = store::obligation::lock(tx, &names)
        .await?
        .into_iter()
        .map(|(id, obligation)| (obligation.name.clone(), (id, obligation)))
        .collect();
    let fresh: Vec<Fresh> = facts
        .into_iter()
        .filter_map(|fact| Fresh::of(fact, &known))
        .collect();
    if fresh.is_empty() {
        return Ok(0);
    }
    let saved: Vec<(Uuid, &Obligation)> = fresh.iter().map(|each| (each.id, &each.fact)).collect();
    store::obligation::save(tx, &saved).await?;
    end_deliveries(tx, &fresh, now).await?;
    decide(tx, desk, &fresh, origin, now).await?;
    kit::failpoint::hit("intake.applied");
    Ok(fresh.len())
}

/// A fact that is newer than what is known.
struct Fresh {
    id: Uuid,
    before: Option<Obligation>,
    fact: Obligation,
}

impl Fresh {
    fn of(fact: Obligation, known: &HashMap<String, (Uuid, Obligation)>) -> Option<Self> {
        match known.get(&fact.name) {
            None => Some(Self {
                id: Uuid::now_v7(),
                before: None,
                fact,
            }),
            Some((id, before)) => fact::is_news(before, &fact).then(|| Self {
                id: *id,
                before: Some(before.clone()),
                fact,
            }),
        }
    }

    fn overtakes(&self) -> Option<Overtaking> {
        fact::overtaking(self.before.as_ref()?, &self.fact)
    }
}

/// Ends deliveries that wait; those that may be leaving are seen as told below.
async fn end_deliveries(tx: &Tx, fresh: &[Fresh], now: Timestamp) -> Result<()> {
    for each in fresh {
        match each.overtakes() {
            None => {}
            Some(Overtaking::Satisfied) => {
                store::delivery::satisfy_pending(tx, each.id, now).await?;
            }
            Some(Overtaking::Below(version)) => {
                store::delivery::supersede_pending(tx, each.id, version, now).await?;
            }
        }
    }
    Ok(())
}

async fn decide(
    tx: &Tx,
    desk: &Desk,
    fresh: &[Fresh],
    origin: Origin,
    now: Timestamp,
) -> Result<()> {
    let moved: Vec<Uuid> = fresh
        .iter()
        .filter(|each| each.overtakes().is_some())
        .map(|each| each.id)
        .collect();
    let mut told = store::obligation::told(tx, &moved).await?;
    let unsent = store::obligation::unsent_since(tx, &moved).await?;
    let armed = store::occurrence::armed(tx, &moved).await?;
    let mut changes = Changes::default();
    for each in fresh {
        let known = each.before.as_ref().map(|before| Known {
            obligation: before.clone(),
            told: told.remove(&each.id).unwrap_or_default(),
            unsent_since: unsent.get(&each.id).copied(),
            armed: armed.contains(&each.id),
        });
        if let Verdict::Effects(effects) = on_fact(known.as_ref(), &each.fact, desk.house(), now) {
            changes.add(each, effects, origin);
        }
    }
    changes.write(tx, now).await
}

/// The effects of a batch of facts, to be written set by set.
#[derive(Default)]
struct Changes {
    endings: Vec<(Uuid, State, Reason)>,
    reopened: Vec<Uuid>,
    occurrences: Vec<NewOccurrence>,
    heard: Vec<Entry>,
    planned: Vec<Entry>,
}

impl Changes {
    fn add(&mut self, fresh: &Fresh, effects: Effects, origin: Origin) {
        let (id, fact) = (fresh.id, &fresh.fact);
        self.heard.push(entry(
            id,
            None,
            Decision::Fact {
                status: fact.status.word().to_owned(),
                sequence: fact.sequence,
                anchor_version: fact.anchor_version,
                repaired: origin == Origin::Compared,
            },
        ));
        if let Some((state, reason)) = effects.pending {
            self.endings.push((id, state, reason));
        }
        if effects.reopened {
            self.reopened.push(id);
        }
        if let Some(nothing) = effects.nothing {
            self.planned
                .push(entry(id, None, Decision::nothing(nothing)));
        }
        let fixed = fact.anchor.is_fixed();
        for plan in effects.plans {
            let occurrence = NewOccurrence::of(id, fact.anchor_version, fixed, plan);
            self.planned.push(entry(
                id,
                Some(occurrence.id),
                decision_of(&occurrence.plan),
            ));
            self.occurrences.push(occurrence);
        }
    }

    async fn write(self, tx: &Tx, now: Timestamp) -> Result<()> {
        let ended = store::occurrence::end_pending(tx, &self.endings).await?;
        store::occurrence::reopen(tx, &self.reopened, now).await?;
        store::occurrence::insert(tx, &self.occurrences).await?;
        let reasons: HashMap<Uuid, (State, Reason)> = self
            .endings
            .iter()
            .map(|(id, state, reason)| (*id, (*state, *reason)))
            .collect();
        let mut journal = self.heard;
        journal.extend(ended.into_iter().filter_map(|each| {
            let (state, reason) = reasons.get(&each.obligation_id)?;
            Some(entry(
                each.obligation_id,
                Some(each.id),
                Decision::Ended {
                    step: each.step,
                    repetition: each.repetition,
                    state: state.word().to_owned(),
                    reason: reason.word().to_owned(),
                },
            ))
        }));
        journal.extend(self.planned);
        store::decision::append(tx, now, &journal).await
    }
}

/// The journal's word for a plan.
#[must_use]
pub fn decision_of(plan: &Plan) -> Decision {
    if plan.state == State::Scheduled {
        Decision::Scheduled {
            step: plan.step.clone(),
            repetition: plan.repetition,
            due_at: plan.due_at,
        }
    } else {
        Decision::Ended {
            step: plan.step.clone(),
            repetition: plan.repetition,
            state: plan.state.word().to_owned(),
            reason: plan.reason.word().to_owned(),
        }
    }
}

pub(super) fn entry(obligation_id: Uuid, occurrence_id: Option<Uuid>, decision: Decision) -> Entry {
    Entry {
        obligation_id,
        occurrence_id,
        decision,
    }
}

/// Takes facts from the broker.
#[derive(Clone)]
pub struct FactHandler {
    desk: Desk,
}

impl FactHandler {
    /// A handler for this desk.
    #[must_use]
    pub const fn new(desk: Desk) -> Self {
        Self { desk }
    }

    async fn take(&self, messages: Vec<(Uuid, Obligation)>) -> Result<()> {
        let ids: Vec<Uuid> = messages.iter().map(|(id, _)| *id).collect();
        let tx = self.desk.pool.begin().await?;
        let admitted = kit::inbox::admit(&tx, STREAM, &ids).await?;
        let facts = messages
            .into_iter()
            .filter(|(id, _)| admitted.contains(id))
            .map(|(_, fact)| fact)
            .collect();
        let applied = apply(&tx, &self.desk, facts, Origin::Told).await?;
        tx.commit().await?;
        metrics::counter!("facts_applied_total").increment(applied as u64);
        self.desk.planned.notify_one();
        Ok(())
    }
}

impl Handler for FactHandler {
    async fn handle(&self, batch: &[Message]) -> Vec<Outcome> {
        let read: Vec<std::result::Result<Obligation, String>> = batch.iter().map(decode).collect();
        let good: Vec<(Uuid, Obligation)> = batch
            .iter()
            .zip(&read)
            .filter_map(|(message, fact)| Some((message.id, fact.as_ref().ok()?.clone())))
            .collect();
        let mut taken = apply_each(good, |some| self.take(some)).await.into_iter();
        read.into_iter()
            .map(|fact| match fact {
                Err(reason) => Outcome::Poison(reason),
                Ok(_) => taken.next().unwrap_or(Outcome::NotNow),
            })
            .collect()
    }

    /// A queue found empty may have been wiped: the sources are asked what they hold.
    async fn connected(&self, depth: Depth) -> Result<()> {
        if depth.messages == 0 {
            self.desk.doubted.notify_one();
        }
        Ok(())
    }
}

/// Why a message in the queue of facts can never be taken in; `None` where it can.
#[must_use]
pub fn problem(message: &Message) -> Option<String> {
    decode(message).err()
}

fn decode(message: &Message) -> std::result::Result<Obligation, String> {
    if message.type_name != OBLIGATION {
        return Err(format!("it is a {}, not an obligation", message.type_name));
    }
    let decoded = lienminh_proto::obligation::v1::Obligation::decode(message.payload.as_slice())
        .map_err(|_| "its bytes are no obligation".to_owned())?;
    wire::obligation(decoded).map_err(|error| error.to_string())
}
