//! Plans as TOML files: `deploy/demo/plans/` shows the form.

mod grammar;
mod parse;

use std::path::Path;

use jiff::civil::{Date, DateTime};
pub use parse::{Read, parse, parse_all};

pub use super::row::Lines;
use super::{BadFile, Problem, open};

/// The largest plan of a year has some dozens of items in some hundred lines.
const LARGEST: usize = 1024 * 1024;

/// A plan with its items, events and deadlines.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanFile {
    /// Where its head stands in the file.
    pub lines: Lines,
    /// Short key, for scripts.
    pub key: String,
    /// Number as printed, for example "123 KH-LMHTX".
    pub number: String,
    /// Roster code of the issuing organisation.
    pub issuer: String,
    /// The issuing body as it names itself.
    pub issuer_name: String,
    /// Date of the document.
    pub date: Option<Date>,
    /// Every date seen, where sources disagree.
    pub dates_seen: Vec<Date>,
    /// What it is about.
    pub title: String,
    /// Its theme.
    pub theme: String,
    /// Number of the plan it carries out.
    pub parent: Option<String>,
    /// The time it covers.
    pub window: Option<Window>,
    /// Its peak.
    pub peak: Option<Window>,
    /// Its items, in order.
    pub items: Vec<Item>,
}

/// An item of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Where it stands in the file.
    pub lines: Lines,
    /// Number as printed.
    pub number: String,
    /// Kind of activity.
    pub kind: String,
    /// What is to be done.
    pub title: String,
    /// A short name for text messages; may be empty.
    pub short_title: String,
    /// When, as far as the plan says.
    pub when: Option<When>,
    /// Where, as far as the plan says.
    pub place: String,
    /// Roster code of the unit in charge.
    pub lead: Option<String>,
    /// Coordinating bodies.
    pub coordinating: Vec<String>,
    /// Whom it addresses, as roles.
    pub audience: Vec<String>,
    /// How unclear text was read.
    pub remarks: Vec<String>,
    /// Events that carry it out.
    pub events: Vec<EventRow>,
    /// Deadlines that carry it out.
    pub deadlines: Vec<DeadlineRow>,
}

/// An event of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// Where it stands in the file.
    pub lines: Lines,
    /// Key, unique in the files loaded together.
    pub key: String,
    /// Kind.
    pub kind: String,
    /// Title without the date.
    pub title: String,
    /// A short name for text messages; may be empty.
    pub short_title: String,
    /// When; none where no date is known at all.
    pub when: Option<When>,
    /// Where.
    pub place: String,
    /// How to get there.
    pub hint: String,
    /// Roster code of the unit in charge.
    pub lead: String,
    /// Who chairs.
    pub chair: String,
    /// Agenda, a line each.
    pub agenda: Vec<String>,
    /// What to bring.
    pub bring: String,
    /// Last day to reply.
    pub reply_by: Option<Date>,
    /// The issued invitation.
    pub document: Option<IssuedDocument>,
    /// Who is invited.
    pub invite: Selection,
}

/// A deadline of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadlineRow {
    /// Where it stands in the file.
    pub lines: Lines,
    /// Key, unique in the files loaded together.
    pub key: String,
    /// "report" or "task".
    pub kind: String,
    /// Title without the date.
    pub title: String,
    /// A short name for text messages; may be empty.
    pub short_title: String,
    /// The day named in the text.
    pub day: Date,
    /// Before the day (true) or through it.
    pub before: bool,
    /// Roster code of the unit in charge.
    pub lead: String,
    /// What it must contain, a line each.
    pub contents: Vec<String>,
    /// Where to hand it in.
    pub submit_to: String,
    /// Who owes it.
    pub owed_by: Selection,
}

/// A document that was issued.
#[derive(Clone, Debug, PartialEq)]
pub struct IssuedDocument {
    /// Number as printed.
    pub number: String,
    /// Its date.
    pub date: Option<Date>,
    /// What it is about.
    pub title: String,
}

/// Organisations chosen by what they are. The parts add up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Every admitted member.
    pub members: bool,
    /// Every organisation of these clusters.
    pub clusters: Vec<String>,
    /// These, by roster code.
    pub organisations: Vec<String>,
}

/// When, as a file says it.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// A start and perhaps an end, local time.
    Instant {
        /// The start.
        start: DateTime,
        /// The end.
        end: Option<DateTime>,
    },
    /// A day.
    Day {
        /// The day named.
        date: Date,
        /// Before it rather than on it.
        before: bool,
    },
    /// A window.
    Window(Window),
}

/// A window as printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// As printed.
    pub text: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// How exact.
    pub precision: Precision,
    /// Derived rather than stated.
    pub derived: bool,
}

/// How exact a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Days are stated.
    Day,
    /// Months are stated.
    Month,
    /// "Đầu", "cuối".
    Approximate,
    /// A year.
    Year,
}

/// Reads a plan file.
///
/// # Errors
/// The file cannot be read, or something in it is wrong: everything is told.
pub fn read(path: &Path) -> anyhow::Result<PlanFile> {
    read_all(path)?
        .whole()
        .map_err(|problems| BadFile::new(path, problems).into())
}

/// Reads a plan file as far as it can be read.
///
/// # Errors
/// The file cannot be read.
pub fn read_all(path: &Path) -> anyhow::Result<Read> {
    let bytes = open::text(path, LARGEST)?;
    Ok(match std::str::from_utf8(&bytes) {
        Ok(text) => parse_all(text),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Read {
                file: None,
                problems: vec![Problem::not_utf8(line)],
            }
        }
    })
}

#[cfg(test)]
mod tests;
