//! The words of a window, and taking them off the front.

use crate::text::fold;

/// A word without diacritics, a number, or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Text(String),
    Number(i16, usize),
    Slash,
    Dash,
}

pub(super) fn words(printed: &str) -> Vec<Word> {
    let folded = fold(printed);
    let mut words = Vec::new();
    let mut rest = folded.as_str();
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '0'..='9' => rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len()),
            _ if c.is_alphabetic() => rest
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len()),
            _ => c.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        match c {
            '0'..='9' => words.push(number(word)),
            '/' => words.push(Word::Slash),
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => words.push(Word::Dash),
            _ if c.is_alphabetic() => words.push(Word::Text(word.to_owned())),
            // "tháng 3, tháng 4" and "quý I; quý II" are spans.
            ',' | ';' | '&' => words.push(Word::Dash),
            _ if c.is_whitespace() || c == '.' || c == ':' => {}
            _ => words.push(Word::Text(word.to_owned())),
        }
    }
    while words.last() == Some(&Word::Dash) {
        words.pop();
    }
    words
}

/// A number by its length: days and months have at most two digits, years four and no nought in
/// front, and nothing else can be part of a date.
fn number(digits: &str) -> Word {
    match digits.parse() {
        Ok(year @ 1_000..=9_999) if digits.len() == 4 => Word::Number(year, 4),
        Ok(small) if digits.len() <= 2 => Word::Number(small, digits.len()),
        Ok(_) | Err(_) => Word::Text(digits.to_owned()),
    }
}

pub(super) fn is(word: Option<&Word>, text: &str) -> bool {
    matches!(word, Some(Word::Text(found)) if found == text)
}

/// Takes the first of some phrases off the front.
pub(super) fn take<'p>(rest: &mut &[Word], phrases: &[&'p [&'p str]]) -> Option<&'p [&'p str]> {
    let found = phrases.iter().find(|phrase| {
        phrase.len() <= rest.len()
            && phrase
                .iter()
                .zip(rest.iter())
                .all(|(text, word)| is(Some(word), text))
    })?;
    *rest = &rest[found.len()..];
    Some(found)
}
