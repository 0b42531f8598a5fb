//! The one thing this service tells the notifier about an event or a deadline.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use kit::resource::ObligationName;

use super::anchor::Anchor;
use super::class::Class;
use super::deadline::{Deadline, DeadlineState};
use super::document::Document;
use super::event::{Event, EventState};
use super::id::{DeadlineId, EventId, OrganisationId};
use super::kind::DeadlineKind;
use super::place::Place;

/// Something that people must be reminded of (việc cần nhắc).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// What it is about.
    pub subject: Subject,
    /// The key of the reminder rules.
    pub kind: &'static str,
    /// The class that decides policy.
    pub class: Class,
    /// Title as people read it, without the date.
    pub title: String,
    /// When it happens or is due.
    pub anchor: Anchor,
    /// Rises with each material change.
    pub anchor_version: i64,
    /// Where it takes place; unknown for deadlines.
    pub place: Place,
    /// Who invites or demands.
    pub organiser: OrganisationId,
    /// The unit in charge.
    pub lead_unit: OrganisationId,
    /// Where it stands.
    pub status: Status,
    /// Rises with each fact.
    pub sequence: i64,
    /// The document it rests on.
    pub document: Document,
    /// Facts for the texts, by name.
    pub attributes: BTreeMap<&'static str, String>,
    /// The last day to reply.
    pub reply_by: Option<Date>,
    /// The business instant of the latest change.
    pub updated_at: Timestamp,
}

/// What an obligation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An event.
    Event(EventId),
    /// A deadline.
    Deadline(DeadlineId),
}

impl Subject {
    /// The resource name of the obligation itself.
    #[must_use]
    pub fn obligation_name(self) -> String {
        match self {
            Self::Event(id) => format!("events/obligations/event-{}", id.0),
            Self::Deadline(id) => format!("events/obligations/deadline-{}", id.0),
        }
    }

    /// The subject of an obligation's resource name.
    #[must_use]
    pub fn of_obligation(name: &str) -> Option<Self> {
        let name = ObligationName::read(name)?;
        match (name.source, name.kind) {
            ("events", "event") => Some(Self::Event(EventId(name.id))),
            ("events", "deadline") => Some(Self::Deadline(DeadlineId(name.id))),
            _ => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(id) => id.fmt(formatter),
            Self::Deadline(id) => id.fmt(formatter),
        }
    }
}

/// Where an obligation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It stands.
    Scheduled,
    /// It will happen, nobody knows when.
    Postponed,
    /// Nobody needs a reminder any more.
    Satisfied,
    /// It will not happen.
    Cancelled,
}

/// What happened to an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObligationFact {
    /// It came to be.
    Scheduled,
    /// Its time or place changed.
    Moved,
    /// Its date was taken away.
    Postponed,
    /// Nobody needs a reminder any more.
    Satisfied,
    /// It will not happen.
    Cancelled,
    /// Its words changed.
    Changed,
}

impl ObligationFact {
    /// The last word of the routing key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Moved => "moved",
            Self::Postponed => "postponed",
            Self::Satisfied => "satisfied",
            Self::Cancelled => "cancelled",
            Self::Changed => "changed",
        }
    }
}

impl Obligation {
    /// The obligation of an announced event; `reply_base` is where reply pages
    /// are served, with a slash at its end.
    #[must_use]
    pub fn of_event(event: &Event, reply_base: &str) -> Self {
        let event = &event.as_printed();
        let attributes = attributes([
            ("agenda", event.agenda.join("\n")),
            ("bring", event.bring.clone()),
            ("chair", event.chair.clone()),
            ("reason", event.reason.clone()),
            ("reply_page_base", reply_base.to_owned()),
            ("short_title", event.short_title.clone()),
            ("status", event.state.words().to_owned()),
        ]);
        Self {
            subject: Subject::Event(event.id),
            kind: event.kind.as_str(),
            class: event.class,
            title: event.title.clone(),
            anchor: event.anchor.clone(),
            anchor_version: event.anchor_version,
            place: event.place.clone(),
            organiser: event.organiser,
            lead_unit: event.lead_unit,
            status: match event.state {
                EventState::Draft | EventState::Scheduled => Status::Scheduled,
                EventState::Postponed => Status::Postponed,
                EventState::Cancelled => Status::Cancelled,
                EventState::Completed => Status::Satisfied,
            },
            sequence: event.sequence,
            document: event.document.clone(),
            attributes,
            reply_by: event.reply_by_in_force(),
            updated_at: event.updated_at,
        }
    }

