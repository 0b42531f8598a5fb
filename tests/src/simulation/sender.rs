//! A sender: orders in, messages out, in three committed steps, each of which
//! may be the last that its process takes.

use std::collections::VecDeque;
use std::time::Duration;

use notifier::domain::delivery::Channel;
use notifier::domain::delivery::{Ending, Event, State, may_hand_over};
use notifier::domain::freshness;
use notifier::domain::outcome::{
    Judgement, Pace, SMS_UNKNOWN_WAIT, UNKNOWN_WAIT, Verdict, retry_wait, ruled,
};
use uuid::Uuid;

use super::broker::Broker;
use super::channel::{Ends, seconds};
use super::database::Database;
use super::dice::Dice;
use super::flaw::Flaw;
use super::invariant::is_leaving;
use super::message::{Body, Queue};
use super::policy;
use super::roster::name;
use super::source::Source;

/// How long a row steps back for a reason that has nothing to do with it.
const PUT_OFF: i64 = 60;

/// A sender and where it stands.
pub struct Sender {
    /// Who it is, to the broker.
    pub consumer: usize,
    /// This incarnation, to the leases.
    pub worker: usize,
    orders: Vec<(usize, i32)>,
    lease: Uuid,
    unacknowledged: bool,
    jobs: VecDeque<Job>,
}

#[derive(Clone, Debug)]
struct Job {
    delivery: usize,
    lease: Uuid,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    /// What is claimed is looked at once more.
    Sort,
    Envelope,
    Commit,
    /// With the instant at which the commit was asked for.
    Data(i64),
    Finish(Verdict),
}

/// Everything that a sender works with.
pub struct Surroundings<'s> {
    /// The rows.
    pub base: &'s mut Database,
    /// Orders.
    pub broker: &'s mut Broker,
    /// Mail server and gateway.
    pub ends: &'s mut Ends,
    /// Who is still concerned.
    pub source: &'s Source,
    /// Chance.
    pub dice: &'s mut Dice,
}

impl Sender {
    /// A sender at rest.
    #[must_use]
    pub fn new(consumer: usize) -> Self {
        Self {
            consumer,
            worker: consumer,
            orders: Vec::new(),
            lease: Uuid::nil(),
            unacknowledged: false,
            jobs: VecDeque::new(),
        }
    }

    /// Its process is gone, and a new one takes its place.
    pub fn crash(&mut self, base: &mut Database, broker: &mut Broker) {
        base.lost.insert(self.worker);
        broker.give_back(self.consumer);
        *self = Self {
            worker: self.worker + 100,
            ..Self::new(self.consumer)
        };
    }

    /// One step; `false` when there was nothing to do.
    pub fn step(&mut self, around: &mut Surroundings<'_>) -> bool {
        if !self.orders.is_empty() {
            self.claim(around);
        } else if self.unacknowledged {
            around.broker.ack(self.consumer);
            self.unacknowledged = false;
        } else if self.jobs.is_empty() || (self.jobs.len() < 3 && around.dice.chance(30)) {
            return self.take(around) || self.work(around);
        } else {
            return self.work(around);
        }
        true
    }

    fn take(&mut self, around: &mut Surroundings<'_>) -> bool {
        let queue = *around.dice.pick(&[Queue::Email, Queue::Sms]);
        let other = if queue == Queue::Email {
            Queue::Sms
        } else {
            Queue::Email
        };
        for queue in [queue, other] {
            let messages = around.broker.take(self.consumer, queue, 3, around.dice);
            self.orders = messages
                .iter()
                .filter_map(|message| match message.body {
                    Body::Order(delivery, generation) => Some((delivery, generation)),
                    Body::Fact(_) | Body::Receipt(..) => None,
                })
                .collect();
            if !self.orders.is_empty() {
                self.lease = around.base.id();
                return true;
            }
        }
        false
    }

    fn claim(&mut self, around: &mut Surroundings<'_>) {
        let mut claimed = Vec::new();
        for (delivery, generation) in &self.orders {
            if around
                .base
                .claim(*delivery, *generation, self.lease, self.worker)
                && !claimed.contains(delivery)
            {
                claimed.push(*delivery);
            }
        }
        if around.dice.chance(5) {
            // Nobody knows whether the commit was heard: asked again.
            return;
        }
        self.orders.clear();
        self.unacknowledged = true;
        let lease = self.lease;
        self.jobs.extend(claimed.into_iter().map(|delivery| Job {
            delivery,
            lease,
            stage: Stage::Sort,
        }));
    }

    fn work(&mut self, around: &mut Surroundings<'_>) -> bool {
        let Some(mut job) = self.jobs.pop_front() else {
            return false;
        };
        if let Some(stage) = job.next(around) {
            job.stage = stage;
            if around.dice.chance(80) {
                self.jobs.push_front(job);
            } else {
                self.jobs.push_back(job);
            }
        }
        true
    }
}

impl Job {
    /// The next stage; `None` at the end.
    fn next(&self, around: &mut Surroundings<'_>) -> Option<Stage> {
        let channel = around.base.deliveries[self.delivery].channel;
        match &self.stage {
            Stage::Sort => self.sort(around),
            Stage::Envelope => Some(self.envelope(around)),
            Stage::Commit => {
                let goes = around.base.commit_send(self.delivery, self.lease);
                // Nobody knows whether the commit was heard: asked again.
                let again = around.dice.chance(5);
                let asked_at = around.base.clock;
                goes.then_some(if again {
                    Stage::Commit
                } else {
                    Stage::Data(asked_at)
                })
            }
            Stage::Data(asked_at) if !self.is_awake(around.base, *asked_at) => {
                self.end(around.base, Ending::NotSent, PUT_OFF);
                None
            }
            Stage::Data(_) => {
                if let Err(violation) = is_leaving(around.base, self.delivery, self.lease) {
                    around.base.blame(violation);
                }
                let clock = around.base.clock;
                let ends = &mut around.ends;
                let verdict = ends.hand_over(self.delivery, channel, clock, around.dice);
                Some(Stage::Finish(verdict))
            }
            Stage::Finish(verdict) => {
                self.finish(around.base, around.ends, verdict);
                None
            }
        }
    }

