//! The spans in which plans speak: `cuối tháng 3/2024`, `tháng 3 – 4/2024`, `quý II`, `trước 10/4`.
//!
//! What is read is kept as printed beside what it means. "Đầu", "giữa" and "cuối" of a month are
//! its days 1 to 10, 11 to 20 and 21 to the end, of a quarter its months, of a year its third
//! parts; the Civil Code (article 146) knows them as single days, which no plan means.

mod grammar;
mod parse;
mod piece;
mod print;
mod words;

use std::fmt;

use jiff::civil::Date;

/// A span of days as a text gives it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window {
    /// The text as printed.
    pub text: String,
    /// The first day; none where the text names only an end.
    pub start: Option<Date>,
    /// The last day on which it can be done.
    pub end: Date,
    /// How exact the text is.
    pub precision: Precision,
    /// How the text bounds its end.
    pub bound: Bound,
    /// Whether the year was left out and taken from the context.
    pub derived: bool,
}

/// How exact a text is; where it mixes, the less exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Days are named.
    Day,
    /// Whole months or quarters.
    Month,
    /// Whole years.
    Year,
    /// "Đầu", "giữa", "cuối", "khoảng".
    Approximate,
}

/// How a text bounds its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// A span with both ends.
    Within,
    /// "Đến", "đến hết", "chậm nhất": the named day is the last.
    Through,
    /// "Trước": the last day is the one before the named day.
    Before,
}

/// Why a text is not a window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Nothing to read.
    #[error("no window")]
    Empty,
    /// Words or figures that make no span.
    #[error("\"{0}\" is not a span of time that can be read")]
    Unreadable(String),
    /// No year in the text and none in its context.
    #[error("\"{0}\" names no year")]
    NoYear(String),
    /// A day or month that the calendar does not have.
    #[error("\"{0}\" names a day that does not exist")]
    NoSuchDay(String),
    /// The end lies before the start.
    #[error("\"{0}\" ends before it starts")]
    Backwards(String),
}

impl Window {
    /// Reads a text; where it names no year, that of its context is taken and the window marked
    /// as derived.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use vietnam::window::{Bound, Precision, Window};
    /// let late = Window::parse("cuối tháng 3/2024", None)?;
    /// assert_eq!((late.start, late.end), (Some(date(2024, 3, 21)), date(2024, 3, 31)));
    /// assert_eq!(late.precision, Precision::Approximate);
    /// let before = Window::parse("trước 10/4", Some(2024))?;
    /// assert_eq!((before.end, before.bound, before.derived), (date(2024, 4, 9), Bound::Before, true));
    /// # Ok::<(), vietnam::window::WindowError>(())
    /// ```
    ///
    /// # Errors
    /// What is no span, names no day of the calendar, or needs a year that nobody gives.
    pub fn parse(text: &str, context_year: Option<i16>) -> Result<Self, WindowError> {
        parse::parse(text, context_year)
    }

    /// The window in its shortest plain wording, with all its years; reading that gives the same
    /// days and bound, and the same precision where the text names both ends alike.
    ///
    /// ```
    /// use vietnam::window::Window;
    /// assert_eq!(Window::parse("tháng 3, tháng 4", Some(2024))?.wording(), "tháng 3 – 4/2024");
    /// assert_eq!(Window::parse("trước 10/4", Some(2024))?.wording(), "trước ngày 10/4/2024");
    /// # Ok::<(), vietnam::window::WindowError>(())
    /// ```
    #[must_use]
    pub fn wording(&self) -> String {
        print::wording(self)
    }

    /// Whether a day lies in the window. Without a start, every day up to the end does.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let window = vietnam::window::Window::parse("quý II", Some(2024))?;
    /// assert!(window.contains(date(2024, 4, 1)) && !window.contains(date(2024, 7, 1)));
    /// # Ok::<(), vietnam::window::WindowError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.start.is_none_or(|start| start <= day) && day <= self.end
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Approximate => "approx",
        })
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Within => "within",
            Self::Through => "through",
            Self::Before => "before",
        })
    }
}

#[cfg(test)]
mod tests;
