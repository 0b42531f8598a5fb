use unicode_normalization::UnicodeNormalization;

/// The six tones of Vietnamese, in the order of the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// *Ngang*: no mark.
    Level,
    /// *Huyền*: grave.
    Falling,
    /// *Hỏi*: hook above.
    Asking,
    /// *Ngã*: tilde.
    Tumbling,
    /// *Sắc*: acute.
    Rising,
    /// *Nặng*: dot below.
    Heavy,
}

impl Tone {
    /// The tone a combining mark stands for.
    #[must_use]
    pub(crate) const fn of_mark(mark: char) -> Option<Self> {
        match mark {
            '\u{300}' => Some(Self::Falling),
            '\u{309}' => Some(Self::Asking),
            '\u{303}' => Some(Self::Tumbling),
            '\u{301}' => Some(Self::Rising),
            '\u{323}' => Some(Self::Heavy),
            _ => None,
        }
    }

    /// A digit that sorts as the tone does.
    #[must_use]
    pub(crate) const fn digit(self) -> char {
        match self {
            Self::Level => '0',
            Self::Falling => '1',
            Self::Asking => '2',
            Self::Tumbling => '3',
            Self::Rising => '4',
            Self::Heavy => '5',
        }
    }
}

/// The tone of one syllable, wherever in the syllable its mark stands.
///
/// ```
/// use vietnam::text::{Tone, tone_of};
/// assert_eq!(tone_of("hoà"), Tone::Falling);
/// assert_eq!(tone_of("Việt"), Tone::Heavy);
/// ```
#[must_use]
pub fn tone_of(syllable: &str) -> Tone {
    syllable
        .nfd()
        .find_map(Tone::of_mark)
        .unwrap_or(Tone::Level)
}

/// A key under which two spellings are equal when they differ only in case, in Unicode form or in
/// where the tone is placed: `Hoà` equals `hòa`, but not `hóa` and not `hoa`.
///
/// The tone is taken off its vowel and written as a digit after the syllable.
///
/// ```
/// use vietnam::text::accent_key;
/// assert_eq!(accent_key("Thuý"), accent_key("thúy"));
/// assert_ne!(accent_key("hoà"), accent_key("hoa"));
/// ```
#[must_use]
pub fn accent_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 8);
    let mut tone = None;
    for c in text.nfd().flat_map(char::to_lowercase).nfd() {
        if let Some(found) = Tone::of_mark(c) {
            tone = Some(found);
            continue;
        }
        let ends_syllable =
            !c.is_alphabetic() && !unicode_normalization::char::is_combining_mark(c);
        if ends_syllable && let Some(found) = tone.take() {
            key.push(found.digit());
        }
        key.push(c);
    }
    if let Some(found) = tone {
        key.push(found.digit());
    }
    key.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{nfc, nfd};
    use proptest::prelude::*;

    #[test]
    fn placements_are_equal_and_other_tones_are_not() {
        assert_eq!(accent_key("Hoà Bình"), accent_key("hòa bình"));
        assert_ne!(accent_key("hòa"), accent_key("hóa"));
        assert_ne!(accent_key("hòa bình"), accent_key("hoa bình"));
        assert_ne!(accent_key("mân"), accent_key("man"));
        assert_ne!(accent_key("đa"), accent_key("da"));
    }

    #[test]
    fn tones_stand_in_dictionary_order() {
        let order = ["ma", "mà", "mả", "mã", "má", "mạ"].map(tone_of);
        assert!(order.is_sorted());
    }

    proptest! {
        #[test]
        fn the_key_does_not_depend_on_the_unicode_form(text in "[a-zà-ỹđĐ .]{0,40}") {
            prop_assert_eq!(accent_key(&nfc(&text)), accent_key(&nfd(&text)));
        }

        #[test]
        fn any_bytes_have_a_key(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = accent_key(&String::from_utf8_lossy(&bytes));
        }
    }
}
