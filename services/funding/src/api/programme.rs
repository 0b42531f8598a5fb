//! Programmes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kit::auth::Caller;
use kit::civil;
use kit::database::{Session, Tx};
use kit::error::{Error, Result, Violation, Violations};
use kit::mutation::Mutation;
use kit::{etag, page, text, wire};
use lienminh_proto::funding::v1 as proto;
use lienminh_proto::r#type::v1::Document as WireDocument;
use uuid::Uuid;

use super::Desk;
use crate::domain::day;
use crate::domain::id::{OrganisationId, ProgrammeId, TransferId};
use crate::domain::ledger::{Account, Figures, Movement, Position, post};
use crate::domain::money::Amount;
use crate::domain::programme::{Document, Kind, Programme};
use crate::store;
use crate::store::Cursor;
use crate::store::ledger::Transfer;

/// Longest title; a line of a plan is shorter.
pub(super) const TITLE: usize = 300;

const LIST: &str = "funding.programmes";

pub(super) async fn create(
    desk: &Desk,
    caller: &Caller,
    request: proto::CreateProgrammeRequest,
) -> Result<proto::Programme> {
    caller.require_house()?;
    let programme = parse(request.programme.as_ref(), desk.clock.now())?;
    Mutation::new(
        &desk.mutations,
        caller,
        "lienminh.funding.v1.FundingService/CreateProgramme",
        &request.request_id,
    )
    .validate_only(request.validate_only)
    .run(&request, |tx| {
        let programme = &programme;
        async move {
            store::programme::insert(&tx, programme).await?;
            store::ledger::open_accounts(&tx, programme.id).await?;
            if programme.kind == Kind::Grant {
                post_budget(&tx, programme, &caller.subject).await?;
            }
            tx.about(programme.id.to_string());
            let positions = store::ledger::positions(&tx, programme.id).await?;
            Ok(to_proto(programme, &Figures::of(&positions)))
        }
    })
    .await
}

async fn post_budget(tx: &Tx, programme: &Programme, posted_by: &str) -> Result<()> {
    let movement = Movement::Budget(programme.budget_vnd);
    let positions: BTreeMap<Account, Position> = BTreeMap::new();
    let transfer = Transfer {
        id: TransferId(Uuid::now_v7()),
        kind: movement.word().to_owned(),
        programme: programme.id,
        application: None,
        bank_reference: None,
        effective_on: programme
            .start
            .unwrap_or_else(|| vietnam::local(programme.created_at).date()),
        posted_at: programme.created_at,
        posted_by: posted_by.to_owned(),
        entries: post(movement, &positions).unwrap_or_default(),
    };
    store::ledger::post(tx, &transfer).await
}

pub(super) async fn get(
    desk: &Desk,
    caller: &Caller,
    request: proto::GetProgrammeRequest,
) -> Result<proto::Programme> {
    caller.require_house()?;
    let id = ProgrammeId::parse("name", &request.name).map_err(Error::invalid)?;
    let connection = desk.pool.get().await?;
    let programme = store::programme::get(&connection, id)
        .await?
        .ok_or_else(|| Error::not_found(request.name))?;
    Ok(with_figures(&connection, vec![programme]).await?.remove(0))
}

pub(super) async fn list(
    desk: &Desk,
    caller: &Caller,
    request: proto::ListProgrammesRequest,
) -> Result<proto::ListProgrammesResponse> {
    caller.require_house()?;
    let size = page::size(request.page_size)? as usize;
    let after: Option<Cursor> = desk.pages.read(&[LIST], &request.page_token)?;
    let connection = desk.pool.get().await?;
    let mut found = store::programme::list(&connection, after, page_limit(size)).await?;
    let more = found.len() > size;
    found.truncate(size);
    let next_page_token = match found.last().filter(|_| more) {
        Some(last) => desk.pages.issue(
            &[LIST],
            &Cursor {
                at: last.created_at,
                id: last.id.0,
            },
        )?,
        None => String::new(),
    };
    let programmes = with_figures(&connection, found).await?;
    Ok(proto::ListProgrammesResponse {
        programmes,
        next_page_token,
    })
}

/// One row more than a page tells whether there is another.
pub(super) fn page_limit(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX).saturating_add(1)
}

async fn with_figures(
    session: &impl Session,
    programmes: Vec<Programme>,
) -> Result<Vec<proto::Programme>> {
    let ids: Vec<Uuid> = programmes.iter().map(|programme| programme.id.0).collect();
    let positions = store::ledger::read_positions(session, &ids).await?;
    Ok(programmes
        .iter()
        .map(|programme| {
            let figures = positions
                .get(&programme.id.0)
                .map(Figures::of)
                .unwrap_or_default();
            to_proto(programme, &figures)
        })
        .collect())
}

