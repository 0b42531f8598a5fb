//! Which keys are trusted for which subjects, and which tokens are revoked.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};

use super::{AuthFolder, Key, canonical_subject};

/// Bytes of an Ed25519 public key.
const PUBLIC_KEY_LENGTH: usize = 32;

/// A file of the `trusted` folder: a public key and whom it may speak for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrustedKey {
    /// Key id, `kid` of the tokens.
    pub kid: String,
    /// Always `EdDSA`.
    pub alg: String,
    /// Public key, base64url.
    pub public_key: String,
    /// Subjects it may sign for; `*` for all.
    pub subjects: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl TrustedKey {
    pub(super) fn of(key: &Key, subject: &str) -> Self {
        Self {
            kid: key.id().to_owned(),
            alg: "EdDSA".to_owned(),
            public_key: key.public().to_owned(),
            subjects: vec![subject.to_owned()],
            created_at: Timestamp::now(),
        }
    }
}

/// A public key ready to verify with.
pub(super) struct Trusted {
    pub(super) decoding: DecodingKey,
    subjects: Vec<String>,
}

impl Trusted {
    /// Whether it may sign for a subject, given in its one form.
    pub(super) fn speaks_for(&self, subject: &str) -> bool {
        self.subjects
            .iter()
            .any(|allowed| allowed == "*" || allowed == subject)
    }

    fn of(entry: &TrustedKey) -> Result<Self> {
        anyhow::ensure!(entry.alg == "EdDSA", "only EdDSA keys are trusted");
        let bytes = URL_SAFE_NO_PAD
            .decode(&entry.public_key)
            .context("the public key is not base64url")?;
        anyhow::ensure!(
            bytes.len() == PUBLIC_KEY_LENGTH,
            "an Ed25519 public key has {PUBLIC_KEY_LENGTH} bytes"
        );
        Ok(Self {
            decoding: DecodingKey::from_ed_der(&bytes),
            subjects: entry
                .subjects
                .iter()
                .map(|each| canonical_subject(each))
                .collect(),
        })
    }
}

/// The folder as it was read.
#[derive(Default)]
pub(super) struct Trust {
    keys: HashMap<String, Trusted>,
    revoked: HashSet<String>,
    pub(super) seen: Fingerprint,
}

/// Names, sizes and times of the files: a change means reading them again.
pub(super) type Fingerprint = Vec<(String, u64, Option<SystemTime>)>;

impl Trust {
    /// Reads the folder. A file that cannot be read trusts nobody and is
    /// reported; the others count.
    pub(super) fn read(folder: &AuthFolder) -> Result<Self> {
        let seen = fingerprint(folder)?;
        let mut keys = HashMap::new();
        for (name, ..) in &seen {
            let path = folder.trusted().join(name);
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            match read_key(&path) {
                Ok((kid, trusted)) => {
                    keys.insert(kid, trusted);
                }
                Err(error) => {
                    tracing::error!(file = %path.display(), error = format!("{error:#}"), "a trusted key is unreadable");
                }
            }
        }
        Ok(Self {
            keys,
            revoked: read_revoked(folder)?,
            seen,
        })
    }

    pub(super) fn key(&self, kid: &str) -> Option<&Trusted> {
        self.keys.get(kid)
    }

    pub(super) fn is_revoked(&self, token_id: &str) -> bool {
        self.revoked.contains(token_id)
    }
}

fn read_key(path: &Path) -> Result<(String, Trusted)> {
    let entry: TrustedKey = serde_json::from_slice(&crate::file::read(path)?)?;
    let trusted = Trusted::of(&entry)?;
    Ok((entry.kid, trusted))
}

/// A list that is unreadable, or that is gone, is an error: forgetting revocations
/// would let the revoked in.
pub(super) fn read_revoked(folder: &AuthFolder) -> Result<HashSet<String>> {
    let path = folder.revoked();
    // It only grows: no bound may one day keep the services from what is revoked.
    let mut bytes = Vec::new();
    match crate::file::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is not a list of token ids", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound && !folder.is_in_use() => {
            Ok(HashSet::new())
        }
        Err(error) => Err(error).with_context(|| {
            format!(
                "cannot read {}; if no revocation is to count any more, write [] into it",
                path.display()
            )
        }),
    }
}

pub(super) fn fingerprint(folder: &AuthFolder) -> Result<Fingerprint> {
    let mut seen = Vec::new();
    for entry in fs::read_dir(folder.trusted()).context("cannot read the trusted keys")? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let name = entry.file_name().to_string_lossy().into_owned();
        seen.push((name, metadata.len(), metadata.modified().ok()));
    }
    seen.sort();
    if let Ok(metadata) = fs::metadata(folder.revoked()) {
        seen.push((
            "/revoked".to_owned(),
            metadata.len(),
            metadata.modified().ok(),
        ));
    }
    Ok(seen)
}
