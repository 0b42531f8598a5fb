//! When an obligation happens or is due (mốc).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vietnam::calendar::Calendar;

/// Working days that an invitation needs at least (Decision 45/2018/QĐ-TTg).
const NOTICE_WORKING_DAYS: u16 = 3;

/// When something happens or is due: an instant, a day, a window, or not known yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Anchor {
    /// An exact start.
    Instant {
        /// The start.
        start: Timestamp,
        /// The end, where it is known.
        end: Option<Timestamp>,
    },
    /// A whole calendar day.
    Day {
        /// The day that the text names.
        date: Date,
        /// How the text bounds it.
        bound: Bound,
    },
    /// A span of which only the outline is fixed.
    Window {
        /// The text as printed.
        text: String,
        /// First day, where it is known.
        start: Option<Date>,
        /// Last day, where it is known.
        end: Option<Date>,
    },
    /// No date at all.
    #[default]
    Undated,
}

/// How a text bounds a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The day itself: "ngày 11/4".
    #[default]
    On,
    /// Up to and including the day: "đến ngày 10/4".
    Through,
    /// "trước ngày 10/4": the last day to act is the day before.
    Before,
}

impl Anchor {
    /// Whether a date is fixed, so that people can be told.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(self, Self::Instant { .. } | Self::Day { .. })
    }

    /// The exact start, where there is one.
    #[must_use]
    pub fn start(&self) -> Option<Timestamp> {
        match self {
            Self::Instant { start, .. } => Some(*start),
            Self::Day { .. } | Self::Window { .. } | Self::Undated => None,
        }
    }

    /// The local day that steps count from: the day of the start, or the last
    /// day to act.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Instant { start, .. } => Some(vietnam::local(*start).date()),
            Self::Day { date, bound } => Some(match bound {
                Bound::On | Bound::Through => *date,
                // Only the first day of the calendar has no day before it.
                Bound::Before => date.yesterday().unwrap_or(*date),
            }),
            Self::Window { .. } | Self::Undated => None,
        }
    }

    /// The instant until which a step before the anchor helps: the start, or the
    /// end (24:00) of the last day to act.
    #[must_use]
    pub fn closes_at(&self) -> Option<Timestamp> {
        match self {
            Self::Instant { start, .. } => Some(*start),
            Self::Day { .. } => self.day().map(end_of_day),
            Self::Window { .. } | Self::Undated => None,
        }
    }

    /// The first day of a window, where one is known.
    #[must_use]
    pub fn opens_on(&self) -> Option<Date> {
        match self {
            Self::Window { start, .. } => *start,
            Self::Instant { .. } | Self::Day { .. } | Self::Undated => None,
        }
    }

    /// Whether people hear of it late when it becomes known at `known_at`: after its window
    /// has opened, or with fewer working days to go than an invitation needs.
    #[must_use]
    pub fn is_late(&self, known_at: Timestamp, calendar: &Calendar) -> bool {
        let known_on = vietnam::local(known_at).date();
        let in_time = |day: Date| {
            let moment = day.at(0, 0, 0, 0);
            calendar.at_least_before(moment, NOTICE_WORKING_DAYS)
        };
        let opened = self.opens_on().is_some_and(|opens| opens <= known_on);
        opened || self.day().is_some_and(|day| in_time(day) < known_on)
    }

    /// The last day of a window, where one is known.
    #[must_use]
    pub fn closes_on(&self) -> Option<Date> {
        match self {
            Self::Window { end, .. } => *end,
            Self::Instant { .. } | Self::Day { .. } | Self::Undated => None,
        }
    }
}

/// Midnight at which `day` ends in Việt Nam (Civil Code 2015, article 148.6).
#[must_use]
pub fn end_of_day(day: Date) -> Timestamp {
    start_of_day(day.tomorrow().unwrap_or(day))
}

