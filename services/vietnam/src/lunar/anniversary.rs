use jiff::civil::Date;

use super::{LunarDate, LunarError};

/// The solar date on which a lunar anniversary is kept in a lunar year: in the first of two months
/// of one number, and on the last day of the month where the month has no 30th.
///
/// ```
/// use jiff::civil::date;
/// use vietnam::lunar::anniversary;
/// assert_eq!(anniversary(2025, 3, 10), Ok(date(2025, 4, 7)));
/// assert_eq!(anniversary(2025, 6, 15), Ok(date(2025, 7, 9)), "once, before the leap month");
/// ```
///
/// # Errors
/// Years outside the calendar, and months or days that no year has.
pub fn anniversary(year: i16, month: i8, day: i8) -> Result<Date, LunarError> {
    let kept = match LunarDate::new(year, month, day, false) {
        Err(LunarError::Day) if day == 30 => LunarDate::new(year, month, 29, false),
        other => other,
    };
    kept.map(LunarDate::to_solar)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lunar::{leap_month, months};
    use jiff::civil::date;

    #[test]
    fn case_17_the_thirtieth_of_a_short_month_is_kept_on_the_twenty_ninth() {
        let short = months(2026).into_iter().find(|month| month.days == 29);
        let short = short.map(|month| (month.number, month.first_day));
        if let Some((number, first_day)) = short {
            assert_eq!(anniversary(2026, number, 30), anniversary(2026, number, 29));
            assert_eq!(anniversary(2026, number, 1), Ok(first_day));
        }
        assert!(short.is_some());
    }

    #[test]
    fn case_17_leap_months_are_kept_once_and_first() {
        // The leap 11th month of the lunar year 2033 lies mostly in January 2034.
        for (year, month) in [(2025, 6), (2028, 5), (2031, 3), (2033, 11)] {
            assert_eq!(leap_month(year), Some(month), "{year}");
            let first = LunarDate::new(year, month, 5, false).map(LunarDate::to_solar);
            assert_eq!(anniversary(year, month, 5), first);
        }
    }

    #[test]
    fn days_that_no_year_has_are_refused() {
        assert_eq!(anniversary(2026, 13, 1), Err(LunarError::Month));
        assert_eq!(anniversary(2026, 1, 31), Err(LunarError::Day));
        assert_eq!(anniversary(2100, 1, 1), Err(LunarError::Range));
        assert_eq!(anniversary(2024, 1, 1), Ok(date(2024, 2, 10)));
    }
}
