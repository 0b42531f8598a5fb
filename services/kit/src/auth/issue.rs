//! Tokens for people and programs without an identity provider.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::claims::{longest_life, organisation_name};
use super::folder::replace;
use super::subject::is_subject;
use super::trust::read_revoked;
use super::verify::now;
use super::{AUDIENCE, AuthFolder, Claims, ISSUER, canonical_subject};

/// What a new token shall allow.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Who will call: `user:lan`, `system:portal`.
    pub subject: String,
    /// Permissions, separated by blanks: exact ones, `prefix.*`, `*`.
    pub scope: String,
    /// The one organisation the caller is bound to.
    pub organisation: Option<Uuid>,
    /// Life, at most [`super::LONGEST_LIFE`].
    pub life: Duration,
}

/// A token that was issued, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Identity, by which it is revoked.
    pub jti: String,
    /// Who calls with it.
    pub sub: String,
    /// What it allows.
    pub scope: String,
    /// Bound to this organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// Issued at, seconds since 1970.
    pub iat: u64,
    /// End of validity, seconds since 1970.
    pub exp: u64,
    /// Revoked meanwhile.
    #[serde(default, skip_serializing)]
    pub revoked: bool,
}

/// Issues a token with the key of the command line and notes it in `issued.jsonl`.
///
/// # Errors
/// The grant is empty, names nobody or is too long, or a file cannot be written.
pub fn issue(folder: &AuthFolder, grant: &Grant) -> Result<(String, Issued)> {
    check(grant)?;
    let iat = now();
    let issued = Issued {
        jti: Uuid::now_v7().to_string(),
        sub: canonical_subject(&grant.subject),
        scope: grant.scope.clone(),
        org: grant.organisation.map(organisation_name),
        iat,
        exp: iat + grant.life.as_secs(),
        revoked: false,
    };
    let token = folder.cli_key()?.sign(&claims(&issued))?;
    note(folder, &issued)?;
    Ok((token, issued))
}

/// What every service would refuse is not issued either.
fn check(grant: &Grant) -> Result<()> {
    anyhow::ensure!(
        is_subject(&grant.subject),
        "a token needs a subject of ASCII letters and figures with one of : . - _ @ / | between \
         them, at most 128 characters, such as user:lan"
    );
    anyhow::ensure!(!grant.scope.trim().is_empty(), "a token needs a scope");
    let longest = longest_life(&grant.subject);
    anyhow::ensure!(
        grant.life <= longest,
        "a token of {} lives at most {} minutes",
        grant.subject,
        longest.as_secs() / 60
    );
    Ok(())
}

fn claims(issued: &Issued) -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: issued.sub.clone(),
        scope: issued.scope.clone(),
        exp: issued.exp,
        iat: issued.iat,
        nbf: issued.iat,
        jti: issued.jti.clone(),
        org: issued.org.clone(),
    }
}

fn note(folder: &AuthFolder, issued: &Issued) -> Result<()> {
    let _lock = folder.lock()?;
    let path = folder.issued();
    let mut line = serde_json::to_vec(issued)?;
    line.push(b'\n');
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| file.write_all(&line))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Every token that was issued here, the newest last.
///
/// # Errors
/// A file cannot be read.
pub fn issued(folder: &AuthFolder) -> Result<Vec<Issued>> {
    let path = folder.issued();
    let text = match crate::file::open(&path).and_then(std::io::read_to_string) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        outcome => outcome.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let revoked = read_revoked(folder)?;
    text.lines()
        .map(|line| {
            let mut each: Issued = serde_json::from_str(line)
                .with_context(|| format!("{} holds a broken line", path.display()))?;
            each.revoked = revoked.contains(&each.jti);
            Ok(each)
        })
        .collect()
}

/// Revokes a token by its `jti`; false when it was revoked before. Services
/// refuse it within two seconds.
///
/// # Errors
/// A file cannot be read or written.
pub fn revoke(folder: &AuthFolder, token_id: &str) -> Result<bool> {
    let _lock = folder.lock()?;
    let mut revoked: BTreeSet<String> = read_revoked(folder)?.into_iter().collect();
    if !revoked.insert(token_id.to_owned()) {
        return Ok(false);
    }
    let bytes = serde_json::to_vec_pretty(&revoked)?;
    replace(&folder.revoked(), &bytes, 0o644)?;
    Ok(true)
}
