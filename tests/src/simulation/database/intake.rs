//! Taking facts in: `work::intake::apply`, row for row.

use std::rc::Rc;

use jiff::Timestamp;
use notifier::domain::correction::Told;
use notifier::domain::delivery::{Event, Standing};
use notifier::domain::fact::{self, Effects, Known, Overtaking, Verdict, on_fact};
use notifier::domain::obligation::Obligation;
use notifier::domain::occurrence::{CORRECTION, Plan, Reason, State};

use super::{Database, Matter, Occurrence};
use crate::simulation::invariant::Violation;

impl Database {
    /// Takes facts in; tells how many were new.
    pub fn take_in(&mut self, facts: &[Rc<Obligation>]) -> usize {
        let facts = fact::newest(facts.iter().map(|fact| (**fact).clone()).collect());
        facts.into_iter().filter_map(|fact| self.one(fact)).count()
    }

    fn one(&mut self, fact: Obligation) -> Option<()> {
        let place = self.find(&fact.name);
        let known = match place {
            None => None,
            Some(place) => {
                let before = &self.matters[place].obligation;
                if !fact::is_news(before, &fact) {
                    return None;
                }
                Some(Rc::clone(before))
            }
        };
        let place = self.save(place, &fact);
        let overtaking = known
            .as_ref()
            .and_then(|before| fact::overtaking(before, &fact));
        match overtaking {
            None => {}
            Some(Overtaking::Satisfied) => {
                self.overtake(place, Standing::Satisfied, |row| !row.outlives)
            }
            Some(Overtaking::Below(version)) => {
                self.overtake(place, Standing::Superseded, |row| row.version < version);
            }
        }
        let known = known.map(|before| Known {
            obligation: (*before).clone(),
            told: overtaking.map(|_| self.told(place)).unwrap_or_default(),
            unsent_since: overtaking.and_then(|_| self.unsent_since(place)),
            armed: self
                .occurrences
                .iter()
                .any(|each| each.matter == place && each.version == fact.anchor_version),
        });
        if let Verdict::Effects(effects) = on_fact(known.as_ref(), &fact, self.house, self.now) {
            self.take_effect(place, effects);
        }
        Some(())
    }

    fn save(&mut self, place: Option<usize>, fact: &Obligation) -> usize {
        let place = place.unwrap_or_else(|| {
            self.matters.push(Matter {
                obligation: Rc::new(fact.clone()),
                tellings: std::collections::BTreeMap::new(),
            });
            self.matters.len() - 1
        });
        let matter = &mut self.matters[place];
        matter
            .tellings
            .entry(fact.anchor_version)
            .or_insert_with(|| fact.telling());
        matter.obligation = Rc::new(fact.clone());
        place
    }

    fn overtake(&mut self, matter: usize, standing: Standing, which: impl Fn(&super::Row) -> bool) {
        for place in 0..self.deliveries.len() {
            let row = &self.deliveries[place];
            if row.matter == matter && which(row) {
                self.happen(place, Event::Overtaken(standing), 0);
            }
        }
    }

    /// What people may have read, the oldest version first.
    fn told(&self, matter: usize) -> Vec<Told> {
        let mut versions: Vec<i64> = self
            .deliveries
            .iter()
            .filter(|row| row.matter == matter && row.life.may_have_told())
            .filter(|row| self.occurrences[row.occurrence].tells)
            .map(|row| row.version)
            .collect();
        versions.sort_unstable();
        versions.dedup();
        versions
            .into_iter()
            .filter_map(|version| {
                let telling = self.matters[matter].tellings.get(&version)?.clone();
                Some(Told { version, telling })
            })
            .collect()
    }

    fn unsent_since(&self, matter: usize) -> Option<Timestamp> {
        self.occurrences
            .iter()
            .filter(|each| each.matter == matter && each.plan.step == CORRECTION)
            .filter(|each| each.plan.state == State::Scheduled)
            .filter_map(|each| each.plan.since)
            .min()
    }

    fn take_effect(&mut self, matter: usize, effects: Effects) {
        if let Some((state, reason)) = effects.pending {
            for each in self
                .occurrences
                .iter_mut()
                .filter(|each| each.matter == matter)
            {
                if each.plan.state == State::Scheduled {
                    each.plan.state = state;
                    each.plan.reason = reason;
                    each.claim = None;
                    each.retry_at = None;
                }
            }
        }
        if effects.reopened {
            self.reopen(matter);
        }
        self.plan(matter, effects.plans);
    }

    fn reopen(&mut self, matter: usize) {
        let (version, now) = (self.matters[matter].obligation.anchor_version, self.now);
        for each in &mut self.occurrences {
            if each.matter == matter
                && each.version == version
                && each.plan.state == State::Satisfied
                && (each.plan.due_at > now || each.plan.held || each.plan.step == CORRECTION)
            {
                each.plan.state = State::Scheduled;
                each.plan.reason = Reason::None;
            }
        }
    }

    /// Writes occurrences of the present version; one that exists stays as it is.
    pub fn plan(&mut self, matter: usize, plans: Vec<Plan>) {
        let obligation = &self.matters[matter].obligation;
        let (version, fixed) = (obligation.anchor_version, obligation.anchor.is_fixed());
        for plan in plans {
            let exists = self.occurrences.iter().any(|each| {
                each.matter == matter
                    && each.version == version
                    && each.plan.step == plan.step
                    && each.plan.repetition == plan.repetition
            });
            if exists && plan.step == CORRECTION {
                self.blame(Violation::correction_twice(matter, version));
            }
            if !exists {
                self.occurrences.push(Occurrence {
                    matter,
                    version,
                    tells: plan.tells(fixed),
                    plan,
                    claim: None,
                    retry_at: None,
                    attempts: 0,
                });
            }
        }
    }
}
