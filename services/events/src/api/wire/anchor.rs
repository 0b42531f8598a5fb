//! Anchors and windows.

use jiff::Timestamp;
use kit::error::{Violation, Violations};
use kit::wire::{instant, timestamp};
use lienminh_proto::r#type::v1 as wire;

use super::{date, field};
use crate::domain::anchor::{self, Anchor, Bound, Precision, Window};
use crate::domain::text::PLACE_LIMIT;

/// An anchor as the contracts have it.
#[must_use]
pub(crate) fn to_proto(anchor: &Anchor) -> wire::Anchor {
    let when = match anchor {
        Anchor::Unknown => None,
        Anchor::Instant { start, end } => Some(wire::anchor::When::Instant(wire::Instant {
            start_time: Some(timestamp(*start)),
            end_time: end.map(timestamp),
        })),
        Anchor::Day { date: day, bound } => Some(wire::anchor::When::Day(wire::Day {
            date: Some(date::to_proto(*day)),
            bound: i32::from(bound_to_proto(*bound)),
        })),
        Anchor::Window(window) => Some(wire::anchor::When::Window(window_to_proto(window))),
    };
    wire::Anchor { when }
}

/// A window as the contracts have it.
#[must_use]
pub(crate) fn window_to_proto(window: &Window) -> wire::Window {
    wire::Window {
        text: window.text.clone(),
        start: Some(date::to_proto(window.start)),
        end: Some(date::to_proto(window.end)),
        precision: i32::from(match window.precision {
            Precision::Unstated => wire::Precision::Unspecified,
            Precision::Day => wire::Precision::Day,
            Precision::Month => wire::Precision::Month,
            Precision::Approximate => wire::Precision::Approximate,
            Precision::Year => wire::Precision::Year,
        }),
        derived: window.derived,
    }
}

/// Reads an anchor; one that is missing or says nothing is unknown.
pub(crate) fn read(
    violations: &mut Violations,
    path: &str,
    anchor: Option<&wire::Anchor>,
) -> Anchor {
    let read = match anchor.and_then(|anchor| anchor.when.as_ref()) {
        None => Some(Anchor::Unknown),
        Some(wire::anchor::When::Instant(times)) => {
            read_instant(violations, &format!("{path}.instant"), times)
        }
        Some(wire::anchor::When::Day(day)) => read_day(violations, &format!("{path}.day"), day),
        Some(wire::anchor::When::Window(window)) => {
            read_window(violations, &format!("{path}.window"), window).map(Anchor::Window)
        }
    };
    // A wrong one is recorded; what stands in for it is never used.
    read.unwrap_or(Anchor::Unknown)
}

/// Reads a window that may be missing.
pub(crate) fn read_optional_window(
    violations: &mut Violations,
    path: &str,
    window: Option<&wire::Window>,
) -> Option<Window> {
    window.and_then(|window| read_window(violations, path, window))
}

fn read_instant(violations: &mut Violations, path: &str, times: &wire::Instant) -> Option<Anchor> {
    let start_field = format!("{path}.start_time");
    let Some(start) = times.start_time else {
        violations.push(Violation::required(start_field));
        return None;
    };
    let start = violations.check(moment(&start_field, start))?;
    let end_field = format!("{path}.end_time");
    let end = match times.end_time {
        None => None,
        Some(end) => Some(violations.check(moment(&end_field, end))?),
    };
    if end.is_some_and(|end| end <= start) {
        violations.push(Violation::new(
            end_field,
            "END_BEFORE_START",
            "Giờ kết thúc phải sau giờ bắt đầu.",
            "The end must lie after the start.",
        ));
        return None;
    }
    Some(Anchor::Instant { start, end })
}

/// Whole seconds within the years that dates may have: calendars know no finer time.
fn moment(field: &str, time: prost_types::Timestamp) -> Result<Timestamp, Violation> {
    let moment = instant(field, time)?;
    let first = anchor::midnight(jiff::civil::date(1900, 1, 1));
    let last = anchor::end_of_day(jiff::civil::date(2199, 12, 31));
    if (first..last).contains(&moment) && moment.subsec_nanosecond() == 0 {
        Ok(moment)
    } else {
        Err(Violation::malformed(
            field,
            "một thời điểm tròn giây từ năm 1900 đến 2199",
            "an instant in whole seconds between 1900 and 2199",
        ))
    }
}

