//! One table of a TOML file, read field by field with the line of each.

// Every reader wants one kind of value and names whatever else it finds.
#![allow(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;
use std::fmt::Display;

use jiff::civil::{Date, DateTime};
use toml::de::{DeTable, DeValue};
use vietnam::dates::{parse_moment, parse_short};

use super::{LONGEST_VALUE, MOST_PROBLEMS, Problem, value_too_long};
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
            0..MOST_PROBLEMS => self.problems.push(Problem::new(line, field, reason)),
            MOST_PROBLEMS => self.problems.push(Problem::too_many(line)),
            _ => {}
        }
    }
}

/// Where a table begins, and each of its fields: `lead`, `invite.organisations[1]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    begins: usize,
    fields: BTreeMap<String, usize>,
}

impl Lines {
    /// The line of a field; of what it is a part of, or of the table, where it has none.
    #[must_use]
    pub fn of(&self, field: &str) -> usize {
        let found = self.fields.get(field).copied();
        found.unwrap_or_else(|| match field.rfind(['.', '[']) {
            Some(end) => self.of(&field[..end]),
            None => self.begins,
        })
    }

    /// Whether the table has this field.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    fn gather(&mut self, reader: &Reader, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = format!("{prefix}{}", key.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => self.gather(reader, &format!("{path}."), inner),
                DeValue::Array(values) => {
                    let each = values.iter().enumerate().map(|(place, value)| {
                        (format!("{path}[{place}]"), reader.line(value.span().start))
                    });
                    self.fields.extend(each);
                }
                _ => {}
            }
            self.fields.insert(path, reader.line(key.span().start));
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

    /// Where its fields stand.
    pub(super) fn lines(&self, reader: &Reader) -> Lines {
        let mut lines = Lines {
            begins: self.line,
            fields: BTreeMap::new(),
        };
        lines.gather(reader, "", self.table);
        lines
    }

    /// Tells a field that must be there and is not.
    pub(super) fn must_have(&self, reader: &mut Reader, field: &str) {
        if self.find(field).is_none() {
            reader.problem(self.line, field, phrase!("còn thiếu", "is missing"));
        }
    }

    /// Tells what is wrong with a field, on its own line.
    pub(super) fn refuse(&self, reader: &mut Reader, field: &str, reason: String) {
        let line = self
            .find(field)
            .map_or(self.line, |(_, at)| reader.line(at));
        reader.problem(line, field, reason);
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
                self.wrong(reader, field, at, value_too_long())
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
        self.must_have(reader, field);
        let Some(text) = self.text(reader, field) else {
            return String::new();
        };
        if text.is_empty() {
            let empty = phrase!("không được để trống", "must not be empty");
            self.refuse(reader, field, empty);
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

    /// A date, or in quotes one as people write it.
    pub(super) fn date(&self, reader: &mut Reader, field: &str) -> Option<Date> {
        match self.find(field)? {
            (DeValue::String(text), _) if parse_short(text).is_ok() => parse_short(text).ok(),
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

    /// A day with its hour, or in quotes one as people write it.
    pub(super) fn date_time(&self, reader: &mut Reader, field: &str) -> Option<DateTime> {
        match self.find(field)? {
            (DeValue::String(text), _) if parse_moment(text).is_ok() => parse_moment(text).ok(),
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
