//! What is claimed and waits for a lane: the urgent first, bulk on at most half
//! of the lanes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::channel::lanes::Lanes;
use crate::store::delivery::Claimed;

/// A claimed delivery; its room in the queue is free again when it is dropped.
#[derive(Debug)]
pub(super) struct Job {
    /// The delivery.
    pub claimed: Claimed,
    _room: OwnedSemaphorePermit,
}

/// The queue between claims and lanes of one channel.
#[derive(Debug)]
pub struct Jobs {
    waiting: Mutex<Waiting>,
    ready: Notify,
    room: [Arc<Semaphore>; 2],
    capacity: usize,
    lanes: Lanes,
}

#[derive(Debug, Default)]
struct Waiting {
    urgent: VecDeque<Job>,
    bulk: VecDeque<Job>,
    bulk_in_hand: usize,
    closed: bool,
}

/// A job in hand; its lane counts again for bulk when it is dropped.
#[derive(Debug)]
pub(super) struct InHand<'j> {
    /// The delivery.
    pub claimed: Claimed,
    jobs: &'j Jobs,
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        if self.claimed.bulk {
            self.jobs.waiting().bulk_in_hand -= 1;
            self.jobs.ready.notify_one();
        }
    }
}

impl Jobs {
    /// A queue for so many lanes. It holds enough that no lane waits for a claim,
    /// and little enough that what is claimed is sent within seconds.
    #[must_use]
    pub fn new(lanes: Lanes) -> Self {
        let capacity = (lanes.limit() * 8).clamp(256, 2_048);
        let room = || Arc::new(Semaphore::new(capacity));
        Self {
            waiting: Mutex::default(),
            ready: Notify::new(),
            room: [room(), room()],
            capacity,
            lanes,
        }
    }

    /// The largest batch that claims should take: while one is being claimed the
    /// lanes live on the other half.
    #[must_use]
    pub fn batch(&self) -> usize {
        self.capacity / 2
    }

    /// Waits for room.
    pub(super) async fn room(&self, bulk: bool, jobs: usize) -> Option<OwnedSemaphorePermit> {
        let room = Arc::clone(&self.room[usize::from(bulk)]);
        let jobs = u32::try_from(jobs.min(self.capacity)).ok()?;
        room.acquire_many_owned(jobs).await.ok()
    }

    /// Adds jobs into the room waited for.
    pub(super) fn push(&self, claimed: Vec<Claimed>, mut room: OwnedSemaphorePermit) {
        let count = claimed.len();
        {
            let mut waiting = self.waiting();
            for claimed in claimed {
                let Some(one) = room.split(1) else { break };
                let job = Job {
                    claimed,
                    _room: one,
                };
                if job.claimed.bulk {
                    waiting.bulk.push_back(job);
                } else {
                    waiting.urgent.push_back(job);
                }
            }
        }
        for _ in 0..count {
            self.ready.notify_one();
        }
        // A notification wakes one waiter and is kept once: with several lanes
        // idle each of them must look.
        self.ready.notify_waiters();
    }

    /// The next job for a lane; `None` once closed and no longer needed.
    pub(super) async fn next(&self) -> Option<InHand<'_>> {
        loop {
            let ready = self.ready.notified();
            tokio::pin!(ready);
            // Registered before looking, so that no push is missed in between.
            ready.as_mut().enable();
            match self.take() {
                Some(Some(claimed)) => {
                    return Some(InHand {
                        claimed,
                        jobs: self,
                    });
                }
                Some(None) => return None,
                None => ready.await,
            }
        }
    }

    /// `Some(None)` when closed, `None` when there is nothing to take now.
    fn take(&self) -> Option<Option<Claimed>> {
        let mut waiting = self.waiting();
        if waiting.closed {
            return Some(None);
        }
        if let Some(job) = waiting.urgent.pop_front() {
            return Some(Some(job.claimed));
        }
        if waiting.bulk_in_hand < (self.lanes.limit() / 2).max(1)
            && let Some(job) = waiting.bulk.pop_front()
        {
            waiting.bulk_in_hand += 1;
            return Some(Some(job.claimed));
        }
        None
    }

    /// Stops: lanes finish what they have in hand, the rest stays claimed and is
    /// settled when this process is gone.
    pub fn close(&self) {
        self.waiting().closed = true;
        for room in &self.room {
            room.close();
        }
        self.ready.notify_waiters();
    }

    /// How many jobs wait for a lane.
    #[must_use]
    pub fn len(&self) -> usize {
        let waiting = self.waiting();
        waiting.urgent.len() + waiting.bulk.len()
    }

    /// Whether no job waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::delivery::Channel;
    use crate::domain::letter::PartyLetter;
    use crate::domain::obligation::Class;
    use jiff::Timestamp;
    use uuid::Uuid;

    fn claimed(bulk: bool) -> Claimed {
        Claimed {
            id: Uuid::now_v7(),
            lease: Uuid::nil(),
            attempt: 1,
            setbacks: 0,
            occurrence_id: Uuid::nil(),
            obligation_id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            channel: Channel::Email,
            address: "a@example.com".to_owned(),
            class: Class::Invitation,
            bulk,
            party: PartyLetter::default(),
            dated_at: Timestamp::UNIX_EPOCH,
            asked_at: Timestamp::UNIX_EPOCH,
            useful_until: Timestamp::UNIX_EPOCH,
            was_sent_before: false,
            suppressed: false,
            audience_stands: false,
            doubt: String::new(),
        }
    }

    async fn push(jobs: &Jobs, claimed: Vec<Claimed>) {
        let room = jobs.room(claimed[0].bulk, claimed.len()).await.unwrap();
        jobs.push(claimed, room);
    }

    #[tokio::test]
    async fn the_urgent_overtake_bulk_which_takes_half_of_the_lanes_at_most() {
        let jobs = Jobs::new(Lanes::new(4));
        push(&jobs, (0..6).map(|_| claimed(true)).collect()).await;
        let first = jobs.next().await.unwrap();
        let second = jobs.next().await.unwrap();
        assert!(jobs.take().is_none(), "a third lane is kept for the urgent");
        push(&jobs, vec![claimed(false)]).await;
        assert!(!jobs.next().await.unwrap().claimed.bulk);
        drop(first);
        assert!(jobs.next().await.unwrap().claimed.bulk);
        drop(second);
    }

    #[tokio::test]
    async fn every_idle_lane_wakes_for_its_job() {
        let jobs = Arc::new(Jobs::new(Lanes::new(8)));
        let lanes: Vec<_> = (0..8)
            .map(|_| {
                let jobs = Arc::clone(&jobs);
                tokio::spawn(async move { jobs.next().await.map(|job| job.claimed.id) })
            })
            .collect();
        tokio::task::yield_now().await;
        push(&jobs, (0..8).map(|_| claimed(false)).collect()).await;
        for lane in lanes {
            assert!(lane.await.unwrap().is_some());
        }
        assert!(jobs.is_empty());
    }

    #[tokio::test]
    async fn a_closed_queue_sends_lanes_home() {
        let jobs = Jobs::new(Lanes::new(2));
        push(&jobs, vec![claimed(false)]).await;
        jobs.close();
        assert!(jobs.next().await.is_none());
        assert!(jobs.room(false, 1).await.is_none());
    }
}
