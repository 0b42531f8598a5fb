//! Text from outside, made harmless: names and titles are typed by many hands.

use vietnam::text::nfc;

/// Characters that end a header, hide text or turn its direction: controls, line
/// and paragraph separators, zero-width and bidirectional marks.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{2028}' | '\u{2029}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}' | '\u{ad}')
}

/// One line: composed, without harmful characters, blanks collapsed.
pub(super) fn line(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut gap = false;
    for c in nfc(text).chars() {
        // A line break separates words, a hidden mark does not.
        if c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') {
            gap = !plain.is_empty();
        } else if !is_harmful(c) {
            if gap {
                plain.push(' ');
                gap = false;
            }
            plain.push(c);
        }
    }
    plain
}

/// Several lines, each of them clean; empty ones are left out.
pub(super) fn lines(text: &str) -> String {
    let cleaned: Vec<String> = text
        .lines()
        .map(line)
        .filter(|line| !line.is_empty())
        .collect();
    cleaned.join("\n")
}

/// A text part as its template left it: no blanks at line ends, one empty line
/// between paragraphs, one line break at the end.
pub(super) fn paragraphs(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = 0_usize;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !tidy.is_empty() && empty > 0 {
            tidy.push('\n');
        }
        empty = 0;
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy
}

/// An https link or nothing: no other scheme reaches a reader.
pub(super) fn link(uri: &str) -> String {
    let uri = line(uri);
    let local = uri.starts_with("http://127.0.0.1") || uri.starts_with("http://localhost");
    if (uri.starts_with("https://") || local) && !uri.contains(['"', '<', '>', ' ']) {
        uri
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_break_in_a_name_becomes_a_blank() {
        assert_eq!(
            line("HTX A\r\nBcc: x@y.example\u{0}"),
            "HTX A Bcc: x@y.example"
        );
    }

    #[test]
    fn direction_marks_vanish() {
        assert_eq!(line("HTX \u{202e}gnourt\u{202c} An"), "HTX gnourt An");
    }

    #[test]
    fn only_https_links_pass() {
        assert_eq!(link("javascript:alert(1)"), "");
        assert_eq!(link("http://example.com"), "");
        assert_eq!(link("https://example.com/r/1"), "https://example.com/r/1");
    }

    proptest! {
        #[test]
        fn nothing_harmful_passes(text in any::<String>()) {
            prop_assert!(!line(&text).chars().any(is_harmful));
            prop_assert!(!lines(&text).chars().any(|c| c != '\n' && is_harmful(c)));
        }

        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>()) {
            prop_assert_eq!(line(&line(&text)), line(&text));
        }
    }
}
