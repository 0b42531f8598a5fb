//! Who is addressed, and whom a letter sends to whom.

use super::bed::{Post, letter, seminar};
use crate::domain::letter::{Addressee, LetterKind, LetterLanguage, LetterUnit};
use crate::domain::party::Position;

fn lan(post: Post) -> Post {
    let mut post = post;
    post.party.addressee = Some(Addressee {
        salutation: "Bà".to_owned(),
        name: "Nguyễn Thị Lan".to_owned(),
        position: Some(Position::Director),
    });
    post
}

#[test]
fn a_person_is_greeted_by_name_and_position_and_the_organisation_within_the_text() {
    let text = lan(Post::of(seminar(LetterKind::Invitation))).email().text;
    let greeting = "Kính gửi Bà Nguyễn Thị Lan, Giám đốc HTX Nông nghiệp An Bình,";
    assert!(text.starts_with(greeting), "{text}");
    assert!(text.contains("kính mời đại diện Quý HTX"), "{text}");
}

#[test]
fn a_person_behind_several_organisations_is_greeted_as_these() {
    let post = lan(Post::of(seminar(LetterKind::Invitation)));
    let text = post.greeting(&["HTX A", "HTX B"]).email().text;
    assert!(text.starts_with("Kính gửi Quý HTX A, Quý HTX B,"), "{text}");
}

#[test]
fn nobody_is_greeted_by_name_in_an_sms() {
    let text = lan(Post::of(seminar(LetterKind::Invitation))).sms().text;
    assert!(text.contains("moi Quy HTX du"), "{text}");
}

#[test]
fn several_organisations_behind_one_address_are_all_greeted() {
    let post = Post::of(seminar(LetterKind::Invitation));
    let names = ["Hợp tác xã Nông nghiệp An Bình", "Công ty TNHH Hoa Sen"];
    let text = post.greeting(&names).email().text;
    assert!(text.starts_with("Kính gửi Quý HTX Nông nghiệp An Bình, Quý Công ty TNHH Hoa Sen,"));
    assert!(text.contains("đại diện Quý đơn vị"));
}

fn led_by_the_policy_unit(kind: LetterKind) -> Post {
    let mut letter = letter(kind);
    letter.lead_unit = Some(LetterUnit {
        name: "Ban Chính sách – Tuyên truyền".to_owned(),
        landline: "0225 3842 124".to_owned(),
        ..LetterUnit::default()
    });
    Post::of(letter)
}

#[test]
fn a_unit_is_not_told_to_ask_itself() {
    let post = led_by_the_policy_unit(LetterKind::Unfixed);
    let text = |greeted| post.clone().greeting(&[greeted]).email().text;
    assert!(text("HTX An Bình").contains("Đầu mối liên hệ: Ban Chính sách"));
    assert!(!text("Ban Chính sách – Tuyên truyền").contains("Đầu mối liên hệ"));
}

#[test]
fn an_applicant_hands_papers_in_and_the_unit_in_charge_looks_through_them() {
    let mut post = led_by_the_policy_unit(LetterKind::AdmissionBatch).with("applicants", "4");
    post.letter.attributes.remove("submit_to");
    let words = |greeted: &str| post.clone().greeting(&[greeted]).words();
    let applicant = words("Hợp tác xã Nông nghiệp An Bình");
    assert!(applicant.contains("hoàn thiện hồ sơ gia nhập và nộp trước ngày 10/4"));
    assert!(
        applicant.contains("Nơi nhận: Ban Chính sách – Tuyên truyền, điện thoại 0225 3842 124")
    );
    assert!(!applicant.contains("trình"), "{applicant}");
    let unit = words("Ban Chính sách – Tuyên truyền");
    assert!(unit.contains("trình quyết định kết nạp"), "{unit}");
    assert!(unit.contains("Số đơn vị trong đợt: 4"), "{unit}");
}

#[test]
fn hosts_of_a_visit_are_not_invited_to_it_nor_told_to_stay_at_home() {
    use LetterKind as K;
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
            let text = Post::of(letter).in_language(language).words();
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
