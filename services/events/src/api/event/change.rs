//! The verbs that change an event, and its words.

use jiff::civil::Date;
use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, Result, Violation, Violations};
use kit::mask::Mask;
use kit::mutation::Mutation;
use lienminh_proto::events::v1 as wire;
use prost::Message;

use crate::api::wire::{anchor, date, document, event, field, name, place, warning};
use crate::api::{House, tell};
use crate::domain::anchor::Anchor;
use crate::domain::event::{Change, Event, EventState, Outcome, Texts};
use crate::domain::id::EventId;
use crate::domain::text::{LINE_LIMIT, NAME_LIMIT, PLACE_LIMIT, SHORT_TITLE_LIMIT, TITLE_LIMIT};
use crate::domain::warning as warnings;
use crate::store;

/// The fields that `UpdateEvent` may write.
const UPDATABLE: [&str; 9] = [
    "title",
    "short_title",
    "agenda",
    "bring",
    "place.hint",
    "chair",
    "issued_document",
    "reply_by_date",
    "public",
];

/// The normal form of a document's number follows from the printed one.
const DERIVED: [&str; 1] = ["issued_document.number"];

/// A change that somebody asks for.
struct Asked<'a, Q, F> {
    method: &'static str,
    request: &'a Q,
    request_id: &'a str,
    validate_only: bool,
    id: EventId,
    etag: &'a str,
    /// What it makes of the event as it is.
    change: F,
}

/// A change that is the same whatever the event is like.
fn always(change: Change) -> impl Fn(&Event) -> Result<Change> + Send + Sync {
    move |_| Ok(change.clone())
}

pub(super) async fn announce(
    house: &House,
    caller: &Caller,
    request: &wire::AnnounceEventRequest,
) -> Result<wire::Event> {
    let asked = Asked {
        method: "lienminh.events.v1.EventService/AnnounceEvent",
        request,
        request_id: &request.request_id,
        validate_only: false,
        id: name::only("name", &request.name)?,
        etag: &request.etag,
        change: always(Change::Announce),
    };
    run(house, caller, asked).await
}

pub(super) async fn reschedule(
    house: &House,
    caller: &Caller,
    request: &wire::RescheduleEventRequest,
) -> Result<wire::Event> {
    let mut violations = Violations::default();
    let v = &mut violations;
    let id = name::required(v, "name", &request.name);
    let new_anchor = request
        .anchor
        .as_ref()
        .map(|new| anchor::read(v, "anchor", Some(new)));
    let new_place = request
        .place
        .as_ref()
        .map(|new| place::read(v, "place", Some(new)));
    let reply_by = request
        .reply_by_date
        .as_ref()
        .and_then(|day| date::read(v, "reply_by_date", day));
    let reason = field::note(v, "reason", &request.reason);
    v.require(request.anchor.is_some() || request.place.is_some(), || {
        Violation::required("anchor")
    });
    let asked = Asked {
        method: "lienminh.events.v1.EventService/RescheduleEvent",
        request,
        request_id: &request.request_id,
        validate_only: request.validate_only,
        id: violations.finish(id)?,
        etag: &request.etag,
        change: |present: &Event| {
            let anchor = new_anchor.as_ref().unwrap_or(&present.anchor);
            replies_in_time("reply_by_date", anchor, reply_by)?;
            Ok(Change::Reschedule {
                anchor: new_anchor.clone(),
                place: new_place.clone(),
                reply_by: reply_by.or_else(|| present.reply_by_moved_to(anchor, &house.calendar)),
                reason: reason.clone(),
            })
        },
    };
    run(house, caller, asked).await
}

pub(super) async fn postpone(
    house: &House,
    caller: &Caller,
    request: &wire::PostponeEventRequest,
) -> Result<wire::Event> {
    let (id, reason) = read_reasoned(&request.name, &request.reason)?;
    let asked = Asked {
        method: "lienminh.events.v1.EventService/PostponeEvent",
        request,
        request_id: &request.request_id,
        validate_only: false,
        id,
        etag: &request.etag,
        change: always(Change::Postpone { reason }),
    };
    run(house, caller, asked).await
}

pub(super) async fn cancel(
    house: &House,
    caller: &Caller,
    request: &wire::CancelEventRequest,
) -> Result<wire::Event> {
    let (id, reason) = read_reasoned(&request.name, &request.reason)?;
    let asked = Asked {
        method: "lienminh.events.v1.EventService/CancelEvent",
        request,
        request_id: &request.request_id,
        validate_only: false,
        id,
        etag: &request.etag,
        change: always(Change::Cancel { reason }),
    };
    run(house, caller, asked).await
}

pub(super) async fn complete(
    house: &House,
    caller: &Caller,
    request: &wire::CompleteEventRequest,
) -> Result<wire::Event> {
    let asked = Asked {
        method: "lienminh.events.v1.EventService/CompleteEvent",
        request,
        request_id: &request.request_id,
        validate_only: false,
        id: name::only("name", &request.name)?,
        etag: &request.etag,
        change: always(Change::Complete),
    };
    run(house, caller, asked).await
}

