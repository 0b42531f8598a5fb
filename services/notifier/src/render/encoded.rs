//! Texts of headers as encoded words (RFC 2047), broken between words: a program that shows the
//! blank between two encoded words, which it should not, still shows words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::Mailbox;
use lettre::message::header::{HeaderName, HeaderValue};

/// Of an encoded word, and of a line that holds one (RFC 2047 section 2).
const WORD: usize = 75;
const LINE: usize = 76;

const BEGIN: &str = "=?utf-8?b?";
const END: &str = "?=";

/// A text as encoded words, folded; `used` characters stand before it on its first line.
pub(super) fn words(text: &str, used: usize) -> String {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in text.split_inclusive(' ').flat_map(bearable) {
        let taken = if lines.is_empty() { used } else { 1 };
        let room = WORD.min(LINE.saturating_sub(taken));
        if !line.is_empty() && encoded_length(line.len() + piece.len()) > room {
            lines.push(encoded(&line));
            line.clear();
        }
        line.push_str(piece);
    }
    lines.push(encoded(&line));
    lines.join("\r\n ")
}

/// Octets of a word that fit a line beside the longest name of a header that we write.
const MOST: usize = 36;

/// A word that fits no line by itself, in pieces that do; none parts a letter.
fn bearable(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = word;
    while rest.len() > MOST {
        let (head, tail) = rest.split_at(rest.floor_char_boundary(MOST));
        pieces.push(head);
        rest = tail;
    }
    pieces.push(rest);
    pieces
}

const fn encoded_length(octets: usize) -> usize {
    BEGIN.len() + octets.div_ceil(3) * 4 + END.len()
}

fn encoded(text: &str) -> String {
    format!("{BEGIN}{}{END}", STANDARD.encode(text))
}

/// The header of a mailbox whose name has letters beyond ASCII; of others there is none to write.
pub(super) fn mailbox(header: &'static str, mailbox: &Mailbox) -> Option<HeaderValue> {
    let name = mailbox.name.as_deref().filter(|name| !name.is_ascii())?;
    let mut value = words(name, header.len() + ": ".len());
    let last = value.rsplit("\r\n").next().map_or(0, str::len);
    let address = format!("<{}>", mailbox.email);
    let fits = last + 1 + address.len() <= LINE;
    value.push_str(if fits { " " } else { "\r\n " });
    value.push_str(&address);
    let header = HeaderName::new_from_ascii_str(header);
    let raw = mailbox.to_string();
    Some(HeaderValue::dangerous_new_pre_encoded(header, raw, value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn decoded(header: &str) -> Vec<String> {
        let word = |word: &str| {
            let inner = word.strip_prefix(BEGIN).unwrap().strip_suffix(END).unwrap();
            String::from_utf8(STANDARD.decode(inner).unwrap()).unwrap()
        };
        header.split("\r\n ").map(word).collect()
    }

    #[test]
    fn encoded_words_break_between_words() {
        for text in [
            "Liên minh Hợp tác xã tỉnh Đắk Nông",
            "Trung tâm Tư vấn và Hỗ trợ phát triển hợp tác xã thành phố Hải Phòng",
            "Thay đổi thời gian: Lễ phát động Tháng hành động vì HTX năm 2024 – từ 08 giờ 00",
        ] {
            let parts = decoded(&words(text, 10));
            assert!(parts.len() > 1, "{parts:?}");
            let last = parts.len() - 1;
            assert!(
                parts[..last].iter().all(|part| part.ends_with(' ')),
                "{parts:?}"
            );
            assert_eq!(parts.concat(), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read_back_from_lines_that_are_short(text in "\\PC{1,200}", used in 0_usize..=12) {
            let header = words(&text, used);
            for (index, line) in header.split("\r\n").enumerate() {
                let before = if index == 0 { used } else { 0 };
                prop_assert!(line.trim_start().len() <= WORD);
                prop_assert!(before + line.len() <= LINE, "{}", line);
            }
            prop_assert_eq!(decoded(&header).concat(), text);
        }
    }
}
