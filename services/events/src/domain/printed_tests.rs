#![allow(clippy::unwrap_used)]

use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::domain::anchor::{Bound, Precision, Window};
use crate::domain::deadline::{self, DeadlineState};
use crate::domain::event::{Change, EventState, Outcome, Texts};
use crate::domain::sample;

fn now() -> Timestamp {
    "2024-03-11T01:00:00Z".parse().unwrap()
}

fn at(instant: &str) -> Anchor {
    Anchor::Instant {
        start: instant.parse().unwrap(),
        end: None,
    }
}

/// The launch: Friday, 29 March at 08:00, replies by Friday, 22 March.
fn launch() -> Event {
    let mut event = sample::event(EventState::Scheduled, at("2024-03-29T08:00:00+07"));
    event.place.hint = "Tập trung trước 07 giờ 45 tại cổng phía Đông".into();
    event.bring = "Mẫu sản phẩm. Có mặt từ sáng thứ Sáu.".into();
    event.agenda = vec!["8h00: văn nghệ".into(), "Phát động".into()];
    event.reply_by = Some(date(2024, 3, 22));
    event
}

fn after(present: &Event, change: Change) -> Event {
    match present.apply(change, now()).unwrap() {
        Outcome::Told(event, ..) | Outcome::Silent(event) => event,
        Outcome::Unchanged => present.clone(),
    }
}

fn moved(present: &Event, to: Anchor) -> Event {
    let calendar = Calendar::official();
    let change = Change::Reschedule {
        reply_by: present.reply_by_moved_to(&to, &calendar),
        anchor: Some(to),
        place: None,
        reason: String::new(),
    };
    after(present, change)
}

#[test]
fn a_move_withholds_the_sentences_of_the_old_time_and_a_move_back_prints_them_again() {
    let afternoon = moved(&launch(), at("2024-04-15T14:00:00+07"));
    let printed = afternoon.as_printed();
    assert_eq!(printed.place.hint, "");
    assert_eq!(printed.bring, "Mẫu sản phẩm.");
    assert_eq!(printed.agenda, ["Phát động"]);
    assert_eq!(afternoon.bring, launch().bring, "what was written is kept");
    let lost: Vec<Text> = afternoon.lost().into_iter().map(|lost| lost.text).collect();
    assert_eq!(lost, [Text::Hint, Text::Bring, Text::Agenda]);

    let twice = moved(&afternoon, at("2024-04-16T14:00:00+07"));
    assert_eq!(twice.as_printed().place.hint, "");
    let back = moved(&twice, launch().anchor);
    assert_eq!(back.as_printed().place, launch().place);
    assert!(back.lost().is_empty());
}

#[test]
fn what_an_officer_rewrites_or_confirms_is_printed() {
    let afternoon = moved(&launch(), at("2024-04-15T14:00:00+07"));
    let texts = Texts {
        hint: Some("Tập trung trước 13 giờ 45".into()),
        // The same words again: they are meant.
        agenda: Some(afternoon.agenda.clone()),
        ..Texts::default()
    };
    let confirmed = after(&afternoon, Change::Rewrite(texts));
    let printed = confirmed.as_printed();
    assert_eq!(printed.place.hint, "Tập trung trước 13 giờ 45");
    assert_eq!(printed.agenda, launch().agenda);
    assert_eq!(printed.bring, "Mẫu sản phẩm.", "nobody said so of this one");
    // They were written for the afternoon: the next move takes them away again.
    let next = moved(&confirmed, at("2024-04-15T08:00:00+07"));
    assert_eq!(next.as_printed().place.hint, "");
}

#[test]
fn a_place_given_with_a_move_brings_its_own_hint() {
    let change = Change::Reschedule {
        anchor: Some(at("2024-04-15T14:00:00+07")),
        place: Some(Place {
            text: "Nhà văn hóa".into(),
            hint: "Tập trung trước 13 giờ 45".into(),
            ..Place::default()
        }),
        reply_by: None,
        reason: String::new(),
    };
    let printed = after(&launch(), change).as_printed();
    assert_eq!(printed.place.hint, "Tập trung trước 13 giờ 45");
}

