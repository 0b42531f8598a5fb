use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::syllable::Tone;

/// Stands between the levels of a key and sorts before everything that a level holds.
const LEVEL: char = '\u{1}';

/// A key whose byte order is the Vietnamese alphabetical order.
///
/// Letters first (`a ă â b c d đ e ê g … o ô ơ … u ư v x y`), then tones in the order of the
/// dictionary (ngang, huyền, hỏi, ngã, sắc, nặng), then small before capital letters. This is the
/// order of the Unicode collation for Vietnamese (CLDR `vi`): a blank sorts before letters, and a
/// tone decides only where all letters are equal. Compare keys as bytes (in SQL: `collate "C"`).
///
/// ```
/// let mut names = ["Đà Nẵng", "Cà Mau", "Cần Thơ", "Cao Bằng", "An Giang"];
/// names.sort_by_cached_key(|name| vietnam::text::sort_key(name));
/// assert_eq!(names, ["An Giang", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng"]);
/// ```
#[must_use]
pub fn sort_key(text: &str) -> String {
    let mut letters = String::with_capacity(text.len() * 2 + 2);
    let mut marks = String::new();
    let mut cases = String::new();
    let mut decomposed = text.nfd().peekable();
    while let Some(base) = decomposed.next() {
        let mut cluster = Cluster::new(base);
        while let Some(mark) = decomposed.next_if(|c| is_combining_mark(*c)) {
            cluster.add(mark);
        }
        cluster.write(&mut letters, &mut marks, &mut cases);
    }
    letters.push(LEVEL);
    letters.push_str(marks.trim_end_matches('0'));
    letters.push(LEVEL);
    letters.push_str(cases.trim_end_matches('0'));
    letters
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
            secondary: '0',
        }
    }

    fn add(&mut self, mark: char) {
        match (mark, self.base.to_ascii_lowercase()) {
            ('\u{306}', 'a') | ('\u{302}', 'e' | 'o') | ('\u{31b}', 'u') => self.shape = Some('{'),
            ('\u{302}', 'a') | ('\u{31b}', 'o') => self.shape = Some('|'),
            _ => self.secondary = Tone::of_mark(mark).map_or('6', Tone::digit),
        }
    }

    fn write(&self, letters: &mut String, marks: &mut String, cases: &mut String) {
        match self.base {
            'đ' | 'Đ' => letters.push_str("d{"),
            // The signs that mark letters in a key must not be mistaken for one.
            sign @ ('{' | '|' | '}' | '~') => letters.extend(['`', sign]),
            control if control <= LEVEL => letters.extend(['\u{2}', '\u{2}']),
            other => letters.extend(other.to_lowercase()),
        }
        letters.extend(self.shape);
        marks.push(self.secondary);
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
