//! A source of support money.

use jiff::Timestamp;
use jiff::civil::Date;

use super::id::{OrganisationId, ProgrammeId};

/// What a programme gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Money of ours.
    Grant,
    /// Help with an application to another fund; no money of ours moves.
    ApplicationHelp,
}

impl Kind {
    /// The stored word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::ApplicationHelp => "application_help",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Grant, Self::ApplicationHelp]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// The document a programme rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Number as printed.
    pub number_as_printed: String,
    /// What it is about.
    pub title: String,
    /// Its date.
    pub date: Option<Date>,
}

/// A programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// Identity.
    pub id: ProgrammeId,
    /// Title as people read it.
    pub title: String,
    /// What it gives.
    pub kind: Kind,
    /// Budget in đồng; 0 where no money of ours moves.
    pub budget_vnd: i64,
    /// Whose money it is.
    pub organiser: OrganisationId,
    /// The unit in charge.
    pub lead_unit: OrganisationId,
    /// Who lends or gives, where it is another body.
    pub lender: String,
    /// The document it rests on.
    pub document: Document,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// When it was entered (business clock).
    pub created_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}
