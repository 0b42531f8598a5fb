//! Applications as they come in and as they are told.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::error::{Error, Result, Violation, Violations};
use kit::{civil, etag, text, wire};
use lienminh_proto::funding::v1 as proto;
use uuid::Uuid;

use super::super::programme::TITLE;
use crate::domain::application::{Application, Approval, State};
use crate::domain::day;
use crate::domain::id::{ApplicationId, OrganisationId, ProgrammeId};
use crate::domain::money::Amount;

/// A dossier never misses more papers than this.
const PAPERS: usize = 30;

pub(super) fn parse(given: Option<&proto::Application>, now: Timestamp) -> Result<Application> {
    let given = given.ok_or_else(|| Error::invalid(Violation::required("application")))?;
    let mut wrong = Violations::default();
    let programme = wrong.check(ProgrammeId::parse(
        "application.programme",
        &given.programme,
    ));
    let applicant = wrong.check(OrganisationId::parse(
        "application.applicant",
        &given.applicant,
    ));
    let purpose = wrong.check(text::required_line(
        "application.purpose",
        &given.purpose,
        TITLE,
    ));
    let requested = wrong.check(Amount::parse(
        "application.requested_vnd",
        given.requested_vnd,
    ));
    let parsed = (|| {
        Some(Application::submitted(
            ApplicationId(Uuid::now_v7()),
            programme?,
            applicant?,
            purpose?,
            requested?,
            now,
        ))
    })();
    wrong.finish(parsed)
}

pub(super) fn approval(
    request: &proto::ApproveApplicationRequest,
    approver: &str,
    now: Timestamp,
) -> Result<(ApplicationId, Approval)> {
    let mut wrong = Violations::default();
    let id = wrong.check(ApplicationId::parse("name", &request.name));
    let amount = wrong.check(Amount::parse("approved_vnd", request.approved_vnd));
    let decision = wrong.check(text::required_line(
        "decision_number",
        &request.decision_number,
        100,
    ));
    let day = wrong.check(civil::parse_optional(
        "disbursement_date",
        request.disbursement_date.as_ref(),
    ));
    if let Some(day) = day.flatten() {
        let today = vietnam::local(now).date();
        wrong.check(day::planned("disbursement_date", day, today));
    }
    let parsed = (|| {
        let approval = Approval {
            approver: approver.to_owned(),
            amount: amount?,
            decision_number: decision?,
            disbursement_date: day?,
        };
        Some((id?, approval))
    })();
    wrong.finish(parsed)
}

pub(super) fn papers(given: &[String], wrong: &mut Violations) -> Vec<String> {
    if given.is_empty() {
        wrong.push(Violation::required("missing_papers"));
    }
    if given.len() > PAPERS {
        wrong.push(Violation::too_many("missing_papers", PAPERS));
        return Vec::new();
    }
    let mut papers = Vec::new();
    for (index, paper) in given.iter().enumerate() {
        papers.extend(wrong.check(text::required_line(
            &format!("missing_papers[{index}]"),
            paper,
            TITLE,
        )));
    }
    papers
}

/// The application as `caller` may know it: which officer did what with it is not told to
/// the applicant.
pub(super) fn shown_to(caller: &Caller, application: &Application) -> proto::Application {
    let whole = to_proto(application);
    if caller.organisation.is_none() {
        return whole;
    }
    proto::Application {
        appraiser: String::new(),
        approver: String::new(),
        ..whole
    }
}

pub(super) fn to_proto(application: &Application) -> proto::Application {
    let state = match application.state {
        State::Submitted => proto::ApplicationState::Submitted,
        State::SupplementRequested => proto::ApplicationState::SupplementRequested,
        State::Appraised => proto::ApplicationState::Appraised,
        State::Approved => proto::ApplicationState::Approved,
        State::Rejected => proto::ApplicationState::Rejected,
        State::Disbursed => proto::ApplicationState::Disbursed,
        State::Withdrawn => proto::ApplicationState::Withdrawn,
    };
    proto::Application {
        name: application.id.to_string(),
        programme: application.programme.to_string(),
        applicant: application.applicant.to_string(),
        purpose: application.purpose.clone(),
        requested_vnd: application.requested.dong(),
        approved_vnd: application.approved_vnd,
        disbursed_vnd: application.disbursed_vnd,
        state: state.into(),
        missing_papers: application.missing_papers.clone(),
        supplement_date: application.supplement_date.map(civil::date),
        appraiser: application.appraiser.clone().unwrap_or_default(),
        approver: application.approver.clone().unwrap_or_default(),
        decision_number: application.decision_number.clone(),
        disbursement_date: application.disbursement_date.map(civil::date),
        create_time: Some(wire::timestamp(application.created_at)),
        update_time: Some(wire::timestamp(application.updated_at)),
        etag: etag::of(application.id.0, application.version),
    }
}
