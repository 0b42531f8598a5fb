//! Names by stem and branch (can chi) and the names of months.

use jiff::civil::Date;

use crate::days::day_number;

const STEMS: [&str; 10] = [
    "Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý",
];
const BRANCHES: [&str; 12] = [
    "Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi",
];
const MONTHS: [&str; 12] = [
    "tháng Giêng",
    "tháng Hai",
    "tháng Ba",
    "tháng Tư",
    "tháng Năm",
    "tháng Sáu",
    "tháng Bảy",
    "tháng Tám",
    "tháng Chín",
    "tháng Mười",
    "tháng Mười Một",
    "tháng Chạp",
];

/// The name of a lunar year by stem and branch.
///
/// ```
/// assert_eq!(vietnam::lunar::year_name(2024), "Giáp Thìn");
/// ```
#[must_use]
pub fn year_name(year: i16) -> String {
    // The year 4 was Giáp Tý.
    stem_branch(i64::from(year) - 4)
}

/// The name of a month by stem and branch. A leap month has the name of the month before it.
///
/// ```
/// assert_eq!(vietnam::lunar::month_stem_branch(2024, 1), "Bính Dần");
/// ```
#[must_use]
pub fn month_stem_branch(year: i16, month: i8) -> String {
    // The first month of a Giáp year is Bính Dần, and stems run on through all months.
    let since = (i64::from(year) - 4) * 12 + i64::from(month) - 1;
    stem_branch(since + 2)
}

/// The name of a solar day by stem and branch.
///
/// ```
/// assert_eq!(vietnam::lunar::day_name(jiff::civil::date(2024, 2, 10)), "Giáp Thìn");
/// ```
#[must_use]
pub fn day_name(date: Date) -> String {
    // 31 January 1984 was Giáp Tý.
    stem_branch(i64::from(day_number(date)) - i64::from(day_number(Date::constant(1984, 1, 31))))
}

/// The name of a month as people say it: `tháng Giêng`, `tháng Chạp`, `tháng Sáu nhuận`; `None`
/// for a number that no month has.
///
/// ```
/// assert_eq!(vietnam::lunar::month_name(12, false).as_deref(), Some("tháng Chạp"));
/// ```
#[must_use]
pub fn month_name(month: i8, leap: bool) -> Option<String> {
    let name = MONTHS.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    Some(if leap {
        format!("{name} nhuận")
    } else {
        (*name).to_owned()
    })
}

fn stem_branch(position: i64) -> String {
    let at = |length: i64| usize::try_from(position.rem_euclid(length)).unwrap_or_default();
    format!("{} {}", STEMS[at(10)], BRANCHES[at(12)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_run_through_the_cycle_of_sixty() {
        for (year, name) in [
            (1984, "Giáp Tý"),
            (2023, "Quý Mão"),
            (2025, "Ất Tỵ"),
            (2026, "Bính Ngọ"),
            (1901, "Tân Sửu"),
        ] {
            assert_eq!(year_name(year), name);
        }
        assert_eq!(year_name(i16::MIN).split(' ').count(), 2);
    }

    #[test]
    fn the_eleventh_month_is_always_a_tý_month() {
        assert!((1900..2100).all(|year| month_stem_branch(year, 11).ends_with("Tý")));
        assert_eq!(month_stem_branch(2026, 1), "Canh Dần");
    }

    #[test]
    fn days_run_through_the_cycle_of_sixty() {
        assert_eq!(day_name(jiff::civil::date(1984, 1, 31)), "Giáp Tý");
        assert_eq!(day_name(jiff::civil::date(2000, 1, 1)), "Mậu Ngọ");
    }
}
