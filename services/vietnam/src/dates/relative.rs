use jiff::civil::DateTime;

use crate::calendar::Calendar;

/// How far a moment is from now, in the words of a reminder.
///
/// Ahead, days are counted on the calendar: `hôm nay`, `ngày mai`, `còn 3 ngày`. Behind, working
/// days are counted, because only they weigh on whoever is late: `đã quá hạn 2 ngày làm việc`;
/// where none has passed yet (a deadline on Friday, read on Sunday) calendar days are.
/// Both moments are local, Vietnamese time.
///
/// ```
/// use jiff::civil::date;
/// use vietnam::{calendar::Calendar, dates::relative};
/// let calendar = Calendar::official();
/// let now = date(2024, 4, 8).at(9, 0, 0, 0);
/// assert_eq!(relative(now, date(2024, 4, 8).at(17, 0, 0, 0), &calendar), "hôm nay");
/// assert_eq!(relative(now, date(2024, 4, 9).at(17, 0, 0, 0), &calendar), "ngày mai");
/// assert_eq!(relative(now, date(2024, 4, 11).at(8, 0, 0, 0), &calendar), "còn 3 ngày");
/// assert_eq!(relative(now, date(2024, 4, 4).at(17, 0, 0, 0), &calendar), "đã quá hạn 2 ngày làm việc");
/// ```
#[must_use]
pub fn relative(now: DateTime, then: DateTime, calendar: &Calendar) -> String {
    let (today, day) = (now.date(), then.date());
    let ahead = crate::calendar::days_between(today, day);
    match ahead {
        0 => "hôm nay".to_owned(),
        1 => "ngày mai".to_owned(),
        2.. => format!("còn {ahead} ngày"),
        _ => match calendar.working_days_between(day, today) {
            0 => format!("đã quá hạn {} ngày", -ahead),
            working => format!("đã quá hạn {working} ngày làm việc"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_deadline_just_before_midnight_is_today_until_midnight() {
        let calendar = Calendar::official();
        let end = date(2024, 4, 9).at(23, 59, 59, 0);
        assert_eq!(
            relative(date(2024, 4, 9).at(0, 0, 0, 0), end, &calendar),
            "hôm nay"
        );
        assert_eq!(
            relative(date(2024, 4, 8).at(23, 59, 0, 0), end, &calendar),
            "ngày mai"
        );
        assert_eq!(
            relative(date(2024, 4, 10).at(0, 0, 0, 0), end, &calendar),
            "đã quá hạn 1 ngày làm việc"
        );
    }

    #[test]
    fn over_a_weekend_calendar_days_are_said() {
        let calendar = Calendar::official();
        let friday = date(2024, 4, 12).at(17, 0, 0, 0);
        assert_eq!(
            relative(date(2024, 4, 14).at(9, 0, 0, 0), friday, &calendar),
            "đã quá hạn 2 ngày"
        );
        assert_eq!(
            relative(date(2024, 4, 15).at(9, 0, 0, 0), friday, &calendar),
            "đã quá hạn 1 ngày làm việc"
        );
    }
}
