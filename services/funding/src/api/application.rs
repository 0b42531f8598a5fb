//! Applications: each step is one transaction with its money, its fact and what
//! must be reminded of next.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::civil;
use kit::database::{Isolation, Tx};
use kit::error::{Error, Result, Violation, Violations};
use kit::mutation::Mutation;
use kit::outbox::Fact;
use kit::{etag, page, text, wire};
use lienminh_proto::funding::v1 as proto;
use prost::Message;
use uuid::Uuid;

use super::programme::{TITLE, page_limit};
use super::{Desk, obligation, transfer};
use crate::domain::application::{Application, Approval, State};
use crate::domain::id::{ApplicationId, OrganisationId, ProgrammeId, TransferId};
use crate::domain::ledger::{Figures, Movement, post};
use crate::domain::money::Amount;
use crate::domain::obligation::{follow, owed};
use crate::domain::programme::{Kind, Programme};
use crate::store;
use crate::store::Cursor;
use crate::store::ledger::Transfer;

/// A dossier never misses more papers than this.
const PAPERS: usize = 30;
const OPINION: usize = 2_000;
const LIST: &str = "funding.applications";

/// Full name of an rpc, the key of its requests.
macro_rules! method {
    ($rpc:literal) => {
        concat!("lienminh.funding.v1.FundingService/", $rpc)
    };
}

pub(super) async fn submit(
    desk: &Desk,
    caller: &Caller,
    request: proto::SubmitApplicationRequest,
) -> Result<proto::Application> {
    let application = parse(request.application.as_ref(), desk.clock.now())?;
    caller.require_organisation(application.applicant.0)?;
    Mutation::new(
        &desk.mutations,
        caller,
        method!("SubmitApplication"),
        &request.request_id,
    )
    .validate_only(request.validate_only)
    .run(&request, |tx| {
        let application = &application;
        async move {
            let programme = programme_of(&tx, application).await?;
            store::application::insert(&tx, application).await?;
            settle(desk, &tx, application, &programme, "submitted").await
        }
    })
    .await
}

pub(super) async fn get(
    desk: &Desk,
    caller: &Caller,
    request: proto::GetApplicationRequest,
) -> Result<proto::Application> {
    let id = ApplicationId::parse("name", &request.name).map_err(Error::invalid)?;
    let found = store::application::get(&desk.pool.get().await?, id).await?;
    let visible = found.filter(|found| {
        caller
            .organisation
            .is_none_or(|own| own == found.applicant.0)
    });
    visible
        .map(|found| to_proto(&found))
        .ok_or_else(|| Error::not_found(request.name))
}

pub(super) async fn list(
    desk: &Desk,
    caller: &Caller,
    request: proto::ListApplicationsRequest,
) -> Result<proto::ListApplicationsResponse> {
    let mut wrong = Violations::default();
    let programme = (!request.programme.is_empty())
        .then(|| wrong.check(ProgrammeId::parse("programme", &request.programme)))
        .flatten();
    wrong.into_result()?;
    let size = page::size(request.page_size)? as usize;
    let list = [LIST, request.programme.as_str()];
    let after: Option<Cursor> = desk.pages.read(&list, &request.page_token)?;
    let connection = desk.pool.get().await?;
    let limit = page_limit(size);
    let mut found =
        store::application::list(&connection, programme, caller.organisation, after, limit).await?;
    let more = found.len() > size;
    found.truncate(size);
    let next_page_token = match found.last().filter(|_| more) {
        Some(last) => desk.pages.issue(
            &list,
            &Cursor {
                at: last.created_at,
                id: last.id.0,
            },
        )?,
        None => String::new(),
    };
    Ok(proto::ListApplicationsResponse {
        applications: found.iter().map(to_proto).collect(),
        next_page_token,
    })
}

pub(super) async fn request_supplement(
    desk: &Desk,
    caller: &Caller,
    request: proto::RequestSupplementRequest,
) -> Result<proto::Application> {
    caller.require_house()?;
    let now = desk.clock.now();
    let mut wrong = Violations::default();
    let id = wrong.check(ApplicationId::parse("name", &request.name));
    let papers = papers(&request.missing_papers, &mut wrong);
    let until = wrong.check(civil::parse(
        "supplement_date",
        request.supplement_date.as_ref(),
    ));
    if until.is_some_and(|until| until < vietnam::local(now).date()) {
        wrong.push(past_day("supplement_date"));
    }
    let (id, until) = wrong.finish(id.zip(until))?;
    step(
        desk,
        caller,
        method!("RequestSupplement"),
        &request.request_id,
        &request.etag,
        &request,
        id,
        "changed",
        |present| present.request_supplement(papers.clone(), until, now),
    )
    .await
}

