//! Entering a plan with all that carries it out, in one step.

use std::sync::Arc;

use jiff::Timestamp;
use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Result, Violation, Violations};
use kit::language::Language;
use kit::mutation::Mutation;
use lienminh_proto::events::v1 as wire;
use lienminh_proto::r#type::v1 as value;

use super::create;
use crate::api::wire::{anchor, plan, warning};
use crate::api::{House, deadline, event};
use crate::domain::event::{Event, has_passed};
use crate::domain::plan::{Plan, PlanItem};
use crate::domain::refusal::Refusal;
use crate::domain::warning::Warning;
use crate::store;

const METHOD: &str = "lienminh.events.v1.PlanService/LoadPlan";

/// A plan as it was read.
struct Loaded {
    plan: Plan,
    items: Vec<LoadedItem>,
}

struct LoadedItem {
    item: PlanItem,
    events: Vec<event::New>,
    deadlines: Vec<deadline::New>,
}

pub(super) async fn plan(
    house: &House,
    caller: &Caller,
    request: &wire::LoadPlanRequest,
) -> Result<wire::LoadPlanResponse> {
    caller.require_house()?;
    let loaded = read(request, house.now())?;
    Mutation::new(&house.mutations, caller, METHOD, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let loaded = &loaded;
            async move { store_all(&tx, house, loaded, (request.announce, caller.language)).await }
        })
        .await
}

/// Reads every part, so that one answer tells all that is wrong.
fn read(request: &wire::LoadPlanRequest, now: Timestamp) -> Result<Loaded> {
    let mut violations = Violations::default();
    if let Some(given) = &request.plan {
        refuse_given(&mut violations, "plan", &given.name, &given.etag);
    }
    let plan = violations.nested("", plan::read_new(request.plan.as_ref(), now))?;
    let id = plan.as_ref().map(|plan| plan.id).unwrap_or_default();
    let mut items = Vec::with_capacity(request.items.len());
    for (place, given) in request.items.iter().enumerate() {
        let path = format!("items[{place}]");
        if let Some(given) = &given.plan_item {
            let path = format!("{path}.plan_item");
            refuse_given(&mut violations, &path, &given.name, &given.etag);
        }
        let item = plan::read_new_item(id, given.plan_item.as_ref(), now);
        let item = violations.nested(&path, item)?;
        let (mut events, mut deadlines) = (Vec::new(), Vec::new());
        let only_event = given.events.len() == 1;
        for (place, given) in given.events.iter().enumerate() {
            let path = format!("{path}.events[{place}]");
            let anchor = given.event.as_ref().and_then(|given| given.anchor.as_ref());
            refuse_the_past(&mut violations, &path, "event", anchor, now);
            let new = event::New::read(given.event.as_ref(), &given.invitees, now);
            let Some(mut new) = violations.nested(&path, new)? else {
                continue;
            };
            new.draft.plan_item = item.as_ref().map(|item| (id, item.id));
            inherit_short_title(&mut new.draft, item.as_ref().filter(|_| only_event));
            events.push(new);
        }
        for (place, given) in given.deadlines.iter().enumerate() {
            let path = format!("{path}.deadlines[{place}]");
            let anchor = given
                .deadline
                .as_ref()
                .and_then(|given| given.anchor.as_ref());
            refuse_the_past(&mut violations, &path, "deadline", anchor, now);
            let new = deadline::New::read(given.deadline.as_ref(), &given.organisations, now);
            let Some(mut new) = violations.nested(&path, new)? else {
                continue;
            };
            new.deadline.plan_item = item.as_ref().map(|item| (id, item.id));
            deadlines.push(new);
        }
        items.extend(item.map(|item| LoadedItem {
            item,
            events,
            deadlines,
        }));
    }
    let plan = violations.finish(plan)?;
    Ok(Loaded { plan, items })
}

/// What is new has neither name nor etag: whoever sends one means something that is there.
fn refuse_given(violations: &mut Violations, path: &str, name: &str, etag: &str) {
    for (field, given) in [("name", name), ("etag", etag)] {
        violations.require(given.is_empty(), || {
            Violation::read_only(format!("{path}.{field}"))
        });
    }
}

/// The only event of an item may go by the short title of that item; several of them would
/// look the same in a text message.
fn inherit_short_title(event: &mut Event, item: Option<&PlanItem>) {
    if let Some(item) = item.filter(|_| event.short_title.is_empty()) {
        event.short_title.clone_from(&item.short_title);
    }
}

/// A plan tells what lies ahead: a start that has passed is a slip of the pen, most often in
/// the year. It is told whatever else is wrong; an anchor that cannot be read is refused elsewhere.
fn refuse_the_past(
    violations: &mut Violations,
    path: &str,
    what: &str,
    anchor: Option<&value::Anchor>,
    now: Timestamp,
) {
    let anchor = anchor::read(&mut Violations::default(), "", anchor);
    violations.require(!has_passed(&anchor, now), || {
        Violation::new(
            format!("{path}.{what}.anchor"),
            Refusal::TimePassed.reason(),
            "Thời gian này đã qua, xin kiểm tra lại ngày, tháng, năm.",
            "This time has passed, please check day, month and year.",
        )
    });
}

async fn store_all(
    tx: &Arc<Tx>,
    house: &House,
    loaded: &Loaded,
    (announce, language): (bool, Language),
) -> Result<wire::LoadPlanResponse> {
    let plan = &loaded.plan;
    create::store_new(tx, plan).await?;
    let mut answer = wire::LoadPlanResponse {
        plan: plan.id.to_string(),
        ..Default::default()
    };
    for (place, loaded) in loaded.items.iter().enumerate() {
        let LoadedItem {
            item,
            events,
            deadlines,
        } = loaded;
        let path = format!("items[{place}]");
        store::plan_item::insert(tx, item).await?;
        answer.plan_items.push(format!("{}/{}", plan.id, item.id));
        for (place, new) in events.iter().enumerate() {
            let stored = new.store(tx, house, announce).await?;
            answer.events.push(stored.id.to_string());
            let path = format!("{path}.events[{place}].event");
            let warnings = new.warnings(&stored, house);
            answer.warnings.extend(below(&path, &warnings, language));
        }
        for (place, new) in deadlines.iter().enumerate().filter(|_| announce) {
            new.store(tx, house).await?;
            answer.deadlines.push(new.deadline.id.to_string());
            let path = format!("{path}.deadlines[{place}].deadline");
            let warnings = new.warnings(house);
            answer.warnings.extend(below(&path, &warnings, language));
        }
    }
    // The audit names the plan, whatever its parts have named.
    tx.about(plan.id.to_string());
    Ok(answer)
}

/// Warnings with the path of what they are about.
fn below(path: &str, warnings: &[Warning], language: Language) -> Vec<value::Warning> {
    let mut warnings = warning::to_proto(warnings, language);
    for warning in &mut warnings {
        warning.field = format!("{path}.{}", warning.field);
    }
    warnings
}
