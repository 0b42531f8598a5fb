use jiff::civil::{Date, DateTime, Time};

use super::{DateError, english_clock, parse_short, short};
use crate::text::fold;

/// A date with its hour as tables print them: `11/4/2024 08:00`.
///
/// ```
/// let at = jiff::civil::date(2024, 4, 11).at(8, 0, 0, 0);
/// assert_eq!(vietnam::dates::stamp(at), "11/4/2024 08:00");
/// ```
#[must_use]
pub fn stamp(at: DateTime) -> String {
    format!("{} {}", short(at.date()), english_clock(at.time()))
}

/// Reads a date with an hour as people write them, in either order; the forms of machines too.
///
/// ```
/// use vietnam::dates::parse_moment;
/// let at = jiff::civil::date(2024, 4, 11).at(8, 0, 0, 0);
/// assert_eq!(parse_moment("11/4/2024 08:00"), Ok(at));
/// assert_eq!(parse_moment("8h00 ngày 11/4/2024"), Ok(at));
/// assert_eq!(parse_moment("08 giờ 00, thứ Năm, ngày 11 tháng 4 năm 2024"), Ok(at));
/// assert_eq!(parse_moment("2024-04-11T08:00"), Ok(at));
/// ```
///
/// # Errors
/// What has no date or no hour, or one that no day and no clock has.
pub fn parse_moment(text: &str) -> Result<DateTime, DateError> {
    parse_moment_by(text, parse_short)
}

/// The same, where `day` reads what stands beside the hour.
pub(super) fn parse_moment_by(
    text: &str,
    day: impl Fn(&str) -> Result<Date, DateError>,
) -> Result<DateTime, DateError> {
    let no_hour = || DateError::NoHour(text.trim().to_owned());
    let mut words = words(text);
    let at = words.iter().position(|word| is_hour(word));
    let hour = words.remove(at.ok_or_else(no_hour)?);
    let time = parse_time(&hour)?;
    let date = day(&words.join(" "))?;
    Ok(date.to_datetime(time))
}

/// The words that carry meaning, with `08 giờ 00` as one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let text = apart(&fold(text));
    let mut rest = text.split_whitespace().peekable();
    while let Some(word) = rest.next() {
        match (word, words.last_mut()) {
            ("luc" | "vao" | "hoi", _) => {}
            ("gio", Some(hour)) if is_figures(hour) => {
                hour.push('h');
                hour.push_str(rest.next_if(|next| is_figures(next)).unwrap_or_default());
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// The form of machines, `2024-04-11T08:00`, with a blank before its hour; without commas.
fn apart(folded: &str) -> String {
    let folded = folded.replace(',', " ");
    match folded.trim().split_once('t') {
        Some((date, time)) if is_iso(date) => {
            format!("{date} {time}")
        }
        Some(_) | None => folded,
    }
}

/// Reads an hour: `08:00`, `8h30`, `14 giờ`.
///
/// # Errors
/// What no clock shows.
pub fn parse_time(text: &str) -> Result<Time, DateError> {
    let no_such_hour = || DateError::NoHour(text.trim().to_owned());
    let folded = fold(text.trim()).replace("gio", "h").replace(' ', "");
    let mut numbers = folded.split(['h', ':']).map(|part| match part {
        "" => Ok(0),
        _ => part.parse::<i8>().map_err(|_| no_such_hour()),
    });
    let hour = numbers.next().unwrap_or_else(|| Err(no_such_hour()))?;
    let minute = numbers.next().unwrap_or_else(|| Err(no_such_hour()))?;
    let second = numbers.next().unwrap_or(Ok(0))?;
    Time::new(hour, minute, second, 0).map_err(|_| no_such_hour())
}

fn is_iso(date: &str) -> bool {
    date.contains('-') && date.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

fn is_figures(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_hour(word: &str) -> bool {
    word.starts_with(|sign: char| sign.is_ascii_digit()) && word.contains(['h', ':'])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_is_read_in_the_forms_that_people_write() {
        let at = date(2024, 5, 2).at(14, 0, 0, 0);
        for text in [
            "2/5/2024 14:00",
            "02-05-2024 14:00",
            "14h ngày 02/5/2024",
            "14 giờ ngày 2/5/2024",
            "14 giờ 00 thứ Năm, 02/5/2024",
            "ngày 02/5/2024 lúc 14h00",
            "2024-05-02 14:00:00",
        ] {
            assert_eq!(parse_moment(text), Ok(at), "{text}");
        }
    }

    #[test]
    fn a_moment_without_an_hour_or_with_one_that_no_clock_has_is_refused() {
        for text in [
            "2/5/2024",
            "25:00 2/5/2024",
            "8h61 2/5/2024",
            "8:00 31/4/2024",
            "8:00",
            "",
        ] {
            assert!(parse_moment(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_printed_moment_reads_back(year in 1000_i16..=9999, day in 1_i8..=28, hour in 0_i8..24) {
            let at = date(year, 3, day).at(hour, 5, 0, 0);
            prop_assert_eq!(parse_moment(&stamp(at)), Ok(at));
        }

        #[test]
        fn any_text_is_a_moment_or_refused(text in "[0-9/. hT:giờngàythángnăm-]{0,30}") {
            let _ = parse_moment(&text);
        }
    }
}
