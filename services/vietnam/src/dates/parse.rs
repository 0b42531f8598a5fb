use jiff::civil::Date;

use crate::text::fold;

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not day, month and year.
    #[error("\"{0}\" is not a date such as 11/4/2024")]
    Unreadable(String),
    /// A day that the month does not have.
    #[error("there is no day {0}")]
    NoSuchDay(String),
    /// A moment without an hour, or with one that no clock shows.
    #[error("\"{0}\" has no hour such as 08:00")]
    NoHour(String),
    /// A year of one or three figures is a slip of the pen.
    #[error("\"{0}\" has a year that is not of four figures")]
    Year(String),
    /// The weekday printed before the date is not the one that day had.
    #[error("the weekday of \"{0}\" does not fit its date")]
    Weekday(String),
}

/// Reads a date in any of the forms that this module prints, with `/`, `-` or `.` between the
/// figures, and the form of machines, which begins with the year of four figures. A weekday before
/// the date must be the right one. A year of two figures is one from 1969 to 2068, as POSIX reads it.
///
/// ```
/// use vietnam::dates::parse_short;
/// let date = jiff::civil::date(2024, 4, 11);
/// assert_eq!(parse_short("11/04/2024"), Ok(date));
/// assert_eq!(parse_short("thứ Năm, ngày 11 tháng 4 năm 2024"), Ok(date));
/// assert_eq!(parse_short("2024-04-11"), Ok(date));
/// assert_eq!(parse_short("11/4/24"), Ok(date));
/// assert!(parse_short("thứ Hai, 11/4/2024").is_err());
/// ```
///
/// # Errors
/// What is not a date, or no day of the calendar.
pub fn parse_short(text: &str) -> Result<Date, DateError> {
    let unreadable = || DateError::Unreadable(text.trim().to_owned());
    let folded = fold(text.trim());
    let (named, figures) = split_weekday(&folded);
    let figures = figures
        .replace("ngay", " ")
        .replace("thang", "/")
        .replace("nam", "/");
    let mut numbers = figures.split(['/', '-', '.']).map(|part| {
        let part = part.trim();
        (part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())
            .flatten()
    });
    let mut next = || numbers.next().flatten().ok_or_else(unreadable);
    let (first, month, last) = (next()?, next()?, next()?);
    if numbers.next().is_some() {
        return Err(unreadable());
    }
    // Only a year has four figures; days and months never do.
    let (day, year) = if figures_at(&figures, 0) == 4 {
        (last, first)
    } else {
        let year = whole_year(last, figures_at(&figures, 2));
        let year = year.ok_or_else(|| DateError::Year(text.trim().to_owned()))?;
        (first, year)
    };
    let no_such_day = || DateError::NoSuchDay(text.trim().to_owned());
    let small = |number: i16| i8::try_from(number).map_err(|_| no_such_day());
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| no_such_day())?;
    if named.is_some_and(|name| name != fold(super::weekday(date.weekday()))) {
        return Err(DateError::Weekday(text.trim().to_owned()));
    }
    Ok(date)
}

/// How many figures the part at this place has.
fn figures_at(figures: &str, place: usize) -> usize {
    let part = figures.split(['/', '-', '.']).nth(place);
    part.map_or(0, |part| part.trim().len())
}

/// The year that is meant by so many figures.
const fn whole_year(year: i16, figures: usize) -> Option<i16> {
    match (figures, year) {
        (4, _) => Some(year),
        (2, 69..) => Some(1900 + year),
        (2, _) => Some(2000 + year),
        _ => None,
    }
}

/// Takes the name of a weekday off the front.
fn split_weekday(folded: &str) -> (Option<&str>, &str) {
    match folded.find(|c: char| c.is_ascii_digit()) {
        Some(at) => {
            let before = folded[..at].trim_end();
            let before = before.strip_suffix("ngay").unwrap_or(before);
            let name = before.trim_matches(|c: char| c.is_whitespace() || c == ',');
            (Some(name).filter(|name| !name.is_empty()), &folded[at..])
        }
        None => (None, folded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_that_no_month_has_are_refused() {
        for text in [
            "30/2/2024",
            "29/2/2023",
            "0/1/2024",
            "1/13/2024",
            "300/1/2024",
            "1/4",
            "1/4/2024/5",
            "hôm nay",
            "",
            "//",
        ] {
            assert!(parse_short(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_of_two_figures_is_one_of_our_time_and_one_or_three_are_none() {
        let read = |text| parse_short(text).map(|date| date.year());
        assert_eq!(read("11/4/24"), Ok(2024));
        assert_eq!(read("11-04-98"), Ok(1998));
        assert_eq!(read("ngày 11 tháng 4 năm 24"), Ok(2024));
        for text in ["11/4/4", "11/4/024", "11.4.202", "11 tháng 4 năm 4"] {
            assert!(matches!(read(text), Err(DateError::Year(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_parse_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse_short(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn figures_in_any_order_do_not_panic(text in "[0-9/. ngàythángnăm-]{0,30}") {
            let _ = parse_short(&text);
        }
    }
}
