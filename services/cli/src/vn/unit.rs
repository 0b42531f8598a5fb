//! `unit`.

use jiff::civil::Date;
use serde::Serialize;
use vietnam::units::{Unit, UnitKind, Units};

use super::item::Printed;
use super::topic::{Problem, Topic, fields};

#[derive(Serialize)]
struct Found {
    code: String,
    name: String,
    kind: Printed<UnitKind>,
    province: String,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    successor: Option<String>,
    successor_name: Option<String>,
    /// Codes of further units that fit as well.
    others: Vec<String>,
}

pub(super) fn unit(units: Units) -> Topic {
    fields(move |item| {
        let (written, on) = day_at_end(item.trim());
        let found = if written.bytes().all(|byte| byte.is_ascii_digit()) && !written.is_empty() {
            units.with_any_tier(written, on)
        } else {
            units.find(written, on)
        };
        let (unit, others) = found
            .split_first()
            .ok_or_else(|| Problem::Value(format!("there is no unit \"{written}\"")))?;
        Ok(describe(&units, unit, others))
    })
}

fn describe(units: &Units, unit: &Unit, others: &[&Unit]) -> Found {
    let successor = units.successors(unit).next();
    let mut others: Vec<String> = others
        .iter()
        .map(|other| other.code.clone())
        .filter(|code| *code != unit.code)
        .collect();
    others.dedup();
    Found {
        code: unit.code.clone(),
        name: unit.full_name.clone(),
        kind: Printed(unit.kind),
        province: unit.province.clone(),
        valid_from: unit.valid_from,
        valid_to: unit.valid_to,
        successor: successor.map(|successor| successor.code.clone()),
        successor_name: successor.map(|successor| successor.full_name.clone()),
        others,
    }
}

/// A date as the last word says on which day the name or code was used.
fn day_at_end(item: &str) -> (&str, Option<Date>) {
    item.rsplit_once(char::is_whitespace)
        .filter(|(_, day)| day.len() == 10)
        .and_then(|(written, day)| Some((written.trim_end(), Some(day.parse().ok()?))))
        .unwrap_or((item, None))
}
