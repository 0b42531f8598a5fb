use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::syllable::Tone;

/// Stands between the levels of a key and sorts before everything that a level holds.
const LEVEL: char = '\u{1}';

/// Of a letter without a tone, and of a small one.
const NO_MARK: char = '0';

/// A key whose byte order is the Vietnamese alphabetical order.
///
/// Letters first (`a ă â b c d đ e ê g … o ô ơ … u ư v x y`), then tones in the order of the
/// dictionary (ngang, huyền, hỏi, ngã, sắc, nặng), then small before capital letters. This is the
/// order of the Unicode collation for Vietnamese (CLDR `vi`): a blank sorts before letters, and a
/// tone decides only where all letters are equal. Both placements of a tone are one key there:
/// `Hoà` and `Hòa` stand together. Compare keys as bytes (in SQL: `collate "C"`).
///
/// ```
/// let mut names = ["Đà Nẵng", "Cà Mau", "Cần Thơ", "Cao Bằng", "An Giang"];
/// names.sort_by_cached_key(|name| vietnam::text::sort_key(name));
/// assert_eq!(names, ["An Giang", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng"]);
/// ```
#[must_use]
pub fn sort_key(text: &str) -> String {
    let mut key = Key::default();
    let mut decomposed = text.nfd().peekable();
    while let Some(base) = decomposed.next() {
        let mut cluster = Cluster::new(base);
        while let Some(mark) = decomposed.next_if(|c| is_combining_mark(*c)) {
            cluster.add(mark);
        }
        key.push(&cluster);
    }
    key.join()
}

/// A key that sorts people as Vietnamese lists do: by given name (the last word), then by family
/// and middle names.
///
/// ```
/// let mut people = ["Trần Văn Bình", "Nguyễn Thị Ánh", "Lê Văn An"];
/// people.sort_by_cached_key(|name| vietnam::text::person_sort_key(name));
/// assert_eq!(people, ["Lê Văn An", "Nguyễn Thị Ánh", "Trần Văn Bình"]);
/// ```
#[must_use]
pub fn person_sort_key(full_name: &str) -> String {
    let mut words: Vec<&str> = full_name.split_whitespace().collect();
    let given = words.pop().unwrap_or_default();
    let mut key = sort_key(given);
    key.push(LEVEL);
    key.push_str(&sort_key(&words.join(" ")));
    key
}

/// The three levels of a key.
#[derive(Default)]
struct Key {
    letters: String,
    /// A sign for each letter.
    marks: Vec<char>,
    cases: String,
    /// Which mark is the first of the syllable that is being read.
    syllable: Option<usize>,
}

impl Key {
    fn push(&mut self, cluster: &Cluster) {
        cluster.write(&mut self.letters, &mut self.cases);
        let here = self.marks.len();
        self.marks.push(cluster.secondary);
        if !cluster.base.is_alphabetic() {
            self.syllable = None;
            return;
        }
        let first = *self.syllable.get_or_insert(here);
        // A syllable has one tone, wherever it is written; where it has more, it is none.
        if self.marks[first] == NO_MARK && cluster.has_tone() {
            self.marks.swap(first, here);
        }
    }

    fn join(self) -> String {
        let marks: String = self.marks.into_iter().collect();
        [
            self.letters.as_str(),
            marks.trim_end_matches(NO_MARK),
            self.cases.trim_end_matches(NO_MARK),
        ]
        .join(&LEVEL.to_string())
    }
}

/// One letter with its marks.
struct Cluster {
    base: char,
    /// Breve, circumflex and horn make another letter, in this order after the plain one.
    shape: Option<char>,
    secondary: char,
}

impl Cluster {
    const fn new(base: char) -> Self {
        Self {
            base,
            shape: None,
            secondary: NO_MARK,
        }
    }

