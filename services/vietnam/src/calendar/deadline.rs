use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::Calendar;

/// What a term is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Calendar days.
    Days,
    /// Seven days each.
    Weeks,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
}

/// A length of time as laws and contracts give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

/// When a term ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// The day on which the term ends by counting alone.
    pub counted: Date,
    /// The last day to act: `counted`, or the next working day where that is a day off.
    pub last_day: Date,
    /// 24:00 of the last day: the first instant that is too late.
    pub ends_at: Timestamp,
}

impl Term {
    /// A number of calendar days.
    ///
    /// ```
    /// use vietnam::calendar::{Term, Unit};
    /// assert_eq!(Term::days(10), Term { amount: 10, unit: Unit::Days });
    /// ```
    #[must_use]
    pub const fn days(amount: u32) -> Self {
        Self {
            amount,
            unit: Unit::Days,
        }
    }

    /// A number of months.
    ///
    /// ```
    /// use vietnam::calendar::{Term, Unit};
    /// assert_eq!(Term::months(6), Term { amount: 6, unit: Unit::Months });
    /// ```
    #[must_use]
    pub const fn months(amount: u32) -> Self {
        Self {
            amount,
            unit: Unit::Months,
        }
    }
}

impl Calendar {
    /// The end of a term by articles 147 and 148 of the Civil Code 91/2015/QH13: the day on which
    /// it begins is not counted; weeks, months and years end on the day of the same name or
    /// number, or on the last day of a month that has no such day; an end on a day off moves to
    /// the end of the next working day. `None` where the calendar does not reach that far.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use vietnam::calendar::{Calendar, Term};
    /// let calendar = Calendar::official();
    /// let end = calendar.deadline(date(2024, 1, 31), Term::months(1)).unwrap();
    /// assert_eq!(end.last_day, date(2024, 2, 29));
    /// assert_eq!(end.ends_at.to_string(), "2024-02-29T17:00:00Z");
    /// ```
    #[must_use]
    pub fn deadline(&self, start: Date, term: Term) -> Option<Deadline> {
        let amount = i64::from(term.amount);
        let span = match term.unit {
            Unit::Days => Span::new().try_days(amount),
            Unit::Weeks => Span::new().try_weeks(amount),
            Unit::Months => Span::new().try_months(amount),
            Unit::Years => Span::new().try_years(amount),
        };
        let counted = start.checked_add(span.ok()?).ok()?;
        let last_day = if self.is_working_day(counted) {
            counted
        } else {
            self.checked_add_working_days(counted, 1)?
        };
        Some(Deadline {
            counted,
            last_day,
            ends_at: end_of_day(last_day),
        })
    }
}

/// 24:00 of a day in Việt Nam, the end of a term that ends on it (Civil Code 2015, article 148.6).
/// It is the first instant of the next day, hence the first that is too late.
///
/// ```
/// let end = vietnam::calendar::end_of_day(jiff::civil::date(2024, 3, 31));
/// assert_eq!(end.to_string(), "2024-03-31T17:00:00Z");
/// ```
#[must_use]
pub fn end_of_day(day: Date) -> Timestamp {
    day.tomorrow()
        .map_or(Timestamp::MAX, |next| crate::instant(next.at(0, 0, 0, 0)))
}

/// The last day to act "trước ngày d": the day before it.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(vietnam::calendar::last_day_before(date(2024, 4, 10)), date(2024, 4, 9));
/// ```
#[must_use]
pub fn last_day_before(day: Date) -> Date {
    day.yesterday().unwrap_or(day)
}

/// The last day to act "đến ngày d" or "đến hết ngày d": the day itself.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(vietnam::calendar::last_day_through(date(2024, 4, 10)), date(2024, 4, 10));
/// ```
#[must_use]
pub const fn last_day_through(day: Date) -> Date {
    day
}
