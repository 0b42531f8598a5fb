//! Entering a deadline with those who owe it.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, OnConstraint as _, Result, Violation, Violations};
use kit::mutation::Mutation;
use lienminh_proto::events::v1 as wire;

use crate::api::wire::{deadline, name, warning};
use crate::api::{House, codes, tell};
use crate::domain::deadline::{Deadline, DeadlineFact};
use crate::domain::id::OrganisationId;
use crate::domain::kind::DeadlineKind;
use crate::domain::obligation::ObligationFact;
use crate::domain::warning::{self as warnings, Warning};
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
    let new = New::read(
        request.deadline.as_ref(),
        &request.organisations,
        house.now(),
    )?;
    Mutation::new(&house.mutations, caller, METHOD, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let new = &new;
            async move {
                new.store(&tx, house).await?;
                Ok(wire::Deadline {
                    warnings: warning::to_proto(&new.warnings(house), caller.language),
                    ..deadline::to_proto(&new.deadline)
                })
            }
        })
        .await
}

/// A new deadline with those who owe it.
pub(in crate::api) struct New {
    pub(in crate::api) deadline: Deadline,
    organisations: Vec<OrganisationId>,
}

impl New {
    /// Reads it, entered at `now`.
    ///
    /// # Errors
    /// Every wrong field, named below `deadline` and `organisations`.
    pub(in crate::api) fn read(
        deadline: Option<&wire::Deadline>,
        organisations: &[String],
        now: Timestamp,
    ) -> Result<Self> {
        let mut violations = Violations::default();
        let new = violations.nested("", deadline::read_new(deadline, now))?;
        let v = &mut violations;
        let owed_by = name::list(v, "organisations", organisations, ORGANISATIONS_LIMIT);
        if let Some(new) = &new {
            fits(v, new, organisations.is_empty());
        }
        let deadline = violations.finish(new)?;
        Ok(Self {
            deadline,
            organisations: owed_by,
        })
    }

    /// Stores it and tells those who owe it.
    ///
    /// # Errors
    /// What the database says; there is no such plan item.
    pub(in crate::api) async fn store(&self, tx: &Tx, house: &House) -> Result<()> {
        let new = &self.deadline;
        store::deadline::insert(tx, new)
            .await
            .on_constraint(store::deadline::PLAN_ITEM_KEY, unknown_plan_item)?;
        let owed = store::submission::owe(tx, new.id, &self.organisations, new.created_at).await?;
        codes::for_submissions(tx, &owed, new.created_at).await?;
        let told = std::slice::from_ref(new);
        let fact = DeadlineFact::Created;
        tell::deadlines(tx, house, told, fact, ObligationFact::Scheduled).await?;
        tx.about(new.id.to_string());
        Ok(())
    }

    /// What a person should look at again.
    pub(in crate::api) fn warnings(&self, house: &House) -> Vec<Warning> {
        let new = &self.deadline;
        warnings::of_deadline(None, new, &house.calendar, new.created_at)
    }
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
