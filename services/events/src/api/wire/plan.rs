//! Plans, their items, and the timeline.

use jiff::Timestamp;
use kit::error::{Result, Violation, Violations};
use kit::wire::timestamp;
use lienminh_proto::events::v1 as wire;

use super::{anchor, document, field, name};
use crate::domain::id::{PlanId, PlanItemId};
use crate::domain::obligation::Subject;
use crate::domain::plan::{self, Plan, PlanItem};
use crate::domain::text::{
    NAME_LIMIT, NUMBER_LIMIT, PLACE_LIMIT, REMARK_LIMIT, SHORT_TITLE_LIMIT, TITLE_LIMIT,
};
use crate::store::timeline::Entry;

/// The full proto type of a plan.
pub(crate) const TYPE: &str = "lienminh.events.v1.Plan";

/// A plan as the contracts have it.
#[must_use]
pub(crate) fn to_proto(plan: &Plan) -> wire::Plan {
    wire::Plan {
        name: plan.id.to_string(),
        document: document::to_proto(&plan.document),
        title: plan.title.clone(),
        theme: plan.theme.clone(),
        issuer: plan.issuer.to_string(),
        parent_plan: plan.parent.map(|id| id.to_string()).unwrap_or_default(),
        window: plan.window.as_ref().map(anchor::window_to_proto),
        peak: plan.peak.as_ref().map(anchor::window_to_proto),
        create_time: Some(timestamp(plan.created_at)),
        update_time: Some(timestamp(plan.updated_at)),
        etag: kit::etag::of(plan.id.0, plan.revision),
    }
}

/// Reads a new plan, entered at `now`.
///
/// # Errors
/// Every wrong field, named below `plan`.
pub(crate) fn read_new(plan: Option<&wire::Plan>, now: Timestamp) -> Result<Plan> {
    let mut violations = Violations::default();
    let Some(plan) = plan else {
        violations.push(Violation::required("plan"));
        return violations.finish(None);
    };
    let v = &mut violations;
    let document = document::read(v, "plan.document", plan.document.as_ref());
    let number = document::number_key(v, "plan.document", &document);
    let issuer = name::required(v, "plan.issuer", &plan.issuer);
    let new = Plan {
        id: PlanId::new(),
        document,
        number,
        title: field::required_line(v, "plan.title", &plan.title, TITLE_LIMIT),
        theme: field::line(v, "plan.theme", &plan.theme, TITLE_LIMIT),
        issuer: issuer.unwrap_or_default(),
        parent: name::optional(v, "plan.parent_plan", &plan.parent_plan),
        window: anchor::read_optional_window(v, "plan.window", plan.window.as_ref()),
        peak: anchor::read_optional_window(v, "plan.peak", plan.peak.as_ref()),
        created_at: now,
        updated_at: now,
        revision: 1,
    };
    violations.finish(Some(new))
}

/// An item as the contracts have it, with what carries it out.
#[must_use]
pub(crate) fn item_to_proto(item: &PlanItem, activities: &[Subject]) -> wire::PlanItem {
    wire::PlanItem {
        name: format!("{}/{}", item.plan, item.id),
        number: item.number.clone(),
        title: item.title.clone(),
        kind: item.kind.clone(),
        anchor: Some(anchor::to_proto(&item.anchor)),
        place: item.place.clone(),
        lead_unit: item.lead_unit.map(|id| id.to_string()).unwrap_or_default(),
        coordinating: item.coordinating.clone(),
        audience_roles: item.audience_roles.clone(),
        remarks: item.remarks.clone(),
        activities: activities.iter().map(ToString::to_string).collect(),
        create_time: Some(timestamp(item.created_at)),
        etag: kit::etag::of(item.id.0, item.revision),
        short_title: item.short_title.clone(),
    }
}

/// Reads a new item of a plan, entered at `now`.
///
/// # Errors
/// Every wrong field, named below `plan_item`.
pub(crate) fn read_new_item(
    plan: PlanId,
    item: Option<&wire::PlanItem>,
    now: Timestamp,
) -> Result<PlanItem> {
    let mut violations = Violations::default();
    let Some(item) = item else {
        violations.push(Violation::required("plan_item"));
        return violations.finish(None);
    };
    let v = &mut violations;
    v.require(plan::is_kind(&item.kind), || {
        Violation::malformed(
            "plan_item.kind",
            "một từ như trade_promotion",
            "a word like trade_promotion",
        )
    });
    let new = PlanItem {
        id: PlanItemId::new(),
        plan,
        number: field::line(v, "plan_item.number", &item.number, NUMBER_LIMIT),
        title: field::required_line(v, "plan_item.title", &item.title, TITLE_LIMIT),
        short_title: field::line(
            v,
            "plan_item.short_title",
            &item.short_title,
            SHORT_TITLE_LIMIT,
        ),
        kind: item.kind.clone(),
        anchor: anchor::read(v, "plan_item.anchor", item.anchor.as_ref()),
        place: field::line(v, "plan_item.place", &item.place, PLACE_LIMIT),
        lead_unit: name::optional(v, "plan_item.lead_unit", &item.lead_unit),
        coordinating: field::lines(v, "plan_item.coordinating", &item.coordinating, NAME_LIMIT),
        audience_roles: field::lines(
            v,
            "plan_item.audience_roles",
            &item.audience_roles,
            NAME_LIMIT,
        ),
        remarks: field::lines(v, "plan_item.remarks", &item.remarks, REMARK_LIMIT),
        created_at: now,
        revision: 1,
    };
    violations.finish(Some(new))
}

/// A line of the timeline as the contracts have it.
#[must_use]
pub(crate) fn entry_to_proto(entry: &Entry) -> wire::TimelineEntry {
    wire::TimelineEntry {
        subject: entry.subject.to_string(),
        title: entry.title.clone(),
        kind: entry.kind.clone(),
        anchor: Some(anchor::to_proto(&entry.anchor)),
        state: entry.state.to_owned(),
        lead_unit: entry.lead_unit.to_string(),
        place: entry.place.clone(),
    }
}
