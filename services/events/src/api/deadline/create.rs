//! Entering a deadline with those who owe it.

use kit::auth::Caller;
use kit::error::{Error, OnConstraint as _, Result, Violation, Violations};
use kit::mutation::Mutation;
use lienminh_proto::events::v1 as wire;

use crate::api::wire::{deadline, name, warning};
use crate::api::{House, codes, tell};
use crate::domain::deadline::{Deadline, DeadlineFact};
use crate::domain::id::OrganisationId;
use crate::domain::kind::DeadlineKind;
use crate::domain::obligation::ObligationFact;
use crate::domain::warning as warnings;
use crate::store;

const METHOD: &str = "lienminh.events.v1.DeadlineService/CreateDeadline";

/// Organisations that owe one report: as many as can be invited at once.
const ORGANISATIONS_LIMIT: usize = 1_000;

pub(super) async fn create(
    house: &House,
    caller: &Caller,
    request: &wire::CreateDeadlineRequest,
) -> Result<wire::Deadline> {
    caller.require_house()?;
    let now = house.now();
    let mut violations = Violations::default();
    let new = match deadline::read_new(request.deadline.as_ref(), now) {
        Ok(new) => Some(new),
        Err(Error::InvalidArgument(found)) => {
            found.into_iter().for_each(|each| violations.push(each));
            None
        }
        Err(other) => return Err(other),
    };
    let organisations: Vec<OrganisationId> = name::list(
        &mut violations,
        "organisations",
        &request.organisations,
        ORGANISATIONS_LIMIT,
    );
    if let Some(new) = &new {
        fits(&mut violations, new, request.organisations.is_empty());
    }
    let new = violations.finish(new)?;

    Mutation::new(&house.mutations, caller, METHOD, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let (new, organisations) = (&new, &organisations);
            async move {
                store::deadline::insert(&tx, new)
                    .await
                    .on_constraint(store::deadline::PLAN_ITEM_KEY, unknown_plan_item)?;
                let owed = store::submission::owe(&tx, new.id, organisations, now).await?;
                codes::for_submissions(&tx, &owed, now).await?;
                let told = std::slice::from_ref(new);
                tell::deadlines(
                    &tx,
                    house,
                    told,
                    DeadlineFact::Created,
                    ObligationFact::Scheduled,
                )
                .await?;
                tx.about(new.id.to_string());
                let warnings = warnings::of_deadline(None, new, &house.calendar, now);
                Ok(wire::Deadline {
                    warnings: warning::to_proto(&warnings, caller.language),
                    ..deadline::to_proto(new)
                })
            }
        })
        .await
}

/// A report is owed by somebody, a task by its lead unit alone.
fn fits(violations: &mut Violations, new: &Deadline, nobody_owes: bool) {
    match new.kind {
        DeadlineKind::Report => {
            violations.require(!nobody_owes, || Violation::required("organisations"));
        }
        DeadlineKind::Task | DeadlineKind::ClaimConfirmation => {
            violations.require(nobody_owes, || {
                Violation::new(
                    "organisations",
                    "TASK_OF_LEAD_UNIT",
                    "Việc này do đơn vị chủ trì thực hiện, không giao cho đơn vị khác.",
                    "A task is done by the lead unit; it is owed by nobody else.",
                )
            });
        }
    }
}

fn unknown_plan_item() -> Error {
    Error::invalid(Violation::new(
        "deadline.plan_item",
        "UNKNOWN_PLAN_ITEM",
        "Không có nội dung kế hoạch này.",
        "There is no such plan item.",
    ))
}
