//! Room for a bounded number of connections. In a full house a newcomer takes the
//! place of whoever has been there longest.
//!
//! A page takes milliseconds. The oldest of a full house is therefore silent, slow
//! or done, and idle callers, however many, keep nobody waiting.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// The places of one port.
pub(super) struct Room {
    places: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    next: u64,
    by_age: BTreeMap<u64, CancellationToken>,
}

/// A place, given back when it is dropped.
pub(super) struct Place {
    room: Arc<Room>,
    number: u64,
    asked_to_leave: CancellationToken,
}

impl Room {
    pub(super) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self {
            places,
            taken: Mutex::default(),
        })
    }

    /// A place for a newcomer, if need be that of the oldest.
    pub(super) fn enter(self: &Arc<Self>) -> Place {
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
    /// Runs a connection until it ends or its place is needed.
    pub(super) async fn hold(self, connection: impl Future<Output = ()>) {
        tokio::select! {
            () = connection => {}
            () = self.asked_to_leave.cancelled() => {
                metrics::counter!("http_connections_displaced_total").increment(1);
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
        let room = Room::new(2);
        let (first, second) = (room.enter(), room.enter());
        assert!(!first.asked_to_leave.is_cancelled());
        let third = room.enter();
        first.hold(pending()).await;
        assert!(!second.asked_to_leave.is_cancelled());
        assert!(!third.asked_to_leave.is_cancelled());
    }

    #[tokio::test]
    async fn a_place_that_was_given_back_displaces_nobody() {
        let room = Room::new(2);
        let first = room.enter();
        room.enter().hold(async {}).await;
        let _third = room.enter();
        assert!(!first.asked_to_leave.is_cancelled());
    }
}
