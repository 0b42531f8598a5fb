//! An application for support and the steps it takes.
//!
//! Each step is a pure function of the present state: it gives the next one, or
//! says why not. Appraiser, approver and disburser are three people.

use jiff::Timestamp;
use jiff::civil::Date;
use kit::auth::is_same_subject;
use kit::error::Result;

use super::id::{ApplicationId, OrganisationId, ProgrammeId};
use super::ledger::Figures;
use super::money::Amount;
use super::programme;
use super::refusal::{beyond_approval, beyond_request, not_enough, same_person, wrong_state};

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Tiếp nhận.
    Submitted,
    /// Bổ sung hồ sơ.
    SupplementRequested,
    /// Thẩm định xong.
    Appraised,
    /// Phê duyệt.
    Approved,
    /// Từ chối.
    Rejected,
    /// Giải ngân xong.
    Disbursed,
    /// Rút hồ sơ.
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Submitted,
        Self::SupplementRequested,
        Self::Appraised,
        Self::Approved,
        Self::Rejected,
        Self::Disbursed,
        Self::Withdrawn,
    ];

    /// The stored word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::SupplementRequested => "supplement_requested",
            Self::Appraised => "appraised",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Disbursed => "disbursed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// For people.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Submitted => "đã tiếp nhận",
            Self::SupplementRequested => "chờ bổ sung hồ sơ",
            Self::Appraised => "đã thẩm định",
            Self::Approved => "đã phê duyệt",
            Self::Rejected => "bị từ chối",
            Self::Disbursed => "đã giải ngân",
            Self::Withdrawn => "đã rút",
        }
    }
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Identity.
    pub id: ApplicationId,
    /// The programme it asks.
    pub programme: ProgrammeId,
    /// Who asks.
    pub applicant: OrganisationId,
    /// What the money is for.
    pub purpose: String,
    /// Asked for, in đồng.
    pub requested: Amount,
    /// Approved, in đồng; 0 before.
    pub approved_vnd: i64,
    /// Paid out, in đồng.
    pub disbursed_vnd: i64,
    /// Where it stands.
    pub state: State,
    /// Papers still missing.
    pub missing_papers: Vec<String>,
    /// Last day to hand them in.
    pub supplement_date: Option<Date>,
    /// Opinion of the appraiser.
    pub opinion: String,
    /// Subject who appraised.
    pub appraiser: Option<String>,
    /// Subject who approved or rejected.
    pub approver: Option<String>,
    /// Number of the decision.
    pub decision_number: String,
    /// Planned day of the disbursement.
    pub disbursement_date: Option<Date>,
    /// When it was entered (business clock).
    pub created_at: Timestamp,
    /// When it last changed (business clock).
    pub updated_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

