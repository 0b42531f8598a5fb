//! Numbers in words. Between two groups nothing is skipped that a cheat could fill in: a group
//! below one hundred that follows a higher one is read with "không trăm".

use crate::text::accent_key;

/// Why words are not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// Nothing to read.
    #[error("no words")]
    Empty,
    /// A word that no number holds.
    #[error("\"{0}\" is not a number word")]
    Unknown(String),
    /// Number words in an order that makes no number.
    #[error("the words do not make a number")]
    Order,
    /// More than fits.
    #[error("the amount is too large")]
    TooLarge,
}

const DIGITS: [&str; 10] = [
    "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín",
];
const BILLION: u64 = 1_000_000_000;

pub(super) fn write(amount: i64) -> String {
    let mut words = Vec::with_capacity(24);
    if amount < 0 {
        words.push("âm");
    }
    push_number(amount.unsigned_abs(), &mut words);
    words.push("đồng");
    words.join(" ")
}

fn push_number(number: u64, words: &mut Vec<&'static str>) {
    if number == 0 {
        words.push(DIGITS[0]);
        return;
    }
    let (billions, rest) = (number / BILLION, number % BILLION);
    if billions > 0 {
        push_number(billions, words);
        words.push("tỷ");
    }
    let mut above = billions > 0;
    for (group, unit) in [
        (rest / 1_000_000, Some("triệu")),
        (rest / 1_000 % 1_000, Some("nghìn")),
        (rest % 1_000, None),
    ] {
        if group > 0 {
            push_group(group, above, words);
            words.extend(unit);
            above = true;
        }
    }
}

/// Up to three digits; `above` says that a higher group stands before.
fn push_group(group: u64, above: bool, words: &mut Vec<&'static str>) {
    let [hundreds, tens, ones] = [group / 100, group / 10 % 10, group % 10];
    if hundreds > 0 || above {
        words.extend([digit(hundreds), "trăm"]);
    }
    match tens {
        0 if ones > 0 && (hundreds > 0 || above) => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([digit(tens), "mươi"]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => words.push("mốt"),
        (2.., 4) => words.push("tư"),
        (1.., 5) => words.push("lăm"),
        _ => words.push(digit(ones)),
    }
}

fn digit(value: u64) -> &'static str {
    usize::try_from(value)
        .ok()
        .and_then(|index| DIGITS.get(index))
        .copied()
        .unwrap_or("")
}

/// One number word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Digit(u64),
    /// "mười": ten itself.
    Ten,
    /// "mươi": times ten.
    Tens,
    Hundred,
    /// "linh": the tens are nought.
    Nought,
    Thousand,
    Million,
    Billion,
}

pub(super) fn parse(text: &str) -> Result<i64, WordsError> {
    let mut negative = false;
    let mut words = Vec::new();
    for raw in text
        .split(|c: char| c.is_whitespace() || ",.;/".contains(c))
        .filter(|raw| !raw.is_empty())
    {
        match accent_key(raw).as_str() {
            "âm" | "trư1" if words.is_empty() && !negative => negative = true,
            // The unit, and "chẵn" or "chăn3" (exactly) that some add after it.
            "đông1" | "đ" | "vnd" | "vnđ" | "chăn3" => {}
            key => words.push(word(key).ok_or_else(|| WordsError::Unknown(raw.to_owned()))?),
        }
    }
    if words.is_empty() {
        return Err(WordsError::Empty);
    }
    let magnitude = i128::from(number(&words)?);
    i64::try_from(if negative { -magnitude } else { magnitude }).map_err(|_| WordsError::TooLarge)
}

fn word(key: &str) -> Option<Word> {
    Some(match key {
        "không" => Word::Digit(0),
        "môt5" | "môt4" => Word::Digit(1),
        "hai" => Word::Digit(2),
        "ba" => Word::Digit(3),
        "bôn4" | "tư" => Word::Digit(4),
        "năm" | "lăm" | "nhăm" => Word::Digit(5),
        "sau4" => Word::Digit(6),
        "bay2" | "bây2" => Word::Digit(7),
        "tam4" => Word::Digit(8),
        "chin4" => Word::Digit(9),
        "mươi1" => Word::Ten,
        "mươi" => Word::Tens,
        "trăm" => Word::Hundred,
        "linh" | "le2" => Word::Nought,
        "nghin1" | "ngan1" => Word::Thousand,
        "triêu5" => Word::Million,
        "ty2" | "ti2" => Word::Billion,
        _ => return None,
    })
}

