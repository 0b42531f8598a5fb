//! Whether the server still takes new sessions, and has room.
//!
//! What a pool holds may go on working for hours beside a server that can no longer
//! start anything: it was upgraded beneath its sessions, has no connection left, or
//! has no disk. A new session now and then shows it, and shows when it is over.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;

use super::ReadinessProbe;
use crate::database::{Pool, trouble};
use crate::error::{Error, Meaning, Result};

/// Between two proofs while all is well: a session costs the server a process. After
/// a trouble that somebody met, and while proofs fail, the next comes at once.
const EVERY: Duration = Duration::from_secs(15);

/// A trouble is told of for this long after it was met.
const TOLD_FOR: Duration = Duration::from_secs(60);

/// Loads a library of the server, which an upgrade replaces, and puts down some
/// hundred kilobytes beside the tables: more than a table grows by at a time.
const PROOF: &str = "
    set work_mem = '64kB';
    do $$ begin perform count(*) from generate_series(1, 20000); end $$";

/// A new session can be had and used.
pub struct SessionProbe {
    pool: Pool,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    proving: bool,
    latest: Option<Proof>,
}

struct Proof {
    verdict: std::result::Result<(), String>,
    ended: Instant,
    // How many troubles had been met when it began.
    troubles: u64,
}

impl Proof {
    fn stands(&self) -> bool {
        self.verdict.is_ok() && self.troubles == troubles() && self.ended.elapsed() < EVERY
    }
}

impl SessionProbe {
    /// Sessions of this pool's server.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        Self {
            pool,
            state: Arc::default(),
        }
    }

    /// Begins a proof where one is due and none is under way. Nobody waits for it but
    /// those who know of none: a server that is slow to answer is no news each second.
    async fn prove(&self) {
        let is_first = {
            let mut state = held(&self.state);
            if state.proving || state.latest.as_ref().is_some_and(Proof::stands) {
                return;
            }
            state.proving = true;
            state.latest.is_none()
        };
        let (pool, state) = (self.pool.clone(), Arc::clone(&self.state));
        let proving = tokio::spawn(async move {
            let (troubles, outcome) = (troubles(), have_one(&pool).await);
            let without_room = outcome.as_ref().is_err_and(is_out_of_room);
            metrics::gauge!("database_out_of_room").set(f64::from(u8::from(without_room)));
            *held(&state) = State {
                proving: false,
                latest: Some(Proof {
                    verdict: outcome.map_err(|error| words(&error)),
                    ended: Instant::now(),
                    troubles,
                }),
            };
        });
        if is_first {
            // Fails only when the process ends.
            let _ = proving.await;
        }
    }
}

impl ReadinessProbe for SessionProbe {
    fn name(&self) -> &'static str {
        "session"
    }

    fn ready(&self) -> BoxFuture<'_, std::result::Result<(), String>> {
        Box::pin(async {
            self.prove().await;
            let state = held(&self.state);
            let none = || Err("no session has been had yet".to_owned());
            state
                .latest
                .as_ref()
                .map_or_else(none, |proof| proof.verdict.clone())
        })
    }

    fn remark(&self) -> Option<String> {
        let trouble = trouble::latest().filter(|trouble| trouble.age() < TOLD_FOR)?;
        Some(format!(
            "{} s ago the server could not do what was asked (SQLSTATE {})",
            trouble.age().as_secs(),
            trouble.code
        ))
    }
}

async fn have_one(pool: &Pool) -> Result<()> {
    let session = pool.dedicated().await?;
    session.client().batch_execute(PROOF).await?;
    Ok(())
}

/// What the server said, at the connection or afterwards.
fn told(error: &Error) -> Option<&tokio_postgres::Error> {
    std::error::Error::source(error)?.downcast_ref()
}

fn is_out_of_room(error: &Error) -> bool {
    let code = told(error).and_then(tokio_postgres::Error::code);
    code.is_some_and(|code| Meaning::of(code) == Meaning::Short)
}

fn words(error: &Error) -> String {
    if let Some(cause) = crate::tls::cause(error) {
        return format!("a new session fails: {cause}");
    }
    let cause = std::error::Error::source(error);
    match told(error).and_then(tokio_postgres::Error::as_db_error) {
        Some(told) => format!(
            "a new session fails: {} (SQLSTATE {})",
            told.message(),
            told.code().code()
        ),
        None => format!(
            "a new session fails: {}",
            cause.map_or_else(|| error.to_string(), ToString::to_string)
        ),
    }
}

fn troubles() -> u64 {
    trouble::latest().map_or(0, |latest| latest.number)
}

fn held(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
