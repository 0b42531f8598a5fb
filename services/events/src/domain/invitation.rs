//! An invitation and its answer.
//!
//! An answer holds until another one replaces it, until the start. A move keeps
//! every answer: it is shown together with the version of the date it was given to,
//! so that an officer sees who said yes to the old hour.

use jiff::Timestamp;
use kit::personal::Personal;

use super::answer::Source;
use super::event::Event;
use super::id::{EventId, InvitationId, OrganisationId};
use super::position::Position;
use super::refusal::Refusal;

/// Names and offices of those who come, in characters: a delegation of ten.
pub const NAMES_LIMIT: usize = 500;

/// More people than any hall of ours holds are a slip of the keyboard.
pub const ATTENDEES_LIMIT: i32 = 500;

/// An invitation of one organisation to one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its identity.
    pub id: InvitationId,
    /// The event.
    pub event: EventId,
    /// Who is invited.
    pub organisation: OrganisationId,
    /// Offices invited; empty: the rule decides.
    pub positions: Vec<Position>,
    /// The answer.
    pub state: InvitationState,
    /// How many will come, 0 when unknown.
    pub attendees: i32,
    /// Who they are, as far as was said.
    pub names: Personal<String>,
    /// How and when the answer came, and to which version of the date.
    pub answered: Option<Answered>,
}

/// What somebody says to an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// Yes or no.
    pub coming: bool,
    /// How many will come, 0 when not said.
    pub attendees: i32,
    /// Who they are, empty when not said.
    pub names: Personal<String>,
}

/// The circumstances of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// How it came.
    pub source: Source,
    /// When it came.
    pub at: Timestamp,
    /// The `anchor_version` of the event at that moment.
    pub version: i64,
}

/// Answers to an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// No answer yet.
    Invited,
    /// Will come.
    Accepted,
    /// Will not come.
    Declined,
    /// Withdrawn.
    Withdrawn,
}

impl InvitationState {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Invited,
            Self::Accepted,
            Self::Declined,
            Self::Withdrawn,
        ]
        .into_iter()
        .find(|state| state.as_str() == name)
    }

    /// The answer in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Invited => "chưa trả lời",
            Self::Accepted => "sẽ dự",
            Self::Declined => "không dự được",
            Self::Withdrawn => "lời mời đã rút",
        }
    }
}

impl Invitation {
    /// The invitation after an answer to `event` at `now`; `None` when it was
    /// answered so already. Declined and accepted again is fine until the start.
    ///
    /// # Errors
    /// The answer comes too late, or there is nothing to answer.
    pub fn answer(
        &self,
        event: &Event,
        said: &Attendance,
        source: Source,
        now: Timestamp,
    ) -> Result<Option<Self>, Refusal> {
        if self.state == InvitationState::Withdrawn {
            return Err(Refusal::InvitationWithdrawn);
        }
        event.answerable(now)?;
        let state = if said.coming {
            InvitationState::Accepted
        } else {
            InvitationState::Declined
        };
        let attendees = match (said.coming, said.attendees) {
            (false, _) => 0,
            // Not said this time: what was said before stands.
            (true, 0) => self.attendees,
            (true, number) => number,
        };
        let names = match (said.coming, said.names.expose().is_empty()) {
            (false, _) => Personal::default(),
            (true, true) => self.names.clone(),
            (true, false) => said.names.clone(),
        };
        let version = event.anchor_version;
        let same = state == self.state
            && attendees == self.attendees
            && names == self.names
            && self
                .answered
                .is_some_and(|answered| answered.version == version);
        if same {
            return Ok(None);
        }
        let answered = Some(Answered {
            source,
            at: now,
            version,
        });
        Ok(Some(Self {
            state,
            attendees,
            names,
            answered,
            ..self.clone()
        }))
    }

