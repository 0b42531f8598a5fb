//! Rosters (danh sách): rows of a spreadsheet become organisations and contacts.
//!
//! [`read`] judges each row by itself; [`plan`] decides what all of them
//! together mean for what is known. How a row finds its organisation:
//!
//! 1. by its roster code;
//! 2. else by its tax code, which the law never gives twice (Law on
//!    Cooperatives 2023, article 46). Where that organisation is known under
//!    another roster code, two rosters speak of one body if the names agree
//!    (the first code stays, empty fields are filled) and the row is refused
//!    if they do not;
//! 3. else it is a new one.
//!
//! A row that would make another body of a known organisation, by another name or
//! kind, or that found it by a code which its member wrote, waits for a person, and
//! all later rows of that organisation with it.
//!
//! The first row that describes an organisation overwrites what was known with
//! what it says; an empty cell never clears anything. Later rows of the same
//! organisation add contacts and fill what is empty.

mod confirmation;
mod plan;
mod row;

use kit::error::Violation;
use kit::language::Sentence;

use super::id::OrganisationId;
use super::warning::Warning;

pub use confirmation::{Confirmation, Confirmed};
pub use plan::{Known, Mode, Plan, plan};
pub use row::{RawRow, Row, RowContact, RowMembership, read};

/// The most rows of a call: they are planned in memory and written at once.
pub const ROWS_LIMIT: usize = 200;

/// Why a row was refused, or what is doubted about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The field it speaks of; empty for the row as a whole.
    pub field: String,
    /// The words, in both languages.
    pub sentence: Sentence,
}

impl Remark {
    fn new(field: &str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            sentence: Sentence::new(vi.into(), en.into()),
        }
    }
}

impl From<Warning> for Remark {
    fn from(warning: Warning) -> Self {
        Self {
            field: warning.field().to_owned(),
            sentence: warning.sentence(),
        }
    }
}

impl From<Violation> for Remark {
    fn from(violation: Violation) -> Self {
        Self {
            field: violation.field,
            sentence: violation.sentence,
        }
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new organisation.
    Created,
    /// A known organisation, or a further contact of it.
    Updated,
    /// Nothing new in it, or nothing written because another row is bad.
    Unchanged,
    /// Refused.
    Refused,
    /// A person must confirm it first.
    Waiting,
}

impl Outcome {
    /// Whether the row stands in the way of all others where all are wanted or none.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Refused | Self::Waiting => true,
            Self::Created | Self::Updated | Self::Unchanged => false,
        }
    }
}

/// The report on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Line in the caller's file.
    pub line: i32,
    /// What happened.
    pub outcome: Outcome,
    /// The organisation, where the row was taken.
    pub organisation: Option<OrganisationId>,
    /// Why, or what is doubted.
    pub remarks: Vec<Remark>,
    /// What confirms a waiting row.
    pub confirmation: Option<Confirmation>,
}

impl Report {
    /// The report on a row that was refused.
    #[must_use]
    pub fn refused(line: i32, remarks: Vec<Remark>) -> Self {
        Self {
            line,
            outcome: Outcome::Refused,
            organisation: None,
            remarks,
            confirmation: None,
        }
    }

    /// The report on a row that waits for a person.
    #[must_use]
    pub fn waiting(line: i32, remarks: Vec<Remark>, confirmation: Confirmation) -> Self {
        Self {
            outcome: Outcome::Waiting,
            confirmation: Some(confirmation),
            ..Self::refused(line, remarks)
        }
    }
}
