#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use mail_parser::{MessageParser, MimeHeaders, PartType};
use proptest::prelude::*;

use super::*;
use crate::domain::anchor::{Anchor, Bound};
use crate::domain::letter::{CallEntry, LetterKind, LetterUnit};
use crate::domain::obligation::{Document, Place};

const ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

fn renderer() -> Renderer {
    Renderer::new(Sender::new("nhacviec@lienminh.example", "lienminh.example").unwrap()).unwrap()
}

fn at(day: Date, hour: i8, minute: i8) -> Timestamp {
    vietnam::instant(day.at(hour, minute, 0, 0))
}

fn seminar(kind: LetterKind) -> OccurrenceLetter {
    OccurrenceLetter {
        kind,
        matter: "seminar".to_owned(),
        is_event: true,
        title: "Hội thảo giải pháp phát triển kinh tế tập thể".to_owned(),
        anchor: Anchor::Instant {
            start: at(date(2024, 4, 11), 8, 0),
            end: Some(at(date(2024, 4, 11), 11, 30)),
        },
        old_anchor: None,
        place: Some(Place {
            text: "Hội trường Liên minh, 15 Trần Phú".to_owned(),
            hint: "Cổng phụ phía đường Lê Lợi".to_owned(),
            online_uri: String::new(),
        }),
        old_place: None,
        organiser: LetterUnit {
            name: "Liên minh Hợp tác xã thành phố Hải Phòng".to_owned(),
            short_name: String::new(),
            mailbox: "vanphong@lienminh.example".to_owned(),
            landline: "0225 3842 123".to_owned(),
        },
        lead_unit: None,
        document: Some(Document {
            number: "45/GM-LMHTX".to_owned(),
            issuer: String::new(),
            date: Some(date(2024, 3, 1)),
            title: String::new(),
            uri: "https://lienminh.example/vb/45".to_owned(),
        }),
        attributes: BTreeMap::from([
            ("agenda".to_owned(), "Báo cáo đề dẫn\nThảo luận".to_owned()),
            ("bring".to_owned(), "Giấy mời này".to_owned()),
        ]),
        reply_by: Some(date(2024, 4, 5)),
        issued_late: false,
        uid: "event-1@lienminh.example".to_owned(),
        ics_sequence: 0,
        rule_version: 1,
        template_version: crate::domain::letter::TEMPLATE_VERSION,
        call_list: Vec::new(),
    }
}

fn bulletin(kind: LetterKind) -> OccurrenceLetter {
    OccurrenceLetter {
        matter: "report".to_owned(),
        is_event: false,
        title: "Báo cáo tình hình hoạt động quý I/2024".to_owned(),
        anchor: Anchor::Day {
            date: date(2024, 4, 10),
            bound: Bound::Before,
        },
        place: None,
        reply_by: None,
        attributes: BTreeMap::from([
            ("submit_to".to_owned(), "Văn phòng Liên minh".to_owned()),
            ("amount_text".to_owned(), "195.000.000 đồng".to_owned()),
            ("claimant".to_owned(), "HTX Nông nghiệp An Bình".to_owned()),
        ]),
        document: Some(Document {
            number: "123/KH-LMHTX".to_owned(),
            issuer: String::new(),
            date: Some(date(2024, 2, 27)),
            title: String::new(),
            uri: String::new(),
        }),
        ..seminar(kind)
    }
}

