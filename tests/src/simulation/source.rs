//! The services that own the matters: what is true, and the story that changes it.

use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use notifier::domain::anchor::{Anchor, Bound};
use notifier::domain::obligation::{Class, Obligation, Place, Status};
use notifier::domain::party::{Party, PartyState};
use uuid::Uuid;

use super::dice::Dice;
use super::message::{Body, Message, Queue};
use super::outbox::Outbox;
use super::roster::{LEAD, Roster, name};

/// Kinds of matters, with their class; events and deadlines.
const KINDS: [(&str, Class, bool); 9] = [
    ("ceremony", Class::Invitation, true),
    ("meeting", Class::Invitation, true),
    ("training", Class::Invitation, true),
    ("fair", Class::Care, true),
    ("dialogue", Class::Invitation, true),
    ("report", Class::LegalDeadline, false),
    ("task", Class::LegalDeadline, false),
    ("disbursement", Class::LegalDeadline, false),
    ("dossier_supplement", Class::LegalDeadline, false),
];

/// What is true, and the facts on their way.
#[derive(Clone, Debug, Default)]
pub struct Source {
    matters: Vec<Truth>,
    /// Facts that have not left yet.
    pub outbox: Outbox,
    /// Whether it answers no question.
    pub down: bool,
}

#[derive(Clone, Debug)]
struct Truth {
    present: Rc<Obligation>,
    /// Anchors it had before.
    earlier: Vec<Anchor>,
    parties: Vec<Party>,
    is_event: bool,
}

impl Source {
    /// The present state of every matter.
    pub fn all(&self) -> impl Iterator<Item = &Rc<Obligation>> {
        self.matters.iter().map(|truth| &truth.present)
    }

    /// The present state of a matter and its parties, if the source answers.
    #[must_use]
    pub fn ask(&self, name: &str) -> Option<(&Rc<Obligation>, &[Party])> {
        let truth = self.matters.iter().find(|each| each.present.name == name)?;
        (!self.down).then_some((&truth.present, truth.parties.as_slice()))
    }

    /// A new matter becomes known.
    pub fn announce(&mut self, roster: &Roster, now: Timestamp, dice: &mut Dice) -> String {
        let (kind, class, is_event) = *dice.pick(&KINDS);
        let number = self.matters.len();
        let obligation = Obligation {
            name: format!("events/obligations/{kind}-{number}"),
            source: "events".to_owned(),
            kind: kind.to_owned(),
            class,
            title: "Lễ phát động".to_owned(),
            anchor: anchor(is_event, now, dice),
            anchor_version: 1,
            useful_until: None,
            place: Place::default(),
            organiser: name(Uuid::from_u128(LEAD)),
            lead_unit: name(Uuid::from_u128(LEAD)),
            status: Status::Scheduled,
            sequence: 1,
            document: None,
            links: Vec::new(),
            attributes: BTreeMap::new(),
            updated_at: now,
            reply_by: None,
            subject: String::new(),
        };
        let present = Rc::new(obligation);
        self.matters.push(Truth {
            present: Rc::clone(&present),
            earlier: Vec::new(),
            parties: roster.parties(),
            is_event,
        });
        self.tell(present, dice)
    }

    /// Something happens to one of the matters.
    pub fn happen(&mut self, now: Timestamp, dice: &mut Dice) -> Option<String> {
        if self.matters.is_empty() {
            return None;
        }
        let place = dice.index(self.matters.len());
        let truth = &mut self.matters[place];
        if dice.chance(30) {
            return Some(truth.answer(now, dice));
        }
        let next = truth.changed(now, dice)?;
        if next.anchor != truth.present.anchor {
            truth.earlier.push(truth.present.anchor.clone());
        }
        let next = Rc::new(next);
        truth.present = Rc::clone(&next);
        Some(self.tell(next, dice))
    }

    fn tell(&mut self, fact: Rc<Obligation>, dice: &mut Dice) -> String {
        let words = format!(
            "the source tells {} {} version {} sequence {} {:?}",
            fact.name,
            fact.status.word(),
            fact.anchor_version,
            fact.sequence,
            fact.anchor
        );
        self.outbox.put(Message {
            id: dice.id(),
            queue: Queue::Facts,
            body: Body::Fact(fact),
        });
        words
    }
}

impl Truth {
    /// A party answers, reports or takes it back.
    fn answer(&mut self, now: Timestamp, dice: &mut Dice) -> String {
        let states = [
            PartyState::Done,
            PartyState::ClaimedDone,
            PartyState::Declined,
            PartyState::Confirmed,
            PartyState::Concerned,
            PartyState::Exempt,
        ];
        let place = dice.index(self.parties.len());
        let party = &mut self.parties[place];
        party.state = *dice.pick(&states);
        party.since = Some(now);
        format!("{} is {:?}", party.organisation, party.state)
    }

    fn changed(&self, now: Timestamp, dice: &mut Dice) -> Option<Obligation> {
        let before = &*self.present;
        let mut next = Obligation {
            sequence: before.sequence + 1,
            updated_at: now,
            ..before.clone()
        };
        match dice.below(20) {
            0..8 => {
                next.anchor = self.another(now, dice);
                next.status = Status::Scheduled;
            }
            8..10 => next.place.text = format!("Hội trường {}", dice.below(3)),
            10..13 => {
                next.status = Status::Postponed;
                next.anchor = Anchor::Undated;
            }
            13..15 => next.status = Status::Cancelled,
            15..17 => next.status = Status::Satisfied,
            17 if before.status == Status::Satisfied => next.status = Status::Scheduled,
            _ => next.title.push('.'),
        }
        let over = matches!(before.status, Status::Cancelled | Status::Satisfied);
        let reopened = before.status == Status::Satisfied && next.status == Status::Scheduled;
        if over && !reopened && next.status != before.status {
            return None;
        }
        let material = next.anchor != before.anchor
            || next.place != before.place
            || (next.status != before.status && !reopened && next.status != Status::Satisfied);
        next.anchor_version += i64::from(material);
        Some(next)
    }

    /// Another date, often one that it had before.
    fn another(&self, now: Timestamp, dice: &mut Dice) -> Anchor {
        if !self.earlier.is_empty() && dice.chance(40) {
            return dice.pick(&self.earlier).clone();
        }
        anchor(self.is_event, now, dice)
    }
}

fn anchor(is_event: bool, now: Timestamp, dice: &mut Dice) -> Anchor {
    let today = vietnam::local(now).date();
    let day = |days: i64| today.checked_add(days.days()).unwrap_or(today);
    if dice.chance(10) {
        let start = day(dice.between(-5, 40));
        return Anchor::Window {
            text: "quý II".to_owned(),
            start: Some(start),
            end: None,
        };
    }
    if !is_event {
        let bounds = [Bound::On, Bound::Through, Bound::Before];
        return Anchor::Day {
            date: day(dice.between(0, 12)),
            bound: *dice.pick(&bounds),
        };
    }
    let start = if dice.chance(30) {
        // Hours away: the worst hour of whoever moves it.
        now + SignedDuration::from_mins(dice.between(30, 24 * 60))
    } else {
        at(day(dice.between(1, 12)), dice.between(5, 20))
    };
    Anchor::Instant { start, end: None }
}

fn at(day: Date, hour: i64) -> Timestamp {
    let time = Time::constant(0, 0, 0, 0) + SignedDuration::from_hours(hour);
    vietnam::instant(day.to_datetime(time))
}
