//! What a reader does after reading: the right day, the right place, the right office, and a
//! telephone where one is to call.

use jiff::civil::date;

use super::bed::{Post, letter};
use super::gallery;
use crate::domain::letter::{LetterKind, LetterLanguage};

fn of(kind: LetterKind, situation: &str) -> Post {
    let mut all = gallery::of(kind);
    all.find(|(name, _)| *name == situation).unwrap().1
}

fn english(post: &Post) -> Post {
    post.clone().in_language(LetterLanguage::En)
}

fn all_say(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word} in {text}");
    }
}

fn none_says(text: &str, words: &[&str]) {
    for word in words {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[test]
fn a_deadline_counts_beside_its_last_day_and_its_subject_names_no_other() {
    use LetterKind as K;
    for kind in [K::ReportReminder, K::TaskReminder, K::AdmissionBatch] {
        let email = Post::of(letter(kind)).on(date(2024, 4, 8)).email();
        all_say(&email.subject, &["hạn thứ Ba, 09/4/2024 (ngày mai)"]);
        none_says(&email.subject, &["10/4"]);
        all_say(&email.text, &["chậm nhất hết thứ Ba, 09/4/2024 (ngày mai;"]);
    }
}

#[test]
fn an_event_that_lost_its_hall_sends_nobody_there() {
    use LetterKind as K;
    let gone = "in no hall any more";
    for kind in [
        K::Invitation,
        K::EventReminder,
        K::EventRedated,
        K::EventMoved,
        K::EventPlaceChanged,
    ] {
        let post = of(kind, gone);
        all_say(&post.email().text, &[": sẽ thông báo sau"]);
        none_says(&post.email().text, &["có mặt đúng giờ"]);
        all_say(&post.sms().text.to_lowercase(), &["dia diem", "se bao sau"]);
        let english = english(&post);
        all_say(&english.email().text, &["enue: to be announced"]);
        all_say(&english.sms().text.to_lowercase(), &["to be announced"]);
    }
    let hosts = of(K::Invitation, "visit, with a reason");
    none_says(&hosts.words(), &["thông báo sau"]);
}

#[test]
fn another_place_is_told_as_a_change_beside_another_time() {
    let moved = |situation| of(LetterKind::EventMoved, situation).words();
    all_say(
        &moved("in another hall"),
        &["đổi địa điểm", "Địa điểm mới: ", "DIA DIEM MOI: "],
    );
    all_say(
        &moved("online instead of in a hall"),
        &["đổi địa điểm", "CHUYEN SANG TRUC TUYEN"],
    );
    let link = moved("online, with another address");
    all_say(&link, &["đổi địa chỉ trực tuyến", "DIA CHI TRUC TUYEN MOI"]);
    let known = of(
        LetterKind::EventPlaceChanged,
        "in a hall that was not known",
    )
    .words();
    none_says(
        &known,
        &["hay đổi địa điểm", "ịa điểm mới", "DIEM MOI", "thông cảm"],
    );
}

#[test]
fn whoever_has_but_an_sms_learns_how_to_join_online() {
    use LetterKind as K;
    for kind in [K::Invitation, K::EventReminder, K::EventRedated] {
        let post = of(kind, "online");
        all_say(&post.sms().text, &["du truc tuyen (goi de nhan dia chi)"]);
        all_say(&english(&post).sms().text, &["online (call for the link)"]);
        all_say(&post.email().text, &["Đề nghị chuẩn bị: "]);
    }
}

#[test]
fn mail_and_sms_name_the_same_office() {
    for kind in [LetterKind::AdmissionBatch, LetterKind::DossierSupplement] {
        let post = Post::of(letter(kind));
        all_say(&post.email().text, &["Nơi nhận: Văn phòng Liên minh"]);
        all_say(&post.sms().text, &["tai Van phong Lien minh."]);
    }
    let report = Post::of(letter(LetterKind::ReportChaser)).on(date(2024, 4, 11));
    all_say(&report.sms().text, &["gui ve Van phong Lien minh"]);
}

#[test]
fn what_is_late_is_asked_for_without_blame() {
    use LetterKind as K;
    for (kind, situation) in [
        (K::ReportReminder, "late"),
        (K::ReportChaser, "late"),
        (K::TaskReminder, "late"),
        (K::AdmissionBatch, "own, late"),
        (K::DossierSupplement, "own, late"),
    ] {
        let post = of(kind, situation);
        all_say(&post.email().text, &["trong thời gian sớm nhất", "Đề nghị"]);
        all_say(&post.sms().text, &["e nghi", "som"]);
    }
    let chaser = english(&of(K::ReportChaser, "late"));
    all_say(&chaser.email().text, &["Please send it as soon as you can"]);
    for kind in [K::DeadlineMoved, K::DeadlineRedated] {
        let post = of(kind, "late");
        all_say(
            &post.email().text,
            &["Ngày này đã qua khi thông báo được gửi"],
        );
        all_say(&english(&post).email().text, &["was already over"]);
    }
}

#[test]
fn a_claim_is_confirmed_by_telephone_and_the_command_stands_last() {
    let post = Post::of(letter(LetterKind::ClaimConfirmation));
    let text = post.email().text;
    all_say(
        &text,
        &["bằng cách gọi 0225 3842 123 và đọc mã báo cáo 482719"],
    );
    let (before, _) = text.split_once("lienminh deadline").unwrap();
    all_say(before, &["bằng cách gọi", "Nơi nhận: "]);
    all_say(&post.sms().text, &["goi 02253842123, doc ma 482719"]);
    let unknown = of(
        LetterKind::ClaimConfirmation,
        "without claimant, code and day",
    );
    all_say(
        &unknown.email().text,
        &["Để biết đơn vị nào đã báo, xin gọi 0225"],
    );
}

#[test]
fn whoever_pays_is_not_told_that_no_payment_is_asked_for() {
    let of = |situation| of(LetterKind::DisbursementStep, situation);
    for situation in ["to the unit in charge", "to the unit in charge, late"] {
        none_says(&of(situation).email().text, &["không yêu cầu chuyển tiền"]);
    }
    let own = of("own, tomorrow");
    all_say(&own.email().text, &["không yêu cầu chuyển tiền"]);
    none_says(&own.words(), &["ngày mai", "ngay mai"]);
    all_say(&of("own, late").email().subject, &["chậm hơn dự kiến"]);
}

#[test]
fn who_receives_papers_is_not_asked_for_them_nor_a_neighbour_for_anothers() {
    let of = |situation| of(LetterKind::DossierSupplement, situation).email().text;
    let unit = of("to the unit in charge");
    all_say(&unit, &["đôn đốc, hướng dẫn đơn vị bổ sung"]);
    none_says(&unit, &["Nơi nhận: ", "đã gửi"]);
    let shared = of("of somebody with whom the address is shared");
    all_say(&shared, &["đề nghị Hợp tác xã Nông nghiệp An Bình bổ sung"]);
    let unlisted = of("where only one unit is known, and no applicant");
    all_say(&unlisted, &["danh mục giấy tờ cần bổ sung, xin gọi 0225"]);
}

#[test]
fn a_call_list_says_at_once_what_became_of_it_and_lists_apart_whom_nobody_can_call() {
    let of = |situation| of(LetterKind::CallList, situation);
    for (situation, subject, sms) in [
        ("cancelled", "ngay (HỦY): ", "tin HUY Hoi thao"),
        ("postponed", "ngay (TẠM HOÃN): ", "tin TAM HOAN Hoi thao"),
        ("online", "ngay (THAY ĐỔI): ", "tin thay doi ve Hoi thao"),
    ] {
        all_say(&of(situation).email().subject, &[subject]);
        all_say(&of(situation).sms().text, &[sms]);
    }
    let text = of("online").email().text;
    let (_, without) = text.split_once("Chưa có số điện thoại, ").unwrap();
    all_say(without, &["- HTX Rau sạch Tiên Lãng"]);
    all_say(&text, &["Địa chỉ trực tuyến: https://"]);
}

#[test]
fn tomorrow_is_said_on_every_channel_and_in_every_language() {
    use LetterKind as K;
    for (kind, situation) in [
        (K::EventMoved, "tomorrow, without a document"),
        (K::EventPlaceChanged, "tomorrow, without a document"),
        (K::Invitation, "tomorrow, without a document"),
        (K::EventReminder, "tomorrow, without a document"),
        (K::ReportReminder, "tomorrow, with a reason"),
        (K::DossierSupplement, "own, tomorrow"),
        (K::AdmissionBatch, "own, tomorrow"),
    ] {
        let post = of(kind, situation);
        all_say(&post.email().text, &["ngày mai"]);
        // A correction pays a second segment for it, a reminder what is left of the first.
        if kind.corrects() {
            all_say(&post.sms().text, &["ngay mai"]);
        }
        let english = english(&post);
        if english.prepared().language == LetterLanguage::En {
            all_say(&english.email().text, &["tomorrow"]);
        }
    }
}

#[test]
fn an_invitation_says_by_when_to_answer_and_a_new_place_has_its_street() {
    for language in [LetterLanguage::Vi, LetterLanguage::En] {
        let invited = of(LetterKind::Invitation, "online").in_language(language);
        let day = ["cham nhat T6 05/4", "by Fri 5 Apr"];
        let sms = invited.sms().text;
        assert!(day.iter().any(|day| sms.contains(day)), "{sms}");
        let moved = of(
            LetterKind::EventPlaceChanged,
            "tomorrow, without a document",
        );
        let sms = moved.in_language(language).sms();
        all_say(&sms.text, &["Hoi truong Lien minh, 15 Tran Phu"]);
        assert!(sms.segments <= 2, "{}", sms.text);
    }
}

#[test]
fn who_is_asked_is_told_what_and_where_to_call_in_the_sentence() {
    let post = of(LetterKind::Invitation, "with another unit in charge");
    let asked = of(LetterKind::Invitation, "by telephone").email().text;
    all_say(
        &asked,
        &[
            "xác nhận có tham dự hay không",
            "xin gọi 0225 3842 123 và đọc mã",
        ],
    );
    all_say(&post.email().text, &["gọi 0225 3842 12"]);
    let report = Post::of(letter(LetterKind::ReportReminder)).email().text;
    all_say(&report, &["gọi 0225 3842 123 và đọc mã báo cáo 482719"]);
    let silent = of(
        LetterKind::EventReminder,
        "on the page, with no day to answer by and no code",
    );
    all_say(&silent.sms().text, &["Tra loi: goi 0225"]);
    let nobody = of(
        LetterKind::Invitation,
        "with a unit in charge that nobody can call",
    );
    all_say(&nobody.email().text, &["Hỗ trợ, qua Liên minh Hợp tác xã"]);
}

#[test]
fn who_has_accepted_is_thanked_and_may_take_it_back() {
    for kind in [LetterKind::Invitation, LetterKind::EventReminder] {
        let post = of(kind, "confirmed");
        all_say(
            &post.email().text,
            &["Nếu có thay đổi, xin gọi 0225 3842 123."],
        );
        all_say(&post.sms().text, &["Neu khong du duoc, xin goi 0225"]);
        all_say(
            &english(&post).sms().text,
            &["If you no longer can, call 0225"],
        );
    }
}

#[test]
fn what_is_put_off_or_withdrawn_leaves_no_doubt_what_is_to_be_done() {
    use LetterKind as K;
    let words = |kind| Post::of(letter(kind)).email().text;
    all_say(&words(K::DeadlinePostponed), &["Quý HTX chưa cần gửi."]);
    all_say(
        &words(K::DeadlineCancelled),
        &["Yêu cầu gửi Báo cáo", "đã được hủy", "không cần gửi nữa"],
    );
    all_say(
        &words(K::EventPostponed),
        &["nếu có thay đổi, đề nghị Quý HTX xác nhận lại"],
    );
    all_say(&words(K::EventCancelled), &["Quý HTX không cần đến dự."]);
    for kind in LetterKind::ALL {
        none_says(&Post::of(letter(kind)).words(), &["chốt", "chot ", "CHOT"]);
    }
}

#[test]
fn a_change_of_time_begins_with_the_new_one() {
    let subject = |kind| Post::of(letter(kind)).email().subject;
    let moved = subject(LetterKind::EventMoved);
    assert!(
        moved.starts_with("Đổi sang 08 giờ 00, thứ Năm, 11/4/2024: "),
        "{moved}"
    );
    let due = subject(LetterKind::DeadlineMoved);
    assert!(due.starts_with("Hạn mới thứ Ba, 09/4/2024: "), "{due}");
}

#[test]
fn readers_of_english_find_months_by_name_and_whose_alliance_writes() {
    for kind in LetterKind::ALL {
        let post = Post::of(letter(kind)).in_language(LetterLanguage::En);
        if post.prepared().language == LetterLanguage::En {
            none_says(&post.sms().text, &["09/4", "05/4", "10/4", "11/4"]);
            none_says(
                &post.words(),
                &["answer code", "welcoming you on time", "(document "],
            );
        }
    }
    let text = english(&Post::of(letter(LetterKind::Invitation)))
        .email()
        .text;
    all_say(
        &text,
        &[
            "Hải Phòng City Cooperative Alliance (",
            "Invitation No. 45/GM-LMHTX of 1 March 2024",
        ],
    );
}
