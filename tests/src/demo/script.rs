//! The script of the demonstration: who does what when (`deploy/demo/script.toml`).

use std::path::Path;

use anyhow::Context;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;

/// A script.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// First instant played, local time.
    pub start: DateTime,
    /// Last instant played, local time.
    pub end: DateTime,
    /// How the two ends misbehave.
    #[serde(rename = "fault", default)]
    pub faults: Vec<Fault>,
    /// What people do, in order.
    #[serde(rename = "action")]
    pub actions: Vec<Action>,
}

/// How an end misbehaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The organisation's mailbox answers 550 5.1.1 at RCPT.
    MailboxRefuses {
        /// Roster code.
        organisation: String,
    },
    /// The gateway takes the first SMS to the organisation about the subject
    /// and then stays silent.
    SmsNoAnswer {
        /// Roster code.
        organisation: String,
        /// Key of an event or deadline.
        subject: String,
    },
}

/// One thing that somebody does at an instant.
#[derive(Clone, Debug, Deserialize)]
pub struct Action {
    /// When, local time.
    pub at: DateTime,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

/// What people do. Keys name events and deadlines of the plans, codes organisations.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Deed {
    /// Announces an event.
    Announce { key: String },
    /// Dời, or fixes an open date.
    Reschedule {
        key: String,
        to: DateTime,
        end: Option<DateTime>,
        #[serde(default)]
        reason: String,
    },
    /// Tạm hoãn.
    Postpone {
        key: String,
        #[serde(default)]
        reason: String,
    },
    /// Hủy.
    Cancel {
        key: String,
        #[serde(default)]
        reason: String,
    },
    /// Records that an event was held.
    Complete { key: String },
    /// Opens a deadline of a plan.
    OpenDeadline { key: String },
    /// Closes a deadline.
    CloseDeadline { key: String },
    /// Records reports as received: of one organisation, or of every second one.
    SubmitReport {
        key: String,
        organisation: Option<String>,
        organisations: Option<Half>,
    },
    /// "Đã gửi".
    ClaimReport { key: String, organisation: String },
    /// An answer to an invitation.
    Answer {
        key: String,
        organisation: String,
        answer: YesNo,
        by: Way,
    },
    /// A new telephone number.
    ChangePhone { organisation: String, phone: String },
    /// No adverts any more.
    OptOutAdverts {
        organisation: String,
        evidence: String,
    },
    /// Opens an admission batch.
    OpenAdmissionBatch {
        key: String,
        batch: String,
        before: Date,
        lead: String,
        applicants: Vec<String>,
    },
    /// Admits organisations.
    Admit {
        organisations: Vec<String>,
        batch: String,
        decision: String,
    },
    /// Closes an admission batch.
    CompleteAdmissionBatch { key: String },
    /// Opens a programme of support.
    OpenProgramme {
        key: String,
        kind: ProgrammeKind,
        title: String,
        #[serde(default)]
        budget_vnd: i64,
        #[serde(default)]
        lender: String,
        lead: String,
    },
    /// Takes in an application.
    SubmitApplication {
        key: String,
        programme: String,
        applicant: String,
        requested_vnd: i64,
        purpose: String,
    },
    /// Asks for missing papers.
    RequestSupplement {
        key: String,
        actor: String,
        missing: Vec<String>,
        until: Date,
    },
    /// The papers came.
    SupplyPapers { key: String },
    /// Appraises.
    Appraise { key: String, actor: String },
    /// Approves and commits the money.
    Approve {
        key: String,
        actor: String,
        approved_vnd: i64,
        decision: String,
        disburse_on: Date,
    },
    /// Pays out.
    Disburse {
        key: String,
        actor: String,
        amount_vnd: i64,
        bank_reference: String,
    },
}

/// Every second organisation that still owes, in the order of resource names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// The first, the third, ...
    Half,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YesNo {
    /// Will come.
    Yes,
    /// Will not come.
    No,
}

/// How an answer reaches the alliance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By the page behind the link of the email.
    Page,
    /// By the code told to a clerk.
    Code,
    /// Entered by an officer.
    Officer,
}

/// Kinds of programmes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgrammeKind {
    /// Money given.
    Grant,
    /// Help with an application to another fund.
    ApplicationHelp,
}

impl Script {
    /// Reads a script and holds that its actions stand in the order of time.
    ///
    /// # Errors
    /// The file cannot be read or is not a script.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let mut table: toml::Value =
            toml::from_str(&text).with_context(|| format!("{} is not TOML", path.display()))?;
        write_out_dates(&mut table);
        let script: Self = table
            .try_into()
            .with_context(|| format!("{} is not a script", path.display()))?;
        anyhow::ensure!(
            script.actions.is_sorted_by_key(|action| action.at),
            "{}: actions must stand in the order of time",
            path.display()
        );
        Ok(script)
    }
}

/// Dates as texts: TOML's own kind does not pass through tagged variants.
fn write_out_dates(value: &mut toml::Value) {
    match value {
        toml::Value::Datetime(date) => *value = toml::Value::String(date.to_string()),
        toml::Value::Array(values) => values.iter_mut().for_each(write_out_dates),
        toml::Value::Table(table) => table
            .iter_mut()
            .for_each(|(_, value)| write_out_dates(value)),
        toml::Value::String(_)
        | toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_) => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_script_of_the_demonstration_is_one() {
        let script = Script::read(Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../deploy/demo/script.toml"
        )))
        .unwrap();
        assert_eq!(script.start.to_string(), "2024-02-27T08:00:00");
        assert!(script.actions.len() > 50);
    }
}