/// Midnight at which `day` begins in Việt Nam.
#[must_use]
pub fn start_of_day(day: Date) -> Timestamp {
    vietnam::instant(day.at(0, 0, 0, 0))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn before_the_tenth_means_the_ninth_is_the_last_day() {
        let anchor = Anchor::Day {
            date: date(2024, 4, 10),
            bound: Bound::Before,
        };
        assert_eq!(anchor.day(), Some(date(2024, 4, 9)));
        assert_eq!(anchor.closes_at(), Some(start_of_day(date(2024, 4, 10))));
    }

    #[test]
    fn case_10_a_deadline_closes_when_its_last_day_ends_in_viet_nam() {
        let anchor = Anchor::Day {
            date: date(2024, 3, 31),
            bound: Bound::Through,
        };
        assert_eq!(
            anchor.closes_at().map(|instant| instant.to_string()),
            Some("2024-03-31T17:00:00Z".to_owned())
        );
    }

    fn late(anchor: &Anchor, known: jiff::civil::DateTime) -> bool {
        anchor.is_late(vietnam::instant(known), &Calendar::official())
    }

    fn starts(day: Date) -> Anchor {
        let start = vietnam::instant(day.at(8, 0, 0, 0));
        Anchor::Instant { start, end: None }
    }

    #[test]
    fn what_becomes_known_with_three_working_days_to_go_is_in_time_and_with_fewer_is_late() {
        // Friday, 29 March 2024: Tuesday is in time until its end, Wednesday is not.
        let friday = date(2024, 3, 29);
        let due = |date, bound| Anchor::Day { date, bound };
        for anchor in [
            starts(friday),
            due(friday, Bound::On),
            due(friday, Bound::Through),
            due(date(2024, 3, 30), Bound::Before),
        ] {
            let tuesday = date(2024, 3, 26);
            assert!(!late(&anchor, tuesday.at(0, 0, 0, 0)), "{anchor:?}");
            assert!(!late(&anchor, tuesday.at(23, 59, 59, 0)), "{anchor:?}");
            let wednesday = date(2024, 3, 27);
            assert!(late(&anchor, wednesday.at(0, 0, 0, 0)), "{anchor:?}");
            // The same day, and when it is over.
            assert!(late(&anchor, friday.at(7, 0, 0, 0)), "{anchor:?}");
            assert!(late(&anchor, date(2024, 4, 2).at(9, 0, 0, 0)), "{anchor:?}");
        }
    }

    #[test]
    fn days_on_which_nobody_works_are_no_notice() {
        // Wednesday after a weekend: Friday is in time, Saturday leaves two whole working days.
        let wednesday = starts(date(2024, 4, 3));
        assert!(!late(&wednesday, date(2024, 3, 29).at(16, 0, 0, 0)));
        assert!(late(&wednesday, date(2024, 3, 30).at(9, 0, 0, 0)));
        // Giỗ Tổ Hùng Vương was Thursday, 18 April 2024.
        let monday = starts(date(2024, 4, 22));
        assert!(!late(&monday, date(2024, 4, 16).at(16, 0, 0, 0)));
        assert!(late(&monday, date(2024, 4, 17).at(8, 0, 0, 0)));
    }

    #[test]
    fn a_window_is_late_from_the_day_on_which_it_opens() {
        let of = |start| Anchor::Window {
            text: "tháng 4/2024".to_owned(),
            start,
            end: Some(date(2024, 4, 30)),
        };
        let april = of(Some(date(2024, 4, 1)));
        assert!(!late(&april, date(2024, 3, 31).at(23, 59, 59, 0)));
        assert!(late(&april, date(2024, 4, 1).at(0, 0, 0, 0)));
        for unknown in [of(None), Anchor::Undated] {
            assert!(!late(&unknown, date(2024, 5, 6).at(9, 0, 0, 0)));
        }
    }

    #[test]
    fn case_11_a_start_after_midnight_belongs_to_its_local_day() {
        let anchor = Anchor::Instant {
            start: vietnam::instant(date(2024, 4, 18).at(0, 30, 0, 0)),
            end: None,
        };
        assert_eq!(anchor.day(), Some(date(2024, 4, 18)));
    }
}
