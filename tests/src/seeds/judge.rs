//! What must be shown, part by part, and that its judge notices when it is not.

use super::seen::Seen;

/// A part of a row.
pub struct Part {
    /// What must be shown, in words.
    pub what: &'static str,
    shown: fn(&Seen) -> bool,
    taken_away: fn(&mut Seen),
}

impl Part {
    /// What must be shown, by what it is seen, and what takes it away.
    #[must_use]
    pub const fn new(
        what: &'static str,
        shown: fn(&Seen) -> bool,
        taken_away: fn(&mut Seen),
    ) -> Self {
        Self {
            what,
            shown,
            taken_away,
        }
    }
}

/// What is missing, in words; nothing where the row is shown.
#[must_use]
pub fn missing(parts: &[Part], seen: &Seen) -> Vec<String> {
    let mut missing = Vec::new();
    for part in parts {
        if !(part.shown)(seen) {
            missing.push(part.what.to_owned());
            continue;
        }
        let mut without = seen.clone();
        (part.taken_away)(&mut without);
        if (part.shown)(&without) {
            missing.push(format!(
                "a judge of \"{}\": it does not see it taken away",
                part.what
            ));
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::seeds::seen::Told;

    fn seen() -> Seen {
        let told = Told {
            at: date(2024, 3, 7).at(8, 0, 0, 0),
            to: "lead@example.com".to_owned(),
            text: "chưa chốt ngày; kế hoạch ghi: cuối tháng 3".to_owned(),
        };
        Seen {
            told: vec![told],
            answers: [("state", "HELD".to_owned())].into(),
        }
    }

    const ASKED: fn(&Seen) -> bool =
        |seen| seen.is_told("lead@example.com", "2024-03-07T08", &["cuối tháng 3"]);

    #[test]
    fn what_is_shown_is_not_missing_and_what_is_not_shown_is() {
        let part = || {
            Part::new("asked", ASKED, |seen| {
                seen.reword("cuối tháng 3", "cuối tháng 4")
            })
        };
        assert_eq!(missing(&[part()], &seen()), [""; 0]);
        assert_eq!(missing(&[part()], &Seen::default()), ["asked"]);
        let mut late = seen();
        late.told[0].at = date(2024, 3, 8).at(8, 0, 0, 0);
        assert_eq!(missing(&[part()], &late), ["asked"]);
    }

    #[test]
    fn a_judge_that_sees_nothing_taken_away_is_missing_itself() {
        let blind = Part::new(
            "asked",
            |_| true,
            |seen| seen.forget("lead@example.com", &[]),
        );
        assert!(missing(&[blind], &seen())[0].contains("does not see it taken away"));
        let deaf = Part::new("asked", ASKED, |seen| seen.reword("cuối tháng 5", ""));
        assert!(missing(&[deaf], &seen())[0].contains("does not see it taken away"));
    }

    #[test]
    fn silence_answers_and_what_is_said_again_are_judged() {
        let quiet: fn(&Seen) -> bool = |seen| seen.is_quiet("lead@", "2024-03-07T09", &["chốt"]);
        let again: fn(&mut Seen) = |seen| {
            seen.repeat(
                "lead@example.com",
                &["chốt"],
                date(2024, 3, 9).at(8, 0, 0, 0),
            );
        };
        let held: fn(&Seen) -> bool = |seen| seen.is_answered("state", "HELD");
        let parts = [
            Part::new("quiet", quiet, again),
            Part::new("held", held, |seen| seen.answer("state", "SCHEDULED")),
        ];
        assert_eq!(missing(&parts, &seen()), [""; 0]);
    }
}
