//! Room for a bounded number of guests. In a full house a newcomer takes the place
//! of whoever has been there longest.
//!
//! What guests come for takes milliseconds. The oldest of a full house is therefore
//! silent, slow or done, and idle callers, however many, keep nobody waiting.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use metrics::Counter;
use tokio_util::sync::CancellationToken;

/// The places of one kind of guests.
pub(crate) struct Room {
    places: usize,
    /// Counts those who had to leave.
    displaced: Counter,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    next: u64,
    by_age: BTreeMap<u64, CancellationToken>,
}

/// A place, given back when it is dropped.
pub(crate) struct Place {
    room: Arc<Room>,
    number: u64,
    asked_to_leave: CancellationToken,
}

impl Room {
    pub(crate) fn new(places: usize, displaced: Counter) -> Arc<Self> {
        Arc::new(Self {
            places,
            displaced,
            taken: Mutex::default(),
        })
    }

    /// A place for a newcomer, if need be that of the oldest.
    pub(crate) fn enter(self: &Arc<Self>) -> Place {
        let asked_to_leave = CancellationToken::new();
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.by_age.len() >= self.places
            && let Some((_, oldest)) = taken.by_age.pop_first()
        {
            oldest.cancel();
        }
        let number = taken.next;
        taken.next += 1;
        taken.by_age.insert(number, asked_to_leave.clone());
        Place {
            room: Arc::clone(self),
            number,
            asked_to_leave,
        }
    }
}

impl Place {
    /// Runs a guest's work until it ends or its place is needed; `None` tells the latter.
    pub(crate) async fn hold<F: Future>(self, work: F) -> Option<F::Output> {
        tokio::select! {
            output = work => Some(output),
            () = self.asked_to_leave.cancelled() => {
                self.room.displaced.increment(1);
                None
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let taken = self.room.taken.lock();
        let mut taken = taken.unwrap_or_else(PoisonError::into_inner);
        taken.by_age.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn in_a_full_house_the_oldest_leaves() {
        let room = Room::new(2, Counter::noop());
        let (first, second) = (room.enter(), room.enter());
        assert!(!first.asked_to_leave.is_cancelled());
        let third = room.enter();
        assert_eq!(first.hold(pending::<()>()).await, None);
        assert!(!second.asked_to_leave.is_cancelled());
        assert!(!third.asked_to_leave.is_cancelled());
    }

    #[tokio::test]
    async fn a_place_that_was_given_back_displaces_nobody() {
        let room = Room::new(2, Counter::noop());
        let first = room.enter();
        assert_eq!(room.enter().hold(async { 7 }).await, Some(7));
        let _third = room.enter();
        assert!(!first.asked_to_leave.is_cancelled());
    }
}
