//! How days and hours stand in mails and in SMS.

use jiff::civil::{Date, DateTime};

use crate::reader::Clock;

pub(super) fn clock(at: DateTime) -> Clock {
    (at.hour(), at.minute())
}

pub(super) fn hour(at: DateTime) -> String {
    format!("{:02} giờ {:02}", at.hour(), at.minute())
}

pub(super) fn moment(at: DateTime) -> String {
    format!("{}, {}", hour(at), day(at.date()))
}

pub(super) fn moment_sms(at: DateTime) -> String {
    format!("{:02}h{:02} {}", at.hour(), at.minute(), day_sms(at.date()))
}

const NAMES: [(&str, &str); 7] = [
    ("thứ Hai", "T2"),
    ("thứ Ba", "T3"),
    ("thứ Tư", "T4"),
    ("thứ Năm", "T5"),
    ("thứ Sáu", "T6"),
    ("thứ Bảy", "T7"),
    ("Chủ nhật", "CN"),
];

fn name(date: Date) -> (&'static str, &'static str) {
    // Counted from Monday, 0 to 6.
    NAMES[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
}

pub(super) fn figures(date: Date) -> String {
    if date.month() < 3 {
        format!("{:02}/{:02}", date.day(), date.month())
    } else {
        format!("{:02}/{}", date.day(), date.month())
    }
}

pub(super) fn day(date: Date) -> String {
    format!("{}, {}/{}", name(date).0, figures(date), date.year())
}

pub(super) fn day_sms(date: Date) -> String {
    format!("{} {}", name(date).1, figures(date))
}