fn read_day(violations: &mut Violations, path: &str, day: &wire::Day) -> Option<Anchor> {
    let date = date::required(violations, &format!("{path}.date"), day.date.as_ref());
    let bound = match wire::Bound::try_from(day.bound) {
        Ok(wire::Bound::Unspecified) => Some(Bound::On),
        Ok(wire::Bound::Through) => Some(Bound::Through),
        Ok(wire::Bound::Before) => Some(Bound::Before),
        Err(_) => {
            violations.push(Violation::unknown_value(format!("{path}.bound")));
            None
        }
    };
    Some(Anchor::Day {
        date: date?,
        bound: bound?,
    })
}

fn read_window(violations: &mut Violations, path: &str, window: &wire::Window) -> Option<Window> {
    let text = field::line(
        violations,
        &format!("{path}.text"),
        &window.text,
        PLACE_LIMIT,
    );
    let start = date::required(violations, &format!("{path}.start"), window.start.as_ref());
    let end = date::required(violations, &format!("{path}.end"), window.end.as_ref());
    let precision = match wire::Precision::try_from(window.precision) {
        Ok(wire::Precision::Unspecified) => Some(Precision::Unstated),
        Ok(wire::Precision::Day) => Some(Precision::Day),
        Ok(wire::Precision::Month) => Some(Precision::Month),
        Ok(wire::Precision::Approximate) => Some(Precision::Approximate),
        Ok(wire::Precision::Year) => Some(Precision::Year),
        Err(_) => {
            violations.push(Violation::unknown_value(format!("{path}.precision")));
            None
        }
    };
    let (start, end) = (start?, end?);
    if end < start {
        violations.push(Violation::new(
            format!("{path}.end"),
            "END_BEFORE_START",
            "Ngày cuối không được trước ngày đầu.",
            "The last day must not lie before the first.",
        ));
        return None;
    }
    Some(Window {
        text,
        start,
        end,
        precision: precision?,
        derived: window.derived,
    })
}

const fn bound_to_proto(bound: Bound) -> wire::Bound {
    match bound {
        Bound::On => wire::Bound::Unspecified,
        Bound::Through => wire::Bound::Through,
        Bound::Before => wire::Bound::Before,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date as day;

    use super::*;

    fn round(anchor: Anchor) {
        let mut violations = Violations::default();
        let again = read(&mut violations, "anchor", Some(&to_proto(&anchor)));
        assert!(violations.is_empty());
        assert_eq!(again, anchor);
    }

    fn fields(anchor: wire::Anchor) -> Vec<String> {
        let mut violations = Violations::default();
        read(&mut violations, "anchor", Some(&anchor));
        match violations.into_result() {
            Err(kit::error::Error::InvalidArgument(found)) => {
                found.into_iter().map(|each| each.field).collect()
            }
            _ => vec![],
        }
    }

    #[test]
    fn every_kind_of_anchor_survives_the_wire() {
        let start: Timestamp = "2024-03-29T00:30:00Z".parse().unwrap();
        let end: Timestamp = "2024-03-29T04:00:00Z".parse().unwrap();
        round(Anchor::Unknown);
        round(Anchor::Instant { start, end: None });
        round(Anchor::Instant {
            start,
            end: Some(end),
        });
        round(Anchor::Day {
            date: day(2024, 4, 10),
            bound: Bound::Before,
        });
        round(Anchor::Window(Window {
            text: "cuối tháng 3/2024".into(),
            start: day(2024, 3, 21),
            end: day(2024, 3, 31),
            precision: Precision::Approximate,
            derived: true,
        }));
    }

    #[test]
    fn an_end_before_the_start_is_named() {
        let instant = wire::Instant {
            start_time: Some(prost_types::Timestamp {
                seconds: 1_711_672_200,
                nanos: 0,
            }),
            end_time: Some(prost_types::Timestamp {
                seconds: 1_711_672_200,
                nanos: 0,
            }),
        };
        let anchor = wire::Anchor {
            when: Some(wire::anchor::When::Instant(instant)),
        };
        assert_eq!(fields(anchor), ["anchor.instant.end_time"]);
    }

    #[test]
    fn all_wrong_parts_of_a_window_are_named_at_once() {
        let window = wire::Window {
            precision: 99,
            ..wire::Window::default()
        };
        let anchor = wire::Anchor {
            when: Some(wire::anchor::When::Window(window)),
        };
        let named = [
            "anchor.window.start",
            "anchor.window.end",
            "anchor.window.precision",
        ];
        assert_eq!(fields(anchor), named);
    }

    #[test]
    fn a_bound_from_the_future_is_refused() {
        let today = Some(date::to_proto(day(2024, 4, 10)));
        let when = wire::anchor::When::Day(wire::Day {
            date: today,
            bound: 7,
        });
        assert_eq!(
            fields(wire::Anchor { when: Some(when) }),
            ["anchor.day.bound"]
        );
    }
}
