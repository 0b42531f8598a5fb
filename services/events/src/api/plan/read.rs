//! Reading plans, items and the timeline.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::error::{Error, Result, Violation, Violations};
use lienminh_proto::events::v1 as wire;
use uuid::Uuid;

use crate::api::listing::Listing;
use crate::api::wire::{date, name, plan};
use crate::api::{House, party};
use crate::domain::anchor::{end_of_day, midnight};
use crate::domain::id::{PlanId, PlanItemId};
use crate::store;
use crate::store::columns::never;
use crate::store::timeline::{Cursor, Span};

pub(super) async fn get(house: &House, request: &wire::GetPlanRequest) -> Result<wire::Plan> {
    let id: PlanId = name::only("name", &request.name)?;
    let connection = house.pool.get().await?;
    store::plan::get(&connection, id)
        .await?
        .map(|found| plan::to_proto(&found))
        .ok_or_else(|| Error::not_found(id.to_string()))
}

pub(super) async fn list(
    house: &House,
    request: &wire::ListPlansRequest,
) -> Result<wire::ListPlansResponse> {
    let listing = Listing::new(house, "ListPlans", "", request.page_size)?;
    let cursor = listing
        .begin(&request.page_token)?
        .unwrap_or_else(store::plan::Cursor::start);
    let connection = house.pool.get().await?;
    let plans = store::plan::list(&connection, cursor, listing.limit()).await?;
    let rows = plans
        .into_iter()
        .map(|row| (store::plan::Cursor::after(&row), row))
        .collect();
    let (plans, next_page_token) = listing.finish(rows)?;
    Ok(wire::ListPlansResponse {
        plans: plans.iter().map(plan::to_proto).collect(),
        next_page_token,
    })
}

pub(super) async fn items(
    house: &House,
    caller: &Caller,
    request: &wire::ListPlanItemsRequest,
) -> Result<wire::ListPlanItemsResponse> {
    let id: PlanId = name::only("parent", &request.parent)?;
    let listing = Listing::new(house, "ListPlanItems", &request.parent, request.page_size)?;
    let after: Uuid = listing.begin(&request.page_token)?.unwrap_or_default();
    let connection = house.pool.get().await?;
    if store::plan::get(&connection, id).await?.is_none() {
        return Err(Error::not_found(id.to_string()));
    }
    let rows = store::plan_item::list(&connection, id, after, listing.limit()).await?;
    let rows = rows.into_iter().map(|row| (row.id.0, row)).collect();
    let (items, next_page_token) = listing.finish(rows)?;
    let ids: Vec<PlanItemId> = items.iter().map(|item| item.id).collect();
    let mut activities = store::activity::of_items(&connection, &ids).await?;
    party::keep_known(&connection, caller, &mut activities).await?;
    let plan_items = items
        .iter()
        .zip(&activities)
        .map(|(item, activities)| plan::item_to_proto(item, activities))
        .collect();
    Ok(wire::ListPlanItemsResponse {
        plan_items,
        next_page_token,
    })
}

pub(super) async fn timeline(
    house: &House,
    caller: &Caller,
    request: &wire::ListTimelineRequest,
) -> Result<wire::ListTimelineResponse> {
    caller.require_house()?;
    let span = read_span(request)?;
    let shape = format!("{} {}", span.from, span.until);
    let listing = Listing::new(house, "ListTimeline", &shape, request.page_size)?;
    let cursor = listing
        .begin(&request.page_token)?
        .unwrap_or_else(Cursor::start);
    let connection = house.pool.get().await?;
    let rows = store::timeline::list(&connection, span, cursor, listing.limit()).await?;
    let (entries, next_page_token) = listing.finish(rows)?;
    Ok(wire::ListTimelineResponse {
        entries: entries.iter().map(plan::entry_to_proto).collect(),
        next_page_token,
    })
}

fn read_span(request: &wire::ListTimelineRequest) -> Result<Span> {
    let mut violations = Violations::default();
    let v = &mut violations;
    let start = request
        .start_date
        .as_ref()
        .and_then(|day| date::read(v, "start_date", day));
    let end = request
        .end_date
        .as_ref()
        .and_then(|day| date::read(v, "end_date", day));
    let ordered = start.zip(end).is_none_or(|(start, end)| start <= end);
    v.require(ordered, || {
        Violation::new(
            "end_date",
            "END_BEFORE_START",
            "Ngày cuối không được trước ngày đầu.",
            "The last day must not lie before the first.",
        )
    });
    let from = start.map_or_else(earliest, midnight);
    let until = end.map_or_else(never, end_of_day);
    violations.finish(Some(Span { from, until }))
}

/// Before everything that can be entered.
fn earliest() -> Timestamp {
    midnight(jiff::civil::date(1900, 1, 1))
}
