//! The name of a step, as people say it: how long before or after, not its id.

use super::Tongue;
use crate::domain::letter::LetterKind;
use crate::domain::occurrence::{CALL_LIST, CORRECTION};
use crate::domain::rule::{Distance, Offset, Step, Unit};

/// A step in words; `step` is what its ladder says of it, where it still has it.
#[must_use]
pub fn named(id: &str, step: Option<&Step>, tongue: Tongue) -> String {
    match (id, step, tongue) {
        (CORRECTION, _, Tongue::Vi) => "thông báo thay đổi".to_owned(),
        (CORRECTION, _, Tongue::En) => "the notice of the change".to_owned(),
        (CALL_LIST, _, Tongue::Vi) => "danh sách cần gọi điện".to_owned(),
        (CALL_LIST, _, Tongue::En) => "the list of whom to call".to_owned(),
        (_, Some(step), Tongue::Vi) => vietnamese(step),
        (_, Some(step), Tongue::En) => english(step),
        (_, None, Tongue::Vi) => "lần nhắc của quy tắc cũ".to_owned(),
        (_, None, Tongue::En) => "a reminder of an earlier rule".to_owned(),
    }
}

fn vietnamese(step: &Step) -> String {
    let what = if step.letter == LetterKind::Unfixed {
        "đề nghị chốt ngày"
    } else {
        "nhắc"
    };
    match step.offset {
        Offset::Issue => "thông báo vào ngày ra thông báo".to_owned(),
        Offset::After(distance) if distance.unit == Unit::Weeks => format!("{what} hằng tuần"),
        Offset::Before(distance) | Offset::After(distance) if distance.count == 0 => {
            format!("{what} đúng ngày")
        }
        Offset::Before(distance) => format!("{what} trước {}", length_vi(distance)),
        Offset::After(distance) => format!("{what} sau hạn {}", length_vi(distance)),
    }
}

fn length_vi(distance: Distance) -> String {
    format!("{} {}", distance.count, unit_vi(distance))
}

/// The unit of a distance in Vietnamese.
#[must_use]
pub const fn unit_vi(distance: Distance) -> &'static str {
    match distance.unit {
        Unit::Hours => "giờ",
        Unit::Days => "ngày",
        Unit::WorkingDays => "ngày làm việc",
        Unit::Weeks => "tuần",
    }
}

fn english(step: &Step) -> String {
    let what = if step.letter == LetterKind::Unfixed {
        "the request to fix a date"
    } else {
        "the reminder"
    };
    match step.offset {
        Offset::Issue => "the announcement on the day it is made".to_owned(),
        Offset::After(distance) if distance.unit == Unit::Weeks => format!("{what} every week"),
        Offset::Before(distance) | Offset::After(distance) if distance.count == 0 => {
            format!("{what} on the day")
        }
        Offset::Before(distance) => format!("{what} {} before", length_en(distance)),
        Offset::After(distance) => format!("{what} {} after", length_en(distance)),
    }
}

fn length_en(distance: Distance) -> String {
    let one = distance.count == 1;
    let unit = match distance.unit {
        Unit::Hours if one => "hour",
        Unit::Hours => "hours",
        Unit::Days if one => "day",
        Unit::Days => "days",
        Unit::WorkingDays if one => "working day",
        Unit::WorkingDays => "working days",
        Unit::Weeks if one => "week",
        Unit::Weeks => "weeks",
    };
    format!("{} {unit}", distance.count)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::rule::Rules;

    #[test]
    fn a_step_is_named_by_what_it_does_and_no_id_is_shown() {
        let rules = Rules::embedded().unwrap();
        let name = |kind: &str, id: &str, tongue| named(id, rules.step(kind, id), tongue);
        let (vi, en) = (Tongue::Vi, Tongue::En);
        assert_eq!(name("meeting", "t-3", vi), "nhắc trước 3 ngày làm việc");
        assert_eq!(
            name("meeting", "t-1", en),
            "the reminder 1 working day before"
        );
        assert_eq!(
            name("meeting", "issue", vi),
            "thông báo vào ngày ra thông báo"
        );
        assert_eq!(name("report", "late-1", vi), "nhắc sau hạn 1 ngày làm việc");
        assert_eq!(
            name("meeting", "unfixed-30", vi),
            "đề nghị chốt ngày trước 30 ngày"
        );
        for rule in rules.iter() {
            for step in &rule.steps {
                for tongue in [vi, en] {
                    let said = name(&rule.kind, &step.id, tongue);
                    assert!(!said.contains(&step.id), "{said}");
                }
            }
        }
    }
}
