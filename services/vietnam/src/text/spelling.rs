use unicode_normalization::UnicodeNormalization;

use super::syllable::Tone;

/// What a syllable may begin with, longest first; `gi` and `qu` are tried beside `g` and `q`.
const ONSETS: [&str; 29] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x", "",
];

/// What may follow, without its tone.
const RHYMES: &str = " a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oc oi om on ong ooc oong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh \
    uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uynh uyp uyt uyu ư ưa ưc ưi ưm ưng ưt ưu \
    ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu ";

/// Whether a word can be a Vietnamese syllable, in any case and either Unicode form: a known
/// beginning, a known rhyme, at most one tone, and before a final `c`, `ch`, `p`, `t` only *sắc* or
/// *nặng* where a tone is written.
///
/// Lenient where place names are (`k` before any vowel, `p` at the beginning); it tells Vietnamese
/// from what is not, it does not correct spelling.
///
/// ```
/// use vietnam::text::is_syllable;
/// assert!(is_syllable("Nghiệp") && is_syllable("hoà") && is_syllable("GIẾNG"));
/// assert!(!is_syllable("Hîp") && !is_syllable("Krông") && !is_syllable("bàt"));
/// ```
#[must_use]
pub fn is_syllable(word: &str) -> bool {
    let Some((letters, tone)) = without_tone(word) else {
        return false;
    };
    let stopped = letters.ends_with(['c', 'p', 't']) || letters.ends_with("ch");
    let sounds = !stopped || matches!(tone, Tone::Level | Tone::Rising | Tone::Heavy);
    sounds
        && ONSETS
            .iter()
            .any(|onset| letters.strip_prefix(onset).is_some_and(is_rhyme))
}

fn is_rhyme(letters: &str) -> bool {
    !letters.is_empty() && RHYMES.split(' ').any(|rhyme| rhyme == letters)
}

/// The small letters of a word without its tone; `None` if it has several.
fn without_tone(word: &str) -> Option<(String, Tone)> {
    let mut tone = None;
    let mut letters = String::with_capacity(word.len());
    for c in word.nfd().flat_map(char::to_lowercase) {
        match Tone::of_mark(c) {
            Some(found) if tone.replace(found).is_none() => {}
            Some(_) => return None,
            None => letters.push(c),
        }
    }
    Some((letters.nfc().collect(), tone.unwrap_or(Tone::Level)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_of_everyday_letters_are_syllables() {
        let text = "Cộng hòa xã hội chủ nghĩa Việt Nam Độc lập Tự do Hạnh phúc Liên minh Hợp tác xã tỉnh \
            kính gửi Quý đơn vị giấy mời dự hội nghị tuyên truyền Luật năm ngày mười tám giờ khuya quét quyết \
            nghiêng giếng gì khuỷu ngoằn ngoèo xoong thuở huýt Quỳnh rượu yêu ưu tiên";
        for word in text.split_whitespace() {
            assert!(is_syllable(word), "{word}");
        }
    }

    #[test]
    fn other_words_are_not() {
        for word in [
            "",
            "b",
            "Krông",
            "Düsseldorf",
            "Nestlé",
            "bàt",
            "hợpp",
            "xyz",
            "Đ",
            "máà",
            "ngoă",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_one_or_not(text in any::<String>()) {
            prop_assert_eq!(is_syllable(&text), is_syllable(&crate::text::nfd(&text)));
        }
    }
}
