use std::fmt;

use super::alphabet::septets;
use crate::text::nfc;

/// The alphabet a message is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// The 7-bit default alphabet with its extension table: 160 septets, 153 in each of several parts.
    Gsm7,
    /// 16-bit units: 70, or 67 in each of several parts.
    Ucs2,
}

impl Encoding {
    /// How many units fit a message that stands alone.
    ///
    /// ```
    /// assert_eq!(vietnam::sms::Encoding::Ucs2.single(), 70);
    /// ```
    #[must_use]
    pub const fn single(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// How many units fit each part of a message sent in several.
    ///
    /// ```
    /// assert_eq!(vietnam::sms::Encoding::Gsm7.concatenated(), 153);
    /// ```
    #[must_use]
    pub const fn concatenated(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// How many units a character takes; in the 7-bit alphabet one that has no place there counts 1.
    fn width(self, c: char) -> usize {
        match self {
            Self::Gsm7 => septets(c).unwrap_or(1),
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gsm7 => "GSM7",
            Self::Ucs2 => "UCS2",
        })
    }
}

/// A text as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segments {
    /// The alphabet it needs.
    pub encoding: Encoding,
    /// Septets or 16-bit units of the whole text, headers not counted.
    pub units: usize,
    /// The text of each part; together they are the composed text. Empty for an empty text.
    pub parts: Vec<String>,
}

impl Segments {
    /// How many messages the network counts.
    ///
    /// ```
    /// assert_eq!(vietnam::sms::segments("Kinh gui").count(), 1);
    /// ```
    #[must_use]
    pub const fn count(&self) -> usize {
        self.parts.len()
    }
}

/// The alphabet a text needs, after composing it.
///
/// ```
/// use vietnam::sms::{Encoding, encoding};
/// assert_eq!(encoding("Kinh gui Quy HTX"), Encoding::Gsm7);
/// assert_eq!(encoding("Kính gửi Quý HTX"), Encoding::Ucs2);
/// ```
#[must_use]
pub fn encoding(text: &str) -> Encoding {
    encoding_of_composed(&nfc(text))
}

/// Septets or 16-bit units of a text in the alphabet it needs, after composing it.
///
/// ```
/// assert_eq!(vietnam::sms::units("[QC]"), 6);
/// assert_eq!(vietnam::sms::units("e\u{323}\u{302}"), 1);
/// ```
#[must_use]
pub fn units(text: &str) -> usize {
    let text = nfc(text);
    let encoding = encoding_of_composed(&text);
    text.chars().map(|c| encoding.width(c)).sum()
}

/// Whether a text goes out as one message.
///
/// ```
/// assert!(vietnam::sms::fits_in_one(&"a".repeat(160)));
/// assert!(!vietnam::sms::fits_in_one(&"ă".repeat(71)));
/// ```
#[must_use]
pub fn fits_in_one(text: &str) -> bool {
    let text = nfc(text);
    let encoding = encoding_of_composed(&text);
    text.chars().map(|c| encoding.width(c)).sum::<usize>() <= encoding.single()
}

/// Cuts a text into the parts that the network counts.
///
/// The text is composed first (decomposed Vietnamese costs up to half as much again). An escape
/// pair and a surrogate pair are never cut; the unit they leave free stays unused.
///
/// ```
/// let reminder = vietnam::sms::segments(&"ă".repeat(71));
/// assert_eq!(reminder.units, 71);
/// assert_eq!(reminder.parts.iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [67, 4]);
/// ```
#[must_use]
pub fn segments(text: &str) -> Segments {
    let text = nfc(text);
    let encoding = encoding_of_composed(&text);
    let units = text.chars().map(|c| encoding.width(c)).sum();
    let parts = match units {
        0 => Vec::new(),
        _ if units <= encoding.single() => vec![text],
        _ => cut(&text, encoding),
    };
    Segments {
        encoding,
        units,
        parts,
    }
}

