//! One table of a TOML file, read field by field with the line of each.

// Every reader wants one kind of value and names whatever else it finds.
#![allow(clippy::wildcard_enum_match_arm)]

use std::fmt::Display;

use jiff::civil::{Date, DateTime};
use toml::de::{DeTable, DeValue};

use super::{LONGEST_VALUE, MOST_PROBLEMS, Problem};
use crate::language::phrase;

/// Collects what is wrong, so that one reading tells everything.
pub(super) struct Reader {
    /// Where each line but the first begins.
    lines: Vec<usize>,
    pub(super) problems: Vec<Problem>,
}

impl Reader {
    pub(super) fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            lines: ends.map(|(at, _)| at + 1).collect(),
            problems: Vec::new(),
        }
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        1 + self.lines.partition_point(|begins| *begins <= offset)
    }

    pub(super) fn problem(&mut self, line: usize, field: &str, reason: impl Into<String>) {
        match self.problems.len() {
            0..MOST_PROBLEMS => self.problems.push(Problem {
                line,
                field: field.to_owned(),
                reason: reason.into(),
            }),
            MOST_PROBLEMS => self.problems.push(Problem::too_many(line)),
            _ => {}
        }
    }
}

/// A table with the line it begins on.
pub(super) struct Row<'t, 'i> {
    table: &'t DeTable<'i>,
    pub(super) line: usize,
}

impl<'t, 'i> Row<'t, 'i> {
    pub(super) fn new(table: &'t DeTable<'i>, line: usize) -> Self {
        Self { table, line }
    }

