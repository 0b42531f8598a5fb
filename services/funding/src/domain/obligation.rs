//! What the notifier must remind of while an application moves on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;
use vietnam::calendar::Calendar;

use super::application::{Application, State};
use super::id::{ApplicationId, ObligationName, OrganisationId};
use super::money::in_dong;
use super::programme::{self, Programme};

/// What an obligation reminds of: the key of the reminder rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A step that the unit in charge must take.
    FundingStep,
    /// Papers that the applicant must hand in.
    DossierSupplement,
    /// A payment that is planned for a day.
    Disbursement,
}

impl Kind {
    /// The stored word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FundingStep => "funding_step",
            Self::DossierSupplement => "dossier_supplement",
            Self::Disbursement => "disbursement",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::FundingStep,
            Self::DossierSupplement,
            Self::Disbursement,
        ]
        .into_iter()
        .find(|kind| kind.word() == word)
    }
}

/// Where an obligation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It stands.
    Scheduled,
    /// Done.
    Satisfied,
    /// Dropped.
    Cancelled,
}

impl Status {
    /// The stored word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Satisfied => "satisfied",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Scheduled, Self::Satisfied, Self::Cancelled]
            .into_iter()
            .find(|status| status.word() == word)
    }
}

/// One thing to remind of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Its name.
    pub name: ObligationName,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// Title as people read it.
    pub title: String,
    /// The last day.
    pub last_day: Date,
    /// Where it stands.
    pub status: Status,
    /// The unit in charge.
    pub lead_unit: OrganisationId,
    /// Whose programme it is.
    pub organiser: OrganisationId,
    /// The applicant, where it must act or be told.
    pub party: Option<OrganisationId>,
    /// Facts for the applicant's text.
    pub variables: BTreeMap<String, String>,
    /// Facts for every text.
    pub attributes: BTreeMap<String, String>,
    /// Rises when the last day changes.
    pub anchor_version: i64,
    /// Rises with every fact.
    pub sequence: i64,
    /// The business instant of the latest change.
    pub updated_at: Timestamp,
}

/// Working days that the house gives itself.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// From a complete dossier to its appraisal.
    pub appraisal_days: u16,
    /// From the appraisal to the decision.
    pub decision_days: u16,
}

/// What stands open for an application in its present state; `None` when nothing.
#[must_use]
pub fn owed(
    application: &Application,
    programme: &Programme,
    pace: Pace,
    calendar: &Calendar,
    id: Uuid,
) -> Option<Obligation> {
    let today = vietnam::local(application.updated_at).date();
    let after = |days: u16| calendar.add_working_days(today, i32::from(days));
    let (kind, step, title, last_day) = match application.state {
        State::Submitted => (
            Kind::FundingStep,
            "thẩm định",
            format!("Thẩm định hồ sơ “{}”", application.purpose),
            after(pace.appraisal_days),
        ),
        State::SupplementRequested => (
            Kind::DossierSupplement,
            "",
            // The letters of this kind and of disbursement name the step themselves.
            application.purpose.clone(),
            application.supplement_date?,
        ),
        State::Appraised => (
            Kind::FundingStep,
            "quyết định",
            format!("Quyết định hồ sơ “{}”", application.purpose),
            after(pace.decision_days),
        ),
        State::Approved if programme.kind == programme::Kind::Grant => (
            Kind::Disbursement,
            "",
            application.purpose.clone(),
            application.disbursement_date?,
        ),
        State::Approved | State::Rejected | State::Disbursed | State::Withdrawn => return None,
    };
    Some(Obligation {
        name: ObligationName { kind, id },
        application: application.id,
        title,
        last_day,
        status: Status::Scheduled,
        lead_unit: programme.lead_unit,
        organiser: programme.organiser,
        party: (kind != Kind::FundingStep).then_some(application.applicant),
        variables: variables(application, kind),
        attributes: attributes(application, programme, step),
        anchor_version: 1,
        sequence: 1,
        updated_at: application.updated_at,
    })
}

fn variables(application: &Application, kind: Kind) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    match kind {
        Kind::DossierSupplement => {
            variables.insert("missing".to_owned(), application.missing_papers.join("\n"));
        }
        Kind::Disbursement => {
            let left = application.approved_vnd - application.disbursed_vnd;
            variables.insert("amount_text".to_owned(), in_dong(left));
        }
        Kind::FundingStep => {}
    }
    variables
}

/// What the letters name: for whom, for what, by which programme and decision, and what the unit
/// in charge is to do.
fn attributes(
    application: &Application,
    programme: &Programme,
    step: &str,
) -> BTreeMap<String, String> {
    let named = [
        ("applicant", application.applicant.to_string()),
        ("decision", application.decision_number.clone()),
        ("lender", programme.lender.clone()),
        ("programme", programme.title.clone()),
        ("purpose", application.purpose.clone()),
        ("step", step.to_owned()),
    ];
    let told = named.into_iter().filter(|(_, text)| !text.is_empty());
    told.map(|(name, text)| (name.to_owned(), text)).collect()
}

/// What becomes of an open obligation and what takes its place, after a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The open one, ended or with a new last day.
    pub present: Option<Obligation>,
    /// A new one.
    pub new: Option<Obligation>,
}

/// Compares what stood open with what is owed now.
#[must_use]
pub fn follow(open: Option<Obligation>, owed: Option<Obligation>, now: Timestamp) -> Change {
    match (open, owed) {
        (None, new) => Change { present: None, new },
        (Some(mut open), None) => {
            open.status = Status::Satisfied;
            open.sequence += 1;
            open.updated_at = now;
            Change {
                present: Some(open),
                new: None,
            }
        }
        (Some(mut open), Some(owed))
            if open.name.kind == owed.name.kind && open.title == owed.title =>
        {
            let moved = open.last_day != owed.last_day;
            if !moved && open.variables == owed.variables && open.attributes == owed.attributes {
                return Change::default();
            }
            open.last_day = owed.last_day;
            open.variables = owed.variables;
            open.attributes = owed.attributes;
            open.anchor_version += i64::from(moved);
            open.sequence += 1;
            open.updated_at = now;
            Change {
                present: Some(open),
                new: None,
            }
        }
        (Some(mut open), new) => {
            open.status = Status::Satisfied;
            open.sequence += 1;
            open.updated_at = now;
            Change {
                present: Some(open),
                new,
            }
        }
    }
}
