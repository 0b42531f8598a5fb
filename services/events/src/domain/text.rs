//! Bounds of what people write, and addresses that links may have.

/// Title of a plan, an item, an event or a deadline, in characters: one long sentence.
pub const TITLE_LIMIT: usize = 300;
/// A short name for text messages, in characters: a quarter of one SMS, so that day,
/// hour, place and whom to call fit beside it.
pub const SHORT_TITLE_LIMIT: usize = 40;
/// Name and address of a place, in characters.
pub const PLACE_LIMIT: usize = 400;
/// One line of an agenda or of contents, in characters. With [`LINES_LIMIT`]
/// it keeps the whole fact below the 64 KiB that a message may have.
pub const LINE_LIMIT: usize = 200;
/// Lines of an agenda, contents or remarks.
pub const LINES_LIMIT: usize = 40;
/// One remark about a plan, in characters.
pub const REMARK_LIMIT: usize = 500;
/// A note of a few sentences (what to bring, why it moved), in characters.
pub const NOTE_LIMIT: usize = 1_000;
/// The name of a body, a role or a unit, in characters.
pub const NAME_LIMIT: usize = 200;
/// A document number as printed, in characters.
pub const NUMBER_LIMIT: usize = 60;
/// An https address, in characters: what browsers and mail programs pass on whole.
pub const URI_LIMIT: usize = 500;

/// Whether a text can be a link: https, a host with a dot, nothing that hides
/// where it leads. A name before the host does (`https://bank.vn@evil.example`).
#[must_use]
pub fn is_https(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    let plain = text.chars().all(|character| {
        !character.is_whitespace()
            && !matches!(
                character,
                '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'
            )
    });
    plain && host.contains('.') && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_addresses_with_a_host_are_links() {
        assert!(is_https("https://lienminh.example/gm-12.pdf"));
        for uri in [
            "",
            "http://lienminh.example",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://bank.example@evil.example/",
            "https://lienminh.example/a b",
            "https://lienminh.example/\"><script>",
        ] {
            assert!(!is_https(uri), "{uri}");
        }
    }
}