/// A letter of each kind with what fan-out gives it.
fn letter(kind: LetterKind) -> OccurrenceLetter {
    use LetterKind as K;
    let old_start = Anchor::Instant {
        start: at(date(2024, 4, 9), 8, 0),
        end: None,
    };
    let old_day = Anchor::Day {
        date: date(2024, 4, 5),
        bound: Bound::Through,
    };
    let old_place = Place {
        text: "Khách sạn Hữu Nghị".to_owned(),
        ..Place::default()
    };
    match kind {
        K::Invitation | K::EventReminder => seminar(kind),
        K::EventMoved | K::EventRedated => OccurrenceLetter {
            old_anchor: Some(old_start),
            ics_sequence: 1,
            ..seminar(kind)
        },
        K::EventPostponed | K::EventCancelled => OccurrenceLetter {
            anchor: Anchor::Undated,
            old_anchor: Some(old_start),
            ics_sequence: 1,
            ..seminar(kind)
        },
        K::EventPlaceChanged => OccurrenceLetter {
            old_place: Some(old_place),
            ics_sequence: 1,
            ..seminar(kind)
        },
        K::Unfixed => OccurrenceLetter {
            anchor: Anchor::Window {
                text: "cuối tháng 4/2024".to_owned(),
                start: Some(date(2024, 4, 21)),
                end: Some(date(2024, 4, 30)),
            },
            place: None,
            ..seminar(kind)
        },
        K::TaskReminder | K::ReportReminder | K::ReportChaser => bulletin(kind),
        K::ClaimConfirmation | K::AdmissionBatch => bulletin(kind),
        K::DossierSupplement | K::DisbursementStep => OccurrenceLetter {
            title: "Vay vốn Quỹ hỗ trợ phát triển HTX của HTX An Bình".to_owned(),
            ..bulletin(kind)
        },
        K::DeadlineMoved | K::DeadlineRedated => OccurrenceLetter {
            old_anchor: Some(old_day),
            ..bulletin(kind)
        },
        K::DeadlinePostponed | K::DeadlineCancelled => OccurrenceLetter {
            anchor: Anchor::Undated,
            old_anchor: Some(old_day),
            ..bulletin(kind)
        },
        K::CallList => OccurrenceLetter {
            call_list: vec![
                CallEntry {
                    organisation: "HTX Vận tải Đồng Tâm".to_owned(),
                    phone: "0225 3999 111".to_owned(),
                    reason: "thư bị trả lại".to_owned(),
                },
                CallEntry {
                    organisation: "HTX Rau sạch Tiên Lãng".to_owned(),
                    phone: String::new(),
                    reason: "không có địa chỉ".to_owned(),
                },
            ],
            ..seminar(kind)
        },
    }
}

fn party(language: LetterLanguage) -> PartyLetter {
    PartyLetter {
        language,
        greeted: vec!["Hợp tác xã Nông nghiệp An Bình".to_owned()],
        reply_url: "https://lienminh.example/r/tok".to_owned(),
        answer_code: "482719".to_owned(),
        confirmed: false,
        variables: BTreeMap::from([("claimed_at".to_owned(), "08/4/2024".to_owned())]),
        missing: vec![
            "Nghị quyết đại hội thành viên".to_owned(),
            "Báo cáo tài chính 2 năm".to_owned(),
        ],
        ..PartyLetter::default()
    }
}

fn shown(kind: LetterKind, language: LetterLanguage) -> String {
    let renderer = renderer();
    let prepared = renderer.prepare(letter(kind), language, date(2024, 4, 4));
    let email = renderer.email_text(&prepared, &party(language)).unwrap();
    let sms = renderer.sms(&prepared, &party(language)).unwrap();
    format!(
        "{}\n\n{}\n=== SMS, {} segment(s), {} characters\n{}\n=== HTML\n{}\n",
        email.subject,
        email.text,
        sms.segments,
        sms.text.len(),
        sms.text,
        email.html
    )
}

#[test]
fn every_text_reads_as_it_was_approved() {
    for kind in LetterKind::ALL {
        insta::assert_snapshot!(kind.template(), shown(kind, LetterLanguage::Vi));
    }
}

#[test]
fn every_english_text_reads_as_it_was_approved() {
    let renderer = renderer();
    for kind in LetterKind::ALL {
        let prepared = renderer.prepare(letter(kind), LetterLanguage::En, date(2024, 4, 4));
        if prepared.language == LetterLanguage::En {
            let name = format!("{}_en", kind.template());
            insta::assert_snapshot!(name, shown(kind, LetterLanguage::En));
        }
    }
}

