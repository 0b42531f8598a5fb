//! When a step falls due, and until when it helps.
//!
//! All arithmetic is on the local calendar of Việt Nam; the zone of the host
//! plays no part.

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use vietnam::calendar::Calendar;

use super::anchor::{Anchor, start_of_day};
use super::rule::{Distance, Offset, Reference, Repeat, Step, Unit};

/// House quiet hours begin at this local time of day ...
pub const QUIET_FROM: Time = Time::constant(21, 0, 0, 0);

/// ... and end before this one.
pub const QUIET_UNTIL: Time = Time::constant(7, 0, 0, 0);

/// A step that would come too late after the quiet hours goes out the evening before.
const EVENING: Time = Time::constant(20, 0, 0, 0);

/// Offices work from here ...
const OFFICE_OPENS: Time = Time::constant(8, 0, 0, 0);

/// ... to here.
const OFFICE_CLOSES: Time = Time::constant(17, 0, 0, 0);

/// The last chaser of a ladder helps for a working week.
const LAST_STEP_USEFUL: Distance = Distance {
    count: 5,
    unit: Unit::WorkingDays,
};

/// The instant that a step of a fixed or outlined anchor falls on, before quiet
/// hours are looked at; `None` where the anchor has nothing to count from.
/// Steps on issue have none: they fall on the announcement.
#[must_use]
pub fn nominal(step: &Step, anchor: &Anchor, calendar: &Calendar) -> Option<Timestamp> {
    match step.offset {
        Offset::Issue => None,
        Offset::Before(distance) if distance.unit == Unit::Hours => anchor
            .start()?
            .checked_sub(i64::from(distance.count).hours())
            .ok(),
        Offset::After(distance) if distance.unit == Unit::Hours => anchor
            .start()?
            .checked_add(i64::from(distance.count).hours())
            .ok(),
        Offset::Before(distance) => {
            let day = earlier(reference_day(step, anchor)?, distance, calendar)?;
            Some(at(calendar.on_or_before(day), step.at))
        }
        Offset::After(distance) => {
            let day = later(reference_day(step, anchor)?, distance, calendar)?;
            Some(at(calendar.on_or_after(day), step.at))
        }
    }
}

/// The n-th repetition of a step that counts from its reference, 0 being the step itself.
#[must_use]
pub fn repetition(
    step: &Step,
    repeat: Repeat,
    anchor: &Anchor,
    n: u16,
    calendar: &Calendar,
) -> Option<Timestamp> {
    let Offset::After(first) = step.offset else {
        return None;
    };
    let mut day = later(reference_day(step, anchor)?, first, calendar)?;
    let distance = repeat.distance();
    day = later(
        day,
        Distance {
            count: distance.count.checked_mul(n)?,
            unit: distance.unit,
        },
        calendar,
    )?;
    Some(at(calendar.on_or_after(day), step.at))
}

/// The instant until which the steps before an anchor help.
#[must_use]
pub fn closes_at(anchor: &Anchor, useful_until: Option<Timestamp>) -> Option<Timestamp> {
    match anchor {
        Anchor::Window { .. } => anchor.opens_on().map(start_of_day),
        Anchor::Instant { .. } | Anchor::Day { .. } => useful_until.or_else(|| anchor.closes_at()),
        Anchor::Undated => None,
    }
}

/// Until when the last step after an anchor helps.
#[must_use]
pub fn last_useful(due: Timestamp, calendar: &Calendar) -> Timestamp {
    let local = vietnam::local(due);
    later(local.date(), LAST_STEP_USEFUL, calendar).map_or(due, |day| at(day, local.time()))
}

/// Moves an instant out of the quiet hours (21:00 ≤ t < 07:00): to 07:00 where
/// that still helps, otherwise to 20:00 the evening before.
#[must_use]
pub fn outside_quiet_hours(instant: Timestamp, useful_until: Timestamp) -> Timestamp {
    let Some((evening, morning)) = quiet_night(instant) else {
        return instant;
    };
    if morning < useful_until {
        morning
    } else {
        evening
    }
}

/// Moves an instant that cannot be pulled forward any more out of the quiet
/// hours: to 07:00 where that still helps; otherwise it stays.
#[must_use]
pub fn after_quiet_hours(instant: Timestamp, useful_until: Timestamp) -> Timestamp {
    match quiet_night(instant) {
        Some((_, morning)) if morning < useful_until => morning,
        Some(_) | None => instant,
    }
}

/// The next instant at which offices work: the instant itself between 08:00 and
/// 17:00 of a working day.
#[must_use]
pub fn office_instant(instant: Timestamp, calendar: &Calendar) -> Timestamp {
    let local = vietnam::local(instant);
    let day = local.date();
    if calendar.is_working_day(day) {
        if local.time() < OFFICE_OPENS {
            return at(day, OFFICE_OPENS);
        }
        if local.time() < OFFICE_CLOSES {
            return instant;
        }
    }
    at(calendar.add_working_days(day, 1), OFFICE_OPENS)
}

/// 20:00 before and 07:00 after the quiet night that holds the instant.
fn quiet_night(instant: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let local = vietnam::local(instant);
    let evening = if local.time() >= QUIET_FROM {
        local.date()
    } else if local.time() < QUIET_UNTIL {
        local.date().yesterday().ok()?
    } else {
        return None;
    };
    let morning = evening.tomorrow().ok()?;
    Some((at(evening, EVENING), at(morning, QUIET_UNTIL)))
}

fn reference_day(step: &Step, anchor: &Anchor) -> Option<Date> {
    match step.reference {
        Reference::Anchor => anchor.day(),
        Reference::WindowStart => anchor.opens_on(),
    }
}

