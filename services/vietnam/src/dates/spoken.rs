use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};

use super::moment::parse_moment_by;
use super::{DateError, english_weekday, parse_short, weekday};
use crate::text::fold;

/// Reads a day as [`parse_short`] does, and as people name one that lies ahead: `hôm nay`, `ngày
/// mai`, `ngày kia`, `thứ Năm`, `thứ Năm tuần sau`; in English too. A weekday alone is the next one,
/// not today.
///
/// ```
/// use jiff::civil::date;
/// use vietnam::dates::parse_coming;
/// let monday = date(2024, 4, 8);
/// assert_eq!(parse_coming("mai", monday), Ok(date(2024, 4, 9)));
/// assert_eq!(parse_coming("thứ Năm", monday), Ok(date(2024, 4, 11)));
/// assert_eq!(parse_coming("thứ 5 tuần sau", monday), Ok(date(2024, 4, 18)));
/// assert_eq!(parse_coming("11/4/2024", monday), Ok(date(2024, 4, 11)));
/// ```
///
/// # Errors
/// What is no day, or none of the calendar.
pub fn parse_coming(text: &str, today: Date) -> Result<Date, DateError> {
    let words = fold(text.trim());
    let unreadable = || DateError::Unreadable(text.trim().to_owned());
    let next_week = ["tuan sau", "next week"];
    let (day, weeks) = next_week
        .iter()
        .find_map(|week| words.strip_suffix(week))
        .map_or((words.as_str(), None), |day| (day.trim_end(), Some(1)));
    match (near(day), named(day), weeks) {
        (Some(days), _, None) => after(today, days).ok_or_else(unreadable),
        (_, Some(wanted), None) => after(today, until(today, wanted)).ok_or_else(unreadable),
        (_, Some(wanted), Some(weeks)) => {
            let monday = after(today, -i64::from(today.weekday().to_monday_zero_offset()));
            let days = weeks * 7 + i64::from(wanted.to_monday_zero_offset());
            let day = monday.and_then(|monday| after(monday, days));
            day.ok_or_else(unreadable)
        }
        _ => parse_short(text),
    }
}

/// Reads a day with its hour, the day as [`parse_coming`] does: `8h mai`, `14:00 thứ Năm`.
///
/// # Errors
/// What has no day or no hour.
pub fn parse_coming_moment(text: &str, today: Date) -> Result<DateTime, DateError> {
    parse_moment_by(text, |day| parse_coming(day, today))
}

/// Reads a day that lies behind: `hôm nay`, `hôm qua`, `thứ Năm`, which is the last one; else as
/// [`parse_short`] does.
///
/// ```
/// use jiff::civil::date;
/// use vietnam::dates::parse_past;
/// let monday = date(2024, 4, 8);
/// assert_eq!(parse_past("hôm qua", monday), Ok(date(2024, 4, 7)));
/// assert_eq!(parse_past("thứ Năm", monday), Ok(date(2024, 4, 4)));
/// ```
///
/// # Errors
/// What is no day, or none of the calendar.
pub fn parse_past(text: &str, today: Date) -> Result<Date, DateError> {
    let words = fold(text.trim());
    let days = match words.as_str() {
        "hom qua" | "qua" | "yesterday" => Some(-1),
        "hom kia" => Some(-2),
        "hom nay" | "nay" | "today" => Some(0),
        // The same weekday is a week ago: `until` counts none to today.
        other => named(other).map(|wanted| i64::from(today.weekday().until(wanted)) - 7),
    };
    match days {
        Some(days) => {
            after(today, days).ok_or_else(|| DateError::Unreadable(text.trim().to_owned()))
        }
        None => parse_short(text),
    }
}

fn after(day: Date, days: i64) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

/// Days from today to the next such day, never none.
fn until(today: Date, wanted: Weekday) -> i64 {
    match today.weekday().until(wanted) {
        0 => 7,
        days => i64::from(days),
    }
}

/// Days from today to a day that is named from it.
fn near(words: &str) -> Option<i64> {
    match words {
        "hom nay" | "nay" | "today" => Some(0),
        "mai" | "ngay mai" | "tomorrow" => Some(1),
        "mot" | "ngay mot" | "kia" | "ngay kia" => Some(2),
        _ => None,
    }
}

/// `thứ Năm`, `thứ 5`, `T5`, `CN`, `Thursday`.
fn named(words: &str) -> Option<Weekday> {
    let mut days = Weekday::Monday.cycle_forward().take(7);
    days.find(|day| {
        let number = day.to_sunday_zero_offset() + 1;
        let by_number = *day != Weekday::Sunday
            && (words == format!("thu {number}") || words == format!("t{number}"));
        by_number
            || (words == "cn" && *day == Weekday::Sunday)
            || words == fold(weekday(*day))
            || words == fold(english_weekday(*day))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const MONDAY: Date = date(2024, 4, 8);

    #[test]
    fn a_day_that_lies_ahead_is_read_as_people_name_it() {
        for (text, day) in [
            ("hôm nay", 8),
            ("today", 8),
            ("ngày mai", 9),
            ("Tomorrow", 9),
            ("ngày kia", 10),
            ("T5", 11),
            ("thứ tư", 10),
            ("Thursday", 11),
            ("chủ nhật", 14),
            ("CN", 14),
            ("thứ Hai", 15),
            ("thứ hai tuần sau", 15),
            ("thứ Năm, 11/4/2024", 11),
        ] {
            assert_eq!(parse_coming(text, MONDAY), Ok(date(2024, 4, day)), "{text}");
        }
        let at = date(2024, 4, 9).at(8, 0, 0, 0);
        for text in ["8h mai", "08:00 ngày mai", "mai lúc 8 giờ", "9/4/24 8h00"] {
            assert_eq!(parse_coming_moment(text, MONDAY), Ok(at), "{text}");
        }
        assert!(parse_coming("tuần sau", MONDAY).is_err());
        assert!(parse_coming("mai mốt", MONDAY).is_err());
    }

    #[test]
    fn a_weekday_of_the_past_is_the_last_one() {
        for (text, day) in [
            ("thứ Hai", 1),
            ("Chủ nhật", 7),
            ("hôm kia", 6),
            ("today", 8),
        ] {
            assert_eq!(parse_past(text, MONDAY), Ok(date(2024, 4, day)), "{text}");
        }
        assert!(parse_past("mai", MONDAY).is_err());
    }

    proptest! {
        #[test]
        fn any_words_are_a_day_or_refused(text in "[0-9/ thứnămmaicntuầnsau]{0,20}") {
            let _ = (parse_coming(&text, MONDAY), parse_past(&text, MONDAY));
        }

        #[test]
        fn a_weekday_alone_lies_within_a_week(days in 0_i64..3650, wanted in 0_i8..7) {
            let today = MONDAY.checked_add(days.days()).unwrap_or(MONDAY);
            let wanted = Weekday::from_monday_zero_offset(wanted).unwrap_or(Weekday::Monday);
            let coming = parse_coming(weekday(wanted), today).unwrap_or(today);
            prop_assert_eq!(coming.weekday(), wanted);
            prop_assert!((1..=7).contains(&crate::calendar::days_between(today, coming)));
            let past = parse_past(weekday(wanted), today).unwrap_or(today);
            prop_assert!((1..=7).contains(&crate::calendar::days_between(past, today)));
        }
    }
}
