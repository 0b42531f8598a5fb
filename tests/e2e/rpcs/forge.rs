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
    public: Vec<u8>,
}

impl Forge {
    /// With the key of the command line, which may sign for everybody.
    pub(super) fn trusted(stage: &Stage) -> Self {
        Self::with_key_of(stage, "cli")
    }

    /// With the key of a service, which may sign for itself only.
    pub(super) fn of_service(stage: &Stage, service: &str) -> Self {
        Self::with_key_of(stage, service)
    }

    fn with_key_of(stage: &Stage, owner: &str) -> Self {
        let folder = stage.suite().auth_folder();
        let pem = std::fs::read_to_string(folder.join(format!("{owner}.key.pem"))).unwrap();
        let encoded: String = pem
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .collect();
        let (kid, public) = trusted(&folder, owner);
        Self {
            key: EncodingKey::from_ed_der(&STANDARD.decode(encoded).unwrap()),
            kid,
            public,
        }
    }

    /// With a key that nobody trusts, under the name of one that is trusted.
    pub(super) fn stranger(stage: &Stage) -> Self {
        let key = SigningKey::from_bytes(&rand::random());
        let der = key.to_pkcs8_der().unwrap();
        let (kid, public) = trusted(&stage.suite().auth_folder(), "cli");
        Self {
            key: EncodingKey::from_ed_der(der.as_bytes()),
            kid,
            public,
        }
    }

    pub(super) fn sign(&self, claims: &serde_json::Value) -> String {
        self.sign_as("at+jwt", &self.kid, claims)
    }

    /// As a token of this type by the key of this name.
    pub(super) fn sign_as(&self, kind: &str, kid: &str, claims: &serde_json::Value) -> String {
        let header = header(Algorithm::EdDSA, kind, kid);
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }

    /// With HMAC, for which the public key is taken as the secret.
    pub(super) fn sign_with_the_public_key(&self, claims: &serde_json::Value) -> String {
        let secret = EncodingKey::from_secret(&self.public);
        let header = header(Algorithm::HS256, "at+jwt", &self.kid);
        jsonwebtoken::encode(&header, claims, &secret).unwrap()
    }
}

fn header(algorithm: Algorithm, kind: &str, kid: &str) -> Header {
    Header {
        kid: Some(kid.to_owned()),
        typ: Some(kind.to_owned()),
        ..Header::new(algorithm)
    }
}

/// Name and public part of a trusted key.
fn trusted(folder: &Path, owner: &str) -> (String, Vec<u8>) {
    let entry = std::fs::read(folder.join(format!("trusted/{owner}.json"))).unwrap();
    let entry: serde_json::Value = serde_json::from_slice(&entry).unwrap();
    let text = |name: &str| entry[name].as_str().unwrap().to_owned();
    let public = URL_SAFE_NO_PAD.decode(text("public_key")).unwrap();
    (text("kid"), public)
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
