//! Reads of one row each that come at the same time share one query.
//!
//! What a busy portal asks for is mostly "this one, now". Alone, each such read
//! takes a connection and wakes a process of the database; together they are
//! one statement over a set of keys. Nobody waits in order to be gathered: who
//! comes while a query runs goes with the next one.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::error::Result;

/// Keys of one query: beyond it a set no longer gets cheaper by growing.
const MOST: usize = 128;

/// Queries at once: while one is answered, the next is on its way.
pub const READERS: usize = 2;

/// What was found under some keys.
pub type Found<K, V> = HashMap<K, Arc<V>>;

type Read<K, V> = dyn Fn(Vec<K>) -> BoxFuture<'static, Result<Found<K, V>>> + Send + Sync;

/// Gathers reads by key. Cheap to clone.
pub struct Gather<K, V>(Arc<Inner<K, V>>);

struct Inner<K, V> {
    read: Box<Read<K, V>>,
    line: Mutex<Line<K, V>>,
}

/// Those who wait for the next query.
struct Line<K, V> {
    waiting: Vec<Waiting<K, V>>,
    readers: usize,
}

struct Waiting<K, V> {
    key: K,
    answer: oneshot::Sender<Option<Arc<V>>>,
}

impl<K, V> Gather<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Send + Sync + 'static,
{
    /// Gathers for `read`, which finds what exists under the keys it is given.
    pub fn new<F, R>(read: F) -> Self
    where
        F: Fn(Vec<K>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Found<K, V>>> + Send + 'static,
    {
        Self(Arc::new(Inner {
            read: Box::new(move |keys| read(keys).boxed()),
            line: Mutex::new(Line {
                waiting: Vec::new(),
                readers: 0,
            }),
        }))
    }

    /// What is stored under `key`, as it is after this call began.
    ///
    /// # Errors
    /// What the read says. A common read that fails is repeated for each key alone, so
    /// that nobody hears of another's trouble.
    pub async fn get(&self, key: K) -> Result<Option<Arc<V>>> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting {
            key: key.clone(),
            answer,
        };
        if self.0.line_up(waiting) {
            // A task of its own: the others' read must not end with this caller.
            tokio::spawn(Arc::clone(&self.0).serve());
        }
        match answered.await {
            Ok(found) => Ok(found),
            Err(_) => Ok((self.0.read)(vec![key.clone()]).await?.remove(&key)),
        }
    }
}

impl<K: Clone + Eq + Hash, V> Inner<K, V> {
    /// Whether a further reader is needed.
    fn line_up(&self, waiting: Waiting<K, V>) -> bool {
        let mut line = self.line();
        line.waiting.push(waiting);
        let needed = line.readers < READERS;
        line.readers += usize::from(needed);
        needed
    }

    async fn serve(self: Arc<Self>) {
        // Calls that came with the same packet line up before the first query.
        tokio::task::yield_now().await;
        while let Some(group) = self.next() {
            let keys = group.iter().map(|each| each.key.clone()).collect();
            let read = AssertUnwindSafe(async { (self.read)(keys).await }).catch_unwind();
            // Dropped without an answer, everybody asks alone.
            if let Ok(Ok(found)) = read.await {
                for waiting in group {
                    // Whoever went away needs none.
                    let _ = waiting.answer.send(found.get(&waiting.key).cloned());
                }
            }
        }
    }

    /// The next group; without one the reader is done.
    fn next(&self) -> Option<Vec<Waiting<K, V>>> {
        let mut line = self.line();
        if line.waiting.is_empty() {
            line.readers -= 1;
            return None;
        }
        let end = line.waiting.len().min(MOST);
        Some(line.waiting.drain(..end).collect())
    }

    fn line(&self) -> MutexGuard<'_, Line<K, V>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Clone for Gather<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> fmt::Debug for Gather<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gather").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;
    use crate::error::Error;

    /// Finds the double of every even number; the reads are counted.
    fn doubles(reads: &Arc<AtomicUsize>) -> Gather<u32, u32> {
        let reads = Arc::clone(reads);
        Gather::new(move |keys: Vec<u32>| {
            reads.fetch_add(1, Ordering::Relaxed);
            async move {
                assert!(!keys.contains(&1000), "a read that panics");
                if keys.contains(&2000) {
                    return Err(Error::DeadlineExceeded);
                }
                tokio::task::yield_now().await;
                let even = keys.into_iter().filter(|key| key % 2 == 0);
                Ok(even.map(|key| (key, Arc::new(2 * key))).collect())
            }
        })
    }

    #[tokio::test]
    async fn those_who_come_together_share_a_query_and_each_gets_its_own() {
        let reads = Arc::default();
        let gather = doubles(&reads);
        let answers = join_all((0..100).map(|key| gather.get(key))).await;
        for (key, answer) in (0_u32..).zip(answers) {
            let expected = (key % 2 == 0).then_some(2 * key);
            assert_eq!(answer.unwrap().map(|found| *found), expected);
        }
        let reads = reads.load(Ordering::Relaxed);
        assert!(reads <= READERS, "{reads} reads");
    }

    #[tokio::test]
    async fn a_crowd_is_read_in_bounded_groups() {
        let reads = Arc::default();
        let gather = doubles(&reads);
        let many = u32::try_from(10 * MOST).unwrap();
        let answers = join_all((0..many).map(|key| gather.get(10_000 + key))).await;
        assert_eq!(answers.len(), 10 * MOST);
        assert!(reads.load(Ordering::Relaxed) >= 10);
    }

    #[tokio::test]
    async fn a_read_that_fails_or_panics_hurts_only_the_one_who_asked_for_it() {
        for bad in [1000, 2000] {
            let gather = doubles(&Arc::default());
            let spoiling = tokio::spawn({
                let gather = gather.clone();
                async move { gather.get(bad).await }
            });
            let (good, spoiled) = tokio::join!(gather.get(4), spoiling);
            assert_eq!(good.unwrap().as_deref(), Some(&8));
            assert!(!matches!(spoiled, Ok(Ok(_))), "{bad}");
            assert_eq!(gather.get(6).await.unwrap().as_deref(), Some(&12));
        }
    }

    #[tokio::test]
    async fn who_goes_away_takes_nobody_along() {
        let gather = doubles(&Arc::default());
        let mut gone = Box::pin(gather.get(2));
        assert!(futures_util::poll!(&mut gone).is_pending());
        let staying = gather.get(4);
        drop(gone);
        assert_eq!(staying.await.unwrap().as_deref(), Some(&8));
    }

    #[tokio::test]
    async fn nobody_is_answered_with_what_was_read_before_they_asked() {
        let now = Arc::new(AtomicUsize::new(0));
        let gather = Gather::new({
            let now = Arc::clone(&now);
            move |keys: Vec<u32>| {
                let seen = now.load(Ordering::SeqCst);
                async move { Ok(keys.into_iter().map(|key| (key, Arc::new(seen))).collect()) }
            }
        });
        for written in 1..50 {
            now.store(written, Ordering::SeqCst);
            assert_eq!(gather.get(7).await.unwrap().as_deref(), Some(&written));
        }
    }
}
