//! One run: a story, workers that take turns, faults between any two steps, then
//! peace, and the reckoning.

use jiff::SignedDuration;
use notifier::domain::delivery::{Channel, Decision, Evidence, State, is_resent};
use notifier::domain::fact::House;
use notifier::domain::outcome::{
    self, Doubt, UNKNOWN_WAIT, keeps_quiet_hours, over_the_night, repeat_after,
};
use vietnam::calendar::Calendar;

use std::rc::Rc;
use std::sync::LazyLock;
use std::time::Duration;

use notifier::domain::correction::SETTLE;
use notifier::domain::rule::Rules;

use super::broker::Broker;
use super::channel::Ends;
use super::consumer::Consumer;
use super::database::{Database, Sweep};
use super::dice::Dice;
use super::flaw::Flaw;
use super::invariant::{self, Violation};
use super::message::{Body, Message, Queue};
use super::relay::Relay;
use super::roster::{DOMAINS, Roster};
use super::scheduler::Scheduler;
use super::sender::{Sender, Surroundings};
use super::source::Source;
use super::trace::Trace;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::embedded().unwrap_or_default());
static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::official);

/// The desk and everything around it.
pub struct World {
    pub(super) dice: Dice,
    pub(super) trace: Trace,
    pub(super) base: Database,
    pub(super) source: Source,
    pub(super) broker: Broker,
    pub(super) ends: Ends,
    pub(super) roster: Roster,
    pub(super) relays: [Relay; 4],
    pub(super) consumers: [Consumer; 3],
    pub(super) schedulers: [Scheduler; 2],
    pub(super) senders: [Sender; 3],
    findings: Vec<(usize, Evidence)>,
    seen: usize,
    /// Instants waited for after the healing.
    pub(super) waited: u32,
    pub(super) faults: u64,
}

impl World {
    /// The beginning of a seed's run.
    #[must_use]
    pub fn new(seed: u64, flaw: Flaw, trace: Trace) -> Self {
        let mut dice = Dice::new(seed);
        let begin = vietnam::instant(jiff::civil::date(2024, 3, 27).at(9, 0, 0, 0));
        let begin = begin + SignedDuration::from_mins(dice.between(0, 3 * 24 * 60));
        let house = House {
            rules: &RULES,
            calendar: &CALENDAR,
            settle: SETTLE,
        };
        let roster = Roster::draw(&mut dice);
        let mut world = Self {
            base: Database::new(begin, house, flaw),
            source: Source::default(),
            broker: Broker::default(),
            ends: Ends::default(),
            relays: [0, 1, 2, 3].map(Relay::new),
            consumers: [
                Consumer::new(0, Queue::Facts),
                Consumer::new(1, Queue::Facts),
                Consumer::new(2, Queue::Receipts),
            ],
            schedulers: Default::default(),
            senders: [10, 11, 12].map(Sender::new),
            findings: Vec::new(),
            seen: 0,
            waited: 0,
            faults: 0,
            roster,
            dice,
            trace,
        };
        world.broker.faulty = true;
        world.ends.faulty = true;
        if world.dice.chance(20) {
            let domain = world.dice.index(DOMAINS);
            world.ends.unwilling = Some(format!("d{domain}.example.com"));
        }
        world.announce();
        world
    }

    pub(super) fn announce(&mut self) {
        let words = self
            .source
            .announce(&self.roster, self.base.now, &mut self.dice);
        self.trace.note(&self.base, || words);
    }

    /// Plays `steps` steps of story and faults, then lets everything come to rest.
    ///
    /// # Errors
    /// The first rule that was broken.
    pub fn play(&mut self, steps: u32) -> Result<(), Violation> {
        for _ in 0..steps {
            self.chance();
            self.check()?;
        }
        self.heal();
        self.rest()?;
        invariant::at_rest(&self.base, &self.ends)
    }

    fn check(&mut self) -> Result<(), Violation> {
        if let Some(id) = self.relays.iter().find_map(|relay| relay.deleted_too_soon) {
            return Err(Violation::deleted_too_soon(id));
        }
        invariant::after_step(&self.base, &self.ends, &mut self.seen)
    }

    /// One worker takes one step; `false` when it had nothing to do.
    pub(super) fn turn(&mut self, worker: usize) -> bool {
        let flaw = self.base.flaw;
        let clock = self.base.clock;
        match worker {
            0..2 => self.relays[worker].step(
                &mut self.source.outbox,
                &mut self.broker,
                &mut self.dice,
                clock,
                flaw,
            ),
            2..4 => self.relays[worker].step(
                &mut self.base.outbox,
                &mut self.broker,
                &mut self.dice,
                clock,
                flaw,
            ),
            4..7 => {
                self.consumers[worker - 4].step(&mut self.base, &mut self.broker, &mut self.dice)
            }
            7..9 => self.schedulers[worker - 7].step(
                &mut self.base,
                &self.source,
                &self.roster,
                &mut self.dice,
            ),
            9..12 => self.senders[worker - 9].step(&mut Surroundings {
                base: &mut self.base,
                broker: &mut self.broker,
                ends: &mut self.ends,
                source: &self.source,
                dice: &mut self.dice,
            }),
            12 => self.base.sweep(Sweep::Lost),
            13 => self.base.sweep(Sweep::Waits),
            14 => self.reconcile(),
            15 => self.ring(),
            16 => self.report(),
            17 => self.compare(),
            _ => self.person(),
        }
    }

