//! What the database could not do lately for reasons of its own, seen by whoever
//! asked it for something.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Meaning;

/// The latest of all troubles of this process.
static LATEST: Mutex<Option<Trouble>> = Mutex::new(None);

/// A refusal that lies with the server.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    /// How many there were, with this one.
    pub(crate) number: u64,
    /// The SQLSTATE.
    pub(crate) code: String,
    at: Instant,
}

impl Trouble {
    /// How long ago it was seen.
    pub(crate) fn age(&self) -> Duration {
        self.at.elapsed()
    }
}

/// Counts a refusal that lies with the server, and says loudly when its data may be damaged.
pub(crate) fn note(error: &tokio_postgres::Error) {
    let Some(code) = error.code() else { return };
    let kind = match Meaning::of(code) {
        Meaning::Short => "short",
        Meaning::Away => "away",
        Meaning::Broken => "broken",
        Meaning::Late | Meaning::Contended | Meaning::Ours => return,
    };
    metrics::counter!("database_faults_total", "kind" => kind).increment(1);
    if kind == "broken" {
        tracing::error!(
            code = code.code(),
            "the database contradicts itself or is damaged: somebody must look at it"
        );
    }
    let mut latest = latest_of_all();
    let before = latest.as_ref().map_or(0, |before| before.number);
    *latest = Some(Trouble {
        number: before + 1,
        code: code.code().to_owned(),
        at: Instant::now(),
    });
}

/// The latest trouble, if there ever was one.
pub(crate) fn latest() -> Option<Trouble> {
    latest_of_all().clone()
}

fn latest_of_all() -> MutexGuard<'static, Option<Trouble>> {
    LATEST.lock().unwrap_or_else(PoisonError::into_inner)
}
