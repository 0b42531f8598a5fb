//! Telling: the obligation as it stands now is kept, and it and its subject go
//! into the outbox, in the transaction that changed them.

use kit::database::Tx;
use kit::error::Result;
use kit::outbox::{self, Fact};
use prost::Message as _;

use super::House;
use super::wire;
use crate::domain::deadline::{Deadline, DeadlineFact};
use crate::domain::event::{Event, EventFact};
use crate::domain::obligation::{Obligation, ObligationFact};
use crate::domain::plan::Plan;
use crate::store;
use crate::store::obligation::Told;

const SOURCE: &str = "events";

/// Tells what happened to an event.
pub(super) async fn event(
    tx: &Tx,
    house: &House,
    event: &Event,
    fact: EventFact,
    about: ObligationFact,
) -> Result<()> {
    let obligation = Obligation::of_event(event, &house.reply_base);
    let (told, obligation_fact) = told(&obligation, about);
    store::obligation::save(tx, &[told]).await?;
    let event_fact = Fact {
        source: SOURCE,
        aggregate: "event",
        fact: fact.as_str(),
        name: event.id.to_string(),
        sequence: event.sequence,
        occurred_at: event.updated_at,
        type_name: wire::event::TYPE,
        message: wire::event::to_proto(event).encode_to_vec(),
    };
    outbox::put(tx, &[event_fact, obligation_fact]).await
}

/// Tells what happened to some deadlines; the same to all of them.
pub(super) async fn deadlines(
    tx: &Tx,
    house: &House,
    deadlines: &[Deadline],
    fact: DeadlineFact,
    about: ObligationFact,
) -> Result<()> {
    let mut kept = Vec::with_capacity(deadlines.len());
    let mut facts = Vec::with_capacity(deadlines.len() * 2);
    for deadline in deadlines {
        let obligation = Obligation::of_deadline(deadline, &house.reply_base);
        let (told, obligation_fact) = told(&obligation, about);
        kept.push(told);
        facts.push(deadline_fact(deadline, fact));
        facts.push(obligation_fact);
    }
    store::obligation::save(tx, &kept).await?;
    outbox::put(tx, &facts).await
}

/// Tells of a new plan.
pub(super) async fn plan_created(tx: &Tx, plan: &Plan) -> Result<()> {
    let fact = Fact {
        source: SOURCE,
        aggregate: "plan",
        fact: "created",
        name: plan.id.to_string(),
        sequence: plan.revision,
        occurred_at: plan.created_at,
        type_name: wire::plan::TYPE,
        message: wire::plan::to_proto(plan).encode_to_vec(),
    };
    outbox::put(tx, &[fact]).await
}

fn deadline_fact(deadline: &Deadline, fact: DeadlineFact) -> Fact {
    Fact {
        source: SOURCE,
        aggregate: "deadline",
        fact: fact.as_str(),
        name: deadline.id.to_string(),
        sequence: deadline.sequence,
        occurred_at: deadline.updated_at,
        type_name: wire::deadline::TYPE,
        message: wire::deadline::to_proto(deadline).encode_to_vec(),
    }
}

fn told(obligation: &Obligation, fact: ObligationFact) -> (Told, Fact) {
    let message = wire::obligation::to_proto(obligation).encode_to_vec();
    let told = Told {
        name: obligation.subject.obligation_name(),
        anchor_version: obligation.anchor_version,
        sequence: obligation.sequence,
        updated_at: obligation.updated_at,
        message: message.clone(),
    };
    let fact = Fact {
        source: SOURCE,
        aggregate: "obligation",
        fact: fact.as_str(),
        name: told.name.clone(),
        sequence: obligation.sequence,
        occurred_at: obligation.updated_at,
        type_name: wire::obligation::TYPE,
        message,
    };
    (told, fact)
}
