//! Entering an event.

use std::sync::Arc;

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
use crate::domain::warning as warnings;
use crate::store;

const METHOD: &str = "lienminh.events.v1.EventService/CreateEvent";

pub(super) async fn create(
    house: &House,
    caller: &Caller,
    request: &wire::CreateEventRequest,
) -> Result<wire::Event> {
    caller.require_house()?;
    let now = house.now();
    let mut violations = Violations::default();
    let draft = match event::read_new(request.event.as_ref(), now) {
        Ok(draft) => Some(draft),
        Err(Error::InvalidArgument(found)) => {
            found.into_iter().for_each(|each| violations.push(each));
            None
        }
        Err(other) => return Err(other),
    };
    let invitees: Vec<OrganisationId> = name::list(
        &mut violations,
        "invitees",
        &request.invitees,
        INVITEES_LIMIT,
    );
    let draft = violations.finish(draft)?;

    Mutation::new(&house.mutations, caller, METHOD, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let (draft, invitees) = (&draft, &invitees);
            async move {
                let stored = store_new(&tx, house, draft, invitees, request.announce).await?;
                let invited = !invitees.is_empty();
                let warnings = warnings::of_event(None, &stored, invited, &house.calendar, now);
                Ok(wire::Event {
                    warnings: warning::to_proto(&warnings, caller.language),
                    ..event::to_proto(&stored)
                })
            }
        })
        .await
}

async fn store_new(
    tx: &Arc<Tx>,
    house: &House,
    draft: &Event,
    invitees: &[OrganisationId],
    announce: bool,
) -> Result<Event> {
    store::event::insert(tx, draft)
        .await
        .on_constraint(store::event::PLAN_ITEM_KEY, unknown_plan_item)?;
    invite::store_new(tx, draft.id, invitees, &[], draft.created_at).await?;
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

fn unknown_plan_item() -> Error {
    Error::invalid(Violation::new(
        "event.plan_item",
        "UNKNOWN_PLAN_ITEM",
        "Không có nội dung kế hoạch này.",
        "There is no such plan item.",
    ))
}
