//! Applications: each step is one transaction with its money, its fact and what
//! must be reminded of next.

mod wire;

use jiff::Timestamp;
use jiff::civil::Date;
use kit::auth::Caller;
use kit::civil;
use kit::database::{Isolation, Tx};
use kit::error::{Error, Result, Violations};
use kit::mutation::Mutation;
use kit::outbox::Fact;
use kit::{etag, page, text};
use lienminh_proto::funding::v1 as proto;
use prost::Message;
use uuid::Uuid;

use super::programme::page_limit;
use super::{Desk, obligation, transfer};
use crate::domain::application::Application;
use crate::domain::bank_reference::BankReference;
use crate::domain::day::{self, Basis};
use crate::domain::id::{ApplicationId, ProgrammeId, TransferId};
use crate::domain::ledger::{Figures, Movement, post};
use crate::domain::money::Amount;
use crate::domain::obligation::{follow, owed};
use crate::domain::programme::{Kind, Programme};
use crate::store;
use crate::store::Cursor;
use crate::store::ledger::Transfer;

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
    let application = wire::parse(request.application.as_ref(), desk.clock.now())?;
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
            settle(desk, caller, &tx, application, &programme, "submitted").await
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
        .map(|found| wire::shown_to(caller, &found))
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
        applications: found
            .iter()
            .map(|each| wire::shown_to(caller, each))
            .collect(),
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
    let papers = wire::papers(&request.missing_papers, &mut wrong);
    let until = wrong.check(civil::parse(
        "supplement_date",
        request.supplement_date.as_ref(),
    ));
    if let Some(until) = until {
        let today = vietnam::local(now).date();
        wrong.check(day::planned("supplement_date", until, today));
    }
    let (id, until) = wrong.finish(id.zip(until))?;
    let step = Step {
        method: method!("RequestSupplement"),
        request_id: &request.request_id,
        etag: &request.etag,
        request: &request,
        id,
        fact: "changed",
    };
    step.take(desk, caller, |present| {
        present.request_supplement(papers.clone(), until, now)
    })
    .await
}

pub(super) async fn supply(
    desk: &Desk,
    caller: &Caller,
    request: proto::SupplyPapersRequest,
) -> Result<proto::Application> {
    let now = desk.clock.now();
    let id = ApplicationId::parse("name", &request.name).map_err(Error::invalid)?;
    let step = Step {
        method: method!("SupplyPapers"),
        request_id: &request.request_id,
        etag: &request.etag,
        request: &request,
        id,
        fact: "changed",
    };
    step.take(desk, caller, |present| present.supply(now)).await
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
    let opinion = wrong.check(text::note("opinion", &request.opinion, OPINION));
    let (id, opinion) = wrong.finish(id.zip(opinion))?;
    let step = Step {
        method: method!("AppraiseApplication"),
        request_id: &request.request_id,
        etag: &request.etag,
        request: &request,
        id,
        fact: "appraised",
    };
    step.take(desk, caller, |present| {
        present.appraise(&caller.subject, opinion.clone(), now)
    })
    .await
}

pub(super) async fn approve(
    desk: &Desk,
    caller: &Caller,
    request: proto::ApproveApplicationRequest,
) -> Result<proto::Application> {
    caller.require_house()?;
    let now = desk.clock.now();
    let (id, approval) = wire::approval(&request, &caller.subject, now)?;
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
            settle(desk, caller, &tx, &next, &programme, "approved").await
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
    let reason = wrong.check(text::required_note("reason", &request.reason, OPINION));
    let (id, reason) = wrong.finish(id.zip(reason))?;
    let step = Step {
        method: method!("RejectApplication"),
        request_id: &request.request_id,
        etag: &request.etag,
        request: &request,
        id,
        fact: "rejected",
    };
    step.take(desk, caller, |present| {
        present.reject(&caller.subject, reason.clone(), now)
    })
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
    let reference = wrong.check(BankReference::parse(
        "bank_reference",
        &request.bank_reference,
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
            paid_on(&tx, &programme, next.id, day, now).await?;
            let positions = store::ledger::positions(&tx, programme.id).await?;
            let movement = Movement::Disbursement(amount.dong());
            let posted = Transfer {
                id: TransferId(Uuid::now_v7()),
                kind: movement.word().to_owned(),
                programme: programme.id,
                application: Some(next.id),
                bank_reference: Some(reference.clone().printed()),
                effective_on: day,
                posted_at: now,
                posted_by: caller.subject.clone(),
                entries: post(movement, &positions).ok_or_else(uncountable)?,
            };
            store::ledger::post(&tx, &posted).await?;
            store::application::update(&tx, &next).await?;
            settle(desk, caller, &tx, &next, &programme, "disbursed").await?;
            tx.about(posted.id.to_string());
            Ok(transfer::to_proto(&posted))
        }
    })
    .await
}

/// Refuses a day on which this money cannot have been paid.
async fn paid_on(
    tx: &Tx,
    programme: &Programme,
    application: ApplicationId,
    day: Date,
    now: Timestamp,
) -> Result<()> {
    let basis = Basis {
        approved: store::ledger::committed_on(tx, application).await?,
        began: programme.start,
    };
    let today = vietnam::local(now).date();
    day::paid("effective_date", day, basis, today).map_err(Error::invalid)
}

/// A step that moves no money: lock, decide, store, tell.
struct Step<'q, Q> {
    method: &'static str,
    request_id: &'q str,
    etag: &'q str,
    request: &'q Q,
    id: ApplicationId,
    fact: &'static str,
}

impl<Q: Message> Step<'_, Q> {
    async fn take(
        &self,
        desk: &Desk,
        caller: &Caller,
        decide: impl Fn(&Application) -> Result<Application> + Send + Sync,
    ) -> Result<proto::Application> {
        let mutations = &desk.mutations;
        let (method, request_id) = (self.method, self.request_id);
        kit::mutation::run(mutations, caller, method, request_id, self.request, |tx| {
            let decide = &decide;
            async move {
                let present = locked(&tx, self.id, caller, self.etag).await?;
                let next = decide(&present)?;
                let programme = programme_of(&tx, &next).await?;
                store::application::update(&tx, &next).await?;
                settle(desk, caller, &tx, &next, &programme, self.fact).await
            }
        })
        .await
    }
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
    caller: &Caller,
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
    Ok(wire::shown_to(caller, application))
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
        message: wire::to_proto(application).encode_to_vec(),
    }
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
