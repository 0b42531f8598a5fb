//! Texts made fit to be shown: what hides, turns or breaks is taken out, the rest stays.

use super::nfc;
use super::signs::{is_any_mark, is_hidden, is_line_end};

/// Marks of any script that are shown on one letter.
const MARKS: usize = 4;

/// A text as one line: composed, without hidden signs, blanks single.
///
/// ```
/// assert_eq!(vietnam::text::shown_line("HTX A\r\nBcc: \u{202e}x"), "HTX A Bcc: x");
/// ```
#[must_use]
pub fn shown_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut gap = false;
    let mut marks = 0;
    for c in nfc(text).chars() {
        // A line break separates words, a hidden sign does not.
        if c.is_whitespace() || is_line_end(c) {
            gap = !shown.is_empty();
            continue;
        }
        marks = if is_any_mark(c) { marks + 1 } else { 0 };
        if is_hidden(c) || marks > MARKS {
            continue;
        }
        if gap {
            shown.push(' ');
            gap = false;
        }
        shown.push(c);
    }
    shown
}

/// Several lines, each of them fit to be shown; empty ones are left out.
///
/// ```
/// assert_eq!(vietnam::text::shown_lines("a\u{200b}\r\n\r\n b"), "a\nb");
/// ```
#[must_use]
pub fn shown_lines(text: &str) -> String {
    let lines = text.lines().map(shown_line);
    let filled: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    filled.join("\n")
}

/// What is repeated of a text that somebody gave, in characters: enough to find it again.
const EXCERPT: usize = 60;

/// The beginning of a text that is repeated in a complaint about it, as one short line.
///
/// ```
/// let long = vietnam::text::excerpt(&"a\u{1b} ".repeat(1_000_000));
/// assert_eq!(long, format!("{}…", "a ".repeat(30).trim_end()));
/// ```
#[must_use]
pub fn excerpt(text: &str) -> String {
    // Of a long one only the beginning is looked at: what hides in it makes it shorter still.
    let (end, _) = text
        .char_indices()
        .nth(2 * EXCERPT)
        .unwrap_or((text.len(), ' '));
    let shown = shown_line(&text[..end]);
    let mut clipped: String = shown.chars().take(EXCERPT).collect();
    if clipped.len() < shown.len() || end < text.len() {
        clipped.truncate(clipped.trim_end().len());
        clipped.push('…');
    }
    clipped
}

/// A text for a terminal: lines and columns stay as they are, hidden signs vanish. What a terminal
/// would obey (ESC) is among them.
///
/// ```
/// assert_eq!(vietnam::text::on_screen("a  b\n\u{1b}[2Jc"), "a  b\n[2Jc");
/// ```
#[must_use]
pub fn on_screen(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, '\n' | '\t') || !(is_hidden(*c) || is_line_end(*c)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_break_in_a_name_becomes_a_blank() {
        assert_eq!(
            shown_line("HTX A\r\nBcc: x@y.example\u{0}"),
            "HTX A Bcc: x@y.example"
        );
    }

    #[test]
    fn direction_marks_vanish() {
        assert_eq!(shown_line("HTX \u{202e}gnourt\u{202c} An"), "HTX gnourt An");
    }

    #[test]
    fn a_heap_of_marks_is_cut() {
        let heap = format!("a{}", "\u{301}\u{310}".repeat(20));
        assert!(shown_line(&heap).chars().count() <= 1 + MARKS);
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_shown(text in any::<String>()) {
            prop_assert!(!shown_line(&text).chars().any(is_hidden));
            prop_assert!(!shown_lines(&text).chars().any(|c| c != '\n' && is_hidden(c)));
            prop_assert!(!on_screen(&text).chars().any(|c| !matches!(c, '\n' | '\t') && is_hidden(c)));
        }

        #[test]
        fn showing_twice_changes_nothing(text in any::<String>()) {
            prop_assert_eq!(shown_line(&shown_line(&text)), shown_line(&text));
            prop_assert_eq!(on_screen(&on_screen(&text)), on_screen(&text));
        }
    }
}
