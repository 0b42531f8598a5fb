use jiff::civil::Date;

use super::LunarDate;
use crate::days::day_number;

/// First days of months, each with its reason; tests compute them again.
#[rustfmt::skip]
const NEAR_MIDNIGHT: [Date; 7] = [
    Date::constant(1944, 6, 20), Date::constant(1967, 7, 8), Date::constant(1998, 9, 21), Date::constant(2054, 5, 8),
    Date::constant(2072, 12, 9), Date::constant(2077, 11, 16), Date::constant(2085, 10, 19),
];

/// The autumn equinox of 1938 came 24 seconds before midnight; a minute later the leap month would
/// be the seventh, one month before.
const HANGING_ON_A_TERM: [Date; 2] = [Date::constant(1938, 8, 25), Date::constant(1938, 9, 24)];

/// The first days of the months in doubt: those whose new moon falls within two minutes of midnight,
/// so that they could begin a day earlier or later, and the two of 1938 whose number hangs on an
/// equinox that near to midnight.
///
/// ```
/// use jiff::civil::date;
/// assert!(vietnam::lunar::uncertain_months().any(|day| day == date(1967, 7, 8)));
/// ```
pub fn uncertain_months() -> impl Iterator<Item = Date> {
    HANGING_ON_A_TERM.into_iter().chain(NEAR_MIDNIGHT)
}

impl LunarDate {
    /// Whether this date is in doubt: it lies in one of [`uncertain_months`], or is the last day
    /// before a month that could begin a day earlier.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use vietnam::lunar::from_solar;
    /// assert!(from_solar(date(1967, 7, 10))?.is_uncertain());
    /// assert!(!from_solar(date(2024, 2, 10))?.is_uncertain());
    /// # Ok::<(), vietnam::lunar::LunarError>(())
    /// ```
    #[must_use]
    pub fn is_uncertain(self) -> bool {
        let day = day_number(self.to_solar());
        let first_day = day - i32::from(self.day()) + 1;
        uncertain_months().any(|month| day_number(month) == first_day)
            || NEAR_MIDNIGHT
                .iter()
                .any(|month| day_number(*month) == day + 1)
    }
}