fn number(words: &[Word]) -> Result<u64, WordsError> {
    // The last "tỷ" multiplies everything before it: "năm tỷ tỷ".
    if let Some(at) = words.iter().rposition(|word| *word == Word::Billion) {
        let above = number(&words[..at])?;
        let below = if at + 1 == words.len() {
            0
        } else {
            below_billion(&words[at + 1..])?
        };
        return above
            .checked_mul(BILLION)
            .and_then(|sum| sum.checked_add(below))
            .ok_or(WordsError::TooLarge);
    }
    below_billion(words)
}

fn below_billion(words: &[Word]) -> Result<u64, WordsError> {
    if words.is_empty() {
        return Err(WordsError::Order);
    }
    let mut rest = words;
    let mut total = 0;
    for (unit, factor) in [(Word::Million, 1_000_000), (Word::Thousand, 1_000)] {
        if let Some(at) = rest.iter().position(|word| *word == unit) {
            total += group(&rest[..at])? * factor;
            rest = &rest[at + 1..];
        }
    }
    Ok(if rest.is_empty() {
        total
    } else {
        total + group(rest)?
    })
}

fn group(words: &[Word]) -> Result<u64, WordsError> {
    use Word::{Digit, Hundred, Nought, Ten, Tens};
    let (hundreds, rest) = match words {
        [Digit(hundreds), Hundred, rest @ ..] => (*hundreds, rest),
        // "một nghìn lẻ năm mươi": people leave out the hundreds that are nought.
        [Nought, rest @ ..] if rest.len() > 1 => (0, rest),
        _ => (0, words),
    };
    let below = match rest {
        [] if rest.len() < words.len() => 0,
        [Digit(ones)] if rest.len() == words.len() => *ones,
        [Nought, Digit(ones)] => *ones,
        [Ten] => 10,
        [Ten, Digit(ones)] => 10 + ones,
        [Digit(tens), Tens] if *tens > 1 => tens * 10,
        [Digit(tens), Tens, Digit(ones)] if *tens > 1 => tens * 10 + ones,
        _ => return Err(WordsError::Order),
    };
    Ok(hundreds * 100 + below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_banks_read_them() {
        for (number, words) in [
            (0, "không đồng"),
            (4, "bốn đồng"),
            (10, "mười đồng"),
            (14, "mười bốn đồng"),
            (15, "mười lăm đồng"),
            (21, "hai mươi mốt đồng"),
            (24, "hai mươi tư đồng"),
            (55, "năm mươi lăm đồng"),
            (101, "một trăm linh một đồng"),
            (104, "một trăm linh bốn đồng"),
            (110, "một trăm mười đồng"),
            (111, "một trăm mười một đồng"),
            (1_005, "một nghìn không trăm linh năm đồng"),
            (100_000, "một trăm nghìn đồng"),
            (195_000_000, "một trăm chín mươi lăm triệu đồng"),
            (1_000_050, "một triệu không trăm năm mươi đồng"),
            (1_200_000_000, "một tỷ hai trăm triệu đồng"),
            (1_000_000_000_000, "một nghìn tỷ đồng"),
            (
                5_000_000_003_000_000_000,
                "năm tỷ không trăm linh ba tỷ đồng",
            ),
            (-1_000, "âm một nghìn đồng"),
        ] {
            assert_eq!(write(number), words);
            assert_eq!(parse(words), Ok(number));
        }
    }

    #[test]
    fn other_spellings_are_understood() {
        for (words, number) in [
            ("một trăm lẻ bốn ngàn", 104_000),
            ("Hai mươi bốn triệu đồng chẵn.", 24_000_000),
            ("bẩy mươi nhăm", 75),
            ("một tỉ", 1_000_000_000),
            ("MỘT TRĂM LINH TƯ", 104),
        ] {
            assert_eq!(parse(words), Ok(number), "{words}");
        }
    }

    #[test]
    fn words_that_make_no_number_are_refused() {
        for words in [
            "",
            "đồng",
            "một một",
            "mươi",
            "trăm",
            "một mươi",
            "nghìn",
            "triệu một",
            "một nghìn một triệu",
            "tỷ",
        ] {
            assert!(parse(words).is_err(), "{words}");
        }
        assert_eq!(
            parse("một con gà"),
            Err(WordsError::Unknown("con".to_owned()))
        );
        assert_eq!(parse("mười tỷ tỷ"), Err(WordsError::TooLarge));
    }

    proptest! {
        #[test]
        fn any_bytes_parse_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = parse(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn number_words_in_any_order_do_not_panic(text in "((một|hai|mươi|mười|trăm|linh|nghìn|triệu|tỷ|âm|đồng) ){0,12}") {
            let _ = parse(&text);
        }
    }
}
