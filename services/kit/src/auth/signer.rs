//! The short tokens that a service signs for its own calls.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tonic::metadata::{Ascii, MetadataValue};
use uuid::Uuid;

use super::verify::now;
use super::{AUDIENCE, Claims, ISSUER, Key};

/// Life of a service's own token: long enough to be cheap, short enough that a
/// stolen one is worth little.
const LIFE: Duration = Duration::from_secs(600);

/// A token is replaced when less than this is left, well above the allowed skew.
const RENEW: Duration = Duration::from_secs(300);

/// Signs the tokens of one subject and keeps the present one.
#[derive(Clone)]
pub struct Signer(Arc<Inner>);

struct Inner {
    key: Key,
    subject: String,
    scope: String,
    present: Mutex<Option<Present>>,
}

struct Present {
    bearer: MetadataValue<Ascii>,
    signed: u64,
}

impl Present {
    /// Whether the token may still be shown. One from the future was signed before
    /// the process clock was set back: everybody would refuse it until then.
    fn is_good_at(&self, now: u64) -> bool {
        self.signed <= now && now < self.signed + (LIFE - RENEW).as_secs()
    }
}

impl Signer {
    /// A signer for `subject` with the permissions it asks for in its own calls.
    #[must_use]
    pub fn new(key: Key, subject: impl Into<String>, scope: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            key,
            subject: subject.into(),
            scope: scope.into(),
            present: Mutex::new(None),
        }))
    }

    /// The subject it signs for.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// A secret of this service for one purpose, such as "page tokens".
    #[must_use]
    pub fn secret(&self, purpose: &str) -> [u8; 32] {
        self.0.key.secret(purpose)
    }

    /// `Bearer …` for the `authorization` header, good for at least five minutes.
    ///
    /// # Errors
    /// Signing failed; does not happen with a key that was read.
    pub fn bearer(&self) -> Result<MetadataValue<Ascii>> {
        self.bearer_at(now())
    }

    fn bearer_at(&self, now: u64) -> Result<MetadataValue<Ascii>> {
        let mut present = self
            .0
            .present
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &*present
            && token.is_good_at(now)
        {
            return Ok(token.bearer.clone());
        }
        let token = self.0.key.sign(&Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: self.0.subject.clone(),
            scope: self.0.scope.clone(),
            exp: now + LIFE.as_secs(),
            iat: now,
            nbf: now,
            jti: Uuid::now_v7().to_string(),
            org: None,
        })?;
        let mut bearer = MetadataValue::try_from(format!("Bearer {token}"))
            .context("a token is always plain text")?;
        bearer.set_sensitive(true);
        *present = Some(Present {
            bearer: bearer.clone(),
            signed: now,
        });
        Ok(bearer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NOON: u64 = 1_709_269_200;
    const DAY: u64 = 86_400;

    fn signer() -> (tempfile::TempDir, Signer) {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::ensure(&folder.path().join("notifier.key.pem")).unwrap();
        (folder, Signer::new(key, "service:notifier", "*"))
    }

    #[test]
    fn a_token_is_kept_for_half_of_its_life() {
        let (_folder, signer) = signer();
        let first = signer.bearer_at(NOON).unwrap();
        assert_eq!(signer.bearer_at(NOON + 299).unwrap(), first);
        assert_ne!(signer.bearer_at(NOON + 300).unwrap(), first);
    }

    #[test]
    fn f12_a_token_signed_before_the_clock_was_set_back_is_replaced_at_once() {
        let (_folder, signer) = signer();
        let of_tomorrow = signer.bearer_at(NOON + DAY).unwrap();
        let of_today = signer.bearer_at(NOON).unwrap();
        assert_ne!(of_today, of_tomorrow);
        assert_eq!(signer.bearer_at(NOON + 1).unwrap(), of_today);
    }
}
