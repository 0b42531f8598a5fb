//! `lunar`, `solar`.

use jiff::civil::Date;
use serde::Serialize;
use vietnam::lunar::{self, LunarDate};

use super::item;
use super::topic::{Problem, Topic, fields};

#[derive(Serialize)]
struct Lunar {
    year: i16,
    month: i8,
    day: i8,
    leap: bool,
    year_name: String,
    month_name: Option<String>,
    day_name: String,
    uncertain: bool,
}

pub(super) fn lunar() -> Topic {
    fields(|item| {
        let date = item::date(item)?;
        let lunar = lunar::from_solar(date).map_err(Problem::of)?;
        Ok(Lunar {
            year: lunar.year(),
            month: lunar.month(),
            day: lunar.day(),
            leap: lunar.is_leap(),
            year_name: lunar::year_name(lunar.year()),
            month_name: lunar::month_name(lunar.month(), lunar.is_leap()),
            day_name: lunar::day_name(date),
            uncertain: lunar.is_uncertain(),
        })
    })
}

#[derive(Serialize)]
struct Solar {
    date: Date,
    uncertain: bool,
}

pub(super) fn solar() -> Topic {
    const EXPECTED: &str = "year month day [leap], such as 2025 6 1 leap";
    fields(|item| {
        let mut words = item.split_whitespace();
        let mut number = || {
            words
                .next()
                .and_then(|word| word.parse::<i16>().ok())
                .ok_or(Problem::Shape(EXPECTED))
        };
        let (year, month, day) = (number()?, small(number()?)?, small(number()?)?);
        let leap = match words.next().map(str::to_lowercase).as_deref() {
            None | Some("0" | "false" | "no") => false,
            Some("leap" | "1" | "true" | "yes" | "nhuận") => true,
            Some(_) => return Err(Problem::Shape(EXPECTED)),
        };
        if words.next().is_some() {
            return Err(Problem::Shape(EXPECTED));
        }
        let lunar = LunarDate::new(year, month, day, leap).map_err(Problem::of)?;
        Ok(Solar {
            date: lunar.to_solar(),
            uncertain: lunar.is_uncertain(),
        })
    })
}

/// Numbers beyond a byte are no month and no day; the calendar says which.
fn small(number: i16) -> Result<i8, Problem> {
    i8::try_from(number).map_err(|_| Problem::of(lunar::LunarError::Day))
}
