//! Places for calls whose body is on its way. When all are taken, whoever has most
//! of them gives the oldest up: callers that open calls and never send them stand
//! in their own way.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// The places.
pub(super) struct Arrivals {
    places: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    total: usize,
    next: u64,
    by_caller: HashMap<String, BTreeMap<u64, CancellationToken>>,
}

/// A place, given back when it is dropped.
struct Place<'a> {
    arrivals: &'a Arrivals,
    caller: &'a str,
    number: u64,
    asked_to_leave: CancellationToken,
}

impl Arrivals {
    pub(super) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self {
            places,
            taken: Mutex::default(),
        })
    }

    /// Waits for what arrives; `None` when the place was needed.
    pub(super) async fn hold<F: Future>(&self, caller: &str, arriving: F) -> Option<F::Output> {
        let place = self.enter(caller);
        tokio::select! {
            arrived = arriving => Some(arrived),
            () = place.asked_to_leave.cancelled() => {
                metrics::counter!("grpc_arrivals_displaced_total").increment(1);
                None
            }
        }
    }

    fn enter<'a>(&'a self, caller: &'a str) -> Place<'a> {
        let asked_to_leave = CancellationToken::new();
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.total >= self.places {
            taken.displace();
        }
        let number = taken.next;
        taken.next += 1;
        taken.total += 1;
        let own = taken.by_caller.entry(caller.to_owned()).or_default();
        own.insert(number, asked_to_leave.clone());
        drop(taken);
        Place {
            arrivals: self,
            caller,
            number,
            asked_to_leave,
        }
    }
}

impl Taken {
    fn displace(&mut self) {
        let greediest = self.by_caller.values_mut().max_by_key(|own| own.len());
        if let Some((_, oldest)) = greediest.and_then(BTreeMap::pop_first) {
            self.total -= 1;
            oldest.cancel();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let taken = self.arrivals.taken.lock();
        let mut taken = taken.unwrap_or_else(PoisonError::into_inner);
        let Some(own) = taken.by_caller.get_mut(self.caller) else {
            return;
        };
        let was_here = own.remove(&self.number).is_some();
        if own.is_empty() {
            taken.by_caller.remove(self.caller);
        }
        if was_here {
            taken.total -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn of_the_greediest_the_oldest_leaves() {
        let arrivals = Arrivals::new(3);
        let modest = arrivals.enter("user:modest");
        let (first, second) = (arrivals.enter("user:a"), arrivals.enter("user:a"));
        let _third = arrivals.enter("user:b");
        assert!(first.asked_to_leave.is_cancelled());
        assert!(!second.asked_to_leave.is_cancelled());
        assert!(!modest.asked_to_leave.is_cancelled());
    }

    #[tokio::test]
    async fn a_place_is_given_back_once_however_it_ends() {
        let arrivals = Arrivals::new(1);
        let (held, _) = tokio::join!(arrivals.hold("user:a", pending::<()>()), async {
            tokio::task::yield_now().await;
            arrivals.hold("user:b", async {}).await
        });
        assert_eq!(held, None);
        let taken = arrivals
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        assert_eq!(taken.total, 0);
        assert!(taken.by_caller.is_empty());
    }
}
