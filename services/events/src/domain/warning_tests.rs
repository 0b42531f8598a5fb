#![allow(clippy::unwrap_used)]

use jiff::civil::date;

use super::*;
use crate::domain::anchor::Bound;
use crate::domain::sample;

fn at(instant: &str) -> Anchor {
    Anchor::Instant {
        start: instant.parse().unwrap(),
        end: None,
    }
}

/// Wednesday, 27 March 2024 at 08:00.
fn now() -> Timestamp {
    "2024-03-27T01:00:00Z".parse().unwrap()
}

fn event(anchor: Anchor) -> Event {
    sample::event(EventState::Scheduled, anchor)
}

fn reasons(before: Option<&Event>, after: &Event, invited: bool) -> Vec<&'static str> {
    of_event(before, after, invited, &Calendar::official(), now())
        .iter()
        .map(Warning::reason)
        .collect()
}

#[test]
fn an_announcement_is_warned_of_when_it_is_late_or_for_nobody() {
    let calm = event(at("2024-04-11T08:00:00+07"));
    assert!(reasons(None, &calm, true).is_empty());
    assert_eq!(reasons(None, &calm, false), ["NOBODY_INVITED"]);
    let yesterday = event(at("2024-03-26T08:00:00+07"));
    assert_eq!(reasons(None, &yesterday, true), ["TIME_PASSED"]);
    let today = event(at("2024-03-27T14:00:00+07"));
    assert_eq!(reasons(None, &today, true), ["SHORT_NOTICE"]);
    // Three working days before Monday, 1 April, is Wednesday.
    let monday = event(at("2024-04-01T08:00:00+07"));
    assert!(reasons(None, &monday, true).is_empty());
    let sunday = event(at("2024-03-31T08:00:00+07"));
    assert!(reasons(None, &sunday, true).is_empty());
    let friday = event(at("2024-03-29T08:00:00+07"));
    assert_eq!(reasons(None, &friday, true), ["SHORT_NOTICE"]);
    let draft = sample::event(EventState::Draft, yesterday.anchor.clone());
    assert_eq!(reasons(None, &draft, false), ["TIME_PASSED"]);
    let ahead = sample::event(EventState::Draft, calm.anchor);
    assert!(reasons(None, &ahead, false).is_empty());
    assert!(reasons(Some(&draft), &draft, false).is_empty());
    assert_eq!(reasons(Some(&draft), &yesterday, true), ["TIME_PASSED"]);
}

#[test]
fn a_day_to_reply_by_is_warned_of_when_it_is_over_or_went_along() {
    let mut past = event(at("2024-04-11T08:00:00+07"));
    past.reply_by = Some(date(2024, 3, 26));
    assert_eq!(reasons(None, &past, true), ["REPLY_BY_OVER"]);
    // It was told when it was set; another change of words says nothing again.
    let mut renamed = past.clone();
    renamed.title = "Lễ ra quân".into();
    assert!(reasons(Some(&past), &renamed, true).is_empty());

    let mut moved = past.clone();
    moved.anchor = at("2024-04-25T08:00:00+07");
    moved.reply_by = past.reply_by_moved_to(&moved.anchor, &Calendar::official());
    assert_eq!(reasons(Some(&past), &moved, true), ["REPLY_BY_MOVED"]);
    moved.reply_by = Some(date(2024, 4, 23));
    assert!(reasons(Some(&past), &moved, true).is_empty(), "set by hand");
}

#[test]
fn more_invitations_to_what_is_over_or_near_are_warned_of() {
    let calendar = Calendar::official();
    let mut soon = event(at("2024-03-28T08:00:00+07"));
    soon.reply_by = Some(date(2024, 3, 26));
    let found = of_invitation(&soon, &calendar, now());
    let reasons: Vec<&str> = found.iter().map(Warning::reason).collect();
    assert_eq!(reasons, ["SHORT_NOTICE", "REPLY_BY_OVER"]);
    let draft = sample::event(EventState::Draft, soon.anchor);
    assert!(of_invitation(&draft, &calendar, now()).is_empty());
}

#[test]
fn a_deadline_is_warned_of_when_it_is_late() {
    let due = |date| {
        let bound = Bound::Through;
        sample::deadline(DeadlineState::Open, Anchor::Day { date, bound })
    };
    let warned = |before: Option<&Deadline>, after: &Deadline| {
        let found = of_deadline(before, after, &Calendar::official(), now());
        found.iter().map(Warning::reason).collect::<Vec<_>>()
    };
    assert_eq!(warned(None, &due(date(2024, 3, 26))), ["TIME_PASSED"]);
    let near = due(date(2024, 3, 28));
    assert_eq!(warned(None, &near), ["SHORT_NOTICE"]);
    assert!(warned(Some(&near), &near).is_empty());
    assert!(warned(None, &due(date(2024, 4, 9))).is_empty());
}

#[test]
fn every_warning_says_in_both_languages_what_it_is_about() {
    let lost = Lost {
        text: Text::Hint,
        words: "Tập trung trước 07 giờ 45".into(),
    };
    let day = date(2024, 4, 9);
    for (warning, vi, en) in [
        (Warning::TextOfOldTime(lost), "07 giờ 45", "07 giờ 45"),
        (
            Warning::ReplyByOver(day),
            "thứ Ba, 09/4/2024",
            "Tuesday 9 April 2024",
        ),
        (
            Warning::ReplyByMoved(day, date(2024, 4, 10)),
            "từ thứ Ba, 09/4/2024 sang thứ Tư, 10/4/2024",
            "from Tuesday 9 April 2024 to Wednesday 10 April 2024",
        ),
        (Warning::ShortNotice(day), "sát ngày", "3 working days"),
    ] {
        let sentence = warning.sentence();
        assert!(sentence.vi.contains(vi), "{}", sentence.vi);
        assert!(sentence.en.contains(en), "{}", sentence.en);
        assert!(!warning.field().is_empty());
    }
}
