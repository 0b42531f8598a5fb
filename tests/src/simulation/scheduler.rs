//! A scheduler and its fan-out: claims what is due, asks, decides, writes in batches.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;
use notifier::domain::delivery::State;
use notifier::domain::fanout::{AddressMark, Candidate, Greetings, Manner, Row, Written, decide};
use notifier::domain::occurrence::{CALL_LIST, CORRECTION, Reason};
use notifier::domain::party::{Party, Position};
use notifier::domain::rule::{Audience, Channels};
use uuid::Uuid;

use super::database::{Database, NewDelivery, Readers, Work};
use super::dice::Dice;
use super::roster::{Roster, id, name};
use super::source::Source;

/// A scheduler and where it stands.
#[derive(Default)]
pub struct Scheduler {
    phase: Phase,
}

#[derive(Default)]
enum Phase {
    #[default]
    Idle,
    Chosen(VecDeque<usize>, Uuid),
    Asking(Box<Work>, VecDeque<usize>),
    Writing(Box<Mailing>, VecDeque<usize>),
}

/// Everything that is decided before rows are written.
struct Mailing {
    work: Work,
    asked_at: Timestamp,
    rest: VecDeque<NewDelivery>,
    speaks: bool,
}

/// What asking led to.
enum Answer {
    Mailing(Mailing),
    /// Nothing is to be written: it ended, waits, or begins anew.
    Done,
}

impl Scheduler {
    /// Its process is gone.
    pub fn crash(&mut self) {
        self.phase = Phase::Idle;
    }

    /// One step; `false` when there was nothing to do.
    pub fn step(
        &mut self,
        base: &mut Database,
        source: &Source,
        roster: &Roster,
        dice: &mut Dice,
    ) -> bool {
        match std::mem::take(&mut self.phase) {
            Phase::Idle => {
                let due = base.due_matters();
                if due.is_empty() {
                    return false;
                }
                let matter = *dice.pick(&due);
                let claim = base.id();
                let chosen = base.choose(matter, claim);
                if chosen.is_empty() {
                    // Perhaps something was missed; what pauses is not hurried.
                    return false;
                }
                self.phase = Phase::Chosen(chosen.into(), claim);
            }
            Phase::Chosen(mut rest, claim) => {
                let work = rest.pop_front().map(|place| base.load(place, claim));
                self.phase = match work {
                    None => Phase::Idle,
                    Some(Some(work)) => Phase::Asking(Box::new(work), rest),
                    Some(None) => Phase::Chosen(rest, claim),
                };
            }
            Phase::Asking(work, rest) => {
                let claim = work.claim;
                self.phase = match ask(base, source, roster, *work) {
                    Answer::Mailing(mailing) => Phase::Writing(Box::new(mailing), rest),
                    Answer::Done => Phase::Chosen(rest, claim),
                };
            }
            Phase::Writing(mut mailing, rest) => {
                let claim = mailing.work.claim;
                self.phase = if mailing.write(base, dice) {
                    Phase::Writing(mailing, rest)
                } else {
                    Phase::Chosen(rest, claim)
                };
            }
        }
        true
    }
}

fn ask(base: &mut Database, source: &Source, roster: &Roster, work: Work) -> Answer {
    let version = base.occurrences[work.occurrence].version;
    if version != work.obligation.anchor_version {
        return Answer::Done;
    }
    match work.plan.step.as_str() {
        CORRECTION => correction(base, source, roster, work),
        CALL_LIST => call_list(base, roster, work),
        _ => step(base, source, roster, work),
    }
}

fn step(base: &mut Database, source: &Source, roster: &Roster, work: Work) -> Answer {
    let Some(rule) = base
        .house
        .rules
        .step(&work.obligation.kind, &work.plan.step)
    else {
        base.suppress(&work, Reason::Over);
        return Answer::Done;
    };
    let Some((present, parties)) = source.ask(&work.obligation.name) else {
        base.await_source(&work);
        return Answer::Done;
    };
    if present.sequence > work.obligation.sequence {
        base.take_in(std::slice::from_ref(present));
        return Answer::Done;
    }
    let parties = match work.plan.audience {
        Audience::Concerned => parties.to_vec(),
        Audience::Lead => vec![Party::plain(&work.obligation.lead_unit)],
    };
    let manner = Manner {
        channels: rule.channels_at(&work.obligation.anchor, base.now),
        positions: rule.positions.clone(),
        class: work.obligation.class,
        reply_pages: String::new(),
    };
    let found = candidates(roster, parties);
    Answer::Mailing(mailing(base, work, found, &manner, false))
}

