//! An Ed25519 signing key and its files.

use std::path::Path;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};

use super::claims::{Claims, TOKEN_TYPE};
use super::folder::create_once;

/// Characters of the key id: 96 bits of the public key's hash, plenty to tell
/// a handful of keys apart and short enough to read out.
const KEY_ID_LENGTH: usize = 16;

/// A private key of this installation.
pub struct Key {
    id: String,
    public: String,
    encoding: EncodingKey,
    secrets: Hmac<Sha256>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Key")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Key {
    /// Reads the key at `path`, or makes it (mode 0600). Safe when several
    /// processes start at once: one of them makes it, all read the same.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds no Ed25519 key in PKCS#8.
    pub fn ensure(path: &Path) -> Result<Self> {
        if !path.exists() {
            create_once(path, generate()?.as_bytes(), 0o600)?;
        }
        Self::read(path)
    }

    /// Reads the key at `path`.
    ///
    /// # Errors
    /// As for [`Key::ensure`].
    pub fn read(path: &Path) -> Result<Self> {
        let pem = crate::file::text(path)
            .with_context(|| format!("cannot read the key {}", path.display()))?;
        let key = SigningKey::from_pkcs8_pem(&pem)
            .map_err(|_| anyhow::anyhow!("{} holds no Ed25519 key in PKCS#8", path.display()))?;
        let document = key
            .to_pkcs8_der()
            .map_err(|_| anyhow::anyhow!("the key {} cannot be encoded", path.display()))?;
        let public = key.verifying_key().to_bytes();
        Ok(Self {
            id: key_id(&public),
            public: URL_SAFE_NO_PAD.encode(public),
            encoding: EncodingKey::from_ed_der(document.as_bytes()),
            secrets: Hmac::new_from_slice(key.as_bytes()).context("any key length is a key")?,
        })
    }

    /// A secret for one purpose: the same for every replica of a service, of no
    /// use for another purpose or another service.
    #[must_use]
    pub fn secret(&self, purpose: &str) -> [u8; 32] {
        self.secrets
            .clone()
            .chain_update(purpose.as_bytes())
            .finalize()
            .into_bytes()
            .into()
    }

    /// The id under which the public half is trusted (`kid`).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public half in base64url.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.public
    }

    /// Signs the claims.
    ///
    /// # Errors
    /// The claims do not serialise; does not happen with ours.
    pub fn sign(&self, claims: &Claims) -> Result<String> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).context("cannot sign a token")
    }
}

fn key_id(public: &[u8]) -> String {
    let mut id = URL_SAFE_NO_PAD.encode(Sha256::digest(public));
    id.truncate(KEY_ID_LENGTH);
    id
}

fn generate() -> Result<String> {
    let mut seed = [0_u8; 32];
    rand::rngs::OsRng
        .try_fill_bytes(&mut seed)
        .context("the system gives no random bytes")?;
    let pem = SigningKey::from_bytes(&seed)
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|_| anyhow::anyhow!("a new key cannot be encoded"))?;
    Ok(pem.to_string())
}
