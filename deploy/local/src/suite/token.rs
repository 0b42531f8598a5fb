//! Tokens for callers, signed with the command line's key as a foreign system would sign them.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

/// Who calls, and what they may do.
#[derive(Clone, Debug)]
pub struct Token {
    /// For example `user:lan`.
    pub subject: String,
    /// Permissions, `prefix.*` or `*`, separated by blanks.
    pub scope: String,
    /// The organisation to which the caller is bound, `organisations/{id}`.
    pub organisation: Option<String>,
    /// How long it is good for.
    pub life: Duration,
}

impl Token {
    /// A caller with these permissions for the next hours.
    #[must_use]
    pub fn new(subject: &str, scope: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            scope: scope.to_owned(),
            organisation: None,
            life: Duration::from_secs(12 * 3600),
        }
    }

    /// The same, bound to one organisation.
    #[must_use]
    pub fn bound_to(mut self, organisation: &str) -> Self {
        self.organisation = Some(organisation.to_owned());
        self
    }

    /// Signs it with the key of the command line, which may sign for everybody.
    ///
    /// # Errors
    /// When no service has made the keys in this folder yet.
    pub fn sign(&self, auth_folder: &Path) -> anyhow::Result<String> {
        let key = read(&auth_folder.join("cli.key.pem"))?;
        let trusted: Trusted =
            serde_json::from_slice(&read(&auth_folder.join("trusted/cli.json"))?)
                .context("trusted/cli.json does not describe a key")?;
        let key = EncodingKey::from_ed_der(&unwrap_pem(&key)?);
        let now = jiff::Timestamp::now().as_second();
        let life = i64::try_from(self.life.as_secs()).context("a life beyond all times")?;
        let claims = Claims {
            iss: "lienminh",
            aud: "lienminh",
            sub: &self.subject,
            scope: &self.scope,
            org: self.organisation.as_deref(),
            iat: now,
            nbf: now,
            exp: now + life,
            jti: uuid::Uuid::now_v7().to_string(),
        };
        let header = Header {
            kid: Some(trusted.kid),
            typ: Some("at+jwt".to_owned()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, &claims, &key).context("cannot sign the token")
    }
}

#[derive(serde::Deserialize)]
struct Trusted {
    kid: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<&'a str>,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

/// The document between the PEM lines (RFC 7468).
fn unwrap_pem(pem: &[u8]) -> anyhow::Result<Vec<u8>> {
    use base64::Engine;

    let text = std::str::from_utf8(pem).context("a key that is no text")?;
    let encoded: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    base64::engine::general_purpose::STANDARD
        .decode(encoded)
        .context("a key that is no PEM")
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
