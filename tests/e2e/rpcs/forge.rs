//! Tokens, good and forged.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use lienminh_cli::load::fresh_request_id;
use lienminh_local::Stage;
use serde_json::json;

/// A token as somebody with a key would make it.
pub(super) struct Forge {
    key: EncodingKey,
    pub(super) kid: String,
}

impl Forge {
    pub(super) fn trusted(stage: &Stage) -> Self {
        let folder = stage.suite().auth_folder();
        let pem = std::fs::read_to_string(folder.join("cli.key.pem")).unwrap();
        let encoded: String = pem
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .collect();
        Self {
            key: EncodingKey::from_ed_der(&STANDARD.decode(encoded).unwrap()),
            kid: kid_of(&folder),
        }
    }

    pub(super) fn stranger(stage: &Stage) -> Self {
        let key = SigningKey::from_bytes(&rand::random());
        let der = key.to_pkcs8_der().unwrap();
        Self {
            key: EncodingKey::from_ed_der(der.as_bytes()),
            kid: kid_of(&stage.suite().auth_folder()),
        }
    }

    pub(super) fn sign(&self, claims: &serde_json::Value) -> String {
        let header = Header {
            kid: Some(self.kid.clone()),
            typ: Some("at+jwt".to_owned()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}

pub(super) fn kid_of(folder: &Path) -> String {
    let trusted = std::fs::read(folder.join("trusted/cli.json")).unwrap();
    let trusted: serde_json::Value = serde_json::from_slice(&trusted).unwrap();
    trusted["kid"].as_str().unwrap().to_owned()
}

pub(super) fn claims(scope: &str) -> serde_json::Value {
    let now = jiff::Timestamp::now().as_second();
    json!({
        "iss": "lienminh", "aud": "lienminh", "sub": "user:walker", "scope": scope,
        "iat": now, "nbf": now, "exp": now + 600, "jti": fresh_request_id(),
    })
}

pub(super) fn with(
    mut claims: serde_json::Value,
    name: &str,
    value: impl Into<serde_json::Value>,
) -> serde_json::Value {
    claims[name] = value.into();
    claims
}

/// A token that says it needs no signature.
pub(super) fn unsigned(claims: &serde_json::Value, kid: &str) -> String {
    let header = json!({ "alg": "none", "typ": "at+jwt", "kid": kid });
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&header), part(claims))
}
