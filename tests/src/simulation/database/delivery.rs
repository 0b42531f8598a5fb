//! Deliveries: every change goes through the pure machine.

use std::time::Duration;

use jiff::Timestamp;
use notifier::domain::delivery::{
    Channel, Delivery, Event, Evidence, Matter, Report, Standing, State, apply, standing,
};
use notifier::domain::letter::PartyLetter;
use notifier::domain::occurrence;
use notifier::domain::outcome::{ESMS_GUARD, SMS_UNKNOWN_WAIT, UNKNOWN_WAIT};
use uuid::Uuid;

use super::{Database, Row, Work};
use crate::simulation::channel::seconds;
use crate::simulation::flaw::Flaw;
use crate::simulation::invariant::{self, Violation};
use crate::simulation::message::{Body, Message, Queue};

/// A delivery as fan-out decides it.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// To whom.
    pub organisation: Uuid,
    /// How.
    pub channel: Channel,
    /// Mailbox or number.
    pub address: String,
    /// What is said to the party alone.
    pub letter: PartyLetter,
    /// In whose row its message goes, where that is another's.
    pub carried_by: Option<Uuid>,
    /// How it ends at once; `None`: it is sent.
    pub ended: Option<State>,
}

/// What a sweep looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// What lost workers had in hand.
    Lost,
    /// Waits that are over.
    Waits,
}

impl Database {
    /// Lets an event happen to a delivery; `wait` is until a retry, or until an
    /// unknown outcome is looked into. `false` when the event has no power.
    pub fn happen(&mut self, place: usize, event: Event, wait: i64) -> bool {
        let row = &mut self.deliveries[place];
        let Ok(next) = apply(&row.life, event) else {
            return false;
        };
        let before = row.life.state;
        row.allowed += usize::try_from(next.resends - row.life.resends).unwrap_or(0);
        row.life = next;
        row.guarded_until = row.guarded_until.filter(|_| row.life.guarded);
        self.arm(place, wait);
        self.judge_change(place, before);
        true
    }

    fn arm(&mut self, place: usize, wait: i64) {
        let clock = self.clock;
        let row = &mut self.deliveries[place];
        let patience = match row.life.state {
            State::Queued => 120,
            State::Claimed => 300,
            State::Sending => 720,
            State::RetryWait
            | State::Unknown
            | State::Parked
            | State::Sent
            | State::Delivered
            | State::Bounced
            | State::Failed
            | State::Suppressed
            | State::Superseded
            | State::Satisfied
            | State::Missed => wait,
        };
        row.alarm = row.life.state.has_alarm().then_some(clock + patience);
    }

    fn judge_change(&mut self, place: usize, before: State) {
        let after = self.deliveries[place].life.state;
        if !invariant::may_change(before, after) {
            self.blame(Violation::final_moved(place, before, after));
        }
    }

    /// Writes a batch of a mailing, with an order for each that is to be sent.
    pub fn insert(
        &mut self,
        work: &Work,
        outlives: bool,
        asked_at: Timestamp,
        batch: &[NewDelivery],
    ) {
        if self.occurrences[work.occurrence].plan.state != occurrence::State::Scheduled {
            self.blame(Violation::written_too_late(work.occurrence));
        }
        for new in batch {
            let twice = self.deliveries.iter().any(|row| {
                row.occurrence == work.occurrence
                    && row.organisation == new.organisation
                    && row.channel == new.channel
            });
            if twice {
                continue;
            }
            let mut life = Delivery::queued(work.obligation.class);
            if let Some(state) = new.ended {
                life.state = state;
            }
            self.deliveries.push(Row {
                occurrence: work.occurrence,
                matter: work.matter,
                version: self.occurrences[work.occurrence].version,
                organisation: new.organisation,
                channel: new.channel,
                address: new.address.clone(),
                letter: new.letter.clone(),
                carried_by: new.carried_by,
                outlives,
                stands: Row::stands_whatever(work.plan.audience, outlives),
                asked_at,
                useful_until: work.plan.useful_until,
                life,
                alarm: None,
                leased_by: 0,
                setbacks: 0,
                sent: None,
                guarded_until: None,
                doubted: None,
                by_person: false,
                allowed: 0,
            });
            let place = self.deliveries.len() - 1;
            self.arm(place, 0);
            self.order(place);
        }
    }

    /// Rings a queued row.
    fn order(&mut self, place: usize) {
        let row = &self.deliveries[place];
        if row.life.state != State::Queued {
            return;
        }
        let queue = match row.channel {
            Channel::Sms => Queue::Sms,
            Channel::Email | Channel::None => Queue::Email,
        };
        let body = Body::Order(place, row.life.generation);
        let id = self.id();
        self.outbox.put(Message { id, queue, body });
    }

    /// Claims a row on an order; its own claim may be repeated.
    pub fn claim(&mut self, place: usize, generation: i32, lease: Uuid, worker: usize) -> bool {
        let row = &self.deliveries[place];
        let own = row.life.state == State::Claimed && row.life.lease == Some(lease);
        if own {
            return true;
        }
        let claimed = self.happen(place, Event::Claim { generation, lease }, 0);
        if claimed {
            self.deliveries[place].leased_by = worker;
        }
        claimed
    }

