//! No caller's share of the house is more than half of it.
//!
//! A call that is opened and never sent holds its place for a minute. Without a
//! bound per caller one token and two connections would keep everybody out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Rpcs of each subject in flight.
#[derive(Clone)]
pub(super) struct Shares {
    most: usize,
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

/// One rpc of a subject; given back when it is dropped.
pub(super) struct Share {
    shares: Shares,
    subject: String,
}

impl Shares {
    /// At most `most` for each.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            taken: Arc::default(),
        }
    }

    /// A share for one more rpc; `None` when the subject has all that it may have.
    pub(super) fn take(&self, subject: &str) -> Option<Share> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(subject) {
            Some(count) if *count >= self.most => return None,
            Some(count) => *count += 1,
            None => {
                taken.insert(subject.to_owned(), 1);
            }
        }
        Some(Share {
            shares: self.clone(),
            subject: subject.to_owned(),
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let taken = self.shares.taken.lock();
        let mut taken = taken.unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.subject) {
            Some(count) if *count > 1 => *count -= 1,
            // Whoever is gone is forgotten: the map never outgrows what is in flight.
            Some(_) | None => {
                taken.remove(&self.subject);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_share_of_one_leaves_room_for_another() {
        let shares = Shares::new(2);
        let first = shares.take("user:lan");
        let second = shares.take("user:lan");
        assert!(first.is_some() && second.is_some());
        assert!(shares.take("user:lan").is_none());
        assert!(shares.take("user:minh").is_some());
        drop(first);
        assert!(shares.take("user:lan").is_some());
    }

    #[test]
    fn whoever_has_nothing_in_flight_is_forgotten() {
        let shares = Shares::new(2);
        drop((shares.take("user:lan"), shares.take("user:lan")));
        let taken = shares.taken.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(taken.is_empty());
    }
}
