use jiff::civil::Date;

use super::table::{FIRST_YEAR, YEARS};
use crate::days::{date_of, day_number};

/// One month of a lunar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthOfYear {
    /// 1 to 12.
    pub number: i8,
    /// Whether it repeats the number of the month before it.
    pub leap: bool,
    /// 29 or 30.
    pub days: i8,
    /// Its first day in the solar calendar.
    pub first_day: Date,
}

/// The months of a lunar year in order, twelve or thirteen; none outside 1900 to 2099.
///
/// ```
/// let months = vietnam::lunar::months(2025);
/// assert_eq!(months.len(), 13);
/// assert!(months[6].leap && months[6].number == 6);
/// ```
#[must_use]
pub fn months(year: i16) -> Vec<MonthOfYear> {
    packed(year)
        .map(|packed| packed.months().collect())
        .unwrap_or_default()
}

/// The month that a year repeats, if it repeats one.
///
/// ```
/// assert_eq!(vietnam::lunar::leap_month(2028), Some(5));
/// assert_eq!(vietnam::lunar::leap_month(2026), None);
/// ```
#[must_use]
pub fn leap_month(year: i16) -> Option<i8> {
    packed(year)
        .map(|packed| packed.leap)
        .filter(|leap| *leap > 0)
}

/// The solar date of Tết Nguyên Đán, the first day of a lunar year; `None` outside 1900 to 2099.
///
/// ```
/// assert_eq!(vietnam::lunar::new_year(2030), Some(jiff::civil::date(2030, 2, 2)));
/// ```
#[must_use]
pub fn new_year(year: i16) -> Option<Date> {
    packed(year).map(|packed| date_of(packed.first_day))
}

/// A year as the table holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct PackedYear {
    pub(super) year: i16,
    /// The number of its first day, as [`day_number`] counts.
    pub(super) first_day: i32,
    pub(super) leap: i8,
    long_months: u32,
}

pub(super) fn packed(year: i16) -> Option<PackedYear> {
    let index = usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?;
    let bits = *YEARS.get(index)?;
    let january = day_number(Date::constant(year, 1, 1));
    Some(PackedYear {
        year,
        first_day: january + i32::try_from(bits >> 17).ok()?,
        leap: i8::try_from(bits >> 13 & 0xf).ok()?,
        long_months: bits & 0x1fff,
    })
}

impl PackedYear {
    pub(super) fn months(self) -> impl Iterator<Item = MonthOfYear> {
        self.spans()
            .map(|(number, leap, first_day, days)| MonthOfYear {
                number,
                leap,
                days: if days == 30 { 30 } else { 29 },
                first_day: date_of(first_day),
            })
    }

    /// Number, leap, first day and length of each month.
    pub(super) fn spans(self) -> impl Iterator<Item = (i8, bool, i32, i32)> {
        let count = if self.leap > 0 { 13 } else { 12 };
        let mut first_day = self.first_day;
        (0..count).map(move |index: i8| {
            let leap = self.leap > 0 && index == self.leap;
            let number = if self.leap > 0 && index >= self.leap {
                index
            } else {
                index + 1
            };
            let days = if self.long_months >> index & 1 == 1 {
                30
            } else {
                29
            };
            let span = (number, leap, first_day, days);
            first_day += days;
            span
        })
    }
}