    /// Commits to handing a message over: whether it may leave.
    pub fn commit_send(&mut self, place: usize, lease: Uuid) -> bool {
        let row = &self.deliveries[place];
        let is_over = row.guarded_until.is_some_and(|until| until <= self.clock)
            && self.flaw != Flaw::RepeatsForEver;
        if row.life.state == State::Sending && row.life.lease == Some(lease) && !is_over {
            return true;
        }
        let obligation = &self.matters[row.matter].obligation;
        let matter = Matter {
            version: obligation.anchor_version,
            status: obligation.status,
        };
        let mut standing = standing(
            matter,
            row.version,
            row.useful_until,
            row.outlives,
            self.now,
        );
        if self.flaw == Flaw::SendsWhatMoved {
            standing = Standing::Stands;
        }
        let is_asked_again = row.life.state == State::Sending;
        if is_over && (is_asked_again || standing == Standing::Stands) {
            standing = Standing::Unguarded;
        }
        if !self.happen(place, Event::CommitSend { lease, standing }, 0) {
            return self.flaw == Flaw::SendsWithoutLease;
        }
        if self.deliveries[place].life.state != State::Sending {
            return false;
        }
        let clock = self.clock;
        self.deliveries[place].sent = Some(clock);
        if let Err(violation) = invariant::may_leave(self, place) {
            self.blame(violation);
        }
        true
    }

    /// Settles what lost workers had in hand, or wakes what has waited.
    pub fn sweep(&mut self, what: Sweep) -> bool {
        let clock = self.clock;
        let mut moved = false;
        for place in 0..self.deliveries.len() {
            let row = &self.deliveries[place];
            let rang = row.alarm.is_some_and(|alarm| alarm <= clock);
            let held = matches!(row.life.state, State::Claimed | State::Sending);
            let lost = held && (rang || self.lost.contains(&row.leased_by));
            let event = match what {
                Sweep::Lost if lost => Event::LeaseLost,
                Sweep::Waits if rang && row.life.state == State::RetryWait => Event::Due,
                Sweep::Lost | Sweep::Waits => continue,
            };
            let requeues = self.flaw == Flaw::SweepRequeuesSending;
            let look_after = seconds(match row.channel {
                Channel::Sms => SMS_UNKNOWN_WAIT,
                Channel::Email | Channel::None => UNKNOWN_WAIT,
            });
            if requeues && row.life.state == State::Sending {
                let life = &mut self.deliveries[place].life;
                life.state = State::Queued;
                life.generation += 1;
                self.arm(place, 0);
            } else {
                self.happen(place, event, look_after);
            }
            self.order(place);
            moved = true;
        }
        if what == Sweep::Lost {
            self.lost.clear();
        }
        moved
    }

    /// Rings rows of a queue that were last rung at least `quiet` seconds ago; with
    /// `orders` false only their alarm is set anew.
    pub fn ring(&mut self, queue: Queue, quiet: i64, orders: bool) {
        for place in 0..self.deliveries.len() {
            if self
                .waits_in(place, queue)
                .is_some_and(|rung_ago| rung_ago >= quiet)
            {
                self.arm(place, 0);
                if orders {
                    self.order(place);
                }
            }
        }
    }

    /// How many rows wait for a worker of this queue, and how long ago the
    /// longest waiting one was rung.
    #[must_use]
    pub fn waiting(&self, queue: Queue) -> Option<(usize, i64)> {
        let rung: Vec<i64> = (0..self.deliveries.len())
            .filter_map(|place| self.waits_in(place, queue))
            .collect();
        rung.iter().max().map(|longest| (rung.len(), *longest))
    }

    fn waits_in(&self, place: usize, queue: Queue) -> Option<i64> {
        let row = &self.deliveries[place];
        let mine = (row.channel == Channel::Sms) == (queue == Queue::Sms);
        let waits = mine && row.life.state == State::Queued;
        row.alarm.filter(|_| waits).map(|at| self.clock + 120 - at)
    }

    /// Unknown outcomes whose alarm rang; each rings again after a minute.
    pub fn unknown_due(&mut self) -> Vec<usize> {
        let clock = self.clock;
        let mut due = Vec::new();
        for (place, row) in self.deliveries.iter_mut().enumerate() {
            if row.life.state == State::Unknown && row.alarm.is_some_and(|at| at <= clock) {
                row.alarm = Some(clock + 60);
                due.push(place);
            }
        }
        due
    }

    /// How long the gateway still knows the order of a row again.
    #[must_use]
    pub fn guarded(&self, place: usize) -> Duration {
        if self.flaw == Flaw::RepeatsForEver {
            return ESMS_GUARD;
        }
        let until = self.guard_of(place);
        Duration::from_secs(u64::try_from(until - self.clock).unwrap_or(0))
    }

    fn guard_of(&self, place: usize) -> i64 {
        let row = &self.deliveries[place];
        let sent = row.sent.unwrap_or(self.clock);
        row.guarded_until.unwrap_or(sent + seconds(ESMS_GUARD))
    }

    /// Settles an unknown outcome by what was found out.
    pub fn resolve(&mut self, place: usize, evidence: Evidence) {
        let until = self.guard_of(place);
        if self.happen(place, Event::Reconciled(evidence), 0) {
            if evidence == Evidence::Repeat {
                self.deliveries[place].guarded_until = Some(until);
            }
            self.order(place);
        }
    }

    /// A person decides about a delivery.
    pub fn decide(&mut self, place: usize, decision: notifier::domain::delivery::Decision) {
        if self.happen(place, Event::Person(decision), 0) {
            self.deliveries[place].by_person = true;
            self.order(place);
        }
    }

    /// Applies receipts: of several for one delivery, that it arrived outweighs.
    pub fn receive(&mut self, receipts: &[(usize, Report)]) {
        for (place, report) in receipts {
            let arrived = receipts.contains(&(*place, Report::Delivered));
            if !(arrived && *report == Report::Failed) {
                self.happen(*place, Event::Receipt(*report), 0);
            }
        }
    }
}