    /// Whether its answer was given to an earlier date than `version`.
    #[must_use]
    pub fn is_outdated(&self, version: i64) -> bool {
        self.answered
            .is_some_and(|answered| answered.version < version)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::ToSpan;

    use super::*;
    use crate::domain::anchor::Anchor;
    use crate::domain::event::EventState;
    use crate::domain::sample::event as sample;

    fn now() -> Timestamp {
        "2024-03-01T01:00:00Z".parse().unwrap()
    }

    fn ahead() -> Event {
        sample(
            EventState::Scheduled,
            Anchor::Instant {
                start: now() + 1.hour(),
                end: None,
            },
        )
    }

    fn said(coming: bool, attendees: i32) -> Attendance {
        Attendance {
            coming,
            attendees,
            names: Personal::default(),
        }
    }

    fn invitation() -> Invitation {
        Invitation {
            id: InvitationId::new(),
            event: EventId::new(),
            organisation: OrganisationId::new(),
            positions: vec![],
            state: InvitationState::Invited,
            attendees: 0,
            names: Personal::default(),
            answered: None,
        }
    }

    #[test]
    fn case_29_declined_and_accepted_again_until_the_start() {
        let event = ahead();
        let no = invitation()
            .answer(&event, &said(false, 3), Source::Page, now())
            .unwrap()
            .unwrap();
        assert_eq!((no.state, no.attendees), (InvitationState::Declined, 0));
        let yes = no
            .answer(&event, &said(true, 2), Source::Code, now() + 59.minutes())
            .unwrap()
            .unwrap();
        assert_eq!((yes.state, yes.attendees), (InvitationState::Accepted, 2));
        let late = yes.answer(&event, &said(false, 0), Source::Officer, now() + 1.hour());
        assert_eq!(late, Err(Refusal::AnswersClosed));
    }

    #[test]
    fn the_same_answer_twice_changes_nothing() {
        let event = ahead();
        let yes = invitation()
            .answer(&event, &said(true, 2), Source::Page, now())
            .unwrap()
            .unwrap();
        assert_eq!(
            yes.answer(&event, &said(true, 0), Source::Page, now()),
            Ok(None)
        );
        assert_eq!(
            yes.answer(&event, &said(true, 2), Source::Officer, now()),
            Ok(None)
        );
    }

    #[test]
    fn case_29_an_answer_to_the_old_hour_is_kept_and_can_be_given_again() {
        let event = ahead();
        let yes = invitation()
            .answer(&event, &said(true, 2), Source::Page, now())
            .unwrap()
            .unwrap();
        let moved = Event {
            anchor_version: 2,
            ..event
        };
        assert!(yes.is_outdated(moved.anchor_version));
        let again = yes
            .answer(&moved, &said(true, 0), Source::Page, now())
            .unwrap()
            .unwrap();
        assert!(!again.is_outdated(moved.anchor_version));
        assert_eq!(again.attendees, 2);
    }

    #[test]
    fn who_comes_is_kept_until_somebody_says_otherwise() {
        let event = ahead();
        let named = |names: &str| Attendance {
            names: Personal::new(names.to_owned()),
            ..said(true, 0)
        };
        let answer = |present: &Invitation, said: &Attendance| {
            let answered = present.answer(&event, said, Source::Page, now());
            answered.unwrap().unwrap_or_else(|| present.clone())
        };
        let first = answer(&invitation(), &named("Bà Lan, Giám đốc"));
        assert_eq!(first.names.expose(), "Bà Lan, Giám đốc");
        assert_eq!(answer(&first, &said(true, 2)).names, first.names);
        let second = answer(&first, &named("Ông Bình, Kế toán"));
        assert_eq!(second.names.expose(), "Ông Bình, Kế toán");
        assert!(answer(&second, &said(false, 0)).names.expose().is_empty());
    }

    #[test]
    fn a_postponed_event_still_takes_answers() {
        let event = sample(EventState::Postponed, Anchor::Unknown);
        assert!(
            invitation()
                .answer(&event, &said(true, 0), Source::Page, now())
                .unwrap()
                .is_some()
        );
    }

    #[test]
    fn what_is_over_or_not_announced_takes_no_answer() {
        for (state, refusal) in [
            (EventState::Draft, Refusal::EventDraft),
            (EventState::Cancelled, Refusal::EventCancelled),
            (EventState::Completed, Refusal::EventCompleted),
        ] {
            let event = sample(state, Anchor::Unknown);
            let answer = invitation().answer(&event, &said(true, 0), Source::Page, now());
            assert_eq!(answer, Err(refusal));
        }
    }
}
