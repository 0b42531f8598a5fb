//! The life of a deadline: present state, change and instant in; next state and facts out.
//!
//! A deadline is told from the moment it is entered. It closes when an officer
//! says so or when nobody owes anything any more; then nobody is reminded.

use jiff::Timestamp;

use super::anchor::Anchor;
use super::class::Class;
use super::document::Document;
use super::event::{has_passed, set};
use super::id::{DeadlineId, OrganisationId, PlanId, PlanItemId, SubmissionId};
use super::kind::DeadlineKind;
use super::obligation::ObligationFact;
use super::refusal::Refusal;
use super::written::{Text, Written};

/// A report, a task or another thing that is due by a day (thời hạn).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Its identity.
    pub id: DeadlineId,
    /// What it is.
    pub kind: DeadlineKind,
    /// Its title as people read it, without the date.
    pub title: String,
    /// A short name for text messages; may be empty.
    pub short_title: String,
    /// Until when.
    pub anchor: Anchor,
    /// Rises with each material change.
    pub anchor_version: i64,
    /// Who demands it.
    pub organiser: OrganisationId,
    /// The unit in charge.
    pub lead_unit: OrganisationId,
    /// The plan item it carries out.
    pub plan_item: Option<(PlanId, PlanItemId)>,
    /// The document it rests on.
    pub document: Document,
    /// What it must contain, one line each.
    pub contents: Vec<String>,
    /// Where to hand it in, for people.
    pub submit_to: String,
    /// For which last day its texts were written, where that was another one.
    pub written: Written,
    /// Class of its reminders.
    pub class: Class,
    /// Where it stands.
    pub state: DeadlineState,
    /// Why it was last moved or cancelled; may be empty.
    pub reason: String,
    /// The claim that it asks to confirm, for a claim confirmation.
    pub claim: Option<Claim>,
    /// Rises with each fact.
    pub sequence: i64,
    /// Rises with each stored change.
    pub revision: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The claim behind a claim confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is said to have been sent.
    pub submission: SubmissionId,
    /// Who says so.
    pub organisation: OrganisationId,
}

/// Where a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineState {
    /// Open.
    Open,
    /// Done, or closed by an officer.
    Closed,
    /// Dropped.
    Cancelled,
}

impl DeadlineState {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Open, Self::Closed, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// The state in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "đang thực hiện",
            Self::Closed => "đã hoàn thành",
            Self::Cancelled => "đã bãi bỏ",
        }
    }
}

/// What somebody wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another last day, for everybody.
    Reschedule {
        /// The new last day.
        anchor: Anchor,
        /// Why, for people; may be empty.
        reason: String,
    },
    /// Other words, same last day.
    Rewrite(Texts),
    /// Done.
    Complete,
    /// Dropped.
    Cancel {
        /// Why, for people; may be empty.
        reason: String,
    },
}

/// New words; `None` keeps what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// The title.
    pub title: Option<String>,
    /// The short name for text messages.
    pub short_title: Option<String>,
    /// What it must contain.
    pub contents: Option<Vec<String>>,
    /// Where to hand it in.
    pub submit_to: Option<String>,
}

/// What happened to a deadline, as other systems hear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineFact {
    /// It was entered.
    Created,
    /// Its words changed.
    Updated,
    /// Its last day changed.
    Moved,
    /// It is done.
    Closed,
    /// It was dropped.
    Cancelled,
}

impl DeadlineFact {
    /// The last word of the routing key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Moved => "moved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A change that is stored and told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The deadline after it.
    pub deadline: Deadline,
    /// What happened to the deadline.
    pub fact: DeadlineFact,
    /// What happened to its obligation.
    pub about: ObligationFact,
}

impl Deadline {
    /// The deadline after `change` at `now`, and what to tell about it; `None` when
    /// everything is as wanted already.
    ///
    /// # Errors
    /// The reason why the present state does not allow the change.
    pub fn apply(&self, change: Change, now: Timestamp) -> Result<Option<Told>, Refusal> {
        match self.state {
            DeadlineState::Closed => return Err(Refusal::DeadlineClosed),
            DeadlineState::Cancelled => return Err(Refusal::DeadlineCancelled),
            DeadlineState::Open => {}
        }
        match change {
            Change::Reschedule { anchor, reason } => self.reschedule(anchor, reason, now),
            Change::Rewrite(texts) => Ok(self.rewrite(texts, now)),
            Change::Complete => {
                let mut next = self.revised(now);
                next.state = DeadlineState::Closed;
                Ok(Some(
                    next.told(DeadlineFact::Closed, ObligationFact::Satisfied),
                ))
            }
            Change::Cancel { reason } => {
                let mut next = self.revised(now);
                next.state = DeadlineState::Cancelled;
                next.reason = reason;
                next.anchor_version += 1;
                Ok(Some(
                    next.told(DeadlineFact::Cancelled, ObligationFact::Cancelled),
                ))
            }
        }
    }

    fn reschedule(
        &self,
        anchor: Anchor,
        reason: String,
        now: Timestamp,
    ) -> Result<Option<Told>, Refusal> {
        if anchor == self.anchor {
            return Ok(None);
        }
        let material = !anchor.same_time(&self.anchor);
        if material && has_passed(&anchor, now) {
            return Err(Refusal::TimePassed);
        }
        let mut next = self.revised(now);
        if material {
            next.written
                .moved([Text::Contents, Text::SubmitTo], &self.anchor);
        }
        next.anchor = anchor;
        if !material {
            return Ok(Some(
                next.told(DeadlineFact::Moved, ObligationFact::Changed),
            ));
        }
        next.anchor_version += 1;
        next.reason = reason;
        Ok(Some(next.told(DeadlineFact::Moved, ObligationFact::Moved)))
    }