#[test]
fn every_sms_is_short_and_names_neither_amount_nor_link() {
    let renderer = renderer();
    for kind in LetterKind::ALL {
        for language in [LetterLanguage::Vi, LetterLanguage::En] {
            let prepared = renderer.prepare(letter(kind), language, date(2024, 4, 4));
            let sms = renderer.sms(&prepared, &party(language)).unwrap();
            assert!(sms.segments <= 2, "{kind:?}: {}", sms.text);
            assert!(sms.text.is_ascii(), "{}", sms.text);
            assert!(
                !sms.text.contains("http") && !sms.text.contains("195"),
                "{}",
                sms.text
            );
            assert!(sms.text.contains("02253842123"), "{kind:?}: {}", sms.text);
        }
    }
}

#[test]
fn no_text_says_overdue_and_no_message_asks_for_a_transfer() {
    for kind in LetterKind::ALL {
        let text = shown(kind, LetterLanguage::Vi);
        assert!(
            !text.contains("quá hạn") && !text.contains("huyện"),
            "{kind:?}"
        );
        assert!(!text.contains("chuyển khoản"), "{kind:?}");
    }
}

#[test]
fn nothing_in_html_comes_from_elsewhere() {
    for kind in LetterKind::ALL {
        let text = shown(kind, LetterLanguage::Vi);
        for word in ["src=", "url(", "<script", "<link", "@import"] {
            assert!(!text.contains(word), "{kind:?} contains {word}");
        }
        assert!(text.contains("lang=\"vi\""));
    }
}

#[test]
fn a_mail_reads_back_strictly_with_its_calendar() {
    let renderer = renderer();
    let prepared = renderer.prepare(
        letter(LetterKind::EventMoved),
        LetterLanguage::Vi,
        date(2024, 4, 4),
    );
    let dated = at(date(2024, 4, 4), 9, 15);
    let mail = renderer
        .email(
            &prepared,
            &party(LetterLanguage::Vi),
            ID,
            "htx@example.com",
            dated,
        )
        .unwrap();
    assert!(mail.bytes.is_ascii());
    assert!(
        mail.bytes
            .split(|b| *b == b'\n')
            .all(|line| line.len() <= 999)
    );
    let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
    assert_eq!(
        parsed.message_id(),
        Some(format!("{ID}@lienminh.example").as_str())
    );
    assert_eq!(parsed.date().unwrap().to_timestamp(), dated.as_second());
    assert_eq!(
        parsed.subject(),
        Some(
            "Thay đổi thời gian: Hội thảo giải pháp phát triển kinh tế tập thể – \
             từ 08 giờ 00 thứ Ba 09/4/2024 sang 08 giờ 00 thứ Năm 11/4/2024"
        )
    );
    let from = parsed.from().unwrap().first().unwrap();
    assert_eq!(from.address(), Some("nhacviec@lienminh.example"));
    assert_eq!(
        from.name(),
        Some("Liên minh Hợp tác xã thành phố Hải Phòng")
    );
    let reply_to = parsed.reply_to().unwrap().first().unwrap();
    assert_eq!(reply_to.address(), Some("vanphong@lienminh.example"));
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
    assert!(
        parsed
            .body_text(0)
            .unwrap()
            .contains("từ 08 giờ 00, thứ Ba, 09/4/2024")
    );
    let calendar = parsed
        .parts
        .iter()
        .find(|part| {
            part.content_type()
                .is_some_and(|kind| kind.subtype() == Some("calendar"))
        })
        .unwrap();
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
        assert!(
            content.lines().any(|found| found == line),
            "{line} in {content}"
        );
    }
}

