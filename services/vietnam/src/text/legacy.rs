use super::fold::nfc;
use super::spelling::is_syllable;

/// Ways to write Vietnamese before Unicode, in which fonts gave other signs their shapes. Pasted
/// into a Unicode program such a text stays behind as signs: `Hîp t¸c x·`, `Hôïp taùc xaõ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Legacy {
    /// TCVN 5712:1993, of the fonts `.VnTime` and their like: one sign a letter.
    Tcvn3,
    /// VNI, of the fonts `VNI-Times` and their like: a letter and a sign for its marks.
    Vni,
}

/// The signs of TCVN3 in the positions of Latin-1 (windows-1252), and the letters they stand for.
const TCVN3: (&str, &str) = (
    "¡¢§£¤¥¦¨©®ª«¬\u{ad}µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂĐÊÔƠƯăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
);

/// The letters of VNI that stand alone.
const VNI_ALONE: (&str, &str) = ("ôöñæóòîÔÖÑÆÓÒÎ", "ơưđỉĩịỵƠƯĐỈĨỊỴ");

/// The signs of VNI after a vowel, and the combining marks they add to it.
const VNI_MARKS: [(char, &str); 17] = [
    ('ù', "\u{301}"),
    ('ø', "\u{300}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];

impl Legacy {
    /// In which of them a text is written; `None` for Unicode, and for everything else.
    ///
    /// A word speaks for one of them if it is no Vietnamese syllable as it stands and becomes one
    /// when it is read so. No name of a commune does, and no foreign word that was tried.
    ///
    /// ```
    /// use vietnam::text::Legacy;
    /// assert_eq!(Legacy::of("Liªn minh Hîp t¸c x·"), Some(Legacy::Tcvn3));
    /// assert_eq!(Legacy::of("Lieân minh Hôïp taùc xaõ"), Some(Legacy::Vni));
    /// assert_eq!(Legacy::of("Liên minh Hợp tác xã"), None);
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        // Unicode letters that neither has: who typed one of them types Unicode.
        let is_of_unicode = |c: char| c > '\u{ff}' && c.is_alphabetic();
        let text = nfc(text);
        if text.is_ascii() || text.contains(is_of_unicode) {
            return None;
        }
        let count = |legacy: Self| words(&text).filter(|word| legacy.explains(word)).count();
        let (tcvn3, vni) = (count(Self::Tcvn3), count(Self::Vni));
        match tcvn3.max(vni) {
            0 => None,
            _ if tcvn3 >= vni => Some(Self::Tcvn3),
            _ => Some(Self::Vni),
        }
    }

    /// The text in Unicode.
    ///
    /// ```
    /// use vietnam::text::Legacy;
    /// assert_eq!(Legacy::Tcvn3.to_unicode("§¾k N«ng"), "Đắk Nông");
    /// assert_eq!(Legacy::Vni.to_unicode("Ñaék Noâng"), "Đắk Nông");
    /// ```
    #[must_use]
    pub fn to_unicode(self, text: &str) -> String {
        match self {
            Self::Tcvn3 => text
                .chars()
                .map(|c| in_table(TCVN3, c).unwrap_or(c))
                .collect(),
            Self::Vni => from_vni(text),
        }
    }

    /// What people call it.
    ///
    /// ```
    /// assert_eq!(vietnam::text::Legacy::Tcvn3.name(), "TCVN3");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3",
            Self::Vni => "VNI",
        }
    }

    fn explains(self, word: &str) -> bool {
        // A unit of measure begins with the sign of micro: µm, µg.
        let is_unit = word.starts_with('µ') && word.chars().count() <= 2;
        let has_letter = word.contains(|c: char| c.is_ascii_alphabetic());
        let stands = is_unit || has_foreign_d(word) || is_syllable(word) || lacks_its_tone(word);
        has_letter && !stands && is_syllable(&self.to_unicode(word))
    }
}

/// The eth of another keyboard, which begins a word or stands in an abbreviation (`NÐ-CP`), for
/// Đ; within a word of small letters it is the é of TCVN3.
fn has_foreign_d(word: &str) -> bool {
    let is_abbreviation = !word.contains(char::is_lowercase);
    word.contains('Ð') && (is_abbreviation || word.starts_with('Ð'))
}

/// A syllable that ends in a stop and was typed without the tone that it must have (`hôp`).
fn lacks_its_tone(word: &str) -> bool {
    let toned = [('â', "ậ"), ('ê', "ệ"), ('ô', "ộ")];
    toned
        .iter()
        .any(|(plain, toned)| word.contains(*plain) && is_syllable(&word.replace(*plain, toned)))
}

/// Letters and the signs that stand for some.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let belongs = |c: char| c.is_alphabetic() || in_table(TCVN3, c).is_some();
    text.split(move |c| !belongs(c))
        .filter(|word| !word.is_ascii())
}

fn in_table((from, to): (&str, &str), sign: char) -> Option<char> {
    from.chars()
        .zip(to.chars())
        .find_map(|(old, new)| (old == sign).then_some(new))
}

