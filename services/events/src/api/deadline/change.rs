//! The verbs that change a deadline.

use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, Result, Violation, Violations};
use kit::mask::Mask;
use kit::mutation::Mutation;
use lienminh_proto::events::v1 as wire;
use prost::Message;

use crate::api::wire::{anchor, deadline, field, name, warning};
use crate::api::{House, answering, tell};
use crate::domain::deadline::{Change, Deadline, DeadlineState, Texts, Told};
use crate::domain::id::DeadlineId;
use crate::domain::text::{LINE_LIMIT, PLACE_LIMIT, SHORT_TITLE_LIMIT, TITLE_LIMIT};
use crate::domain::warning as warnings;
use crate::store;

/// The fields that `UpdateDeadline` may write.
const UPDATABLE: [&str; 4] = ["title", "short_title", "contents", "submit_to"];

/// A change that somebody asks for.
struct Asked<'a, Q> {
    method: &'static str,
    request: &'a Q,
    request_id: &'a str,
    validate_only: bool,
    id: DeadlineId,
    etag: &'a str,
    change: Change,
}

pub(super) async fn update(
    house: &House,
    caller: &Caller,
    request: &wire::UpdateDeadlineRequest,
) -> Result<wire::Deadline> {
    let Some(new) = request.deadline.as_ref() else {
        return Err(Error::invalid(Violation::required("deadline")));
    };
    let mask = Mask::read(
        deadline::TYPE,
        request.update_mask.as_ref(),
        new,
        &UPDATABLE,
    )?;
    let mut violations = Violations::default();
    let id = name::required(&mut violations, "deadline.name", &new.name);
    let texts = read_texts(&mut violations, &mask, new);
    let asked = Asked {
        method: "lienminh.events.v1.DeadlineService/UpdateDeadline",
        request,
        request_id: &request.request_id,
        validate_only: request.validate_only,
        id: violations.finish(id)?,
        etag: &new.etag,
        change: Change::Rewrite(texts),
    };
    run(house, caller, asked).await
}

fn read_texts(v: &mut Violations, mask: &Mask, new: &wire::Deadline) -> Texts {
    Texts {
        title: mask
            .has("title")
            .then(|| field::required_line(v, "deadline.title", &new.title, TITLE_LIMIT)),
        short_title: mask.has("short_title").then(|| {
            field::line(
                v,
                "deadline.short_title",
                &new.short_title,
                SHORT_TITLE_LIMIT,
            )
        }),
        contents: mask
            .has("contents")
            .then(|| field::lines(v, "deadline.contents", &new.contents, LINE_LIMIT)),
        submit_to: mask
            .has("submit_to")
            .then(|| field::line(v, "deadline.submit_to", &new.submit_to, PLACE_LIMIT)),
    }
}

pub(super) async fn reschedule(
    house: &House,
    caller: &Caller,
    request: &wire::RescheduleDeadlineRequest,
) -> Result<wire::Deadline> {
    let mut violations = Violations::default();
    let v = &mut violations;
    let id = name::required(v, "name", &request.name);
    let said = request
        .anchor
        .as_ref()
        .filter(|anchor| anchor.when.is_some());
    v.require(said.is_some(), || Violation::required("anchor"));
    let anchor = anchor::read(v, "anchor", said);
    let reason = field::note(v, "reason", &request.reason);
    let asked = Asked {
        method: "lienminh.events.v1.DeadlineService/RescheduleDeadline",
        request,
        request_id: &request.request_id,
        validate_only: false,
        id: violations.finish(id)?,
        etag: &request.etag,
        change: Change::Reschedule { anchor, reason },
    };
    run(house, caller, asked).await
}

pub(super) async fn complete(
    house: &House,
    caller: &Caller,
    request: &wire::CompleteDeadlineRequest,
) -> Result<wire::Deadline> {
    let asked = Asked {
        method: "lienminh.events.v1.DeadlineService/CompleteDeadline",
        request,
        request_id: &request.request_id,
        validate_only: false,
        id: name::only("name", &request.name)?,
        etag: &request.etag,
        change: Change::Complete,
    };
    run(house, caller, asked).await
}

pub(super) async fn cancel(
    house: &House,
    caller: &Caller,
    request: &wire::CancelDeadlineRequest,
) -> Result<wire::Deadline> {
    let mut violations = Violations::default();
    let id = name::required(&mut violations, "name", &request.name);
    let reason = field::note(&mut violations, "reason", &request.reason);
    let asked = Asked {
        method: "lienminh.events.v1.DeadlineService/CancelDeadline",
        request,
        request_id: &request.request_id,
        validate_only: false,
        id: violations.finish(id)?,
        etag: &request.etag,
        change: Change::Cancel { reason },
    };
    run(house, caller, asked).await
}

async fn run<Q: Message>(
    house: &House,
    caller: &Caller,
    asked: Asked<'_, Q>,
) -> Result<wire::Deadline> {
    caller.require_house()?;
    let now = house.now();
    Mutation::new(&house.mutations, caller, asked.method, asked.request_id)
        .validate_only(asked.validate_only)
        .run(asked.request, |tx| {
            let (id, etag, change) = (asked.id, asked.etag, &asked.change);
            async move {
                let present = store::deadline::lock(&tx, id)
                    .await?
                    .ok_or_else(|| Error::not_found(id.to_string()))?;
                kit::etag::check(etag, id.0, present.revision)?;
                let told = present.apply(change.clone(), now)?;
                tx.about(id.to_string());
                let next = store_told(&tx, house, &present, told).await?;
                let warnings = warnings::of_deadline(Some(&present), &next, &house.calendar, now);
                Ok(wire::Deadline {
                    warnings: warning::to_proto(&warnings, caller.language),
                    ..deadline::to_proto(&next)
                })
            }
        })
        .await
}

async fn store_told(
    tx: &Tx,
    house: &House,
    present: &Deadline,
    told: Option<Told>,
) -> Result<Deadline> {
    let Some(Told {
        deadline: next,
        fact,
        about,
    }) = told
    else {
        return Ok(present.clone());
    };
    store::deadline::update(tx, &next).await?;
    tell::deadlines(tx, house, std::slice::from_ref(&next), fact, about).await?;
    match next.state {
        DeadlineState::Open => {}
        DeadlineState::Closed | DeadlineState::Cancelled => {
            answering::settle(tx, house, next.id, next.updated_at).await?;
        }
    }
    Ok(next)
}
