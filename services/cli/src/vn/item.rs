//! What items are made of.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, Zoned};
use serde::{Serialize, Serializer};

use super::topic::Problem;

/// An ISO date.
pub(super) fn date(text: &str) -> Result<Date, Problem> {
    let text = text.trim();
    // jiff also reads the date of a longer text; here nothing else may follow.
    let parsed = if text.len() == 10 {
        text.parse().ok()
    } else {
        None
    };
    parsed.ok_or_else(|| Problem::Value(format!("\"{text}\" is not a date such as 2024-04-11")))
}

/// An ISO date, local time or instant, as the clock in Việt Nam shows it.
pub(super) fn moment(text: &str) -> Result<DateTime, Problem> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(vietnam::local(instant));
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(vietnam::local(zoned.timestamp()));
    }
    text.parse().map_err(|_| {
        Problem::Value(format!(
            "\"{text}\" is not an instant such as 2024-04-11T08:00:00+07:00"
        ))
    })
}

/// Exactly `N` words, or what was expected.
pub(super) fn words<'a, const N: usize>(
    item: &'a str,
    expected: &'static str,
) -> Result<[&'a str; N], Problem> {
    let mut found = [""; N];
    let mut words = item.split_whitespace();
    for place in &mut found {
        *place = words.next().ok_or(Problem::Shape(expected))?;
    }
    if words.next().is_some() {
        Err(Problem::Shape(expected))
    } else {
        Ok(found)
    }
}

/// Anything that JSON shows by its printed form, without a text of its own in between.
pub(super) struct Printed<T>(pub(super) T);

impl<T: fmt::Display> Serialize for Printed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
