//! When something happens or is due: an instant, a day, a window, or not known yet.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// When something happens or is due. Kept as the text it was read from allows, never more exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Anchor {
    /// No date is known at all.
    Unknown,
    /// An exact start and, where known, an end after it.
    Instant {
        /// The start.
        start: Timestamp,
        /// The end, where the source tells it.
        end: Option<Timestamp>,
    },
    /// A whole calendar day in Việt Nam.
    Day {
        /// The day named in the text.
        date: Date,
        /// How the text bounds it.
        bound: Bound,
    },
    /// A span of which only the outline is fixed.
    Window(Window),
}

/// A window as a plan prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The text as printed.
    pub text: String,
    /// First day.
    pub start: Date,
    /// Last day, not before the first.
    pub end: Date,
    /// How exact the text is.
    pub precision: Precision,
    /// Whether the days were derived from the text rather than stated in it.
    pub derived: bool,
}

/// How a text bounds a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The day itself.
    On,
    /// Up to and including the day.
    Through,
    /// Before the day: the last day to act is the day before.
    Before,
}

/// How exact a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Not stated.
    Unstated,
    /// First and last day are stated.
    Day,
    /// Whole months.
    Month,
    /// "Đầu", "giữa", "cuối" of a month.
    Approximate,
    /// A whole year.
    Year,
}

/// The order of a timeline: what has a date, then what has a window, then the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// An instant or a day.
    Dated = 0,
    /// A window.
    Window = 1,
    /// No date at all.
    Undated = 2,
}

impl Anchor {
    /// Where it stands in a timeline.
    #[must_use]
    pub const fn group(&self) -> Group {
        match self {
            Self::Instant { .. } | Self::Day { .. } => Group::Dated,
            Self::Window(_) => Group::Window,
            Self::Unknown => Group::Undated,
        }
    }

    /// Whether it is one instant or one day.
    #[must_use]
    pub const fn is_fixed(&self) -> bool {
        matches!(self.group(), Group::Dated)
    }

    /// The first instant it covers.
    #[must_use]
    pub fn from(&self) -> Option<Timestamp> {
        match self {
            Self::Unknown => None,
            Self::Instant { start, .. } => Some(*start),
            Self::Day { .. } => self.last_day().map(midnight),
            Self::Window(window) => Some(midnight(window.start)),
        }
    }

    /// The first instant after it.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Unknown => None,
            Self::Instant { start, end } => Some(end.unwrap_or(*start)),
            Self::Day { .. } => self.last_day().map(end_of_day),
            Self::Window(window) => Some(end_of_day(window.end)),
        }
    }

    /// The last day to act: for "trước ngày 10/4" the day before.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match self {
            Self::Unknown => None,
            Self::Instant { start, .. } => Some(vietnam::local(*start).date()),
            Self::Day { date, bound } => Some(match bound {
                Bound::On | Bound::Through => *date,
                Bound::Before => date.saturating_sub(1.day()),
            }),
            Self::Window(window) => Some(window.end),
        }
    }

    /// The first day it covers.
    #[must_use]
    pub fn first_day(&self) -> Option<Date> {
        match self {
            Self::Window(window) => Some(window.start),
            Self::Unknown | Self::Instant { .. } | Self::Day { .. } => self.last_day(),
        }
    }

    /// Whether it is a window in which `fixed` lies: a date of it, not another one.
    #[must_use]
    pub fn outlines(&self, fixed: &Self) -> bool {
        match self {
            Self::Window(window) => fixed
                .first_day()
                .is_some_and(|day| (window.start..=window.end).contains(&day)),
            Self::Unknown | Self::Instant { .. } | Self::Day { .. } => false,
        }
    }

    /// From when on an answer to an invitation comes too late: the start, or the
    /// end of the day where no hour is known. `None` while nothing is fixed.
    #[must_use]
    pub fn answers_close(&self) -> Option<Timestamp> {
        match self {
            Self::Instant { start, .. } => Some(*start),
            Self::Day { .. } => self.until(),
            Self::Unknown | Self::Window(_) => None,
        }
    }

    /// Whether both mean the same time to whoever reads them: the wording of a
    /// window and how it was derived do not count, nor does "đến ngày" against "ngày".
    #[must_use]
    pub fn same_time(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Window(one), Self::Window(two)) => (one.start, one.end) == (two.start, two.end),
            (Self::Day { .. }, Self::Day { .. }) => self.last_day() == other.last_day(),
            (one, two) => one == two,
        }
    }
}

/// The first instant of a day in Việt Nam.
#[must_use]
pub fn midnight(day: Date) -> Timestamp {
    vietnam::instant(day.at(0, 0, 0, 0))
}

/// The first instant after a day in Việt Nam.
#[must_use]
pub fn end_of_day(day: Date) -> Timestamp {
    midnight(day.saturating_add(1.day()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn case_10_a_deadline_ends_with_the_local_day() {
        let day = Anchor::Day {
            date: date(2024, 3, 31),
            bound: Bound::Through,
        };
        assert_eq!(day.until().unwrap().to_string(), "2024-03-31T17:00:00Z");
    }

    #[test]
    fn before_a_day_means_the_day_before() {
        let before = Anchor::Day {
            date: date(2024, 4, 10),
            bound: Bound::Before,
        };
        let through = Anchor::Day {
            date: date(2024, 4, 9),
            bound: Bound::Through,
        };
        assert_eq!(before.last_day(), Some(date(2024, 4, 9)));
        assert!(before.same_time(&through));
    }

    #[test]
    fn the_wording_of_a_window_is_not_its_time() {
        let stated = Window {
            text: "tháng 3/2024".into(),
            start: date(2024, 3, 1),
            end: date(2024, 3, 31),
            precision: Precision::Month,
            derived: false,
        };
        let derived = Window {
            text: "01-31/3".into(),
            derived: true,
            ..stated
        };
        assert!(Anchor::Window(stated.clone()).same_time(&Anchor::Window(derived)));
        let shorter = Window {
            end: date(2024, 3, 30),
            ..stated.clone()
        };
        assert!(!Anchor::Window(stated).same_time(&Anchor::Window(shorter)));
    }

    #[test]
    fn answers_close_with_the_start_or_with_the_day() {
        let start: Timestamp = "2024-04-11T01:00:00Z".parse().unwrap();
        assert_eq!(
            Anchor::Instant { start, end: None }.answers_close(),
            Some(start)
        );
        let day = Anchor::Day {
            date: date(2024, 4, 11),
            bound: Bound::On,
        };
        assert_eq!(
            day.answers_close().unwrap().to_string(),
            "2024-04-11T17:00:00Z"
        );
        assert_eq!(Anchor::Unknown.answers_close(), None);
    }
}
