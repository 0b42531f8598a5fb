//! What the words of a window say, before its years are settled.

use super::Bound;
use super::piece::{Base, Part, Piece};
use super::words::{Word, is, take};

pub(super) fn bound(rest: &mut &[Word]) -> Bound {
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
pub(super) fn ends(mut rest: &[Word]) -> Option<(Piece, Option<Piece>)> {
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
