//! Mails as a mail program reads them.

use jiff::civil::date;
use mail_parser::{MessageParser, MimeHeaders, PartType};
use proptest::prelude::*;

use super::bed::{ID, Post, at, letter, renderer, seminar};
use super::calendars::REPLY;
use crate::domain::letter::LetterKind;

#[test]
fn a_mail_reads_back_strictly_with_its_calendar() {
    let mail = Post::of(letter(LetterKind::EventMoved)).mail();
    assert!(mail.bytes.is_ascii());
    let mut lines = mail.bytes.split(|b| *b == b'\n');
    assert!(lines.all(|line| line.len() <= 999));
    let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
    assert_eq!(
        parsed.message_id(),
        Some(format!("{ID}@lienminh.example").as_str())
    );
    let dated = at(date(2024, 4, 4), 9, 15);
    assert_eq!(parsed.date().unwrap().to_timestamp(), dated.as_second());
    assert_eq!(
        parsed.subject(),
        Some(
            "Đổi sang 08 giờ 00, thứ Năm, 11/4/2024: Hội thảo giải pháp phát triển kinh tế tập \
             thể (trước đây: 08 giờ 00, thứ Ba, 09/4/2024)"
        )
    );
    let name = Some("Liên minh Hợp tác xã thành phố Hải Phòng");
    let from = parsed.from().unwrap().first().unwrap();
    assert_eq!(from.address(), Some("nhacviec@lienminh.example"));
    assert_eq!(from.name(), name);
    let reply_to = parsed.reply_to().unwrap().first().unwrap();
    assert_eq!(reply_to.address(), Some("vanphong@lienminh.example"));
    assert_eq!(reply_to.name(), name);
    assert_eq!(
        parsed.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    assert_eq!(
        parsed.header_raw("X-Auto-Response-Suppress").map(str::trim),
        Some("OOF, AutoReply")
    );
    assert_eq!(parsed.text_body_count(), 1);
    assert_eq!(parsed.html_body_count(), 1);
    let body = parsed.body_text(0).unwrap();
    assert!(body.contains("từ 08 giờ 00, thứ Ba, 09/4/2024"));
    let is_calendar = |part: &&mail_parser::MessagePart<'_>| {
        let kind = part.content_type();
        kind.is_some_and(|kind| kind.subtype() == Some("calendar"))
    };
    let calendar = parsed.parts.iter().find(is_calendar).unwrap();
    assert_eq!(
        calendar.content_type().unwrap().attribute("method"),
        Some("PUBLISH")
    );
    let PartType::Text(content) = &calendar.body else {
        panic!("a calendar part is text")
    };
    for line in [
        "METHOD:PUBLISH",
        "UID:event-1@lienminh.example",
        "SEQUENCE:1",
        "DTSTAMP:20240404T021500Z",
        "DTSTART:20240411T010000Z",
        "DTEND:20240411T043000Z",
        "STATUS:CONFIRMED",
    ] {
        let has_line = content.lines().any(|found| found == line);
        assert!(has_line, "{line} in {content}");
    }
}

#[test]
fn the_same_delivery_gives_the_same_bytes() {
    let make = || Post::of(seminar(LetterKind::Invitation)).mail().bytes;
    assert_eq!(make(), make());
}

#[test]
fn no_header_breaks_within_a_word() {
    use base64::Engine as _;
    let mail = Post::of(letter(LetterKind::EventMoved)).mail();
    let text = String::from_utf8(mail.bytes).unwrap();
    let head = text.split_once("\r\n\r\n").unwrap().0;
    let words: Vec<&str> = head.split("=?utf-8?b?").skip(1).collect();
    assert!(words.len() > 5, "{head}");
    for word in words {
        let (encoded, rest) = word.split_once("?=").unwrap();
        let octets = base64::engine::general_purpose::STANDARD.decode(encoded);
        let decoded = String::from_utf8(octets.unwrap()).unwrap();
        let goes_on = rest.trim_start_matches(['\r', '\n', ' ']).is_empty();
        assert!(!goes_on || decoded.ends_with(' '), "{decoded} goes on");
    }
}

#[test]
fn an_encoded_word_in_a_title_or_a_name_is_shown_and_never_decoded() {
    let word = "=?utf-8?q?=E2=80=AE=0D=0ABcc:_thief=40example.net?=";
    for name in [format!("An {word}"), format!("Liên minh {word}")] {
        let mut post = Post::of(seminar(LetterKind::Invitation));
        post.letter.title = word.to_owned();
        post.letter.organiser.name.clone_from(&name);
        let mail = post.mail();
        let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
        let subject = parsed.subject().unwrap();
        assert!(subject.contains(word), "{subject}");
        for sender in [parsed.from(), parsed.reply_to()] {
            let shown = sender.unwrap().first().unwrap().name.as_deref();
            assert_eq!(shown, Some(name.as_str()));
        }
        let prepared = post.prepared();
        let stamp = at(date(2024, 4, 4), 9, 15);
        let entry = prepared.calendar.as_ref().unwrap();
        let part = entry.write(renderer().sender(), REPLY, stamp);
        let whole = part.content.replace("\r\n ", "");
        assert!(!whole.contains("=?"), "{whole}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn case_31_no_name_or_title_adds_a_header_or_a_recipient(
        title in "(\\PC|\r|\n|\0|\u{202e}|\u{2028}){0,80}",
        name in "(\\PC|\r|\n|\0|\u{202e}|\u{2028}){0,80}",
    ) {
        let mut post = Post::of(seminar(LetterKind::Invitation)).greeting(&[&name]);
        post.letter.title = format!("{title}\r\nBcc: thief@example.net\r\n\r\nx");
        post.letter.organiser.name = format!("{name}\r\nX-Injected: yes");
        let mail = post.mail();
        let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
        prop_assert!(parsed.bcc().is_none());
        prop_assert!(parsed.header_raw("X-Injected").is_none());
        prop_assert_eq!(parsed.to().unwrap().iter().count(), 1);
        prop_assert_eq!(parsed.text_body_count(), 1);
        let subject = parsed.subject().unwrap();
        let harmful = subject.chars().any(|c| c.is_control() || c == '\u{202e}');
        prop_assert!(!harmful);
    }
}
