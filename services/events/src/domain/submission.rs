//! What one organisation owes under one deadline.

use jiff::Timestamp;

use super::deadline::{Deadline, DeadlineState};
use super::id::{DeadlineId, OrganisationId, SubmissionId};
use super::kind::DeadlineKind;
use super::refusal::Refusal;

/// Working days for which a claim stops the chasing, and within which the unit
/// in charge is asked to confirm it.
pub const CLAIM_WORKING_DAYS: i32 = 3;

/// What one organisation owes under one deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its identity.
    pub id: SubmissionId,
    /// The deadline.
    pub deadline: DeadlineId,
    /// Who owes it.
    pub organisation: OrganisationId,
    /// Where it stands.
    pub state: SubmissionState,
    /// When the state was reached.
    pub state_at: Timestamp,
    /// Why, for people; may be empty.
    pub remark: String,
}

/// States of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionState {
    /// Awaited.
    Awaited,
    /// The organisation says that it has sent it.
    Claimed,
    /// Received, confirmed by an officer.
    Submitted,
    /// Exempt.
    Exempt,
}

impl SubmissionState {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Awaited => "awaited",
            Self::Claimed => "claimed",
            Self::Submitted => "submitted",
            Self::Exempt => "exempt",
        }
    }

    /// The state of a name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Awaited, Self::Claimed, Self::Submitted, Self::Exempt]
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// The state in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Awaited => "chưa nhận được",
            Self::Claimed => "đơn vị báo đã gửi, chờ xác nhận",
            Self::Submitted => "đã nhận",
            Self::Exempt => "được miễn",
        }
    }

    /// Whether nothing is owed any more.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Submitted | Self::Exempt)
    }
}

/// What an officer records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It was received.
    Submitted,
    /// It is not owed.
    Exempt,
}

impl Submission {
    /// The submission after "đã gửi" at `now`; `None` when there is nothing new:
    /// it was received meanwhile, or the last claim still stops the chasing.
    /// `claim_holds` tells the latter.
    ///
    /// # Errors
    /// The deadline collects nothing, is closed or dropped.
    pub fn claim(
        &self,
        deadline: &Deadline,
        claim_holds: bool,
        now: Timestamp,
    ) -> Result<Option<Self>, Refusal> {
        collects(deadline)?;
        if deadline.state == DeadlineState::Closed && !self.state.is_settled() {
            return Err(Refusal::DeadlineClosed);
        }
        if self.state.is_settled() || (self.state == SubmissionState::Claimed && claim_holds) {
            return Ok(None);
        }
        Ok(Some(Self {
            state: SubmissionState::Claimed,
            state_at: now,
            ..self.clone()
        }))
    }

    /// The submission after an officer's word at `now`; `None` when nothing changes.
    /// A report that comes in after the deadline was closed is still recorded.
    ///
    /// # Errors
    /// The deadline collects nothing or was dropped.
    pub fn record(
        &self,
        deadline: &Deadline,
        receipt: Receipt,
        remark: String,
        now: Timestamp,
    ) -> Result<Option<Self>, Refusal> {
        collects(deadline)?;
        let state = match receipt {
            Receipt::Submitted => SubmissionState::Submitted,
            Receipt::Exempt => SubmissionState::Exempt,
        };
        if state == self.state && remark == self.remark {
            return Ok(None);
        }
        let state_at = if state == self.state {
            self.state_at
        } else {
            now
        };
        Ok(Some(Self {
            state,
            state_at,
            remark,
            ..self.clone()
        }))
    }
}

fn collects(deadline: &Deadline) -> Result<(), Refusal> {
    if deadline.kind != DeadlineKind::Report {
        Err(Refusal::NothingCollected)
    } else if deadline.state == DeadlineState::Cancelled {
        Err(Refusal::DeadlineCancelled)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::anchor::Anchor;
    use crate::domain::sample::deadline;

    fn now() -> Timestamp {
        "2024-04-05T01:00:00Z".parse().unwrap()
    }

    fn owed(state: SubmissionState) -> Submission {
        Submission {
            id: SubmissionId::new(),
            deadline: DeadlineId::new(),
            organisation: OrganisationId::new(),
            state,
            state_at: Timestamp::UNIX_EPOCH,
            remark: String::new(),
        }
    }

    #[test]
    fn a_claim_is_made_once_while_it_holds() {
        let open = deadline(DeadlineState::Open, Anchor::Unknown);
        let claimed = owed(SubmissionState::Awaited)
            .claim(&open, false, now())
            .unwrap()
            .unwrap();
        assert_eq!(
            (claimed.state, claimed.state_at),
            (SubmissionState::Claimed, now())
        );
        assert_eq!(claimed.claim(&open, true, now()), Ok(None));
        assert!(claimed.claim(&open, false, now()).unwrap().is_some());
    }

    #[test]
    fn a_claim_does_not_undo_a_receipt() {
        let open = deadline(DeadlineState::Open, Anchor::Unknown);
        for settled in [SubmissionState::Submitted, SubmissionState::Exempt] {
            assert_eq!(owed(settled).claim(&open, false, now()), Ok(None));
        }
    }

    #[test]
    fn a_late_report_is_recorded_after_the_close_but_not_after_a_cancellation() {
        let submission = owed(SubmissionState::Awaited);
        let closed = deadline(DeadlineState::Closed, Anchor::Unknown);
        let recorded = submission
            .record(&closed, Receipt::Submitted, String::new(), now())
            .unwrap()
            .unwrap();
        assert_eq!(recorded.state, SubmissionState::Submitted);
        let dropped = deadline(DeadlineState::Cancelled, Anchor::Unknown);
        let refused = submission.record(&dropped, Receipt::Submitted, String::new(), now());
        assert_eq!(refused, Err(Refusal::DeadlineCancelled));
    }

    #[test]
    fn a_corrected_remark_keeps_the_instant_of_the_receipt() {
        let open = deadline(DeadlineState::Open, Anchor::Unknown);
        let submission = owed(SubmissionState::Submitted);
        let noted = submission
            .record(&open, Receipt::Submitted, "bản giấy".into(), now())
            .unwrap()
            .unwrap();
        assert_eq!(noted.state_at, Timestamp::UNIX_EPOCH);
        let again = noted.record(&open, Receipt::Submitted, "bản giấy".into(), now());
        assert_eq!(again, Ok(None));
    }

    #[test]
    fn a_task_collects_nothing() {
        let mut task = deadline(DeadlineState::Open, Anchor::Unknown);
        task.kind = DeadlineKind::Task;
        let claim = owed(SubmissionState::Awaited).claim(&task, false, now());
        assert_eq!(claim, Err(Refusal::NothingCollected));
    }
}
