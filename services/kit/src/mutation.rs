//! Changes that happen once, however often they are asked for.
//!
//! Every mutation carries a `request_id`, keyed by (subject, the organisation that the
//! caller is bound to, method, request_id).
//! **Guarantee**: the change, its facts in the outbox, its audit row and its answer
//! are one transaction.
//!
//! - The same body again gives the same answer, byte for byte; many at once wait
//!   for the first. Another body under the same id is refused.
//! - A refusal is not stored: after its cause is gone the same request may succeed.
//! - Crash or cancelled call before the commit: nothing happened.
//! - The commit runs in a task of its own: a caller that goes away cannot stop it
//!   half-way. One that did not hear the answer asks again with the same id.
//! - Serialization failures, deadlocks and lost connections are run again, at most
//!   [`ATTEMPTS`] times.
//!
//! A caller bound to one organisation has only so many of a kind in a day (`daily`).
//!
//! Answers are kept for [`KEEP_DAYS`]; afterwards the same id is a new request.

mod daily;
mod record;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

pub use record::{KEEP_DAYS, purge};

use crate::auth::Caller;
use crate::backoff::jittered;
use crate::database::{Isolation, Pool, Tx};
use crate::error::{Error, Result, Violation};
use crate::outbox::Bell;
use crate::turn::Turns;
use record::{Key, Stored};

/// Runs of one mutation before the loser of every race hears of it.
pub const ATTEMPTS: u32 = 5;

/// Pause before the second run; it grows with each further one.
const PAUSE: Duration = Duration::from_millis(10);

/// What mutations need; one per service. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mutations {
    pool: Pool,
    bell: Bell,
    turns: Turns,
}

impl Mutations {
    /// Mutations in this pool's database, ringing this bell after a commit with facts.
    #[must_use]
    pub fn new(pool: Pool, bell: Bell) -> Self {
        Self {
            pool,
            bell,
            turns: Turns::default(),
        }
    }
}

/// A mutation that is asked for.
#[derive(Debug)]
pub struct Mutation<'a> {
    mutations: &'a Mutations,
    caller: &'a Caller,
    method: &'static str,
    request_id: &'a str,
    validate_only: bool,
    isolation: Isolation,
}

/// Runs a mutation with the usual isolation; see [`Mutation::run`].
///
/// # Errors
/// As [`Mutation::run`].
pub async fn run<Q, R, W, F>(
    mutations: &Mutations,
    caller: &Caller,
    method: &'static str,
    request_id: &str,
    request: &Q,
    work: W,
) -> Result<R>
where
    Q: Message,
    R: Message + Default,
    W: Fn(Arc<Tx>) -> F + Send + Sync,
    F: Future<Output = Result<R>> + Send,
{
    Mutation::new(mutations, caller, method, request_id)
        .run(request, work)
        .await
}

impl<'a> Mutation<'a> {
    /// A mutation by `caller` under `request_id`; `method` is the rpc's full name.
    #[must_use]
    pub const fn new(
        mutations: &'a Mutations,
        caller: &'a Caller,
        method: &'static str,
        request_id: &'a str,
    ) -> Self {
        Self {
            mutations,
            caller,
            method,
            request_id,
            validate_only: false,
            isolation: Isolation::ReadCommitted,
        }
    }

    /// Does everything, answers, and takes it back (AIP-163).
    #[must_use]
    pub const fn validate_only(mut self, validate_only: bool) -> Self {
        self.validate_only = validate_only;
        self
    }

