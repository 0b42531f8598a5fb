//! Which days can be true of money, seen from today.

use jiff::civil::Date;
use kit::error::Violation;
use vietnam::dates::{english, with_weekday};

/// A day that is planned lies in the year of the decision or in one of the two after it: budgets
/// are given by the year (Law on State Budget 83/2015/QH13, Article 64), and some are carried over.
const PLANNED_YEARS: i16 = 2;

/// Programmes follow plans of ten years with a view to thirty (2021-2030, to 2050).
const PROGRAMME_YEARS: i16 = 30;

/// What a payment follows: its approval, and the beginning of its programme.
#[derive(Clone, Copy, Debug)]
pub struct Basis {
    /// The day on which the money was committed.
    pub approved: Date,
    /// The first day of the programme, where it has one.
    pub began: Option<Date>,
}

/// A day on which money was paid: the bank has done it, after it was allowed.
///
/// # Errors
/// A violation of `field`: not yet, before the approval, before the programme.
pub fn paid(field: &str, day: Date, basis: Basis, today: Date) -> Result<(), Violation> {
    happened(field, day, today)?;
    if day < basis.approved {
        return Err(Violation::new(
            field,
            "BEFORE_APPROVAL",
            format!(
                "Không thể giải ngân trước ngày phê duyệt ({}).",
                with_weekday(basis.approved)
            ),
            format!(
                "Nothing is paid out before the approval ({}).",
                english(basis.approved)
            ),
        ));
    }
    match basis.began {
        Some(began) if day < began => Err(Violation::new(
            field,
            "BEFORE_PROGRAMME",
            format!(
                "Không thể giải ngân trước ngày bắt đầu chương trình ({}).",
                with_weekday(began)
            ),
            format!(
                "Nothing is paid out before the programme begins ({}).",
                english(began)
            ),
        )),
        Some(_) | None => Ok(()),
    }
}

/// A day of which one tells that something was done on it.
///
/// # Errors
/// A violation of `field`: it is still to come.
pub fn happened(field: &str, day: Date, today: Date) -> Result<(), Violation> {
    if day <= today {
        return Ok(());
    }
    Err(Violation::new(
        field,
        "IN_THE_FUTURE",
        format!("Ngày này chưa đến (hôm nay là {}).", with_weekday(today)),
        format!("This day is still to come (today is {}).", english(today)),
    ))
}

/// A day by which something is to be done.
///
/// # Errors
/// A violation of `field`: it has passed, or is too far to be meant.
pub fn planned(field: &str, day: Date, today: Date) -> Result<(), Violation> {
    if day < today {
        return Err(Violation::new(
            field,
            "IN_THE_PAST",
            "Ngày này đã qua.",
            "This day has passed.",
        ));
    }
    near(field, day, today, PLANNED_YEARS)
}

/// The first or the last day of a programme.
///
/// # Errors
/// A violation of `field`: no programme of today begins or ends there.
pub fn of_programme(field: &str, day: Date, today: Date) -> Result<(), Violation> {
    near(field, day, today, PROGRAMME_YEARS)
}

fn near(field: &str, day: Date, today: Date, years: i16) -> Result<(), Violation> {
    if (i32::from(day.year()) - i32::from(today.year())).abs() <= i32::from(years) {
        return Ok(());
    }
    Err(Violation::new(
        field,
        "FAR_FROM_TODAY",
        format!("Ngày này cách hôm nay quá {years} năm; xin kiểm tra lại năm."),
        format!("This day is more than {years} years from today; please check the year."),
    ))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2024, 3, 20);

    fn reason(judged: Result<(), Violation>) -> &'static str {
        judged.map_or_else(|wrong| wrong.reason, |()| "")
    }

    #[test]
    fn money_was_paid_between_its_approval_and_today() {
        let basis = Basis {
            approved: date(2024, 3, 11),
            began: Some(date(2024, 3, 15)),
        };
        for (day, expected) in [
            (date(2024, 3, 20), ""),
            (date(2024, 3, 15), ""),
            (date(2024, 3, 14), "BEFORE_PROGRAMME"),
            (date(2024, 3, 10), "BEFORE_APPROVAL"),
            (date(1901, 1, 1), "BEFORE_APPROVAL"),
            (date(2024, 3, 21), "IN_THE_FUTURE"),
            (date(2199, 12, 31), "IN_THE_FUTURE"),
        ] {
            let judged = paid("effective_date", day, basis, TODAY);
            assert_eq!(reason(judged), expected, "{day}");
        }
    }

    #[test]
    fn what_is_planned_lies_ahead_and_within_reach() {
        for (day, expected) in [
            (TODAY, ""),
            (date(2026, 12, 31), ""),
            (date(2024, 3, 19), "IN_THE_PAST"),
            (date(2027, 1, 1), "FAR_FROM_TODAY"),
            (date(2199, 12, 31), "FAR_FROM_TODAY"),
        ] {
            assert_eq!(reason(planned("x", day, TODAY)), expected, "{day}");
        }
    }

    #[test]
    fn a_programme_belongs_to_a_time_that_somebody_plans() {
        for (day, expected) in [
            (date(2021, 1, 1), ""),
            (date(2050, 12, 31), ""),
            (date(1901, 1, 1), "FAR_FROM_TODAY"),
            (date(2204, 1, 1), "FAR_FROM_TODAY"),
        ] {
            assert_eq!(reason(of_programme("x", day, TODAY)), expected, "{day}");
        }
    }

    #[test]
    fn each_refusal_tells_the_day_that_it_goes_by() {
        let basis = Basis {
            approved: date(2024, 3, 11),
            began: None,
        };
        let early = paid("x", date(2024, 3, 10), basis, TODAY);
        let told = early.err().map(|wrong| wrong.sentence);
        assert!(told.is_some_and(|told| told.vi.contains("11/3/2024")));
        let late = happened("x", date(2024, 3, 21), TODAY);
        let told = late.err().map(|wrong| wrong.sentence);
        assert!(told.is_some_and(|told| told.vi.contains("20/3/2024")));
    }
}
