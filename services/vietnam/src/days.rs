//! Days as numbers, so that calendars can add and compare them cheaply.

use jiff::civil::Date;

/// Days since 1 January 1970, negative before it.
pub(crate) fn day_number(date: Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    // Years counted from March end with the leap day.
    let year = i32::from(date.year()) - i32::from(month < 3);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date of a number; numbers outside the range of [`Date`] give its first or last day.
pub(crate) fn date_of(number: i32) -> Date {
    let shifted = i64::from(number) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month < 3);
    let small = |value: i64| i8::try_from(value).unwrap_or(1);
    let end = if number < 0 { Date::MIN } else { Date::MAX };
    i16::try_from(year)
        .ok()
        .and_then(|year| Date::new(year, small(month), small(day)).ok())
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_epoch_is_day_nought() {
        assert_eq!(day_number(jiff::civil::date(1970, 1, 1)), 0);
        assert_eq!(date_of(i32::MAX), Date::MAX);
        assert_eq!(date_of(i32::MIN), Date::MIN);
    }

    proptest! {
        #[test]
        fn number_and_date_are_inverse(number in -4_300_000_i32..2_900_000) {
            prop_assert_eq!(day_number(date_of(number)), number);
        }

        #[test]
        fn the_next_number_is_tomorrow(number in -4_300_000_i32..2_900_000) {
            prop_assert_eq!(date_of(number).tomorrow().ok(), Some(date_of(number + 1)));
        }
    }
}
