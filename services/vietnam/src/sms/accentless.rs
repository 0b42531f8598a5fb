use super::{Encoding, encoding};
use crate::text::{is_hidden, without_accents};

/// The accentless version of a text for one message: no diacritics, and what word processors put
/// in place of plain signs (curly quotes, long dashes, ellipses, no-break blanks) made plain again.
///
/// Pictures (emoji, boxes) are left out. Whatever a title may hold then fits the GSM 7 bit alphabet;
/// letters of other scripts, which are refused where a title is entered, stay, and [`encoding`] says
/// UCS-2.
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
            // Pictures: the words beside them say it.
            None if !c.is_alphanumeric() && is_dear(c) => {}
            None => plain.push(c),
        }
    }
    plain
}

/// Whether a sign takes its whole message into UCS-2.
fn is_dear(sign: char) -> bool {
    encoding(sign.encode_utf8(&mut [0; 4])) == Encoding::Ucs2
}

/// What a typographic sign is written as in a plain text.
const fn plain_sign(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '`' | '´' => "'",
        '\u{2039}' | '\u{203a}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '«' | '»' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2026}' => "...",
        '\u{2022}' | '·' | '→' | '➔' | '➜' | '⇒' | '←' | '►' => "-",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '≥' => ">=",
        '≤' => "<=",
        '№' => "So",
        '\t'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => " ",
        '₫' => "d",
        '×' => "x",
        '÷' => ":",
        '±' => "+-",
        '≈' => "~",
        '°' | 'º' => " do",
        '℃' => " do C",
        '‰' => "/1000",
        '™' => "TM",
        '¢' => "c",
        '⁰' | '₀' => "0",
        '₁' => "1",
        '²' | '₂' => "2",
        '³' | '₃' => "3",
        '⁴' | '₄' => "4",
        '⁵' | '₅' => "5",
        '⁶' | '₆' => "6",
        '⁷' | '₇' => "7",
        '⁸' | '₈' => "8",
        '⁹' | '₉' => "9",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '⅕' => "1/5",
        '⅖' => "2/5",
        '⅗' => "3/5",
        '⅘' => "4/5",
        '⅙' => "1/6",
        '⅚' => "5/6",
        '⅛' => "1/8",
        '⅜' => "3/8",
        '⅝' => "5/8",
        '⅞' => "7/8",
        // Letters with a stroke or of two, which lose no accent.
        'ƀ' => "b",
        'Ƀ' => "B",
        'Ɖ' => "D",
        'ħ' => "h",
        'Ħ' => "H",
        'ł' => "l",
        'Ł' => "L",
        'ŋ' => "n",
        'Ŋ' => "N",
        'ŧ' => "t",
        'Ŧ' => "T",
        'œ' => "oe",
        'Œ' => "OE",
        'ĳ' => "ij",
        'Ĳ' => "IJ",
        _ if is_hidden(c) && !c.is_ascii() => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms::{Encoding, encoding};
    use crate::text::{Room, unfit};
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
    fn whatever_a_title_may_hold_fits_the_short_alphabet() {
        let dear: Vec<(char, String)> = ('\u{80}'..='\u{ffff}')
            .map(|sign| (sign, accentless(&format!("x{sign}"))))
            .filter(|(sign, _)| unfit(&format!("x{sign}"), Room::Line).is_none())
            .filter(|(_, plain)| encoding(plain) != Encoding::Gsm7)
            .collect();
        assert!(dear.is_empty(), "{dear:?}");
        let title = "Tập huấn giảm CO₂ ■ nhóm Łukasz, ⅔ hộ, 35℃";
        assert_eq!(
            accentless(title),
            "Tap huan giam CO2  nhom Lukasz, 2/3 ho, 35 do C"
        );
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
