//! The life of an event: present state, change and instant in; next state and facts out.
//!
//! A draft tells nobody anything. Once announced, every change is told:
//! `sequence` rises with each fact, `anchor_version` only with a material change
//! (start, end, place, postponement, a new date, cancellation) and never falls, so
//! A -> B -> A gives three versions. Dời (moved) is a change of date, hoãn
//! (postponed) takes the date away, hủy (cancelled) ends it. Answers survive all of them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::anchor::Anchor;
use super::class::Class;
use super::document::Document;
use super::id::{EventId, OrganisationId, PlanId, PlanItemId};
use super::kind::EventKind;
use super::obligation::ObligationFact;
use super::place::Place;
use super::refusal::Refusal;
use super::written::{Text, Written};

/// What of an event can name an hour or a day.
const TIMED: [Text; 4] = [Text::Agenda, Text::Bring, Text::Hint, Text::ReplyBy];

/// An event (hoạt động).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its identity.
    pub id: EventId,
    /// What it is.
    pub kind: EventKind,
    /// Its title as people read it, without the date.
    pub title: String,
    /// A short name for text messages; may be empty.
    pub short_title: String,
    /// When.
    pub anchor: Anchor,
    /// Rises with each material change.
    pub anchor_version: i64,
    /// Where.
    pub place: Place,
    /// Who invites.
    pub organiser: OrganisationId,
    /// The unit in charge.
    pub lead_unit: OrganisationId,
    /// The plan item it carries out.
    pub plan_item: Option<(PlanId, PlanItemId)>,
    /// The issued invitation.
    pub document: Document,
    /// Who chairs, as a role.
    pub chair: String,
    /// Agenda, one line each.
    pub agenda: Vec<String>,
    /// What to bring or prepare.
    pub bring: String,
    /// The last day to reply.
    pub reply_by: Option<Date>,
    /// For which time its texts were written, where that was another one.
    pub written: Written,
    /// Class of its reminders.
    pub class: Class,
    /// Whether members that take no part in it may know of it once it is announced.
    pub public: bool,
    /// Where it stands.
    pub state: EventState,
    /// Why it was last moved, postponed or cancelled; may be empty.
    pub reason: String,
    /// Where it stood before it was last moved or postponed; none where it never was.
    pub moved_from: Option<Former>,
    /// Rises with each fact; 0 while nothing was told.
    pub sequence: i64,
    /// Rises with each stored change.
    pub revision: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The date and the place of an event before its last move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// The last date that people were told.
    pub anchor: Anchor,
    /// The place at that time.
    pub place: Place,
}

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventState {
    /// Being prepared.
    Draft,
    /// Announced, with or without a fixed date.
    Scheduled,
    /// Tạm hoãn.
    Postponed,
    /// Hủy.
    Cancelled,
    /// Held.
    Completed,
}

impl EventState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Scheduled,
        Self::Postponed,
        Self::Cancelled,
        Self::Completed,
    ];

    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
        }
    }

    /// The state of a name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// The state in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "bản nháp",
            Self::Scheduled => "đã thông báo",
            Self::Postponed => "tạm hoãn, chưa có ngày mới",
            Self::Cancelled => "đã hủy",
            Self::Completed => "đã tổ chức",
        }
    }
}

/// What somebody wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// From now on people are told.
    Announce,
    /// Sets or changes the date, the hour or the place.
    Reschedule {
        /// The new date; `None` keeps the present one.
        anchor: Option<Anchor>,
        /// The new place; `None` keeps the present one.
        place: Option<Place>,
        /// The new last day to reply; `None` keeps the present one.
        reply_by: Option<Date>,
        /// Why, for people; may be empty.
        reason: String,
    },
    /// Takes the date away.
    Postpone {
        /// Why, for people; may be empty.
        reason: String,
    },
    /// It will not happen.
    Cancel {
        /// Why, for people; may be empty.
        reason: String,
    },
    /// It was held.
    Complete,
    /// Other words, same date and place.
    Rewrite(Texts),
}