#[test]
fn a_cancellation_takes_the_old_time_out_of_calendars() {
    let renderer = renderer();
    for kind in [LetterKind::EventCancelled, LetterKind::EventPostponed] {
        let prepared = renderer.prepare(letter(kind), LetterLanguage::Vi, date(2024, 4, 4));
        let entry = prepared.calendar.as_ref().unwrap();
        let part = entry.write(renderer.sender(), REPLY, at(date(2024, 4, 4), 9, 0));
        assert_eq!(part.method, "CANCEL");
        assert!(part.content.contains("DTSTART:20240409T010000Z"));
        assert!(part.content.contains("STATUS:CANCELLED"));
        assert!(
            !part.content.contains("Tr\u{1ea3} l\u{1edd}i"),
            "nothing to answer"
        );
    }
}

const REPLY: &str = "https://lienminh.example/r/token";

/// The calendar part that a reader of a letter gets, unfolded.
fn entry(letter: OccurrenceLetter, party: &PartyLetter) -> String {
    let renderer = renderer();
    let prepared = renderer.prepare(letter, party.language, date(2024, 4, 4));
    let dated = at(date(2024, 4, 4), 9, 15);
    let mail = renderer
        .email(&prepared, party, ID, "htx@example.com", dated)
        .unwrap();
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
fn a_calendar_entry_asks_for_nothing_and_says_what_its_reader_needs() {
    let reader = party(LetterLanguage::Vi);
    for kind in [
        LetterKind::Invitation,
        LetterKind::EventReminder,
        LetterKind::EventPlaceChanged,
    ] {
        let mut letter = letter(kind);
        if let Anchor::Instant { end, .. } = &mut letter.anchor {
            *end = None;
        }
        letter
            .attributes
            .insert("reason".to_owned(), "trùng kỳ họp HĐND".to_owned());
        let calendar = entry(letter, &reader);
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
            &format!("Trả lời: {}", reader.reply_url),
        ] {
            assert!(described.contains(part), "{part} in {described}");
        }
    }
}

#[test]
fn what_is_withdrawn_says_so_with_its_reason_and_asks_for_no_answer() {
    for (kind, words) in [
        (LetterKind::EventCancelled, "Đã huỷ."),
        (LetterKind::EventPostponed, "Tạm hoãn\\, sẽ báo ngày mới."),
    ] {
        let mut letter = letter(kind);
        letter
            .attributes
            .insert("reason".to_owned(), "bão số 3".to_owned());
        let calendar = entry(letter, &party(LetterLanguage::Vi));
        let described = property(&calendar, "DESCRIPTION");
        assert!(
            described.starts_with(&format!("{words}\\nLý do: bão số 3")),
            "{described}"
        );
        for lost in ["Trả lời", "Mang theo", "Cổng phụ", "Thảo luận"] {
            assert!(!described.contains(lost), "{described}");
        }
        assert_eq!(property(&calendar, "METHOD"), "CANCEL");
        assert_eq!(property(&calendar, "DTEND"), "20240409T050000Z");
    }
}

#[test]
fn a_calendar_entry_speaks_the_language_of_its_reader_and_asks_nobody_twice() {
    let mut letter = seminar(LetterKind::Invitation);
    letter.place.as_mut().unwrap().online_uri = "https://meet.example/abc".to_owned();
    let english = PartyLetter {
        confirmed: true,
        ..party(LetterLanguage::En)
    };
    let calendar = entry(letter, &english);
    let described = property(&calendar, "DESCRIPTION");
    assert!(
        described.contains("Join online: https://meet.example/abc"),
        "{described}"
    );
    assert!(described.contains("telephone 0225 3842 123"), "{described}");
    assert!(!described.contains("Reply"), "{described}");
}

#[test]
fn the_same_delivery_gives_the_same_bytes() {
    let make = || {
        let renderer = renderer();
        let prepared = renderer.prepare(
            seminar(LetterKind::Invitation),
            LetterLanguage::Vi,
            date(2024, 4, 4),
        );
        let dated = at(date(2024, 4, 4), 9, 15);
        renderer
            .email(
                &prepared,
                &party(LetterLanguage::Vi),
                ID,
                "htx@example.com",
                dated,
            )
            .unwrap()
            .bytes
    };
    assert_eq!(make(), make());
}

