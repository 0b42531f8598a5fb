//! Reading texts and enums, with every wrong field named.

use kit::error::{Violation, Violations};
use kit::personal::Personal;
use lienminh_proto::obligation::v1 as obligation;

use crate::domain::class::Class;
use crate::domain::invitation::{ATTENDEES_LIMIT, Attendance, NAMES_LIMIT};
use crate::domain::position::Position;
use crate::domain::text;

/// One line that may be empty.
pub(crate) fn line(violations: &mut Violations, field: &str, raw: &str, limit: usize) -> String {
    violations
        .check(kit::text::line(field, raw, limit))
        .unwrap_or_default()
}

/// One line that must say something.
pub(crate) fn required_line(
    violations: &mut Violations,
    field: &str,
    raw: &str,
    limit: usize,
) -> String {
    violations
        .check(kit::text::required_line(field, raw, limit))
        .unwrap_or_default()
}

/// Some sentences that may have several lines.
pub(crate) fn note(violations: &mut Violations, field: &str, raw: &str) -> String {
    violations
        .check(kit::text::note(field, raw, text::NOTE_LIMIT))
        .unwrap_or_default()
}

/// Lines, none of them empty.
pub(crate) fn lines(
    violations: &mut Violations,
    field: &str,
    texts: &[String],
    limit: usize,
) -> Vec<String> {
    if texts.len() > text::LINES_LIMIT {
        violations.push(Violation::too_many(field, text::LINES_LIMIT));
        return Vec::new();
    }
    texts
        .iter()
        .enumerate()
        .map(|(place, text)| required_line(violations, &format!("{field}[{place}]"), text, limit))
        .collect()
}

/// An https address that may be empty.
pub(crate) fn uri(violations: &mut Violations, field: &str, raw: &str) -> String {
    let uri = line(violations, field, raw, text::URI_LIMIT);
    violations.require(uri.is_empty() || text::is_https(&uri), || {
        Violation::malformed(field, "một địa chỉ https", "an https address")
    });
    uri
}

/// A class; `default` where none is set.
pub(crate) fn class(violations: &mut Violations, field: &str, class: i32, default: Class) -> Class {
    match obligation::ObligationClass::try_from(class) {
        Ok(obligation::ObligationClass::Unspecified) => default,
        Ok(obligation::ObligationClass::LegalDeadline) => Class::LegalDeadline,
        Ok(obligation::ObligationClass::Invitation) => Class::Invitation,
        Ok(obligation::ObligationClass::Care) => Class::Care,
        Ok(obligation::ObligationClass::Advert) => Class::Advert,
        Err(_) => {
            violations.push(Violation::unknown_value(field));
            default
        }
    }
}

/// A class as the contracts have it.
#[must_use]
pub(crate) const fn class_to_proto(class: Class) -> obligation::ObligationClass {
    match class {
        Class::LegalDeadline => obligation::ObligationClass::LegalDeadline,
        Class::Invitation => obligation::ObligationClass::Invitation,
        Class::Care => obligation::ObligationClass::Care,
        Class::Advert => obligation::ObligationClass::Advert,
    }
}

/// Positions, most fitting first, without repetitions.
pub(crate) fn positions(
    violations: &mut Violations,
    field: &str,
    positions: &[i32],
) -> Vec<Position> {
    let mut found = Vec::new();
    for (place, position) in positions.iter().enumerate() {
        match position_of(*position) {
            Some(position) if !found.contains(&position) => found.push(position),
            Some(_) => {}
            None => violations.push(Violation::unknown_value(format!("{field}[{place}]"))),
        }
    }
    found
}

fn position_of(number: i32) -> Option<Position> {
    match obligation::Position::try_from(number).ok()? {
        obligation::Position::Unspecified => None,
        obligation::Position::Chair => Some(Position::Chair),
        obligation::Position::Director => Some(Position::Director),
        obligation::Position::Accountant => Some(Position::Accountant),
        obligation::Position::Supervisor => Some(Position::Supervisor),
        obligation::Position::Office => Some(Position::Office),
        obligation::Position::Head => Some(Position::Head),
        obligation::Position::Officer => Some(Position::Officer),
    }
}

/// Positions as the contracts have them.
#[must_use]
pub(crate) fn positions_to_proto(positions: &[Position]) -> Vec<i32> {
    positions
        .iter()
        .map(|position| match position {
            Position::Chair => obligation::Position::Chair,
            Position::Director => obligation::Position::Director,
            Position::Accountant => obligation::Position::Accountant,
            Position::Supervisor => obligation::Position::Supervisor,
            Position::Office => obligation::Position::Office,
            Position::Head => obligation::Position::Head,
            Position::Officer => obligation::Position::Officer,
        })
        .map(i32::from)
        .collect()
}

/// Enum values that must be known ones, without repetitions; `known` tells which.
pub(crate) fn states<S: PartialEq>(
    violations: &mut Violations,
    field: &str,
    numbers: &[i32],
    known: impl Fn(i32) -> Option<S>,
) -> Vec<S> {
    let mut states = Vec::new();
    for (place, number) in numbers.iter().enumerate() {
        match known(*number) {
            Some(state) if !states.contains(&state) => states.push(state),
            Some(_) => {}
            None => violations.push(Violation::unknown_value(format!("{field}[{place}]"))),
        }
    }
    states
}

/// What is said to an invitation: how many will come, and who.
pub(crate) fn attendance(
    violations: &mut Violations,
    coming: bool,
    number: i32,
    names: &str,
) -> Attendance {
    let names = kit::text::note("attendee_names", names, NAMES_LIMIT);
    Attendance {
        coming,
        attendees: attendees(violations, "attendees", number),
        names: Personal::new(violations.check(names).unwrap_or_default()),
    }
}

/// How many people will come; 0 where nobody said.
fn attendees(violations: &mut Violations, field: &str, number: i32) -> i32 {
    violations.require((0..=ATTENDEES_LIMIT).contains(&number), || {
        Violation::out_of_range(field, 0, ATTENDEES_LIMIT)
    });
    number
}
