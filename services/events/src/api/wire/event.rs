//! Events and invitations.

use jiff::Timestamp;
use jiff::civil::Date;
use kit::error::{Result, Violation, Violations};
use kit::wire::timestamp;
use lienminh_proto::events::v1 as wire;

use super::{anchor, date, document, field, name, place};
use crate::domain::anchor::Anchor;
use crate::domain::answer::Source;
use crate::domain::class::Class;
use crate::domain::event::{Event, EventState};
use crate::domain::id::{EventId, OrganisationId, PlanId, PlanItemId};
use crate::domain::invitation::InvitationState;
use crate::domain::kind::EventKind;
use crate::domain::text::{LINE_LIMIT, NAME_LIMIT, SHORT_TITLE_LIMIT, TITLE_LIMIT};
use crate::domain::written::Written;
use crate::store::invitation::Coded;

/// The full proto type of an event.
pub(crate) const TYPE: &str = "lienminh.events.v1.Event";

/// An event as the contracts have it.
#[must_use]
pub(crate) fn to_proto(event: &Event) -> wire::Event {
    let former = event.moved_from.as_ref();
    wire::Event {
        name: event.id.to_string(),
        kind: event.kind.as_str().to_owned(),
        title: event.title.clone(),
        anchor: Some(anchor::to_proto(&event.anchor)),
        anchor_version: event.anchor_version,
        place: place::to_proto(&event.place),
        organiser: event.organiser.to_string(),
        lead_unit: event.lead_unit.to_string(),
        plan_item: plan_item_name(event.plan_item),
        issued_document: document::to_proto(&event.document),
        chair: event.chair.clone(),
        agenda: event.agenda.clone(),
        bring: event.bring.clone(),
        reply_by_date: event.reply_by.map(date::to_proto),
        class: i32::from(field::class_to_proto(event.class)),
        public: event.public,
        state: i32::from(state_to_proto(event.state)),
        create_time: Some(timestamp(event.created_at)),
        update_time: Some(timestamp(event.updated_at)),
        etag: kit::etag::of(event.id.0, event.revision),
        short_title: event.short_title.clone(),
        // Only the answer to a change has any.
        warnings: Vec::new(),
        reason: event.reason.clone(),
        former_anchor: former.map(|former| anchor::to_proto(&former.anchor)),
        former_place: former.and_then(|former| place::to_proto(&former.place)),
    }
}

/// The resource name of a plan item; empty for none.
#[must_use]
pub(crate) fn plan_item_name(item: Option<(PlanId, PlanItemId)>) -> String {
    item.map(|(plan, item)| format!("{plan}/{item}"))
        .unwrap_or_default()
}

/// Reads a new event as a draft, entered at `now`.
///
/// # Errors
/// Every wrong field, named below `event`.
pub(crate) fn read_new(event: Option<&wire::Event>, now: Timestamp) -> Result<Event> {
    let mut violations = Violations::default();
    let Some(event) = event else {
        violations.push(Violation::required("event"));
        return violations.finish(None);
    };
    let v = &mut violations;
    let kind = read_kind(v, &event.kind);
    let organiser: Option<OrganisationId> = name::required(v, "event.organiser", &event.organiser);
    let lead_unit = name::optional(v, "event.lead_unit", &event.lead_unit).or(organiser);
    let new = Event {
        id: EventId::new(),
        kind: kind.unwrap_or(EventKind::Meeting),
        title: field::required_line(v, "event.title", &event.title, TITLE_LIMIT),
        short_title: field::line(
            v,
            "event.short_title",
            &event.short_title,
            SHORT_TITLE_LIMIT,
        ),
        anchor: anchor::read(v, "event.anchor", event.anchor.as_ref()),
        anchor_version: 1,
        place: place::read(v, "event.place", event.place.as_ref()),
        organiser: organiser.unwrap_or_default(),
        lead_unit: lead_unit.unwrap_or_default(),
        plan_item: name::optional_nested(v, "event.plan_item", &event.plan_item),
        document: document::read(v, "event.issued_document", event.issued_document.as_ref()),
        chair: field::line(v, "event.chair", &event.chair, NAME_LIMIT),
        agenda: field::lines(v, "event.agenda", &event.agenda, LINE_LIMIT),
        bring: field::note(v, "event.bring", &event.bring),
        reply_by: event
            .reply_by_date
            .as_ref()
            .and_then(|day| date::read(v, "event.reply_by_date", day)),
        class: field::class(v, "event.class", event.class, Class::Invitation),
        written: Written::default(),
        public: event.public,
        state: EventState::Draft,
        reason: String::new(),
        moved_from: None,
        sequence: 0,
        revision: 1,
        created_at: now,
        updated_at: now,
    };
    replies_in_time(v, "event.reply_by_date", &new.anchor, new.reply_by);
    violations.finish(Some(new))
}

