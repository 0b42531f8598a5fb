//! Calendar entries as calendar programs read them.

use jiff::civil::date;
use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::bed::{Post, at, letter, renderer, seminar};
use crate::domain::anchor::Anchor;
use crate::domain::letter::{LetterKind, LetterLanguage};

pub(super) const REPLY: &str = "https://lienminh.example/r/token";

/// The calendar part that a reader of a letter gets, unfolded.
fn entry(post: &Post) -> String {
    let mail = post.mail();
    let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
    let part = parsed.parts.iter().find(|part| {
        part.content_type()
            .is_some_and(|kind| kind.subtype() == Some("calendar"))
    });
    let Some(PartType::Text(content)) = part.map(|part| &part.body) else {
        panic!("a calendar part is text")
    };
    content.replace("\r\n ", "")
}

fn property<'c>(calendar: &'c str, name: &str) -> &'c str {
    let line = calendar.lines().find(|line| line.starts_with(name));
    line.map_or("", |line| line[name.len()..].trim_start_matches(':'))
}

#[test]
fn a_cancellation_takes_the_old_time_out_of_calendars() {
    for kind in [LetterKind::EventCancelled, LetterKind::EventPostponed] {
        let prepared = Post::of(letter(kind)).prepared();
        let entry = prepared.calendar.as_ref().unwrap();
        let stamp = at(date(2024, 4, 4), 9, 0);
        let part = entry.write(renderer().sender(), REPLY, stamp);
        assert_eq!(part.method, "CANCEL");
        assert!(part.content.contains("DTSTART:20240409T010000Z"));
        assert!(part.content.contains("STATUS:CANCELLED"));
        assert!(!part.content.contains("Trả lời"), "nothing to answer");
    }
}

#[test]
fn a_calendar_entry_asks_for_nothing_and_says_what_its_reader_needs() {
    for kind in [
        LetterKind::Invitation,
        LetterKind::EventReminder,
        LetterKind::EventPlaceChanged,
    ] {
        let mut post = Post::of(letter(kind)).with("reason", "trùng kỳ họp HĐND");
        if let Anchor::Instant { end, .. } = &mut post.letter.anchor {
            *end = None;
        }
        let calendar = entry(&post);
        assert_eq!(property(&calendar, "METHOD"), "PUBLISH");
        assert_eq!(property(&calendar, "STATUS"), "CONFIRMED");
        assert_eq!(property(&calendar, "DTEND"), "20240411T050000Z");
        for asks in ["ATTENDEE", "RSVP", "NEEDS-ACTION"] {
            assert!(!calendar.contains(asks), "{asks} in {calendar}");
        }
        assert_eq!(
            property(&calendar, "LOCATION"),
            "Hội trường Liên minh\\, 15 Trần Phú"
        );
        let described = property(&calendar, "DESCRIPTION");
        for part in [
            "Lý do: trùng kỳ họp HĐND",
            "Báo cáo đề dẫn\\nThảo luận",
            "Cổng phụ phía đường Lê Lợi",
            "điện thoại 0225 3842 123",
            "vanphong@lienminh.example",
            &format!("Trả lời: {}", post.party.reply_url),
        ] {
            assert!(described.contains(part), "{part} in {described}");
        }
    }
}

#[test]
fn what_is_withdrawn_says_so_with_its_reason_and_asks_for_no_answer() {
    for (kind, words) in [
        (LetterKind::EventCancelled, "Đã hủy."),
        (LetterKind::EventPostponed, "Tạm hoãn\\, sẽ báo ngày mới."),
    ] {
        let calendar = entry(&Post::of(letter(kind)).with("reason", "bão số 3"));
        let described = property(&calendar, "DESCRIPTION");
        let begins = described.starts_with(&format!("{words}\\nLý do: bão số 3"));
        assert!(begins, "{described}");
        for lost in ["Trả lời", "Mang theo", "Cổng phụ", "Thảo luận"] {
            assert!(!described.contains(lost), "{described}");
        }
        assert_eq!(property(&calendar, "METHOD"), "CANCEL");
        assert_eq!(property(&calendar, "DTEND"), "20240409T050000Z");
    }
}

#[test]
fn a_calendar_entry_speaks_the_language_of_its_reader_and_asks_nobody_twice() {
    let mut post = Post::of(seminar(LetterKind::Invitation)).in_language(LetterLanguage::En);
    let place = post.letter.place.as_mut().unwrap();
    place.online_uri = "https://meet.example/abc".to_owned();
    post.party.confirmed = true;
    let calendar = entry(&post);
    let described = property(&calendar, "DESCRIPTION");
    for part in [
        "Join online: https://meet.example/abc",
        "telephone 0225 3842 123",
    ] {
        assert!(described.contains(part), "{part} in {described}");
    }
    assert!(!described.contains("Reply"), "{described}");
}

#[test]
fn hosts_are_asked_to_prepare_and_not_to_bring() {
    let mut post = Post::of(seminar(LetterKind::Invitation)).with("bring", "Danh sách hộ khó khăn");
    post.letter.matter = "visit".to_owned();
    let calendar = entry(&post);
    let described = property(&calendar, "DESCRIPTION");
    let asked = described.contains("Chuẩn bị: Danh sách hộ khó khăn");
    assert!(asked && !described.contains("Mang theo"), "{described}");
    let text = post.email().text;
    assert!(text.contains("Đề nghị chuẩn bị: Danh sách"), "{text}");
}