/// New words; `None` keeps what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// The title.
    pub title: Option<String>,
    /// The short name for text messages.
    pub short_title: Option<String>,
    /// The agenda.
    pub agenda: Option<Vec<String>>,
    /// What to bring.
    pub bring: Option<String>,
    /// How to get there.
    pub hint: Option<String>,
    /// Who chairs.
    pub chair: Option<String>,
    /// The issued invitation.
    pub document: Option<Document>,
    /// The last day to reply; `Some(None)` removes it.
    pub reply_by: Option<Option<Date>>,
    /// Whether it is public.
    pub public: Option<bool>,
}

/// What happened to an event, as other systems hear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventFact {
    /// People are told of it from now on.
    Announced,
    /// Its date or place changed.
    Moved,
    /// Its date was taken away.
    Postponed,
    /// It will not happen.
    Cancelled,
    /// It was held.
    Completed,
    /// Its words changed.
    Updated,
}

impl EventFact {
    /// The last word of the routing key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Moved => "moved",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
            Self::Updated => "updated",
        }
    }
}

/// What a change comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is as wanted already: nothing is stored, nothing told.
    Unchanged,
    /// Stored, told to nobody: a draft.
    Silent(Event),
    /// Stored and told.
    Told(Event, EventFact, ObligationFact),
}

impl Event {
    /// The event after `change` at `now`, and what to tell about it.
    ///
    /// # Errors
    /// The reason why the present state does not allow the change.
    pub fn apply(&self, change: Change, now: Timestamp) -> Result<Outcome, Refusal> {
        match self.state {
            EventState::Completed => return Err(Refusal::EventCompleted),
            EventState::Cancelled => return Err(Refusal::EventCancelled),
            EventState::Draft | EventState::Scheduled | EventState::Postponed => {}
        }
        match change {
            Change::Announce => self.announce(now),
            Change::Reschedule {
                anchor,
                place,
                reply_by,
                reason,
            } => {
                let next = self.moved_to(anchor, place, reply_by);
                self.reschedule(next, reason, now)
            }
            Change::Postpone { reason } => self.postpone(reason, now),
            Change::Cancel { reason } => Ok(self.cancel(reason, now)),
            Change::Complete => self.complete(now),
            Change::Rewrite(texts) => Ok(self.rewrite(texts, now)),
        }
    }

