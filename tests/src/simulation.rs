//! Runs of the reminder desk and of the ledger in a model world, one for each seed.
//!
//! The decisions are the services' own: facts, arming, triage, fan-out, corrections,
//! the machine of a delivery, what a provider's answer means, what a relay deletes,
//! what the ledger posts. Only what surrounds them is a model: rows that change in
//! whole transactions, a broker and channels that misbehave, clocks that jump. A
//! crash may lie between any two steps. The same seed plays the same run.

pub mod broker;
pub mod channel;
pub mod consumer;
pub mod database;
pub mod dice;
pub mod fate;
pub mod flaw;
pub mod invariant;
pub mod ledger;
pub mod many;
pub mod message;
pub mod outbox;
pub mod policy;
pub mod relay;
pub mod roster;
pub mod scheduler;
pub mod sender;
pub mod source;
pub mod trace;
pub mod world;

pub use flaw::Flaw;
pub use invariant::Violation;
use trace::Trace;
use world::World;

/// Steps of story and faults in one run, before everything heals.
const STEPS: u32 = 700;

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its seed.
    pub seed: u64,
    /// Faults that bit.
    pub faults: u64,
    /// Messages that the ends accepted.
    pub messages: usize,
    /// The first rule that was broken.
    pub violation: Option<Violation>,
    /// Every step, where they were kept.
    pub steps: Vec<String>,
}

/// Plays the reminders of a seed.
#[must_use]
pub fn reminders(seed: u64, flaw: Flaw, keep_steps: bool) -> Run {
    let trace = if keep_steps {
        Trace::kept()
    } else {
        Trace::default()
    };
    let mut world = World::new(seed, flaw, trace);
    let violation = world.play(STEPS).err();
    Run {
        seed,
        faults: world.faults,
        messages: world.ends.accepted.len(),
        violation,
        steps: world.trace.steps().to_vec(),
    }
}

/// Plays the ledger of a seed.
#[must_use]
pub fn money(seed: u64, flaw: Flaw, keep_steps: bool) -> Run {
    ledger::play(seed, flaw, keep_steps)
}

/// Plays reminders and ledger of a seed; the steps are those of the red one.
#[must_use]
pub fn whole(seed: u64, keep_steps: bool) -> Run {
    let desk = reminders(seed, Flaw::None, keep_steps);
    if desk.violation.is_some() {
        return desk;
    }
    let books = money(seed, Flaw::None, keep_steps);
    let steps = if books.violation.is_some() {
        books.steps
    } else {
        desk.steps.into_iter().chain(books.steps).collect()
    };
    Run {
        seed,
        faults: desk.faults + books.faults,
        messages: desk.messages + books.messages,
        violation: books.violation,
        steps,
    }
}
