//! Hours and days that a text names, and whether a move took their meaning away.
//!
//! "Tập trung trước 07 giờ 45" was written for a meeting at 08:00; once that begins at
//! 14:00 it misleads. A text stands by itself, so every hour in it is taken to be
//! relative to the start it was written for; a day only where it is that very day.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};

use super::anchor::Anchor;

/// The parts of `text`, one sentence or line each, that name an hour or a day of `old`
/// which `new` no longer has.
#[must_use]
pub fn of_the_old_time<'t>(text: &'t str, old: &Anchor, new: &Anchor) -> Vec<&'t str> {
    let (old, new) = (Span::of(old), Span::of(new));
    pieces(text)
        .into_iter()
        .map(str::trim)
        .filter(|piece| !piece.is_empty() && misleads(piece, &old, &new))
        .collect()
}

/// `text` without those parts.
#[must_use]
pub fn without_the_old_time(text: &str, old: &Anchor, new: &Anchor) -> String {
    let (old, new) = (Span::of(old), Span::of(new));
    let kept: String = pieces(text)
        .into_iter()
        .filter(|piece| !misleads(piece, &old, &new))
        .collect();
    kept.trim().to_owned()
}

/// What of a time a text can name.
struct Span {
    hour: Option<Time>,
    days: Option<(Date, Date)>,
}

impl Span {
    fn of(anchor: &Anchor) -> Self {
        match anchor {
            Anchor::Instant { start, end } => {
                let first = vietnam::local(*start);
                let last = vietnam::local(end.unwrap_or(*start)).date();
                Self {
                    hour: Some(first.time()),
                    days: Some((first.date(), last)),
                }
            }
            Anchor::Day { .. } => Self {
                hour: None,
                days: anchor.last_day().map(|day| (day, day)),
            },
            // The outline of a plan: what is named within it need not be the event's own.
            Anchor::Window(_) | Anchor::Unknown => Self {
                hour: None,
                days: None,
            },
        }
    }

    fn has(&self, day: impl Fn(Date) -> bool) -> bool {
        self.days.is_some_and(|(first, last)| {
            first
                .series(1.day())
                .take_while(|each| *each <= last)
                .any(day)
        })
    }
}

fn misleads(piece: &str, old: &Span, new: &Span) -> bool {
    let words = words(piece);
    (0..words.len()).any(|at| {
        let rest = &words[at..];
        if names_an_hour(rest) {
            return old.hour.is_some() && old.hour != new.hour;
        }
        names_a_day(rest).is_some_and(|named| {
            let is_named = |day: Date| named.is(day);
            old.has(is_named) && !new.has(is_named)
        })
    })
}

/// A day as texts name it: without its year, and often by its name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Date(i8, i8),
    /// "ngày 29".
    DayOfMonth(i8),
    /// 1 for Monday.
    Weekday(i8),
}

impl Named {
    fn is(self, day: Date) -> bool {
        match self {
            Self::Date(date, month) => (day.day(), day.month()) == (date, month),
            Self::DayOfMonth(date) => day.day() == date,
            Self::Weekday(number) => day.weekday().to_monday_one_offset() == number,
        }
    }
}

/// Sentences and lines with what ends them, so that together they are the text again.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        let ends = match character {
            '\n' => true,
            ';' | '!' | '?' => followed_by_space(text, end),
            '.' => followed_by_space(text, end) && !is_abbreviation(&text[begin..at]),
            _ => false,
        };
        if ends {
            pieces.push(&text[begin..end]);
            begin = end;
        }
    }
    pieces.push(&text[begin..]);
    pieces
}

fn followed_by_space(text: &str, end: usize) -> bool {
    text[end..].chars().next().is_some_and(char::is_whitespace)
}

/// Short forms whose stop ends no sentence: of places and of titles.
const SHORT_FORMS: [&str; 14] = [
    "TP", "Tp", "TX", "TT", "Q", "P", "H", "X", "ThS", "TS", "GS", "PGS", "BS", "KS",
];

fn is_abbreviation(before: &str) -> bool {
    let word = before.split_whitespace().next_back().unwrap_or_default();
    SHORT_FORMS.contains(&word)
}

