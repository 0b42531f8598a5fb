use jiff::civil::{Date, DateTime};

use super::Calendar;
use super::index::{FIRST, LAST};
use crate::days::day_number;

impl Calendar {
    /// Whether people work on a day. Outside 1900 to 2100 only the week decides.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert!(!calendar.is_working_day(date(2024, 4, 18)), "Giỗ Tổ Hùng Vương");
    /// ```
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        self.index
            .contains(day_number(date))
            .unwrap_or_else(|| self.week.contains(date.weekday()))
    }

    /// The n-th working day after a day, or before it for a negative n; the day itself for nought.
    /// `None` where it would lie outside 1900 to 2100.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert_eq!(calendar.checked_add_working_days(date(2026, 8, 28), 1), Some(date(2026, 9, 3)));
    /// assert_eq!(calendar.checked_add_working_days(date(2026, 8, 28), i32::MAX), None);
    /// ```
    #[must_use]
    pub fn checked_add_working_days(&self, date: Date, n: i32) -> Option<Date> {
        if !(FIRST..=LAST).contains(&date) {
            return None;
        }
        let number = day_number(date);
        match n {
            0 => Some(date),
            1.. => self
                .index
                .at(self.index.count_before(number + 1) + i64::from(n) - 1),
            _ => self
                .index
                .at(self.index.count_before(number) + i64::from(n)),
        }
    }

    /// [`checked_add_working_days`](Self::checked_add_working_days), staying at the first or last
    /// day of the calendar where that has no answer.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert_eq!(calendar.add_working_days(date(2027, 2, 15), -3), date(2027, 2, 3));
    /// ```
    #[must_use]
    pub fn add_working_days(&self, date: Date, n: i32) -> Date {
        self.checked_add_working_days(date, n)
            .unwrap_or(if n < 0 { FIRST } else { LAST })
    }

    /// How many working days one has from a day on: those after `from` up to and including `to`;
    /// where `to` lies before `from`, those from `to` on and before `from`, as a negative number.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert_eq!(calendar.working_days_between(date(2024, 4, 12), date(2024, 4, 15)), 1);
    /// assert_eq!(calendar.working_days_between(date(2024, 4, 15), date(2024, 4, 12)), -1);
    /// ```
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> i32 {
        let shift = i32::from(from <= to);
        let count = self.index.count_before(day_number(to) + shift)
            - self.index.count_before(day_number(from) + shift);
        i32::try_from(count).unwrap_or(i32::MAX)
    }

    /// The day itself if it is worked, otherwise the next working day.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert_eq!(calendar.on_or_after(date(2026, 4, 25)), date(2026, 4, 28));
    /// ```
    #[must_use]
    pub fn on_or_after(&self, date: Date) -> Date {
        if self.is_working_day(date) {
            date
        } else {
            self.add_working_days(date, 1)
        }
    }

    /// The day itself if it is worked, otherwise the working day before it, as reminders move.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert_eq!(calendar.on_or_before(date(2026, 4, 27)), date(2026, 4, 24));
    /// ```
    #[must_use]
    pub fn on_or_before(&self, date: Date) -> Date {
        if self.is_working_day(date) {
            date
        } else {
            self.add_working_days(date, -1)
        }
    }

    /// The last day on which something can be done at least `n` working days before a moment, as
    /// invitations must go out (Decision 45/2018/QĐ-TTg: at least three before the meeting).
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = vietnam::calendar::Calendar::official();
    /// assert_eq!(calendar.at_least_before(date(2024, 4, 11).at(8, 0, 0, 0), 3), date(2024, 4, 8));
    /// ```
    #[must_use]
    pub fn at_least_before(&self, moment: DateTime, n: u16) -> Date {
        self.add_working_days(moment.date(), -i32::from(n))
    }
}
