//! Usual abbreviations of long names, for SMS, tables and searches.

use vietnam::text::fold;

/// The most characters a short name has: with a date and a place it still
/// leaves an SMS in one segment.
pub const SHORT_NAME_LIMIT: usize = 40;

/// Phrases by their folded words, longer ones before those they contain.
const ABBREVIATIONS: &[(&[&str], &str)] = &[
    (&["lien", "hiep", "hop", "tac", "xa"], "LHHTX"),
    (&["lien", "minh", "hop", "tac", "xa"], "LMHTX"),
    (&["hop", "tac", "xa"], "HTX"),
    (&["to", "hop", "tac"], "THT"),
    (&["quy", "tin", "dung", "nhan", "dan"], "QTDND"),
    (&["cong", "ty", "trach", "nhiem", "huu", "han"], "Cty TNHH"),
    (&["cong", "ty", "co", "phan"], "Cty CP"),
    (&["cong", "ty"], "Cty"),
    (&["uy", "ban", "nhan", "dan"], "UBND"),
    (&["hoi", "dong", "nhan", "dan"], "HĐND"),
];

/// The name with the usual abbreviations in place of their long forms,
/// whatever their case and tone placement.
///
/// ```
/// use registry::domain::short_name::abbreviated;
/// assert_eq!(abbreviated("HỢP TÁC XÃ Hoà Bình"), "HTX Hoà Bình");
/// ```
#[must_use]
pub fn abbreviated(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let mut short: Vec<&str> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let phrase = ABBREVIATIONS.iter().find(|(phrase, _)| {
            folded[at..]
                .iter()
                .zip(*phrase)
                .filter(|(a, b)| a == *b)
                .count()
                == phrase.len()
        });
        match phrase {
            Some((phrase, abbreviation)) => {
                short.push(abbreviation);
                at += phrase.len();
            }
            None => {
                short.push(words[at]);
                at += 1;
            }
        }
    }
    short.join(" ")
}

/// A short name for an organisation that has none: abbreviated, cut between words.
#[must_use]
pub fn derived(name: &str) -> String {
    let abbreviated = abbreviated(name);
    let mut short = String::new();
    for word in abbreviated.split(' ') {
        let blank = usize::from(!short.is_empty());
        if short.chars().count() + blank + word.chars().count() > SHORT_NAME_LIMIT {
            break;
        }
        if blank == 1 {
            short.push(' ');
        }
        short.push_str(word);
    }
    if short.is_empty() {
        abbreviated.chars().take(SHORT_NAME_LIMIT).collect()
    } else {
        short
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_forms_become_the_usual_short_ones() {
        for (name, short) in [
            (
                "Hợp tác xã Nông nghiệp Bình Minh",
                "HTX Nông nghiệp Bình Minh",
            ),
            ("Liên hiệp hợp tác xã Tây Nguyên", "LHHTX Tây Nguyên"),
            ("Quỹ tín dụng nhân dân Đắk Mil", "QTDND Đắk Mil"),
            ("Tổ hợp tác Tiến Đạt", "THT Tiến Đạt"),
            ("Uỷ ban nhân dân xã Đắk Wil", "UBND xã Đắk Wil"),
            ("Công ty cổ phần Sao Mai", "Cty CP Sao Mai"),
        ] {
            assert_eq!(derived(name), short);
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_between_words() {
        let short = derived("Hợp tác xã Dịch vụ Nông nghiệp Tổng hợp và Môi trường Bình Minh");
        assert_eq!(short, "HTX Dịch vụ Nông nghiệp Tổng hợp và Môi");
    }

    proptest! {
        #[test]
        fn a_short_name_is_never_empty_nor_too_long(name in "[a-zA-ZàđệỄ]{1,60}( [a-zA-ZàđệỄ]{1,12}){0,12}") {
            let length = derived(&name).chars().count();
            prop_assert!((1..=SHORT_NAME_LIMIT).contains(&length));
        }
    }
}
