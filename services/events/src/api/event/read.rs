//! Reading events and invitations.

use kit::auth::Caller;
use kit::error::{Error, Result, Violations};
use lienminh_proto::events::v1 as wire;
use uuid::Uuid;

use crate::api::listing::Listing;
use crate::api::wire::{event, field, name};
use crate::api::{House, party};
use crate::domain::id::EventId;
use crate::domain::obligation::Subject;
use crate::store;
use crate::store::event::{Cursor, Filter};

pub(super) async fn get(
    house: &House,
    caller: &Caller,
    request: &wire::GetEventRequest,
) -> Result<wire::Event> {
    let id: EventId = name::only("name", &request.name)?;
    let connection = house.pool.get().await?;
    let known = party::knows(&connection, caller, Subject::Event(id)).await?;
    let found = store::event::get(&connection, id)
        .await?
        .filter(|_| known)
        .ok_or_else(|| Error::not_found(id.to_string()))?;
    if request.as_printed {
        let today = vietnam::local(house.now()).date();
        return Ok(event::to_proto(&found.as_printed_on(today)));
    }
    Ok(event::to_proto(&found))
}

pub(super) async fn list(
    house: &House,
    caller: &Caller,
    request: &wire::ListEventsRequest,
) -> Result<wire::ListEventsResponse> {
    caller.require_house()?;
    let mut violations = Violations::default();
    let states = field::states(&mut violations, "states", &request.states, event::state_of);
    violations.into_result()?;
    let filter = Filter {
        states,
        undated_only: request.undated_only,
    };
    let shape = format!("{:?} {}", filter.states, filter.undated_only);
    let listing = Listing::new(house, "ListEvents", &shape, request.page_size)?;
    let cursor = listing
        .begin(&request.page_token)?
        .unwrap_or_else(Cursor::start);

    let connection = house.pool.get().await?;
    let rows = store::event::list(&connection, &filter, cursor, listing.limit()).await?;
    let (events, next_page_token) = listing.finish(rows)?;
    let events = events.iter().map(event::to_proto).collect();
    Ok(wire::ListEventsResponse {
        events,
        next_page_token,
    })
}

pub(super) async fn invitations(
    house: &House,
    caller: &Caller,
    request: &wire::ListInvitationsRequest,
) -> Result<wire::ListInvitationsResponse> {
    caller.require_house()?;
    let id: EventId = name::only("parent", &request.parent)?;
    let listing = Listing::new(house, "ListInvitations", &request.parent, request.page_size)?;
    let after: Uuid = listing.begin(&request.page_token)?.unwrap_or_default();

    let connection = house.pool.get().await?;
    if store::event::get(&connection, id).await?.is_none() {
        return Err(Error::not_found(id.to_string()));
    }
    let rows = store::invitation::page(&connection, id, after, listing.limit()).await?;
    let rows = rows
        .into_iter()
        .map(|row| (row.invitation.organisation.0, row))
        .collect();
    let (invitations, next_page_token) = listing.finish(rows)?;
    let invitations = invitations.iter().map(event::invitation_to_proto).collect();
    Ok(wire::ListInvitationsResponse {
        invitations,
        next_page_token,
    })
}
