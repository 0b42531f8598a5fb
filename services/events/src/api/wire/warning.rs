//! Warnings in the caller's language.

use kit::language::Language;
use lienminh_proto::r#type::v1 as wire;

use crate::domain::warning::Warning;

/// Warnings as the contracts have them.
#[must_use]
pub(crate) fn to_proto(warnings: &[Warning], language: Language) -> Vec<wire::Warning> {
    warnings
        .iter()
        .map(|warning| wire::Warning {
            reason: warning.reason().to_owned(),
            field: warning.field().to_owned(),
            message: match language {
                Language::Vi => warning.vi(),
                Language::En => warning.en(),
            },
        })
        .collect()
}
