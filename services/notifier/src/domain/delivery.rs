//! The life of a delivery as a pure function of its present state and an event.
//!
//! The statements in `store/delivery` are the same rules as guards in SQL: what
//! they let through is what [`apply`] lets through. Here the rules can be read,
//! and tried at every step without a database.
//!
//! Three rules carry it. Until `commit_send` nothing was sent, so a dead worker's
//! row may simply be queued again. From `commit_send` on only evidence moves a
//! row: a reply, a receipt, a gateway's answer, a person. And whoever acts names
//! what gives him the right: the generation of his order, the lease of his claim.

mod state;

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::obligation::{Class, Status};

pub use state::{Channel, State};

/// What the decisions look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Where it stands.
    pub state: State,
    /// How often it was offered to the workers.
    pub generation: i32,
    /// The claim that holds it, or held it last.
    pub lease: Option<Uuid>,
    /// Claims so far.
    pub attempts: i32,
    /// How often a provider was about to be given it.
    pub sends: i32,
    /// How often it was sent again although the outcome was unknown.
    pub resends: i32,
    /// Whether it is posted again under a guard: the gateway knows the same order
    /// again for a while, and tells whether it has it.
    pub guarded: bool,
    /// The class that decides what happens when unsure.
    pub class: Class,
}

impl Delivery {
    /// A delivery as fan-out leaves it.
    #[must_use]
    pub const fn queued(class: Class) -> Self {
        Self {
            state: State::Queued,
            generation: 1,
            lease: None,
            attempts: 0,
            sends: 0,
            resends: 0,
            guarded: false,
            class,
        }
    }

    /// Whether an earlier copy may have arrived, of which nobody knows.
    #[must_use]
    pub const fn in_doubt(&self) -> bool {
        self.resends > 0 || self.guarded
    }

    /// Whether the addressee may have read it: by where it stands, or because an
    /// earlier copy went out whose outcome nobody knows.
    #[must_use]
    pub const fn may_have_told(&self) -> bool {
        self.state.may_have_told()
            || (self.in_doubt()
                && matches!(
                    self.state,
                    State::Queued | State::Claimed | State::RetryWait
                ))
    }
}

/// Whether the matter still stands when a message is about to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Stands,
    /// A newer anchor version took its place.
    Superseded,
    /// Nothing to remind of any more.
    Satisfied,
    /// Its usefulness has ended.
    Late,
    /// It does, but an earlier copy may have arrived, and the gateway would no longer
    /// know this one for the same.
    Unguarded,
}

/// What decides whether a message may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matter {
    /// The obligation's present anchor version.
    pub version: i64,
    /// Where the obligation stands.
    pub status: Status,
}

/// Whether the matter of a message for `version`, useful until `useful_until`,
/// still stands at `now`. Corrections outlive their obligation.
#[must_use]
pub fn standing(
    matter: Matter,
    version: i64,
    useful_until: Timestamp,
    outlives_obligation: bool,
    now: Timestamp,
) -> Standing {
    if useful_until <= now {
        return Standing::Late;
    }
    if matter.version != version {
        return Standing::Superseded;
    }
    match matter.status {
        _ if outlives_obligation => Standing::Stands,
        Status::Scheduled => Standing::Stands,
        Status::Satisfied => Standing::Satisfied,
        Status::Postponed | Status::Cancelled => Standing::Superseded,
    }
}

/// A message is handed over this soon after `commit_send` was asked, or not at
/// all: long before the lease ends, and before a gateway is asked whether it has it.
const HAND_OVER: Duration = Duration::from_secs(30);

/// Whether a worker may still hand over what it asked to commit to `ago`. Who
/// slept in between may wake when others have settled the row.
#[must_use]
pub fn may_hand_over(ago: Duration) -> bool {
    ago <= HAND_OVER
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The provider took it over.
    Accepted,
    /// It certainly was not sent; another attempt may help.
    NotSent,
    /// The provider refused it for good.
    Refused,
    /// Nobody knows.
    NoAnswer,
    /// A rule found in hand that it must not go out.
    Withdrawn,
}

/// What a provider reports later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// It arrived.
    Delivered,
    /// It came back, or the network refused it.
    Failed,
}

/// What is found out about an unknown outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The provider has it.
    Accepted,
    /// The provider never had it.
    NotAccepted,
    /// There is none, and the same order again brings it: the provider knows it by
    /// its id, and a copy that had arrived is not sent twice.
    Repeat,
    /// There is none, and none will come.
    Nothing,
}

/// What a person decides about a parked delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It did arrive.
    Sent,
    /// It did not; send the identical bytes again.
    Resend,
    /// It did not; give it up.
    Failed,
}

/// What happens to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A worker takes it up, on an order of some generation.
    Claim {
        /// The generation of the order.
        generation: i32,
        /// The new claim.
        lease: Uuid,
    },
    /// The worker is about to hand the message over.
    CommitSend {
        /// Its claim.
        lease: Uuid,
        /// Whether the matter still stands.
        standing: Standing,
    },
    /// The worker's attempt ended.
    Finish {
        /// Its claim.
        lease: Uuid,
        /// How.
        ending: Ending,
    },
    /// The worker is dead, or held the row for too long.
    LeaseLost,
    /// The wait before the next attempt is over.
    Due,
    /// A provider reports.
    Receipt(Report),
    /// An unknown outcome was looked into.
    Reconciled(Evidence),
    /// The matter moved on before a worker took the row up.
    Overtaken(Standing),
    /// A person decides.
    Person(Decision),
}

/// The event has no right to this delivery, or comes too late: nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event has no power over this delivery")]
pub struct Powerless;