#[test]
fn several_organisations_behind_one_address_are_all_greeted() {
    let renderer = renderer();
    let prepared = renderer.prepare(
        seminar(LetterKind::Invitation),
        LetterLanguage::Vi,
        date(2024, 4, 4),
    );
    let mut party = party(LetterLanguage::Vi);
    party.greeted.push("Công ty TNHH Hoa Sen".to_owned());
    let text = renderer.email_text(&prepared, &party).unwrap().text;
    assert!(text.starts_with("Kính gửi Quý HTX Nông nghiệp An Bình, Quý Công ty TNHH Hoa Sen,"));
    assert!(text.contains("đại diện Quý đơn vị"));
}

#[test]
fn a_chaser_sent_again_on_another_day_is_another_text() {
    let renderer = renderer();
    for kind in [
        LetterKind::ReportChaser,
        LetterKind::Unfixed,
        LetterKind::EventReminder,
    ] {
        let on = |day| {
            let prepared = renderer.prepare(letter(kind), LetterLanguage::Vi, day);
            renderer
                .email_text(&prepared, &party(LetterLanguage::Vi))
                .unwrap()
                .text
        };
        assert_ne!(on(date(2024, 4, 1)), on(date(2024, 4, 8)), "{kind:?}");
    }
}

#[test]
fn a_letter_without_english_text_is_sent_in_vietnamese() {
    let prepared = renderer().prepare(
        letter(LetterKind::CallList),
        LetterLanguage::En,
        date(2024, 4, 4),
    );
    assert_eq!(prepared.language, LetterLanguage::Vi);
}

fn sms_of(title: &str) -> SmsText {
    let renderer = renderer();
    let mut letter = seminar(LetterKind::EventReminder);
    letter.title = title.to_owned();
    let prepared = renderer.prepare(letter, LetterLanguage::Vi, date(2024, 4, 4));
    renderer.sms(&prepared, &party(LetterLanguage::Vi)).unwrap()
}

#[test]
fn an_sms_loses_a_phrase_rather_than_half_a_sentence() {
    let sms = sms_of("Hội nghị phổ biến Luật Hợp tác xã (kết hợp tham quan mô hình, trao đổi)");
    assert_eq!(
        sms.text,
        "LMHTX TP Hai Phong nhac: Hoi nghi pho bien Luat HTX, 08h00 T5 11/4, tai Hoi truong Lien \
         minh. Tra loi: goi 02253842123, ma 482719."
    );
    assert_eq!(sms.segments, 1);
}

#[test]
fn a_second_segment_is_paid_for_a_title_that_cannot_lose_a_phrase() {
    let title = "Hội nghị triển khai nhiệm vụ trọng tâm quý II và gặp mặt các hợp tác xã tiêu biểu cụm Cư Jút";
    let sms = sms_of(title);
    assert_eq!(sms.segments, 2, "{}", sms.text);
    assert!(
        sms.text.contains("cum Cu Jut, 08h00 T5 11/4"),
        "{}",
        sms.text
    );
}

#[test]
fn signs_and_pictures_in_a_title_do_not_make_an_sms_dear() {
    let sms = sms_of("Lễ ra quân → Tháng hành động ✅ ½ ngày");
    assert!(sms.text.is_ascii(), "{}", sms.text);
    assert!(
        sms.text.contains("Le ra quan - Thang hanh dong 1/2 ngay"),
        "{}",
        sms.text
    );
}

#[test]
fn a_title_written_for_sms_is_taken() {
    let renderer = renderer();
    let mut letter = seminar(LetterKind::EventReminder);
    letter
        .attributes
        .insert("short_title".to_owned(), "Hội thảo KTTT".to_owned());
    let prepared = renderer.prepare(letter, LetterLanguage::Vi, date(2024, 4, 4));
    let sms = renderer.sms(&prepared, &party(LetterLanguage::Vi)).unwrap();
    assert!(
        sms.text.contains("nhac: Hoi thao KTTT, 08h00"),
        "{}",
        sms.text
    );
}

