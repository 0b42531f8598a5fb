//! Who is connected, since when, and what for.
//!
//! Places are bounded. In a full house a newcomer takes the place of the stranger who
//! came first, or else of the holder of a token who has wanted nothing for longest:
//! strangers, however many, keep nobody out. And every connection ends: when nothing
//! was wanted for long, when it is old, or when answers are not read in time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::guest::Guest;
use crate::health::ReadinessProbe;

/// How often everybody is looked at.
const ROUND: Duration = Duration::from_secs(1);

/// The places of one port.
pub(super) struct Guests {
    places: usize,
    present: Mutex<Present>,
}

/// By the order in which they came.
#[derive(Default)]
struct Present {
    next: u64,
    /// Among them those who have shown a token since they were last looked at.
    strangers: BTreeMap<u64, Arc<Guest>>,
    known: BTreeMap<u64, Arc<Guest>>,
}

/// A place, given back when it is dropped.
pub(super) struct Place {
    guests: Arc<Guests>,
    number: u64,
    guest: Arc<Guest>,
}

impl Guests {
    pub(super) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self {
            places,
            present: Mutex::default(),
        })
    }

    /// A place for a newcomer; `None` when everybody here is being served.
    pub(super) fn enter(self: &Arc<Self>) -> Option<Place> {
        let mut present = self.present();
        if present.count() >= self.places && !present.displace() {
            return None;
        }
        let number = present.next;
        present.next += 1;
        let guest = Guest::new(Instant::now());
        present.strangers.insert(number, Arc::clone(&guest));
        drop(present);
        Some(Place {
            guests: Arc::clone(self),
            number,
            guest,
        })
    }

    /// Shows out whoever has to go, and everybody once `stop` is cancelled; never ends.
    pub(super) async fn watch(&self, stop: CancellationToken) {
        while tokio::time::timeout(ROUND, stop.cancelled()).await.is_err() {
            self.look_round(Instant::now());
        }
        for guest in self.present().all() {
            guest.ask_to_leave(Instant::now());
        }
        loop {
            tokio::time::sleep(ROUND).await;
            self.look_round(Instant::now());
        }
    }

    fn look_round(&self, now: Instant) {
        let present = self.present();
        let (mut known, mut strangers) = (0_u32, 0_u32);
        for guest in present.all() {
            guest.look(now);
            if guest.is_known() {
                known += 1;
            } else {
                strangers += 1;
            }
        }
        drop(present);
        metrics::gauge!("grpc_connections", "caller" => "known").set(known);
        metrics::gauge!("grpc_connections", "caller" => "stranger").set(strangers);
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadinessProbe for Guests {
    fn name(&self) -> &'static str {
        "connections"
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), String>> {
        let present = self.present();
        let has_room = present.count() < self.places || present.has_one_to_displace();
        drop(present);
        let full = || {
            let places = self.places;
            format!("each of the {places} connections is being served, nobody else gets in")
        };
        Box::pin(std::future::ready(has_room.then_some(()).ok_or_else(full)))
    }

    fn remark(&self) -> Option<String> {
        let is_full = self.present().count() >= self.places;
        is_full.then(|| {
            let places = self.places;
            format!("all of the {places} connections are taken, newcomers displace others")
        })
    }
}

impl Present {
    fn count(&self) -> usize {
        self.strangers.len() + self.known.len()
    }

    fn all(&self) -> impl Iterator<Item = &Arc<Guest>> {
        self.strangers.values().chain(self.known.values())
    }

    /// Takes the place of somebody; false when everybody is being served.
    fn displace(&mut self) -> bool {
        let Some(guest) = self.first_stranger().or_else(|| self.idlest()) else {
            return false;
        };
        guest.cut();
        metrics::counter!("grpc_connections_displaced_total").increment(1);
        true
    }

    fn first_stranger(&mut self) -> Option<Arc<Guest>> {
        while let Some((number, guest)) = self.strangers.pop_first() {
            if !guest.is_known() {
                return Some(guest);
            }
            self.known.insert(number, guest);
        }
        None
    }

    fn idlest(&mut self) -> Option<Arc<Guest>> {
        let at_rest = self.known.iter();
        let at_rest = at_rest.filter_map(|(number, guest)| Some((guest.rests_since()?, *number)));
        let (_, number) = at_rest.min()?;
        self.known.remove(&number)
    }

    fn has_one_to_displace(&self) -> bool {
        self.all()
            .any(|guest| !guest.is_known() || guest.rests_since().is_some())
    }
}

impl Place {
    pub(super) const fn guest(&self) -> &Arc<Guest> {
        &self.guest
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut present = self.guests.present();
        if present.strangers.remove(&self.number).is_none() {
            present.known.remove(&self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use futures_util::FutureExt as _;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    fn is_cut(place: &Place) -> bool {
        place.guest.is_cut().now_or_never().is_some()
    }

    #[tokio::test]
    async fn the_first_stranger_goes_before_those_with_a_token() {
        let guests = Guests::new(3);
        let known = guests.enter().unwrap();
        known.guest.has_shown_a_token();
        let (first, second) = (guests.enter().unwrap(), guests.enter().unwrap());
        let busy = first.guest.call(soon(), false).unwrap();
        let newcomer = guests.enter().unwrap();
        assert!(is_cut(&first), "health is no reason to stay");
        for stays in [&known, &second, &newcomer] {
            assert!(!is_cut(stays));
        }
        drop((busy, first));
        assert_eq!(guests.present().count(), 3);
    }

    #[tokio::test]
    async fn where_all_have_a_token_the_idlest_goes_and_whoever_is_served_stays() {
        let guests = Guests::new(3);
        let places = [(); 3].map(|()| guests.enter().unwrap());
        for place in &places {
            place.guest.has_shown_a_token();
        }
        let [served, idle, aside] = places;
        let call = served.guest.call(soon(), true).unwrap();
        drop(idle.guest.call(soon(), true).unwrap());
        let _health = aside.guest.call(soon(), false).unwrap();
        let next = guests.enter().unwrap();
        assert!(is_cut(&aside) && !is_cut(&served) && !is_cut(&idle));
        next.guest.has_shown_a_token();
        let _last = guests.enter().unwrap();
        assert!(is_cut(&idle) && !is_cut(&served));
        drop(call);
    }

    #[tokio::test]
    async fn a_house_full_of_those_who_are_served_has_no_room_and_says_so() {
        let guests = Guests::new(1);
        assert_eq!((guests.ready().await, guests.remark()), (Ok(()), None));
        let place = guests.enter().unwrap();
        place.guest.has_shown_a_token();
        assert!(guests.ready().await.is_ok() && guests.remark().is_some());
        let call = place.guest.call(soon(), true).unwrap();
        assert!(guests.ready().await.is_err());
        assert!(guests.enter().is_none());
        drop(call);
        assert!(guests.ready().await.is_ok());
        drop(place);
        assert_eq!(guests.present().count(), 0);
    }
}
