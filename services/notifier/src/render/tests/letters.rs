//! What letters say, and what they no longer say.

use jiff::civil::date;

use super::bed::{Post, letter};
use crate::domain::anchor::Anchor;
use crate::domain::letter::{LetterKind, LetterLanguage};
use crate::domain::obligation::Status;

#[test]
fn a_chaser_sent_again_on_another_day_is_another_text() {
    for kind in [
        LetterKind::ReportChaser,
        LetterKind::Unfixed,
        LetterKind::EventReminder,
    ] {
        let on = |day| Post::of(letter(kind)).on(day).email().text;
        assert_ne!(on(date(2024, 4, 1)), on(date(2024, 4, 8)), "{kind:?}");
    }
}

#[test]
fn a_day_to_answer_by_that_is_over_is_not_printed() {
    for (day, asked) in [(date(2024, 4, 5), true), (date(2024, 4, 6), false)] {
        let text = Post::of(letter(LetterKind::EventMoved))
            .on(day)
            .email()
            .text;
        assert_eq!(text.contains("05/4/2024"), asked, "{text}");
        assert!(text.contains("Trả lời giấy mời: https://"), "{text}");
    }
}

#[test]
fn a_document_that_will_be_issued_later_is_not_cited_yet() {
    for (day, cited) in [(date(2024, 2, 29), false), (date(2024, 3, 1), true)] {
        for kind in [
            LetterKind::Unfixed,
            LetterKind::Invitation,
            LetterKind::EventReminder,
        ] {
            let text = Post::of(letter(kind)).on(day).email().text;
            assert_eq!(text.contains("45/GM-LMHTX"), cited, "{kind:?}: {text}");
            assert_eq!(text.contains("/vb/45"), cited, "{kind:?}: {text}");
        }
    }
}

#[test]
fn every_correction_tells_the_reason_that_the_officer_gave() {
    use LetterKind as K;
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
            let post = Post::of(letter(kind)).in_language(language);
            let email = post.with("reason", reason).email();
            assert!(email.text.contains(reason), "{kind:?}: {}", email.text);
            assert!(email.html.contains(reason), "{kind:?}");
        }
    }
}

#[test]
fn what_is_late_is_told_as_not_received_and_never_as_still_to_come() {
    use LetterKind as K;
    for kind in [
        K::TaskReminder,
        K::AdmissionBatch,
        K::DossierSupplement,
        K::DisbursementStep,
    ] {
        let text = |day| {
            let email = Post::of(letter(kind)).on(day).email();
            format!("{}\n{}", email.subject, email.text)
        };
        let (before, after) = (text(date(2024, 4, 9)), text(date(2024, 4, 10)));
        let to_come = "chậm nhất hết thứ Ba, 09/4/2024, hôm nay)";
        assert!(before.contains(to_come), "{before}");
        let late = "là thứ Ba, 09/4/2024; đến nay (10/4/2024)";
        assert!(after.contains(late), "{after}");
        assert!(!after.contains("chậm nhất"), "{after}");
    }
}

#[test]
fn letters_about_support_name_applicant_step_programme_and_decision() {
    use LetterKind as K;
    let task = "thẩm định hồ sơ “Mua máy sấy” của HTX Mắc ca Tiến Phát";
    for (kind, told) in [
        (K::TaskReminder, task),
        (K::DossierSupplement, "- Báo cáo tài chính 2 năm"),
        (K::DisbursementStep, "Quyết định: 41/QĐ-LMHTX"),
    ] {
        for day in [date(2024, 4, 8), date(2024, 4, 11)] {
            let post = Post::of(letter(kind))
                .with("applicant", "HTX Mắc ca Tiến Phát")
                .with("programme", "Hỗ trợ HTX năm 2024")
                .with("decision", "41/QĐ-LMHTX")
                .with("purpose", "Mua máy sấy")
                .with("step", "thẩm định");
            let text = post.on(day).email().text;
            assert!(text.contains("HTX Mắc ca Tiến Phát"), "{kind:?}: {text}");
            assert!(text.contains("Chương trình: Hỗ trợ HTX năm 2024"), "{text}");
            assert!(text.contains(told), "{kind:?}: {text}");
        }
    }
}

#[test]
fn a_claim_names_until_when_and_by_which_code_it_is_to_be_confirmed() {
    let post = Post::of(letter(LetterKind::ClaimConfirmation));
    let text = post.email().text;
    assert!(text.contains("Mã báo cáo: 482719"), "{text}");
    assert!(text.contains("chậm nhất hết thứ Ba, 09/4/2024"), "{text}");
    assert!(post.sms().text.contains("ma bao cao 482719"));
}

#[test]
fn a_call_list_says_what_became_of_which_time_and_why() {
    let old = letter(LetterKind::EventCancelled).old_anchor;
    for (status, words) in [
        (Status::Cancelled, "đã huỷ"),
        (Status::Postponed, "tạm hoãn và hiện chưa có ngày mới"),
    ] {
        let mut letter = letter(LetterKind::CallList);
        letter.status = status;
        letter.anchor = Anchor::Undated;
        letter.old_anchor.clone_from(&old);
        let text = Post::of(letter).with("reason", "Mưa lũ").email().text;
        let told = format!("dự kiến lúc 08 giờ 00, thứ Ba, 09/4/2024, {words}");
        assert!(text.contains(&told), "{text}");
        assert!(text.contains("Lý do: Mưa lũ"), "{text}");
    }
}

#[test]
fn a_window_that_is_over_is_asked_about_and_not_waited_for() {
    let on = |day, is_event| {
        let mut letter = letter(LetterKind::Unfixed);
        letter.is_event = is_event;
        Post::of(letter).on(day).email().text
    };
    let (open, over) = (on(date(2024, 4, 30), true), on(date(2024, 5, 2), true));
    let waits = open.contains("chốt ngày, giờ và địa điểm") && !open.contains("đã qua");
    assert!(waits, "{open}");
    let asks = over.contains("đã qua") && over.contains("ghi nhận kết quả");
    assert!(asks, "{over}");
    let task = on(date(2024, 4, 4), false);
    let own = task.contains("thời hạn hoàn thành") && !task.contains("giấy mời");
    assert!(own, "{task}");
}
