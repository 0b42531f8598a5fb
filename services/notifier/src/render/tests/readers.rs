//! Who is addressed, and whom a letter sends to whom.

use super::bed::{Post, letter, seminar};
use crate::domain::letter::{Addressee, Answer, LetterKind, LetterLanguage, LetterUnit};
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
    let sms = |greeted| post.clone().greeting(&[greeted]).sms().text;
    assert!(sms("HTX An Bình").contains("LH 02253842124"));
    assert!(sms("Ban Chính sách – Tuyên truyền").contains("LH 02253842123"));
}

#[test]
fn an_applicant_hands_papers_in_and_the_unit_in_charge_looks_through_them() {
    let mut post = led_by_the_policy_unit(LetterKind::AdmissionBatch).with("applicants", "4");
    post.letter.attributes.remove("submit_to");
    let words = |greeted: &str| post.clone().greeting(&[greeted]).words();
    let applicant = words("Hợp tác xã Nông nghiệp An Bình");
    assert!(applicant.contains("hoàn thiện hồ sơ gia nhập và nộp chậm nhất hết thứ Ba, 09/4/2024"));
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

/// Three behind one address: two can answer, one has nothing to say.
fn shared(kind: LetterKind) -> Post {
    let mut post = Post::of(letter(kind)).greeting(&["HTX An Bình", "HTX Đoàn Kết", "HTX Ba"]);
    post.party.reply_url.clear();
    post.party.answer_code.clear();
    post.party.missing.clear();
    post.party.answers = [
        ("HTX An Bình", "482716", "an"),
        ("HTX Đoàn Kết", "593102", "doan"),
    ]
    .map(|(name, code, token)| Answer {
        organisation: uuid::Uuid::nil(),
        name: name.to_owned(),
        reply_url: format!("https://lienminh.example/r/{token}"),
        answer_code: code.to_owned(),
    })
    .to_vec();
    post
}

#[test]
fn each_behind_an_address_finds_its_own_code_and_its_own_link() {
    for (kind, label) in [
        (LetterKind::Invitation, "Trả lời giấy mời"),
        (LetterKind::ReportReminder, "Chúng tôi đã gửi"),
    ] {
        let text = shared(kind).email().text;
        let codes = "482716 (HTX An Bình), 593102 (HTX Đoàn Kết)";
        assert!(text.contains(codes), "{text}");
        for (name, token) in [("HTX An Bình", "an"), ("HTX Đoàn Kết", "doan")] {
            let link = format!("{label}: {name}: https://lienminh.example/r/{token}");
            assert!(text.contains(&link), "{text}");
        }
        let english = shared(kind).in_language(LetterLanguage::En).email();
        assert!(english.text.contains(codes), "{}", english.text);
        assert_eq!(
            english.html.matches("https://lienminh.example/r/").count(),
            2
        );
    }
}

#[test]
fn an_sms_to_several_tells_each_its_own_code() {
    for kind in [LetterKind::Invitation, LetterKind::ReportReminder] {
        let sms = shared(kind).sms();
        let codes = "doc ma 482716 (HTX An Binh), 593102 (HTX Doan Ket).";
        assert!(sms.text.contains(codes), "{}", sms.text);
        assert!(sms.segments <= 2, "{}", sms.text);
    }
}

#[test]
fn who_joins_from_elsewhere_is_told_of_another_address() {
    use crate::domain::obligation::Place;
    for kind in [LetterKind::EventPlaceChanged, LetterKind::EventMoved] {
        let mut post = Post::of(letter(kind));
        let online = |uri: &str| Place {
            online_uri: uri.to_owned(),
            ..Place::default()
        };
        post.letter.place = Some(online("https://hop.example/2"));
        post.letter.old_place = Some(online("https://hop.example/1"));
        let words = post.words();
        assert!(words.contains("https://hop.example/2"), "{words}");
        assert!(words.contains("trực tuyến"), "{words}");
        assert!(!words.contains("https://hop.example/1"), "{words}");
        if kind == LetterKind::EventPlaceChanged {
            let sms = post.sms().text;
            assert!(sms.contains("DIA CHI TRUC TUYEN MOI"), "{sms}");
            post.letter.old_place = Some(Place {
                text: "Hội trường Liên minh".to_owned(),
                ..Place::default()
            });
            let words = post.words();
            let change = "từ Hội trường Liên minh sang hình thức trực tuyến";
            assert!(words.contains(change), "{words}");
            let sms = post.sms().text;
            assert!(sms.contains("CHUYEN SANG TRUC TUYEN"), "{sms}");
        }
    }
}