fn earlier(day: Date, distance: Distance, calendar: &Calendar) -> Option<Date> {
    let count = i32::from(distance.count);
    match distance.unit {
        Unit::Days => day.checked_sub(count.days()).ok(),
        Unit::Weeks => day.checked_sub(count.weeks()).ok(),
        Unit::WorkingDays => calendar.checked_add_working_days(day, -count),
        Unit::Hours => None,
    }
}

fn later(day: Date, distance: Distance, calendar: &Calendar) -> Option<Date> {
    let count = i32::from(distance.count);
    match distance.unit {
        Unit::Days => day.checked_add(count.days()).ok(),
        Unit::Weeks => day.checked_add(count.weeks()).ok(),
        Unit::WorkingDays => calendar.checked_add_working_days(day, count),
        Unit::Hours => None,
    }
}

fn at(day: Date, time: Time) -> Timestamp {
    vietnam::instant(day.to_datetime(time))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::{date, time};

    use super::*;
    use crate::domain::rule::{Audience, Channels};

    fn local(text: &str) -> Timestamp {
        vietnam::instant(text.parse().unwrap())
    }

    fn step(offset: Offset) -> Step {
        Step {
            id: "x".to_owned(),
            offset,
            at: time(8, 0, 0, 0),
            reference: Reference::Anchor,
            audience: Audience::Concerned,
            letter: crate::domain::letter::LetterKind::EventReminder,
            positions: Vec::new(),
            channels: Channels::EmailElseSms,
            repeat: None,
        }
    }

    fn before(count: u16, unit: Unit) -> Step {
        step(Offset::Before(Distance { count, unit }))
    }

    fn starting(text: &str) -> Anchor {
        Anchor::Instant {
            start: local(text),
            end: None,
        }
    }

    fn due(step: &Step, start: &str) -> String {
        let due = nominal(step, &starting(start), &Calendar::official()).unwrap();
        vietnam::local(due).to_string()
    }

    #[test]
    fn case_13_working_days_step_over_tet() {
        let three = before(3, Unit::WorkingDays);
        assert_eq!(due(&three, "2027-02-15T08:00"), "2027-02-03T08:00:00");
    }

    #[test]
    fn a_week_before_counts_calendar_days() {
        let week = before(7, Unit::Days);
        assert_eq!(due(&week, "2024-04-11T08:00"), "2024-04-04T08:00:00");
    }

    #[test]
    fn the_hung_kings_holiday_of_2024_pulls_a_step_to_the_day_before() {
        let week = before(7, Unit::Days);
        assert_eq!(due(&week, "2024-04-25T08:00"), "2024-04-17T08:00:00");
        let one = before(1, Unit::WorkingDays);
        assert_eq!(due(&one, "2024-04-19T08:00"), "2024-04-17T08:00:00");
    }

    #[test]
    fn case_14_the_monday_given_away_is_off_and_the_saturday_for_it_is_worked() {
        let day = before(1, Unit::Days);
        assert_eq!(due(&day, "2024-04-30T08:00"), "2024-04-26T08:00:00");
        assert_eq!(due(&day, "2024-05-05T08:00"), "2024-05-04T08:00:00");
        let one = before(1, Unit::WorkingDays);
        assert_eq!(due(&one, "2024-05-06T08:00"), "2024-05-04T08:00:00");
    }

    #[test]
    fn hours_count_from_the_start_also_on_a_day_off() {
        let two = before(2, Unit::Hours);
        assert_eq!(due(&two, "2024-04-20T09:30"), "2024-04-20T07:30:00");
    }

    #[test]
    fn a_step_in_hours_needs_an_hour_to_count_from() {
        let anchor = Anchor::Day {
            date: date(2024, 4, 10),
            bound: crate::domain::anchor::Bound::On,
        };
        let two = before(2, Unit::Hours);
        assert_eq!(nominal(&two, &anchor, &Calendar::official()), None);
    }

    #[test]
    fn case_18_one_second_before_nine_goes_out_and_nine_waits() {
        let late = local("2024-04-30T00:00");
        let before_nine = local("2024-04-10T20:59:59");
        assert_eq!(outside_quiet_hours(before_nine, late), before_nine);
        assert_eq!(
            outside_quiet_hours(local("2024-04-10T21:00"), late),
            local("2024-04-11T07:00")
        );
        assert_eq!(
            outside_quiet_hours(local("2024-04-11T06:59:59"), late),
            local("2024-04-11T07:00")
        );
        let seven = local("2024-04-11T07:00");
        assert_eq!(outside_quiet_hours(seven, late), seven);
    }

    #[test]
    fn case_18_what_would_come_too_late_goes_the_evening_before() {
        assert_eq!(
            outside_quiet_hours(local("2024-04-11T05:00"), local("2024-04-11T07:00")),
            local("2024-04-10T20:00")
        );
        assert_eq!(
            outside_quiet_hours(local("2024-04-10T22:00"), local("2024-04-11T06:00")),
            local("2024-04-10T20:00")
        );
        assert_eq!(
            outside_quiet_hours(local("2024-04-11T05:30"), local("2024-04-11T07:30")),
            local("2024-04-11T07:00")
        );
    }

    #[test]
    fn an_announcement_in_office_hours_goes_at_once_and_others_wait_for_the_office() {
        let calendar = Calendar::official();
        let office =
            |text: &str| vietnam::local(office_instant(local(text), &calendar)).to_string();
        assert_eq!(office("2024-04-17T10:12:13"), "2024-04-17T10:12:13");
        assert_eq!(office("2024-04-17T07:00"), "2024-04-17T08:00:00");
        assert_eq!(office("2024-04-17T17:00"), "2024-04-19T08:00:00");
        assert_eq!(office("2024-05-03T18:00"), "2024-05-04T08:00:00");
    }
}
