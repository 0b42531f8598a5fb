//! Entering an event.

use std::sync::Arc;

use jiff::Timestamp;
use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, OnConstraint as _, Result, Violation, Violations};
use kit::mutation::Mutation;
use lienminh_proto::events::v1 as wire;

use super::{INVITEES_LIMIT, invite};
use crate::api::wire::{event, name, warning};
use crate::api::{House, tell};
use crate::domain::event::{Change, Event, Outcome};
use crate::domain::id::OrganisationId;
use crate::domain::warning::{self as warnings, Warning};
use crate::store;

const METHOD: &str = "lienminh.events.v1.EventService/CreateEvent";

pub(super) async fn create(
    house: &House,
    caller: &Caller,
    request: &wire::CreateEventRequest,
) -> Result<wire::Event> {
    caller.require_house()?;
    let new = New::read(request.event.as_ref(), &request.invitees, house.now())?;
    Mutation::new(&house.mutations, caller, METHOD, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let new = &new;
            async move {
                let stored = new.store(&tx, house, request.announce).await?;
                let warnings = new.warnings(&stored, house);
                Ok(wire::Event {
                    warnings: warning::to_proto(&warnings, caller.language),
                    ..event::to_proto(&stored)
                })
            }
        })
        .await
}

/// A new event with those invited.
pub(in crate::api) struct New {
    pub(in crate::api) draft: Event,
    invitees: Vec<OrganisationId>,
}

impl New {
    /// Reads it as a draft, entered at `now`.
    ///
    /// # Errors
    /// Every wrong field, named below `event` and `invitees`.
    pub(in crate::api) fn read(
        event: Option<&wire::Event>,
        invitees: &[String],
        now: Timestamp,
    ) -> Result<Self> {
        let mut violations = Violations::default();
        let draft = violations.nested("", event::read_new(event, now))?;
        let invitees = name::list(&mut violations, "invitees", invitees, INVITEES_LIMIT);
        let draft = violations.finish(draft)?;
        Ok(Self { draft, invitees })
    }

    /// Stores it, and announces it where that is wished: the event as it is then.
    ///
    /// # Errors
    /// What the database says; there is no such plan item.
    pub(in crate::api) async fn store(
        &self,
        tx: &Arc<Tx>,
        house: &House,
        announce: bool,
    ) -> Result<Event> {
        let draft = &self.draft;
        store::event::insert(tx, draft)
            .await
            .on_constraint(store::event::PLAN_ITEM_KEY, unknown_plan_item)?;
        invite::store_new(tx, draft.id, &self.invitees, &[], draft.created_at).await?;
        tx.about(draft.id.to_string());
        if !announce {
            return Ok(draft.clone());
        }
        match draft.apply(Change::Announce, draft.created_at)? {
            Outcome::Told(announced, fact, about) => {
                store::event::update(tx, &announced).await?;
                tell::event(tx, house, &announced, fact, about).await?;
                Ok(announced)
            }
            Outcome::Silent(_) | Outcome::Unchanged => Ok(draft.clone()),
        }
    }

    /// What a person should look at again.
    pub(in crate::api) fn warnings(&self, stored: &Event, house: &House) -> Vec<Warning> {
        let (invited, now) = (!self.invitees.is_empty(), self.draft.created_at);
        warnings::of_event(None, stored, invited, &house.calendar, now)
    }
}

fn unknown_plan_item() -> Error {
    Error::invalid(Violation::new(
        "event.plan_item",
        "UNKNOWN_PLAN_ITEM",
        "Không có nội dung kế hoạch này.",
        "There is no such plan item.",
    ))
}
