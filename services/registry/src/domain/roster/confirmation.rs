//! What a person says yes to.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::Row;
use crate::domain::organisation::Organisation;

/// Bytes of the digest in a confirmation: short enough to type. It is no secret; it only
/// has to differ where the change differs.
const LENGTH: usize = 6;

/// Stands for one change of one organisation as it is now. Where either is another one,
/// an earlier yes does not fit any more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Confirmation(String);

impl Confirmation {
    /// Of what a row makes of these organisations.
    pub(super) fn of(row: &Row, known: &[&Organisation]) -> Self {
        let mut digest = Sha256::new();
        for organisation in known {
            digest.update(organisation.id.0);
            digest.update(organisation.version.to_be_bytes());
        }
        let kind = row.kind.map(|kind| kind.code());
        for part in [
            row.display_name.as_deref(),
            kind,
            row.roster_code.as_deref(),
        ] {
            let part = part.unwrap_or_default();
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest = digest.finalize();
        Self(
            digest[..LENGTH]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }

    /// As it is shown and typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was confirmed.
#[derive(Clone, Debug, Default)]
pub struct Confirmed(HashSet<String>);

impl Confirmed {
    /// As it was typed.
    pub fn read<'a>(typed: impl IntoIterator<Item = &'a String>) -> Self {
        Self(
            typed
                .into_iter()
                .map(|each| each.trim().to_lowercase())
                .collect(),
        )
    }

    pub(super) fn holds(&self, confirmation: &Confirmation) -> bool {
        self.0.contains(confirmation.as_str())
    }
}
