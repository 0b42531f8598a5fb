//! From an obligation and its ladder to occurrences: what is made when an
//! anchor version becomes known.
//!
//! Every step of the ladder becomes exactly one occurrence of the version, also
//! where it is not sent, so that nothing is ever silently left out. Of the
//! steps that had fallen due before, the latest that still helps goes out at
//! once; each audience is judged on its own.

use jiff::{SignedDuration, Timestamp};
use vietnam::calendar::Calendar;

use super::anchor::Anchor;
use super::obligation::{Obligation, Status};
use super::occurrence::{Plan, Reason, State};
use super::rule::{Audience, Offset, Rule, Rules, Step, UNFIXED};
use super::schedule;

/// What goes out late speaks for a repetition, too, that falls due so soon after it:
/// nobody is asked the same twice in a day.
const APART: SignedDuration = SignedDuration::from_hours(24);

/// When and how a version is armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nobody has been told anything: steps go out from this instant on.
    Fresh(Timestamp),
    /// People have been told an older version.
    UnderCorrection {
        /// When the correction is due: whatever falls due until then waits for it.
        due: Timestamp,
        /// Since when nothing of the obligation went out.
        since: Timestamp,
    },
}

/// The occurrences of the obligation's present anchor version.
#[must_use]
pub fn arm(
    obligation: &Obligation,
    rules: &Rules,
    calendar: &Calendar,
    moment: Moment,
) -> Vec<Plan> {
    if obligation.status != Status::Scheduled {
        return Vec::new();
    }
    let Some(rule) = ladder(obligation, rules) else {
        return Vec::new();
    };
    match moment {
        Moment::Fresh(now) => {
            let mut plans = steps(obligation, rule, calendar, now, now);
            for audience in [Audience::Concerned, Audience::Lead] {
                start_late(&mut plans, audience, now);
                speak_for_repetitions(&mut plans, rule, audience, now);
            }
            add_next_repetitions(&mut plans, obligation, rule, calendar, now);
            plans
        }
        Moment::UnderCorrection { due, since } => {
            let mut plans = steps(obligation, rule, calendar, due, since);
            hold(&mut plans, due);
            plans
        }
    }
}

/// The ladder that serves an obligation now: its kind's, or while only a window
/// is known the one that asks the unit in charge to fix a date.
#[must_use]
pub fn ladder<'r>(obligation: &Obligation, rules: &'r Rules) -> Option<&'r Rule> {
    match &obligation.anchor {
        Anchor::Instant { .. } | Anchor::Day { .. } => rules.of(&obligation.kind),
        Anchor::Window { start: Some(_), .. } => rules.of(UNFIXED),
        Anchor::Window { start: None, .. } | Anchor::Undated => None,
    }
}