#[test]
fn a_day_to_answer_by_that_is_over_is_not_printed() {
    let renderer = renderer();
    for (day, asked) in [(date(2024, 4, 5), true), (date(2024, 4, 6), false)] {
        let prepared = renderer.prepare(letter(LetterKind::EventMoved), LetterLanguage::Vi, day);
        let text = renderer
            .email_text(&prepared, &party(LetterLanguage::Vi))
            .unwrap()
            .text;
        assert_eq!(text.contains("05/4/2024"), asked, "{text}");
        assert!(text.contains("Trả lời giấy mời: https://"), "{text}");
    }
}

#[test]
fn every_correction_tells_the_reason_that_the_officer_gave() {
    use LetterKind as K;
    let renderer = renderer();
    let reason = "Lãnh đạo tỉnh bận công tác đột xuất";
    for kind in [
        K::EventMoved,
        K::EventPostponed,
        K::EventCancelled,
        K::EventPlaceChanged,
        K::DeadlineMoved,
        K::DeadlinePostponed,
        K::DeadlineCancelled,
        K::CallList,
    ] {
        for language in [LetterLanguage::Vi, LetterLanguage::En] {
            let mut letter = letter(kind);
            letter
                .attributes
                .insert("reason".to_owned(), reason.to_owned());
            let prepared = renderer.prepare(letter, language, date(2024, 4, 4));
            let text = renderer.email_text(&prepared, &party(language)).unwrap();
            assert!(text.text.contains(reason), "{kind:?}: {}", text.text);
            assert!(text.html.contains(reason), "{kind:?}");
        }
    }
}

#[test]
fn what_is_late_is_told_as_not_received_and_never_as_still_to_come() {
    use LetterKind as K;
    let renderer = renderer();
    for kind in [
        K::TaskReminder,
        K::AdmissionBatch,
        K::DossierSupplement,
        K::DisbursementStep,
    ] {
        let text = |day| {
            let prepared = renderer.prepare(letter(kind), LetterLanguage::Vi, day);
            let email = renderer
                .email_text(&prepared, &party(LetterLanguage::Vi))
                .unwrap();
            format!("{}\n{}", email.subject, email.text)
        };
        let (before, after) = (text(date(2024, 4, 9)), text(date(2024, 4, 10)));
        assert!(
            before.contains("chậm nhất hết thứ Ba, 09/4/2024"),
            "{before}"
        );
        assert!(
            after.contains("hạn là thứ Ba, 09/4/2024; đến nay (10/4/2024)"),
            "{after}"
        );
        assert!(!after.contains("chậm nhất"), "{after}");
    }
}

#[test]
fn a_unit_is_not_told_to_ask_itself() {
    let renderer = renderer();
    let mut letter = letter(LetterKind::Unfixed);
    letter.lead_unit = Some(LetterUnit {
        name: "Ban Chính sách – Tuyên truyền".to_owned(),
        landline: "0225 3842 124".to_owned(),
        ..LetterUnit::default()
    });
    let prepared = renderer.prepare(letter, LetterLanguage::Vi, date(2024, 4, 4));
    let text = |greeted: &str| {
        let mut party = party(LetterLanguage::Vi);
        party.greeted = vec![greeted.to_owned()];
        renderer.email_text(&prepared, &party).unwrap().text
    };
    assert!(text("HTX An Bình").contains("Đầu mối liên hệ: Ban Chính sách"));
    assert!(!text("Ban Chính sách – Tuyên truyền").contains("Đầu mối liên hệ"));
}