    fn rewrite(&self, texts: Texts, now: Timestamp) -> Option<Told> {
        let mut next = self.clone();
        if texts.contents.is_some() {
            next.written.renewed(Text::Contents);
        }
        if texts.submit_to.is_some() {
            next.written.renewed(Text::SubmitTo);
        }
        set(&mut next.title, texts.title);
        set(&mut next.short_title, texts.short_title);
        set(&mut next.contents, texts.contents);
        set(&mut next.submit_to, texts.submit_to);
        (next != *self).then(|| {
            next.revised(now)
                .told(DeadlineFact::Updated, ObligationFact::Changed)
        })
    }

    fn revised(&self, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.revision += 1;
        next.updated_at = now.max(self.updated_at);
        next
    }

    fn told(mut self, fact: DeadlineFact, about: ObligationFact) -> Told {
        self.sequence += 1;
        Told {
            deadline: self,
            fact,
            about,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::anchor::Bound;
    use crate::domain::sample::deadline;

    fn now() -> Timestamp {
        "2024-03-01T01:00:00Z".parse().unwrap()
    }

    fn day(day: i8, bound: Bound) -> Anchor {
        Anchor::Day {
            date: date(2024, 4, day),
            bound,
        }
    }

    fn move_to(anchor: Anchor) -> Change {
        Change::Reschedule {
            anchor,
            reason: String::new(),
        }
    }

    #[test]
    fn a_new_last_day_is_a_new_version() {
        let present = deadline(DeadlineState::Open, day(10, Bound::Before));
        let told = present
            .apply(move_to(day(12, Bound::Through)), now())
            .unwrap()
            .unwrap();
        let (next, fact, obligation) = (told.deadline, told.fact, told.about);
        assert_eq!((next.anchor_version, next.sequence), (2, 2));
        assert_eq!(
            (fact, obligation),
            (DeadlineFact::Moved, ObligationFact::Moved)
        );
    }

    #[test]
    fn another_wording_of_the_same_last_day_is_no_new_version() {
        let present = deadline(DeadlineState::Open, day(10, Bound::Before));
        let told = present
            .apply(move_to(day(9, Bound::Through)), now())
            .unwrap()
            .unwrap();
        let (next, obligation) = (told.deadline, told.about);
        assert_eq!(
            (next.anchor_version, obligation),
            (1, ObligationFact::Changed)
        );
        assert_eq!(next.apply(move_to(day(9, Bound::Through)), now()), Ok(None));
    }

    #[test]
    fn a_deadline_does_not_move_into_the_past() {
        let present = deadline(DeadlineState::Open, day(10, Bound::Through));
        let past = Anchor::Day {
            date: date(2024, 2, 29),
            bound: Bound::Through,
        };
        assert_eq!(
            present.apply(move_to(past), now()),
            Err(Refusal::TimePassed)
        );
    }

    #[test]
    fn what_is_closed_or_cancelled_refuses_every_change() {
        let changes = [
            move_to(day(20, Bound::On)),
            Change::Rewrite(Texts::default()),
            Change::Complete,
            Change::Cancel {
                reason: String::new(),
            },
        ];
        for change in changes {
            let closed = deadline(DeadlineState::Closed, day(10, Bound::On));
            assert_eq!(
                closed.apply(change.clone(), now()),
                Err(Refusal::DeadlineClosed)
            );
            let cancelled = deadline(DeadlineState::Cancelled, day(10, Bound::On));
            assert_eq!(
                cancelled.apply(change, now()),
                Err(Refusal::DeadlineCancelled)
            );
        }
    }

    #[test]
    fn completion_satisfies_the_obligation() {
        let present = deadline(DeadlineState::Open, day(10, Bound::On));
        let told = present.apply(Change::Complete, now()).unwrap().unwrap();
        let (next, fact, obligation) = (told.deadline, told.fact, told.about);
        assert_eq!(
            (next.state, next.anchor_version),
            (DeadlineState::Closed, 1)
        );
        assert_eq!(
            (fact, obligation),
            (DeadlineFact::Closed, ObligationFact::Satisfied)
        );
    }

    proptest! {
        #[test]
        fn versions_never_fall_and_sequences_rise_with_every_fact(
            script in proptest::collection::vec((0u8..12, 1i8..29, any::<bool>()), 1..30),
        ) {
            let mut present = deadline(DeadlineState::Open, day(10, Bound::Before));
            for (what, date, before) in script {
                let bound = if before { Bound::Before } else { Bound::Through };
                let change = match what {
                    0 => Change::Complete,
                    1 => Change::Cancel { reason: String::new() },
                    _ => move_to(day(date, bound)),
                };
                let Ok(Some(told)) = present.apply(change, now()) else { continue };
                let next = told.deadline;
                let material = !next.anchor.same_time(&present.anchor)
                    || next.state == DeadlineState::Cancelled;
                prop_assert_eq!(next.sequence, present.sequence + 1);
                prop_assert_eq!(next.revision, present.revision + 1);
                prop_assert_eq!(next.anchor_version, present.anchor_version + i64::from(material));
                present = next;
            }
        }
    }
}