/// The repetition that follows one that is no longer pending: the next that
/// falls due `APART` from `now`. `None` where the step does not come again.
#[must_use]
pub fn following(
    obligation: &Obligation,
    step: &Step,
    repetition: u16,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<Plan> {
    let repeat = step.repeat?;
    (repetition + 1..=repeat.at_most)
        .filter_map(|n| repeated(obligation, step, n, calendar))
        .find(|plan| plan.nominal_at.duration_since(now) > APART)
}

/// What becomes of the steps that waited for a correction which had nothing to
/// say: those that had been dealt with before the date moved away and back stay
/// unsent; of those that fell due meanwhile the latest goes out.
#[must_use]
pub fn release(held: &[Plan], since: Timestamp, now: Timestamp) -> Vec<Plan> {
    let mut plans: Vec<Plan> = held
        .iter()
        .map(|plan| {
            let mut plan = plan.clone();
            plan.held = false;
            if plan.nominal_at <= since {
                return plan.suppressed(Reason::NoChange);
            }
            plan.due_at = schedule::outside_quiet_hours(plan.nominal_at, plan.useful_until);
            plan
        })
        .collect();
    for audience in [Audience::Concerned, Audience::Lead] {
        start_late(&mut plans, audience, now);
    }
    plans
}

fn steps(
    obligation: &Obligation,
    rule: &Rule,
    calendar: &Calendar,
    now: Timestamp,
    announced: Timestamp,
) -> Vec<Plan> {
    let mut plans: Vec<Plan> = rule
        .steps
        .iter()
        .filter_map(|step| match step.offset {
            Offset::Issue => issue(obligation, step, calendar, announced),
            Offset::Before(_) | Offset::After(_) => first(obligation, step, calendar, now),
        })
        .collect();
    limit_chasers(&mut plans, rule);
    plans
}

/// The occurrence of a step; of a repeating one the latest that has fallen due,
/// or the first.
fn first(
    obligation: &Obligation,
    step: &Step,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<Plan> {
    let anchor = &obligation.anchor;
    let closes_at = schedule::closes_at(anchor, obligation.useful_until)?;
    let Some(nominal) = schedule::nominal(step, anchor, calendar) else {
        let plan = Plan::scheduled(&step.id, 0, step.audience, closes_at, closes_at);
        return Some(plan.suppressed(Reason::NoHour));
    };
    if let Some(repeat) = step.repeat {
        return (0..=repeat.at_most)
            .filter_map(|n| repeated(obligation, step, n, calendar))
            .take_while(|plan| plan.repetition == 0 || plan.nominal_at <= now)
            .last();
    }
    let useful_until = match step.offset {
        Offset::Issue | Offset::Before(_) => closes_at,
        Offset::After(_) => schedule::last_useful(nominal, calendar),
    };
    Some(quietly(step, 0, nominal, useful_until))
}

/// The announcement itself: it goes out as soon as offices work.
fn issue(
    obligation: &Obligation,
    step: &Step,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<Plan> {
    let closes_at = schedule::closes_at(&obligation.anchor, obligation.useful_until)?;
    let office = schedule::office_instant(now, calendar);
    let due_at = if office < closes_at {
        office
    } else {
        schedule::after_quiet_hours(now, closes_at)
    };
    let mut plan = Plan::scheduled(&step.id, 0, step.audience, due_at, closes_at);
    // It falls on the announcement, whenever the office gets to it.
    plan.nominal_at = now;
    Some(plan)
}

fn repeated(obligation: &Obligation, step: &Step, n: u16, calendar: &Calendar) -> Option<Plan> {
    let repeat = step.repeat?;
    let anchor = &obligation.anchor;
    let due = schedule::repetition(step, repeat, anchor, n, calendar)?;
    let next = schedule::repetition(step, repeat, anchor, n.checked_add(1)?, calendar)?;
    Some(quietly(step, n, due, next))
}

fn quietly(step: &Step, repetition: u16, nominal: Timestamp, useful_until: Timestamp) -> Plan {
    let due = schedule::outside_quiet_hours(nominal, useful_until);
    Plan::scheduled(&step.id, repetition, step.audience, due, useful_until)
}

/// A step after the anchor helps until the next one of the same audience.
fn limit_chasers(plans: &mut [Plan], rule: &Rule) {
    let follows = |plan: &Plan| {
        rule.step(&plan.step)
            .is_some_and(|step| matches!(step.offset, Offset::After(_)))
    };
    for index in 0..plans.len() {
        if !follows(&plans[index]) {
            continue;
        }
        let next = plans
            .iter()
            .filter(|other| other.audience == plans[index].audience && follows(other))
            .map(|other| other.due_at)
            .filter(|due| *due > plans[index].due_at)
            .min();
        if let Some(next) = next {
            plans[index].useful_until = plans[index].useful_until.min(next);
        }
    }
}

/// Of the steps of one audience that have fallen due only the latest that still
/// helps goes out. An announcement speaks for all steps that fall due before it.
fn start_late(plans: &mut [Plan], audience: Audience, now: Timestamp) {
    let horizon = plans
        .iter()
        .filter(|plan| is_announcement(plan, audience, now))
        .map(|plan| plan.due_at)
        .max();
    let speaks = latest(plans, audience, now, horizon.unwrap_or(now));
    for (index, plan) in plans.iter_mut().enumerate() {
        let late = plan.audience == audience
            && plan.state == State::Scheduled
            && plan.due_at <= horizon.unwrap_or(now).max(now);
        if !late {
            continue;
        }
        if Some(index) == speaks {
            if plan.due_at <= now {
                plan.due_at = schedule::after_quiet_hours(now, plan.useful_until);
            }
        } else {
            *plan = plan.clone().suppressed(Reason::LateStart);
        }
    }
}

/// The step that goes out late asks what a repeating one would ask again at once.
fn speak_for_repetitions(plans: &mut [Plan], rule: &Rule, audience: Audience, now: Timestamp) {
    let is_pending = |plan: &Plan| plan.audience == audience && plan.state == State::Scheduled;
    let late = plans
        .iter()
        .find(|plan| is_pending(plan) && plan.nominal_at < now)
        .map(|plan| plan.due_at);
    let Some(late) = late else {
        return;
    };
    for plan in plans.iter_mut().filter(|plan| is_pending(plan)) {
        let wait = plan.due_at.duration_since(late);
        let repeats = rule
            .step(&plan.step)
            .is_some_and(|step| step.repeat.is_some());
        if repeats && wait.is_positive() && wait <= APART {
            *plan = plan.clone().suppressed(Reason::LateStart);
        }
    }
}

/// An announcement falls on the instant of arming itself and is still useful.
fn is_announcement(plan: &Plan, audience: Audience, now: Timestamp) -> bool {
    plan.audience == audience
        && plan.state == State::Scheduled
        && plan.nominal_at == now
        && plan.useful_until > plan.due_at
}

fn latest(plans: &[Plan], audience: Audience, now: Timestamp, horizon: Timestamp) -> Option<usize> {
    let candidates = plans.iter().enumerate().filter(|(_, plan)| {
        plan.audience == audience
            && plan.state == State::Scheduled
            && plan.due_at <= horizon.max(now)
            && plan.useful_until > now
    });
    let announcement = candidates
        .clone()
        .find(|(_, plan)| is_announcement(plan, audience, now));
    announcement
        .or_else(|| candidates.max_by_key(|(index, plan)| (plan.due_at, *index)))
        .map(|(index, _)| index)
}

/// A repeating step keeps one occurrence pending: where the latest has passed
/// without going out, the next one is made beside it.
fn add_next_repetitions(
    plans: &mut Vec<Plan>,
    obligation: &Obligation,
    rule: &Rule,
    calendar: &Calendar,
    now: Timestamp,
) {
    let passed: Vec<(String, u16)> = plans
        .iter()
        .filter(|plan| plan.state != State::Scheduled)
        .map(|plan| (plan.step.clone(), plan.repetition))
        .collect();
    for (id, repetition) in passed {
        if let Some(step) = rule.step(&id) {
            plans.extend(following(obligation, step, repetition, calendar, now));
        }
    }
}

fn hold(plans: &mut [Plan], due: Timestamp) {
    for plan in plans {
        if plan.state == State::Scheduled && plan.due_at.min(plan.nominal_at) <= due {
            plan.held = true;
            plan.due_at = due;
        }
    }
}
