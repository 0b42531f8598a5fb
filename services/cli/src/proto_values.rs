//! Files to protobuf and protobuf to words: dates, anchors, documents.

use anyhow::bail;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use kit::language::Language;
use lienminh_proto::r#type::v1 as value;
use lienminh_proto::r#type::v1::anchor::When as ProtoWhen;

use crate::args::value::Moment;
use crate::files::plan::{IssuedDocument, Precision, When, Window};
use crate::language::{self, phrase};

/// A calendar date.
#[must_use]
pub fn date(date: Date) -> value::Date {
    value::Date {
        year: date.year().into(),
        month: date.month().into(),
        day: date.day().into(),
    }
}

/// A local instant.
#[must_use]
pub fn instant(local: DateTime) -> prost_types::Timestamp {
    kit::wire::timestamp(vietnam::instant(local))
}

/// The local reading of an instant; none where it is out of range.
#[must_use]
pub fn local(timestamp: &prost_types::Timestamp) -> Option<DateTime> {
    Timestamp::new(timestamp.seconds, timestamp.nanos)
        .ok()
        .map(vietnam::local)
}

/// A calendar date out of protobuf; none where it is not one.
#[must_use]
pub fn civil(date: &value::Date) -> Option<Date> {
    Date::new(
        date.year.try_into().ok()?,
        date.month.try_into().ok()?,
        date.day.try_into().ok()?,
    )
    .ok()
}

/// An anchor; one without a date where none is known.
#[must_use]
pub fn anchor(when: Option<&When>) -> value::Anchor {
    value::Anchor {
        when: when.map(|when| match when {
            When::Instant { start, end } => ProtoWhen::Instant(value::Instant {
                start_time: Some(instant(*start)),
                end_time: end.map(instant),
            }),
            When::Day { date: day, before } => ProtoWhen::Day(value::Day {
                date: Some(date(*day)),
                bound: if *before {
                    value::Bound::Before
                } else {
                    value::Bound::Through
                }
                .into(),
            }),
            When::Window(found) => ProtoWhen::Window(window(found)),
        }),
    }
}

/// An anchor as somebody typed it: a start with the hour at which it ends, a day, or none yet.
///
/// # Errors
/// An end without a start.
pub fn moment_anchor(at: Option<Moment>, until: Option<Time>) -> anyhow::Result<value::Anchor> {
    let when = match (at, until) {
        (Some(Moment::At(start)), until) => ProtoWhen::Instant(value::Instant {
            start_time: Some(instant(start)),
            end_time: until.map(|end| instant(start.date().to_datetime(end))),
        }),
        (Some(Moment::On(day)), None) => ProtoWhen::Day(value::Day {
            date: Some(date(day)),
            bound: value::Bound::Unspecified.into(),
        }),
        (None, None) => return Ok(value::Anchor::default()),
        (Some(Moment::On(_)) | None, Some(_)) => bail!(phrase!(
            "có giờ kết thúc thì phải ghi cả giờ bắt đầu, như \"11/4/2024 08:00\"",
            "an hour at which it ends needs one at which it starts, such as \"11/4/2024 08:00\""
        )),
    };
    Ok(value::Anchor { when: Some(when) })
}

/// A window.
#[must_use]
pub fn window(window: &Window) -> value::Window {
    let precision = match window.precision {
        Precision::Day => value::Precision::Day,
        Precision::Month => value::Precision::Month,
        Precision::Approximate => value::Precision::Approximate,
        Precision::Year => value::Precision::Year,
    };
    value::Window {
        text: window.text.clone(),
        start: Some(date(window.start)),
        end: Some(date(window.end)),
        precision: precision.into(),
        derived: window.derived,
    }
}

/// An issued document.
#[must_use]
pub fn document(document: &IssuedDocument, issuer: &str) -> value::Document {
    value::Document {
        number_as_printed: document.number.clone(),
        issuer: issuer.to_owned(),
        date: document.date.map(date),
        title: document.title.clone(),
        ..Default::default()
    }
}

/// An anchor in the words of this run's language.
#[must_use]
pub fn anchor_in_words(anchor: Option<&value::Anchor>) -> String {
    anchor_in(language::current(), anchor)
}

/// An anchor in words: "08 giờ 00, thứ Năm, 11/4/2024", a window's text, "chưa có ngày".
#[must_use]
pub fn anchor_in(language: Language, anchor: Option<&value::Anchor>) -> String {
    let pick = |vi: String, en: String| match language {
        Language::Vi => vi,
        Language::En => en,
    };
    let on = |date: Date| {
        pick(
            vietnam::dates::with_weekday(date),
            vietnam::dates::english(date),
        )
    };
    match anchor.and_then(|anchor| anchor.when.as_ref()) {
        Some(ProtoWhen::Instant(found)) => {
            let start = found.start_time.as_ref().and_then(local);
            start.map_or_else(String::new, |at| {
                pick(
                    vietnam::dates::moment(at),
                    vietnam::dates::english_moment(at),
                )
            })
        }
        Some(ProtoWhen::Day(day)) => {
            let words = day
                .date
                .as_ref()
                .and_then(civil)
                .map_or_else(String::new, on);
            match day.bound() {
                value::Bound::Before => pick(format!("trước {words}"), format!("before {words}")),
                value::Bound::Through => {
                    pick(format!("đến hết {words}"), format!("through {words}"))
                }
                value::Bound::Unspecified => words,
            }
        }
        Some(ProtoWhen::Window(window)) => {
            let text = &window.text;
            pick(
                format!("{text} (chưa chốt ngày)"),
                format!("{text} (no day fixed yet)"),
            )
        }
        None => pick("chưa có ngày".to_owned(), "no date yet".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_said_in_either_language() {
        let start = jiff::civil::date(2024, 4, 11).at(8, 0, 0, 0);
        let exact = anchor(Some(&When::Instant { start, end: None }));
        let date = start.date();
        let day = anchor(Some(&When::Day { date, before: true }));
        for (anchor, vi, en) in [
            (
                Some(&exact),
                "08 giờ 00, thứ Năm, 11/4/2024",
                "08:00, Thursday 11 April 2024",
            ),
            (
                Some(&day),
                "trước thứ Năm, 11/4/2024",
                "before Thursday 11 April 2024",
            ),
            (None, "chưa có ngày", "no date yet"),
        ] {
            assert_eq!(anchor_in(Language::Vi, anchor), vi);
            assert_eq!(anchor_in(Language::En, anchor), en);
        }
    }
}