fn from_vni(text: &str) -> String {
    let mut read = String::with_capacity(text.len() + 8);
    let mut after_vowel = false;
    for c in text.chars() {
        let small = c.to_lowercase().next().unwrap_or(c);
        let mark = VNI_MARKS.iter().find(|(sign, _)| *sign == small);
        if let Some((_, mark)) = mark.filter(|_| after_vowel) {
            read.push_str(mark);
            after_vowel = false;
        } else {
            let letter = in_table(VNI_ALONE, c).unwrap_or(c);
            read.push(letter);
            after_vowel = "aeouyơưAEOUYƠƯ".contains(letter);
        }
    }
    nfc(&read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SENTENCES: [(&str, &str, &str); 4] = [
        (
            "Hợp tác xã Nông nghiệp Đức Xuyên",
            "Hîp t¸c x· N«ng nghiÖp §øc Xuyªn",
            "Hôïp taùc xaõ Noâng nghieäp Ñöùc Xuyeân",
        ),
        (
            "Nguyễn Thị Ngọc Ánh, kế toán trưởng",
            "NguyÔn ThÞ Ngäc ¸nh, kÕ to¸n tr\u{ad}ëng",
            "Nguyeãn Thò Ngoïc AÙnh, keá toaùn tröôûng",
        ),
        (
            "Kỹ thuật trồng sầu riêng, bưởi, ớt",
            "Kü thuËt trång sÇu riªng, b\u{ad}ëi, ít",
            "Kyõ thuaät troàng saàu rieâng, böôûi, ôùt",
        ),
        (
            "hỗ trợ vốn quý I",
            "hç trî vèn quý I",
            "hoã trôï voán quyù I",
        ),
    ];

    #[test]
    fn both_are_recognised_and_read() {
        for (unicode, tcvn3, vni) in SENTENCES {
            assert_eq!(Legacy::of(tcvn3), Some(Legacy::Tcvn3), "{tcvn3}");
            assert_eq!(Legacy::of(vni), Some(Legacy::Vni), "{vni}");
            assert_eq!(Legacy::of(unicode), None, "{unicode}");
            assert_eq!(nfc(&Legacy::Vni.to_unicode(vni)), unicode);
            // TCVN3 has no capitals with a tone: fonts of capitals show the small letters.
            assert_eq!(
                Legacy::Tcvn3.to_unicode(tcvn3).to_lowercase(),
                unicode.to_lowercase()
            );
        }
    }

    #[test]
    fn a_text_is_recognised_composed_or_not() {
        for (_, _, vni) in SENTENCES {
            assert_eq!(
                Legacy::of(&super::super::nfd(vni)),
                Some(Legacy::Vni),
                "{vni}"
            );
        }
        assert_eq!(Legacy::of(&super::super::nfd("Hòa, Hoà, Tân, Quý")), None);
    }

    #[test]
    fn single_words_are_recognised_too() {
        for (word, legacy) in [
            ("Hµ", Legacy::Tcvn3),
            ("x·", Legacy::Tcvn3),
            ("®ång", Legacy::Tcvn3),
            ("mÐt", Legacy::Tcvn3),
            ("Giaáy", Legacy::Vni),
            ("ñoàng", Legacy::Vni),
        ] {
            assert_eq!(Legacy::of(word), Some(legacy), "{word}");
        }
    }

    #[test]
    fn signs_and_foreign_words_are_left_alone() {
        for text in [
            "OCOP®",
            "© Lienminh",
            "½ ngày",
            "5 µm",
            "«Song»",
            "§5, kho A·B",
            "Müller & François, São Paulo, Düsseldorf",
            "Nestlé, café, Noël, Citroën, El Niño, Zürich",
            "Hoà, hoá, toà, thuý, khoẻ, quý",
            "46/NÐ-CP, 45/QÐ-LMHTX, HÐQT, HÐ, CÐ, TÐ, Ðoàn, Ðình, Ðà, Ðan, Ðông, Ðèo",
            "hôp giao ban, bôt sãn, Pôn Pôt, kêt quà, Bâc",
            "Ea T'ling, Krông Nô, Niê, Plei Kần",
            "Lê Thì Xê, Bùi Tô, Sùng A Páo, Hà Nhì, La Hù, Si La",
        ] {
            assert_eq!(Legacy::of(text), None, "{text}");
        }
    }

    #[test]
    fn ten_thousand_names_are_unicode() {
        let families = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Niê Ksor Ngân Sùng";
        let middles =
            "Văn Thị Hữu Đức Ngọc Minh Thanh Quốc Xuân Thúy A Y Thuý Bá Kim Mỹ Hòa Hoà Như Tô";
        let given = "An Bình Chí Dũng Én Giang Hà Ích Khoa Là Mô Nê Oanh Phú Quý Rê Sô Tâm Uyên Vân Xê Ý Zét Hoè Lì";
        let mut seen = 0;
        for family in families.split(' ') {
            for middle in middles.split(' ') {
                for name in given.split(' ') {
                    assert_eq!(Legacy::of(&format!("{family} {middle} {name}")), None);
                    assert_eq!(Legacy::of(name), None, "{name}");
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 10_000);
    }

    #[test]
    fn the_tables_pair_up() {
        for (from, to) in [TCVN3, VNI_ALONE] {
            assert_eq!(from.chars().count(), to.chars().count());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_by_both(text in any::<String>()) {
            let _ = (Legacy::of(&text), Legacy::Tcvn3.to_unicode(&text), Legacy::Vni.to_unicode(&text));
        }
    }
}
