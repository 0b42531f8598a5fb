//! Is this token good, and whose is it?

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use jsonwebtoken::{Algorithm, Validation};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::claims::TOKEN_TYPE;
use super::subject::canonical_subject;
use super::trust::{Trust, fingerprint};
use super::{AUDIENCE, AuthFolder, Caller, Claims, ISSUER, SKEW, Scope};
use crate::language::Language;

/// How often the folder is looked at: a revocation bites within this time.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// An unknown key id makes us look at once (a service that has just started
/// for the first time), but no more often than this, whatever callers send.
const LOOK_AT_ONCE: Duration = Duration::from_millis(200);

/// Verified tokens remembered: more than an installation has callers. Checking
/// a signature costs some 50 µs, finding it here less than two.
const REMEMBERED: usize = 1024;

/// Longest token we read; ours have some 500 characters.
const TOKEN_LIMIT: usize = 4096;

/// Why a token was refused, for the log. Callers are told only that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No `authorization: Bearer` header.
    #[error("no bearer token")]
    Missing,
    /// Two `authorization` headers, of which a proxy may have read the other.
    #[error("two authorizations")]
    Twice,
    /// Not a token of our kind: algorithm, type or form.
    #[error("not a token of our kind")]
    Malformed,
    /// Signed by a key that is not trusted.
    #[error("unknown key")]
    UnknownKey,
    /// The signature does not match.
    #[error("wrong signature")]
    Signature,
    /// Past its end, or not yet valid.
    #[error("outside its time")]
    Time,
    /// Good for longer than a token may be.
    #[error("lives too long")]
    Life,
    /// `sub` or `jti` is empty, or holds what no name holds.
    #[error("names nobody, or cannot be revoked")]
    Name,
    /// Issued by or for somebody else.
    #[error("wrong issuer or audience")]
    Audience,
    /// The key may not speak for this subject.
    #[error("the key may not sign for this subject")]
    Subject,
    /// Revoked by its id.
    #[error("revoked")]
    Revoked,
}

/// Verifies tokens against the folder of trusted keys.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    folder: AuthFolder,
    trust: RwLock<Arc<Trust>>,
    remembered: Mutex<HashMap<[u8; 32], Arc<Verified>>>,
    looked: Mutex<Option<Instant>>,
}

struct Verified {
    kid: String,
    not_before: u64,
    expires: u64,
    /// The same caller, answered in either language.
    vietnamese: Arc<Caller>,
    english: Arc<Caller>,
}

impl Verified {
    fn of(kid: String, claims: Claims) -> Result<Self, Refused> {
        let organisation = claims.organisation().map_err(|()| Refused::Malformed)?;
        let vietnamese = Caller {
            subject: canonical_subject(&claims.sub),
            scope: Scope::parse(&claims.scope),
            organisation,
            language: Language::Vi,
            token_id: claims.jti,
        };
        let english = Caller {
            language: Language::En,
            ..vietnamese.clone()
        };
        Ok(Self {
            kid,
            not_before: claims.nbf,
            expires: claims.exp,
            vietnamese: Arc::new(vietnamese),
            english: Arc::new(english),
        })
    }

    fn caller(&self, language: Language) -> &Arc<Caller> {
        match language {
            Language::Vi => &self.vietnamese,
            Language::En => &self.english,
        }
    }
}

impl Verifier {
    /// Reads the folder.
    ///
    /// # Errors
    /// The folder or the revocations cannot be read.
    pub fn open(folder: AuthFolder) -> Result<Self> {
        let trust = Trust::read(&folder)?;
        Ok(Self(Arc::new(Inner {
            folder,
            trust: RwLock::new(Arc::new(trust)),
            remembered: Mutex::default(),
            looked: Mutex::new(None),
        })))
    }

    /// Follows the folder until `shutdown`.
    pub async fn follow(self, shutdown: CancellationToken) {
        while shutdown
            .run_until_cancelled(tokio::time::sleep(LOOK_AGAIN))
            .await
            .is_some()
        {
            self.look();
        }
    }