#[test]
fn a_day_to_reply_by_keeps_its_distance_in_working_days() {
    let calendar = Calendar::official();
    let to = |anchor: &str| launch().reply_by_moved_to(&at(anchor), &calendar);
    // Five working days before, also where a weekend or a holiday lies between.
    assert_eq!(to("2024-04-15T14:00:00+07"), Some(date(2024, 4, 8)));
    assert_eq!(to("2024-04-19T08:00:00+07"), Some(date(2024, 4, 11)));
    assert_eq!(to("2024-03-29T14:00:00+07"), Some(date(2024, 3, 22)));
    let sunday = Event {
        anchor: at("2024-03-31T08:00:00+07"),
        reply_by: Some(date(2024, 3, 30)),
        ..launch()
    };
    let later = at("2024-04-07T08:00:00+07");
    assert_eq!(
        sunday.reply_by_moved_to(&later, &calendar),
        Some(date(2024, 4, 6))
    );
}

#[test]
fn a_postponed_event_asks_nobody_to_reply_and_the_new_date_brings_a_new_day() {
    let postponed = after(
        &launch(),
        Change::Postpone {
            reason: "Mưa bão".into(),
        },
    );
    assert_eq!(postponed.reply_by_in_force(), None);
    assert_eq!(postponed.as_printed().place.hint, "");
    let fixed = moved(&postponed, at("2024-04-15T08:00:00+07"));
    assert_eq!(fixed.reply_by_in_force(), Some(date(2024, 4, 8)));
    assert_eq!(fixed.as_printed().place.hint, launch().place.hint);
}

#[test]
fn a_day_to_reply_by_is_printed_until_it_is_over() {
    let on = |today| launch().as_printed_on(today).reply_by;
    assert_eq!(on(date(2024, 3, 22)), Some(date(2024, 3, 22)));
    assert_eq!(on(date(2024, 3, 23)), None);
    let postpone = Change::Postpone {
        reason: String::new(),
    };
    let postponed = after(&launch(), postpone);
    assert_eq!(postponed.as_printed_on(date(2024, 3, 11)).reply_by, None);
}

#[test]
fn a_date_within_its_window_leaves_the_day_to_reply_by() {
    let window = |month| {
        Anchor::Window(Window {
            text: String::new(),
            start: date(2024, month, 21),
            end: date(2024, month, 30),
            precision: Precision::Approximate,
            derived: true,
        })
    };
    let mut march = launch();
    march.anchor = window(3);
    march.reply_by = Some(date(2024, 3, 20));
    let fixed = moved(&march, at("2024-03-29T08:00:00+07"));
    assert_eq!(fixed.reply_by_in_force(), Some(date(2024, 3, 20)));
    assert!(fixed.lost().is_empty());
    let elsewhen = moved(&march, window(4));
    assert_eq!(elsewhen.reply_by_in_force(), Some(date(2024, 4, 19)));
}

#[test]
fn a_report_withholds_the_sentences_of_its_old_last_day() {
    let day = |day| Anchor::Day {
        date: date(2024, 4, day),
        bound: Bound::Through,
    };
    let mut report = sample::deadline(DeadlineState::Open, day(9));
    report.contents = vec!["Số liệu đến 31/3".into(), "Bản ký gửi ngày 09/4".into()];
    report.submit_to = "Văn phòng Liên minh. Nhận đến 16 giờ thứ Ba.".into();
    let change = deadline::Change::Reschedule {
        anchor: day(18),
        reason: String::new(),
    };
    let moved = report.apply(change, now()).unwrap().unwrap().deadline;
    let printed = moved.as_printed();
    assert_eq!(printed.contents, ["Số liệu đến 31/3"]);
    assert_eq!(printed.submit_to, "Văn phòng Liên minh.");
    let texts = deadline::Texts {
        submit_to: Some(report.submit_to),
        ..deadline::Texts::default()
    };
    let change = deadline::Change::Rewrite(texts);
    let confirmed = moved.apply(change, now()).unwrap().unwrap().deadline;
    assert_eq!(confirmed.as_printed().submit_to, moved.submit_to);
    assert_eq!(confirmed.lost().len(), 1);
}
