//! Dates and times in Vietnamese words and figures.
//!
//! Documents spell the date out and write a nought before the day under ten and before the months
//! one and two (Decree 30/2020/NĐ-CP, appendix I); figures in running text do the same.

mod english;
mod moment;
mod parse;
mod relative;
mod spoken;

pub use english::{english, english_clock, english_moment, english_span, english_weekday};
pub use moment::{parse_moment, parse_time, stamp};
pub use parse::{DateError, parse_short};
pub use relative::relative;
pub use spoken::{parse_coming, parse_coming_moment, parse_past};

use jiff::civil::{Date, DateTime, Time, Weekday};

/// The name of a day of the week as it stands inside a sentence: `thứ Năm`, `Chủ nhật`.
///
/// ```
/// assert_eq!(vietnam::dates::weekday(jiff::civil::Weekday::Thursday), "thứ Năm");
/// ```
#[must_use]
pub const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "thứ Hai",
        Weekday::Tuesday => "thứ Ba",
        Weekday::Wednesday => "thứ Tư",
        Weekday::Thursday => "thứ Năm",
        Weekday::Friday => "thứ Sáu",
        Weekday::Saturday => "thứ Bảy",
        Weekday::Sunday => "Chủ nhật",
    }
}

/// `thứ Năm, ngày 11 tháng 4 năm 2024`.
///
/// ```
/// assert_eq!(vietnam::dates::long(jiff::civil::date(2024, 4, 11)), "thứ Năm, ngày 11 tháng 4 năm 2024");
/// ```
#[must_use]
pub fn long(date: Date) -> String {
    format!(
        "{}, ngày {} tháng {} năm {}",
        weekday(date.weekday()),
        date.day(),
        date.month(),
        date.year()
    )
}

/// `11/4/2024`, `09/4/2024`, `01/02/2024`: noughts where documents write them.
///
/// ```
/// assert_eq!(vietnam::dates::short(jiff::civil::date(2024, 4, 9)), "09/4/2024");
/// ```
#[must_use]
pub fn short(date: Date) -> String {
    format!("{}/{}", day_and_month(date), date.year())
}

/// `09/4`, `01/02`: the same without the year.
///
/// ```
/// assert_eq!(vietnam::dates::day_and_month(jiff::civil::date(2024, 2, 1)), "01/02");
/// ```
#[must_use]
pub fn day_and_month(date: Date) -> String {
    let month = date.month();
    if month < 3 {
        format!("{:02}/{month:02}", date.day())
    } else {
        format!("{:02}/{month}", date.day())
    }
}

/// `thứ Năm, 11/4/2024`.
///
/// ```
/// assert_eq!(vietnam::dates::with_weekday(jiff::civil::date(2024, 4, 11)), "thứ Năm, 11/4/2024");
/// ```
#[must_use]
pub fn with_weekday(date: Date) -> String {
    format!("{}, {}", weekday(date.weekday()), short(date))
}

/// The date line of a document, with the noughts that guard against additions:
/// `ngày 02 tháng 01 năm 2024`.
///
/// ```
/// assert_eq!(vietnam::dates::document_line(jiff::civil::date(2024, 1, 2)), "ngày 02 tháng 01 năm 2024");
/// ```
#[must_use]
pub fn document_line(date: Date) -> String {
    let month = if date.month() < 3 {
        format!("{:02}", date.month())
    } else {
        date.month().to_string()
    };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

/// `08 giờ 00`.
///
/// ```
/// assert_eq!(vietnam::dates::clock(jiff::civil::time(8, 0, 0, 0)), "08 giờ 00");
/// ```
#[must_use]
pub fn clock(time: Time) -> String {
    format!("{:02} giờ {:02}", time.hour(), time.minute())
}

/// `08h00`, for text messages.
///
/// ```
/// assert_eq!(vietnam::dates::short_clock(jiff::civil::time(8, 0, 0, 0)), "08h00");
/// ```
#[must_use]
pub fn short_clock(time: Time) -> String {
    format!("{:02}h{:02}", time.hour(), time.minute())
}

/// `08 giờ 00, thứ Năm, 11/4/2024`.
///
/// ```
/// let at = jiff::civil::date(2024, 4, 9).at(8, 0, 0, 0);
/// assert_eq!(vietnam::dates::moment(at), "08 giờ 00, thứ Ba, 09/4/2024");
/// ```
#[must_use]
pub fn moment(at: DateTime) -> String {
    format!("{}, {}", clock(at.time()), with_weekday(at.date()))
}

/// From a start to an end: `08 giờ 00 đến 11 giờ 30, thứ Ba, 09/4/2024`, and over several days
/// `từ 08 giờ 00, thứ Ba, 09/4/2024 đến 11 giờ 30, thứ Tư, 10/4/2024`.
///
/// ```
/// let day = jiff::civil::date(2024, 4, 9);
/// let text = vietnam::dates::span(day.at(8, 0, 0, 0), day.at(11, 30, 0, 0));
/// assert_eq!(text, "08 giờ 00 đến 11 giờ 30, thứ Ba, 09/4/2024");
/// ```
#[must_use]
pub fn span(start: DateTime, end: DateTime) -> String {
    if start.date() == end.date() {
        format!("{} đến {}", clock(start.time()), moment(end))
    } else {
        format!("từ {} đến {}", moment(start), moment(end))
    }
}

/// Both readings of a bound that names a day but means the one before it, so that nobody comes a
/// day late, the day to act first: `chậm nhất hết thứ Ba, 09/4/2024 (trước ngày 10/4/2024)`.
///
/// ```
/// let text = vietnam::dates::before(jiff::civil::date(2024, 4, 10));
/// assert_eq!(text, "chậm nhất hết thứ Ba, 09/4/2024 (trước ngày 10/4/2024)");
/// ```
#[must_use]
pub fn before(named: Date) -> String {
    let last_day = crate::calendar::last_day_before(named);
    format!(
        "chậm nhất hết {} (trước ngày {})",
        with_weekday(last_day),
        short(named)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    #[test]
    fn sunday_has_no_number() {
        assert_eq!(
            long(date(2026, 11, 22)),
            "Chủ nhật, ngày 22 tháng 11 năm 2026"
        );
    }

    #[test]
    fn the_last_minute_of_a_day_is_printed_in_full() {
        assert_eq!(clock(time(23, 59, 59, 999)), "23 giờ 59");
    }

    proptest! {
        #[test]
        fn a_printed_date_reads_back(year in 1000_i16..=9999, month in 1_i8..=12, day in 1_i8..=28) {
            let date = date(year, month, day);
            prop_assert_eq!(parse_short(&short(date)), Ok(date));
            prop_assert_eq!(parse_short(&long(date)), Ok(date));
            prop_assert_eq!(parse_short(&with_weekday(date)), Ok(date));
            prop_assert_eq!(parse_short(&document_line(date)), Ok(date));
        }
    }
}
