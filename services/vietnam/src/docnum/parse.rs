use jiff::civil::Date;

use super::{DocumentNumber, DocumentNumberError as Error, kinds};
use crate::dates::parse_short;
use crate::text::{nfc, with_vietnamese_d};

pub(super) fn parse(text: &str) -> Result<DocumentNumber, Error> {
    let printed = with_vietnamese_d(&nfc(text.trim()));
    if printed.is_empty() {
        return Err(Error::Empty);
    }
    let (head, subject) = split_at_words(&printed, &["v/v", "về việc"]);
    let (head, date) = split_at_words(head, &["ngày"]);
    let date = date.and_then(read_date);
    let head = tidy(head);
    let (number, suffix, rest) = running_number(&head)?;
    let symbol = Symbol::read(rest, &head)?;
    Ok(DocumentNumber {
        number,
        suffix,
        year: symbol.year,
        kind: symbol.kind,
        issuer: symbol.issuer,
        unit: symbol.unit,
        party: symbol.party,
        date,
        subject: subject
            .map(|subject| subject.trim_matches([':', ' ', '.', '\n', '\t']).to_owned())
            .filter(|subject| !subject.is_empty()),
        printed,
    })
}

/// Cuts a text at the first of some words that stands alone; the second part comes after the word.
fn split_at_words<'a>(text: &'a str, words: &[&str]) -> (&'a str, Option<&'a str>) {
    let alone = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    let found = text.char_indices().find_map(|(at, _)| {
        let word = words
            .iter()
            .find(|word| starts_with_ignoring_case(&text[at..], word))?;
        let end = at
            + text[at..]
                .char_indices()
                .nth(word.chars().count())
                .map_or(text.len() - at, |(end, _)| end);
        (alone(text[..at].chars().next_back()) && alone(text[end..].chars().next()))
            .then_some((at, end))
    });
    found.map_or((text, None), |(at, end)| (&text[..at], Some(&text[end..])))
}

fn starts_with_ignoring_case(text: &str, word: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    word.chars()
        .all(|expected| letters.next() == Some(expected))
}

/// The date at the start of what follows "ngày".
fn read_date(text: &str) -> Option<Date> {
    let words: Vec<&str> = text.split_whitespace().collect();
    // "29/6/2021 …" or "29 tháng 6 năm 2021 …"
    [1, 5].into_iter().find_map(|count| {
        parse_short(
            &words
                .get(..count)?
                .join(" ")
                .replace([',', '.', ';', ')'], ""),
        )
        .ok()
    })
}

/// One kind of dash, one kind of slash, no blanks beside them.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        let c = match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' => '-',
            '\u{2044}' | '\u{2215}' | '／' | '\\' => '/',
            other => other,
        };
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        let joined = matches!(c, '-' | '/') || tidy.ends_with(['-', '/']);
        if blank && !joined && !tidy.is_empty() {
            tidy.push(' ');
        }
        blank = false;
        tidy.push(c);
    }
    tidy
}

/// The number, a letter after it (`07a`), and what follows.
fn running_number(head: &str) -> Result<(Option<u32>, Option<char>, &str), Error> {
    let refused = || Error::Number(head.to_owned());
    let start = head
        .find(|c: char| c.is_ascii_digit() || matches!(c, '/' | '-'))
        .ok_or_else(refused)?;
    let (preamble, rest) = head.split_at(start);
    if !kinds::is_preamble(preamble.trim_end_matches(['.', '…', '-'])) {
        return Err(refused());
    }
    if rest.starts_with(['/', '-']) {
        return Ok((None, None, rest));
    }
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(end);
    let number = digits
        .parse::<u32>()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(refused)?;
    let mut following = rest.chars();
    let suffix = following
        .next()
        .filter(char::is_ascii_lowercase)
        .filter(|_| matches!(following.next(), Some('/' | '-')));
    Ok((Some(number), suffix, &rest[usize::from(suffix.is_some())..]))
}

/// What stands after the number.
struct Symbol {
    year: Option<i16>,
    kind: Option<String>,
    issuer: String,
    unit: Option<String>,
    party: bool,
}

