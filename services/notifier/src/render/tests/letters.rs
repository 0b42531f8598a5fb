//! What letters say, and what they no longer say.

use jiff::civil::date;

use super::bed::{Post, letter};
use super::gallery;
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
        let to_come = "hết thứ Ba, 09/4/2024";
        assert!(before.contains(to_come), "{before}");
        let (day, today) = ("thứ Ba, 09/4/2024; ", "đến nay (thứ Tư, 10/4/2024)");
        assert!(after.contains(&format!("{day}{today}")), "{after}");
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
    assert!(text.contains("đọc mã báo cáo 482719"), "{text}");
    assert!(text.contains("chậm nhất hết thứ Ba, 09/4/2024"), "{text}");
    assert!(post.sms().text.contains("doc ma 482719"));
}

#[test]
fn a_call_list_says_what_became_of_which_time_and_why() {
    let old = letter(LetterKind::EventCancelled).old_anchor;
    for (status, words) in [
        (Status::Cancelled, "đã được hủy"),
        (Status::Postponed, "được tạm hoãn và hiện chưa có ngày mới"),
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
    let waits = open.contains("ấn định ngày, giờ và địa điểm") && !open.contains("đã qua");
    assert!(waits, "{open}");
    let asks = over.contains("đã qua") && over.contains("ghi nhận kết quả");
    assert!(asks, "{over}");
    let task = on(date(2024, 4, 4), false);
    let own = task.contains("thời hạn hoàn thành") && !task.contains("giấy mời");
    assert!(own, "{task}");
}

fn situation_of(kind: LetterKind, situation: &str) -> Post {
    let mut all = gallery::of(kind);
    all.find(|(name, _)| *name == situation).unwrap().1
}

#[test]
fn nobody_is_told_both_to_ignore_a_letter_and_to_answer_it() {
    use LetterKind as K;
    for kind in [
        K::ReportReminder,
        K::ReportChaser,
        K::TaskReminder,
        K::DossierSupplement,
        K::AdmissionBatch,
        K::DisbursementStep,
    ] {
        for (situation, post) in gallery::of(kind) {
            for language in [LetterLanguage::Vi, LetterLanguage::En] {
                let words = post.clone().in_language(language).words();
                for wrong in ["bỏ qua", "bo qua", "ignore", "Ignore"] {
                    assert!(!words.contains(wrong), "{kind:?}, {situation}: {words}");
                }
            }
        }
    }
}

#[test]
fn an_applicant_is_spoken_to_and_the_unit_in_charge_is_told_of_it() {
    let of = |situation| situation_of(LetterKind::DisbursementStep, situation).words();
    for situation in ["own", "own, tomorrow", "own, late"] {
        let words = of(situation);
        assert!(words.contains("dành cho Quý HTX"), "{words}");
        assert!(words.contains("cua Quy HTX"), "{words}");
        for wrong in [
            "cho Hợp tác xã",
            "cho HTX",
            "Xin nhắc",
            "ghi nhận vào hệ thống",
        ] {
            assert!(!words.contains(wrong), "{situation}: {words}");
        }
    }
    for situation in ["to the unit in charge", "to the unit in charge, late"] {
        let words = of(situation);
        assert!(
            words.contains("cho Hợp tác xã Nông nghiệp An Bình"),
            "{words}"
        );
        assert!(!words.contains("dành cho"), "{words}");
    }
    let shared = of("of somebody with whom the address is shared");
    assert!(
        shared.contains("dành cho Hợp tác xã Nông nghiệp An Bình"),
        "{shared}"
    );
}

#[test]
fn another_address_online_is_no_other_place_and_nobody_travels_to_it() {
    for kind in [
        LetterKind::EventPlaceChanged,
        LetterKind::EventMoved,
        LetterKind::EventCancelled,
        LetterKind::EventPostponed,
    ] {
        let words = |situation| situation_of(kind, situation).words();
        let online = words("online");
        let hybrid = words("in a hall and online, with another address");
        let moved = words("online, with another address");
        assert!(!online.contains("di chuyển"), "{kind:?}: {online}");
        for words in [hybrid, moved] {
            for wrong in [
                "thay đổi địa điểm",
                "Địa điểm mới",
                "DIA DIEM MOI",
                "từ  sang",
            ] {
                assert!(!words.contains(wrong), "{kind:?}: {words}");
            }
        }
    }
}

#[test]
fn a_claim_says_what_was_claimed_when_and_how_it_is_confirmed() {
    let text = Post::of(letter(LetterKind::ClaimConfirmation)).email().text;
    for told in [
        "HTX Nông nghiệp An Bình báo vào thứ Tư, 03/4/2024 là đã gửi Báo cáo tình hình hoạt động quý I/2024.",
        "Nếu dùng dòng lệnh: lienminh deadline received \"Báo cáo tình hình hoạt động quý I/2024\" \"HTX Nông nghiệp An Bình\"",
    ] {
        assert!(text.contains(told), "{text}");
    }
}

#[test]
fn a_document_of_the_event_is_not_the_plan_and_no_deadline_gets_a_new_day() {
    for (situation, post) in gallery::of(LetterKind::Unfixed) {
        let words = post.words();
        assert!(!words.contains("kế hoạch ghi"), "{situation}: {words}");
        let due = !post.letter.is_event;
        assert!(
            !due || !words.contains("an dinh ngay"),
            "{situation}: {words}"
        );
    }
}

#[test]
fn hosts_have_agreed_to_receive_and_not_to_attend() {
    for kind in [LetterKind::Invitation, LetterKind::EventReminder] {
        let text = situation_of(kind, "visit, confirmed").email().text;
        assert!(text.contains("Quý HTX đã nhận lời tiếp đoàn"), "{text}");
        assert!(!text.contains("tham dự"), "{text}");
    }
}

#[test]
fn who_came_by_the_old_time_may_answer_anew() {
    for kind in [LetterKind::EventMoved, LetterKind::EventRedated] {
        let text = situation_of(kind, "confirmed").email().text;
        assert!(text.contains("Thay đổi xác nhận: https://"), "{text}");
        assert!(!text.contains("482719"), "{text}");
    }
}