pub(super) async fn update(
    house: &House,
    caller: &Caller,
    request: &wire::UpdateEventRequest,
) -> Result<wire::Event> {
    let Some(new) = request.event.as_ref() else {
        return Err(Error::invalid(Violation::required("event")));
    };
    let mask = Mask::read(event::TYPE, request.update_mask.as_ref(), new, &UPDATABLE)?;
    let mask = mask.refusing(&DERIVED)?;
    let asked = Asked {
        method: "lienminh.events.v1.EventService/UpdateEvent",
        request,
        request_id: &request.request_id,
        validate_only: request.validate_only,
        id: name::only("event.name", &new.name)?,
        etag: &new.etag,
        change: |present: &Event| {
            // A mask may name a part of the document; the rest of it stays.
            let after = mask.apply(&event::to_proto(present), new)?;
            let mut violations = Violations::default();
            let texts = read_texts(&mut violations, &mask, &after);
            let texts = violations.finish(Some(texts))?;
            let reply_by = texts.reply_by.flatten();
            replies_in_time("event.reply_by_date", &present.anchor, reply_by)?;
            Ok(Change::Rewrite(texts))
        },
    };
    run(house, caller, asked).await
}

fn read_texts(v: &mut Violations, mask: &Mask, new: &wire::Event) -> Texts {
    Texts {
        title: mask
            .has("title")
            .then(|| field::required_line(v, "event.title", &new.title, TITLE_LIMIT)),
        short_title: mask
            .has("short_title")
            .then(|| field::line(v, "event.short_title", &new.short_title, SHORT_TITLE_LIMIT)),
        agenda: mask
            .has("agenda")
            .then(|| field::lines(v, "event.agenda", &new.agenda, LINE_LIMIT)),
        bring: mask
            .has("bring")
            .then(|| field::note(v, "event.bring", &new.bring)),
        hint: mask.has("place.hint").then(|| {
            let hint = new.place.as_ref().map_or("", |place| &place.hint);
            field::line(v, "event.place.hint", hint, PLACE_LIMIT)
        }),
        chair: mask
            .has("chair")
            .then(|| field::line(v, "event.chair", &new.chair, NAME_LIMIT)),
        document: mask
            .has("issued_document")
            .then(|| document::read(v, "event.issued_document", new.issued_document.as_ref())),
        reply_by: mask.has("reply_by_date").then(|| {
            new.reply_by_date
                .as_ref()
                .and_then(|day| date::read(v, "event.reply_by_date", day))
        }),
        public: mask.has("public").then_some(new.public),
    }
}

fn read_reasoned(name: &str, reason: &str) -> Result<(EventId, String)> {
    let mut violations = Violations::default();
    let id = name::required(&mut violations, "name", name);
    let reason = field::note(&mut violations, "reason", reason);
    violations.finish(id.map(|id| (id, reason)))
}

async fn run<Q, F>(house: &House, caller: &Caller, asked: Asked<'_, Q, F>) -> Result<wire::Event>
where
    Q: Message,
    F: Fn(&Event) -> Result<Change> + Send + Sync,
{
    caller.require_house()?;
    let now = house.now();
    Mutation::new(&house.mutations, caller, asked.method, asked.request_id)
        .validate_only(asked.validate_only)
        .run(asked.request, |tx| {
            let (id, etag, change) = (asked.id, asked.etag, &asked.change);
            async move {
                let present = store::event::lock(&tx, id)
                    .await?
                    .ok_or_else(|| Error::not_found(id.to_string()))?;
                kit::etag::check(etag, id.0, present.revision)?;
                let change = change(&present)?;
                let outcome = present.apply(change, now)?;
                tx.about(id.to_string());
                let next = store_outcome(&tx, house, &present, outcome).await?;
                // Only what leaves the draft is looked at for whom it reaches.
                let invited =
                    present.state != EventState::Draft || store::invitation::any(&*tx, id).await?;
                let warnings =
                    warnings::of_event(Some(&present), &next, invited, &house.calendar, now);
                Ok(wire::Event {
                    warnings: warning::to_proto(&warnings, caller.language),
                    ..event::to_proto(&next)
                })
            }
        })
        .await
}

/// A new last day to reply must not lie after the event. A move to an earlier day
/// may leave the old one behind: it simply no longer counts.
fn replies_in_time(field: &str, anchor: &Anchor, reply_by: Option<Date>) -> Result<()> {
    let mut violations = Violations::default();
    event::replies_in_time(&mut violations, field, anchor, reply_by);
    violations.into_result()
}

async fn store_outcome(tx: &Tx, house: &House, present: &Event, outcome: Outcome) -> Result<Event> {
    let next = match outcome {
        Outcome::Unchanged => present.clone(),
        Outcome::Silent(next) => {
            store::event::update(tx, &next).await?;
            next
        }
        Outcome::Told(next, fact, about) => {
            store::event::update(tx, &next).await?;
            tell::event(tx, house, &next, fact, about).await?;
            next
        }
    };
    if is_over(next.state) {
        store::answer_code::release_event(tx, next.id, next.updated_at).await?;
    }
    Ok(next)
}

const fn is_over(state: EventState) -> bool {
    match state {
        EventState::Cancelled | EventState::Completed => true,
        EventState::Draft | EventState::Scheduled | EventState::Postponed => false,
    }
}
