//! The question to the unit in charge whether something claimed as sent has arrived.

use jiff::Timestamp;
use jiff::civil::Date;

use super::anchor::{Anchor, Bound};
use super::deadline::{Claim, Deadline, DeadlineState};
use super::document::Document;
use super::id::DeadlineId;
use super::kind::DeadlineKind;
use super::submission::Submission;
use super::text::TITLE_LIMIT;
use super::written::Written;

/// The confirmation that a claim under `deadline` asks for, until the end of `due`.
#[must_use]
pub fn of_claim(id: DeadlineId, deadline: &Deadline, claim: &Submission, due: Date) -> Deadline {
    Deadline {
        id,
        kind: DeadlineKind::ClaimConfirmation,
        title: title(&deadline.title),
        short_title: String::new(),
        anchor: Anchor::Day {
            date: due,
            bound: Bound::Through,
        },
        anchor_version: 1,
        organiser: deadline.organiser,
        lead_unit: deadline.lead_unit,
        plan_item: None,
        document: Document::default(),
        // What is to be confirmed, for texts that say it in their own words.
        contents: vec![deadline.title.clone()],
        submit_to: String::new(),
        written: Written::default(),
        class: DeadlineKind::ClaimConfirmation.default_class(),
        state: DeadlineState::Open,
        reason: String::new(),
        claim: Some(Claim {
            submission: claim.id,
            organisation: claim.organisation,
        }),
        sequence: 1,
        revision: 1,
        created_at: claim.state_at,
        updated_at: claim.state_at,
    }
}

/// Whether a claim made at `claimed_at` still stops the chasing at `now`.
#[must_use]
pub fn holds(due: Date, now: Timestamp) -> bool {
    now < super::anchor::end_of_day(due)
}

fn title(of: &str) -> String {
    let full = format!("Xác nhận báo cáo đơn vị đã gửi: {of}");
    full.chars().take(TITLE_LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::class::Class;
    use crate::domain::id::{OrganisationId, SubmissionId};
    use crate::domain::sample::deadline;
    use crate::domain::submission::SubmissionState;

    #[test]
    fn a_claim_asks_the_unit_in_charge_to_confirm() {
        let report = deadline(DeadlineState::Open, Anchor::Unknown);
        let claim = Submission {
            id: SubmissionId::new(),
            deadline: report.id,
            organisation: OrganisationId::new(),
            state: SubmissionState::Claimed,
            state_at: Timestamp::UNIX_EPOCH,
            remark: String::new(),
        };
        let asked = of_claim(DeadlineId::new(), &report, &claim, date(2024, 4, 10));
        assert_eq!(
            asked.title,
            "Xác nhận báo cáo đơn vị đã gửi: Báo cáo tháng 3"
        );
        assert_eq!(
            (asked.class, asked.lead_unit),
            (Class::Care, report.lead_unit)
        );
        assert_eq!(asked.anchor.last_day(), Some(date(2024, 4, 10)));
        assert_eq!(
            asked.claim.map(|claim| claim.organisation),
            Some(claim.organisation)
        );
    }

    #[test]
    fn a_title_that_fills_its_limit_still_fits() {
        assert_eq!(title(&"ệ".repeat(TITLE_LIMIT)).chars().count(), TITLE_LIMIT);
    }
}
