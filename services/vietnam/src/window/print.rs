use jiff::civil::Date;

use super::{Bound, Precision, Window};
use crate::dates::short;

pub(super) fn wording(window: &Window) -> String {
    match (window.bound, window.start) {
        (Bound::Before, _) => {
            let named = window.end.tomorrow().unwrap_or(window.end);
            format!("trước ngày {}", short(named))
        }
        (Bound::Through, _) | (Bound::Within, None) => {
            format!("đến hết ngày {}", short(window.end))
        }
        (Bound::Within, Some(start)) => span(start, window.end, window.precision),
    }
}

fn span(start: Date, end: Date, precision: Precision) -> String {
    let whole_months = start.day() == 1 && end.day() == end.days_in_month();
    let whole_years = whole_months && start.month() == 1 && end.month() == 12;
    match precision {
        Precision::Approximate => approximate(start, end),
        // A text that names a day at one end and a month at the other is worded by its days.
        Precision::Year if whole_years => years(start, end),
        Precision::Month | Precision::Year if whole_months => months(start, end),
        Precision::Day | Precision::Month | Precision::Year => days(start, end),
    }
}

fn approximate(start: Date, end: Date) -> String {
    let third = match (start.day(), end.day()) {
        _ if (start.year(), start.month()) != (end.year(), end.month()) => None,
        (1, 10) => Some("đầu"),
        (11, 20) => Some("giữa"),
        (21, last) if last == start.days_in_month() => Some("cuối"),
        _ => None,
    };
    match third {
        Some(third) => format!("{third} tháng {}/{}", start.month(), start.year()),
        None => format!("khoảng {}", days(start, end)),
    }
}

fn years(start: Date, end: Date) -> String {
    if start.year() == end.year() {
        return format!("cả năm {}", start.year());
    }
    format!("năm {} – {}", start.year(), end.year())
}

fn months(start: Date, end: Date) -> String {
    let (first, last) = (start.month(), end.month());
    if start.year() != end.year() {
        return format!("tháng {first}/{} – {last}/{}", start.year(), end.year());
    }
    if first == last {
        return format!("tháng {first}/{}", start.year());
    }
    format!("tháng {first} – {last}/{}", start.year())
}

fn days(start: Date, end: Date) -> String {
    if start == end {
        return format!("ngày {}", short(start));
    }
    if start.year() == end.year() {
        return format!("từ {}/{} đến {}", start.day(), start.month(), short(end));
    }
    format!("từ {} đến {}", short(start), short(end))
}
