//! Between the contract and the domain.

pub(crate) mod admission;
pub(crate) mod contact;
pub(crate) mod obligation;
pub(crate) mod organisation;
pub(crate) mod roster;

use kit::language::Language;
use lienminh_proto::r#type::v1 as common;

use crate::domain::warning::Warning;

/// Warnings as the contracts have them.
pub(crate) fn encode_warnings(warnings: &[Warning], language: Language) -> Vec<common::Warning> {
    warnings
        .iter()
        .map(|each| kit::warning::told(each.reason(), each.field(), &each.sentence(), language))
        .collect()
}

/// Both directions between an enum of the domain and that of the contract.
/// Unknown and unspecified values of the contract have no domain value.
macro_rules! same_enum {
    ($domain:ty, $wire:ty, $encode:ident, $decode:ident, { $($ours:ident => $theirs:ident,)+ }) => {
        pub(crate) const fn $encode(value: $domain) -> $wire {
            match value {
                $(<$domain>::$ours => <$wire>::$theirs,)+
            }
        }

        /// # Errors
        /// A violation of `field` when the value is unspecified or of a later version.
        pub(crate) fn $decode(field: &str, value: i32) -> Result<$domain, kit::error::Violation> {
            match <$wire>::try_from(value) {
                $(Ok(<$wire>::$theirs) => Ok(<$domain>::$ours),)+
                Ok(<$wire>::Unspecified) => Err(kit::error::Violation::required(field)),
                Err(_) => Err(kit::error::Violation::unknown_value(field)),
            }
        }
    };
}
pub(crate) use same_enum;