/// People cannot be asked to reply by a day on which everything is over.
pub(crate) fn replies_in_time(
    violations: &mut Violations,
    field: &str,
    anchor: &Anchor,
    reply_by: Option<Date>,
) {
    let late = reply_by
        .zip(anchor.last_day())
        .is_some_and(|(day, last)| day > last);
    violations.require(!late, || {
        Violation::new(
            field,
            "REPLY_AFTER_EVENT",
            "Hạn trả lời không được sau ngày diễn ra hoạt động.",
            "The last day to reply must not lie after the event.",
        )
    });
}

fn read_kind(violations: &mut Violations, kind: &str) -> Option<EventKind> {
    let read = EventKind::parse(kind);
    if read.is_none() {
        violations.push(if kind.is_empty() {
            Violation::required("event.kind")
        } else {
            Violation::not_among("event.kind", &EventKind::ALL.map(EventKind::as_str))
        });
    }
    read
}

/// A state as the contracts have it.
#[must_use]
pub(crate) const fn state_to_proto(state: EventState) -> wire::EventState {
    match state {
        EventState::Draft => wire::EventState::Draft,
        EventState::Scheduled => wire::EventState::Scheduled,
        EventState::Postponed => wire::EventState::Postponed,
        EventState::Cancelled => wire::EventState::Cancelled,
        EventState::Completed => wire::EventState::Completed,
    }
}

/// The state of a number in a request.
#[must_use]
pub(crate) fn state_of(number: i32) -> Option<EventState> {
    let known = wire::EventState::try_from(number).ok()?;
    EventState::ALL
        .into_iter()
        .find(|state| state_to_proto(*state) == known)
}

/// An invitation as the contracts have it.
#[must_use]
pub(crate) fn invitation_to_proto(coded: &Coded) -> wire::Invitation {
    let invitation = &coded.invitation;
    wire::Invitation {
        name: format!("{}/{}", invitation.event, invitation.id),
        organisation: invitation.organisation.to_string(),
        positions: field::positions_to_proto(&invitation.positions),
        state: i32::from(match invitation.state {
            InvitationState::Invited => wire::InvitationState::Invited,
            InvitationState::Accepted => wire::InvitationState::Accepted,
            InvitationState::Declined => wire::InvitationState::Declined,
            InvitationState::Withdrawn => wire::InvitationState::Withdrawn,
        }),
        attendees: invitation.attendees,
        attendee_names: invitation.names.expose().clone(),
        answered_by: i32::from(match invitation.answered.map(|answered| answered.source) {
            None => wire::AnswerSource::Unspecified,
            Some(Source::Page) => wire::AnswerSource::Page,
            Some(Source::Code) => wire::AnswerSource::Code,
            Some(Source::Officer) => wire::AnswerSource::Officer,
            Some(Source::Member) => wire::AnswerSource::Member,
        }),
        answer_time: invitation.answered.map(|answered| timestamp(answered.at)),
        answer_code: coded.code.clone(),
    }
}
