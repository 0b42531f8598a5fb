//! Entering plans and their items.

use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, OnConstraint as _, Result, Violation};
use kit::mutation::Mutation;
use lienminh_proto::events::v1 as wire;

use crate::api::wire::{name, plan};
use crate::api::{House, tell};
use crate::domain::id::PlanId;
use crate::domain::plan::Plan;
use crate::store;

const CREATE_PLAN: &str = "lienminh.events.v1.PlanService/CreatePlan";
const CREATE_ITEM: &str = "lienminh.events.v1.PlanService/CreatePlanItem";

pub(super) async fn plan(
    house: &House,
    caller: &Caller,
    request: &wire::CreatePlanRequest,
) -> Result<wire::Plan> {
    caller.require_house()?;
    let new = plan::read_new(request.plan.as_ref(), house.now())?;
    Mutation::new(&house.mutations, caller, CREATE_PLAN, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let new = &new;
            async move {
                store_new(&tx, new).await?;
                Ok(plan::to_proto(new))
            }
        })
        .await
}

/// Stores a new plan and tells of it.
pub(super) async fn store_new(tx: &Tx, new: &Plan) -> Result<()> {
    store::plan::insert(tx, new)
        .await
        .on_constraint(store::plan::NUMBER_KEY, || {
            number_taken(&new.document.number)
        })
        .on_constraint(store::plan::PARENT_KEY, unknown_parent)?;
    tell::plan_created(tx, new).await?;
    tx.about(new.id.to_string());
    Ok(())
}

pub(super) async fn item(
    house: &House,
    caller: &Caller,
    request: &wire::CreatePlanItemRequest,
) -> Result<wire::PlanItem> {
    caller.require_house()?;
    let parent: PlanId = name::only("parent", &request.parent)?;
    let new = plan::read_new_item(parent, request.plan_item.as_ref(), house.now())?;
    Mutation::new(&house.mutations, caller, CREATE_ITEM, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let new = &new;
            async move {
                store::plan_item::insert(&tx, new)
                    .await
                    .on_constraint(store::plan_item::PLAN_KEY, || {
                        Error::not_found(parent.to_string())
                    })?;
                tx.about(format!("{parent}/{}", new.id));
                Ok(plan::item_to_proto(new, &[]))
            }
        })
        .await
}

fn number_taken(number: &str) -> Error {
    Error::already_exists(
        "DOCUMENT_NUMBER_TAKEN",
        format!("Đơn vị ban hành đã có văn bản số {number} trong năm này."),
        format!("The issuer already has a document {number} in this year."),
    )
}

fn unknown_parent() -> Error {
    Error::invalid(Violation::new(
        "plan.parent_plan",
        "UNKNOWN_PLAN",
        "Không có kế hoạch này.",
        "There is no such plan.",
    ))
}
