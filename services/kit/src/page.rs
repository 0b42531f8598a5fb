//! Pages of a list (AIP-158): sizes, and tokens that fit only the list they came from.
//!
//! A token holds where the next page begins. It is bound to the caller's method,
//! filter and order, and authenticated, so that it can be neither carried over to
//! another list nor made up. It is not encrypted: a cursor holds ids and sort
//! keys that the caller has already seen.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use crate::error::{Error, Result, Violation};

/// Entries on a page when the caller does not say.
pub const DEFAULT_SIZE: u32 = 50;

/// Entries on a page at most: such a page of our largest resources stays well
/// under the message limit.
pub const MAX_SIZE: u32 = 200;

/// Longest token taken: ours hold an id and a sort key.
const MAX_TOKEN: usize = 2048;

/// Bytes of the authentication code, enough that guessing is hopeless.
const CODE: usize = 16;

/// The page size to use: 0 means [`DEFAULT_SIZE`], more than [`MAX_SIZE`] means that.
///
/// # Errors
/// [`Error::InvalidArgument`] naming `page_size` when it is negative.
pub fn size(asked: i32) -> Result<u32> {
    match u32::try_from(asked) {
        Ok(0) => Ok(DEFAULT_SIZE),
        Ok(size) => Ok(size.min(MAX_SIZE)),
        Err(_) => Err(Error::invalid(Violation::new(
            "page_size",
            "NEGATIVE",
            "Số mục trên mỗi trang không được âm.",
            "The page size must not be negative.",
        ))),
    }
}

/// Makes and reads the page tokens of one service. Cheap to clone.
#[derive(Clone)]
pub struct Tokens(Hmac<Sha256>);

impl Tokens {
    /// Tokens under a secret that all replicas of a service share and no other
    /// service has.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        // HMAC takes keys of any length (RFC 2104).
        #[allow(clippy::expect_used)]
        let mac = Hmac::new_from_slice(secret).expect("any key length is a key");
        Self(mac)
    }

    /// A token for the page that begins after `cursor`.
    ///
    /// `list` names what the token is for: the method and every field of the
    /// request that shapes the list (parent, filter, order).
    ///
    /// # Errors
    /// [`Error::Internal`] when the cursor cannot be written.
    pub fn issue(&self, list: &[&str], cursor: &impl Serialize) -> Result<String> {
        let mut bytes = serde_json::to_vec(cursor).map_err(Error::internal)?;
        let code = self.code(list, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&code[..CODE]);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The cursor in a token; `None` for the empty token of a first page.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] naming `page_token` when the token is not ours
    /// or belongs to another list.
    pub fn read<C: DeserializeOwned>(&self, list: &[&str], token: &str) -> Result<Option<C>> {
        if token.is_empty() {
            return Ok(None);
        }
        self.open(list, token).map(Some).ok_or_else(foreign)
    }

    fn open<C: DeserializeOwned>(&self, list: &[&str], token: &str) -> Option<C> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (cursor, code) = bytes.split_at_checked(bytes.len().checked_sub(CODE)?)?;
        self.code(list, cursor).verify_truncated_left(code).ok()?;
        serde_json::from_slice(cursor).ok()
    }

    /// Every part is preceded by its length, so that no two lists look alike.
    fn code(&self, list: &[&str], cursor: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in list {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.update(&u64::MAX.to_be_bytes());
        mac.update(cursor);
        mac
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Tokens")
    }
}

fn foreign() -> Error {
    Error::invalid(Violation::new(
        "page_token",
        "FOREIGN_PAGE_TOKEN",
        "Mã trang không hợp lệ hoặc thuộc một danh sách khác. Vui lòng đọc lại từ trang đầu.",
        "The page token is not valid, or belongs to another list. Start again at the first page.",
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LIST: [&str; 3] = ["ListEvents", "kind = CEREMONY", "start_time desc"];

    fn tokens() -> Tokens {
        Tokens::new(b"secret of the tests")
    }

    fn field_of(error: Error) -> String {
        let Error::InvalidArgument(violations) = error else {
            panic!("not an invalid argument: {error:?}");
        };
        violations[0].field.clone()
    }

    #[test]
    fn case_59_page_sizes_are_defaulted_clamped_and_never_negative() {
        assert_eq!(size(0).unwrap(), 50);
        assert_eq!(size(7).unwrap(), 7);
        assert_eq!(size(1_000_000).unwrap(), 200);
        assert_eq!(field_of(size(-1).unwrap_err()), "page_size");
    }

    #[test]
    fn a_token_leads_back_to_its_cursor() {
        let token = tokens().issue(&LIST, &("2024-04-11", 42)).unwrap();
        let cursor: Option<(String, i64)> = tokens().read(&LIST, &token).unwrap();
        assert_eq!(cursor, Some(("2024-04-11".to_owned(), 42)));
    }

    #[test]
    fn the_first_page_has_no_token() {
        assert_eq!(tokens().read::<i64>(&LIST, "").unwrap(), None);
    }

    #[test]
    fn case_59_a_token_of_another_list_is_refused() {
        let token = tokens().issue(&LIST, &42).unwrap();
        for other in [
            ["ListEvents", "kind = MEETING", "start_time desc"],
            ["ListEvents", "kind = CEREMONY", "start_time"],
            ["ListEventskind = CEREMONY", "", "start_time desc"],
        ] {
            let error = tokens().read::<i64>(&other, &token).unwrap_err();
            assert_eq!(field_of(error), "page_token");
        }
    }

    #[test]
    fn a_token_that_was_touched_or_made_up_is_refused() {
        let token = tokens().issue(&LIST, &42).unwrap();
        let touched = format!("B{}", &token[1..]);
        assert_ne!(touched, token);
        for bad in [
            touched.as_str(),
            "AAAA",
            "@@",
            &token[..10],
            &"A".repeat(5_000),
        ] {
            assert_eq!(
                field_of(tokens().read::<i64>(&LIST, bad).unwrap_err()),
                "page_token"
            );
        }
        let stranger = Tokens::new(b"another secret");
        assert!(stranger.read::<i64>(&LIST, &token).is_err());
    }
}
