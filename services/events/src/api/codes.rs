//! Giving out answer codes.

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::{Error, Result};
use rand::Rng as _;

use crate::domain::id::{InvitationId, SubmissionId};
use crate::store::answer_code;

/// Codes have six digits.
const CODES: u32 = 1_000_000;

/// Candidates offered beyond what is wanted, so that the taken ones among them
/// seldom cost another round.
const SPARE: usize = 8;

/// Rounds before the house counts as full: with nine of ten codes taken each
/// round still serves a tenth of whoever is left.
const ROUNDS: usize = 40;

/// Gives every new invitation a code.
pub(super) async fn for_invitations(tx: &Tx, ids: &[InvitationId], now: Timestamp) -> Result<()> {
    answer_code::retire(tx, now).await?;
    let mut wanted = ids.len();
    for _ in 0..ROUNDS {
        if wanted == 0 {
            return Ok(());
        }
        let given = answer_code::allot_invitations(tx, &candidates(wanted), ids).await?;
        wanted = wanted.saturating_sub(usize::try_from(given).unwrap_or(usize::MAX));
    }
    if wanted == 0 {
        Ok(())
    } else {
        Err(none_left())
    }
}

/// Gives every new submission a code.
pub(super) async fn for_submissions(tx: &Tx, ids: &[SubmissionId], now: Timestamp) -> Result<()> {
    answer_code::retire(tx, now).await?;
    let mut wanted = ids.len();
    for _ in 0..ROUNDS {
        if wanted == 0 {
            return Ok(());
        }
        let given = answer_code::allot_submissions(tx, &candidates(wanted), ids).await?;
        wanted = wanted.saturating_sub(usize::try_from(given).unwrap_or(usize::MAX));
    }
    if wanted == 0 {
        Ok(())
    } else {
        Err(none_left())
    }
}

/// Different random codes from the system's own generator, which nobody predicts.
fn candidates(wanted: usize) -> Vec<String> {
    let mut random = rand::rng();
    let mut codes: Vec<String> = (0..wanted + SPARE)
        .map(|_| format!("{:06}", random.random_range(0..CODES)))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The code in what a caller said: blanks do not count. `None` for anything that
/// cannot be a code.
pub(super) fn read(said: &str) -> Option<String> {
    let code: String = said.chars().filter(|sign| !sign.is_whitespace()).collect();
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

fn none_left() -> Error {
    Error::resource_exhausted(
        "ANSWER_CODES_EXHAUSTED",
        "Không còn mã trả lời, xin kết thúc các hoạt động đã qua rồi thử lại.",
        "No answer code is left; complete the events that are over, then try again.",
        None,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_six_digits_and_differ() {
        let codes = candidates(500);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(codes.iter().all(|code| read(code).as_ref() == Some(code)));
    }

    #[test]
    fn blanks_in_a_code_do_not_count() {
        assert_eq!(read(" 482 719 "), Some("482719".to_owned()));
        for wrong in ["", "48271", "4827190", "48271a", "４８２７１９"] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