    /// How many workers there are; the last ones are not always at work.
    pub(super) const WORKERS: usize = 19;

    /// Looks into unknown outcomes, in two steps: a crash may lie between.
    fn reconcile(&mut self) -> bool {
        if let Some((place, evidence)) = self.findings.pop() {
            self.base.resolve(place, evidence);
            return true;
        }
        for place in self.base.unknown_due() {
            let channel = self.base.deliveries[place].channel;
            let looked_up = self.ends.look_up(place, channel, &mut self.dice);
            if let Some(evidence) = outcome::settle(&self.doubt(place, looked_up)) {
                self.findings.push((place, evidence));
            }
        }
        !self.findings.is_empty()
    }

    /// What `work::reconcile` asks about a row.
    fn doubt(&self, place: usize, looked_up: Option<Evidence>) -> Doubt {
        let base = &self.base;
        let row = &base.deliveries[place];
        let since = base.clock - row.sent.unwrap_or(base.clock);
        let left = base.now.duration_until(row.useful_until);
        let quiet = keeps_quiet_hours(row.channel, row.life.class, row.stands);
        let night = over_the_night(Duration::ZERO, base.now, row.useful_until);
        Doubt {
            looked_up,
            since_sent: Duration::from_secs(u64::try_from(since).unwrap_or(0)),
            patience: UNKNOWN_WAIT,
            repeat_after: repeat_after(
                (row.channel == Channel::Sms).then(|| base.guarded(place)),
                Duration::try_from(left).unwrap_or(Duration::ZERO),
                u16::try_from(row.life.sends).unwrap_or(u16::MAX),
                place as u64,
            ),
            is_resent: is_resent(row.life.class, row.life.resends),
            is_night: quiet && !night.is_zero(),
        }
    }

    /// Rings rows whose orders the broker has lost.
    fn ring(&mut self) -> bool {
        if self.base.flaw == Flaw::NobodyRings || self.broker.down {
            return false;
        }
        for queue in [Queue::Email, Queue::Sms] {
            let Some((rows, rung_ago)) = self.base.waiting(queue) else {
                continue;
            };
            let depth = self.broker.depth(queue);
            if depth == 0 && !self.broker.is_in_hand(queue) && rung_ago >= 5 {
                self.base.ring(queue, 5, true);
            } else if rung_ago >= 120 {
                self.base.ring(queue, 120, depth < rows);
            }
        }
        false
    }

    /// A provider reports.
    fn report(&mut self) -> bool {
        if self.ends.receipts.is_empty() {
            return false;
        }
        let place = self.dice.index(self.ends.receipts.len());
        let (delivery, report) = self.ends.receipts.swap_remove(place);
        let id = self.base.id();
        self.base.outbox.put(Message {
            id,
            queue: Queue::Receipts,
            body: Body::Receipt(delivery, report),
        });
        true
    }

    /// Compares with the sources and takes in what is newer.
    fn compare(&mut self) -> bool {
        if self.source.down || self.base.flaw == Flaw::NobodyRings {
            return false;
        }
        let newer: Vec<_> = self
            .source
            .all()
            .filter(|truth| {
                let known = self.base.find(&truth.name);
                known.is_none_or(|place| {
                    self.base.matters[place].obligation.sequence < truth.sequence
                })
            })
            .map(Rc::clone)
            .collect();
        self.base.take_in(&newer) > 0
    }

    /// A person looks at what is parked.
    fn person(&mut self) -> bool {
        let parked = self
            .base
            .deliveries
            .iter()
            .position(|row| row.life.state == State::Parked && !row.by_person);
        let Some(place) = parked else { return false };
        let decision = match (self.ends.copies(place), self.dice.below(2)) {
            (1.., _) => Decision::Sent,
            (0, 0) => Decision::Resend,
            (0, _) => Decision::Failed,
        };
        self.base.decide(place, decision);
        true
    }

    /// Everybody works until nothing is left to do, and the clocks go on until
    /// nothing is left to wait for.
    fn rest(&mut self) -> Result<(), Violation> {
        for _ in 0..1_500 {
            let mut moved = false;
            for worker in 0..18 {
                for _ in 0..40 {
                    if !self.watched(worker) {
                        break;
                    }
                    moved = true;
                }
            }
            self.check()?;
            if !moved && !self.wait() {
                return Ok(());
            }
        }
        Err(Violation::restless())
    }

    fn heal(&mut self) {
        self.trace
            .note(&self.base, || "everything heals".to_owned());
        self.broker.faulty = false;
        self.broker.down = false;
        self.ends.faulty = false;
        self.ends.denies = false;
        self.source.down = false;
    }
}