pub(super) async fn supply(
    desk: &Desk,
    caller: &Caller,
    request: proto::SupplyPapersRequest,
) -> Result<proto::Application> {
    let now = desk.clock.now();
    let id = ApplicationId::parse("name", &request.name).map_err(Error::invalid)?;
    step(
        desk,
        caller,
        method!("SupplyPapers"),
        &request.request_id,
        &request.etag,
        &request,
        id,
        "changed",
        |present| present.supply(now),
    )
    .await
}

pub(super) async fn appraise(
    desk: &Desk,
    caller: &Caller,
    request: proto::AppraiseApplicationRequest,
) -> Result<proto::Application> {
    caller.require_house()?;
    let now = desk.clock.now();
    let mut wrong = Violations::default();
    let id = wrong.check(ApplicationId::parse("name", &request.name));
    let opinion = wrong.check(text::line("opinion", &request.opinion, OPINION));
    let (id, opinion) = wrong.finish(id.zip(opinion))?;
    step(
        desk,
        caller,
        method!("AppraiseApplication"),
        &request.request_id,
        &request.etag,
        &request,
        id,
        "appraised",
        |present| present.appraise(&caller.subject, opinion.clone(), now),
    )
    .await
}

pub(super) async fn approve(
    desk: &Desk,
    caller: &Caller,
    request: proto::ApproveApplicationRequest,
) -> Result<proto::Application> {
    caller.require_house()?;
    let now = desk.clock.now();
    let (id, approval) = parse_approval(&request, &caller.subject, now)?;
    // Two officers who approve the last money at once: one of them must see the
    // other's commitment, so the set they read is guarded, not only the rows.
    Mutation::new(
        &desk.mutations,
        caller,
        method!("ApproveApplication"),
        &request.request_id,
    )
    .isolation(Isolation::Serializable)
    .run(&request, |tx| {
        let (request, approval) = (&request, &approval);
        async move {
            let present = locked(&tx, id, caller, &request.etag).await?;
            let programme = programme_of(&tx, &present).await?;
            let positions = store::ledger::positions(&tx, programme.id).await?;
            let next = present.approve(
                approval.clone(),
                programme.kind,
                &Figures::of(&positions),
                now,
            )?;
            if programme.kind == Kind::Grant {
                let movement = Movement::Commitment(next.approved_vnd);
                let entries = post(movement, &positions).ok_or_else(uncountable)?;
                let today = vietnam::local(now).date();
                let transfer = Transfer {
                    id: TransferId(Uuid::now_v7()),
                    kind: movement.word().to_owned(),
                    programme: programme.id,
                    application: Some(next.id),
                    bank_reference: None,
                    effective_on: today,
                    posted_at: now,
                    posted_by: caller.subject.clone(),
                    entries,
                };
                store::ledger::post(&tx, &transfer).await?;
            }
            store::application::update(&tx, &next).await?;
            settle(desk, &tx, &next, &programme, "approved").await
        }
    })
    .await
}

pub(super) async fn reject(
    desk: &Desk,
    caller: &Caller,
    request: proto::RejectApplicationRequest,
) -> Result<proto::Application> {
    caller.require_house()?;
    let now = desk.clock.now();
    let mut wrong = Violations::default();
    let id = wrong.check(ApplicationId::parse("name", &request.name));
    let reason = wrong.check(text::required_line("reason", &request.reason, OPINION));
    let (id, reason) = wrong.finish(id.zip(reason))?;
    step(
        desk,
        caller,
        method!("RejectApplication"),
        &request.request_id,
        &request.etag,
        &request,
        id,
        "rejected",
        |present| present.reject(&caller.subject, reason.clone(), now),
    )
    .await
}

pub(super) async fn disburse(
    desk: &Desk,
    caller: &Caller,
    request: proto::DisburseApplicationRequest,
) -> Result<proto::Transfer> {
    caller.require_house()?;
    let now = desk.clock.now();
    let mut wrong = Violations::default();
    let id = wrong.check(ApplicationId::parse("name", &request.name));
    let amount = wrong.check(Amount::parse("amount_vnd", request.amount_vnd));
    let reference = wrong.check(text::required_line(
        "bank_reference",
        &request.bank_reference,
        100,
    ));
    let day = wrong.check(civil::parse(
        "effective_date",
        request.effective_date.as_ref(),
    ));
    let ((id, amount), (reference, day)) = wrong.finish(id.zip(amount).zip(reference.zip(day)))?;
    Mutation::new(
        &desk.mutations,
        caller,
        method!("DisburseApplication"),
        &request.request_id,
    )
    .isolation(Isolation::Serializable)
    .run(&request, |tx| {
        let (request, reference) = (&request, &reference);
        async move {
            let present = locked(&tx, id, caller, &request.etag).await?;
            let programme = programme_of(&tx, &present).await?;
            refuse_foreign_money(&programme)?;
            let next = present.disburse(&caller.subject, amount, now)?;
            let positions = store::ledger::positions(&tx, programme.id).await?;
            let movement = Movement::Disbursement(amount.dong());
            let posted = Transfer {
                id: TransferId(Uuid::now_v7()),
                kind: movement.word().to_owned(),
                programme: programme.id,
                application: Some(next.id),
                bank_reference: Some(reference.clone()),
                effective_on: day,
                posted_at: now,
                posted_by: caller.subject.clone(),
                entries: post(movement, &positions).ok_or_else(uncountable)?,
            };
            store::ledger::post(&tx, &posted).await?;
            store::application::update(&tx, &next).await?;
            settle(desk, &tx, &next, &programme, "disbursed").await?;
            tx.about(posted.id.to_string());
            Ok(transfer::to_proto(&posted))
        }
    })
    .await
}

