//! When something happens, in the words of a page.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use kit::language::Language::{self, En, Vi};
use vietnam::dates::{english, english_moment, english_span, short, span, with_weekday};
use vietnam::text::capitalised;

use super::texts::Texts;
use crate::domain::anchor::{Anchor, Bound};

/// When an event takes place.
pub(super) fn of_event(anchor: &Anchor, language: Language) -> String {
    match anchor {
        Anchor::Unknown => Texts::of(language).no_date.to_owned(),
        Anchor::Instant { start, end } => instant(*start, *end, language),
        Anchor::Day { date, .. } => capitalised(&day(*date, language)),
        Anchor::Window(window) => {
            let (from, until) = (
                figures(window.start, language),
                figures(window.end, language),
            );
            match language {
                Vi => format!("Từ {from} đến {until} (chưa chốt ngày)"),
                En => format!("{from} to {until} (date not fixed yet)"),
            }
        }
    }
}

/// Until when something is due, with both readings of "trước ngày".
pub(super) fn of_deadline(anchor: &Anchor, language: Language) -> String {
    match anchor {
        Anchor::Unknown => Texts::of(language).no_last_day.to_owned(),
        Anchor::Instant { start, .. } => {
            let start = moment(vietnam::local(*start), language);
            match language {
                Vi => format!("Trước {start}"),
                En => format!("Before {start}"),
            }
        }
        Anchor::Day { date, bound } => match (language, bound) {
            (Vi, Bound::Before) => capitalised(&vietnam::dates::before(*date)),
            (Vi, Bound::On | Bound::Through) => format!("Hết {}", with_weekday(*date)),
            (En, _) => {
                let last = anchor.last_day().unwrap_or(*date);
                format!("By the end of {}", english(last))
            }
        },
        Anchor::Window(window) => {
            let (from, until) = (
                figures(window.start, language),
                figures(window.end, language),
            );
            match language {
                Vi => format!("Trong khoảng {from} đến {until}"),
                En => format!("Between {from} and {until}"),
            }
        }
    }
}

/// A day inside a sentence.
pub(super) fn day(date: Date, language: Language) -> String {
    match language {
        Vi => with_weekday(date),
        En => english(date),
    }
}

fn figures(date: Date, language: Language) -> String {
    match language {
        Vi => short(date),
        En => english(date),
    }
}

fn instant(start: Timestamp, end: Option<Timestamp>, language: Language) -> String {
    let start = vietnam::local(start);
    match (end.map(vietnam::local), language) {
        (None, _) => moment(start, language),
        (Some(end), Vi) => capitalised(&span(start, end)),
        (Some(end), En) => capitalised(&english_span(start, end)),
    }
}

fn moment(at: DateTime, language: Language) -> String {
    match language {
        Vi => vietnam::dates::moment(at),
        En => english_moment(at),
    }
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
            of_event(&anchor, Vi),
            "07 giờ 30 đến 11 giờ 00, thứ Năm, 11/4/2024"
        );
        assert_eq!(
            of_event(&anchor, En),
            "07:30 to 11:00, Thursday 11 April 2024"
        );
    }

    #[test]
    fn before_a_day_is_told_both_ways() {
        let anchor = Anchor::Day {
            date: date(2024, 4, 10),
            bound: Bound::Before,
        };
        assert_eq!(
            of_deadline(&anchor, Vi),
            "Chậm nhất hết thứ Ba, 09/4/2024 (trước ngày 10/4/2024)"
        );
        assert_eq!(
            of_deadline(&anchor, En),
            "By the end of Tuesday 9 April 2024"
        );
    }

    #[test]
    fn a_day_without_an_hour_begins_with_a_capital() {
        let anchor = Anchor::Day {
            date: date(2024, 4, 11),
            bound: Bound::On,
        };
        assert_eq!(of_event(&anchor, Vi), "Thứ Năm, 11/4/2024");
    }
}
