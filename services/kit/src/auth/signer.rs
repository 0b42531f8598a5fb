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
    expires: u64,
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
        let mut present = self
            .0
            .present
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let now = now();
        if let Some(token) = &*present
            && token.expires > now + RENEW.as_secs()
        {
            return Ok(token.bearer.clone());
        }
        let expires = now + LIFE.as_secs();
        let token = self.0.key.sign(&Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: self.0.subject.clone(),
            scope: self.0.scope.clone(),
            exp: expires,
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
            expires,
        });
        Ok(bearer)
    }
}
