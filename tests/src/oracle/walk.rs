//! The walk through the days: what falls due, who gets a line, what changes.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::DateTime;
use vietnam::calendar::Calendar;

use super::arming::{self, Moment};
use super::ladder::{self, Anchor, Audience, Ladders};
use super::matter::{Matter, Party, PartyState, Slot, Standing, Telling, What};
use super::reach::{Channel, Line, Manner, Roster, Wish};

/// Everything that must come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Obligations.
    pub obligations: usize,
    /// Occurrences.
    pub occurrences: usize,
    /// One for each occurrence never fanned out, otherwise one for each line.
    pub lines: usize,
    /// Corrections that went out.
    pub corrections: usize,
}

/// The oracle.
#[derive(Debug)]
pub struct Oracle {
    ladders: Ladders,
    calendar: Calendar,
    /// The roster, open to what the script does to it.
    pub roster: Roster,
    matters: BTreeMap<String, Matter>,
    now: DateTime,
    corrections: usize,
}

impl Oracle {
    /// An oracle that begins at an instant.
    #[must_use]
    pub fn new(ladders: Ladders, roster: Roster, now: DateTime) -> Self {
        let calendar = Calendar::official();
        Self {
            ladders,
            calendar,
            roster,
            matters: BTreeMap::new(),
            now,
            corrections: 0,
        }
    }

    /// The matter under a key, to change its parties.
    pub fn matter(&mut self, key: &str) -> Option<&mut Matter> {
        self.matters.get_mut(key)
    }

    /// A new obligation is announced now.
    pub fn announce(
        &mut self,
        key: &str,
        kind: &str,
        lead: &str,
        telling: Telling,
        parties: BTreeMap<String, Party>,
    ) {
        let mut matter = Matter {
            kind: kind.to_owned(),
            telling,
            lead: lead.to_owned(),
            parties,
            slots: Vec::new(),
            told: BTreeMap::new(),
        };
        arming::arm(
            &mut matter,
            &self.ladders,
            &self.calendar,
            Moment::Fresh(self.now),
        );
        self.matters.insert(key.to_owned(), matter);
    }

    /// What people are to be told of a matter changes now.
    pub fn change(&mut self, key: &str, present: Telling) {
        let now = self.now;
        let Some(matter) = self.matters.get_mut(key) else {
            return;
        };
        let previous = std::mem::replace(&mut matter.telling, present);
        let since = matter.unsent_since();
        let correction = correction(matter, &previous, now, since);
        matter.end_pending();
        if matter.told.is_empty() {
            let moment = Moment::Fresh(correction.due_after_settling);
            arming::arm(matter, &self.ladders, &self.calendar, moment);
            return;
        }
        let moment = Moment::Under {
            due: correction.slot.due,
            since: since.unwrap_or(now),
        };
        matter.slots.push(correction.slot);
        arming::arm(matter, &self.ladders, &self.calendar, moment);
    }

    /// Nothing to remind of any more.
    pub fn satisfy(&mut self, key: &str) {
        if let Some(matter) = self.matters.get_mut(key) {
            matter.telling.standing = Standing::Satisfied;
            matter.end_pending();
        }
    }

    /// Walks to an instant, through everything that falls due until then.
    pub fn advance(&mut self, to: DateTime) {
        while let Some((key, due)) = self.next_due().filter(|(_, due)| *due <= to) {
            self.now = self.now.max(due);
            self.handle(&key);
        }
        self.now = self.now.max(to);
    }

    /// What must have come out by now.
    #[must_use]
    pub fn expected(&self) -> Expected {
        Expected {
            obligations: self.matters.len(),
            occurrences: self.matters.values().map(|matter| matter.slots.len()).sum(),
            lines: self.matters.values().map(Matter::expected).sum(),
            corrections: self.corrections,
        }
    }

    /// Lines expected of each matter, to find where a difference comes from.
    pub fn by_matter(&self) -> impl Iterator<Item = (&str, usize, usize)> {
        self.matters
            .iter()
            .map(|(key, matter)| (key.as_str(), matter.slots.len(), matter.expected()))
    }