/// A step that moves no money: lock, decide, store, tell.
#[allow(clippy::too_many_arguments)] // one call per rpc, each argument of another type
async fn step<Q: Message>(
    desk: &Desk,
    caller: &Caller,
    method: &'static str,
    request_id: &str,
    etag: &str,
    request: &Q,
    id: ApplicationId,
    fact: &'static str,
    decide: impl Fn(&Application) -> Result<Application> + Send + Sync,
) -> Result<proto::Application> {
    kit::mutation::run(&desk.mutations, caller, method, request_id, request, |tx| {
        let decide = &decide;
        async move {
            let present = locked(&tx, id, caller, etag).await?;
            let next = decide(&present)?;
            let programme = programme_of(&tx, &next).await?;
            store::application::update(&tx, &next).await?;
            settle(desk, &tx, &next, &programme, fact).await
        }
    })
    .await
}

/// The application under lock, if the caller may know of it and has seen this version.
async fn locked(
    tx: &Tx,
    id: ApplicationId,
    caller: &Caller,
    given_etag: &str,
) -> Result<Application> {
    let present = store::application::lock(tx, id).await?;
    if caller
        .organisation
        .is_some_and(|own| own != present.applicant.0)
    {
        return Err(Error::not_found(id.to_string()));
    }
    etag::check(given_etag, id.0, present.version)?;
    Ok(present)
}

async fn programme_of(tx: &Tx, application: &Application) -> Result<Programme> {
    store::programme::get(tx, application.programme)
        .await?
        .ok_or_else(|| Error::not_found(application.programme.to_string()))
}

/// Tells others the application's new state and brings its reminders in line.
async fn settle(
    desk: &Desk,
    tx: &Tx,
    application: &Application,
    programme: &Programme,
    fact: &'static str,
) -> Result<proto::Application> {
    let open = store::obligation::open(tx, application.id).await?;
    let owed = owed(
        application,
        programme,
        desk.pace,
        &desk.calendar,
        Uuid::now_v7(),
    );
    let change = follow(open, owed, application.updated_at);
    let mut facts = vec![application_fact(application, fact)];
    for obligation in [change.present, change.new].into_iter().flatten() {
        store::obligation::save(tx, &obligation).await?;
        facts.push(obligation::fact(&obligation));
    }
    kit::outbox::put(tx, &facts).await?;
    tx.about(application.id.to_string());
    Ok(to_proto(application))
}

fn application_fact(application: &Application, fact: &'static str) -> Fact {
    Fact {
        source: "funding",
        aggregate: "application",
        fact,
        name: application.id.to_string(),
        sequence: application.version,
        occurred_at: application.updated_at,
        type_name: "lienminh.funding.v1.Application",
        message: to_proto(application).encode_to_vec(),
    }
}

fn parse(given: Option<&proto::Application>, now: Timestamp) -> Result<Application> {
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
        Some(Application {
            id: ApplicationId(Uuid::now_v7()),
            programme: programme?,
            applicant: applicant?,
            purpose: purpose?,
            requested: requested?,
            approved_vnd: 0,
            disbursed_vnd: 0,
            state: State::Submitted,
            missing_papers: Vec::new(),
            supplement_date: None,
            opinion: String::new(),
            appraiser: None,
            approver: None,
            decision_number: String::new(),
            disbursement_date: None,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    })();
    wrong.finish(parsed)
}

fn parse_approval(
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
    if day
        .flatten()
        .is_some_and(|day| day < vietnam::local(now).date())
    {
        wrong.push(past_day("disbursement_date"));
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

fn papers(given: &[String], wrong: &mut Violations) -> Vec<String> {
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

fn past_day(field: &str) -> Violation {
    Violation::new(
        field,
        "IN_THE_PAST",
        "Ngày này đã qua.",
        "This day has passed.",
    )
}

fn uncountable() -> Error {
    Error::internal(anyhow::anyhow!("an account is beyond what can be counted"))
}

fn refuse_foreign_money(programme: &Programme) -> Result<()> {
    if programme.kind == Kind::Grant {
        return Ok(());
    }
    Err(Error::failed_precondition(
        "NO_MONEY_OF_OURS",
        "Chương trình này chỉ hướng dẫn hồ sơ, không giải ngân từ nguồn của Liên minh.",
        "This programme helps with applications; it pays nothing out.",
    ))
}

fn to_proto(application: &Application) -> proto::Application {
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