impl Symbol {
    fn read(rest: &str, head: &str) -> Result<Self, Error> {
        let no_issuer = || Error::Issuer(head.to_owned());
        let dash_first = rest.starts_with('-');
        let words = symbol_words(rest.trim_start_matches(['-', '/', ' ']));
        if let Some(sign) = words.chars().find(|c| !can_stand_in_a_symbol(*c)) {
            return Err(Error::Sign(sign.to_string()));
        }
        let mut slashes = words.split('/');
        let (first, second, third) = (
            slashes.next().unwrap_or_default(),
            slashes.next(),
            slashes.next(),
        );
        if third.is_some() {
            return Err(no_issuer());
        }
        match (year(first), second) {
            (Some(year), Some(symbol)) => Self::state(Some(year), symbol),
            (None, Some(issuer)) if dash_first || !rest.starts_with('/') => {
                Self::party(first, issuer)
            }
            (None, None) => Self::state(None, first),
            _ => None,
        }
        .ok_or_else(no_issuer)
    }

    fn state(year: Option<i16>, symbol: &str) -> Option<Self> {
        let (first, after) = symbol.split_once('-').unwrap_or((symbol, ""));
        let (kind, issuer_and_unit) = match kinds::canonical(first) {
            Some(kind) if !after.is_empty() => (Some(kind.to_owned()), after),
            _ => (None, symbol),
        };
        // Joint acts name several issuers; only an official letter names its drafting unit.
        let (issuer, unit) = match issuer_and_unit.split_once('-') {
            Some((issuer, unit)) if kind.is_none() && year.is_none() => {
                (issuer, Some(spelled(unit)?))
            }
            _ => (issuer_and_unit, None),
        };
        Some(Self {
            year,
            kind,
            issuer: spelled(issuer)?,
            unit,
            party: false,
        })
    }

    fn party(kind: &str, issuer: &str) -> Option<Self> {
        let kind = kinds::canonical(kind)
            .map(str::to_owned)
            .or_else(|| spelled(kind))?;
        if kind.contains('-') {
            return None;
        }
        Some(Self {
            year: None,
            kind: Some(kind),
            issuer: spelled(issuer)?,
            unit: None,
            party: true,
        })
    }
}

/// Abbreviations are made of plain letters and those that differ in shape, never of toned ones.
const fn can_stand_in_a_symbol(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '-' | '/'
                | '&'
                | 'Đ'
                | 'đ'
                | 'Ă'
                | 'ă'
                | 'Â'
                | 'â'
                | 'Ê'
                | 'ê'
                | 'Ô'
                | 'ô'
                | 'Ơ'
                | 'ơ'
                | 'Ư'
                | 'ư'
        )
}

/// The words that belong to the symbol, a blank between them read as a forgotten dash; a title
/// after the number does not belong to it.
fn symbol_words(rest: &str) -> String {
    let mut words = rest.split(' ').filter(|word| !word.is_empty());
    let first = words
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', ',', ';', ':']);
    let more = words.take_while(|word| word.chars().filter(|c| c.is_uppercase()).count() >= 2);
    more.fold(first.to_owned(), |symbol, word| {
        format!("{symbol}-{}", word.trim_end_matches(['.', ',', ';', ':']))
    })
}

fn year(text: &str) -> Option<i16> {
    text.parse()
        .ok()
        .filter(|year| text.len() == 4 && (1945..=2199).contains(year))
}

/// An abbreviation in capitals; one that already mixes them (`TTg`, `BKHĐT`) stays as it is.
fn spelled(written: &str) -> Option<String> {
    let capitals = written.chars().filter(|c| c.is_uppercase()).count();
    let spelled = if capitals >= 2 {
        written.to_owned()
    } else {
        nfc(&written.to_uppercase())
    };
    let sound = spelled.starts_with(char::is_alphabetic)
        && !spelled.ends_with('-')
        && !spelled.contains("--");
    sound.then(|| {
        if spelled == "TTG" {
            "TTg".to_owned()
        } else {
            spelled
        }
    })
}
