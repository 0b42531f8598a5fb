//! When something happens, in the words of a page.

use jiff::Timestamp;
use jiff::civil::DateTime;
use vietnam::dates::{short, with_weekday};

use crate::domain::anchor::{Anchor, Bound};

/// When an event takes place.
pub(super) fn of_event(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Unknown => "Chưa có ngày, Liên minh sẽ báo sau".to_owned(),
        Anchor::Instant { start, end } => instant(*start, *end),
        Anchor::Day { date, .. } => capital(&with_weekday(*date)),
        Anchor::Window(window) => {
            format!(
                "Từ {} đến {} (chưa chốt ngày)",
                short(window.start),
                short(window.end)
            )
        }
    }
}

/// Until when something is due, with both readings of "trước ngày".
pub(super) fn of_deadline(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Unknown => "Chưa định hạn".to_owned(),
        Anchor::Instant { start, .. } => format!("Trước {}", moment(vietnam::local(*start))),
        Anchor::Day {
            date,
            bound: Bound::On | Bound::Through,
        } => {
            format!("Hết {}", with_weekday(*date))
        }
        Anchor::Day {
            date,
            bound: Bound::Before,
        } => {
            let last = anchor.last_day().unwrap_or(*date);
            format!(
                "Trước ngày {} (chậm nhất hết {})",
                short(*date),
                with_weekday(last)
            )
        }
        Anchor::Window(window) => {
            format!(
                "Trong khoảng {} đến {}",
                short(window.start),
                short(window.end)
            )
        }
    }
}

fn instant(start: Timestamp, end: Option<Timestamp>) -> String {
    let start = vietnam::local(start);
    let Some(end) = end.map(vietnam::local) else {
        return moment(start);
    };
    let from = vietnam::dates::clock(start.time());
    let until = vietnam::dates::clock(end.time());
    if end.date() == start.date() {
        format!("{from} đến {until}, {}", with_weekday(start.date()))
    } else {
        format!("{}, đến {}", moment(start), moment(end))
    }
}

fn moment(at: DateTime) -> String {
    format!(
        "{}, {}",
        vietnam::dates::clock(at.time()),
        with_weekday(at.date())
    )
}

/// "thứ Năm" at the head of a line.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_start_and_an_end_of_one_day_are_one_line() {
        let anchor = Anchor::Instant {
            start: "2024-04-11T00:30:00Z".parse().unwrap(),
            end: Some("2024-04-11T04:00:00Z".parse().unwrap()),
        };
        assert_eq!(
            of_event(&anchor),
            "07 giờ 30 đến 11 giờ 00, thứ Năm, 11/4/2024"
        );
    }

    #[test]
    fn before_a_day_is_told_both_ways() {
        let anchor = Anchor::Day {
            date: date(2024, 4, 10),
            bound: Bound::Before,
        };
        assert_eq!(
            of_deadline(&anchor),
            "Trước ngày 10/4/2024 (chậm nhất hết thứ Ba, 09/4/2024)"
        );
    }

    #[test]
    fn a_day_without_an_hour_begins_with_a_capital() {
        let anchor = Anchor::Day {
            date: date(2024, 4, 11),
            bound: Bound::On,
        };
        assert_eq!(of_event(&anchor), "Thứ Năm, 11/4/2024");
    }
}