    /// Runs under another isolation, for decisions that read a set of rows.
    #[must_use]
    pub const fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// Does `work` in a transaction, or answers what it answered the last time.
    ///
    /// `work` may run several times, so it owns nothing that it uses up:
    ///
    /// ```ignore
    /// kit::mutation::run(&mutations, &caller, METHOD, &request.request_id, &request, |tx| {
    ///     let organisation = &organisation;
    ///     async move {
    ///         store::organisation::insert(&tx, organisation).await?;
    ///         kit::outbox::put(&tx, &[organisation.admitted()]).await?;
    ///         tx.about(organisation.name());
    ///         Ok(organisation.to_proto())
    ///     }
    /// })
    /// .await
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] naming `request_id` when it is no UUID or was used
    /// with another body; what `work` refuses; what the database says.
    pub async fn run<Q, R, W, F>(self, request: &Q, work: W) -> Result<R>
    where
        Q: Message,
        R: Message + Default,
        W: Fn(Arc<Tx>) -> F + Send + Sync,
        F: Future<Output = Result<R>> + Send,
    {
        let key = self.key(request)?;
        let _turn = self.mutations.turns.take(key.turn()).await;
        let mut attempt = 1;
        loop {
            match self.attempt(&key, &work).await {
                Err(error) if attempt < ATTEMPTS && may_succeed(&error) => {
                    metrics::counter!("mutation_retries_total").increment(1);
                    tokio::time::sleep(jittered(PAUSE * attempt)).await;
                    attempt += 1;
                }
                Err(error) => return Err(lost_race(lost_connection(error))),
                Ok(response) => return Ok(response),
            }
        }
    }

    fn key<Q: Message>(&self, request: &Q) -> Result<Key> {
        if self.request_id.is_empty() {
            return Err(Error::invalid(Violation::required("request_id")));
        }
        let request_id: Uuid = self.request_id.parse().map_err(|_| {
            Error::invalid(Violation::malformed("request_id", "một UUID", "a UUID"))
        })?;
        Ok(Key::new(self.caller, self.method, request_id, request))
    }

    async fn attempt<R, W, F>(&self, key: &Key, work: &W) -> Result<R>
    where
        R: Message + Default,
        W: Fn(Arc<Tx>) -> F + Send + Sync,
        F: Future<Output = Result<R>> + Send,
    {
        let (tx, stored) = record::begin(&self.mutations.pool, self.isolation, key).await?;
        if let Some(stored) = stored {
            tx.rollback().await?;
            return replay(&stored, key);
        }
        daily::bounded(&tx, key).await?;
        let tx = Arc::new(tx);
        let response = work(Arc::clone(&tx)).await?;
        let tx = Arc::into_inner(tx).ok_or_else(|| {
            Error::Internal(anyhow::anyhow!("{} kept its transaction", self.method))
        })?;
        if self.validate_only {
            tx.rollback().await?;
            return Ok(response);
        }
        self.finish(tx, key, response.encode_to_vec()).await?;
        Ok(response)
    }

    /// Records and commits in a task that outlives a cancelled call.
    async fn finish(&self, tx: Tx, key: &Key, response: Vec<u8>) -> Result<()> {
        let bell = self.mutations.bell.clone();
        let key = key.clone();
        let committing = tokio::spawn(async move {
            crate::failpoint::hit("mutation.before_commit");
            record::commit(&tx, &key, &response).await?;
            crate::failpoint::hit("mutation.after_commit");
            let rings = tx.rings();
            tx.end();
            if rings {
                bell.ring();
            }
            Ok(())
        });
        committing.await.map_err(Error::internal)?
    }
}

fn replay<R: Message + Default>(stored: &Stored, key: &Key) -> Result<R> {
    if !key.is_same_body(stored) {
        return Err(Error::invalid(Violation::new(
            "request_id",
            "REQUEST_ID_REUSED",
            "Mã yêu cầu này đã được dùng cho một nội dung khác.",
            "This request_id was already used with another body.",
        )));
    }
    metrics::counter!("mutation_replays_total").increment(1);
    R::decode(stored.response.as_slice()).map_err(Error::internal)
}

/// Whether the same work may succeed when it is run again from its start.
fn may_succeed(error: &Error) -> bool {
    error.is_serialization_failure()
        // Terminated by an operator or a restart. Should that have been the commit,
        // the next run finds its answer.
        || is_lost(error)
        // A twin in another process was faster; the next run finds its answer.
        || error.constraint() == Some("request_pkey")
        // A migration changed what a prepared statement returns; it is prepared anew.
        || error.sqlstate() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
}

fn is_lost(error: &Error) -> bool {
    let ending = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
    ];
    matches!(error, Error::Database(cause)
        if cause.is_closed() || cause.code().is_some_and(|code| ending.contains(code)))
}

/// A lost connection leaves the outcome open; asking again with the same
/// request_id is safe and tells.
fn lost_connection(error: Error) -> Error {
    if is_lost(&error) {
        Error::unavailable(error)
    } else {
        error
    }
}

fn lost_race(error: Error) -> Error {
    if !error.is_serialization_failure() {
        return error;
    }
    Error::aborted(
        "CONTENTION",
        "Có nhiều thay đổi cùng lúc trên dữ liệu này, xin thực hiện lại.",
        "Too many changes meet here at once, please try again.",
    )
}
