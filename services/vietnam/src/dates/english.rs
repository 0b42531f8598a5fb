//! Dates for readers of English.

use jiff::civil::{Date, DateTime, Time, Weekday};

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

/// `08:00, Tuesday 9 April 2024`.
///
/// ```
/// let at = jiff::civil::date(2024, 4, 9).at(8, 0, 0, 0);
/// assert_eq!(vietnam::dates::english_moment(at), "08:00, Tuesday 9 April 2024");
/// ```
#[must_use]
pub fn english_moment(at: DateTime) -> String {
    format!("{}, {}", english_clock(at.time()), english(at.date()))
}

/// From a start to an end: `08:00 to 11:30, Tuesday 9 April 2024`.
///
/// ```
/// let day = jiff::civil::date(2024, 4, 9);
/// let text = vietnam::dates::english_span(day.at(8, 0, 0, 0), day.at(11, 30, 0, 0));
/// assert_eq!(text, "08:00 to 11:30, Tuesday 9 April 2024");
/// ```
#[must_use]
pub fn english_span(start: DateTime, end: DateTime) -> String {
    if start.date() == end.date() {
        format!("{} to {}", english_clock(start.time()), english_moment(end))
    } else {
        format!("from {} to {}", english_moment(start), english_moment(end))
    }
}

/// `08:00`.
///
/// ```
/// assert_eq!(vietnam::dates::english_clock(jiff::civil::time(8, 0, 0, 0)), "08:00");
/// ```
#[must_use]
pub fn english_clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
