//! Files that people write: rosters (CSV) and plans (TOML).
//!
//! Both are read whole before anything is sent, and every bad line is told with
//! its number and the reason; a file with more than [`MOST_PROBLEMS`] is another file.

pub(crate) mod open;
pub mod plan;
pub mod roster;
mod row;

use std::fmt;
use std::path::Path;

use vietnam::text::excerpt;

use crate::language::phrase;

/// Longest value, in bytes: an address or a title has some hundred.
const LONGEST_VALUE: usize = 10_000;

/// A person mends some lines, not thousands.
pub const MOST_PROBLEMS: usize = 500;

/// What is wrong in a file, where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// The field, as the file names it; empty where the line as a whole is meant.
    pub field: String,
    /// Why, for the person who wrote the file.
    pub reason: String,
}

impl Problem {
    /// What is wrong with a field of a line; an empty field means the line as a whole.
    #[must_use]
    pub fn new(line: usize, field: &str, reason: impl Into<String>) -> Self {
        Self {
            line,
            field: field.to_owned(),
            reason: reason.into(),
        }
    }

    fn too_many(line: usize) -> Self {
        let reason = phrase!(
            "có hơn {MOST_PROBLEMS} chỗ sai, phần còn lại chưa đọc",
            "more than {MOST_PROBLEMS} things are wrong, the rest was not read"
        );
        Self::new(line, "", reason)
    }

    fn not_utf8(line: usize) -> Self {
        let reason = phrase!("không phải chữ UTF-8 hợp lệ", "is not valid UTF-8 text");
        Self::new(line, "", reason)
    }
}

fn value_too_long() -> String {
    phrase!(
        "dài quá {LONGEST_VALUE} byte",
        "is longer than {LONGEST_VALUE} bytes"
    )
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            field,
            reason,
        } = self;
        let place = phrase!("dòng {line}", "line {line}");
        let field = excerpt(field);
        if field.is_empty() {
            write!(f, "{place}: {reason}")
        } else {
            write!(f, "{place}, {field}: {reason}")
        }
    }
}

/// A file that cannot be taken as it is.
#[derive(Debug, thiserror::Error)]
pub struct BadFile {
    /// The file, as the caller named it.
    pub file: String,
    /// Everything that is wrong in it.
    pub problems: Vec<Problem>,
}

impl BadFile {
    /// A file with everything that is wrong in it, in the order of its lines.
    #[must_use]
    pub fn new(file: &Path, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.line);
        Self {
            file: file.display().to_string(),
            problems,
        }
    }
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.file;
        f.write_str(&phrase!("chưa nạp {file}:", "{file} was not loaded:"))?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}
