//! Admission batches (đợt kết nạp) and the obligation that one is to the notifier.

use jiff::Timestamp;
use jiff::civil::Date;
use kit::error::{Error, Result, Violation};

use super::id::{AdmissionBatchId, OrganisationId};
use super::warning::Warning;

coded!(
    /// States of an admission batch.
    State {
        /// Open.
        Open => "open",
        /// Every applicant decided; nothing to remind of.
        Completed => "completed",
    }
);

coded!(
    /// How a text bounds the day of a deadline.
    Bound {
        /// Up to and including the day ("đến ngày 10/4").
        Through => "through",
        /// Before the day ("trước ngày 10/4"): the last day to act is the day before.
        Before => "before",
    }
);

/// The most applicants of a batch: alliances admit some dozens a year.
pub const APPLICANTS_LIMIT: usize = 500;
/// Longest text of a cited document, in characters.
pub const DOCUMENT_TEXT_LIMIT: usize = 500;
/// The most dates seen for one document.
pub const DATES_SEEN_LIMIT: usize = 20;

/// The day by which a batch must be finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The day that the text names.
    pub date: Date,
    /// How the text bounds it.
    pub bound: Bound,
}

impl Deadline {
    /// Whether there is no day left to act on.
    #[must_use]
    pub fn has_passed(self, now: Timestamp) -> bool {
        let last = match self.bound {
            Bound::Through => self.date,
            Bound::Before => vietnam::calendar::last_day_before(self.date),
        };
        last < vietnam::local(now).date()
    }
}

/// An official document as cited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The number exactly as printed.
    pub number_as_printed: String,
    /// Its normal form, derived; empty where the printed one has none.
    pub number: String,
    /// The issuing body as it names itself.
    pub issuer: String,
    /// The date on it.
    pub date: Option<Date>,
    /// Every date seen for it in its sources.
    pub dates_seen: Vec<Date>,
    /// What it is about.
    pub title: String,
    /// Where it can be read, https only.
    pub uri: String,
}

impl Document {
    /// Whether nothing is cited.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What callers write about a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// "1/2024".
    pub batch: String,
    /// The day by which it must be finished.
    pub deadline: Deadline,
    /// The unit in charge.
    pub lead_unit: OrganisationId,
    /// The alliance that admits.
    pub organiser: OrganisationId,
    /// The document it rests on.
    pub issued_document: Document,
}

/// A batch as the registry keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmissionBatch {
    /// Identity.
    pub id: AdmissionBatchId,
    /// What callers write.
    pub details: Details,
    /// The applicants, ordered by identity.
    pub applicants: Vec<OrganisationId>,
    /// Where it stands.
    pub state: State,
    /// When it was entered (business clock).
    pub created_at: Timestamp,
    /// When it last changed (business clock).
    pub updated_at: Timestamp,
    /// Rises by one with every change, from 1; also the sequence of the obligation.
    pub version: i64,
    /// Rises when the last day changes.
    pub anchor_version: i64,
}

impl AdmissionBatch {
    /// A new batch.
    #[must_use]
    pub fn opened(
        id: AdmissionBatchId,
        details: Details,
        mut applicants: Vec<OrganisationId>,
        now: Timestamp,
    ) -> Self {
        applicants.sort_unstable();
        Self {
            id,
            details,
            applicants,
            state: State::Open,
            created_at: now,
            updated_at: now,
            version: 1,
            anchor_version: 1,
        }
    }

    /// Closes the batch; whether there was anything to close. Closing twice is
    /// no fault: the wish is fulfilled.
    pub fn complete(&mut self, now: Timestamp) -> bool {
        if self.state == State::Completed {
            return false;
        }
        self.state = State::Completed;
        self.updated_at = now;
        self.version += 1;
        true
    }

    /// What to look at again once it is opened.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let passed = self.details.deadline.has_passed(self.created_at);
        passed.then_some(Warning::TimePassed).into_iter().collect()
    }

    /// Title of its obligation as people read it.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Kết nạp thành viên đợt {}", self.details.batch)
    }
}

/// Reads the applicants: at least one, none twice, and none that leads or invites.
///
/// # Errors
/// Violations of `field` and its entries.
pub fn applicants(field: &str, names: &[String], details: &Details) -> Result<Vec<OrganisationId>> {
    let mut violations = kit::error::Violations::default();
    violations.require(!names.is_empty(), || Violation::required(field));
    violations.require(names.len() <= APPLICANTS_LIMIT, || {
        Violation::too_many(field, APPLICANTS_LIMIT)
    });
    let mut applicants = Vec::with_capacity(names.len().min(APPLICANTS_LIMIT));
    for (index, name) in names.iter().enumerate().take(APPLICANTS_LIMIT) {
        let entry = format!("{field}[{index}]");
        let Some(id) = violations.check(OrganisationId::parse(&entry, name)) else {
            continue;
        };
        violations.require(!applicants.contains(&id), || {
            Violation::new(
                entry.clone(),
                "TWICE",
                "Đơn vị được ghi hai lần.",
                "The organisation is listed twice.",
            )
        });
        violations.require(id != details.lead_unit && id != details.organiser, || {
            Violation::new(
                entry,
                "NOT_AN_APPLICANT",
                "Đơn vị phụ trách và đơn vị tổ chức không thể là đơn vị xin gia nhập.",
                "The unit in charge and the organiser cannot be applicants.",
            )
        });
        applicants.push(id);
    }
    violations.into_result()?;
    Ok(applicants)
}

/// A batch of that name exists.
#[must_use]
pub fn batch_taken() -> Error {
    Error::already_exists(
        "BATCH_EXISTS",
        "Đã có đợt kết nạp mang tên này.",
        "There is an admission batch of this name.",
    )
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    pub(crate) fn batch() -> AdmissionBatch {
        let id = || OrganisationId(Uuid::now_v7());
        let details = Details {
            batch: "1/2024".to_owned(),
            deadline: Deadline {
                date: date(2024, 4, 10),
                bound: Bound::Before,
            },
            lead_unit: id(),
            organiser: id(),
            issued_document: Document::default(),
        };
        AdmissionBatch::opened(
            AdmissionBatchId(Uuid::now_v7()),
            details,
            vec![id(), id()],
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn closing_twice_changes_nothing_the_second_time() {
        let mut batch = batch();
        let now = Timestamp::from_second(60).unwrap();
        assert!(batch.complete(now));
        let closed = batch.clone();
        assert!(!batch.complete(Timestamp::from_second(120).unwrap()));
        assert_eq!(batch, closed);
        assert_eq!((batch.version, batch.anchor_version), (2, 1));
    }

    #[test]
    fn applicants_are_named_once_and_are_not_the_unit_in_charge() {
        let details = batch().details;
        let other = OrganisationId(Uuid::now_v7()).to_string();
        let names = [
            other.clone(),
            details.lead_unit.to_string(),
            other,
            "x".to_owned(),
        ];
        let Err(Error::InvalidArgument(violations)) = applicants("applicants", &names, &details)
        else {
            panic!("accepted");
        };
        let found: Vec<_> = violations
            .iter()
            .map(|each| (each.field.as_str(), each.reason))
            .collect();
        assert_eq!(
            found,
            [
                ("applicants[1]", "NOT_AN_APPLICANT"),
                ("applicants[2]", "TWICE"),
                ("applicants[3]", "MALFORMED")
            ]
        );
        assert!(applicants("applicants", &[], &details).is_err());
    }
}