    /// Names every field that nobody reads: usually a slip of the pen.
    pub(super) fn only(&self, reader: &mut Reader, known: &[&str]) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let line = reader.line(key.span().start);
                reader.problem(
                    line,
                    name,
                    phrase!(
                        "không phải trường của bảng này",
                        "is not a field of this table"
                    ),
                );
            }
        }
    }

    fn find(&self, field: &str) -> Option<(&'t DeValue<'i>, usize)> {
        self.table
            .iter()
            .find(|(key, _)| key.get_ref() == field)
            .map(|(key, value)| (value.get_ref(), key.span().start))
    }

    fn wrong<T>(&self, reader: &mut Reader, field: &str, at: usize, reason: String) -> Option<T> {
        let line = reader.line(at);
        reader.problem(line, field, reason);
        None
    }

    pub(super) fn text(&self, reader: &mut Reader, field: &str) -> Option<String> {
        match self.find(field)? {
            (DeValue::String(text), at) if text.len() > LONGEST_VALUE => {
                let reason = Problem::value_too_long(0, field).reason;
                self.wrong(reader, field, at, reason)
            }
            (DeValue::String(text), _) => Some(text.trim().to_owned()),
            (other, at) => self.wrong(
                reader,
                field,
                at,
                expected(phrase!("chữ trong ngoặc kép", "a text in quotes"), other),
            ),
        }
    }

    pub(super) fn required_text(&self, reader: &mut Reader, field: &str) -> String {
        if self.find(field).is_none() {
            reader.problem(self.line, field, phrase!("còn thiếu", "is missing"));
            return String::new();
        }
        let text = self.text(reader, field).unwrap_or_default();
        if text.is_empty() && !reader.problems.iter().any(|p| p.field == field) {
            reader.problem(
                self.line,
                field,
                phrase!("không được để trống", "must not be empty"),
            );
        }
        text
    }

    pub(super) fn flag(&self, reader: &mut Reader, field: &str) -> bool {
        match self.find(field) {
            None => false,
            Some((DeValue::Boolean(flag), _)) => *flag,
            Some((other, at)) => self
                .wrong(
                    reader,
                    field,
                    at,
                    expected(phrase!("true hoặc false", "true or false"), other),
                )
                .unwrap_or(false),
        }
    }

    pub(super) fn date(&self, reader: &mut Reader, field: &str) -> Option<Date> {
        match self.find(field)? {
            (DeValue::Datetime(found), at) => match found.to_string().parse::<Date>() {
                Ok(date) if found.time.is_none() => Some(date),
                Ok(_) | Err(_) => self.wrong(
                    reader,
                    field,
                    at,
                    phrase!(
                        "{found} không phải ngày như 2024-04-11",
                        "{found} is not a date like 2024-04-11"
                    ),
                ),
            },
            (other, at) => self.wrong(
                reader,
                field,
                at,
                expected(
                    phrase!("ngày như 2024-04-11", "a date like 2024-04-11"),
                    other,
                ),
            ),
        }
    }

    pub(super) fn date_time(&self, reader: &mut Reader, field: &str) -> Option<DateTime> {
        match self.find(field)? {
            (DeValue::Datetime(found), at) => match found.to_string().parse::<DateTime>() {
                Ok(instant) if found.time.is_some() && found.offset.is_none() => Some(instant),
                Ok(_) | Err(_) => self.wrong(
                    reader,
                    field,
                    at,
                    phrase!(
                        "{found} không phải ngày giờ như 2024-04-11T08:00:00",
                        "{found} is not a local time like 2024-04-11T08:00:00"
                    ),
                ),
            },
            (other, at) => self.wrong(
                reader,
                field,
                at,
                expected(
                    phrase!(
                        "ngày giờ như 2024-04-11T08:00:00",
                        "a local time like 2024-04-11T08:00:00"
                    ),
                    other,
                ),
            ),
        }
    }

    pub(super) fn texts(&self, reader: &mut Reader, field: &str) -> Vec<String> {
        let Some((value, at)) = self.find(field) else {
            return Vec::new();
        };
        let DeValue::Array(values) = value else {
            return self
                .wrong(
                    reader,
                    field,
                    at,
                    expected(phrase!("một danh sách chữ", "a list of texts"), value),
                )
                .unwrap_or_default();
        };
        let mut texts = Vec::new();
        for value in values.iter() {
            match value.get_ref() {
                DeValue::String(text) => texts.push(text.trim().to_owned()),
                other => {
                    let line = reader.line(value.span().start);
                    reader.problem(
                        line,
                        field,
                        expected(phrase!("một danh sách chữ", "a list of texts"), other),
                    );
                }
            }
        }
        texts
    }

    pub(super) fn dates(&self, reader: &mut Reader, field: &str) -> Vec<Date> {
        let Some((value, at)) = self.find(field) else {
            return Vec::new();
        };
        let DeValue::Array(values) = value else {
            return self
                .wrong(
                    reader,
                    field,
                    at,
                    expected(phrase!("một danh sách ngày", "a list of dates"), value),
                )
                .unwrap_or_default();
        };
        let mut dates = Vec::new();
        for value in values.iter() {
            match value.get_ref() {
                DeValue::Datetime(found) if found.time.is_none() => {
                    dates.extend(found.to_string().parse::<Date>());
                }
                other => {
                    let line = reader.line(value.span().start);
                    reader.problem(
                        line,
                        field,
                        expected(phrase!("một danh sách ngày", "a list of dates"), other),
                    );
                }
            }
        }
        dates
    }

    pub(super) fn table(&self, reader: &mut Reader, field: &str) -> Option<Row<'t, 'i>> {
        match self.find(field)? {
            (DeValue::Table(table), at) => Some(Row::new(table, reader.line(at))),
            (other, at) => self.wrong(
                reader,
                field,
                at,
                expected(
                    phrase!("một bảng trong ngoặc nhọn", "a table in braces"),
                    other,
                ),
            ),
        }
    }

    pub(super) fn rows(&self, reader: &mut Reader, field: &str) -> Vec<Row<'t, 'i>> {
        let Some((value, at)) = self.find(field) else {
            return Vec::new();
        };
        let DeValue::Array(values) = value else {
            return self
                .wrong(
                    reader,
                    field,
                    at,
                    expected(
                        phrase!(
                            "các bảng trong hai ngoặc vuông",
                            "tables in double brackets"
                        ),
                        value,
                    ),
                )
                .unwrap_or_default();
        };
        let mut rows = Vec::new();
        for value in values.iter() {
            let line = reader.line(value.span().start);
            match value.get_ref() {
                DeValue::Table(table) => rows.push(Row::new(table, line)),
                other => reader.problem(
                    line,
                    field,
                    expected(
                        phrase!(
                            "một bảng trong hai ngoặc vuông",
                            "a table in double brackets"
                        ),
                        other,
                    ),
                ),
            }
        }
        rows
    }
}

fn expected(what: impl Display, found: &DeValue<'_>) -> String {
    let found = kind(found);
    phrase!(
        "cần {what}, nhưng gặp {found}",
        "expected {what}, found {found}"
    )
}

fn kind(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(_) => phrase!("chữ trong ngoặc kép", "a text in quotes"),
        DeValue::Integer(_) | DeValue::Float(_) => phrase!("một số", "a number"),
        DeValue::Boolean(_) => phrase!("true hoặc false", "true or false"),
        DeValue::Datetime(_) => phrase!("ngày hoặc giờ", "a date or time"),
        DeValue::Array(_) => phrase!("một danh sách", "a list"),
        DeValue::Table(_) => phrase!("một bảng", "a table"),
    }
}
