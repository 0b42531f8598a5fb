//! Occurrences: chosen when due, held by one claim, ended once.

use std::rc::Rc;

use jiff::Timestamp;
use notifier::domain::arming;
use notifier::domain::correction;
use notifier::domain::obligation::Obligation;
use notifier::domain::occurrence::{CORRECTION, Plan, Reason, State};
use notifier::domain::triage::{Due, triage};
use uuid::Uuid;

use super::Database;
use crate::simulation::flaw::Flaw;
use crate::simulation::invariant;

/// First pause before a source is asked again, in seconds; it doubles ...
const PAUSE_FLOOR: i64 = 5;

/// ... up to this one.
const PAUSE_CEILING: i64 = 300;

/// An occurrence in the hands of a fan-out.
#[derive(Clone, Debug)]
pub struct Work {
    /// Its place.
    pub occurrence: usize,
    /// The claim.
    pub claim: Uuid,
    /// Its obligation's place.
    pub matter: usize,
    /// Its obligation, as it stood when the work was taken up.
    pub obligation: Rc<Obligation>,
    /// What was planned.
    pub plan: Plan,
}

impl Database {
    /// Obligations with something due, the longest due first.
    #[must_use]
    pub fn due_matters(&self) -> Vec<usize> {
        let mut due: Vec<(Timestamp, usize)> = self
            .occurrences
            .iter()
            .filter(|each| each.plan.state == State::Scheduled && each.plan.due_at <= self.now)
            .filter(|each| {
                each.retry_at.is_none_or(|at| at <= self.clock)
                    || each.plan.useful_until <= self.now
            })
            .map(|each| (each.plan.due_at, each.matter))
            .collect();
        due.sort_unstable();
        let mut matters: Vec<usize> = Vec::new();
        for (_, matter) in due {
            if !matters.contains(&matter) {
                matters.push(matter);
            }
        }
        matters
    }

    /// Decides about what is due of an obligation and claims what goes out.
    pub fn choose(&mut self, matter: usize, claim: Uuid) -> Vec<usize> {
        let steps: Vec<Due> = self
            .occurrences
            .iter()
            .enumerate()
            .filter(|(_, each)| each.matter == matter && each.plan.state == State::Scheduled)
            .filter(|(_, each)| each.plan.due_at <= self.now)
            .map(|(place, each)| Due {
                id: Uuid::from_u128(place as u128),
                step: each.plan.step.clone(),
                repetition: each.plan.repetition,
                audience: each.plan.audience,
                nominal_at: each.plan.nominal_at,
                useful_until: each.plan.useful_until,
                waited: each.attempts > 0,
                worst_hour: each.plan.worst_hour,
            })
            .collect();
        let verdict = triage(&steps, self.now);
        for (id, reason) in verdict.missed {
            self.miss(place_of(id), reason);
        }
        for (id, at) in verdict.deferred {
            let each = &mut self.occurrences[place_of(id)];
            each.plan.due_at = at;
            each.claim = None;
        }
        let clock = self.clock;
        let mut chosen: Vec<usize> = verdict.fan_out.into_iter().map(place_of).collect();
        chosen.retain(|place| {
            let each = &mut self.occurrences[*place];
            let free = each.retry_at.is_none_or(|at| at <= clock);
            if free {
                each.claim = Some(claim);
            }
            free
        });
        for place in &chosen {
            if let Err(violation) = invariant::may_fan_out(self, *place) {
                self.blame(violation);
            }
        }
        chosen
    }

    fn miss(&mut self, place: usize, reason: Reason) {
        self.end(place, State::Missed, reason);
        let missed = self.occurrences[place].clone();
        if missed.plan.step == CORRECTION {
            self.release_held(missed.matter, missed.plan.nominal_at);
        } else {
            self.plan_next(missed.matter, &missed.plan);
        }
    }

    /// What a fan-out works on; `None` when its claim is no longer good.
    #[must_use]
    pub fn load(&self, place: usize, claim: Uuid) -> Option<Work> {
        let each = &self.occurrences[place];
        (each.claim == Some(claim) && each.plan.state == State::Scheduled).then(|| Work {
            occurrence: place,
            claim,
            matter: each.matter,
            obligation: Rc::clone(&self.matters[each.matter].obligation),
            plan: each.plan.clone(),
        })
    }

