//! Group commit: what waits while one batch commits becomes the next batch.
//!
//! Nobody waits for company: an idle batcher takes a single question at once.

use std::future::Future;
use std::time::Duration;

use kit::database::{Connection, Pool};
use kit::error::Result;
use tokio::sync::{mpsc, oneshot};

use crate::work::words;

/// Questions answered by one statement at most.
const BATCH: usize = 256;

/// Questions that may wait; beyond it askers wait too.
const BACKLOG: usize = 4 * BATCH;

/// Pauses between tries while the database is away.
const PAUSE: Duration = Duration::from_millis(200);

/// Asks questions that are answered in batches. Cheap to clone; the batcher
/// ends when all are dropped.
#[derive(Debug)]
pub struct Batcher<A, R>(mpsc::Sender<(A, oneshot::Sender<R>)>);

impl<A, R> Clone for Batcher<A, R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The receiving end; see [`run`].
#[derive(Debug)]
pub struct Questions<A, R>(mpsc::Receiver<(A, oneshot::Sender<R>)>);

/// A batcher and its receiving end.
#[must_use]
pub fn batcher<A, R>() -> (Batcher<A, R>, Questions<A, R>) {
    let (sender, receiver) = mpsc::channel(BACKLOG);
    (Batcher(sender), Questions(receiver))
}

impl<A, R> Batcher<A, R> {
    /// Asks and waits for the answer; `None` when the batcher has ended.
    pub async fn ask(&self, question: A) -> Option<R> {
        let (reply, answer) = oneshot::channel();
        self.0.send((question, reply)).await.ok()?;
        answer.await.ok()
    }

    /// Hands over what must be done, without waiting until it is.
    pub async fn tell(&self, question: A) {
        let (reply, _) = oneshot::channel();
        // Fails only when the batcher has ended, at the end of the process.
        let _ = self.0.send((question, reply)).await;
    }
}

/// Answers until all askers are gone. A batch that the database does not take
/// is tried again until it does: its statement finds its own traces.
pub async fn run<A, R, F, W>(
    name: &'static str,
    pool: Pool,
    mut questions: Questions<A, R>,
    work: W,
) where
    A: Clone + Send + Sync + 'static,
    R: Send + 'static,
    W: Fn(Connection, Vec<A>) -> F + Send + Sync,
    F: Future<Output = Result<Vec<R>>> + Send,
{
    let mut waiting = Vec::with_capacity(BATCH);
    while questions.0.recv_many(&mut waiting, BATCH).await > 0 {
        let (asked, replies): (Vec<A>, Vec<oneshot::Sender<R>>) = waiting.drain(..).unzip();
        metrics::histogram!("notifier_batch_size", "step" => name).record(asked.len() as f64);
        let answers = persist(name, &pool, &asked, &work).await;
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever only told does not listen.
            let _ = reply.send(answer);
        }
    }
}

async fn persist<A, R, F, W>(name: &'static str, pool: &Pool, asked: &[A], work: &W) -> Vec<R>
where
    A: Clone,
    W: Fn(Connection, Vec<A>) -> F,
    F: Future<Output = Result<Vec<R>>> + Send,
{
    let mut logged = false;
    loop {
        let attempt = async { work(pool.get().await?, asked.to_vec()).await };
        match attempt.await {
            Ok(answers) => return answers,
            Err(error) => {
                if !logged {
                    tracing::warn!(
                        step = name,
                        cause = words(&error),
                        "the database did not take a batch, trying again"
                    );
                    logged = true;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