    fn add(&mut self, mark: char) {
        match (mark, self.base.to_ascii_lowercase()) {
            ('\u{306}', 'a') | ('\u{302}', 'e' | 'o') | ('\u{31b}', 'u') => self.shape = Some('{'),
            ('\u{302}', 'a') | ('\u{31b}', 'o') => self.shape = Some('|'),
            _ => self.secondary = Tone::of_mark(mark).map_or('6', Tone::digit),
        }
    }

    fn has_tone(&self) -> bool {
        ('1'..='5').contains(&self.secondary)
    }

    fn write(&self, letters: &mut String, cases: &mut String) {
        match self.base {
            'đ' | 'Đ' => letters.push_str("d{"),
            // The signs that mark letters in a key must not be mistaken for one.
            sign @ ('{' | '|' | '}' | '~') => letters.extend(['`', sign]),
            control if control <= LEVEL => letters.extend(['\u{2}', '\u{2}']),
            other => letters.extend(other.to_lowercase()),
        }
        letters.extend(self.shape);
        cases.push(if self.base.is_uppercase() { '1' } else { '0' });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(texts: &[&str]) -> bool {
        texts.is_sorted_by_key(|text| sort_key(text))
    }

    #[test]
    fn the_alphabet_is_in_order() {
        assert!(sorted(&[
            "a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "h", "i", "k", "l", "m", "n", "o",
            "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v", "x", "y"
        ]));
    }

    #[test]
    fn letters_decide_before_tones_and_tones_before_capitals() {
        assert!(sorted(&[
            "ma", "Ma", "mà", "Mà", "mả", "mã", "má", "mạ", "mà ca", "mâ", "mb"
        ]));
        assert!(sorted(&[
            "Hà Nội",
            "Hải Dương",
            "Hải Phòng",
            "Hậu Giang",
            "Hòa Bình"
        ]));
        assert!(sorted(&["an", "ang", "ăn", "ân"]));
    }

    #[test]
    fn both_placements_of_a_tone_stand_together() {
        for (old, new) in [
            ("Hoà", "Hòa"),
            ("Thuý Hoà", "Thúy Hòa"),
            ("khoẻ mạnh", "khỏe mạnh"),
            ("QUỲNH, HOÀ BÌNH", "QUỲNH, HÒA BÌNH"),
        ] {
            assert_eq!(sort_key(old), sort_key(new), "{old}");
        }
        assert!(sorted(&[
            "Hoa",
            "Hòa",
            "Hóa",
            "Hoà An",
            "Hòa Bình",
            "Hoà Lạc"
        ]));
    }

    #[test]
    fn people_sort_by_given_name_first() {
        let mut people = [
            "Vũ An",
            "Nguyễn Văn Ân",
            "Bùi Ăn",
            "Lê Văn An",
            "An",
            "Trần Thị Đào",
            "Đỗ Danh",
        ];
        people.sort_by_cached_key(|name| person_sort_key(name));
        assert_eq!(
            people,
            [
                "An",
                "Lê Văn An",
                "Vũ An",
                "Bùi Ăn",
                "Nguyễn Văn Ân",
                "Đỗ Danh",
                "Trần Thị Đào"
            ]
        );
    }

    proptest! {
        #[test]
        fn composed_and_decomposed_text_have_one_key(text in ".*") {
            let (composed, decomposed) = (crate::text::nfc(&text), crate::text::nfd(&text));
            prop_assert_eq!(sort_key(&composed), sort_key(&decomposed));
        }

        #[test]
        fn a_key_holds_no_nul_and_can_be_stored_anywhere(text in any::<String>()) {
            prop_assert!(!sort_key(&text).contains('\0'));
            prop_assert!(!person_sort_key(&text).contains('\0'));
        }

        #[test]
        fn a_prefix_sorts_before_the_longer_word(text in "[a-zăâđêôơư]{1,8}", more in "[a-zăâđêôơư]{1,4}") {
            let longer = text.clone() + &more;
            prop_assert!(sort_key(&text) < sort_key(&longer));
        }
    }
}