    /// The caller behind a bearer token.
    ///
    /// # Errors
    /// Why not.
    pub fn verify(&self, token: &str, language: Language) -> Result<Arc<Caller>, Refused> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let known = self.remembered().get(&digest).cloned();
        let verified = match known {
            Some(verified) => verified,
            None => {
                let verified = Arc::new(self.examine(token)?);
                self.remember(digest, &verified);
                verified
            }
        };
        let caller = verified.caller(language);
        self.still_good(&verified, caller)?;
        Ok(Arc::clone(caller))
    }

    /// What can change after the signature was checked.
    fn still_good(&self, verified: &Verified, caller: &Caller) -> Result<(), Refused> {
        let now = now();
        let skew = SKEW.as_secs();
        if now > verified.expires.saturating_add(skew) || verified.not_before > now + skew {
            return Err(Refused::Time);
        }
        let trust = self.trust();
        let key = trust.key(&verified.kid).ok_or(Refused::UnknownKey)?;
        if !key.speaks_for(&caller.subject) {
            return Err(Refused::Subject);
        }
        if trust.is_revoked(&caller.token_id) {
            return Err(Refused::Revoked);
        }
        Ok(())
    }

    fn examine(&self, token: &str) -> Result<Verified, Refused> {
        if token.len() > TOKEN_LIMIT {
            return Err(Refused::Malformed);
        }
        let kid = key_id(token)?;
        if self.trust().key(&kid).is_none() {
            self.look_soon();
        }
        let trust = self.trust();
        let key = trust.key(&kid).ok_or(Refused::UnknownKey)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation())
            .map_err(|error| reason(error.kind()))?
            .claims;
        if claims.iat > now() + SKEW.as_secs() {
            return Err(Refused::Time);
        }
        claims.check()?;
        Verified::of(kid, claims)
    }

    fn remember(&self, digest: [u8; 32], verified: &Arc<Verified>) {
        let mut remembered = self.remembered();
        // Forgetting all at once is rare, cheap and cannot be steered by a
        // caller: only tokens with a good signature are in here.
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(digest, Arc::clone(verified));
    }

    fn look_soon(&self) {
        let mut looked = self.0.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.is_some_and(|last| last.elapsed() < LOOK_AT_ONCE) {
            return;
        }
        *looked = Some(Instant::now());
        drop(looked);
        self.look();
    }

    /// Reads the folder again if it changed. On an error the last reading stays.
    fn look(&self) {
        let changed = fingerprint(&self.0.folder).map(|seen| seen != self.trust().seen);
        let fresh = match changed {
            Ok(false) => return,
            Ok(true) => Trust::read(&self.0.folder),
            Err(error) => Err(error),
        };
        match fresh {
            Ok(trust) => {
                *self.0.trust.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(trust);
            }
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the trusted keys cannot be read"
                );
            }
        }
    }

    fn trust(&self) -> Arc<Trust> {
        Arc::clone(&self.0.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Arc<Verified>>> {
        self.0
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn key_id(token: &str) -> Result<String, Refused> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Refused::Malformed)?;
    let typed = header
        .typ
        .is_some_and(|each| each.eq_ignore_ascii_case(TOKEN_TYPE));
    // An extension that must be understood is one we do not understand (RFC 7515, 4.1.11).
    if header.alg != Algorithm::EdDSA || !typed || header.crit.is_some() {
        return Err(Refused::Malformed);
    }
    header.kid.ok_or(Refused::Malformed)
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = SKEW.as_secs();
    validation
}

// The list of kinds is the crate's and grows; what is new is malformed to us.
#[allow(clippy::wildcard_enum_match_arm)]
fn reason(kind: &jsonwebtoken::errors::ErrorKind) -> Refused {
    use jsonwebtoken::errors::ErrorKind;
    match kind {
        ErrorKind::InvalidSignature => Refused::Signature,
        ErrorKind::ExpiredSignature | ErrorKind::ImmatureSignature => Refused::Time,
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => Refused::Audience,
        _ => Refused::Malformed,
    }
}

/// Seconds since 1970 by the process clock; tokens never follow the business clock.
pub(super) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}
