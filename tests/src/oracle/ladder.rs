//! The ladders of reminders, read from their files, and their arithmetic.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, ToSpan};
use serde::Deserialize;
use vietnam::calendar::Calendar;

/// Ladders by kind.
pub type Ladders = BTreeMap<String, Vec<Step>>;

/// A step, as far as the arithmetic needs it.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// How far from the reference.
    pub offset: Offset,
    /// Hour of the day.
    #[serde(default = "eight")]
    pub at: Time,
    /// "anchor" or "window_start".
    #[serde(default)]
    pub reference: Reference,
    /// "concerned" or "lead".
    pub audience: Audience,
    /// Offices, most fitting first.
    #[serde(default)]
    pub positions: Vec<String>,
    /// Channel policy.
    pub channels: Channels,
    /// Whether it comes again.
    pub repeat: Option<Repeat>,
}

impl Step {
    /// Who is invited to something that begins within eighteen hours gets an SMS as well.
    #[must_use]
    pub fn channels_at(&self, anchor: &Anchor, now: DateTime) -> Channels {
        let near = match anchor {
            Anchor::At(start) => start.duration_since(now) <= SignedDuration::from_hours(18),
            Anchor::Day(_) | Anchor::Window(_) | Anchor::Undated => false,
        };
        if self.offset.issue && near && self.channels == Channels::EmailElseSms {
            Channels::EmailAndSms
        } else {
            self.channels
        }
    }
}

fn eight() -> Time {
    Time::constant(8, 0, 0, 0)
}

/// How far from the reference.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Offset {
    /// On announcement.
    #[serde(default)]
    pub issue: bool,
    /// So many before.
    pub before: Option<i32>,
    /// So many after.
    pub after: Option<i32>,
    /// Of what.
    pub unit: Option<Unit>,
}

/// Units of distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Working days.
    WorkingDays,
    /// Weeks.
    Weeks,
}

/// What a step counts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// Start or last day.
    #[default]
    Anchor,
    /// First day of the window.
    WindowStart,
}

/// Whom a step tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The parties.
    Concerned,
    /// The unit in charge.
    Lead,
}

/// Channel policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    /// Email; SMS where there is none.
    EmailElseSms,
    /// Both.
    EmailAndSms,
    /// SMS; email where there is none.
    SmsElseEmail,
    /// Email only.
    Email,
}

/// Repetition.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Repeat {
    /// Every so many.
    pub every: i32,
    /// Of what.
    pub unit: Unit,
    /// So often after the first.
    pub at_most: i32,
}

#[derive(Deserialize)]
struct File {
    kind: String,
    step: Vec<Step>,
}

/// Reads every ladder of a folder.
///
/// # Errors
/// A file is no ladder.
pub fn read(folder: &Path) -> anyhow::Result<Ladders> {
    let mut ladders = Ladders::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("no ladders in {}", folder.display()))?
    {
        let path = entry?.path();
        let file: File = toml::from_str(&std::fs::read_to_string(&path)?)
            .with_context(|| format!("{} is no ladder", path.display()))?;
        ladders.insert(file.kind, file.step);
    }
    Ok(ladders)
}

/// When something happens or is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// An exact start.
    At(DateTime),
    /// A last day.
    Day(Date),
    /// A window, by its first day.
    Window(Date),
    /// Nothing known.
    Undated,
}

impl Anchor {
    /// Whether people can be told a date.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(self, Self::At(_) | Self::Day(_))
    }

    fn day(&self) -> Option<Date> {
        match self {
            Self::At(start) => Some(start.date()),
            Self::Day(day) | Self::Window(day) => Some(*day),
            Self::Undated => None,
        }
    }

    /// Until when a step before it helps.
    #[must_use]
    pub fn closes(&self) -> Option<DateTime> {
        match self {
            Self::At(start) => Some(*start),
            Self::Day(day) => day
                .tomorrow()
                .ok()
                .map(|next| next.to_datetime(Time::midnight())),
            Self::Window(start) => Some(start.to_datetime(Time::midnight())),
            Self::Undated => None,
        }
    }
}

