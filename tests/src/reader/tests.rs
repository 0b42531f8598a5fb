#![allow(clippy::unwrap_used)]

mod mutants;
mod rendered;
mod scenes;
mod specimens;
mod stories;

use specimens::{Specimen, all, chaser, invitation_by_sms, moved, supplement};

#[test]
fn what_is_right_is_read_without_a_fault() {
    for specimen in all() {
        assert_eq!(specimen.faults(), Vec::<String>::new(), "{specimen:?}");
    }
}

#[test]
fn a_letter_that_loses_a_fact_is_found() {
    for specimen in all() {
        let facts = specimen.facts();
        assert!(facts.len() > 4, "{facts:?}");
        for fact in facts {
            let without = specimen.edited(&fact, "");
            assert_ne!(without.message.text, specimen.message.text, "{fact}");
            assert_ne!(without.faults(), Vec::<String>::new(), "without {fact}");
        }
    }
}

#[test]
fn a_letter_that_loses_a_line_is_found() {
    for specimen in [moved(), chaser(), supplement()] {
        let lines: Vec<String> = specimen.message.text.lines().map(str::to_owned).collect();
        for line in lines.iter().filter(|line| line.contains(": ")) {
            let without = specimen.edited(line, "");
            assert_ne!(without.faults(), Vec::<String>::new(), "without {line}");
        }
    }
}

fn is_found(specimen: &Specimen, right: &str, wrong: &str) {
    let edited = specimen.edited(right, wrong);
    assert_ne!(edited.message.text, specimen.message.text, "{right}");
    assert_ne!(edited.faults(), Vec::<String>::new(), "{wrong}");
}

#[test]
fn days_and_hours_that_are_over_or_of_another_time_are_found() {
    let moved = moved();
    for (right, wrong) in [
        // A day to answer by before the day of the letter.
        (
            "chậm nhất thứ Sáu, 22/3/2024",
            "chậm nhất thứ Hai, 18/3/2024",
        ),
        ("14 giờ 00 đến 16 giờ 00", "08 giờ 00 đến 10 giờ 00"),
        ("14 giờ 00 đến 16 giờ 00", "14 giờ 00 đến 16 giờ 30"),
        ("(còn 9 ngày)", "(còn 8 ngày)"),
        ("(còn 9 ngày)", "(ngày mai)"),
        ("sang 14 giờ 00, thứ Sáu", "sang 14 giờ 00, thứ Năm"),
        ("22/3/2024", "22/03/2024"),
        (
            "Nội dung: ",
            "Chỉ dẫn: Tập trung trước 07 giờ 45\nNội dung: ",
        ),
    ] {
        is_found(&moved, right, wrong);
    }
}

#[test]
fn a_calendar_entry_that_says_something_else_is_found() {
    let moved = moved();
    for change in [
        |specimen: &mut Specimen| specimen.message.entry = None,
        |specimen: &mut Specimen| specimen.message.entry.as_mut().unwrap().withdrawn = true,
        |specimen: &mut Specimen| {
            let entry = specimen.message.entry.as_mut().unwrap();
            entry.start = entry.end;
        },
        |specimen: &mut Specimen| {
            specimen.message.entry.as_mut().unwrap().place = "Nhà văn hóa".to_owned();
        },
    ] {
        let mut other = moved.clone();
        change(&mut other);
        assert_ne!(other.faults(), Vec::<String>::new());
    }
}

#[test]
fn phrases_that_hang_and_signs_that_people_do_not_write_are_found() {
    let moved = moved();
    for (right, wrong) in [
        (
            "Kính gửi Quý HTX Bơ sạch Đoàn Kết,",
            "Kính gửi Quý HTX Bơ sạch Đoàn Kết ,",
        ),
        ("thông cảm", "thông  cảm"),
        ("thông cảm và", "thông cảm (và"),
        ("theo thời gian mới", "theo {{ when }}"),
        ("theo thời gian mới.", "theo."),
        ("0261 3000 002", "+84 261 3000 002"),
        ("0261 3000 002", "02613000002"),
        ("Rất mong Quý HTX", "Việc đã quá hạn. Rất mong Quý HTX"),
        (
            "Rất mong Quý HTX",
            "Đơn vị: organisations/0190. Rất mong Quý HTX",
        ),
        (
            "trả lời 270256:\n\nTrả lời giấy mời: https://a.example/r/x",
            "trả lời 270256:",
        ),
    ] {
        is_found(&moved, right, wrong);
    }
    let sms = invitation_by_sms();
    for (right, wrong) in [
        ("cum Cu Jut,", "cum Cu,"),
        ("cum Cu Jut,", "(hop cum,"),
        ("du Hoi nghi", "dự Hội nghị"),
        (", tai Nha van hoa huyen Cu Jut", ", tai"),
        (" cham nhat T5 18/4", ""),
        (" (ngay mai)", ""),
        ("08h00 T6 19/4", "08h00 T6 18/4"),
        ("doc ma 123456", "vao https://a.example/r/x ma 123456"),
    ] {
        is_found(&sms, right, wrong);
    }
}

#[test]
fn letters_of_the_wrong_kind_are_found() {
    is_found(
        &supplement(),
        "Nếu cần hướng dẫn",
        "Đề nghị trả lời bằng mã 482719. Nếu cần hướng dẫn",
    );
    is_found(
        &chaser(),
        "chưa nhận được",
        "xin thông báo thay đổi và nhận được",
    );
    is_found(&chaser(), "(hạn: ", "(chậm nhất ");
    is_found(
        &invitation_by_sms(),
        "moi Quy HTX du",
        "moi Quy HTX du: CHUYEN SANG",
    );
}