    /// Whether an invitation to it can still be answered at `now`.
    ///
    /// # Errors
    /// Why not.
    pub fn answerable(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            EventState::Draft => Err(Refusal::EventDraft),
            EventState::Cancelled => Err(Refusal::EventCancelled),
            EventState::Completed => Err(Refusal::EventCompleted),
            EventState::Scheduled | EventState::Postponed => match self.anchor.answers_close() {
                Some(closes) if closes <= now => Err(Refusal::AnswersClosed),
                Some(_) | None => Ok(()),
            },
        }
    }

    fn announce(&self, now: Timestamp) -> Result<Outcome, Refusal> {
        if self.state != EventState::Draft {
            return Err(Refusal::EventAnnounced);
        }
        let mut next = self.revised(now);
        next.state = EventState::Scheduled;
        Ok(next.told(EventFact::Announced, ObligationFact::Scheduled))
    }

    /// This event with another date, place or last day to reply, as far as they are given.
    fn moved_to(
        &self,
        anchor: Option<Anchor>,
        place: Option<Place>,
        reply_by: Option<Date>,
    ) -> Self {
        let mut next = self.clone();
        set(&mut next.anchor, anchor);
        if !next.anchor.same_time(&self.anchor) {
            next.written.moved(TIMED, &self.anchor);
        }
        if let Some(place) = place {
            next.place = place;
            next.written.renewed(Text::Hint);
        }
        if reply_by.is_some() {
            next.reply_by = reply_by;
            next.written.renewed(Text::ReplyBy);
        }
        next
    }

    fn reschedule(&self, next: Self, reason: String, now: Timestamp) -> Result<Outcome, Refusal> {
        if next == *self {
            return Ok(Outcome::Unchanged);
        }
        let new_time = !next.anchor.same_time(&self.anchor);
        if new_time && next.anchor == Anchor::Unknown {
            return Err(Refusal::DateTakenAway);
        }
        if new_time && has_passed(&next.anchor, now) {
            return Err(Refusal::TimePassed);
        }
        let material = new_time || !next.place.same_place(&self.place);
        let mut next = next.revised(now);
        if new_time && next.state == EventState::Postponed {
            next.state = EventState::Scheduled;
        }
        if !material {
            return Ok(next.told_unless_draft(EventFact::Updated, ObligationFact::Changed));
        }
        next.anchor_version += 1;
        next.reason = reason;
        next.moved_from = (self.state != EventState::Draft).then(|| self.former());
        Ok(next.told_unless_draft(EventFact::Moved, ObligationFact::Moved))
    }

    /// What people were last told; a postponement took no date from them twice.
    fn former(&self) -> Former {
        let before = self.moved_from.as_ref();
        let anchor = match (&self.anchor, before) {
            (Anchor::Unknown, Some(before)) => before.anchor.clone(),
            (present, _) => present.clone(),
        };
        Former {
            anchor,
            place: self.place.clone(),
        }
    }

    fn postpone(&self, reason: String, now: Timestamp) -> Result<Outcome, Refusal> {
        match self.state {
            EventState::Draft => return Err(Refusal::EventDraft),
            EventState::Postponed => return Ok(Outcome::Unchanged),
            EventState::Scheduled | EventState::Cancelled | EventState::Completed => {}
        }
        let mut next = self.revised(now);
        next.state = EventState::Postponed;
        next.written.moved(TIMED, &self.anchor);
        next.moved_from = Some(self.former());
        next.anchor = Anchor::Unknown;
        next.anchor_version += 1;
        next.reason = reason;
        Ok(next.told(EventFact::Postponed, ObligationFact::Postponed))
    }

    fn cancel(&self, reason: String, now: Timestamp) -> Outcome {
        let mut next = self.revised(now);
        next.state = EventState::Cancelled;
        next.reason = reason;
        if self.state == EventState::Draft {
            return Outcome::Silent(next);
        }
        next.anchor_version += 1;
        next.told(EventFact::Cancelled, ObligationFact::Cancelled)
    }

    fn complete(&self, now: Timestamp) -> Result<Outcome, Refusal> {
        match self.state {
            EventState::Draft => return Err(Refusal::EventDraft),
            EventState::Postponed => return Err(Refusal::EventPostponed),
            EventState::Scheduled | EventState::Cancelled | EventState::Completed => {}
        }
        if self.anchor.from().is_some_and(|start| start > now) {
            return Err(Refusal::EventNotStarted);
        }
        let mut next = self.revised(now);
        next.state = EventState::Completed;
        Ok(next.told(EventFact::Completed, ObligationFact::Satisfied))
    }

    fn rewrite(&self, texts: Texts, now: Timestamp) -> Outcome {
        let mut next = self.clone();
        for (text, written) in [
            (Text::Agenda, texts.agenda.is_some()),
            (Text::Bring, texts.bring.is_some()),
            (Text::Hint, texts.hint.is_some()),
            (Text::ReplyBy, texts.reply_by.is_some()),
        ] {
            if written {
                next.written.renewed(text);
            }
        }
        set(&mut next.title, texts.title);
        set(&mut next.short_title, texts.short_title);
        set(&mut next.agenda, texts.agenda);
        set(&mut next.bring, texts.bring);
        set(&mut next.place.hint, texts.hint);
        set(&mut next.chair, texts.chair);
        set(&mut next.document, texts.document);
        set(&mut next.reply_by, texts.reply_by);
        set(&mut next.public, texts.public);
        if next == *self {
            return Outcome::Unchanged;
        }
        next.revised(now)
            .told_unless_draft(EventFact::Updated, ObligationFact::Changed)
    }

    fn revised(&self, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.revision += 1;
        next.updated_at = now.max(self.updated_at);
        next
    }

    fn told_unless_draft(self, fact: EventFact, obligation: ObligationFact) -> Outcome {
        if self.state == EventState::Draft {
            Outcome::Silent(self)
        } else {
            self.told(fact, obligation)
        }
    }

    fn told(mut self, fact: EventFact, obligation: ObligationFact) -> Outcome {
        self.sequence += 1;
        Outcome::Told(self, fact, obligation)
    }
}

/// Takes a new value, where there is one.
pub(super) fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// An instant has passed with its start, a day or a window with its last day.
#[must_use]
pub fn has_passed(anchor: &Anchor, now: Timestamp) -> bool {
    match anchor {
        Anchor::Unknown => false,
        Anchor::Instant { start, .. } => *start <= now,
        Anchor::Day { .. } | Anchor::Window(_) => anchor.until().is_some_and(|end| end <= now),
    }
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
