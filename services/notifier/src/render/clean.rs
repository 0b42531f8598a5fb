//! Text from outside, made harmless: names and titles are typed by many hands.

pub(super) use vietnam::text::{shown_line as line, shown_lines as lines};

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
    if is_link(&uri) { uri } else { String::new() }
}

/// Whether readers are shown links that begin so.
#[must_use]
pub fn is_link(uri: &str) -> bool {
    let local = uri.starts_with("http://127.0.0.1") || uri.starts_with("http://localhost");
    (uri.starts_with("https://") || local) && !uri.contains(['"', '<', '>', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_links_pass() {
        assert_eq!(link("javascript:alert(1)"), "");
        assert_eq!(link("http://example.com"), "");
        assert_eq!(link("https://example.com/r/1"), "https://example.com/r/1");
    }
}