    fn next_due(&self) -> Option<(String, DateTime)> {
        self.matters
            .iter()
            .filter_map(|(key, matter)| {
                let due = matter
                    .slots
                    .iter()
                    .filter(|slot| slot.is_pending())
                    .map(|slot| slot.due)
                    .min()?;
                Some((key.clone(), due))
            })
            .min_by_key(|(_, due)| *due)
    }

    /// Handles what has fallen due of one matter: a correction before all else.
    fn handle(&mut self, key: &str) {
        let Some(mut matter) = self.matters.remove(key) else {
            return;
        };
        let now = self.now;
        let is_due = |slot: &Slot| slot.is_pending() && slot.due <= now;
        let first = matter
            .slots
            .iter()
            .position(|slot| is_due(slot) && matches!(slot.what, What::Correction { .. }))
            .or_else(|| {
                (0..matter.slots.len())
                    .filter(|&index| is_due(&matter.slots[index]))
                    .min_by_key(|&index| (matter.slots[index].due, matter.slots[index].nominal))
            });
        if let Some(index) = first {
            match matter.slots[index].what.clone() {
                What::Correction { since, worst_hour } => {
                    self.correct(&mut matter, index, since, worst_hour)
                }
                What::Step(id, repetition) => self.fan_out(&mut matter, index, &id, repetition),
                What::CallList => matter.slots[index].lines = Some(1),
            }
        }
        self.matters.insert(key.to_owned(), matter);
    }

    fn fan_out(&mut self, matter: &mut Matter, index: usize, id: &str, repetition: i32) {
        let Some(step) = arming::find_step(matter, &self.ladders, id).cloned() else {
            matter.slots[index].end();
            return;
        };
        if matter.slots[index].useful_until <= self.now {
            matter.slots[index].end();
        } else {
            let channels = step.channels_at(&matter.telling.anchor, self.now);
            let wishes: Vec<Wish> = match step.audience {
                Audience::Lead => vec![wish(
                    &matter.lead,
                    &step.positions,
                    Manner::Policy(channels),
                    false,
                )],
                Audience::Concerned => matter
                    .parties
                    .iter()
                    .map(|(organisation, party)| {
                        let positions = if party.positions.is_empty() {
                            &step.positions
                        } else {
                            &party.positions
                        };
                        let aside = self.stands_aside(party);
                        wish(organisation, positions, Manner::Policy(channels), aside)
                    })
                    .collect(),
            };
            let lines = self.roster.lines(&wishes);
            matter.slots[index].lines = Some(lines.len());
            // Who was asked to fix a date was told none.
            if matter.telling.anchor.is_fixed() {
                remember(matter, &lines);
            }
        }
        let steps = self.ladders.values().find(|steps| {
            steps
                .iter()
                .any(|other| other.id == id && other.repeat.is_some())
        });
        if let Some(steps) = steps.filter(|_| step.repeat.is_some()) {
            let anchor = matter.telling.anchor.clone();
            matter.slots.extend(arming::next_repetition(
                steps,
                id,
                repetition,
                &anchor,
                &self.calendar,
                self.now,
            ));
        }
    }

    fn correct(&mut self, matter: &mut Matter, index: usize, since: DateTime, worst_hour: bool) {
        let wishes: Vec<Wish> = matter
            .told
            .iter()
            .filter(|(_, (told, _))| differs(told, &matter.telling))
            .map(|(organisation, (_, channels))| {
                let positions = self.positions(matter, organisation);
                let manner = if worst_hour {
                    Manner::Policy(ladder::Channels::EmailAndSms)
                } else {
                    Manner::Fixed(channels.clone())
                };
                wish(organisation, &positions, manner, false)
            })
            .collect();
        let due = matter.slots[index].due;
        let mut held: Vec<usize> = (0..matter.slots.len())
            .filter(|&other| matter.slots[other].held)
            .collect();
        if wishes.is_empty() {
            matter.slots[index].end();
            let mut slots: Vec<&mut Slot> = Vec::new();
            for (position, slot) in matter.slots.iter_mut().enumerate() {
                if held.contains(&position) {
                    slots.push(slot);
                }
            }
            arming::release(&mut slots, since, self.now);
            return;
        }
        let lines = self.roster.lines(&wishes);
        matter.slots[index].lines = Some(lines.len());
        self.corrections += 1;
        remember(matter, &lines);
        held.drain(..).for_each(|other| matter.slots[other].end());
        if worst_hour {
            let at = due.checked_add(4.minutes()).unwrap_or(due);
            matter.slots.push(Slot {
                what: What::CallList,
                audience: Audience::Lead,
                nominal: at,
                due: at,
                useful_until: at,
                held: false,
                lines: None,
            });
        }
    }