fn parse(given: Option<&proto::Programme>, now: Timestamp) -> Result<Programme> {
    let given = given.ok_or_else(|| Error::invalid(Violation::required("programme")))?;
    let mut wrong = Violations::default();
    let title = wrong.check(text::required_line("programme.title", &given.title, TITLE));
    let organiser = wrong.check(OrganisationId::parse(
        "programme.organiser",
        &given.organiser,
    ));
    let lead_unit = wrong.check(OrganisationId::parse(
        "programme.lead_unit",
        &given.lead_unit,
    ));
    let lender = wrong.check(text::line("programme.lender", &given.lender, TITLE));
    let start = wrong.check(civil::parse_optional(
        "programme.start_date",
        given.start_date.as_ref(),
    ));
    let end = wrong.check(civil::parse_optional(
        "programme.end_date",
        given.end_date.as_ref(),
    ));
    let today = vietnam::local(now).date();
    for (field, day) in [("programme.start_date", start), ("programme.end_date", end)] {
        if let Some(Some(day)) = day {
            wrong.check(day::of_programme(field, day, today));
        }
    }
    let document = wrong.check(parse_document(given.issued_document.as_ref(), today));
    let kind = match given.kind() {
        proto::ProgrammeKind::Grant => Some(Kind::Grant),
        proto::ProgrammeKind::ApplicationHelp => Some(Kind::ApplicationHelp),
        proto::ProgrammeKind::Unspecified => {
            let kinds = ["GRANT", "APPLICATION_HELP"];
            wrong.push(Violation::not_among("programme.kind", &kinds));
            None
        }
    };
    if kind == Some(Kind::Grant) {
        wrong.check(Amount::parse("programme.budget_vnd", given.budget_vnd));
    } else if given.budget_vnd != 0 {
        wrong.push(Violation::out_of_range("programme.budget_vnd", 0, 0));
    }
    if let (Some(Some(start)), Some(Some(end))) = (start, end)
        && end < start
    {
        wrong.push(Violation::new(
            "programme.end_date",
            "BEFORE_START",
            "Ngày kết thúc phải sau ngày bắt đầu.",
            "The last day must not be before the first.",
        ));
    }
    let parsed = (|| {
        Some(Programme {
            id: ProgrammeId(Uuid::now_v7()),
            title: title?,
            kind: kind?,
            budget_vnd: given.budget_vnd,
            organiser: organiser?,
            lead_unit: lead_unit?,
            lender: lender?,
            document: document?,
            start: start?,
            end: end?,
            created_at: now,
            version: 1,
        })
    })();
    wrong.finish(parsed)
}

fn parse_document(
    given: Option<&WireDocument>,
    today: Date,
) -> std::result::Result<Document, Violation> {
    let Some(given) = given else {
        return Ok(Document::default());
    };
    refuse_what_is_not_kept(given)?;
    let field = "programme.issued_document.date";
    let date = civil::parse_optional(field, given.date.as_ref())?;
    if let Some(date) = date {
        day::happened(field, date, today)?;
    }
    Ok(Document {
        number_as_printed: text::line(
            "programme.issued_document.number_as_printed",
            &given.number_as_printed,
            100,
        )?,
        title: text::line("programme.issued_document.title", &given.title, TITLE)?,
        date,
    })
}

/// A programme keeps number, title and date of its document. Taking the rest and forgetting it
/// would deceive the caller.
fn refuse_what_is_not_kept(given: &WireDocument) -> std::result::Result<(), Violation> {
    let forgotten = [
        ("issuer", given.issuer.is_empty()),
        ("dates_seen", given.dates_seen.is_empty()),
        ("uri", given.uri.is_empty()),
    ];
    let Some((field, _)) = forgotten.into_iter().find(|(_, empty)| !empty) else {
        return Ok(());
    };
    Err(Violation::new(
        format!("programme.issued_document.{field}"),
        "NOT_KEPT",
        "Chương trình không lưu mục này của văn bản, xin để trống.",
        "A programme does not keep this part of its document; leave it empty.",
    ))
}

fn to_proto(programme: &Programme, figures: &Figures) -> proto::Programme {
    let kind = match programme.kind {
        Kind::Grant => proto::ProgrammeKind::Grant,
        Kind::ApplicationHelp => proto::ProgrammeKind::ApplicationHelp,
    };
    proto::Programme {
        name: programme.id.to_string(),
        title: programme.title.clone(),
        kind: kind.into(),
        budget_vnd: programme.budget_vnd,
        committed_vnd: figures.committed,
        disbursed_vnd: figures.disbursed,
        returned_vnd: figures.returned,
        available_vnd: figures.available,
        organiser: programme.organiser.to_string(),
        lead_unit: programme.lead_unit.to_string(),
        issued_document: (programme.document != Document::default()).then(|| WireDocument {
            number_as_printed: programme.document.number_as_printed.clone(),
            number: vietnam::docnum::DocumentNumber::parse(&programme.document.number_as_printed)
                .map(|number| number.normal())
                .unwrap_or_default(),
            date: programme.document.date.map(civil::date),
            title: programme.document.title.clone(),
            ..WireDocument::default()
        }),
        lender: programme.lender.clone(),
        start_date: programme.start.map(civil::date),
        end_date: programme.end.map(civil::date),
        create_time: Some(wire::timestamp(programme.created_at)),
        etag: etag::of(programme.id.0, programme.version),
    }
}
