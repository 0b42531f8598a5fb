//! Texts that people typed or pasted, made fit to store, to print and to send.
//!
//! Which signs they may hold is said once, in [`vietnam::text`].

use vietnam::text::{Room, nfc, unfit, with_vietnamese_d};

use crate::error::Violation;

/// Reads one line: composed (NFC), trimmed, inner blanks single; may be empty.
///
/// # Errors
/// A violation of `field`: signs that are hidden or of other scripts, the
/// beginning of an encoded word, or more than `limit` characters.
pub fn line(field: &str, raw: &str, limit: usize) -> Result<String, Violation> {
    fit(field, raw, Room::Line)?;
    within(field, tidy(raw), limit)
}

/// Reads one line that must not be empty.
///
/// # Errors
/// As [`line()`]; also when nothing but blanks is there.
pub fn required_line(field: &str, raw: &str, limit: usize) -> Result<String, Violation> {
    filled(field, line(field, raw, limit)?)
}

/// Reads some sentences, which may stand in several lines; may be empty.
///
/// # Errors
/// As [`line()`], where signs that illustrate are welcome.
pub fn note(field: &str, raw: &str, limit: usize) -> Result<String, Violation> {
    fit(field, raw, Room::Note)?;
    let lines: Vec<String> = raw.trim().lines().map(tidy).collect();
    within(field, lines.join("\n"), limit)
}

/// Reads some sentences that must say something.
///
/// # Errors
/// As [`note()`]; also when nothing but blanks is there.
pub fn required_note(field: &str, raw: &str, limit: usize) -> Result<String, Violation> {
    filled(field, note(field, raw, limit)?)
}

fn fit(field: &str, raw: &str, room: Room) -> Result<(), Violation> {
    unfit(raw, room).map_or(Ok(()), |what| {
        Err(Violation::unsafe_characters(field, what))
    })
}

fn within(field: &str, text: String, limit: usize) -> Result<String, Violation> {
    if text.chars().count() > limit {
        return Err(Violation::too_long(field, limit));
    }
    Ok(text)
}

fn filled(field: &str, text: String) -> Result<String, Violation> {
    if text.is_empty() {
        return Err(Violation::required(field));
    }
    Ok(text)
}

/// Composed, blanks single, and every letter that some keyboards write for đ as đ.
fn tidy(raw: &str) -> String {
    let words: Vec<&str> = raw.split_whitespace().collect();
    with_vietnamese_d(&nfc(&words.join(" ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decomposed_text_is_stored_composed() {
        assert_eq!(
            line("name", "Vie\u{323}\u{302}t  Nam ", 20).unwrap(),
            "Việt Nam"
        );
    }

    #[test]
    fn an_eth_that_stands_for_đ_is_stored_as_đ() {
        assert_eq!(line("name", "Ðắk Nông", 20).unwrap(), "Đắk Nông");
    }

    #[test]
    fn what_would_end_a_header_or_fool_a_reader_is_refused() {
        for raw in [
            "HTX A\r\nBcc: x@example.vn",
            "HTX\u{0}A",
            "HTX \u{202e}A",
            "HTX\u{200b}A",
            "HTX Вình Minh",
            "ＨＴＸ Bình Minh",
            "a\u{2028}b",
            "=?utf-8?q?HTX?=",
        ] {
            let violation = line("display_name", raw, 100).unwrap_err();
            assert_eq!(violation.reason, "UNSAFE_CHARACTERS", "{raw:?}");
        }
    }

    #[test]
    fn a_text_of_before_unicode_is_refused_by_the_name_of_its_encoding() {
        for (raw, name) in [
            ("Hîp t¸c x· N«ng nghiÖp B×nh Minh", "TCVN3"),
            ("NguyÔn ThÞ Ngäc ¸nh, kÕ to¸n tr\u{ad}ëng", "TCVN3"),
            ("Hôïp taùc xaõ Noâng nghieäp Bình Minh", "VNI"),
            ("keá toaùn tröôûng", "VNI"),
        ] {
            for refused in [line("title", raw, 100), note("title", raw, 100)] {
                let violation = refused.unwrap_err();
                assert_eq!(violation.reason, "LEGACY_ENCODING", "{raw}");
                let told = &violation.sentence;
                assert!(told.vi.contains(name) && told.en.contains(name), "{told:?}");
            }
        }
        assert_eq!(line("title", "45/QÐ-LMHTX", 20).unwrap(), "45/QĐ-LMHTX");
    }

    #[test]
    fn a_refusal_names_the_sign_by_its_number_and_never_shows_it() {
        let violation = line("display_name", "HTX \u{202e}A", 100).unwrap_err();
        assert!(violation.sentence.vi.contains("U+202E"), "{violation:?}");
        assert!(!violation.sentence.en.contains('\u{202e}'));
    }

    #[test]
    fn a_note_keeps_its_lines() {
        let raw = " Mang theo:\r\n  bút \n\n✍ giấy ";
        assert_eq!(note("bring", raw, 40).unwrap(), "Mang theo:\nbút\n\n✍ giấy");
        assert_eq!(
            required_note("reason", " \n ", 40).unwrap_err().reason,
            "REQUIRED"
        );
        assert_eq!(
            note("bring", "a\rb", 40).unwrap_err().reason,
            "UNSAFE_CHARACTERS"
        );
    }

    #[test]
    fn the_limit_counts_characters_after_composing() {
        assert!(line("name", &"e\u{323}\u{302}".repeat(10), 10).is_ok());
        assert_eq!(
            line("name", &"ệ".repeat(11), 10).unwrap_err().reason,
            "TOO_LONG"
        );
    }

    proptest! {
        #[test]
        fn what_was_read_reads_back_unchanged(raw in "\\PC{0,60}") {
            if let Ok(text) = line("name", &raw, 200) {
                prop_assert_eq!(line("name", &text, 200).unwrap(), text);
            }
            if let Ok(text) = note("name", &raw, 200) {
                prop_assert_eq!(note("name", &text, 200).unwrap(), text);
            }
        }
    }
}
