//! Official documents as they are cited.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An official document: công văn, kế hoạch, giấy mời, quyết định.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The number exactly as printed; empty for a draft.
    pub number_as_printed: String,
    /// The normal form; empty for a draft.
    pub number: String,
    /// The issuing body as it names itself.
    pub issuer: String,
    /// The date on the document.
    pub date: Option<Date>,
    /// Every date seen for it, where the sources disagree.
    pub dates_seen: Vec<Date>,
    /// What it is about.
    pub title: String,
    /// Where it can be read, https only.
    pub uri: String,
}

/// What makes a numbered document unique within its issuer: series restart each
/// year, and every type and body has its own (Decree 30/2020/NĐ-CP, appendix I).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberKey {
    /// The year of the number, or of the document.
    pub year: i16,
    /// The normal form, which holds type, body and running number.
    pub number: String,
}

impl Document {
    /// Whether nothing is known about it.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        *self == Self::default()
    }

    /// The date that tells the year of the number: the one on the document, or
    /// the first one seen.
    #[must_use]
    pub fn dating(&self) -> Option<Date> {
        self.date.or_else(|| self.dates_seen.first().copied())
    }
}