#[test]
fn hosts_of_a_visit_are_not_invited_to_it_nor_told_to_stay_at_home() {
    use LetterKind as K;
    let renderer = renderer();
    for kind in [
        K::Invitation,
        K::EventReminder,
        K::EventMoved,
        K::EventPostponed,
        K::EventCancelled,
    ] {
        for language in [LetterLanguage::Vi, LetterLanguage::En] {
            let mut letter = letter(kind);
            letter.matter = "visit".to_owned();
            letter.title = "Thăm, tặng quà HTX tiêu biểu".to_owned();
            let prepared = renderer.prepare(letter, language, date(2024, 4, 4));
            let email = renderer.email_text(&prepared, &party(language)).unwrap();
            let sms = renderer.sms(&prepared, &party(language)).unwrap();
            for text in [email.subject, email.text, sms.text] {
                for wrong in [
                    "tới dự",
                    "mời dự",
                    "Mời dự",
                    "di chuyển",
                    "di chuyen",
                    "inviting",
                    "travel",
                ] {
                    assert!(!text.contains(wrong), "{kind:?}: {text}");
                }
            }
        }
    }
}

#[test]
fn a_window_that_is_over_is_asked_about_and_not_waited_for() {
    let renderer = renderer();
    let on = |day, is_event| {
        let mut letter = letter(LetterKind::Unfixed);
        letter.is_event = is_event;
        let prepared = renderer.prepare(letter, LetterLanguage::Vi, day);
        renderer
            .email_text(&prepared, &party(LetterLanguage::Vi))
            .unwrap()
            .text
    };
    let (open, over) = (on(date(2024, 4, 30), true), on(date(2024, 5, 2), true));
    assert!(
        open.contains("chốt ngày, giờ và địa điểm") && !open.contains("đã qua"),
        "{open}"
    );
    assert!(
        over.contains("đã qua") && over.contains("ghi nhận kết quả"),
        "{over}"
    );
    let task = on(date(2024, 4, 4), false);
    assert!(
        task.contains("thời hạn hoàn thành") && !task.contains("giấy mời"),
        "{task}"
    );
}

#[test]
fn an_encoded_word_in_a_title_or_a_name_is_shown_and_never_decoded() {
    let word = "=?utf-8?q?=E2=80=AE=0D=0ABcc:_thief=40example.net?=";
    let renderer = renderer();
    let mut letter = seminar(LetterKind::Invitation);
    letter.title = word.to_owned();
    letter.organiser.name = format!("An {word}");
    let prepared = renderer.prepare(letter, LetterLanguage::Vi, date(2024, 4, 4));
    let mail = renderer
        .email(
            &prepared,
            &party(LetterLanguage::Vi),
            ID,
            "htx@example.com",
            at(date(2024, 4, 4), 9, 15),
        )
        .unwrap();
    let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
    let subject = parsed.subject().unwrap();
    assert!(subject.contains(word), "{subject}");
    for sender in [parsed.from(), parsed.reply_to()] {
        let name = sender.unwrap().first().unwrap().name.as_deref();
        assert_eq!(name, Some(format!("An {word}").as_str()));
    }
    let calendar = prepared.calendar.as_ref().unwrap();
    let part = calendar.write(renderer.sender(), REPLY, at(date(2024, 4, 4), 9, 15));
    assert!(
        !part.content.replace("\r\n ", "").contains("=?"),
        "{}",
        part.content
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn case_31_no_name_or_title_adds_a_header_or_a_recipient(
        title in "(\\PC|\r|\n|\0|\u{202e}|\u{2028}){0,80}",
        name in "(\\PC|\r|\n|\0|\u{202e}|\u{2028}){0,80}",
    ) {
        let renderer = renderer();
        let mut letter = seminar(LetterKind::Invitation);
        letter.title = format!("{title}\r\nBcc: thief@example.net\r\n\r\nx");
        letter.organiser.name = format!("{name}\r\nX-Injected: yes");
        let prepared = renderer.prepare(letter, LetterLanguage::Vi, date(2024, 4, 4));
        let mut party = party(LetterLanguage::Vi);
        party.greeted = vec![name];
        let mail = renderer
            .email(&prepared, &party, ID, "htx@example.com", at(date(2024, 4, 4), 9, 15))
            .unwrap();
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
