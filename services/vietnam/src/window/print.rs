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
    let one_month = (start.year(), start.month()) == (end.year(), end.month());
    match precision {
        Precision::Day => days(start, end),
        Precision::Approximate => {
            let third = match (start.day(), end.day()) {
                _ if !one_month => None,
                (1, 10) => Some("đầu"),
                (11, 20) => Some("giữa"),
                (21, last) if last == start.days_in_month() => Some("cuối"),
                _ => None,
            };
            third.map_or_else(
                || format!("khoảng {}", days(start, end)),
                |third| format!("{third} tháng {}/{}", start.month(), start.year()),
            )
        }
        Precision::Year if start.year() == end.year() => format!("cả năm {}", start.year()),
        Precision::Year => format!("năm {} – {}", start.year(), end.year()),
        Precision::Month if one_month => format!("tháng {}/{}", start.month(), start.year()),
        Precision::Month if start.year() == end.year() => {
            format!("tháng {} – {}/{}", start.month(), end.month(), start.year())
        }
        Precision::Month => {
            format!(
                "tháng {}/{} – {}/{}",
                start.month(),
                start.year(),
                end.month(),
                end.year()
            )
        }
    }
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
