//! Takes in facts: from the broker, from the comparison with a source, from a
//! source's answer that was newer than what we knew.
//!
//! **Guarantee**: the highest sequence of each obligation takes effect exactly
//! once, with its occurrences and the journal, in one transaction.
//!
//! - Crash before the commit: nothing happened; the broker delivers again.
//! - Crash after it: delivered again, the inbox finds the id.
//! - Out of order or twice: the sequence decides, the others change nothing.
//!
//! A fact is believed only where its publisher, for whom the broker vouches, owns the
//! matter, and where it follows what is known ([`crate::domain::fact::belief`]); anything
//! else is parked with the reason. What a source says when it is asked goes before all
//! that came from the broker ([`overrule`]).

use std::collections::HashMap;

use jiff::Timestamp;
use kit::broker::Depth;
use kit::consumer::{Handler, Message, Outcome, apply as apply_each};
use kit::database::{Session, Tx};
use kit::error::Result;
use prost::Message as _;
use uuid::Uuid;

use super::desk::Desk;
use crate::domain::correction::calendar_sequence;
use crate::domain::explain::Decision;
use crate::domain::fact::belief::{self, Telling};
use crate::domain::fact::{
    self, Effects, Known, Overtaking, Restoration, Verdict, on_fact, on_truth,
};
use crate::domain::obligation::{Obligation, Status};
use crate::domain::occurrence::{Plan, Reason, State};
use crate::source::wire;
use crate::store;
use crate::store::decision::Entry;
use crate::store::obligation::Kept;
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
    /// The source itself, over what was believed of it.
    Overruled(Restoration),
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
    let known: HashMap<String, Kept> = store::obligation::lock(tx, &names)
        .await?
        .into_iter()
        .map(|kept| (kept.obligation.name.clone(), kept))
        .collect();
    let fresh: Vec<Fresh> = facts
        .into_iter()
        .filter_map(|fact| Fresh::of(fact, &known))
        .collect();
    write(tx, desk, &fresh, origin, now).await?;
    Ok(fresh.len())
}

/// Lets what its source says of a matter now take the place of what is `believed`,
/// also where that claims to know more; `false` when something else is known by now.
/// Commit, then ring [`super::desk::Inner::planned`].
///
/// # Errors
/// What the database says.
pub async fn overrule(
    tx: &Tx,
    desk: &Desk,
    believed: &Obligation,
    truth: Obligation,
) -> Result<bool> {
    let how = fact::restoration(believed, &truth);
    store::obligation::take_turn(tx).await?;
    let known = store::obligation::lock(tx, &[&believed.name]).await?;
    let known = known.into_iter().find(|kept| kept.obligation == *believed);
    let Some(known) = known else {
        return Ok(false);
    };
    if how == Restoration::Anew {
        store::obligation::set_aside(tx, known.id).await?;
    }
    let fresh = Fresh::over(&known, truth);
    write(tx, desk, &[fresh], Origin::Overruled(how), desk.clock.now()).await?;
    Ok(true)
}

async fn write(
    tx: &Tx,
    desk: &Desk,
    fresh: &[Fresh],
    origin: Origin,
    now: Timestamp,
) -> Result<()> {
    if fresh.is_empty() {
        return Ok(());
    }
    let overrules = matches!(origin, Origin::Overruled(_));
    let saved: Vec<Kept<&Obligation>> = fresh.iter().map(Fresh::kept).collect();
    store::obligation::save(tx, &saved, overrules).await?;
    end_deliveries(tx, fresh, origin, now).await?;
    decide(tx, desk, fresh, origin, now).await?;
    kit::failpoint::hit("intake.applied");
    Ok(())
}

/// A fact that is newer than what is known.
struct Fresh {
    id: Uuid,
    before: Option<Obligation>,
    fact: Obligation,
    calendar_sequence: i64,
}

impl Fresh {
    fn of(fact: Obligation, known: &HashMap<String, Kept>) -> Option<Self> {
        match known.get(&fact.name) {
            None => Some(Self {
                id: Uuid::now_v7(),
                before: None,
                calendar_sequence: calendar_sequence(None, &fact),
                fact,
            }),
            Some(kept) => fact::is_news(&kept.obligation, &fact).then(|| Self::over(kept, fact)),
        }
    }

    /// A fact in the place of what is known.
    fn over(kept: &Kept, fact: Obligation) -> Self {
        let told = kept.obligation.telling();
        Self {
            id: kept.id,
            before: Some(kept.obligation.clone()),
            calendar_sequence: calendar_sequence(Some((kept.calendar_sequence, &told)), &fact),
            fact,
        }
    }

