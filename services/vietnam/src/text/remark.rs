//! What other people's servers say, fit for rows, logs and terminals.

use std::net::Ipv4Addr;

use super::shown_line;

/// What is kept of a text, in characters: the sentence of a server, not its essay.
const LONGEST: usize = 200;

/// Digits of a telephone number, with its country code (ITU-T E.164); shorter ones are extensions.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=15;

/// A stranger's text as one short line: hidden signs are gone, mailboxes and telephone numbers,
/// which servers like to repeat, are masked.
///
/// ```
/// use vietnam::text::remark;
/// assert_eq!(remark("<an@example.com>:\u{1b}[2J unknown"), "(address) unknown");
/// assert_eq!(remark("so 0912.345.678 bi chan"), "so (number) bi chan");
/// ```
#[must_use]
pub fn remark(text: &str) -> String {
    cut(&without_numbers(&without_mailboxes(text)))
}

/// What a stranger calls a thing of ours, as one short line: as [`remark`], but long numbers stay,
/// for they are names of orders.
///
/// ```
/// assert_eq!(vietnam::text::reference("OK\u{7} 1710921600 d9443c"), "OK 1710921600 d9443c");
/// ```
#[must_use]
pub fn reference(text: &str) -> String {
    cut(&without_mailboxes(text))
}

fn without_mailboxes(text: &str) -> String {
    let shown = shown_line(text);
    let words: Vec<&str> = shown
        .split(' ')
        .map(|word| if is_mailbox(word) { "(address)" } else { word })
        .collect();
    words.join(" ")
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn is_mailbox(word: &str) -> bool {
    word.contains(['@', '\u{ff20}', '\u{fe6b}'])
}

/// Masks every stretch of digits that can be a telephone number.
fn without_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_numeric() || c == '+') {
        let (before, from) = rest.split_at(start);
        masked.push_str(before);
        let (length, is_number) = match name_around(rest, start) {
            Some(end) => (end - start, false),
            None => stretch(from),
        };
        masked.push_str(if is_number {
            "(number)"
        } else {
            &from[..length]
        });
        rest = &from[length..];
    }
    masked.push_str(rest);
    masked
}

/// Where a UUID ends that a digit is part of: names of ours begin with a nought.
fn name_around(text: &str, at: usize) -> Option<usize> {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    const LENGTH: usize = 36;
    let outside = |c: char| !c.is_ascii_hexdigit() && c != '-';
    let start = text[..at].rfind(outside).map_or(0, |before| {
        before + text[before..].chars().next().map_or(0, char::len_utf8)
    });
    let length = text[start..].find(outside).unwrap_or(text.len() - start);
    let word = &text[start..start + length];
    let is_name = length == LENGTH
        && word
            .bytes()
            .enumerate()
            .all(|(place, byte)| (byte == b'-') == HYPHENS.contains(&place));
    is_name.then_some(start + length)
}

/// The longest row of groups at the beginning that can be a telephone number; else an address of a
/// server, or one group: the tail of a group is no number of its own.
fn stretch(text: &str) -> (usize, bool) {
    let ends = group_ends(text);
    let is_server = |end: &&usize| text[..**end].parse::<Ipv4Addr>().is_ok();
    if let Some(end) = ends.iter().find(is_server) {
        return (*end, false);
    }
    let is_number = |end: &&usize| can_be_number(&text[..**end]);
    if let Some(end) = ends.iter().rev().find(is_number) {
        return (*end, true);
    }
    // A plus before no digit stands for itself.
    (ends.first().copied().unwrap_or(1), false)
}

/// Where the groups at the beginning end: as many as one number can have.
fn group_ends(text: &str) -> Vec<usize> {
    const GROUPS: usize = 8;
    let mut ends = Vec::new();
    let mut at = usize::from(text.starts_with('+'));
    while ends.len() < GROUPS {
        let gap = if ends.is_empty() {
            0
        } else {
            separators(&text[at..])
        };
        let group = group_end(&text[at + gap..]);
        if group == 0 {
            break;
        }
        at += gap + group;
        ends.push(at);
    }
    ends
}

