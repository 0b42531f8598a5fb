//! Document numbers, in the form of the State (`123/KH-LMHTX`, `45/2021/NĐ-CP`), of an official
//! letter (`45/LMHTX-VP`) and of the Party (`20-NQ/TW`).
//!
//! Abbreviations: Decree 30/2020/NĐ-CP, appendix III, and the ones in use before it.

mod kinds;
mod parse;

pub use kinds::{full_name, known_abbreviations};

use std::cmp::Ordering;
use std::fmt;

use jiff::civil::Date;

/// The number of a document, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DocumentNumber {
    printed: String,
    number: Option<u32>,
    suffix: Option<char>,
    year: Option<i16>,
    kind: Option<String>,
    issuer: String,
    unit: Option<String>,
    party: bool,
    date: Option<Date>,
    subject: Option<String>,
}

/// Why a text is not a document number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentNumberError {
    /// Nothing to read.
    #[error("no document number")]
    Empty,
    /// Neither a number nor the slash that stands in for one in a draft.
    #[error("no number and no slash in \"{0}\"")]
    Number(String),
    /// Nothing says who issued it.
    #[error("\"{0}\" does not say who issued the document")]
    Issuer(String),
    /// Signs that no document number has.
    #[error("\"{0}\" cannot stand in a document number")]
    Sign(String),
}

impl DocumentNumber {
    /// Reads a number as people write it: with or without `Số:`, with blanks, another dash, a
    /// missing slash, small letters, a date or `V/v` after it, or, in a draft, without the number.
    ///
    /// ```
    /// use vietnam::docnum::DocumentNumber;
    /// let plan = DocumentNumber::parse("Số: 123 / KH – LMHTX ngày 27/02/2024")?;
    /// assert_eq!(plan.normal(), "123/KH-LMHTX");
    /// assert_eq!(plan.date(), Some(jiff::civil::date(2024, 2, 27)));
    /// assert_eq!(DocumentNumber::parse("20 - NQ/TW")?.normal(), "20-NQ/TW");
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    ///
    /// # Errors
    /// What no reading makes a document number of.
    pub fn parse(text: &str) -> Result<Self, DocumentNumberError> {
        parse::parse(text)
    }

    /// The one form under which equal numbers are equal: two digits at least, no blanks, the
    /// abbreviation in its own spelling.
    ///
    /// ```
    /// let letter = vietnam::docnum::DocumentNumber::parse("số 5/lmhtx-vp")?;
    /// assert_eq!(letter.normal(), "05/LMHTX-VP");
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub fn normal(&self) -> String {
        let number = self
            .number
            .map(|number| format!("{number:02}"))
            .unwrap_or_default();
        let suffix = self.suffix.map(String::from).unwrap_or_default();
        let year = self.year.map(|year| format!("{year}/")).unwrap_or_default();
        let kind = self.kind.as_deref().unwrap_or_default();
        if self.party {
            return format!("{number}{suffix}-{kind}/{}", self.symbol_after_kind());
        }
        let dash = if self.kind.is_some() { "-" } else { "" };
        format!(
            "{number}{suffix}/{year}{kind}{dash}{}",
            self.symbol_after_kind()
        )
    }

    /// The text as it was given, without blanks around it.
    ///
    /// ```
    /// let plan = vietnam::docnum::DocumentNumber::parse(" 70 /KH-BTVLMHTXVN ")?;
    /// assert_eq!(plan.printed(), "70 /KH-BTVLMHTXVN");
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// The running number; none in a draft, before the clerk gives one.
    ///
    /// ```
    /// let draft = vietnam::docnum::DocumentNumber::parse("Số:      /KH-LMHTX")?;
    /// assert_eq!(draft.number(), None);
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub const fn number(&self) -> Option<u32> {
        self.number
    }

    /// The year in the number, as legal acts carry it.
    ///
    /// ```
    /// assert_eq!(vietnam::docnum::DocumentNumber::parse("45/2021/NĐ-CP")?.year(), Some(2021));
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub const fn year(&self) -> Option<i16> {
        self.year
    }

    /// The abbreviation of the type, with its diacritics; official letters have none.
    ///
    /// ```
    /// assert_eq!(vietnam::docnum::DocumentNumber::parse("45/2021/ND-CP")?.kind(), Some("NĐ"));
    /// assert_eq!(vietnam::docnum::DocumentNumber::parse("45/LMHTX-VP")?.kind(), None);
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// Who issued it, abbreviated.
    ///
    /// ```
    /// assert_eq!(vietnam::docnum::DocumentNumber::parse("123/KH-LMHTX")?.issuer(), "LMHTX");
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The unit that drafted it, after the issuer.
    ///
    /// ```
    /// assert_eq!(vietnam::docnum::DocumentNumber::parse("45/LMHTX-VP")?.unit(), Some("VP"));
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// Whether it has the form of the Party, type before the slash.
    ///
    /// ```
    /// assert!(vietnam::docnum::DocumentNumber::parse("144-QĐ/TW")?.is_party());
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub const fn is_party(&self) -> bool {
        self.party
    }

    /// The date that stood after it.
    ///
    /// ```
    /// let plan = vietnam::docnum::DocumentNumber::parse("133/KH-LMHTX ngày 29/6/2021")?;
    /// assert_eq!(plan.date(), Some(jiff::civil::date(2021, 6, 29)));
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub const fn date(&self) -> Option<Date> {
        self.date
    }

    /// What the document is about, where it stood after `V/v`.
    ///
    /// ```
    /// let letter = vietnam::docnum::DocumentNumber::parse("45/LMHTX-VP V/v báo cáo quý I")?;
    /// assert_eq!(letter.subject(), Some("báo cáo quý I"));
    /// # Ok::<(), vietnam::docnum::DocumentNumberError>(())
    /// ```
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    fn symbol_after_kind(&self) -> String {
        self.unit.as_ref().map_or_else(
            || self.issuer.clone(),
            |unit| format!("{}-{unit}", self.issuer),
        )
    }

    /// Numbers run per issuer, year and type.
    fn order(&self) -> impl Ord {
        (
            self.issuer.clone(),
            self.unit.clone(),
            self.year.or(self.date.map(Date::year)),
            self.kind.clone(),
            self.number,
            self.suffix,
            self.party,
        )
    }
}

impl Ord for DocumentNumber {
    /// By issuer, then year, type and number; what is only printed differently comes last.
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order()).then_with(|| {
            (&self.printed, self.date, &self.subject).cmp(&(
                &other.printed,
                other.date,
                &other.subject,
            ))
        })
    }
}

impl PartialOrd for DocumentNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.normal())
    }
}

impl std::str::FromStr for DocumentNumber {
    type Err = DocumentNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests;
