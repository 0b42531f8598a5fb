//! One party, one matter, a clock that jumps from due instant to due instant.

use std::sync::LazyLock;

use jiff::Timestamp;
use uuid::Uuid;
use vietnam::calendar::Calendar;

use super::super::*;
use crate::domain::anchor::Anchor;
use crate::domain::arming;
use crate::domain::correction::{Change, SETTLE, change};
use crate::domain::obligation::{Class, Place};
use crate::domain::occurrence::{CALL_LIST, CORRECTION};
use crate::domain::triage::{Due, triage};

pub(super) fn local(text: &str) -> Timestamp {
    vietnam::instant(text.parse().unwrap())
}

pub(super) fn wall(instant: Timestamp) -> String {
    vietnam::local(instant).strftime("%m-%d %H:%M").to_string()
}

pub(super) fn starts(text: &str) -> Anchor {
    Anchor::Instant {
        start: local(text),
        end: None,
    }
}

pub(super) fn matter(kind: &str, anchor: Anchor, at: &str) -> Obligation {
    Obligation {
        name: format!("events/obligations/{kind}-1"),
        source: "events".to_owned(),
        kind: kind.to_owned(),
        class: Class::Invitation,
        title: "Lễ phát động".to_owned(),
        anchor,
        anchor_version: 1,
        useful_until: None,
        place: Place::default(),
        organiser: String::new(),
        lead_unit: "organisations/1".to_owned(),
        status: Status::Scheduled,
        sequence: 1,
        document: None,
        links: Vec::new(),
        attributes: std::collections::BTreeMap::new(),
        updated_at: local(at),
        reply_by: None,
        subject: "events/1".to_owned(),
    }
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) plan: Plan,
}

/// Made once: it takes milliseconds, and properties are tried hundreds of times.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::embedded().unwrap());
pub(super) static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::official);

pub(super) struct Play {
    pub(super) now: Timestamp,
    pub(super) known: Option<Obligation>,
    pub(super) rows: Vec<Row>,
    pub(super) told: Vec<Told>,
    /// Step and instant of whatever went out, with the change of a correction.
    pub(super) sent: Vec<(String, Timestamp, Option<Change>)>,
}

impl Play {
    pub(super) fn begin(at: &str) -> Self {
        Self {
            now: local(at),
            known: None,
            rows: Vec::new(),
            told: Vec::new(),
            sent: Vec::new(),
        }
    }