fn group_end(text: &str) -> usize {
    text.find(|c: char| !c.is_numeric()).unwrap_or(text.len())
}

/// What stands between the groups of one number: a blank, dot, dash or bracket, or two of them.
fn separators(text: &str) -> usize {
    let end = text.find(|c: char| {
        !matches!(
            c,
            ' ' | '.' | '-' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}'
        )
    });
    end.filter(|end| (1..=2).contains(&text[..*end].chars().count()))
        .unwrap_or(0)
}

/// Begins as numbers do and has their length, or is one group as long as one; dates and the codes
/// of replies are none.
fn can_be_number(text: &str) -> bool {
    let digits: String = text.chars().filter_map(digit).collect();
    let solid = text.chars().all(char::is_numeric);
    // With its country code a number of ours has eleven or twelve digits; an amount in đồng that
    // begins so has others.
    let of_ours = digits.starts_with("84") && matches!(digits.len(), 11 | 12);
    let begins = text.starts_with('+') || digits.starts_with('0') || of_ours;
    DIGITS.contains(&digits.len()) && (solid || begins)
}

/// Digits of other scripts are digits to a reader too.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        _ if c.is_numeric() => Some('9'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn telephone_numbers_are_masked_however_they_are_written() {
        for number in [
            "0912345678",
            "+84912345678",
            "+84 (0)912 345 678",
            "84912345678",
            "0912.345.678",
            "0912 345 678",
            "(0912) 345-678",
            "0912\u{2011}345\u{2011}678",
            "024 3843 1234",
            "0169 123 4567",
            "912345678",
            "\u{ff10}\u{ff19}12345678",
            "09\u{200b}12\u{ad}345678",
        ] {
            let told = remark(&format!("550 5.1.1 So {number}: khong nhan tin"));
            assert!(!told.contains("345"), "{number}: {told}");
            assert!(told.starts_with("550 5.1.1 So"), "{number}: {told}");
            assert!(told.ends_with(": khong nhan tin"), "{number}: {told}");
        }
    }

    #[test]
    fn what_helps_to_find_the_cause_stays() {
        for text in [
            "450 4.7.1 Greylisted, try again in 300 seconds",
            "Client host [203.113.131.10] blocked using zen.spamhaus.org",
            "queued as 4Wq9Y12pXz at 2024-03-20",
            "552 5.3.4 Message size 10485760 exceeds limit",
            "applications/01901234-5678-7012-8123-012345678901 lacks 840.000.000 VND",
            "",
        ] {
            assert_eq!(remark(text), text);
        }
    }

    #[test]
    fn mailboxes_and_what_a_terminal_obeys_are_gone() {
        assert_eq!(
            remark("<an@example.com>: user\r\n\u{1b}]0;x\u{7} unknown\u{202e}"),
            "(address) user ]0;x unknown"
        );
        assert_eq!(remark("an\u{200b}@\u{ad}example.com"), "(address)");
    }

    #[test]
    fn an_essay_is_cut() {
        assert_eq!(remark(&"đ ".repeat(100_000)).chars().count(), LONGEST);
    }

    proptest! {
        #[test]
        fn no_number_of_ours_passes(number in "0[35789][0-9]{8}", before in "[a-z :]{0,9}", after in "[a-z :,]{0,9}") {
            let told = remark(&format!("{before}{number}{after}"));
            prop_assert!(!told.contains(&number[2..]), "{}", told);
        }

        #[test]
        fn any_text_becomes_one_short_line(text in any::<String>()) {
            let told = remark(&text);
            prop_assert!(told.chars().count() <= LONGEST);
            prop_assert!(!told.chars().any(crate::text::is_hidden));
        }
    }
}
