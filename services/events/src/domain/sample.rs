//! One event and one deadline for the tests of the rules.
#![allow(clippy::unwrap_used)]

use jiff::Timestamp;
use uuid::Uuid;

use super::anchor::Anchor;
use super::class::Class;
use super::deadline::{Deadline, DeadlineState};
use super::document::Document;
use super::event::{Event, EventState};
use super::id::{DeadlineId, EventId, OrganisationId};
use super::kind::{DeadlineKind, EventKind};
use super::place::Place;
use super::written::Written;

fn entered() -> Timestamp {
    "2024-03-01T01:00:00Z".parse().unwrap()
}

pub(super) fn event(state: EventState, anchor: Anchor) -> Event {
    Event {
        id: EventId(Uuid::nil()),
        kind: EventKind::Ceremony,
        title: "Lễ phát động".into(),
        short_title: String::new(),
        anchor,
        anchor_version: 1,
        place: Place {
            text: "Hội trường tỉnh".into(),
            ..Place::default()
        },
        organiser: OrganisationId(Uuid::nil()),
        lead_unit: OrganisationId(Uuid::nil()),
        plan_item: None,
        document: Document::default(),
        chair: String::new(),
        agenda: vec![],
        bring: String::new(),
        reply_by: None,
        written: Written::default(),
        class: Class::Invitation,
        public: false,
        state,
        reason: String::new(),
        moved_from: None,
        sequence: i64::from(state != EventState::Draft),
        revision: 1,
        created_at: entered(),
        updated_at: entered(),
    }
}

pub(super) fn deadline(state: DeadlineState, anchor: Anchor) -> Deadline {
    Deadline {
        id: DeadlineId(Uuid::nil()),
        kind: DeadlineKind::Report,
        title: "Báo cáo tháng 3".into(),
        short_title: String::new(),
        anchor,
        anchor_version: 1,
        organiser: OrganisationId(Uuid::nil()),
        lead_unit: OrganisationId(Uuid::nil()),
        plan_item: None,
        document: Document::default(),
        contents: vec![],
        submit_to: String::new(),
        written: Written::default(),
        class: Class::LegalDeadline,
        state,
        reason: String::new(),
        claim: None,
        sequence: 1,
        revision: 1,
        created_at: entered(),
        updated_at: entered(),
    }
}