    const fn kept(&self) -> Kept<&Obligation> {
        Kept {
            id: self.id,
            obligation: &self.fact,
            calendar_sequence: self.calendar_sequence,
        }
    }

    fn overtakes(&self, origin: Origin) -> Option<Overtaking> {
        let fact = &self.fact;
        match origin {
            Origin::Overruled(Restoration::Anew) if fact.status != Status::Satisfied => {
                Some(Overtaking::Below(fact.anchor_version))
            }
            Origin::Told | Origin::Compared | Origin::Overruled(_) => {
                fact::overtaking(self.before.as_ref()?, fact)
            }
        }
    }
}

/// Ends deliveries that wait; those that may be leaving are seen as told below.
async fn end_deliveries(tx: &Tx, fresh: &[Fresh], origin: Origin, now: Timestamp) -> Result<()> {
    for each in fresh {
        match each.overtakes(origin) {
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
        .filter(|each| each.overtakes(origin).is_some())
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
        let verdict = match (origin, &known) {
            (Origin::Overruled(how), Some(known)) => {
                Verdict::Effects(on_truth(known, &each.fact, how, desk.house(), now))
            }
            _ => on_fact(known.as_ref(), &each.fact, desk.house(), now),
        };
        if let Verdict::Effects(effects) = verdict {
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
                repaired: origin != Origin::Told,
                overruled: matches!(origin, Origin::Overruled(_)),
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
        let tx = self.desk.pool.begin().await?;
        let admitted = kit::inbox::admit(&tx, STREAM, messages).await?;
        let facts = admitted.into_iter().map(|(_, fact)| fact).collect();
        let applied = apply(&tx, &self.desk, facts, Origin::Told).await?;
        tx.commit().await?;
        metrics::counter!("facts_applied_total").increment(applied as u64);
        self.desk.planned.notify_one();
        Ok(())
    }
}

impl FactHandler {
    /// Leaves facts out that cannot follow what is known.
    async fn weigh(&self, read: &mut [std::result::Result<Obligation, String>]) -> Result<()> {
        let session = self.desk.pool.get().await?;
        let good = read.iter().filter_map(|fact| fact.as_ref().ok());
        let names: Vec<&str> = good.map(|fact| fact.name.as_str()).collect();
        let known = store::obligation::counts(&session, &names).await?;
        for each in read {
            let follows = each
                .as_ref()
                .map(|fact| belief::follows(known.get(&fact.name).copied(), fact));
            if let Ok(Err(disbelief)) = follows {
                *each = Err(disbelief.to_string());
            }
        }
        Ok(())
    }
}

impl Handler for FactHandler {
    async fn handle(&self, batch: &[Message]) -> Vec<Outcome> {
        let mut read: Vec<std::result::Result<Obligation, String>> =
            batch.iter().map(decode).collect();
        if let Err(error) = self.weigh(&mut read).await {
            tracing::warn!(
                cause = super::words(&error),
                "facts cannot be weighed, they wait"
            );
            return vec![Outcome::NotNow; batch.len()];
        }
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

/// Why a message in the queue of facts cannot be taken in; `None` where it can.
///
/// # Errors
/// What the database says.
pub async fn problem(session: &impl Session, message: &Message) -> Result<Option<String>> {
    let fact = match decode(message) {
        Ok(fact) => fact,
        Err(reason) => return Ok(Some(reason)),
    };
    let known = store::obligation::counts(session, &[&fact.name]).await?;
    let follows = belief::follows(known.get(&fact.name).copied(), &fact);
    Ok(follows.err().map(|disbelief| disbelief.to_string()))
}

/// Reads a fact, and believes it only of its owner.
///
/// # Errors
/// Why not.
pub fn decode(message: &Message) -> std::result::Result<Obligation, String> {
    if message.type_name != OBLIGATION {
        return Err(format!("it is a {}, not an obligation", message.type_name));
    }
    let decoded = lienminh_proto::obligation::v1::Obligation::decode(message.payload.as_slice())
        .map_err(|_| "its bytes are no obligation".to_owned())?;
    let fact = wire::obligation(decoded).map_err(|error| error.to_string())?;
    let telling = Telling {
        publisher: message.publisher.as_deref(),
        routing_key: &message.routing_key,
        aggregate: message.aggregate.as_deref(),
        sequence: message.sequence,
    };
    belief::vouched(telling, &fact).map_err(|disbelief| disbelief.to_string())?;
    Ok(fact)
}
