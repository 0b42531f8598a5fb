use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;

use super::{WorkingWeek, rules};

/// How sure an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Settled by law or by a decision.
    Announced,
    /// Follows from the law; the yearly decision has not come out.
    Computed,
    /// Proposed by a ministry: shown, never counted.
    Proposed,
}

/// What an entry makes of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A public holiday.
    Holiday,
    /// A day off in lieu of a holiday that fell on a weekly rest day.
    InLieu,
    /// A working day given off in exchange for another day.
    SwappedOff,
    /// A rest day on which work is done.
    WorkingDay,
    /// A plain day of its week: takes away what was computed.
    Ordinary,
}

/// One day that differs from the plain week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day.
    pub date: Date,
    /// What becomes of it.
    pub kind: Kind,
    /// Its name in Vietnamese.
    pub name: String,
    /// How sure it is.
    pub status: Status,
    /// The decision it comes from, where known.
    pub decision: Option<String>,
}

/// Why decisions cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct CalendarError {
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Announced => "announced",
            Self::Computed => "computed",
            Self::Proposed => "proposed",
        })
    }
}

impl Kind {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "holiday" => Self::Holiday,
            "in_lieu" => Self::InLieu,
            "swapped_off" => Self::SwappedOff,
            "working_day" => Self::WorkingDay,
            "ordinary" => Self::Ordinary,
            _ => return None,
        })
    }
}

impl Status {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "announced" => Self::Announced,
            "computed" => Self::Computed,
            "proposed" => Self::Proposed,
            _ => return None,
        })
    }
}

/// What a file of decisions holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Decisions {
    pub(super) version: String,
    entries: Vec<Entry>,
    complete: BTreeSet<i16>,
}

impl Decisions {
    /// Reads lines `date,kind,name,status,decision`, `complete,year` (nothing is computed for that
    /// year) and `version,text`; empty lines, comments from `#` on and the heading are skipped.
    pub(super) fn parse(text: &str) -> Result<Self, CalendarError> {
        let mut decisions = Self::default();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') || line.starts_with("date,") {
                continue;
            }
            decisions.read(line).map_err(|reason| CalendarError {
                line: number + 1,
                reason,
            })?;
        }
        Ok(decisions)
    }

    fn read(&mut self, line: &str) -> Result<(), &'static str> {
        let mut fields = line.splitn(5, ',').map(str::trim);
        let mut next = || fields.next().unwrap_or_default();
        let (first, second) = (next(), next());
        match first {
            "version" => second.clone_into(&mut self.version),
            "complete" => {
                self.complete
                    .insert(second.parse().map_err(|_| "the year is not a number")?);
            }
            _ => self.entries.push(Entry {
                date: first
                    .parse()
                    .map_err(|_| "the date is not of the form 2027-02-13")?,
                kind: Kind::parse(second).ok_or("the kind is not known")?,
                name: next().to_owned(),
                status: Status::parse(next())
                    .ok_or("the status is not announced, computed or proposed")?,
                decision: Some(next())
                    .filter(|decision| !decision.is_empty())
                    .map(str::to_owned),
            }),
        }
        Ok(())
    }

    /// Later decisions go on top.
    pub(super) fn extend(&mut self, later: Self) {
        if !later.version.is_empty() {
            self.version = later.version;
        }
        let replaced: BTreeSet<Date> = later
            .entries
            .iter()
            .filter(|entry| entry.status != Status::Proposed)
            .map(|entry| entry.date)
            .collect();
        self.entries.retain(|entry| {
            !later.complete.contains(&entry.date.year()) && !replaced.contains(&entry.date)
        });
        self.entries.extend(later.entries);
        self.complete.extend(later.complete);
    }

    /// The days that count, computed ones included, and apart from them the proposals.
    pub(super) fn settle(
        &self,
        week: WorkingWeek,
    ) -> (BTreeMap<Date, Entry>, BTreeMap<Date, Entry>) {
        let mut days = BTreeMap::new();
        for year in
            (rules::FIRST_YEAR..=rules::LAST_YEAR).filter(|year| !self.complete.contains(year))
        {
            days.extend(
                rules::compute(year, week)
                    .into_iter()
                    .map(|entry| (entry.date, entry)),
            );
        }
        let mut proposed = BTreeMap::new();
        for entry in &self.entries {
            let target = if entry.status == Status::Proposed {
                &mut proposed
            } else {
                &mut days
            };
            target.insert(entry.date, entry.clone());
        }
        (days, proposed)
    }
}