    /// Whether the claim is still good for a further write.
    #[must_use]
    pub fn keeps_hold(&self, work: &Work) -> bool {
        let each = &self.occurrences[work.occurrence];
        self.flaw == Flaw::FansOutWithoutClaim
            || (each.claim == Some(work.claim) && each.plan.state == State::Scheduled)
    }

    /// Ends a scheduled occurrence.
    pub fn end(&mut self, place: usize, state: State, reason: Reason) {
        let each = &mut self.occurrences[place];
        if each.plan.state == State::Scheduled {
            each.plan.state = state;
            each.plan.reason = reason;
            each.plan.held = false;
            each.claim = None;
            each.retry_at = None;
        }
    }

    /// The source did not answer: the occurrence pauses.
    pub fn await_source(&mut self, work: &Work) {
        let clock = self.clock;
        let each = &mut self.occurrences[work.occurrence];
        if each.claim == Some(work.claim) && each.plan.state == State::Scheduled {
            let doubled = PAUSE_FLOOR << each.attempts.min(10);
            each.claim = None;
            each.attempts += 1;
            each.retry_at = Some(clock + doubled.min(PAUSE_CEILING));
        }
    }

    /// Ends an occurrence that goes out to nobody, by a rule.
    pub fn suppress(&mut self, work: &Work, reason: Reason) {
        if !self.keeps_hold(work) {
            return;
        }
        self.end(work.occurrence, State::Suppressed, reason);
        if work.plan.step == CORRECTION {
            let since = work.plan.since.unwrap_or(work.plan.due_at);
            self.release_held(work.matter, since);
        } else {
            self.plan_next(work.matter, &work.plan);
        }
    }

    /// Everything of a mailing is written.
    pub fn finish_fan_out(&mut self, work: &Work, speaks: bool) {
        self.end(work.occurrence, State::FannedOut, Reason::None);
        if work.plan.step != CORRECTION {
            self.plan_next(work.matter, &work.plan);
            return;
        }
        if speaks {
            let mut held = self.held(work.matter);
            for (_, plan) in &mut held {
                *plan = plan.clone().suppressed(Reason::CoveredByCorrection);
            }
            self.settle_held(work.matter, held);
        } else {
            let since = work.plan.since.unwrap_or(work.plan.due_at);
            self.release_held(work.matter, since);
        }
        if work.plan.worst_hour {
            self.plan(work.matter, vec![correction::call_list(work.plan.due_at)]);
        }
    }

    fn plan_next(&mut self, matter: usize, ended: &Plan) {
        let obligation = Rc::clone(&self.matters[matter].obligation);
        let Some(step) = self.house.rules.step(&obligation.kind, &ended.step) else {
            return;
        };
        let calendar = self.house.calendar;
        let next = arming::following(&obligation, step, ended.repetition, calendar, self.now);
        self.plan(matter, next.into_iter().collect());
    }

    fn held(&self, matter: usize) -> Vec<(usize, Plan)> {
        let version = self.matters[matter].obligation.anchor_version;
        let mut held: Vec<(usize, Plan)> = self
            .occurrences
            .iter()
            .enumerate()
            .filter(|(_, each)| each.matter == matter && each.version == version)
            .filter(|(_, each)| each.plan.state == State::Scheduled)
            .filter(|(_, each)| {
                let step = !matches!(each.plan.step.as_str(), "correction" | "call_list");
                each.plan.held || (each.plan.due_at <= self.now && step)
            })
            .map(|(place, each)| (place, each.plan.clone()))
            .collect();
        held.sort_by_key(|(place, plan)| (plan.nominal_at, *place));
        held
    }

    fn release_held(&mut self, matter: usize, since: Timestamp) {
        let held = self.held(matter);
        let plans: Vec<Plan> = held.iter().map(|(_, plan)| plan.clone()).collect();
        let released = arming::release(&plans, since, self.now);
        let places = held.into_iter().map(|(place, _)| place);
        self.settle_held(matter, places.zip(released).collect());
    }

    fn settle_held(&mut self, matter: usize, held: Vec<(usize, Plan)>) {
        for (place, plan) in held {
            let each = &mut self.occurrences[place].plan;
            each.state = plan.state;
            each.reason = plan.reason;
            each.due_at = plan.due_at;
            each.held = false;
            if plan.state == State::Suppressed {
                self.plan_next(matter, &plan);
            }
        }
    }
}

fn place_of(id: Uuid) -> usize {
    usize::try_from(id.as_u128()).unwrap_or(usize::MAX)
}