fn correction(base: &mut Database, source: &Source, roster: &Roster, work: Work) -> Answer {
    let mut readers = base.readers(&work);
    if readers.is_empty() {
        base.suppress(&work, Reason::NoChange);
        return Answer::Done;
    }
    let answer = source.ask(&work.obligation.name);
    if answer.is_none() && !work.plan.worst_hour {
        base.await_source(&work);
        return Answer::Done;
    }
    let mut parties: Vec<Party> = Vec::new();
    if let Some((present, known)) = answer {
        if present.sequence > work.obligation.sequence {
            base.take_in(std::slice::from_ref(present));
            return Answer::Done;
        }
        parties = known.to_vec();
    }
    meet(&mut readers, &parties);
    if readers.is_empty() {
        base.suppress(&work, Reason::NoChange);
        return Answer::Done;
    }
    let speaks = !readers.misled.is_empty();
    let told = readers.misled.iter().map(|each| each.organisation_id);
    let found: Vec<Party> = told
        .chain(readers.overtaken.iter().copied())
        .map(|organisation| {
            let name = name(organisation);
            let known = parties.iter().find(|party| party.organisation == name);
            known.cloned().unwrap_or_else(|| Party::plain(&name))
        })
        .collect();
    let mut found = candidates(roster, found);
    for each in &readers.misled {
        let name = name(each.organisation_id);
        if let Some(candidate) = found.iter_mut().find(|one| one.party.organisation == name) {
            candidate.channels = Some(each.channels.clone());
        }
    }
    let manner = plain_manner(&work, Channels::EmailElseSms);
    Answer::Mailing(mailing(base, work, found, &manner, speaks))
}

/// Whom a fan-out that was cut short had not reached yet.
fn meet(readers: &mut Readers, parties: &[Party]) {
    if std::mem::take(&mut readers.cut_short) {
        let strangers = parties
            .iter()
            .map(|party| id(&party.organisation))
            .filter(|organisation| !readers.written.contains(organisation));
        readers.overtaken.extend(strangers);
    }
}

fn call_list(base: &mut Database, roster: &Roster, work: Work) -> Answer {
    let found = candidates(roster, vec![Party::plain(&work.obligation.lead_unit)]);
    let manner = plain_manner(&work, Channels::Email);
    Answer::Mailing(mailing(base, work, found, &manner, false))
}

fn plain_manner(work: &Work, channels: Channels) -> Manner {
    Manner {
        channels,
        positions: vec![Position::Director],
        class: work.obligation.class,
        reply_pages: String::new(),
    }
}

fn candidates(roster: &Roster, parties: Vec<Party>) -> Vec<Candidate> {
    let mut seen: HashSet<String> = HashSet::new();
    parties
        .into_iter()
        .filter(|party| seen.insert(party.organisation.clone()))
        .map(|party| {
            let reach = roster.reach(&party.organisation).cloned();
            Candidate::new(party, reach)
        })
        .collect()
}

fn mailing(
    base: &Database,
    work: Work,
    found: Vec<Candidate>,
    manner: &Manner,
    speaks: bool,
) -> Mailing {
    let mut written = Written::default();
    let before = base.deliveries.iter();
    for row in before.filter(|row| row.occurrence == work.occurrence) {
        let sent = row.life.sends > 0 || !is_withdrawn(row.life.state);
        let address = AddressMark::of(row.channel, &row.address, &row.letter).filter(|_| sent);
        written.add(row.organisation, address, &row.letter.answers);
    }
    let found: Vec<Candidate> = found
        .into_iter()
        .filter(|each| !written.has(id(&each.party.organisation)))
        .collect();
    let calendar = base.house.calendar;
    let rows = decide(
        &found,
        manner,
        &base.dead,
        &written,
        &Greetings::default(),
        calendar,
        base.now,
    );
    Mailing {
        asked_at: base.now,
        rest: rows.iter().map(new).collect(),
        work,
        speaks,
    }
}

/// It ended before anything left.
const fn is_withdrawn(state: State) -> bool {
    matches!(
        state,
        State::Suppressed | State::Satisfied | State::Superseded | State::Missed
    )
}

fn new(row: &Row) -> NewDelivery {
    NewDelivery {
        organisation: id(&row.organisation),
        channel: row.channel,
        address: row.address.clone(),
        letter: row.letter.clone(),
        carried_by: row.carried_by,
        ended: row.ended.map(|(state, _)| state),
    }
}

impl Mailing {
    /// Writes a batch; `false` when it was the last one, or the claim is lost.
    fn write(&mut self, base: &mut Database, dice: &mut Dice) -> bool {
        if !base.keeps_hold(&self.work) {
            return false;
        }
        let mut batch: Vec<NewDelivery> = Vec::new();
        let most = 1 + dice.index(3);
        // The rows of one party are never torn apart.
        while let Some(next) = self.rest.front() {
            let begins = batch
                .last()
                .is_none_or(|last| last.organisation != next.organisation);
            if begins && batch.len() >= most {
                break;
            }
            batch.extend(self.rest.pop_front());
        }
        let outlives = self.speaks || self.work.plan.step == CALL_LIST;
        base.insert(&self.work, outlives, self.asked_at, &batch);
        if self.rest.is_empty() {
            base.finish_fan_out(&self.work, self.speaks);
        }
        !self.rest.is_empty()
    }
}
