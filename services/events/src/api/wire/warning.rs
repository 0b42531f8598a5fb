//! Warnings in the caller's language.

use kit::language::Language;
use lienminh_proto::r#type::v1 as wire;

use crate::domain::warning::Warning;

/// Warnings as the contracts have them.
#[must_use]
pub(crate) fn to_proto(warnings: &[Warning], language: Language) -> Vec<wire::Warning> {
    warnings
        .iter()
        .map(|each| kit::warning::told(each.reason(), each.field(), &each.sentence(), language))
        .collect()
}