    fn positions(&self, matter: &Matter, organisation: &str) -> Vec<String> {
        let own = matter
            .parties
            .get(organisation)
            .map(|party| party.positions.clone())
            .unwrap_or_default();
        if !own.is_empty() {
            return own;
        }
        let first = self
            .ladders
            .get(&matter.kind)
            .and_then(|steps| steps.first());
        first.map(|step| step.positions.clone()).unwrap_or_default()
    }

    fn stands_aside(&self, party: &Party) -> bool {
        match party.state {
            PartyState::Concerned => false,
            PartyState::Aside => true,
            // The day of the claim and three working days after it.
            PartyState::Claimed(since) => {
                self.now.date() < ladder::working_days_later(since.date(), 3, &self.calendar)
            }
        }
    }
}

fn wish(organisation: &str, positions: &[String], manner: Manner, aside: bool) -> Wish {
    Wish {
        organisation: organisation.to_owned(),
        positions: positions.to_vec(),
        manner,
        aside,
    }
}

fn remember(matter: &mut Matter, lines: &[Line]) {
    for line in lines.iter().filter(|line| line.leaves || line.carried) {
        let Some((channel, _)) = &line.to else {
            continue;
        };
        let entry = matter
            .told
            .entry(line.organisation.clone())
            .or_insert_with(|| (matter.telling.clone(), Vec::<Channel>::new()));
        entry.0 = matter.telling.clone();
        if !entry.1.contains(channel) {
            entry.1.push(*channel);
        }
    }
}

/// Whether what somebody was told differs from what holds now.
fn differs(told: &Telling, present: &Telling) -> bool {
    match (told.standing, present.standing) {
        (_, Standing::Satisfied) => false,
        (before, Standing::Cancelled | Standing::Postponed) => before != present.standing,
        (Standing::Postponed | Standing::Cancelled, Standing::Scheduled) => {
            present.anchor.is_fixed()
        }
        (Standing::Scheduled | Standing::Satisfied, Standing::Scheduled) => {
            told.anchor != present.anchor || told.place != present.place
        }
    }
}

struct Correction {
    slot: Slot,
    due_after_settling: DateTime,
}

fn correction(
    matter: &Matter,
    previous: &Telling,
    now: DateTime,
    since: Option<DateTime>,
) -> Correction {
    let tellings = || {
        matter
            .told
            .values()
            .map(|(told, _)| told)
            .chain([previous, &matter.telling])
            .filter(|told| shows_date(told))
    };
    let soon = |start: &DateTime| {
        *start > now
            && now
                .checked_add(18.hours())
                .is_ok_and(|limit| *start <= limit)
    };
    let worst_hour = tellings()
        .filter_map(|told| match told.anchor {
            Anchor::At(start) => Some(start),
            Anchor::Day(_) | Anchor::Window(_) | Anchor::Undated => None,
        })
        .any(|start| soon(&start));
    let settle = if worst_hour {
        1.minutes()
    } else {
        10.minutes()
    };
    let settled = now.checked_add(settle).unwrap_or(now);
    let last_close = tellings().filter_map(|told| told.anchor.closes()).max();
    let door = settled.checked_add(2.hours()).unwrap_or(settled);
    let useful_until = last_close.unwrap_or(settled).max(door);
    let due = if worst_hour {
        settled
    } else {
        ladder::late(settled, useful_until)
    };
    let over = last_close.is_some_and(|close| close <= now)
        && matter.telling.standing != Standing::Scheduled;
    Correction {
        slot: Slot {
            what: What::Correction {
                since: since.unwrap_or(now),
                worst_hour,
            },
            audience: Audience::Concerned,
            nominal: due,
            due,
            useful_until,
            held: false,
            lines: over.then_some(1),
        },
        due_after_settling: settled,
    }
}

fn shows_date(telling: &Telling) -> bool {
    matches!(telling.standing, Standing::Scheduled | Standing::Satisfied)
}
