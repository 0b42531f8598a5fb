//! What chance does between two steps: the story, the clocks, the faults.

use jiff::SignedDuration;

use super::world::World;

impl World {
    /// Something happens: mostly a worker's turn, now and then a fault.
    pub(super) fn chance(&mut self) {
        match self.dice.below(100) {
            0..81 => self.somebody(),
            81..89 => self.time_passes(),
            89..91 => self.story(),
            _ => self.fault(),
        }
    }

    fn somebody(&mut self) {
        let worker = self.dice.index(World::WORKERS);
        // People and comparisons are slow, the others are not.
        if worker >= 17 && !self.dice.chance(10) {
            return;
        }
        for _ in 0..=self.dice.below(4) {
            if !self.watched(worker) {
                break;
            }
        }
    }

    /// A worker's turn, and what it changed.
    pub(super) fn watched(&mut self, worker: usize) -> bool {
        let before = self.state_of_rows();
        let moved = self.turn(worker);
        if moved && self.trace.is_kept() {
            let mut changed = self.state_of_rows();
            changed.retain(|row| !before.contains(row));
            self.trace
                .note(&self.base, || format!("{} {changed:?}", name(worker)));
        }
        moved
    }

    /// Rows as words, where somebody will read them.
    fn state_of_rows(&self) -> Vec<String> {
        if !self.trace.is_kept() {
            return Vec::new();
        }
        let rows = self.base.deliveries.iter().enumerate().map(|(place, row)| {
            let life = &row.life;
            let step = &self.base.occurrences[row.occurrence].plan.step;
            format!(
                "d{place} {step} v{} {:?} {} g{} s{} r{} c{}",
                row.version,
                row.channel,
                life.state.as_str(),
                life.generation,
                life.sends,
                life.resends,
                self.ends.copies(place)
            )
        });
        let occurrences = self.base.occurrences.iter().map(|each| {
            let plan = &each.plan;
            format!(
                "o{} {} v{} {} {} due {}{}",
                each.matter,
                plan.step,
                each.version,
                plan.state.word(),
                plan.reason.word(),
                vietnam::local(plan.due_at).strftime("%m-%d %H:%M"),
                if plan.held { " held" } else { "" }
            )
        });
        rows.chain(occurrences).collect()
    }

    fn story(&mut self) {
        if self.source.all().count() < 2 && self.dice.chance(15) {
            self.announce();
        } else if let Some(words) = self.source.happen(self.base.now, &mut self.dice) {
            self.trace.note(&self.base, || words);
        }
    }

    /// Both clocks go on, or only one of them; often to where something is due.
    fn time_passes(&mut self) {
        let (business, database) = match self.dice.below(12) {
            0..3 => return self.pass_until_due(),
            3..5 => return self.pass_until_alarm(),
            5..8 => (self.dice.between(1, 90), 0),
            8 => (0, self.dice.between(1, 900)),
            9 => (300, 0),
            10 if self.dice.chance(20) => (24 * 3_600, 0),
            _ => (self.dice.between(30, 3_600), 0),
        };
        self.pass(business, business.max(database));
        self.trace.note(&self.base, || "time passes".to_owned());
    }

    fn pass(&mut self, business: i64, database: i64) {
        self.base.now += SignedDuration::from_secs(business);
        self.base.clock += database;
    }

    fn pass_until_due(&mut self) {
        let now = self.base.now;
        let next = self
            .base
            .occurrences
            .iter()
            .filter(|each| each.plan.state.word() == "SCHEDULED" && each.plan.due_at > now)
            .map(|each| each.plan.due_at)
            .min();
        if let Some(next) = next {
            let seconds = next.duration_since(now).as_secs();
            self.pass(seconds.max(1), seconds.max(1));
            self.trace
                .note(&self.base, || "until the next is due".to_owned());
        }
    }

    fn pass_until_alarm(&mut self) {
        if let Some(seconds) = self.until_alarm() {
            self.pass(seconds, seconds);
            self.trace
                .note(&self.base, || "until the next alarm".to_owned());
        }
    }