impl Application {
    /// As it is when it comes in: nothing is decided, nothing is paid.
    #[must_use]
    pub fn submitted(
        id: ApplicationId,
        programme: ProgrammeId,
        applicant: OrganisationId,
        purpose: String,
        requested: Amount,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            programme,
            applicant,
            purpose,
            requested,
            approved_vnd: 0,
            disbursed_vnd: 0,
            state: State::Submitted,
            missing_papers: Vec::new(),
            supplement_date: None,
            opinion: String::new(),
            appraiser: None,
            approver: None,
            decision_number: String::new(),
            disbursement_date: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Asks for missing papers until a day.
    ///
    /// # Errors
    /// The application is past that step.
    pub fn request_supplement(
        &self,
        missing: Vec<String>,
        until: Date,
        now: Timestamp,
    ) -> Result<Self> {
        self.expect(
            &[State::Submitted, State::SupplementRequested],
            "yêu cầu bổ sung",
            "asked for papers",
        )?;
        let mut next = self.changed(State::SupplementRequested, now);
        next.missing_papers = missing;
        next.supplement_date = Some(until);
        Ok(next)
    }

    /// The missing papers came.
    ///
    /// # Errors
    /// None were asked for.
    pub fn supply(&self, now: Timestamp) -> Result<Self> {
        self.expect(
            &[State::SupplementRequested],
            "ghi nhận bổ sung",
            "supplied with papers",
        )?;
        let mut next = self.changed(State::Submitted, now);
        next.missing_papers = Vec::new();
        next.supplement_date = None;
        Ok(next)
    }

    /// Records the appraisal.
    ///
    /// # Errors
    /// The application is not complete, or past that step.
    pub fn appraise(&self, appraiser: &str, opinion: String, now: Timestamp) -> Result<Self> {
        self.expect(&[State::Submitted], "thẩm định", "appraised")?;
        let mut next = self.changed(State::Appraised, now);
        next.appraiser = Some(appraiser.to_owned());
        next.opinion = opinion;
        Ok(next)
    }

    /// Approves an amount. Help with another fund's application has no figures.
    ///
    /// # Errors
    /// Not appraised; the appraiser approves; more than asked for; more than available.
    pub fn approve(
        &self,
        approval: Approval,
        kind: programme::Kind,
        figures: &Figures,
        now: Timestamp,
    ) -> Result<Self> {
        self.expect(&[State::Appraised], "phê duyệt", "approved")?;
        self.other_than_appraiser(&approval.approver)?;
        let amount = approval.amount.dong();
        if amount > self.requested.dong() {
            return Err(beyond_request(self.requested.dong(), amount));
        }
        if kind == programme::Kind::Grant && amount > figures.available {
            return Err(not_enough(figures, amount));
        }
        let mut next = self.changed(State::Approved, now);
        next.approved_vnd = amount;
        next.approver = Some(approval.approver);
        next.decision_number = approval.decision_number;
        next.disbursement_date = approval.disbursement_date;
        Ok(next)
    }

    /// Rejects.
    ///
    /// # Errors
    /// Not appraised; the appraiser rejects.
    pub fn reject(&self, approver: &str, reason: String, now: Timestamp) -> Result<Self> {
        self.expect(&[State::Appraised], "từ chối", "rejected")?;
        self.other_than_appraiser(approver)?;
        let mut next = self.changed(State::Rejected, now);
        next.approver = Some(approver.to_owned());
        next.opinion = reason;
        Ok(next)
    }

    /// Pays out, whole or in part.
    ///
    /// # Errors
    /// Not approved; the appraiser or the approver pays out; more than approved.
    pub fn disburse(&self, disburser: &str, amount: Amount, now: Timestamp) -> Result<Self> {
        self.expect(&[State::Approved], "giải ngân", "paid out")?;
        if [&self.appraiser, &self.approver]
            .into_iter()
            .flatten()
            .any(|person| is_same_subject(person, disburser))
        {
            return Err(same_person(
                "Người giải ngân phải khác người thẩm định và người phê duyệt.",
                "Who pays out must be neither who appraised nor who approved.",
            ));
        }
        let total = self.disbursed_vnd.saturating_add(amount.dong());
        if total > self.approved_vnd {
            return Err(beyond_approval(
                self.approved_vnd,
                self.disbursed_vnd,
                amount.dong(),
            ));
        }
        let state = if total == self.approved_vnd {
            State::Disbursed
        } else {
            State::Approved
        };
        let mut next = self.changed(state, now);
        next.disbursed_vnd = total;
        Ok(next)
    }

    fn expect(&self, states: &[State], step_vi: &str, step_en: &str) -> Result<()> {
        if states.contains(&self.state) {
            Ok(())
        } else {
            Err(wrong_state(self.state, step_vi, step_en))
        }
    }

    fn other_than_appraiser(&self, approver: &str) -> Result<()> {
        let appraiser = self.appraiser.as_deref();
        if appraiser.is_some_and(|person| is_same_subject(person, approver)) {
            return Err(same_person(
                "Người phê duyệt phải khác người thẩm định.",
                "Who decides must be another person than who appraised.",
            ));
        }
        Ok(())
    }

    fn changed(&self, state: State, now: Timestamp) -> Self {
        Self {
            state,
            updated_at: now,
            version: self.version + 1,
            ..self.clone()
        }
    }
}

/// A decision to approve.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Subject who decides.
    pub approver: String,
    /// How much.
    pub amount: Amount,
    /// Number of the decision.
    pub decision_number: String,
    /// Planned day of the disbursement.
    pub disbursement_date: Option<Date>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;
    use kit::error::Error;
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn application() -> Application {
        Application::submitted(
            ApplicationId(Uuid::nil()),
            ProgrammeId(Uuid::nil()),
            OrganisationId(Uuid::nil()),
            "Mua máy sấy".to_owned(),
            Amount::parse("x", 195_000_000).unwrap(),
            NOW,
        )
    }

    fn approval(approver: &str, dong: i64) -> Approval {
        Approval {
            approver: approver.to_owned(),
            amount: Amount::parse("x", dong).unwrap(),
            decision_number: "41/QĐ-LMHTX".to_owned(),
            disbursement_date: Some(date(2024, 4, 16)),
        }
    }

    fn figures(available: i64) -> Figures {
        Figures {
            budget: available,
            available,
            ..Figures::default()
        }
    }

