//! Calendar dates.

use jiff::civil::Date;
use kit::error::{Violation, Violations};
use lienminh_proto::r#type::v1 as wire;

/// Years that a date of ours can have, as the contract says.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// A date as the contracts have it.
#[must_use]
pub(crate) fn to_proto(date: Date) -> wire::Date {
    wire::Date {
        year: i32::from(date.year()),
        month: i32::from(date.month()),
        day: i32::from(date.day()),
    }
}

/// A date that must be a real one.
pub(crate) fn read(violations: &mut Violations, field: &str, date: &wire::Date) -> Option<Date> {
    let read = parse(date);
    if read.is_none() {
        violations.push(Violation::malformed(
            field,
            "một ngày có thật từ năm 1900 đến 2199",
            "a real date between 1900 and 2199",
        ));
    }
    read
}

/// A date that must be there.
pub(crate) fn required(
    violations: &mut Violations,
    field: &str,
    date: Option<&wire::Date>,
) -> Option<Date> {
    match date {
        Some(date) => read(violations, field, date),
        None => {
            violations.push(Violation::required(field));
            None
        }
    }
}

fn parse(date: &wire::Date) -> Option<Date> {
    let (year, month, day) = (
        date.year.try_into().ok()?,
        date.month.try_into().ok()?,
        date.day.try_into().ok()?,
    );
    Date::new(year, month, day)
        .ok()
        .filter(|date| YEARS.contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_dates_are_read() {
        let date = |year, month, day| wire::Date { year, month, day };
        assert!(parse(&date(2024, 2, 29)).is_some());
        for wrong in [
            date(2023, 2, 29),
            date(1899, 1, 1),
            date(2200, 1, 1),
            date(2024, 13, 1),
        ] {
            assert_eq!(parse(&wrong), None, "{wrong:?}");
        }
        assert_eq!(parse(&date(70_000, 1, 1)), None);
    }
}
