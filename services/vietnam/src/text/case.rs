use super::fold::nfc;

/// The text with its first letter in capitals, composed.
///
/// ```
/// assert_eq!(vietnam::text::capitalised("đồng chí"), "Đồng chí");
/// ```
#[must_use]
pub fn capitalised(text: &str) -> String {
    let text = nfc(text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        nfc(&first.to_uppercase().chain(letters).collect::<String>())
    })
}

/// A personal name in its usual spelling, each word with one capital and one blank between words,
/// for rosters that come all in capitals or in small letters.
///
/// ```
/// assert_eq!(vietnam::text::name_case("NGUYỄN  THỊ ÁNH"), "Nguyễn Thị Ánh");
/// ```
#[must_use]
pub fn name_case(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .map(|word| capitalised(&nfc(&word.to_lowercase())))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{fold, nfd};
    use proptest::prelude::*;

    #[test]
    fn decomposed_capitals_come_out_composed() {
        assert_eq!(name_case(&nfd("ĐỖ ÁNH")), "Đỗ Ánh");
        assert_eq!(capitalised(""), "");
    }

    proptest! {
        #[test]
        fn case_does_not_change_what_search_sees(name in "[A-Za-zĐđÁáẾếỨứ ]{0,30}") {
            let words: Vec<&str> = name.split_whitespace().collect();
            prop_assert_eq!(fold(&name_case(&name)), fold(&words.join(" ")));
            prop_assert_eq!(name_case(&name_case(&name)), name_case(&name));
        }

        #[test]
        fn any_text_has_a_case(text in any::<String>()) {
            let _ = (capitalised(&text), name_case(&text));
        }
    }
}