/// Lower case, without the punctuation around them; a span of hours is two words.
fn words(piece: &str) -> Vec<String> {
    piece
        .to_lowercase()
        .split(|each: char| each.is_whitespace() || matches!(each, '–' | '—'))
        .flat_map(hours_of_a_span)
        .map(|word| {
            word.trim_matches(|each: char| !each.is_alphanumeric())
                .to_owned()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// "8h00-11h30" is two hours, "29-3-2024" one day.
fn hours_of_a_span(word: &str) -> Vec<&str> {
    let parts: Vec<&str> = word.split('-').collect();
    if parts.iter().any(|part| is_hour(part)) {
        parts
    } else {
        vec![word]
    }
}

fn names_an_hour(words: &[String]) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    let next = rest.first().map_or("", String::as_str);
    is_hour(first)
        || (number(first, 24).is_some() && matches!(next, "giờ" | "h"))
        || (is_part_of_the_day(first) && !is_word_of_its_own(first, next))
}

/// `7h`, `07h45`, `7g30`, `07:45`, `7giờ30`.
fn is_hour(word: &str) -> bool {
    let Some(mark) = word.find(|each: char| !each.is_ascii_digit()) else {
        return false;
    };
    let (hour, rest) = word.split_at(mark);
    let minutes = ["giờ", "h", "g", ":"]
        .into_iter()
        .find_map(|mark| rest.strip_prefix(mark).map(|minutes| (mark, minutes)));
    let Some((mark, minutes)) = minutes else {
        return false;
    };
    let minutes_fit = match minutes.trim_end_matches("p") {
        // "20g" of seed is no hour.
        "" => matches!(mark, "giờ" | "h"),
        minutes => minutes.len() == 2 && number(minutes, 59).is_some(),
    };
    number(hour, 24).is_some() && minutes_fit
}

fn is_part_of_the_day(word: &str) -> bool {
    matches!(word, "sáng" | "trưa" | "chiều" | "tối")
}

/// "sáng kiến", "tối đa", "chiều dài": the same syllable in another word.
fn is_word_of_its_own(word: &str, next: &str) -> bool {
    match word {
        "sáng" => matches!(
            next,
            "kiến" | "tạo" | "lập" | "chế" | "tác" | "suốt" | "lạng" | "tỏ"
        ),
        "chiều" => matches!(next, "cao" | "dài" | "rộng" | "sâu" | "hướng"),
        "tối" => matches!(next, "đa" | "thiểu" | "ưu" | "cao" | "tân"),
        _ => false,
    }
}

fn names_a_day(words: &[String]) -> Option<Named> {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    match word(0) {
        "ngày" => {
            let day = number(word(1), 31)?;
            Some(match (word(2), number(word(3), 12)) {
                ("tháng", Some(month)) => Named::Date(day, month),
                _ => Named::DayOfMonth(day),
            })
        }
        "thứ" => weekday(word(1)).map(Named::Weekday),
        "chủ" if word(1) == "nhật" => Some(Named::Weekday(7)),
        written => date(written),
    }
}

fn weekday(word: &str) -> Option<i8> {
    Some(match word {
        "hai" | "2" => 1,
        "ba" | "3" => 2,
        "tư" | "4" => 3,
        "năm" | "5" => 4,
        "sáu" | "6" => 5,
        "bảy" | "7" => 6,
        _ => return None,
    })
}

/// `29/3`, `29/3/2024`, `29-3-2024`, `29.3.2024`.
fn date(word: &str) -> Option<Named> {
    let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
    let (day, month) = match parts.as_slice() {
        [day, month] if word.contains('/') => (day, month),
        [day, month, year] if is_year(year) => (day, month),
        _ => return None,
    };
    Some(Named::Date(number(day, 31)?, number(month, 12)?))
}

/// A number of one or two figures up to `most`.
fn number(word: &str, most: i8) -> Option<i8> {
    let fits = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let number = fits.then(|| word.parse().ok()).flatten()?;
    (number <= most).then_some(number)
}

fn is_year(word: &str) -> bool {
    matches!(word.len(), 2 | 4) && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
#[path = "mention_tests.rs"]
mod tests;
