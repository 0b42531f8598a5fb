//! What the constraints of the tables mean to a caller.

use kit::error::{Error, Result, Violation};

/// Turns the name of a hurt constraint into what a caller can act upon.
/// Constraints that are not listed guard against our own faults.
///
/// # Errors
/// The refusal, or the error as it was.
pub fn named<T>(result: Result<T>) -> Result<T> {
    result.map_err(|error| match error.constraint() {
        Some("organisation_tax_code_key") => Error::already_exists(
            "TAX_CODE_TAKEN",
            "Mã số này đã thuộc một đơn vị khác.",
            "Another organisation has this tax code.",
        ),
        Some("organisation_roster_code_key") => Error::already_exists(
            "ROSTER_CODE_TAKEN",
            "Mã danh sách này đã thuộc một đơn vị khác.",
            "Another organisation has this roster code.",
        ),
        Some("organisation_parent_fkey") => unknown("organisation.parent"),
        Some("organisation_successor_fkey") => unknown("organisation.successor"),
        Some("admission_batch_batch_key") => crate::domain::admission::batch_taken(),
        Some("admission_batch_lead_unit_fkey") => unknown("admission_batch.lead_unit"),
        Some("admission_batch_organiser_fkey") => unknown("admission_batch.organiser"),
        _ => error,
    })
}

/// The organisation that a field names does not exist.
#[must_use]
pub fn unknown(field: &str) -> Error {
    Error::invalid(Violation::new(
        field,
        "UNKNOWN_ORGANISATION",
        "Không có đơn vị này.",
        "There is no such organisation.",
    ))
}
