//! The opaque tokens of reply pages.
//!
//! A token names what it answers and proves by an HMAC that this service made it.
//! No token is kept anywhere, and an audience can be told again at any time. A
//! token lives as long as its matter takes answers: the state of the matter
//! decides, so one that is used again afterwards changes nothing. The key follows
//! from the service's own: replacing that one ends all tokens that are out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::id::{InvitationId, SubmissionId};

/// Bytes of the key.
pub const KEY_BYTES: usize = 32;

/// Bytes of the proof: 2^128 tries for one guess (RFC 2104, section 5, allows
/// half of the hash).
const PROOF_BYTES: usize = 16;
const TOKEN_BYTES: usize = 1 + 16 + PROOF_BYTES;

/// What a reply page answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An invitation: yes or no.
    Invitation(InvitationId),
    /// A report: sent.
    Submission(SubmissionId),
}

impl Reply {
    const fn parts(self) -> (u8, Uuid) {
        match self {
            Self::Invitation(id) => (1, id.0),
            Self::Submission(id) => (2, id.0),
        }
    }

    /// Which invitation or submission it is.
    #[must_use]
    pub const fn id(self) -> Uuid {
        self.parts().1
    }

    const fn of_parts(tag: u8, id: Uuid) -> Option<Self> {
        match tag {
            1 => Some(Self::Invitation(InvitationId(id))),
            2 => Some(Self::Submission(SubmissionId(id))),
            _ => None,
        }
    }
}

/// The key that makes and checks tokens. It has no `Debug`.
#[derive(Clone)]
pub struct TokenKey([u8; KEY_BYTES]);

impl TokenKey {
    /// A key from its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The token of a reply page.
    #[must_use]
    pub fn token(&self, reply: Reply) -> String {
        let (tag, id) = reply.parts();
        let mut bytes = Vec::with_capacity(TOKEN_BYTES);
        bytes.push(tag);
        bytes.extend_from_slice(id.as_bytes());
        let proof = self.mac(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&proof[..PROOF_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a token answers; `None` for anything that this key did not make.
    #[must_use]
    pub fn open(&self, token: &str) -> Option<Reply> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() != TOKEN_BYTES {
            return None;
        }
        let (said, proof) = bytes.split_at(TOKEN_BYTES - PROOF_BYTES);
        // Compares in constant time.
        self.mac(said).verify_truncated_left(proof).ok()?;
        let (tag, id) = said.split_first()?;
        Reply::of_parts(*tag, Uuid::from_slice(id).ok()?)
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        // An HMAC takes a key of any length, so this cannot fail.
        #[allow(clippy::expect_used)]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length will do");
        mac.update(b"lienminh reply page v1");
        mac.update(bytes);
        mac
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn key() -> TokenKey {
        TokenKey::new([7; KEY_BYTES])
    }

    #[test]
    fn a_token_leads_back_to_what_it_answers() {
        let replies = [
            Reply::Invitation(InvitationId::new()),
            Reply::Submission(SubmissionId::new()),
        ];
        for reply in replies {
            let token = key().token(reply);
            assert_eq!(token.len(), 44);
            assert_eq!(key().open(&token), Some(reply));
        }
    }

    #[test]
    fn a_token_of_another_key_is_refused() {
        let reply = Reply::Invitation(InvitationId::new());
        let forged = TokenKey::new([8; KEY_BYTES]).token(reply);
        assert_eq!(key().open(&forged), None);
    }

    proptest! {
        #[test]
        fn a_token_with_any_bit_turned_is_refused(byte in 0usize..TOKEN_BYTES, bit in 0u8..8) {
            let token = key().token(Reply::Submission(SubmissionId::new()));
            let mut bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
            bytes[byte] ^= 1 << bit;
            prop_assert_eq!(key().open(&URL_SAFE_NO_PAD.encode(bytes)), None);
        }

        #[test]
        fn any_other_text_is_refused(text in "\\PC{0,60}") {
            prop_assert_eq!(key().open(&text), None);
        }
    }
}
