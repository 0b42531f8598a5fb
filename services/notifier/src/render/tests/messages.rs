//! SMS: short, whole, and without what does not belong there.

use super::bed::{Post, letter, seminar};
use crate::domain::letter::{LetterKind, LetterLanguage};
use crate::render::SmsText;

fn sms_of(title: &str) -> SmsText {
    let mut post = Post::of(seminar(LetterKind::EventReminder));
    post.letter.title = title.to_owned();
    post.sms()
}

#[test]
fn every_sms_is_short_and_names_neither_amount_nor_link() {
    for kind in LetterKind::ALL {
        for language in [LetterLanguage::Vi, LetterLanguage::En] {
            let sms = Post::of(letter(kind)).in_language(language).sms();
            assert!(sms.segments <= 2, "{kind:?}: {}", sms.text);
            assert!(sms.text.is_ascii(), "{}", sms.text);
            for wrong in ["http", "195"] {
                assert!(!sms.text.contains(wrong), "{}", sms.text);
            }
            assert!(sms.text.contains("0225384212"), "{kind:?}: {}", sms.text);
        }
    }
}

#[test]
fn an_sms_loses_a_phrase_rather_than_half_a_sentence() {
    let sms = sms_of("Hội nghị phổ biến Luật Hợp tác xã (kết hợp tham quan mô hình, trao đổi)");
    assert_eq!(
        sms.text,
        "LMHTX TP Hai Phong nhac: Hoi nghi pho bien Luat HTX, 08h00 T5 11/4, tai Hoi truong Lien \
         minh. Tra loi cham nhat T6 05/4: goi 02253842123, doc ma 482719."
    );
    assert_eq!(sms.segments, 1);
}

#[test]
fn a_second_segment_is_paid_for_a_title_that_cannot_lose_a_phrase() {
    let title = "Hội nghị triển khai nhiệm vụ trọng tâm quý II và gặp mặt các hợp tác xã tiêu biểu cụm Cư Jút";
    let sms = sms_of(title);
    assert_eq!(sms.segments, 2, "{}", sms.text);
    let whole = sms.text.contains("cum Cu Jut, 08h00 T5 11/4");
    assert!(whole, "{}", sms.text);
}

#[test]
fn signs_and_pictures_in_a_title_do_not_make_an_sms_dear() {
    let sms = sms_of("Lễ ra quân → Tháng hành động ✅ ½ ngày");
    assert!(sms.text.is_ascii(), "{}", sms.text);
    let plain = sms.text.contains("Le ra quan - Thang hanh dong 1/2 ngay");
    assert!(plain, "{}", sms.text);
}

#[test]
fn a_title_written_for_sms_is_taken() {
    let post = Post::of(seminar(LetterKind::EventReminder)).with("short_title", "Hội thảo KTTT");
    let text = post.sms().text;
    assert!(text.contains("nhac: Hoi thao KTTT, 08h00"), "{text}");
}

#[test]
fn why_it_changed_and_by_when_to_answer_are_worth_a_second_segment() {
    let reason = "Lãnh đạo tỉnh bận công tác đột xuất";
    for (kind, asks) in [
        (LetterKind::EventMoved, true),
        (LetterKind::EventRedated, true),
        (LetterKind::EventPlaceChanged, true),
        (LetterKind::EventPostponed, false),
        (LetterKind::EventCancelled, false),
        (LetterKind::DeadlineMoved, false),
        (LetterKind::DeadlineCancelled, false),
    ] {
        let sms = Post::of(letter(kind)).with("reason", reason).sms();
        let text = &sms.text;
        assert_eq!(sms.segments, 2, "{text}");
        assert!(
            text.contains("Ly do: Lanh dao tinh ban cong tac dot xuat."),
            "{text}"
        );
        assert_eq!(text.contains("cham nhat T6 05/4"), asks, "{text}");
    }
}

#[test]
fn what_is_dropped_first_is_the_street_and_the_reason_is_dropped_last() {
    let long =
        |letters| Post::of(letter(LetterKind::EventMoved)).with("reason", &"b".repeat(letters));
    let drops = |letters| {
        let sms = long(letters).sms();
        assert!(sms.segments <= 2, "{}", sms.text);
        [", 15 Tran Phu", "Hoi truong", "cham nhat", "Ly do"].map(|part| sms.text.contains(part))
    };
    let all: Vec<_> = (20..200).step_by(3).map(drops).collect();
    for wanted in [
        [true, true, true, true],
        [false, true, true, true],
        [false, false, true, true],
        [false, false, false, true],
        [true, true, true, false],
    ] {
        assert!(all.contains(&wanted), "{wanted:?} in {all:?}");
    }
}

#[test]
fn a_reason_that_ends_its_sentence_ends_it_once() {
    let post =
        Post::of(letter(LetterKind::EventCancelled)).with("reason", "Mưa lũ.\nĐường sạt lở.");
    let text = post.sms().text;
    assert!(
        text.contains("Ly do: Mua lu.; Duong sat lo. Khong"),
        "{text}"
    );
}