fn encoding_of_composed(text: &str) -> Encoding {
    if text.chars().all(|c| septets(c).is_some()) {
        Encoding::Gsm7
    } else {
        Encoding::Ucs2
    }
}

fn cut(text: &str, encoding: Encoding) -> Vec<String> {
    let limit = encoding.concatenated();
    let mut parts = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (at, c) in text.char_indices() {
        let width = encoding.width(c);
        if used + width > limit {
            parts.push(text[start..at].to_owned());
            (start, used) = (at, 0);
        }
        used += width;
    }
    parts.push(text[start..].to_owned());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(text: &str) -> usize {
        segments(text).count()
    }

    #[test]
    fn case_34_the_borders_of_the_short_alphabet() {
        for (length, parts) in [(1, 1), (160, 1), (161, 2), (306, 2), (307, 3)] {
            assert_eq!(count(&"a".repeat(length)), parts, "{length} letters");
        }
    }

    #[test]
    fn case_34_the_borders_of_ucs2() {
        for (length, parts) in [(70, 1), (71, 2), (134, 2), (135, 3)] {
            assert_eq!(count(&"đ".repeat(length)), parts, "{length} letters");
        }
    }

    #[test]
    fn case_34_extension_characters_count_two() {
        assert_eq!(segments("€[]{}~^\\|").units, 18);
        assert_eq!(count(&"€".repeat(80)), 1);
        assert_eq!(count(&"€".repeat(81)), 2);
    }

    #[test]
    fn an_escape_pair_is_never_cut() {
        let cut = segments(&format!("{}€{}", "a".repeat(152), "b".repeat(10)));
        assert_eq!(
            cut.parts
                .iter()
                .map(|part| part.chars().count())
                .collect::<Vec<_>>(),
            [152, 11]
        );
    }

    #[test]
    fn case_34_a_surrogate_pair_is_never_cut() {
        let cut = segments(&format!("{}😀{}", "ă".repeat(66), "b".repeat(10)));
        assert_eq!(
            cut.parts
                .iter()
                .map(|part| part.encode_utf16().count())
                .collect::<Vec<_>>(),
            [66, 12]
        );
    }

    #[test]
    fn case_34_decomposed_text_costs_what_composed_text_costs() {
        assert_eq!(segments("e\u{323}\u{302}"), segments("ệ"));
    }

    #[test]
    fn a_reminder_with_marks_costs_three_parts_and_without_one() {
        let reminder = "LMHTX: Kính mời Quý HTX dự Lễ phát động Tháng hành động vì HTX lúc 08 giờ 00 thứ Sáu, \
            29/3/2024 tại Hội trường Liên minh. Xin xác nhận trước 26/3.";
        assert_eq!(count(reminder), 3);
        assert_eq!(count(&crate::sms::accentless(reminder)), 1);
    }

    proptest! {
        #[test]
        fn parts_put_together_give_the_text_back(text in any::<String>()) {
            prop_assert_eq!(segments(&text).parts.concat(), nfc(&text));
        }

        #[test]
        fn no_part_is_over_its_limit_and_none_is_empty(text in "[a-z€\\[ăệ😀 ]{0,600}") {
            let cut = segments(&text);
            let limit = if cut.count() == 1 { cut.encoding.single() } else { cut.encoding.concatenated() };
            for part in &cut.parts {
                let width: usize = part.chars().map(|c| cut.encoding.width(c)).sum();
                prop_assert!((1..=limit).contains(&width));
            }
        }

        #[test]
        fn fitting_in_one_means_at_most_one_part(text in "[a-z€ăệ😀 ]{0,200}") {
            prop_assert_eq!(fits_in_one(&text), segments(&text).count() <= 1);
            prop_assert_eq!(units(&text), segments(&text).units);
            prop_assert_eq!(encoding(&text), segments(&text).encoding);
        }
    }
}