    /// The obligation of a deadline. Only a report can be answered by page.
    #[must_use]
    pub fn of_deadline(deadline: &Deadline, reply_base: &str) -> Self {
        let deadline = &deadline.as_printed();
        let reply_base = match deadline.kind {
            DeadlineKind::Report => reply_base.to_owned(),
            DeadlineKind::Task | DeadlineKind::ClaimConfirmation => String::new(),
        };
        let claimant = deadline.claim.map(|claim| claim.organisation.to_string());
        let attributes = attributes([
            ("claimant", claimant.unwrap_or_default()),
            ("contents", deadline.contents.join("\n")),
            ("reason", deadline.reason.clone()),
            ("reply_page_base", reply_base),
            ("short_title", deadline.short_title.clone()),
            ("status", deadline.state.words().to_owned()),
            ("submit_to", deadline.submit_to.clone()),
        ]);
        Self {
            subject: Subject::Deadline(deadline.id),
            kind: deadline.kind.as_str(),
            class: deadline.class,
            title: deadline.title.clone(),
            anchor: deadline.anchor.clone(),
            anchor_version: deadline.anchor_version,
            place: Place::default(),
            organiser: deadline.organiser,
            lead_unit: deadline.lead_unit,
            status: match deadline.state {
                DeadlineState::Open => Status::Scheduled,
                DeadlineState::Closed => Status::Satisfied,
                DeadlineState::Cancelled => Status::Cancelled,
            },
            sequence: deadline.sequence,
            document: deadline.document.clone(),
            attributes,
            reply_by: None,
            updated_at: deadline.updated_at,
        }
    }
}

fn attributes<const N: usize>(
    pairs: [(&'static str, String); N],
) -> BTreeMap<&'static str, String> {
    pairs
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample;

    #[test]
    fn a_name_leads_back_to_its_subject() {
        for subject in [
            Subject::Event(EventId::new()),
            Subject::Deadline(DeadlineId::new()),
        ] {
            assert_eq!(
                Subject::of_obligation(&subject.obligation_name()),
                Some(subject)
            );
        }
        assert_eq!(Subject::of_obligation("funding/obligations/event-1"), None);
        assert_eq!(Subject::of_obligation("events/obligations/event-1"), None);
        let upper = EventId::new().0.to_string().to_uppercase();
        assert_eq!(
            Subject::of_obligation(&format!("events/obligations/event-{upper}")),
            None
        );
    }

    #[test]
    fn the_agenda_travels_line_by_line_and_empty_facts_do_not_travel() {
        let mut event = sample::event(EventState::Scheduled, Anchor::Unknown);
        event.agenda = vec!["Khai mạc".into(), "Thảo luận".into()];
        let told = Obligation::of_event(&event, "https://lienminh.example/r/");
        assert_eq!(told.attributes["agenda"], "Khai mạc\nThảo luận");
        assert_eq!(
            told.attributes["reply_page_base"],
            "https://lienminh.example/r/"
        );
        assert!(!told.attributes.contains_key("bring"));
    }

    #[test]
    fn only_a_report_has_a_reply_page() {
        let mut deadline = sample::deadline(DeadlineState::Open, Anchor::Unknown);
        let base = "https://lienminh.example/r/";
        assert!(
            Obligation::of_deadline(&deadline, base)
                .attributes
                .contains_key("reply_page_base")
        );
        deadline.kind = DeadlineKind::Task;
        assert!(
            !Obligation::of_deadline(&deadline, base)
                .attributes
                .contains_key("reply_page_base")
        );
    }
}
