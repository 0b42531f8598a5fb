use jiff::civil::Date;

use super::{Tier, Unit, UnitKind};
use crate::text::nfc;

/// Why a dataset cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct UnitsError {
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

pub(super) fn parse(text: &str) -> Result<Vec<Unit>, UnitsError> {
    let mut units = Vec::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("code,") {
            continue;
        }
        units.push(unit(line).map_err(|reason| UnitsError {
            line: number + 1,
            reason,
        })?);
    }
    Ok(units)
}

/// A province needs no third field; its dates follow the name.
fn unit(line: &str) -> Result<Unit, &'static str> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let field = |at: usize| fields.get(at).copied().unwrap_or_default();
    let code = field(0);
    if !matches!(code.len(), 2 | 3 | 5) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("a code has 2, 3 or 5 digits");
    }
    let full_name = nfc(field(1));
    let kind = UnitKind::of(&full_name, code)
        .ok_or("the name does not begin with a type such as Xã or Phường")?;
    let tier = kind.tier();
    let fits = matches!(
        (tier, code.len()),
        (Tier::Province, 2) | (Tier::District, 3) | (Tier::Commune, 5)
    );
    if !fits {
        return Err("the code has not the length that the type asks for");
    }
    let (province, dates) = if tier == Tier::Province {
        (code, 2)
    } else {
        (field(2), 3)
    };
    if province.len() != 2 || !province.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("the code of the province is missing");
    }
    Ok(Unit {
        code: code.to_owned(),
        kind,
        province: province.to_owned(),
        valid_from: date(field(dates))?,
        valid_to: date(field(dates + 1))?,
        successors: field(dates + 2)
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        full_name,
    })
}

fn date(field: &str) -> Result<Option<Date>, &'static str> {
    if field.is_empty() {
        return Ok(None);
    }
    field
        .parse()
        .map(Some)
        .map_err(|_| "a date is not of the form 2025-07-01")
}
