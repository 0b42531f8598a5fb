use std::fmt;

use jiff::civil::Date;

use super::year::packed;
use crate::days::{date_of, day_number};

/// A day of the Vietnamese lunar calendar that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LunarDate {
    year: i16,
    month: i8,
    day: i8,
    leap: bool,
}

/// Why there is no such day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LunarError {
    /// Outside the lunar years 1900 to 2099.
    #[error("the lunar calendar is known for the lunar years 1900 to 2099")]
    Range,
    /// No month of that number, or the year does not repeat it.
    #[error("the year has no such month")]
    Month,
    /// No day of that number in the month.
    #[error("the month has no such day")]
    Day,
}

/// The lunar date of a solar one, from 31 January 1900 to 8 February 2100.
///
/// ```
/// use jiff::civil::date;
/// let kings = vietnam::lunar::from_solar(date(2024, 4, 18))?;
/// assert_eq!((kings.year(), kings.month(), kings.day(), kings.is_leap()), (2024, 3, 10, false));
/// # Ok::<(), vietnam::lunar::LunarError>(())
/// ```
///
/// # Errors
/// Dates outside that range.
pub fn from_solar(date: Date) -> Result<LunarDate, LunarError> {
    let wanted = day_number(date);
    let year = packed(date.year())
        .filter(|year| year.first_day <= wanted)
        .or_else(|| packed(date.year().checked_sub(1)?));
    let year = year.ok_or(LunarError::Range)?;
    let (month, leap, first_day, _) = year
        .spans()
        .find(|(_, _, first_day, days)| (*first_day..first_day + days).contains(&wanted))
        .ok_or(LunarError::Range)?;
    let day = i8::try_from(wanted - first_day + 1).map_err(|_| LunarError::Range)?;
    Ok(LunarDate {
        year: year.year,
        month,
        day,
        leap,
    })
}

impl LunarDate {
    /// A day by its numbers.
    ///
    /// ```
    /// use vietnam::lunar::{LunarDate, LunarError};
    /// assert!(LunarDate::new(2025, 6, 1, true).is_ok());
    /// assert_eq!(LunarDate::new(2026, 6, 1, true), Err(LunarError::Month));
    /// ```
    ///
    /// # Errors
    /// A year outside the table, or a month or day that the year does not have.
    pub fn new(year: i16, month: i8, day: i8, leap: bool) -> Result<Self, LunarError> {
        let date = Self {
            year,
            month,
            day,
            leap,
        };
        date.number().map(|_| date)
    }

    /// The lunar year, by the solar year in which it begins.
    ///
    /// ```
    /// let date = vietnam::lunar::from_solar(jiff::civil::date(2024, 2, 9))?;
    /// assert_eq!(date.year(), 2023);
    /// # Ok::<(), vietnam::lunar::LunarError>(())
    /// ```
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// 1 to 12.
    ///
    /// ```
    /// assert_eq!(vietnam::lunar::from_solar(jiff::civil::date(2024, 2, 9))?.month(), 12);
    /// # Ok::<(), vietnam::lunar::LunarError>(())
    /// ```
    #[must_use]
    pub const fn month(self) -> i8 {
        self.month
    }

    /// 1 to 30.
    ///
    /// ```
    /// assert_eq!(vietnam::lunar::from_solar(jiff::civil::date(2024, 2, 9))?.day(), 30);
    /// # Ok::<(), vietnam::lunar::LunarError>(())
    /// ```
    #[must_use]
    pub const fn day(self) -> i8 {
        self.day
    }

    /// Whether it lies in the second month of its number.
    ///
    /// ```
    /// assert!(vietnam::lunar::from_solar(jiff::civil::date(2025, 8, 1))?.is_leap());
    /// # Ok::<(), vietnam::lunar::LunarError>(())
    /// ```
    #[must_use]
    pub const fn is_leap(self) -> bool {
        self.leap
    }

    /// The solar date.
    ///
    /// ```
    /// use vietnam::lunar::LunarDate;
    /// assert_eq!(LunarDate::new(2026, 1, 1, false)?.to_solar(), jiff::civil::date(2026, 2, 17));
    /// # Ok::<(), vietnam::lunar::LunarError>(())
    /// ```
    #[must_use]
    pub fn to_solar(self) -> Date {
        // Only days that have a number can be made.
        self.number().map_or(Date::ZERO, date_of)
    }

    fn number(self) -> Result<i32, LunarError> {
        let year = packed(self.year).ok_or(LunarError::Range)?;
        let (_, _, first_day, days) = year
            .spans()
            .find(|(number, leap, ..)| (*number, *leap) == (self.month, self.leap))
            .ok_or(LunarError::Month)?;
        let day = i32::from(self.day);
        if (1..=days).contains(&day) {
            Ok(first_day + day - 1)
        } else {
            Err(LunarError::Day)
        }
    }
}

impl fmt::Display for LunarDate {
    /// As calendars print it: `10/3 Giáp Thìn`, `01/6 nhuận Ất Tỵ`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let leap = if self.leap { " nhuận" } else { "" };
        write!(
            f,
            "{}/{}{leap} {}",
            self.day,
            self.month,
            super::year_name(self.year)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn case_17_tet_in_years_that_differ_from_china() {
        for (year, tet) in [
            (1985, date(1985, 1, 21)),
            (2007, date(2007, 2, 17)),
            (2030, date(2030, 2, 2)),
        ] {
            assert_eq!(
                LunarDate::new(year, 1, 1, false).map(LunarDate::to_solar),
                Ok(tet)
            );
        }
    }

    #[test]
    fn every_day_of_the_range_goes_there_and_back() {
        let (first, last) = (day_number(date(1900, 1, 31)), day_number(date(2100, 2, 8)));
        let mut before: Option<LunarDate> = None;
        for number in first..=last {
            let lunar = from_solar(date_of(number)).unwrap();
            assert_eq!(day_number(lunar.to_solar()), number);
            if let Some(before) = before {
                assert!(
                    lunar.day() == before.day() + 1 || (lunar.day() == 1 && before.day() >= 29)
                );
            }
            before = Some(lunar);
        }
        assert_eq!(from_solar(date_of(first - 1)), Err(LunarError::Range));
        assert_eq!(from_solar(date_of(last + 1)), Err(LunarError::Range));
    }

    #[test]
    fn the_printed_form_names_the_leap_month_and_the_year() {
        assert_eq!(
            from_solar(date(2025, 7, 25)).unwrap().to_string(),
            "1/6 nhuận Ất Tỵ"
        );
    }

    proptest! {
        #[test]
        fn no_numbers_panic(year in any::<i16>(), month in any::<i8>(), day in any::<i8>(), leap in any::<bool>()) {
            if let Ok(lunar) = LunarDate::new(year, month, day, leap) {
                prop_assert_eq!(from_solar(lunar.to_solar()), Ok(lunar));
            }
        }
    }
}
