//! Many seeds on all cores.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;

use super::Run;

/// What many runs came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The first seed.
    pub from: u64,
    /// Runs that were played.
    pub seeds: u64,
    /// Faults that bit.
    pub faults: u64,
    /// Messages that the ends accepted, and calls that the ledger acknowledged.
    pub effects: u64,
    /// How long it took.
    pub seconds: f64,
    /// Runs in a second, on all cores.
    pub seeds_per_second: f64,
    /// The smallest seed whose run broke a rule, of those that were played.
    pub red_seed: Option<u64>,
    /// Which rule, and how.
    pub violation: Option<String>,
}

/// Plays seeds one after the other on all cores until all are played or one is
/// red; `done` is told of each. What runs beside a red one is finished, so that
/// the smallest red seed is found whoever is faster.
pub fn play(
    from: u64,
    seeds: u64,
    one: impl Fn(u64) -> Run + Sync,
    done: impl Fn() + Sync,
) -> Report {
    let begun = Instant::now();
    let next = AtomicU64::new(from);
    let stop = AtomicBool::new(false);
    let sum = Mutex::new(Report {
        from,
        ..Report::default()
    });
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + seeds {
                break;
            }
            let run = one(seed);
            if run.violation.is_some() {
                stop.store(true, Ordering::Relaxed);
            }
            sum.lock().unwrap_or_else(PoisonError::into_inner).add(&run);
            done();
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    let mut report = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.seconds = begun.elapsed().as_secs_f64();
    report.seeds_per_second = report.seeds as f64 / report.seconds.max(0.001);
    report
}

impl Report {
    fn add(&mut self, run: &Run) {
        self.seeds += 1;
        self.faults += run.faults;
        self.effects += run.messages as u64;
        if let Some(violation) = &run.violation
            && self.red_seed.is_none_or(|seed| run.seed < seed)
        {
            self.red_seed = Some(run.seed);
            self.violation = Some(violation.to_string());
        }
    }
}
