//! Dates for readers of English.

use jiff::civil::{Date, Weekday};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of a day of the week in English.
#[must_use]
pub const fn english_weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// `Tuesday 9 April 2024`.
///
/// ```
/// let date = jiff::civil::date(2024, 4, 9);
/// assert_eq!(vietnam::dates::english(date), "Tuesday 9 April 2024");
/// ```
#[must_use]
pub fn english(date: Date) -> String {
    // Months count from 1 to 12.
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    let name = english_weekday(date.weekday());
    format!("{name} {} {month} {}", date.day(), date.year())
}