    /// Seconds until a row, an occurrence or a message may be tried again.
    fn until_alarm(&self) -> Option<i64> {
        let clock = self.base.clock;
        let rows = self.base.deliveries.iter().filter_map(|row| row.alarm);
        let pauses = self
            .base
            .occurrences
            .iter()
            .filter(|each| each.plan.state.word() == "SCHEDULED")
            .filter_map(|each| each.retry_at);
        let outboxes = [&self.base.outbox, &self.source.outbox];
        let retries = outboxes
            .into_iter()
            .filter_map(|outbox| outbox.next_retry());
        rows.chain(pauses)
            .chain(retries)
            .filter(|at| *at > clock)
            .map(|at| at - clock)
            .min()
    }

    /// After the healing: on to whatever comes next within some weeks; `false`
    /// when nothing does.
    pub(super) fn wait(&mut self) -> bool {
        if let Some(seconds) = self.until_alarm() {
            self.pass(seconds.min(60), seconds);
            self.trace.note(&self.base, || format!("{seconds} s pass"));
            return true;
        }
        if !self.broker.is_empty() || !self.base.outbox.is_empty() {
            self.pass(5, 5);
            return true;
        }
        let before = self.base.now;
        if self.waited < 12 {
            self.waited += 1;
            self.pass_until_due();
        }
        self.base.now != before
    }

    fn fault(&mut self) {
        self.faults += 1;
        let words = match self.dice.below(21) {
            0..3 => {
                let place = self.dice.index(4);
                let outbox = if place < 2 {
                    &mut self.source.outbox
                } else {
                    &mut self.base.outbox
                };
                self.relays[place].crash(outbox);
                format!("relay {place} crashes")
            }
            3..5 => {
                let place = self.dice.index(3);
                self.consumers[place].crash(&mut self.broker);
                format!("consumer {place} crashes")
            }
            5..8 => {
                let place = self.dice.index(2);
                self.schedulers[place].crash();
                format!("scheduler {place} crashes")
            }
            8..11 => {
                let place = self.dice.index(3);
                self.senders[place].crash(&mut self.base, &mut self.broker);
                format!("sender {place} crashes")
            }
            11 => {
                // Alive, and taken for dead: the connection of its lock was lost.
                let place = self.dice.index(3);
                self.base.lost.insert(self.senders[place].worker);
                format!("sender {place} loses its lock")
            }
            12..15 => {
                self.broker.trouble(&mut self.dice);
                "the broker loses or doubles a message".to_owned()
            }
            15 => {
                self.broker.forget();
                "the broker forgets everything".to_owned()
            }
            16 => {
                self.broker.toggle();
                format!("the broker is away: {}", self.broker.down)
            }
            17 => {
                self.source.down = !self.source.down;
                format!("the source is away: {}", self.source.down)
            }
            18 => {
                self.ends.denies = !self.ends.denies;
                format!("the relay denies us: {}", self.ends.denies)
            }
            19 => {
                let (clock, now) = (self.dice.between(60, 1_500), self.dice.between(0, 600));
                // Now and then for a day: a gateway has forgotten its orders by then.
                let day = i64::from(self.dice.chance(50)) * 25 * 3_600;
                self.pass(now, clock + day);
                "everybody sleeps, leases expire".to_owned()
            }
            _ => {
                self.base.now += SignedDuration::from_mins(5);
                "the business clock jumps by five minutes".to_owned()
            }
        };
        self.trace.note(&self.base, || words);
    }
}

fn name(worker: usize) -> &'static str {
    match worker {
        0..4 => "relay",
        4..7 => "consumer",
        7..9 => "scheduler",
        9..12 => "sender",
        12 | 13 => "sweep",
        14 => "reconcile",
        15 => "ring",
        16 => "receipt",
        17 => "comparison",
        _ => "person",
    }
}
