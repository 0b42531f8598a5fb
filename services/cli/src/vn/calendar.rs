//! `holiday`, `workday`, `deadline`, `when`.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use vietnam::calendar::{Calendar, Status, Term, Unit, Why};

use super::item::{self, Printed};
use super::topic::{Problem, Topic, fields};

#[derive(Serialize)]
struct Holiday {
    date: Date,
    off: bool,
    name: Option<String>,
    status: Option<Printed<Status>>,
    why: Printed<Why>,
    decision: Option<String>,
    proposed: Option<String>,
}

pub(super) fn holiday(calendar: Calendar) -> Topic {
    fields(move |item| {
        let day = calendar.day(item::date(item)?);
        Ok(Holiday {
            date: day.date,
            off: day.off,
            name: day.name,
            status: day.status.map(Printed),
            why: Printed(day.why),
            decision: day.decision,
            proposed: day.proposed,
        })
    })
}

#[derive(Serialize)]
struct Workday {
    date: Date,
}

pub(super) fn workday(calendar: Calendar) -> Topic {
    fields(move |item| {
        let [start, n] = item::words(item, "date n, such as 2024-04-11 3 or 2024-04-11 -3")?;
        let start = item::date(start)?;
        let n = n
            .parse()
            .map_err(|_| Problem::Value(format!("\"{n}\" is not a whole number")))?;
        let date = calendar
            .checked_add_working_days(start, n)
            .ok_or_else(beyond)?;
        Ok(Workday { date })
    })
}

#[derive(Serialize)]
struct Deadline {
    last_day: Date,
    ends_at: String,
    counted: Date,
}

pub(super) fn deadline(calendar: Calendar) -> Topic {
    fields(move |item| {
        let [start, amount, unit] =
            item::words(item, "start amount unit, such as 2024-01-31 1 months")?;
        let amount = amount
            .parse()
            .map_err(|_| Problem::Value(format!("\"{amount}\" is not a number of units")))?;
        let term = Term {
            amount,
            unit: unit_of(unit)?,
        };
        let end = calendar
            .deadline(item::date(start)?, term)
            .ok_or_else(beyond)?;
        Ok(Deadline {
            last_day: end.last_day,
            ends_at: iso(end.ends_at),
            counted: end.counted,
        })
    })
}

#[derive(Serialize)]
struct When {
    text: String,
}

pub(super) fn when(calendar: Calendar) -> Topic {
    fields(move |item| {
        let [then, now] = item::words(
            item,
            "instant now, such as 2024-04-11T08:00:00+07:00 2024-04-08T09:00:00+07:00",
        )?;
        let text = vietnam::dates::relative(item::moment(now)?, item::moment(then)?, &calendar);
        Ok(When { text })
    })
}

fn unit_of(word: &str) -> Result<Unit, Problem> {
    match word {
        "days" | "day" => Ok(Unit::Days),
        "weeks" | "week" => Ok(Unit::Weeks),
        "months" | "month" => Ok(Unit::Months),
        "years" | "year" => Ok(Unit::Years),
        _ => Err(Problem::Value(format!(
            "\"{word}\" is not days, weeks, months or years"
        ))),
    }
}

fn beyond() -> Problem {
    Problem::Value("the calendar is known from 1900 to 2100".to_owned())
}

/// The instant as the clock in Việt Nam shows it, with its offset.
fn iso(instant: Timestamp) -> String {
    instant.display_with_offset(jiff::tz::offset(7)).to_string()
}
