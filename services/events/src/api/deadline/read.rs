//! Reading deadlines and what is owed.

use kit::auth::Caller;
use kit::error::{Error, Result, Violations};
use lienminh_proto::events::v1 as wire;
use uuid::Uuid;

use crate::api::listing::Listing;
use crate::api::wire::{deadline, field, name};
use crate::api::{House, party};
use crate::domain::id::DeadlineId;
use crate::domain::obligation::Subject;
use crate::store;
use crate::store::event::Cursor;

pub(super) async fn get(
    house: &House,
    caller: &Caller,
    request: &wire::GetDeadlineRequest,
) -> Result<wire::Deadline> {
    let id: DeadlineId = name::only("name", &request.name)?;
    let connection = house.pool.get().await?;
    let known = party::knows(&connection, caller, Subject::Deadline(id)).await?;
    let found = store::deadline::get(&connection, id)
        .await?
        .filter(|_| known)
        .ok_or_else(|| Error::not_found(id.to_string()))?;
    if request.as_printed {
        return Ok(deadline::to_proto(&found.as_printed()));
    }
    Ok(deadline::to_proto(&found))
}

pub(super) async fn list(
    house: &House,
    caller: &Caller,
    request: &wire::ListDeadlinesRequest,
) -> Result<wire::ListDeadlinesResponse> {
    caller.require_house()?;
    let mut violations = Violations::default();
    let states = field::states(
        &mut violations,
        "states",
        &request.states,
        deadline::state_of,
    );
    violations.into_result()?;
    let shape = format!("{states:?}");
    let listing = Listing::new(house, "ListDeadlines", &shape, request.page_size)?;
    let cursor = listing
        .begin(&request.page_token)?
        .unwrap_or_else(Cursor::start);

    let connection = house.pool.get().await?;
    let rows = store::deadline::list(&connection, &states, cursor, listing.limit()).await?;
    let (deadlines, next_page_token) = listing.finish(rows)?;
    let deadlines = deadlines.iter().map(deadline::to_proto).collect();
    Ok(wire::ListDeadlinesResponse {
        deadlines,
        next_page_token,
    })
}

pub(super) async fn submissions(
    house: &House,
    caller: &Caller,
    request: &wire::ListSubmissionsRequest,
) -> Result<wire::ListSubmissionsResponse> {
    caller.require_house()?;
    let mut violations = Violations::default();
    let v = &mut violations;
    let id: Option<DeadlineId> = name::required(v, "parent", &request.parent);
    let states = field::states(v, "states", &request.states, deadline::submission_state_of);
    let id = violations.finish(id)?;
    let shape = format!("{id} {states:?}");
    let listing = Listing::new(house, "ListSubmissions", &shape, request.page_size)?;
    let after: Uuid = listing.begin(&request.page_token)?.unwrap_or_default();

    let connection = house.pool.get().await?;
    if store::deadline::get(&connection, id).await?.is_none() {
        return Err(Error::not_found(id.to_string()));
    }
    let rows = store::submission::page(&connection, id, &states, after, listing.limit()).await?;
    let rows = rows
        .into_iter()
        .map(|row| (row.submission.organisation.0, row))
        .collect();
    let (submissions, next_page_token) = listing.finish(rows)?;
    let submissions = submissions
        .iter()
        .map(deadline::submission_to_proto)
        .collect();
    Ok(wire::ListSubmissionsResponse {
        submissions,
        next_page_token,
    })
}
