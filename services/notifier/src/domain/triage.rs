//! What to do with the occurrences of one obligation that have fallen due.

use jiff::Timestamp;
use uuid::Uuid;

use super::occurrence::{CALL_LIST, CORRECTION, Reason};
use super::rule::Audience;
use super::schedule;

/// An occurrence that has fallen due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The occurrence.
    pub id: Uuid,
    /// Step of the rule, or `correction`, `call_list`.
    pub step: String,
    /// Its repetition.
    pub repetition: u16,
    /// Whom.
    pub audience: Audience,
    /// The instant that the step falls on by its rule.
    pub nominal_at: Timestamp,
    /// After this instant it helps nobody.
    pub useful_until: Timestamp,
    /// Whether its source could not be asked so far.
    pub waited: bool,
    /// Of a correction: something starts within hours.
    pub worst_hour: bool,
}

/// What happens to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triage {
    /// These go out now.
    pub fan_out: Vec<Uuid>,
    /// These never will.
    pub missed: Vec<(Uuid, Reason)>,
    /// These are late and wait for the end of the quiet hours.
    pub deferred: Vec<(Uuid, Timestamp)>,
}

/// Decides about the due occurrences of one obligation at `now`.
///
/// A correction goes before everything else, which waits for what it says. Of
/// several steps for one audience only the latest goes out: who was away for
/// three days is not sent three reminders at once. Whoever comes back at night
/// wakes nobody: what helps in the morning too waits for it.
#[must_use]
pub fn triage(due: &[Due], now: Timestamp) -> Triage {
    let (useful, late): (Vec<&Due>, Vec<&Due>) =
        due.iter().partition(|each| each.useful_until > now);
    let mut triage = Triage {
        missed: late.iter().map(|each| (each.id, too_late(each))).collect(),
        ..Triage::default()
    };
    if let Some(correction) = useful.iter().find(|each| each.step == CORRECTION) {
        let at = hour(correction, now);
        if at > now {
            // What waits for the correction must not overtake it.
            triage.deferred = useful.iter().map(|each| (each.id, at)).collect();
        } else {
            triage.fan_out.push(correction.id);
        }
        return triage;
    }
    let lists = useful.iter().filter(|each| each.step == CALL_LIST);
    triage.fan_out.extend(lists.map(|each| each.id));
    for audience in [Audience::Concerned, Audience::Lead] {
        let mut steps: Vec<&&Due> = useful
            .iter()
            .filter(|each| each.audience == audience && each.step != CALL_LIST)
            .collect();
        steps.sort_by_key(|each| (each.nominal_at, each.id));
        if let Some(latest) = steps.pop() {
            match hour(latest, now) {
                at if at > now => triage.deferred.push((latest.id, at)),
                _ => triage.fan_out.push(latest.id),
            }
        }
        triage
            .missed
            .extend(steps.iter().map(|each| (each.id, Reason::Outage)));
    }
    triage
}

/// When it goes out: now, or after the quiet hours where that still helps.
fn hour(due: &Due, now: Timestamp) -> Timestamp {
    if due.worst_hour {
        now
    } else {
        schedule::after_quiet_hours(now, due.useful_until)
    }
}

fn too_late(due: &Due) -> Reason {
    if due.waited {
        Reason::SourceUnreachable
    } else {
        Reason::TooLate
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn due(step: &str, hour: i64) -> Due {
        let nominal_at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour);
        Due {
            id: Uuid::now_v7(),
            step: step.to_owned(),
            repetition: 0,
            audience: Audience::Concerned,
            nominal_at,
            useful_until: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(100),
            waited: false,
            worst_hour: false,
        }
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour)
    }

    #[test]
    fn case_19_after_an_outage_only_the_latest_step_goes_out() {
        let steps = [due("t-3", 1), due("t-1", 50), due("h-2", 90)];
        let triage = triage(&steps, at(97));
        assert_eq!(triage.fan_out, [steps[2].id]);
        assert_eq!(
            triage.missed,
            [(steps[0].id, Reason::Outage), (steps[1].id, Reason::Outage)]
        );
    }

    #[test]
    fn what_helps_nobody_any_more_is_missed_and_says_why() {
        let mut waited = due("t-1", 1);
        waited.waited = true;
        let steps = [due("t-3", 0), waited];
        let triage = triage(&steps, at(100));
        assert!(triage.fan_out.is_empty());
        assert_eq!(
            triage.missed,
            [
                (steps[0].id, Reason::TooLate),
                (steps[1].id, Reason::SourceUnreachable)
            ]
        );
    }

    #[test]
    fn a_correction_goes_first_and_the_steps_wait_for_it() {
        let steps = [due("t-1", 50), due(CORRECTION, 10)];
        let triage = triage(&steps, at(60));
        assert_eq!(triage.fan_out, [steps[1].id]);
        assert!(triage.missed.is_empty());
    }

    #[test]
    fn each_audience_is_judged_on_its_own() {
        let mut lead = due("t-1-lead", 50);
        lead.audience = Audience::Lead;
        let steps = [due("t-1", 50), lead, due(CALL_LIST, 40)];
        let triage = triage(&steps, at(60));
        assert_eq!(triage.fan_out.len(), 3);
        assert!(triage.missed.is_empty());
    }

    #[test]
    fn case_18_who_comes_back_at_night_wakes_nobody() {
        // At hour 0 it is 07:00 in Việt Nam, at hour 15 it is 22:00.
        let step = due("t-1", 5);
        let triage = triage(std::slice::from_ref(&step), at(15));
        assert!(triage.fan_out.is_empty() && triage.missed.is_empty());
        assert_eq!(triage.deferred, [(step.id, at(24))]);
    }

    #[test]
    fn at_night_the_steps_wait_with_their_correction() {
        let steps = [due("t-1", 14), due(CORRECTION, 13)];
        let triage = triage(&steps, at(15));
        assert!(triage.fan_out.is_empty());
        assert_eq!(
            triage.deferred,
            [(steps[0].id, at(24)), (steps[1].id, at(24))]
        );
    }

    #[test]
    fn what_helps_nobody_in_the_morning_goes_out_at_night() {
        let mut step = due("h-2", 14);
        step.useful_until = at(23);
        let mut correction = due(CORRECTION, 14);
        correction.worst_hour = true;
        assert_eq!(triage(&[step.clone()], at(15)).fan_out, [step.id]);
        let urgent = triage(std::slice::from_ref(&correction), at(15));
        assert_eq!(urgent.fan_out, [correction.id]);
    }
}