    fn reason(error: Error) -> &'static str {
        let Error::FailedPrecondition(refusal) = error else {
            panic!("{error}");
        };
        refusal.reason
    }

    #[test]
    fn three_people_take_an_application_from_submission_to_disbursement() {
        let appraised = application()
            .appraise("an", "đủ điều kiện".into(), NOW)
            .unwrap();
        let approved = appraised
            .approve(
                approval("binh", 195_000_000),
                programme::Kind::Grant,
                &figures(500_000_000),
                NOW,
            )
            .unwrap();
        let half = approved
            .disburse("cuong", Amount::parse("x", 100_000_000).unwrap(), NOW)
            .unwrap();
        assert_eq!(half.state, State::Approved);
        let paid = half
            .disburse("cuong", Amount::parse("x", 95_000_000).unwrap(), NOW)
            .unwrap();
        assert_eq!(
            (paid.state, paid.disbursed_vnd, paid.version),
            (State::Disbursed, 195_000_000, 5)
        );
    }

    #[test]
    fn nobody_holds_two_of_the_three_roles() {
        let appraised = application().appraise("an", String::new(), NOW).unwrap();
        let refused = appraised
            .approve(approval("an", 1), programme::Kind::Grant, &figures(1), NOW)
            .unwrap_err();
        assert_eq!(reason(refused), "SAME_PERSON");
        let approved = appraised
            .approve(
                approval("binh", 1),
                programme::Kind::Grant,
                &figures(1),
                NOW,
            )
            .unwrap();
        for person in ["an", "binh"] {
            let refused = approved
                .disburse(person, Amount::parse("x", 1).unwrap(), NOW)
                .unwrap_err();
            assert_eq!(reason(refused), "SAME_PERSON");
        }
    }

    #[test]
    fn nobody_becomes_another_person_by_another_spelling() {
        let appraised = application()
            .appraise("user:lan3", String::new(), NOW)
            .unwrap();
        for same in ["User:Lan3", "user:lan.3", "user:l-an_3"] {
            let approval = approval(same, 1);
            let refused = appraised
                .approve(approval, programme::Kind::Grant, &figures(1), NOW)
                .unwrap_err();
            assert_eq!(reason(refused), "SAME_PERSON", "{same}");
            let refused = appraised.reject(same, "x".to_owned(), NOW).unwrap_err();
            assert_eq!(reason(refused), "SAME_PERSON", "{same}");
        }
    }

    #[test]
    fn case_54_an_approval_above_what_is_available_tells_the_figures() {
        let appraised = application().appraise("an", String::new(), NOW).unwrap();
        let refused = appraised
            .approve(
                approval("binh", 195_000_000),
                programme::Kind::Grant,
                &figures(194_999_999),
                NOW,
            )
            .unwrap_err();
        let Error::FailedPrecondition(refusal) = refused else {
            panic!()
        };
        assert!(refusal.sentence.vi.contains("194.999.999"));
        assert!(
            refusal
                .metadata
                .contains(&("available_vnd", "194999999".to_owned()))
        );
    }

    #[test]
    fn nobody_is_given_more_than_was_asked_for() {
        let appraised = application().appraise("an", String::new(), NOW).unwrap();
        for kind in [programme::Kind::Grant, programme::Kind::ApplicationHelp] {
            let more = approval("binh", 195_000_001);
            let refused = appraised
                .approve(more, kind, &figures(500_000_000), NOW)
                .unwrap_err();
            assert_eq!(reason(refused), "REQUEST_EXCEEDED");
        }
    }

    #[test]
    fn an_application_that_misses_papers_cannot_be_appraised() {
        let waiting = application()
            .request_supplement(vec!["Báo cáo tài chính".into()], date(2024, 3, 29), NOW)
            .unwrap();
        assert_eq!(
            reason(waiting.appraise("an", String::new(), NOW).unwrap_err()),
            "APPLICATION_STATE"
        );
        let complete = waiting.supply(NOW).unwrap();
        assert!(
            complete.missing_papers.is_empty()
                && complete.appraise("an", String::new(), NOW).is_ok()
        );
    }

    #[test]
    fn one_dong_beyond_the_approval_is_not_paid_out() {
        let appraised = application().appraise("an", String::new(), NOW).unwrap();
        let approved = appraised
            .approve(
                approval("binh", 100),
                programme::Kind::Grant,
                &figures(100),
                NOW,
            )
            .unwrap();
        let refused = approved
            .disburse("cuong", Amount::parse("x", 101).unwrap(), NOW)
            .unwrap_err();
        assert_eq!(reason(refused), "APPROVAL_EXCEEDED");
    }
}
