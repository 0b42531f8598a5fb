//! Text from outside, made harmless: names and titles are typed by many hands.

use reqwest::Url;

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
    let quotable = !uri.contains(['"', '<', '>', ' ']);
    quotable && (uri.starts_with("https://") || is_on_this_machine(uri))
}

/// Whoever tries the suite out reads what it writes here.
fn is_on_this_machine(uri: &str) -> bool {
    let host = uri
        .strip_prefix("http://")
        .and_then(|_| Url::parse(uri).ok())
        .and_then(|url| url.host_str().map(str::to_owned));
    matches!(host.as_deref(), Some("127.0.0.1" | "localhost"))
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

    #[test]
    fn only_this_machine_itself_is_linked_in_clear() {
        for here in [
            "http://localhost",
            "http://localhost:8080/r/1",
            "http://127.0.0.1:80/",
        ] {
            assert_eq!(link(here), here);
        }
        for elsewhere in [
            "http://localhost.evil.example/r/1",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.10/",
            "http://localhost@evil.example/",
            "http://localhost:80@evil.example/",
            "http://localhostevil.example/",
        ] {
            assert_eq!(link(elsewhere), "");
        }
    }
}
