//! Group commit: what waits while one batch commits becomes the next batch.
//!
//! A single question is taken at once: only where the batch before had company is
//! some waited for, and only as long as [`Company`] allows.

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

/// How questions come together.
#[derive(Clone, Copy, Debug)]
pub struct Company {
    most: usize,
    patience: Duration,
}

impl Company {
    /// For askers who wait for the answer before they go on: half of them at most
    /// make a batch, so that one half works while the other half's answers are
    /// being committed. Without this bound nearly all march in step, and wait for
    /// the disk together.
    #[must_use]
    pub fn of_half(askers: usize) -> Self {
        Self {
            most: askers.div_ceil(2).clamp(1, BATCH),
            patience: Duration::ZERO,
        }
    }

    /// For askers who do not wait: fewer, larger commits leave the disk to those
    /// who do.
    #[must_use]
    pub const fn patient(patience: Duration) -> Self {
        Self {
            most: BATCH,
            patience,
        }
    }
}

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
        self.begin(question).await.await.ok()
    }

    /// Hands over what must be done, without waiting until it is.
    pub async fn tell(&self, question: A) {
        drop(self.begin(question).await);
    }

    /// Hands over what must be done; what is answered resolves when it is.
    pub async fn begin(&self, question: A) -> oneshot::Receiver<R> {
        let (reply, answer) = oneshot::channel();
        // Fails only when the batcher has ended, at the end of the process.
        let _ = self.0.send((question, reply)).await;
        answer
    }
}

/// Answers until all askers are gone. A batch that the database does not take
/// is tried again until it does: its statement finds its own traces.
pub async fn run<A, R, F, W>(
    name: &'static str,
    pool: Pool,
    mut questions: Questions<A, R>,
    company: Company,
    work: W,
) where
    A: Clone + Send + Sync + 'static,
    R: Send + 'static,
    W: Fn(Connection, Vec<A>) -> F + Send + Sync,
    F: Future<Output = Result<Vec<R>>> + Send,
{
    let mut waiting = Vec::with_capacity(company.most);
    let mut before = 0;
    while questions.0.recv_many(&mut waiting, company.most).await > 0 {
        if before > 1 {
            questions.gather(&mut waiting, company).await;
        }
        before = waiting.len();
        let (asked, replies): (Vec<A>, Vec<oneshot::Sender<R>>) = waiting.drain(..).unzip();
        metrics::histogram!("notifier_batch_size", "step" => name).record(asked.len() as f64);
        let answers = persist(name, &pool, &asked, &work).await;
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever only told does not listen.
            let _ = reply.send(answer);
        }
    }
}

impl<A, R> Questions<A, R> {
    /// Waits for more, within what the company allows.
    async fn gather(&mut self, waiting: &mut Vec<(A, oneshot::Sender<R>)>, company: Company) {
        let until = tokio::time::Instant::now() + company.patience;
        while waiting.len() < company.most {
            let room = company.most - waiting.len();
            match tokio::time::timeout_at(until, self.0.recv_many(waiting, room)).await {
                Ok(more) if more > 0 => {}
                // The time is over, or all askers are gone.
                Ok(_) | Err(_) => return,
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn gathered(asked: usize, company: Company) -> usize {
        let (batcher, mut questions) = batcher::<usize, ()>();
        let asking = tokio::spawn(async move {
            for question in 0..asked {
                batcher.tell(question).await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            std::future::pending::<()>().await;
        });
        let mut waiting = Vec::new();
        questions.0.recv_many(&mut waiting, company.most).await;
        questions.gather(&mut waiting, company).await;
        asking.abort();
        waiting.len()
    }

    #[tokio::test(start_paused = true)]
    async fn the_patient_wait_for_company_no_longer_than_they_may() {
        let patient = Company::patient(Duration::from_millis(5));
        assert!((4..=6).contains(&gathered(100, patient).await));
        assert_eq!(gathered(1, patient).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_for_an_answer_go_in_two_halves_and_wait_for_nobody() {
        let halves = Company::of_half(32);
        assert_eq!(halves.most, 16);
        assert_eq!(gathered(100, halves).await, 1);
        assert_eq!(Company::of_half(1).most, 1);
    }
}