/// The delivery after an event.
///
/// # Errors
/// [`Powerless`] when nothing changes: an old order, a lost lease, a second receipt.
pub fn apply(delivery: &Delivery, event: Event) -> Result<Delivery, Powerless> {
    let mut next = delivery.clone();
    match event {
        Event::Claim { generation, lease } => {
            require(delivery.state == State::Queued && delivery.generation == generation)?;
            next.state = State::Claimed;
            next.lease = Some(lease);
            next.attempts += 1;
        }
        Event::CommitSend { lease, standing } => {
            // Whoever did not hear the answer asks again: it has handed nothing over yet.
            let again = delivery.state == State::Sending && standing == Standing::Unguarded;
            require(again || delivery.state == State::Claimed)?;
            require(delivery.lease == Some(lease))?;
            match standing {
                Standing::Stands => {
                    next.state = State::Sending;
                    next.sends += 1;
                }
                Standing::Unguarded => {
                    require(delivery.guarded)?;
                    next.state = State::Unknown;
                }
                Standing::Superseded | Standing::Satisfied | Standing::Late => {
                    next.state = overtaken(delivery, standing)?;
                }
            }
        }
        Event::Finish { lease, ending } => {
            require(delivery.lease == Some(lease))?;
            next.state = finished(delivery.state, ending)?;
            // Refused this time; an earlier copy may have arrived all the same.
            if delivery.in_doubt() && matches!(next.state, State::Failed | State::Suppressed) {
                next.state = State::Parked;
            }
        }
        Event::LeaseLost if delivery.state == State::Claimed => requeue(&mut next),
        Event::LeaseLost => {
            require(delivery.state == State::Sending)?;
            next.state = State::Unknown;
        }
        Event::Due => {
            require(delivery.state == State::RetryWait)?;
            requeue(&mut next);
        }
        Event::Receipt(report) => next.state = received(delivery, report)?,
        Event::Reconciled(evidence) => {
            require(delivery.state == State::Unknown)?;
            reconcile(&mut next, evidence);
        }
        Event::Overtaken(standing) => {
            require(matches!(delivery.state, State::Queued | State::RetryWait))?;
            next.state = overtaken(delivery, standing)?;
        }
        Event::Person(decision) => {
            require(matches!(delivery.state, State::Parked | State::Unknown))?;
            match decision {
                Decision::Sent => next.state = State::Sent,
                Decision::Failed => next.state = State::Failed,
                Decision::Resend => {
                    send_again(&mut next);
                }
            }
        }
    }
    Ok(next)
}

fn require(right: bool) -> Result<(), Powerless> {
    right.then_some(()).ok_or(Powerless)
}

/// Whatever the gateway knows: this copy is another one.
fn send_again(delivery: &mut Delivery) {
    requeue(delivery);
    delivery.resends += 1;
    delivery.guarded = false;
}

fn requeue(delivery: &mut Delivery) {
    delivery.state = State::Queued;
    delivery.generation += 1;
    delivery.lease = None;
}

/// A matter that moved on ends a delivery, unless an earlier copy of it may be
/// with the addressee already: then only a person can say what happened.
fn overtaken(delivery: &Delivery, standing: Standing) -> Result<State, Powerless> {
    match standing {
        Standing::Stands | Standing::Unguarded => Err(Powerless),
        Standing::Superseded | Standing::Satisfied | Standing::Late if delivery.in_doubt() => {
            Ok(State::Parked)
        }
        Standing::Superseded => Ok(State::Superseded),
        Standing::Satisfied => Ok(State::Satisfied),
        Standing::Late => Ok(State::Missed),
    }
}

fn finished(state: State, ending: Ending) -> Result<State, Powerless> {
    match (state, ending) {
        (State::Claimed | State::Sending | State::Unknown, Ending::NotSent) => Ok(State::RetryWait),
        (State::Claimed | State::Sending | State::Unknown, Ending::Refused) => Ok(State::Failed),
        (State::Claimed, Ending::Withdrawn) => Ok(State::Suppressed),
        // A late 250 of a slow worker is the evidence that was missing.
        (State::Sending | State::Unknown | State::Parked, Ending::Accepted) => Ok(State::Sent),
        (State::Sending, Ending::NoAnswer) => Ok(State::Unknown),
        _ => Err(Powerless),
    }
}

/// Receipts come early, late and twice; in whatever order they come, the row
/// ends the same: that it arrived outweighs that it failed.
fn received(delivery: &Delivery, report: Report) -> Result<State, Powerless> {
    match (delivery.state, report) {
        (
            State::Sending | State::Unknown | State::Parked | State::Sent | State::Bounced,
            Report::Delivered,
        ) => Ok(State::Delivered),
        (State::Queued | State::Claimed | State::RetryWait, Report::Delivered)
            if delivery.sends > 0 =>
        {
            Ok(State::Delivered)
        }
        (State::Sending | State::Unknown | State::Parked | State::Sent, Report::Failed) => {
            Ok(State::Bounced)
        }
        _ => Err(Powerless),
    }
}

/// Whether a message of unknown outcome leaves once more by itself.
#[must_use]
pub fn is_resent(class: Class, resends: i32) -> bool {
    class == Class::LegalDeadline && resends == 0
}

fn reconcile(delivery: &mut Delivery, evidence: Evidence) {
    match evidence {
        Evidence::Accepted => delivery.state = State::Sent,
        Evidence::NotAccepted => requeue(delivery),
        Evidence::Repeat => {
            requeue(delivery);
            delivery.guarded = true;
        }
        Evidence::Nothing if is_resent(delivery.class, delivery.resends) => send_again(delivery),
        Evidence::Nothing => delivery.state = State::Parked,
    }
}

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
