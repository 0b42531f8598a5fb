//! Deadlines and submissions.

use jiff::Timestamp;
use kit::error::{Result, Violation, Violations};
use kit::wire::timestamp;
use lienminh_proto::events::v1 as wire;

use super::event::plan_item_name;
use super::{anchor, document, field, name};
use crate::domain::deadline::{Deadline, DeadlineState};
use crate::domain::id::{DeadlineId, OrganisationId};
use crate::domain::kind::DeadlineKind;
use crate::domain::submission::{Receipt, SubmissionState};
use crate::domain::text::{LINE_LIMIT, PLACE_LIMIT, SHORT_TITLE_LIMIT, TITLE_LIMIT};
use crate::domain::written::Written;
use crate::store::submission::Coded;

/// The full proto type of a deadline.
pub(crate) const TYPE: &str = "lienminh.events.v1.Deadline";

/// A deadline as the contracts have it.
#[must_use]
pub(crate) fn to_proto(deadline: &Deadline) -> wire::Deadline {
    wire::Deadline {
        name: deadline.id.to_string(),
        kind: deadline.kind.as_str().to_owned(),
        title: deadline.title.clone(),
        anchor: Some(anchor::to_proto(&deadline.anchor)),
        anchor_version: deadline.anchor_version,
        organiser: deadline.organiser.to_string(),
        lead_unit: deadline.lead_unit.to_string(),
        plan_item: plan_item_name(deadline.plan_item),
        issued_document: document::to_proto(&deadline.document),
        contents: deadline.contents.clone(),
        submit_to: deadline.submit_to.clone(),
        class: i32::from(field::class_to_proto(deadline.class)),
        state: i32::from(state_to_proto(deadline.state)),
        create_time: Some(timestamp(deadline.created_at)),
        update_time: Some(timestamp(deadline.updated_at)),
        etag: kit::etag::of(deadline.id.0, deadline.revision),
        short_title: deadline.short_title.clone(),
        // Only the answer to a change has any.
        warnings: Vec::new(),
        reason: deadline.reason.clone(),
    }
}

/// Reads a new deadline, entered at `now`.
///
/// # Errors
/// Every wrong field, named below `deadline`.
pub(crate) fn read_new(deadline: Option<&wire::Deadline>, now: Timestamp) -> Result<Deadline> {
    let mut violations = Violations::default();
    let Some(deadline) = deadline else {
        violations.push(Violation::required("deadline"));
        return violations.finish(None);
    };
    let v = &mut violations;
    let kind = read_kind(v, &deadline.kind).unwrap_or(DeadlineKind::Task);
    let organiser: Option<OrganisationId> =
        name::required(v, "deadline.organiser", &deadline.organiser);
    let lead_unit = name::optional(v, "deadline.lead_unit", &deadline.lead_unit).or(organiser);
    let new = Deadline {
        id: DeadlineId::new(),
        kind,
        title: field::required_line(v, "deadline.title", &deadline.title, TITLE_LIMIT),
        short_title: field::line(
            v,
            "deadline.short_title",
            &deadline.short_title,
            SHORT_TITLE_LIMIT,
        ),
        anchor: anchor::read(v, "deadline.anchor", deadline.anchor.as_ref()),
        anchor_version: 1,
        organiser: organiser.unwrap_or_default(),
        lead_unit: lead_unit.unwrap_or_default(),
        plan_item: name::optional_nested(v, "deadline.plan_item", &deadline.plan_item),
        document: document::read(
            v,
            "deadline.issued_document",
            deadline.issued_document.as_ref(),
        ),
        contents: field::lines(v, "deadline.contents", &deadline.contents, LINE_LIMIT),
        submit_to: field::line(v, "deadline.submit_to", &deadline.submit_to, PLACE_LIMIT),
        class: field::class(v, "deadline.class", deadline.class, kind.default_class()),
        written: Written::default(),
        state: DeadlineState::Open,
        reason: String::new(),
        claim: None,
        sequence: 1,
        revision: 1,
        created_at: now,
        updated_at: now,
    };
    violations.finish(Some(new))
}

/// Claim confirmations are made by the service itself.
fn read_kind(violations: &mut Violations, kind: &str) -> Option<DeadlineKind> {
    match DeadlineKind::parse(kind) {
        Some(kind @ (DeadlineKind::Report | DeadlineKind::Task)) => return Some(kind),
        Some(DeadlineKind::ClaimConfirmation) | None => {}
    }
    violations.push(if kind.is_empty() {
        Violation::required("deadline.kind")
    } else {
        let entered = [DeadlineKind::Report, DeadlineKind::Task];
        Violation::not_among("deadline.kind", &entered.map(DeadlineKind::as_str))
    });
    None
}

const fn state_to_proto(state: DeadlineState) -> wire::DeadlineState {
    match state {
        DeadlineState::Open => wire::DeadlineState::Open,
        DeadlineState::Closed => wire::DeadlineState::Closed,
        DeadlineState::Cancelled => wire::DeadlineState::Cancelled,
    }
}

/// The state of a number in a request.
#[must_use]
pub(crate) fn state_of(number: i32) -> Option<DeadlineState> {
    match wire::DeadlineState::try_from(number).ok()? {
        wire::DeadlineState::Unspecified => None,
        wire::DeadlineState::Open => Some(DeadlineState::Open),
        wire::DeadlineState::Closed => Some(DeadlineState::Closed),
        wire::DeadlineState::Cancelled => Some(DeadlineState::Cancelled),
    }
}

/// A submission as the contracts have it.
#[must_use]
pub(crate) fn submission_to_proto(coded: &Coded) -> wire::Submission {
    let submission = &coded.submission;
    wire::Submission {
        name: format!("{}/{}", submission.deadline, submission.id),
        organisation: submission.organisation.to_string(),
        state: i32::from(match submission.state {
            SubmissionState::Awaited => wire::SubmissionState::Awaited,
            SubmissionState::Claimed => wire::SubmissionState::Claimed,
            SubmissionState::Submitted => wire::SubmissionState::Submitted,
            SubmissionState::Exempt => wire::SubmissionState::Exempt,
        }),
        state_time: Some(timestamp(submission.state_at)),
        remark: submission.remark.clone(),
        answer_code: coded.code.clone(),
    }
}

/// The state of a number in a request.
#[must_use]
pub(crate) fn submission_state_of(number: i32) -> Option<SubmissionState> {
    match wire::SubmissionState::try_from(number).ok()? {
        wire::SubmissionState::Unspecified => None,
        wire::SubmissionState::Awaited => Some(SubmissionState::Awaited),
        wire::SubmissionState::Claimed => Some(SubmissionState::Claimed),
        wire::SubmissionState::Submitted => Some(SubmissionState::Submitted),
        wire::SubmissionState::Exempt => Some(SubmissionState::Exempt),
    }
}

/// What an officer records: received or exempt.
pub(crate) fn receipt(violations: &mut Violations, number: i32) -> Option<Receipt> {
    match submission_state_of(number) {
        Some(SubmissionState::Submitted) => Some(Receipt::Submitted),
        Some(SubmissionState::Exempt) => Some(Receipt::Exempt),
        Some(SubmissionState::Awaited | SubmissionState::Claimed) | None => {
            violations.push(Violation::not_among("state", &["SUBMITTED", "EXEMPT"]));
            None
        }
    }
}
