//! Calendar dates between `lienminh.type.v1.Date` and `jiff`.

use jiff::civil::Date;
use lienminh_proto::r#type::v1 as wire;

use crate::error::Violation;

/// Dates outside these years are slips of the pen.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// The wire form of a date.
#[must_use]
pub fn date(date: Date) -> wire::Date {
    wire::Date {
        year: date.year().into(),
        month: date.month().into(),
        day: date.day().into(),
    }
}

/// Reads the date in `field`.
///
/// # Errors
/// A violation of `field`: missing, not a day of the calendar, outside 1900 to 2199.
pub fn parse(field: &str, given: Option<&wire::Date>) -> Result<Date, Violation> {
    parse_optional(field, given)?.ok_or_else(|| Violation::required(field))
}

/// Reads the date in `field`, where there is one.
///
/// # Errors
/// A violation of `field`: not a day of the calendar, outside 1900 to 2199.
pub fn parse_optional(field: &str, given: Option<&wire::Date>) -> Result<Option<Date>, Violation> {
    let Some(given) = given else { return Ok(None) };
    let day = (|| {
        let (year, month, day) = (given.year, given.month, given.day);
        YEARS.contains(&year).then_some(())?;
        Date::new(
            year.try_into().ok()?,
            month.try_into().ok()?,
            day.try_into().ok()?,
        )
        .ok()
    })();
    day.map(Some)
        .ok_or_else(|| Violation::malformed(field, "một ngày có thật", "a day of the calendar"))
}
