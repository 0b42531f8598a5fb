use crate::text::{is_hidden, without_accents};

/// The accentless version of a text for one message: no diacritics, and what word processors put
/// in place of plain signs (curly quotes, long dashes, ellipses, no-break blanks) made plain again.
///
/// Pictures (emoji, arrows) are left out. Signs of other scripts stay; [`encoding`](super::encoding)
/// then says UCS-2.
///
/// ```
/// assert_eq!(vietnam::sms::accentless("“Kính gửi” Quý HTX…"), "\"Kinh gui\" Quy HTX...");
/// ```
#[must_use]
pub fn accentless(text: &str) -> String {
    if text.is_ascii() && !text.contains(['`', '\t']) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    for c in without_accents(text).chars() {
        match plain_sign(c) {
            Some(sign) => plain.push_str(sign),
            None => plain.push(c),
        }
    }
    plain
}

/// What a typographic sign is written as in a plain text.
const fn plain_sign(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '`' | '´' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '«' | '»' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2026}' => "...",
        '\u{2022}' | '·' | '→' | '➔' | '➜' | '⇒' | '←' => "-",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '≥' => ">=",
        '≤' => "<=",
        '№' => "So",
        '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '₫' => "d",
        '×' => "x",
        '÷' => ":",
        '²' => "2",
        '³' => "3",
        '°' => " do",
        // Pictures: the words beside them say it.
        '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' => "",
        '\u{1f000}'..='\u{1faff}' | '\u{fe00}'..='\u{fe0f}' | '\u{200d}' => "",
        _ if is_hidden(c) && !c.is_ascii() => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms::{Encoding, encoding};
    use proptest::prelude::*;

    #[test]
    fn case_34_what_word_pastes_no_longer_costs_the_alphabet() {
        let pasted = "“Họp”\u{a0}ngày 5–6/7… ‘đủ’ • 195.000.000\u{202f}₫";
        assert_eq!(
            accentless(pasted),
            "\"Hop\" ngay 5-6/7... 'du' - 195.000.000 d"
        );
        assert_eq!(encoding(&accentless(pasted)), Encoding::Gsm7);
    }

    #[test]
    fn decomposed_text_gives_the_same_plain_text() {
        assert_eq!(accentless("e\u{323}\u{302}"), accentless("ệ"));
    }

    proptest! {
        #[test]
        fn making_plain_twice_changes_nothing(text in ".*") {
            let once = accentless(&text);
            prop_assert_eq!(accentless(&once), once);
        }

        #[test]
        fn vietnamese_words_always_fit_the_short_alphabet(text in "[a-zA-ZàảãáạăằẳẵắặâầẩẫấậđĐèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ ,.;:0-9]{0,200}") {
            prop_assert_eq!(encoding(&accentless(&text)), Encoding::Gsm7);
        }
    }
}
