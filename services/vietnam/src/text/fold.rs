use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The composed form (Unicode NFC), the one to store and to send.
///
/// ```
/// assert_eq!(vietnam::text::nfc("Vie\u{323}\u{302}t"), "Việt");
/// ```
#[must_use]
pub fn nfc(text: &str) -> String {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}

/// The decomposed form (Unicode NFD), as some phones and file systems write it.
///
/// ```
/// assert_eq!(vietnam::text::nfd("Việt"), "Vie\u{323}\u{302}t");
/// ```
#[must_use]
pub fn nfd(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        text.nfd().collect()
    }
}

/// The text with `Đ` and `đ` in place of letters of other languages that look the same and that
/// some keyboards write: the Icelandic eth (U+00D0, U+00F0) and the African D (U+0189).
///
/// ```
/// assert_eq!(vietnam::text::with_vietnamese_d("45/Q\u{d0}-LMHTX"), "45/QĐ-LMHTX");
/// ```
#[must_use]
pub fn with_vietnamese_d(text: &str) -> String {
    text.replace(['\u{d0}', '\u{189}'], "Đ")
        .replace('\u{f0}', "đ")
}

/// The text without diacritics, capitals kept: `Đắk Nông` gives `Dak Nong`.
///
/// `đ` and `Đ` do not decompose in Unicode and are mapped by hand.
///
/// ```
/// assert_eq!(vietnam::text::without_accents("Đắk Nông"), "Dak Nong");
/// ```
#[must_use]
pub fn without_accents(text: &str) -> String {
    if text.chars().all(is_latin) {
        return latin_letters(text).map(plain_d).collect();
    }
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(plain_d)
        .nfc()
        .collect()
}

/// The search form: lower case, no diacritics, `đ` as `d`. Spaces and punctuation stay.
///
/// Both placements of the tone fold to the same text, as do composed and decomposed input.
///
/// ```
/// use vietnam::text::fold;
/// assert_eq!(fold("LIÊN MINH HTX Đắk Nông"), "lien minh htx dak nong");
/// assert_eq!(fold("hoà"), fold("hòa"));
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    if text.chars().all(is_latin) {
        return latin_letters(text)
            .flat_map(char::to_lowercase)
            .map(plain_d)
            .collect();
    }
    fold_any(text)
}

/// [`fold`] for every script.
fn fold_any(text: &str) -> String {
    // Lower-casing can bring a mark of its own (`İ`), so marks go last, and it may change what
    // composes, so the form is settled afterwards.
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(plain_d)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .nfc()
        .collect()
}

/// Latin letters and the marks on them; taken apart, they are one base letter and marks, and base
/// letters alone never compose.
const fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}')
}

/// The base letters of a Latin text.
fn latin_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|c| {
        if c.is_ascii() {
            return Some(c);
        }
        let mut base = None;
        decompose_canonical(c, |part| {
            if base.is_none() && !is_combining_mark(part) {
                base = Some(part);
            }
        });
        base
    })
}

/// `đ` carries a stroke, not a combining mark.
const fn plain_d(c: char) -> char {
    match c {
        'đ' | 'ð' => 'd',
        'Đ' | 'Ð' => 'D',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVERY_LOWER_CASE_LETTER: &str = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọ\
        ôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ";

    #[test]
    fn every_vietnamese_letter_folds_to_ascii() {
        let upper = EVERY_LOWER_CASE_LETTER.to_uppercase();
        assert!(fold(EVERY_LOWER_CASE_LETTER).is_ascii());
        assert_eq!(fold(&upper), fold(EVERY_LOWER_CASE_LETTER));
        assert!(without_accents(&upper).is_ascii());
        assert_eq!(without_accents(&upper), fold(&upper).to_uppercase());
    }

    #[test]
    fn both_tone_placements_fold_alike() {
        for (old, new) in [
            ("hòa", "hoà"),
            ("thúy", "thuý"),
            ("khỏe", "khoẻ"),
            ("THÚY", "THUÝ"),
        ] {
            assert_eq!(fold(old), fold(new));
        }
    }

    #[test]
    fn the_capital_eth_that_some_keyboards_write_for_đ_folds_too() {
        assert_eq!(fold("Ðắk Nông"), "dak nong");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn composed_and_decomposed_text_fold_alike(text in ".*") {
            prop_assert_eq!(fold(&nfc(&text)), fold(&nfd(&text)));
        }

        #[test]
        fn latin_text_folds_as_any_text_does(text in "[\0-\u{24f}\u{300}-\u{36f}\u{1e00}-\u{1eff}]{0,40}") {
            prop_assert_eq!(fold(&text), fold_any(&text));
            let plain: String = text.nfd().filter(|c| !is_combining_mark(*c)).map(plain_d).nfc().collect();
            prop_assert_eq!(without_accents(&text), plain);
        }

        #[test]
        fn composing_undoes_decomposing(text in ".*") {
            let composed = nfc(&text);
            prop_assert_eq!(nfc(&nfd(&composed)), composed);
        }

        #[test]
        fn any_bytes_fold(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let text = String::from_utf8_lossy(&bytes);
            let _ = (fold(&text), without_accents(&text));
        }
    }
}
