//! What was done as asked, and may not be what was meant.

use jiff::Timestamp;
use jiff::civil::Date;
use kit::language::Sentence;
use kit::warning::{TIME_PASSED, time_passed};
use vietnam::calendar::Calendar;
use vietnam::dates::{english, with_weekday};

use super::anchor::Anchor;
use super::deadline::{Deadline, DeadlineState};
use super::event::{Event, EventState, has_passed};
use super::written::{Lost, Text};

/// Working days that an invitation needs at least (Decision 45/2018/QĐ-TTg); with fewer
/// it is issued "sát ngày".
const NOTICE_WORKING_DAYS: u16 = 3;

/// Something that a person should look at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// What is announced has begun, or is over.
    TimePassed,
    /// Announced, and nobody is invited.
    NobodyInvited,
    /// People hear of it with fewer than three working days to go.
    ShortNotice(Date),
    /// The day to reply by is over.
    ReplyByOver(Date),
    /// The day to reply by went along with the event.
    ReplyByMoved(Date, Date),
    /// A sentence about the time of before, which is printed to nobody.
    TextOfOldTime(Lost),
}

impl Warning {
    /// The stable reason for programs.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::TimePassed => TIME_PASSED,
            Self::NobodyInvited => "NOBODY_INVITED",
            Self::ShortNotice(_) => "SHORT_NOTICE",
            Self::ReplyByOver(_) => "REPLY_BY_OVER",
            Self::ReplyByMoved(..) => "REPLY_BY_MOVED",
            Self::TextOfOldTime(_) => "TEXT_OF_OLD_TIME",
        }
    }

    /// The field of the resource that it is about.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::TimePassed | Self::ShortNotice(_) => "anchor",
            Self::NobodyInvited => "invitees",
            Self::ReplyByOver(_) | Self::ReplyByMoved(..) => "reply_by_date",
            Self::TextOfOldTime(lost) => match lost.text {
                Text::Hint => "place.hint",
                Text::Bring => "bring",
                Text::Agenda => "agenda",
                Text::ReplyBy => "reply_by_date",
                Text::Contents => "contents",
                Text::SubmitTo => "submit_to",
            },
        }
    }

    /// For people.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::TimePassed => time_passed(),
            Self::NobodyInvited => Sentence::new(
                "Chưa mời đơn vị nào nên chưa có giấy mời nào được gửi.",
                "Nobody is invited, so no invitation goes out.",
            ),
            Self::ShortNotice(day) => Sentence::new(
                format!(
                    "Ban hành sát ngày: chưa đủ 3 ngày làm việc trước {}.",
                    with_weekday(*day)
                ),
                format!(
                    "Short notice: fewer than 3 working days before {}.",
                    english(*day)
                ),
            ),
            Self::ReplyByOver(day) => Sentence::new(
                format!(
                    "Hạn trả lời {} đã qua nên không in cho người nhận; xin đặt hạn khác nếu cần.",
                    with_weekday(*day)
                ),
                format!(
                    "The day to reply by, {}, is over and printed to nobody; set another if needed.",
                    english(*day)
                ),
            ),
            Self::ReplyByMoved(from, to) => Sentence::new(
                format!(
                    "Hạn trả lời được dời theo, từ {} sang {}; xin đặt hạn khác nếu cần.",
                    with_weekday(*from),
                    with_weekday(*to)
                ),
                format!(
                    "The day to reply by went along, from {} to {}; set another if needed.",
                    english(*from),
                    english(*to)
                ),
            ),
            Self::TextOfOldTime(lost) => Sentence::new(
                format!(
                    "Câu “{}” nhắc giờ hoặc ngày cũ nên không in cho người nhận; xin sửa lại hoặc \
                     xác nhận.",
                    lost.words
                ),
                format!(
                    "\"{}\" names an hour or a day of before and is printed to nobody; please \
                     rewrite or confirm it.",
                    lost.words
                ),
            ),
        }
    }
}

/// What to warn of after a change of an event; `before` is none where it was entered now.
#[must_use]
pub fn of_event(
    before: Option<&Event>,
    after: &Event,
    anybody_invited: bool,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<Warning> {
    let new_time = before.is_none_or(|before| !before.anchor.same_time(&after.anchor));
    if after.state == EventState::Draft && new_time && has_passed(&after.anchor, now) {
        return vec![Warning::TimePassed];
    }
    if after.state != EventState::Scheduled {
        return Vec::new();
    }
    let announced = before.is_none_or(|before| before.state == EventState::Draft);
    let new_reply_by = before.is_none_or(|before| before.reply_by != after.reply_by);
    let mut warnings = Vec::new();
    if announced || new_time {
        warnings.extend(of_time(&after.anchor, calendar, now));
    }
    warnings.extend(before.and_then(|before| went_along(before, after, calendar)));
    if announced && !anybody_invited {
        warnings.push(Warning::NobodyInvited);
    }
    if announced || new_time || new_reply_by {
        warnings.extend(of_reply_by(after, now));
    }
    warnings.extend(after.lost().into_iter().map(Warning::TextOfOldTime));
    warnings
}

/// What to warn of after more were invited to an event.
#[must_use]
pub fn of_invitation(event: &Event, calendar: &Calendar, now: Timestamp) -> Vec<Warning> {
    if event.state != EventState::Scheduled {
        return Vec::new();
    }
    let mut warnings = of_time(&event.anchor, calendar, now);
    warnings.extend(of_reply_by(event, now));
    warnings
}

/// What to warn of after a change of a deadline; `before` is none where it was entered now.
#[must_use]
pub fn of_deadline(
    before: Option<&Deadline>,
    after: &Deadline,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<Warning> {
    if after.state != DeadlineState::Open {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    if before.is_none_or(|before| !before.anchor.same_time(&after.anchor)) {
        warnings.extend(of_time(&after.anchor, calendar, now));
    }
    warnings.extend(after.lost().into_iter().map(Warning::TextOfOldTime));
    warnings
}

fn of_time(anchor: &Anchor, calendar: &Calendar, now: Timestamp) -> Vec<Warning> {
    if has_passed(anchor, now) {
        return vec![Warning::TimePassed];
    }
    let today = vietnam::local(now).date();
    let short = anchor.last_day().filter(|day| {
        let in_time = calendar.at_least_before(day.at(0, 0, 0, 0), NOTICE_WORKING_DAYS);
        anchor.is_fixed() && in_time < today
    });
    short.map(Warning::ShortNotice).into_iter().collect()
}

fn went_along(before: &Event, after: &Event, calendar: &Calendar) -> Option<Warning> {
    let moved = before.reply_by_moved_to(&after.anchor, calendar)?;
    let from = before.reply_by.filter(|from| *from != moved)?;
    (after.reply_by == Some(moved)).then_some(Warning::ReplyByMoved(from, moved))
}

fn of_reply_by(event: &Event, now: Timestamp) -> Option<Warning> {
    let today = vietnam::local(now).date();
    let over = event.reply_by_in_force().filter(|day| *day < today);
    over.map(Warning::ReplyByOver)
}

#[cfg(test)]
#[path = "warning_tests.rs"]
mod tests;
