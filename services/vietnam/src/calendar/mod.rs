//! The working calendar: public holidays, days off in lieu, swapped days, and what follows from
//! them for working-day arithmetic and legal deadlines.
//!
//! Sources: Labour Code 45/2019/QH14, articles 111 (a weekly rest day that is a holiday is made
//! good on the next working day) and 112 (the holidays), and its forerunners since 1995;
//! Resolution 80-NQ/TW (24 November, from 2026); the yearly decisions, named entry by entry in
//! `data/holidays.csv`. What no decision has settled is computed and says so.

mod arithmetic;
mod day;
mod deadline;
mod difference;
mod entry;
mod index;
mod rules;
mod week;

pub use day::{DayInfo, Why};
pub use deadline::{Deadline, Term, Unit, end_of_day, last_day_before, last_day_through};
pub use difference::Change;
pub use entry::{CalendarError, Entry, Kind, Status};
pub use week::WorkingWeek;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::days::day_number;
use entry::Decisions;
use index::WorkIndex;

/// The decisions known when this version of the library was made.
const OFFICIAL: &str = include_str!("../../data/holidays.csv");

/// A version of the calendar: decisions, a working week, and the working days that follow.
#[derive(Debug, Clone)]
pub struct Calendar {
    decisions: Decisions,
    week: WorkingWeek,
    days: BTreeMap<Date, Entry>,
    proposed: BTreeMap<Date, Entry>,
    index: WorkIndex,
}

/// Days from `from` to `to`, negative where `to` lies before.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(vietnam::calendar::days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
/// ```
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    day_number(to) - day_number(from)
}

impl Calendar {
    /// The calendar of the embedded decisions, for a week from Monday to Friday.
    ///
    /// Making it takes a millisecond or two: keep it.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert!(calendar.is_working_day(date(2026, 8, 22)), "a Saturday that is worked");
    /// assert!(!calendar.is_working_day(date(2026, 8, 31)), "the Monday given for it");
    /// ```
    #[must_use]
    pub fn official() -> Self {
        // A test reads the embedded file; an empty calendar still computes every holiday.
        Self::build(
            Decisions::parse(OFFICIAL).unwrap_or_default(),
            WorkingWeek::OFFICE,
        )
    }

    /// A calendar of other decisions, in the format of `data/holidays.csv`.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::parse("2027-02-13,working_day,Làm bù,proposed,")?;
    /// assert!(!calendar.is_working_day(date(2027, 2, 13)), "a proposal does not count");
    /// # Ok::<(), vietnam::calendar::CalendarError>(())
    /// ```
    ///
    /// # Errors
    /// The first line that cannot be read, by its number.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        Ok(Self::build(Decisions::parse(text)?, WorkingWeek::OFFICE))
    }

    /// This calendar with a further decision: its entries replace those of the same days, and the
    /// years that it declares complete lose what was computed for them.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let known = vietnam::calendar::Calendar::official();
    /// let decided = known.with_decision("2027-02-13,working_day,Làm bù,announced,1/QĐ-TTg")?;
    /// assert_eq!(known.add_working_days(date(2027, 2, 15), -3), date(2027, 2, 3));
    /// assert_eq!(decided.add_working_days(date(2027, 2, 15), -3), date(2027, 2, 11));
    /// # Ok::<(), vietnam::calendar::CalendarError>(())
    /// ```
    ///
    /// # Errors
    /// The first line that cannot be read, by its number.
    pub fn with_decision(&self, text: &str) -> Result<Self, CalendarError> {
        let mut decisions = self.decisions.clone();
        decisions.extend(Decisions::parse(text)?);
        Ok(Self::build(decisions, self.week))
    }

    /// This calendar for another working week.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use vietnam::calendar::{Calendar, WorkingWeek};
    /// let six_days = Calendar::official().with_week(WorkingWeek::SIX_DAYS);
    /// assert!(six_days.is_working_day(date(2024, 4, 13)), "a Saturday");
    /// ```
    #[must_use]
    pub fn with_week(&self, week: WorkingWeek) -> Self {
        Self::build(self.decisions.clone(), week)
    }

    /// The working week that it counts with.
    ///
    /// ```
    /// use vietnam::calendar::{Calendar, WorkingWeek};
    /// assert_eq!(Calendar::official().week(), WorkingWeek::OFFICE);
    /// ```
    #[must_use]
    pub const fn week(&self) -> WorkingWeek {
        self.week
    }

    /// The version that the data give themselves, usually a date; empty if they give none.
    ///
    /// ```
    /// assert!(!vietnam::calendar::Calendar::official().version().is_empty());
    /// ```
    #[must_use]
    pub fn version(&self) -> &str {
        &self.decisions.version
    }

    /// All days of a year that differ from the plain week, proposals included, in order.
    ///
    /// ```
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert!(calendar.entries(2026).any(|entry| entry.date == jiff::civil::date(2026, 11, 24)));
    /// ```
    pub fn entries(&self, year: i16) -> impl Iterator<Item = &Entry> {
        let mut entries: Vec<&Entry> = self
            .days
            .values()
            .chain(self.proposed.values())
            .filter(|entry| entry.date.year() == year)
            .collect();
        entries.sort_by_key(|entry| entry.date);
        entries.into_iter()
    }

    /// What a day is and why.
    ///
    /// ```
    /// use vietnam::calendar::{Calendar, Status, Why};
    /// let day = Calendar::official().day(jiff::civil::date(2026, 4, 27));
    /// assert!(day.off);
    /// assert_eq!((day.why, day.status), (Why::InLieu, Some(Status::Announced)));
    /// ```
    #[must_use]
    pub fn day(&self, date: Date) -> DayInfo {
        DayInfo::of(
            date,
            self.week,
            self.days.get(&date),
            self.proposed.get(&date),
        )
    }

    fn build(decisions: Decisions, week: WorkingWeek) -> Self {
        let (days, proposed) = decisions.settle(week);
        let index = WorkIndex::new(week, &days);
        Self {
            decisions,
            week,
            days,
            proposed,
            index,
        }
    }
}

#[cfg(test)]
mod tests;
