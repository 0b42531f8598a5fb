#![allow(clippy::unwrap_used)]

use jiff::civil::date;

use super::*;
use crate::domain::anchor::{Bound, Precision, Window};

fn at(instant: &str) -> Anchor {
    Anchor::Instant {
        start: instant.parse().unwrap(),
        end: None,
    }
}

/// Friday, 29 March 2024 at 08:00.
fn friday() -> Anchor {
    at("2024-03-29T08:00:00+07")
}

fn withheld(text: &str, new: &Anchor) -> bool {
    !of_the_old_time(text, &friday(), new).is_empty()
}

#[test]
fn an_hour_goes_with_the_hour_it_was_written_for() {
    let afternoon = at("2024-03-29T14:00:00+07");
    for text in [
        "Tập trung trước 07 giờ 45 tại cổng phía Đông",
        "Có mặt lúc 7h45",
        "Đón khách 07:30",
        "Khai mạc 8g00",
        "8h00-11h30: thảo luận",
        "Xe xuất phát 7 giờ kém 15",
        "Có bố trí ăn sáng",
    ] {
        assert!(withheld(text, &afternoon), "{text}");
        assert!(!withheld(text, &friday()), "{text}");
        // The same hour of another day.
        assert!(!withheld(text, &at("2024-04-02T08:00:00+07")), "{text}");
    }
}

#[test]
fn a_day_goes_where_it_is_the_very_day_that_was() {
    let tuesday = at("2024-04-02T08:00:00+07");
    for text in [
        "Gửi xe từ sớm ngày 29/3",
        "Hẹn gặp ngày 29 tháng 3 năm 2024",
        "Đoàn đến thứ Sáu",
        "Phù hiệu ghi 29.3.2024",
        "Có mặt từ ngày 29",
    ] {
        assert!(withheld(text, &tuesday), "{text}");
        assert!(!withheld(text, &at("2024-03-29T14:00:00+07")), "{text}");
    }
    for text in [
        "Số liệu đến 31/12/2023",
        "Gửi tham luận thứ Hai",
        "Nhà số 29/5",
    ] {
        assert!(!withheld(text, &tuesday), "{text}");
    }
}

#[test]
fn other_words_and_figures_are_no_time() {
    let elsewhen = at("2024-04-02T14:30:00+07");
    for text in [
        "Cổng chính đường 23 Tháng 3, gửi xe trong sân",
        "Mang theo 20g mẫu hạt giống, tối đa 2 túi",
        "Bản sáng kiến, khổ A4, chiều dài 30 cm",
        "Theo Quyết định số 29/QĐ-UBND",
        "Phòng 8.1, tầng 2",
        "",
    ] {
        assert!(!withheld(text, &elsewhen), "{text}");
    }
}

#[test]
fn only_the_sentence_that_misleads_is_withheld() {
    let afternoon = at("2024-03-29T14:00:00+07");
    let text =
        "Mang theo điều lệ HTX. Tập trung trước 07 giờ 45 tại TP. Gia Nghĩa. Gửi xe miễn phí.";
    assert_eq!(
        without_the_old_time(text, &friday(), &afternoon),
        "Mang theo điều lệ HTX. Gửi xe miễn phí."
    );
    assert_eq!(
        of_the_old_time(text, &friday(), &afternoon),
        ["Tập trung trước 07 giờ 45 tại TP. Gia Nghĩa."]
    );
    assert_eq!(without_the_old_time(text, &friday(), &friday()), text);
}

#[test]
fn a_postponement_takes_hour_and_day_away_and_an_outline_gives_none() {
    assert!(withheld("Tập trung 07 giờ 45", &Anchor::Unknown));
    assert!(withheld("Hẹn gặp thứ Sáu", &Anchor::Unknown));
    let march = Anchor::Window(Window {
        text: "cuối tháng 3".into(),
        start: date(2024, 3, 21),
        end: date(2024, 3, 31),
        precision: Precision::Approximate,
        derived: true,
    });
    let text = "Gửi tham luận trước 25/3. Tập trung 07 giờ 45";
    assert!(of_the_old_time(text, &march, &friday()).is_empty());
    let report = |day| Anchor::Day {
        date: date(2024, 4, day),
        bound: Bound::Before,
    };
    let text = "Nộp bản giấy trong ngày 09/4";
    assert_eq!(of_the_old_time(text, &report(10), &report(16)), [text]);
}
