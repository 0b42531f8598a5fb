//! Texts that people typed or pasted, made fit to store, to print and to send.

use crate::error::Violation;

/// Reads one line: composed (NFC), trimmed, inner blanks single; may be empty.
///
/// # Errors
/// A violation of `field`: control, bidirectional or invisible characters,
/// letters that only look Latin, or more than `limit` characters.
pub fn line(field: &str, raw: &str, limit: usize) -> Result<String, Violation> {
    let composed = vietnam::text::nfc(raw);
    let text = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    if composed.chars().any(is_line_end) || text.chars().any(is_unsafe) {
        return Err(Violation::unsafe_characters(field));
    }
    if text.chars().count() > limit {
        return Err(Violation::too_long(field, limit));
    }
    Ok(text)
}

/// Reads one line that must not be empty.
///
/// # Errors
/// As [`line()`]; also when nothing but blanks is there.
pub fn required_line(field: &str, raw: &str, limit: usize) -> Result<String, Violation> {
    let text = line(field, raw, limit)?;
    if text.is_empty() {
        return Err(Violation::required(field));
    }
    Ok(text)
}

/// Line ends inside a line would end a header; at its ends they are blanks from a paste.
fn is_line_end(character: char) -> bool {
    matches!(
        character,
        '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn is_unsafe(character: char) -> bool {
    character.is_control() || is_invisible(character) || is_lookalike(character)
}

/// Joiners, marks of direction, fillers, tags and private characters: they
/// change what a reader sees and leave no trace.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

/// Letters of other scripts that pass for Latin ones: Greek, Cyrillic,
/// Armenian, Cherokee, mathematical and full-width letters.
fn is_lookalike(character: char) -> bool {
    matches!(character,
        '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{530}'..='\u{58f}'
        | '\u{13a0}'..='\u{13ff}' | '\u{1c80}'..='\u{1c8f}' | '\u{1f00}'..='\u{1fff}'
        | '\u{2c80}'..='\u{2cff}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}'
        | '\u{ab70}'..='\u{abbf}' | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}')
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
    fn what_would_end_a_header_or_fool_a_reader_is_refused() {
        for raw in [
            "HTX A\r\nBcc: x@example.vn",
            "HTX\u{0}A",
            "HTX \u{202e}A",
            "HTX\u{200b}A",
            "HTX Вình Minh",
            "ＨＴＸ Bình Minh",
            "a\u{2028}b",
        ] {
            let violation = line("display_name", raw, 100).unwrap_err();
            assert_eq!(violation.reason, "UNSAFE_CHARACTERS", "{raw:?}");
        }
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
        }
    }
}
