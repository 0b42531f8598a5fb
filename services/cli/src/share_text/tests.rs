use jiff::civil::date;

use super::*;
use crate::files::plan::When as Entered;
use crate::proto_values::{anchor, date as day};

fn at(day: jiff::civil::Date, hour: i8) -> Option<Anchor> {
    let start = day.at(hour, 0, 0, 0);
    Some(anchor(Some(&Entered::Instant { start, end: None })))
}

fn hall(text: &str) -> Option<Place> {
    Some(Place {
        text: text.to_owned(),
        ..Place::default()
    })
}

/// A launch on Monday, 15 April at 14:00, as the service says it may be printed.
fn launch(state: EventState) -> Event {
    Event {
        title: "Lễ phát động".to_owned(),
        state: state.into(),
        anchor: at(date(2024, 4, 15), 14),
        place: hall("Quảng trường"),
        agenda: vec!["Phát động".to_owned()],
        bring: "Mẫu sản phẩm".to_owned(),
        ..Event::default()
    }
}

fn lines(event: &Event) -> Vec<String> {
    let text = of_event(event, &Unit::default());
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_moved_event_says_first_what_was_and_what_is_and_why() {
    let moved = Event {
        former_anchor: at(date(2024, 3, 29), 8),
        former_place: hall("Hội trường"),
        reason: "Mưa bão".to_owned(),
        ..launch(EventState::Scheduled)
    };
    assert_eq!(
        lines(&moved)[..5],
        [
            "THÔNG BÁO THAY ĐỔI: Lễ phát động",
            "Thời gian đã thay đổi: từ 08 giờ 00, thứ Sáu, 29/3/2024 sang 14 giờ 00, thứ Hai, \
             15/4/2024.",
            "Địa điểm đã thay đổi: từ Hội trường sang Quảng trường.",
            "Lý do: Mưa bão",
            "🕗 Thời gian: 14 giờ 00, thứ Hai, 15/4/2024",
        ]
    );
}

#[test]
fn a_date_that_was_open_and_is_fixed_is_no_change() {
    let fixed = Event {
        former_anchor: Some(Anchor::default()),
        former_place: hall("Quảng trường"),
        reason: "Đã chốt".to_owned(),
        ..launch(EventState::Scheduled)
    };
    assert_eq!(lines(&fixed)[0], "THÔNG BÁO: Lễ phát động");
    assert!(!lines(&fixed).iter().any(|line| line.contains("Đã chốt")));
}

#[test]
fn what_will_not_be_held_or_not_yet_says_so_first_and_why_and_asks_for_nothing() {
    let told = |state, headline: &str, former| {
        let event = Event {
            former_anchor: former,
            reason: "Mưa bão".to_owned(),
            reply_by_date: Some(day(date(2024, 4, 8))),
            ..launch(state)
        };
        let lines = lines(&event);
        assert_eq!(lines[..2], [headline, "Lý do: Mưa bão"]);
        assert!(lines[2].starts_with("🕗 Thời gian đã báo: "), "{lines:?}");
        assert_eq!(lines[3..], ["Trân trọng./."], "and no more");
    };
    told(EventState::Cancelled, "THÔNG BÁO HỦY: Lễ phát động", None);
    told(
        EventState::Postponed,
        "THÔNG BÁO TẠM HOÃN: Lễ phát động. Liên minh sẽ báo ngày mới.",
        at(date(2024, 3, 29), 8),
    );
}

#[test]
fn a_day_to_reply_by_is_told_with_its_hour_where_one_is_printed() {
    let ahead = Event {
        reply_by_date: Some(day(date(2024, 4, 8))),
        ..launch(EventState::Scheduled)
    };
    let asked = "✍ Đề nghị trả lời trước 17 giờ thứ Hai, 08/4/2024.";
    assert!(lines(&ahead).iter().any(|line| line == asked));
    let over = lines(&launch(EventState::Scheduled));
    assert!(
        !over.iter().any(|line| line.contains("trả lời")),
        "{over:?}"
    );
}

#[test]
fn hosts_of_a_visit_are_not_asked_to_bring_anything() {
    let visit = Event {
        kind: "visit".to_owned(),
        ..launch(EventState::Scheduled)
    };
    let text = of_event(&visit, &Unit::default());
    assert!(text.contains("Đề nghị chuẩn bị: Mẫu sản phẩm"), "{text}");
    assert!(!text.contains("mang theo"), "{text}");
}

#[test]
fn a_moved_report_says_its_new_day_and_why() {
    let report = Deadline {
        title: "Báo cáo quý".to_owned(),
        state: DeadlineState::Open.into(),
        anchor: at(date(2024, 4, 5), 17),
        anchor_version: 2,
        reason: "Nghỉ lễ".to_owned(),
        ..Deadline::default()
    };
    let text = of_deadline(&report, &Unit::default());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "THÔNG BÁO THAY ĐỔI THỜI HẠN: Báo cáo quý",
            "Lý do: Nghỉ lễ",
            "🕗 Thời hạn mới: 17 giờ 00, thứ Sáu, 05/4/2024",
        ]
    );
}