    fn envelope(&self, around: &mut Surroundings<'_>) -> Stage {
        let row = &around.base.deliveries[self.delivery];
        let domain = policy::domain(&row.address);
        let said = around
            .ends
            .envelope(self.delivery, domain, row.channel, around.dice);
        said.map_or(Stage::Commit, Stage::Finish)
    }

    fn is_awake(&self, base: &Database, asked_at: i64) -> bool {
        let ago = u64::try_from(base.clock - asked_at).unwrap_or(0);
        base.flaw == Flaw::SleepersSend || may_hand_over(Duration::from_secs(ago))
    }

    fn sort(&self, around: &mut Surroundings<'_>) -> Option<Stage> {
        let base = &mut *around.base;
        let row = &base.deliveries[self.delivery];
        if row.useful_until <= base.now {
            if let Some((alike, _)) = row.doubted.clone()
                && base.doubt(self.delivery, &alike).0 != Judgement::Ours
            {
                self.refuse(base, around.ends);
            } else {
                base.commit_send(self.delivery, self.lease);
            }
            return None;
        }
        if base.dead.contains(&row.address) {
            self.withdraw(base, State::Suppressed);
            return None;
        }
        if !freshness::is_stale(row.stands, row.asked_at, base.now) {
            return Some(Stage::Envelope);
        }
        let matter = &base.matters[row.matter].obligation.name;
        let Some((_, parties)) = around.source.ask(matter) else {
            self.end(base, Ending::NotSent, PUT_OFF);
            return None;
        };
        let behind: Vec<String> = base.behind(row).map(name).collect();
        let behind = behind
            .iter()
            .map(|one| parties.iter().find(|each| each.organisation == *one));
        match freshness::end_of_all(behind, base.house.calendar, base.now) {
            Some((state, _)) => {
                self.withdraw(base, state);
                None
            }
            None => {
                let now = base.now;
                base.deliveries[self.delivery].asked_at = now;
                Some(Stage::Envelope)
            }
        }
    }

    fn withdraw(&self, base: &mut Database, state: State) {
        if self.end(base, Ending::Withdrawn, 0)
            && base.deliveries[self.delivery].life.state == State::Suppressed
        {
            base.deliveries[self.delivery].life.state = state;
        }
    }

    fn end(&self, base: &mut Database, ending: Ending, wait: i64) -> bool {
        let lease = self.lease;
        base.happen(self.delivery, Event::Finish { lease, ending }, wait)
    }

    /// Refused for good, which must have been for itself.
    fn refuse(&self, base: &mut Database, ends: &Ends) -> bool {
        let refused = self.end(base, Ending::Refused, 0);
        if refused && base.deliveries[self.delivery].life.state == State::Failed {
            base.judge_failure(self.delivery, ends);
        }
        refused
    }

    fn doubt(&self, base: &mut Database, ends: &Ends, reason: &str, alike: &str) {
        let (mut judgement, longest) = base.doubt(self.delivery, alike);
        if base.flaw == Flaw::PolicyIsBelieved {
            judgement = Judgement::Theirs;
        }
        let verdict = ruled(judgement, reason.to_owned());
        if let Verdict::Retry { pace, .. } = verdict {
            self.retry(base, pace, longest);
        } else {
            self.finish(base, ends, &verdict);
        }
    }

    fn retry(&self, base: &mut Database, pace: Pace, longest: Duration) {
        let row = &base.deliveries[self.delivery];
        let left = base.now.duration_until(row.useful_until);
        let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
        let wait = retry_wait(pace, row.setbacks, self.delivery as u64, left);
        if self.end(base, Ending::NotSent, seconds(wait.min(longest))) {
            base.deliveries[self.delivery].setbacks += 1;
        }
    }

    fn finish(&self, base: &mut Database, ends: &Ends, verdict: &Verdict) {
        let channel = base.deliveries[self.delivery].channel;
        match verdict {
            Verdict::Accepted { .. } => {
                if self.end(base, Ending::Accepted, 0) && channel == Channel::Email {
                    base.note_taken(self.delivery);
                }
            }
            Verdict::Retry { pace, .. } => self.retry(base, *pace, Duration::MAX),
            Verdict::Doubtful { reason, alike } => self.doubt(base, ends, reason, alike),
            Verdict::Config { .. } if base.flaw == Flaw::AccountFailsMail => {
                self.refuse(base, ends);
            }
            Verdict::Failed { suppress, .. } => {
                if self.refuse(base, ends) && *suppress {
                    let address = base.deliveries[self.delivery].address.clone();
                    base.dead.insert(address);
                }
            }
            Verdict::Config { .. } | Verdict::Away { .. } | Verdict::Crowded { .. } => {
                self.end(base, Ending::NotSent, PUT_OFF);
            }
            Verdict::Unknown { .. } if base.flaw == Flaw::SilenceIsRefusal => {
                self.end(base, Ending::NotSent, PUT_OFF);
            }
            Verdict::Unknown { .. } => {
                let wait = match channel {
                    Channel::Sms => SMS_UNKNOWN_WAIT,
                    Channel::Email | Channel::None => UNKNOWN_WAIT,
                };
                self.end(base, Ending::NoAnswer, seconds(wait));
            }
        }
    }
}
