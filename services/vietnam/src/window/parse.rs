use jiff::civil::Date;

use super::piece::{Base, Part, Piece};
use super::{Bound, Precision, Window, WindowError};
use crate::text::{fold, nfc};

pub(super) fn parse(text: &str, context: Option<i16>) -> Result<Window, WindowError> {
    let printed = nfc(text.trim());
    if printed.is_empty() {
        return Err(WindowError::Empty);
    }
    let words = words(&printed);
    let mut rest: &[Word] = &words;
    let about = take(&mut rest, &[&["khoang"], &["du", "kien"]]).is_some();
    take(&mut rest, &[&["trong"], &["vao"], &["thuc", "hien"]]);
    let bound = bound(&mut rest);
    let (first, second) = ends(rest).ok_or_else(|| WindowError::Unreadable(printed.clone()))?;
    let reading = Reading {
        printed: &printed,
        context,
    };
    let mut window = match bound {
        Bound::Within => reading.within(first, second)?,
        Bound::Through | Bound::Before if second.is_some() => {
            return Err(WindowError::Unreadable(printed));
        }
        Bound::Through | Bound::Before => reading.until(first, bound)?,
    };
    if about {
        window.precision = Precision::Approximate;
    }
    Ok(window)
}

/// A word without diacritics, a number, or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Text(String),
    Number(i16, usize),
    Slash,
    Dash,
}

