//! Taking in rows of a roster.

use std::sync::Arc;

use jiff::Timestamp;
use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, Result, Violation, Violations};
use kit::mutation::Mutation;
use kit::outbox::Fact;
use lienminh_proto::registry::v1 as pb;
use uuid::Uuid;

use super::state::State;
use super::{fact, wire};
use crate::domain::admission::AdmissionBatch;
use crate::domain::roster::{Confirmed, Mode, Outcome, Plan, ROWS_LIMIT, Report, Row, plan, read};
use crate::store;

const IMPORT: &str = "lienminh.registry.v1.OrganisationService/ImportRoster";

/// Rows that were read, or the report of their refusal.
type ReadRows = Vec<Result<Row, Report>>;

/// Imports rows: all decisions in memory, all writing by sets.
pub(super) async fn import(
    state: &State,
    caller: &Caller,
    request: &pb::ImportRosterRequest,
) -> Result<pb::ImportRosterResponse> {
    caller.require_house()?;
    let mode = decode(request)?;
    let rows = read_rows(state, request);
    // A refusal is an answer that leaves nothing behind, not even under its
    // request_id: the corrected or confirmed roster may come again.
    let rehearses = request.validate_only || mode == Mode::AllOrNothing;
    if rehearses {
        let response = run(state, caller, request, mode, &rows, true).await?;
        if request.validate_only || is_held_up(&response) {
            return Ok(response);
        }
    }
    run(state, caller, request, mode, &rows, false).await
}

async fn run(
    state: &State,
    caller: &Caller,
    request: &pb::ImportRosterRequest,
    mode: Mode,
    rows: &ReadRows,
    validate_only: bool,
) -> Result<pb::ImportRosterResponse> {
    let now = state.now();
    Mutation::new(&state.mutations, caller, IMPORT, &request.request_id)
        .validate_only(validate_only)
        .run(request, |tx| async move {
            let good: Vec<&Row> = rows.iter().flatten().collect();
            let known = store::roster::known(&tx, &good).await?;
            let confirmed = Confirmed::read(&request.confirmations);
            let plan = plan(
                rows.clone(),
                known,
                mode,
                &confirmed,
                now,
                &mut Uuid::now_v7,
            );
            write(&tx, &plan, now).await?;
            tx.about("organisations");
            Ok(encode(&plan, caller, validate_only))
        })
        .await
}

fn decode(request: &pb::ImportRosterRequest) -> Result<Mode> {
    let mut wrong = Violations::default();
    wrong.require(!request.rows.is_empty(), || Violation::required("rows"));
    wrong.require(request.rows.len() <= ROWS_LIMIT, || {
        Violation::too_many("rows", ROWS_LIMIT)
    });
    wrong.require(request.confirmations.len() <= ROWS_LIMIT, || {
        Violation::too_many("confirmations", ROWS_LIMIT)
    });
    let mode = wrong.check(match pb::ImportMode::try_from(request.mode) {
        Ok(pb::ImportMode::AllOrNothing) => Ok(Mode::AllOrNothing),
        Ok(pb::ImportMode::GoodRows) => Ok(Mode::GoodRows),
        Ok(pb::ImportMode::Unspecified) => Err(Violation::required("mode")),
        Err(_) => Err(Violation::not_among(
            "mode",
            &["ALL_OR_NOTHING", "GOOD_ROWS"],
        )),
    });
    wrong.finish(mode)
}

fn read_rows(state: &State, request: &pb::ImportRosterRequest) -> ReadRows {
    let today = state.today();
    let rows = request.rows.iter().map(wire::roster::decode_row);
    rows.map(|raw| read(&raw, today).map_err(|remarks| Report::refused(raw.line, remarks)))
        .collect()
}

async fn write(tx: &Arc<Tx>, plan: &Plan, now: Timestamp) -> Result<()> {
    store::organisation::insert(tx, &plan.created)
        .await
        .map_err(lost_to_another)?;
    store::organisation::update(tx, &plan.updated)
        .await
        .map_err(lost_to_another)?;
    store::contact::insert(tx, &plan.contacts_created).await?;
    store::contact::update(tx, &plan.contacts_updated).await?;
    store::consent::record(tx, &plan.consents).await?;
    let completed = if plan.admitted.is_empty() {
        Vec::new()
    } else {
        store::applicant::admit(tx, &plan.admitted, now).await?
    };
    kit::outbox::put(tx, &facts(plan, &completed)).await
}

/// The plan saw no such code: somebody entered it since.
fn lost_to_another(error: Error) -> Error {
    let Error::AlreadyExists(refusal) = error else {
        return error;
    };
    Error::Aborted(refusal)
}

fn facts(plan: &Plan, completed: &[AdmissionBatch]) -> Vec<Fact> {
    let members = plan
        .created
        .iter()
        .chain(&plan.updated)
        .filter(|each| plan.admitted.contains(&each.id));
    let mut facts: Vec<Fact> = plan.created.iter().map(fact::created).collect();
    facts.extend(plan.updated.iter().map(fact::updated));
    facts.extend(members.map(fact::admitted));
    facts.extend(
        plan.contacts_created
            .iter()
            .chain(&plan.contacts_updated)
            .map(fact::contact_changed),
    );
    facts.extend(completed.iter().map(fact::obligation));
    facts
}

fn encode(plan: &Plan, caller: &Caller, validate_only: bool) -> pb::ImportRosterResponse {
    let reports = plan.reports.iter().map(|report| {
        let mut report_sent = wire::roster::encode_report(report, caller.language);
        // What is only checked does not exist afterwards.
        if validate_only && report.outcome == Outcome::Created {
            report_sent.organisation.clear();
        }
        report_sent
    });
    pb::ImportRosterResponse {
        reports: reports.collect(),
        organisations_created: count(plan.created.len()),
        organisations_updated: count(plan.updated.len()),
        contacts_written: count(plan.contacts_created.len() + plan.contacts_updated.len()),
    }
}

/// A call has some hundred rows.
fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

fn is_held_up(response: &pb::ImportRosterResponse) -> bool {
    let open = [pb::RowOutcome::Refused, pb::RowOutcome::Waiting];
    let mut reports = response.reports.iter();
    reports.any(|report| open.contains(&report.outcome()))
}