/// The instant a step falls on, quiet hours aside; none on announcement, and
/// none for hours before a mere day.
#[must_use]
pub fn nominal(step: &Step, anchor: &Anchor, calendar: &Calendar) -> Option<DateTime> {
    let unit = step.offset.unit?;
    let distance = step
        .offset
        .after
        .or(step.offset.before.map(|before| -before))?;
    if unit == Unit::Hours {
        let Anchor::At(start) = anchor else {
            return None;
        };
        return start.checked_add(i64::from(distance).hours()).ok();
    }
    let day = shift(anchor.day()?, distance, unit, calendar)?;
    let forward = step.offset.after.is_some();
    Some(working(day, forward, calendar).to_datetime(step.at))
}

/// The n-th repetition of a step.
#[must_use]
pub fn repetition(step: &Step, n: i32, anchor: &Anchor, calendar: &Calendar) -> Option<DateTime> {
    let repeat = step.repeat?;
    let first = shift(
        anchor.day()?,
        step.offset.after?,
        step.offset.unit?,
        calendar,
    )?;
    let day = shift(first, repeat.every * n, repeat.unit, calendar)?;
    Some(working(day, true, calendar).to_datetime(step.at))
}

fn shift(day: Date, by: i32, unit: Unit, calendar: &Calendar) -> Option<Date> {
    match unit {
        Unit::Days => day.checked_add(by.days()).ok(),
        Unit::Weeks => day.checked_add((by * 7).days()).ok(),
        Unit::WorkingDays => Some(nth_working_day(day, by, calendar)),
        Unit::Hours => None,
    }
}

/// Day by day, as a person counts on the wall calendar.
fn nth_working_day(mut day: Date, by: i32, calendar: &Calendar) -> Date {
    let mut left = by.abs();
    while left > 0 {
        day = if by > 0 {
            day.tomorrow()
        } else {
            day.yesterday()
        }
        .unwrap_or(day);
        left -= i32::from(calendar.is_working_day(day));
    }
    day
}

/// The `by`-th working day from a day.
#[must_use]
pub fn working_days_later(day: Date, by: i32, calendar: &Calendar) -> Date {
    nth_working_day(day, by, calendar)
}

fn working(mut day: Date, forward: bool, calendar: &Calendar) -> Date {
    while !calendar.is_working_day(day) {
        day = if forward {
            day.tomorrow()
        } else {
            day.yesterday()
        }
        .unwrap_or(day);
    }
    day
}

/// Out of the quiet hours: 07:00 where that helps, else 20:00 the evening before.
#[must_use]
pub fn planned(instant: DateTime, useful_until: DateTime) -> DateTime {
    match night(instant) {
        Some((_, morning)) if morning < useful_until => morning,
        Some((evening, _)) => evening,
        None => instant,
    }
}

/// Out of the quiet hours for what cannot be pulled forward any more.
#[must_use]
pub fn late(instant: DateTime, useful_until: DateTime) -> DateTime {
    match night(instant) {
        Some((_, morning)) if morning < useful_until => morning,
        Some(_) | None => instant,
    }
}

fn night(instant: DateTime) -> Option<(DateTime, DateTime)> {
    let hour = instant.hour();
    let evening = match hour {
        21.. => instant.date(),
        ..7 => instant.date().yesterday().ok()?,
        7..21 => return None,
    };
    let morning = evening.tomorrow().ok()?;
    Some((evening.at(20, 0, 0, 0), morning.at(7, 0, 0, 0)))
}

/// When an office gets to an announcement: at once in office hours, else when it opens.
#[must_use]
pub fn office(instant: DateTime, calendar: &Calendar) -> DateTime {
    let day = instant.date();
    if calendar.is_working_day(day) {
        if instant.hour() < 8 {
            return day.at(8, 0, 0, 0);
        }
        if instant.hour() < 17 {
            return instant;
        }
    }
    nth_working_day(day, 1, calendar).at(8, 0, 0, 0)
}