    pub(super) fn house() -> House<'static> {
        House {
            rules: &RULES,
            calendar: &CALENDAR,
            settle: SETTLE,
        }
    }

    pub(super) fn tell(&mut self, fact: &Obligation) -> Verdict {
        let known = self.known.clone().map(|obligation| Known {
            obligation,
            told: self.told.clone(),
            unsent_since: self
                .pending()
                .find(|row| row.plan.step == CORRECTION)
                .and_then(|row| row.plan.since),
            armed: self
                .rows
                .iter()
                .any(|row| row.version == fact.anchor_version),
        });
        let verdict = on_fact(known.as_ref(), fact, Self::house(), self.now);
        if let Verdict::Effects(effects) = &verdict {
            self.known = Some(fact.clone());
            if let Some((state, reason)) = effects.pending {
                for row in self
                    .rows
                    .iter_mut()
                    .filter(|row| row.plan.state == State::Scheduled)
                {
                    row.plan.state = state;
                    row.plan.reason = reason;
                }
            }
            if effects.reopened {
                self.reopen(fact.anchor_version);
            }
            self.plan(effects.plans.clone());
        }
        verdict
    }

    fn reopen(&mut self, version: i64) {
        let now = self.now;
        for row in self.rows.iter_mut().filter(|row| row.version == version) {
            let waits = row.plan.due_at > now || row.plan.held || row.plan.step == CORRECTION;
            if row.plan.state == State::Satisfied && waits {
                row.plan.state = State::Scheduled;
                row.plan.reason = Reason::None;
            }
        }
    }

    pub(super) fn plan(&mut self, plans: Vec<Plan>) {
        let version = self.known.as_ref().unwrap().anchor_version;
        for plan in plans {
            let twice = self.rows.iter().any(|row| {
                row.version == version
                    && row.plan.step == plan.step
                    && row.plan.repetition == plan.repetition
            });
            assert!(
                !twice,
                "{} {} of version {version} twice",
                plan.step, plan.repetition
            );
            self.rows.push(Row {
                id: Uuid::now_v7(),
                version,
                plan,
            });
        }
    }

    pub(super) fn pending(&self) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(|row| row.plan.state == State::Scheduled)
    }

    /// Moves the clock from due instant to due instant.
    pub(super) fn until(&mut self, to: Timestamp) {
        loop {
            let next = self.pending().map(|row| row.plan.due_at).min();
            match next {
                Some(due) if due <= to => self.now = self.now.max(due),
                _ => break,
            }
            self.handle_due();
        }
        self.now = to;
    }

    pub(super) fn to(&mut self, text: &str) {
        self.until(local(text));
    }

    pub(super) fn handle_due(&mut self) {
        let due: Vec<Due> = self
            .pending()
            .filter(|row| row.plan.due_at <= self.now)
            .map(|row| Due {
                id: row.id,
                step: row.plan.step.clone(),
                repetition: row.plan.repetition,
                audience: row.plan.audience,
                nominal_at: row.plan.nominal_at,
                useful_until: row.plan.useful_until,
                waited: false,
                worst_hour: row.plan.worst_hour,
            })
            .collect();
        let verdict = triage(&due, self.now);
        for (id, reason) in verdict.missed {
            self.end(id, State::Missed, reason);
        }
        for (id, at) in verdict.deferred {
            if let Some(row) = self.rows.iter_mut().find(|row| row.id == id) {
                row.plan.due_at = at;
            }
        }
        for id in verdict.fan_out {
            self.go_out(id);
        }
    }

    pub(super) fn end(&mut self, id: Uuid, state: State, reason: Reason) {
        let row = self.rows.iter_mut().find(|row| row.id == id).unwrap();
        row.plan.state = state;
        row.plan.reason = reason;
        let (step, repetition) = (row.plan.step.clone(), row.plan.repetition);
        let obligation = self.known.clone().unwrap();
        if let Some(step) = RULES.step(&obligation.kind, &step) {
            let next = arming::following(&obligation, step, repetition, &CALENDAR, self.now);
            self.plan(next.into_iter().collect());
        }
    }

    pub(super) fn go_out(&mut self, id: Uuid) {
        let row = self.rows.iter().find(|row| row.id == id).unwrap().clone();
        let obligation = self.known.clone().unwrap();
        let present = obligation.telling();
        let mut told_of = None;
        if row.plan.step == CORRECTION {
            let last = self.told.last().unwrap();
            told_of = change(&last.telling, &present);
            if told_of.is_none() {
                self.end(id, State::Suppressed, Reason::NoChange);
                self.settle_held(|held, now| arming::release(held, row.plan.since.unwrap(), now));
                return;
            }
            self.settle_held(|held, _| {
                let covered = Reason::CoveredByCorrection;
                held.iter()
                    .map(|plan| plan.clone().suppressed(covered))
                    .collect()
            });
            if row.plan.worst_hour {
                self.plan(vec![correction::call_list(row.plan.due_at)]);
            }
        }
        self.end(id, State::FannedOut, Reason::None);
        self.sent.push((row.plan.step.clone(), self.now, told_of));
        if row.plan.step == CORRECTION || obligation.anchor.is_fixed() && row.plan.step != CALL_LIST
        {
            self.told.push(Told {
                version: row.version,
                telling: present,
            });
        }
    }

    pub(super) fn settle_held(&mut self, decide: impl Fn(&[Plan], Timestamp) -> Vec<Plan>) {
        let held: Vec<Row> = self
            .pending()
            .filter(|row| row.plan.held)
            .cloned()
            .collect();
        let plans: Vec<Plan> = held.iter().map(|row| row.plan.clone()).collect();
        for (row, plan) in held.iter().zip(decide(&plans, self.now)) {
            let mine = self.rows.iter_mut().find(|each| each.id == row.id).unwrap();
            mine.plan = plan;
        }
    }

    pub(super) fn timeline(&self) -> Vec<String> {
        self.sent
            .iter()
            .map(|(step, at, _)| format!("{step} {}", wall(*at)))
            .collect()
    }

    pub(super) fn reasons_of(&self, version: i64) -> Vec<(String, State, Reason)> {
        self.rows
            .iter()
            .filter(|row| row.version == version)
            .map(|row| (row.plan.step.clone(), row.plan.state, row.plan.reason))
            .collect()
    }
}

pub(super) fn moved(before: &Obligation, anchor: Anchor, at: Timestamp) -> Obligation {
    Obligation {
        anchor,
        anchor_version: before.anchor_version + 1,
        sequence: before.sequence + 1,
        status: Status::Scheduled,
        updated_at: at,
        ..before.clone()
    }
}

pub(super) fn withdrawn(before: &Obligation, status: Status, at: Timestamp) -> Obligation {
    Obligation {
        status,
        anchor: Anchor::Undated,
        ..moved(before, Anchor::Undated, at)
    }
}