fn words(printed: &str) -> Vec<Word> {
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
            // A number too long for a year can be no part of a date.
            '0'..='9' => words.push(Word::Number(word.parse().unwrap_or(i16::MAX), word.len())),
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

fn is(word: Option<&Word>, text: &str) -> bool {
    matches!(word, Some(Word::Text(found)) if found == text)
}

/// Takes the first of some phrases off the front.
fn take<'p>(rest: &mut &[Word], phrases: &[&'p [&'p str]]) -> Option<&'p [&'p str]> {
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

fn bound(rest: &mut &[Word]) -> Bound {
    const BEFORE: &[&[&str]] = &[&["xong", "truoc"], &["hoan", "thanh", "truoc"], &["truoc"]];
    const THROUGH: &[&[&str]] = &[
        &["cham", "nhat", "den", "het"],
        &["cham", "nhat", "den"],
        &["cham", "nhat", "vao"],
        &["cham", "nhat"],
        &["den", "het"],
        &["han", "den"],
        &["han", "cuoi"],
        &["den"],
        &["het"],
        &["toi"],
    ];
    // "trước và trong tháng 4" reaches through the month.
    if take(rest, &[&["truoc", "va", "trong"]]).is_some() {
        return Bound::Through;
    }
    if take(rest, BEFORE).is_some() {
        return Bound::Before;
    }
    if take(rest, THROUGH).is_some() {
        Bound::Through
    } else {
        Bound::Within
    }
}

/// One piece or two, with what joins them.
fn ends(mut rest: &[Word]) -> Option<(Piece, Option<Piece>)> {
    let from = take(&mut rest, &[&["tu"], &["ke", "tu"]]).is_some();
    let first = piece(&mut rest)?;
    if rest.is_empty() {
        return (!from && !matches!(first, Piece::Bare(_))).then_some((first, None));
    }
    let joined = rest.first() == Some(&Word::Dash)
        || is(rest.first(), "den")
        || is(rest.first(), "toi")
        || is(rest.first(), "va");
    if !joined {
        return None;
    }
    rest = &rest[1..];
    take(&mut rest, &[&["het"]]);
    let second = piece(&mut rest)?;
    let (first, second) = match (first, second) {
        (Piece::Bare(number), known) => (known.like(number)?, known),
        (known, Piece::Bare(number)) => {
            let meant = known.like(number)?;
            (
                known,
                optional_year(&mut rest).map_or(meant, |year| meant.in_year(year)),
            )
        }
        both => both,
    };
    if !rest.is_empty() {
        return None;
    }
    Some((first, Some(second)))
}

fn piece(rest: &mut &[Word]) -> Option<Piece> {
    let part = part(rest);
    if let Some(half) = half(rest, part) {
        let year = optional_year(rest);
        return Some(Piece::Span {
            base: Base::Half(half),
            part: None,
            year,
        });
    }
    if take(rest, &[&["ca", "nam"], &["trong", "nam"], &["nam"]]).is_some() {
        let year = optional_year(rest);
        return Some(Piece::Span {
            base: Base::Year,
            part,
            year,
        });
    }
    if take(rest, &[&["quy"]]).is_some() {
        let base = Base::Quarter(small(number_word(rest)?)?);
        let year = optional_year(rest);
        return Some(Piece::Span { base, part, year });
    }
    if take(rest, &[&["thang"]]).is_some() {
        let base = Base::Month(small(number_word(rest)?)?);
        let year = optional_year(rest);
        return Some(Piece::Span { base, part, year });
    }
    let day_named = take(rest, &[&["ngay"], &["hom"]]).is_some();
    figures(rest, day_named, part)
}

fn part(rest: &mut &[Word]) -> Option<Part> {
    let mut ahead = *rest;
    let part = match take(
        &mut ahead,
        &[
            &["dau"],
            &["giua"],
            &["cuoi"],
            &["thuong", "tuan"],
            &["trung", "tuan"],
            &["ha", "tuan"],
        ],
    )? {
        ["dau"] | ["thuong", ..] => Part::Early,
        ["giua"] | ["trung", ..] => Part::Middle,
        _ => Part::Late,
    };
    *rest = ahead;
    Some(part)
}

/// "6 tháng đầu năm", "nửa cuối năm".
fn half(rest: &mut &[Word], part: Option<Part>) -> Option<i8> {
    if part.is_some() {
        return None;
    }
    let mut ahead = *rest;
    let months = matches!(ahead, [Word::Number(6, _), ..]);
    if months {
        ahead = &ahead[1..];
    }
    let named = if months {
        take(&mut ahead, &[&["thang"]])
    } else {
        take(&mut ahead, &[&["nua"]])
    };
    named?;
    let half = match take(&mut ahead, &[&["dau"], &["cuoi"]])? {
        ["dau"] => 1,
        _ => 2,
    };
    take(&mut ahead, &[&["nam"]]);
    *rest = ahead;
    Some(half)
}

/// "/2024", "năm 2024" or "2024".
fn optional_year(rest: &mut &[Word]) -> Option<i16> {
    let ahead = match *rest {
        [Word::Slash, after @ ..] => after,
        [word, after @ ..] if is(Some(word), "nam") => after,
        other => other,
    };
    match ahead {
        [Word::Number(year, 4), after @ ..] => {
            *rest = after;
            Some(*year)
        }
        _ => None,
    }
}

/// A number in figures, in Roman ones, or in words.
fn number_word(rest: &mut &[Word]) -> Option<i16> {
    const WORDS: [(&str, i16); 16] = [
        ("i", 1),
        ("ii", 2),
        ("iii", 3),
        ("iv", 4),
        ("gieng", 1),
        ("mot", 1),
        ("nhat", 1),
        ("hai", 2),
        ("ba", 3),
        ("tu", 4),
        ("bon", 4),
        ("nam", 5),
        ("sau", 6),
        ("bay", 7),
        ("tam", 8),
        ("chin", 9),
    ];
    let (number, used) = match *rest {
        [Word::Number(number, 1 | 2), ..] => (*number, 1),
        [Word::Text(ten), Word::Text(one), ..] if ten == "muoi" && one == "mot" => (11, 2),
        [Word::Text(ten), Word::Text(two), ..] if ten == "muoi" && two == "hai" => (12, 2),
        [Word::Text(word), ..] if word == "muoi" => (10, 1),
        [Word::Text(word), ..] if word == "chap" => (12, 1),
        [Word::Text(word), ..] => (WORDS.iter().find(|(text, _)| text == word)?.1, 1),
        _ => return None,
    };
    *rest = &rest[used..];
    Some(number)
}

/// `11/4/2024`, `11/4`, `4/2024`, `2024`, `11 tháng 4 năm 2024`, or a number for its partner.
fn figures(rest: &mut &[Word], day_named: bool, part: Option<Part>) -> Option<Piece> {
    let (piece, after) = match *rest {
        [
            Word::Number(day, 1 | 2),
            Word::Slash,
            Word::Number(month, 1 | 2),
            Word::Slash,
            Word::Number(year, 4),
            after @ ..,
        ] => (
            Piece::Day {
                day: small(*day)?,
                month: Some(small(*month)?),
                year: Some(*year),
            },
            after,
        ),
        [
            Word::Number(month, 1 | 2),
            Word::Slash,
            Word::Number(year, 4),
            after @ ..,
        ] if !day_named => (
            Piece::Span {
                base: Base::Month(small(*month)?),
                part,
                year: Some(*year),
            },
            after,
        ),
        [
            Word::Number(day, 1 | 2),
            Word::Slash,
            Word::Number(month, 1 | 2),
            after @ ..,
        ] => {
            let mut after = after;
            let year = take(&mut after, &[&["nam"]]).and_then(|_| optional_year(&mut after));
            (
                Piece::Day {
                    day: small(*day)?,
                    month: Some(small(*month)?),
                    year,
                },
                after,
            )
        }
        [Word::Number(day, 1 | 2), word, ..] if is(Some(word), "thang") => {
            let mut after = &rest[2..];
            let month = small(number_word(&mut after)?)?;
            let year = optional_year(&mut after);
            (
                Piece::Day {
                    day: small(*day)?,
                    month: Some(month),
                    year,
                },
                after,
            )
        }
        [Word::Number(year, 4), after @ ..] if !day_named => (
            Piece::Span {
                base: Base::Year,
                part,
                year: Some(*year),
            },
            after,
        ),
        [Word::Number(number, 1 | 2), after @ ..] if part.is_none() => {
            (Piece::Bare(*number), after)
        }
        [Word::Text(_), ..] if part.is_none() => {
            let mut after = *rest;
            (Piece::Bare(number_word(&mut after)?), after)
        }
        _ => return None,
    };
    // "đầu 11/4" makes no sense.
    if part.is_some() && matches!(piece, Piece::Day { .. }) {
        return None;
    }
    *rest = after;
    Some(piece)
}

fn small(number: i16) -> Option<i8> {
    i8::try_from(number).ok()
}

struct Reading<'a> {
    printed: &'a str,
    context: Option<i16>,
}

impl Reading<'_> {
    fn until(&self, piece: Piece, bound: Bound) -> Result<Window, WindowError> {
        let derived = piece.year().is_none();
        let (first, last) = self.days(self.with_year(piece)?)?;
        let end = match bound {
            Bound::Before => first.yesterday().map_err(|_| self.no_such_day())?,
            Bound::Within | Bound::Through => last,
        };
        Ok(Window {
            text: self.printed.to_owned(),
            start: None,
            end,
            precision: piece.precision(),
            bound,
            derived,
        })
    }

    fn within(&self, first: Piece, second: Option<Piece>) -> Result<Window, WindowError> {
        let Some(second) = second else {
            let derived = first.year().is_none();
            let (start, end) = self.days(self.with_year(first)?)?;
            return Ok(self.window(start, end, first.precision(), derived));
        };
        let precision = first.precision().max(second.precision());
        let named = (first.year(), second.year());
        let (first, second) = match named {
            (Some(_), Some(_)) => (first, second),
            (None, Some(year)) => (first.in_year(year), second),
            (Some(year), None) => (first, second.in_year(year)),
            (None, None) => (self.with_year(first)?, self.with_year(second)?),
        };
        let mut derived = named == (None, None);
        let (mut start, mut end) = (self.days(first)?.0, self.days(second)?.1);
        // A span over New Year that names one year at most: "từ 15/12 đến 15/01/2025".
        if end < start && named.0.is_none() && named.1.is_some() {
            start = self.days(first.in_year(end.year().saturating_sub(1)))?.0;
            derived = true;
        } else if end < start && named.1.is_none() {
            end = self.days(second.in_year(start.year().saturating_add(1)))?.1;
            derived = true;
        }
        if end < start {
            return Err(WindowError::Backwards(self.printed.to_owned()));
        }
        Ok(self.window(start, end, precision, derived))
    }

    fn window(&self, start: Date, end: Date, precision: Precision, derived: bool) -> Window {
        Window {
            text: self.printed.to_owned(),
            start: Some(start),
            end,
            precision,
            bound: Bound::Within,
            derived,
        }
    }

    fn with_year(&self, piece: Piece) -> Result<Piece, WindowError> {
        match (piece.year(), self.context) {
            (Some(_), _) => Ok(piece),
            (None, Some(year)) => Ok(piece.in_year(year)),
            (None, None) => Err(WindowError::NoYear(self.printed.to_owned())),
        }
    }

    fn days(&self, piece: Piece) -> Result<(Date, Date), WindowError> {
        piece.days().ok_or_else(|| self.no_such_day())
    }

    fn no_such_day(&self) -> WindowError {
        WindowError::NoSuchDay(self.printed.to_owned())
    }
}
