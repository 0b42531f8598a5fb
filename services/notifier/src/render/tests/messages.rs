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
            assert!(sms.text.contains("02253842123"), "{kind:?}: {}", sms.text);
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
