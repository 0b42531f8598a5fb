//! Etags: who writes says which version was read (AIP-154).

use sha2::{Digest, Sha256};
use uuid::Uuid;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Result};

/// Bytes of the hash that an etag shows; two versions of one resource never
/// meet in 96 bits.
const BYTES: usize = 12;

/// The etag of a version of a resource. Weak (RFC 9110, section 8.8.1): equal
/// etags mean the same version, not the same bytes.
#[must_use]
pub fn of(id: Uuid, version: i64) -> String {
    let digest = Sha256::new()
        .chain_update(id.as_bytes())
        .chain_update(version.to_be_bytes())
        .finalize();
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..BYTES]))
}

/// Refuses a write that was decided on an older version. A caller that gives no
/// etag takes the risk and passes.
///
/// # Errors
/// [`Error::Aborted`] with reason `ETAG_STALE`.
pub fn check(given: &str, id: Uuid, version: i64) -> Result<()> {
    if given.is_empty() || given == of(id, version) {
        return Ok(());
    }
    Err(Error::aborted(
        "ETAG_STALE",
        "Dữ liệu đã được người khác thay đổi. Vui lòng tải lại rồi thực hiện lại.",
        "Somebody else has changed this meanwhile. Read it again, then decide.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(7);

    #[test]
    fn case_59_a_stale_etag_is_refused() {
        assert!(matches!(check(&of(ID, 1), ID, 2), Err(Error::Aborted(_))));
        assert!(matches!(
            check(&of(Uuid::from_u128(8), 2), ID, 2),
            Err(Error::Aborted(_))
        ));
        assert!(matches!(check("nonsense", ID, 2), Err(Error::Aborted(_))));
    }

    #[test]
    fn the_present_etag_and_none_at_all_pass() {
        assert!(check(&of(ID, 2), ID, 2).is_ok());
        assert!(check("", ID, 2).is_ok());
    }
}
