//! How many connections a server grants us at one time: found out, not asked for.
//!
//! Lanes take places. A server that says "too many" shows how many it grants: as
//! many as stand at that moment. After `QUIET` one more is tried, and as long as
//! that is granted the next: of all trials only the last is refused.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// So long no more is asked for than was granted.
const QUIET: Duration = Duration::from_secs(10 * 60);

/// The places of one server. Cheap to clone; all clones are the same places.
#[derive(Clone, Debug)]
pub struct Lanes(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    changed: Notify,
    most: usize,
}

#[derive(Debug)]
struct State {
    /// Places given out at most.
    limit: usize,
    /// Places given out.
    taken: usize,
    /// Connections that stand.
    standing: usize,
    /// When one more may be tried.
    quiet_until: Option<Instant>,
    /// Somebody tries one more.
    trying: bool,
}

impl State {
    fn may_try(&self, most: usize) -> bool {
        let is_quiet = self.quiet_until.is_some_and(|until| until > Instant::now());
        !self.trying && !is_quiet && self.limit < most && self.taken == self.limit
    }
}

/// The right to one connection; given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    lanes: Lanes,
    stands: bool,
    tries: bool,
}

/// What a server that is crowded leaves us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Connections it grants; none: it takes nobody at present.
    pub lanes: usize,
    /// Whether that is news.
    pub is_news: bool,
}

impl Lanes {
    /// At most so many.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let state = State {
            limit: most,
            taken: 0,
            standing: 0,
            quiet_until: None,
            trying: false,
        };
        Self(Arc::new(Inner {
            state: Mutex::new(state),
            changed: Notify::new(),
            most,
        }))
    }

    /// A place, when there is one.
    pub async fn enter(&self) -> Place {
        loop {
            let changed = self.0.changed.notified();
            let quiet_until = match self.take() {
                Ok(place) => return place,
                Err(until) => until,
            };
            tokio::select! {
                () = changed => {}
                () = over(quiet_until) => {}
            }
        }
    }

    /// A place, or until when none is given unless somebody leaves.
    fn take(&self) -> Result<Place, Option<Instant>> {
        let mut state = self.state();
        let tries = state.may_try(self.0.most);
        if state.taken >= state.limit && !tries {
            let waits_for_time = !state.trying && state.limit < self.0.most;
            return Err(state.quiet_until.filter(|_| waits_for_time));
        }
        state.taken += 1;
        state.trying |= tries;
        Ok(Place {
            lanes: self.clone(),
            stands: false,
            tries,
        })
    }

    /// How many connections are granted, as far as is known.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.state().limit
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Numbers, changed together: a panic elsewhere leaves nothing half-written.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_limit(&self, state: &mut State, limit: usize) {
        state.limit = limit;
        metrics::gauge!("notifier_smtp_lanes").set(limit as f64);
        self.0.changed.notify_waiters();
    }
}

async fn over(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

impl Place {
    /// The server has granted the connection.
    pub fn stands(&mut self) {
        if std::mem::replace(&mut self.stands, true) {
            return;
        }
        let lanes = self.lanes.clone();
        let mut state = lanes.state();
        state.standing += 1;
        if std::mem::take(&mut self.tries) {
            state.trying = false;
        }
        // Granted, whatever was said to others who asked at the same time.
        if state.standing > state.limit {
            let standing = state.standing;
            lanes.set_limit(&mut state, standing);
        }
    }

    /// The connection has ended; the place stays ours.
    pub fn parted(&mut self) {
        if std::mem::take(&mut self.stands) {
            self.lanes.state().standing -= 1;
        }
    }

    /// The server says that there are too many: the place is given back.
    #[must_use]
    pub fn crowded(mut self) -> Left {
        self.parted();
        let lanes = self.lanes.clone();
        let mut state = lanes.state();
        let granted = state.standing;
        let limit = state.limit.min(granted).max(1);
        let is_news = limit < state.limit;
        state.quiet_until = Some(Instant::now() + QUIET);
        lanes.set_limit(&mut state, limit);
        Left {
            lanes: granted,
            is_news,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.parted();
        let mut state = self.lanes.state();
        state.taken -= 1;
        if self.tries {
            state.trying = false;
        }
        drop(state);
        self.lanes.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that grants so many connections at one time.
    struct Server {
        grants: usize,
        standing: usize,
        refused: usize,
    }

    /// All who find a place connect at the same time; tells how many stand.
    async fn rush(lanes: &Lanes, server: &mut Server, held: &mut Vec<Place>) -> usize {
        let mut asking = Vec::new();
        while let Ok(place) = tokio::time::timeout(Duration::ZERO, lanes.enter()).await {
            asking.push(place);
        }
        for mut place in asking {
            if server.standing < server.grants {
                server.standing += 1;
                place.stands();
                held.push(place);
            } else {
                server.refused += 1;
                let _ = place.crowded();
            }
        }
        held.len()
    }

    fn server(grants: usize) -> Server {
        Server {
            grants,
            standing: 0,
            refused: 0,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_server_grants_is_found_at_once_and_asked_for_again_once_in_ten_minutes() {
        let (lanes, mut server, mut held) = (Lanes::new(48), server(3), Vec::new());
        for _ in 0..10 {
            rush(&lanes, &mut server, &mut held).await;
        }
        assert_eq!((held.len(), lanes.limit()), (3, 3));
        server.refused = 0;
        for minute in 1..=60 {
            tokio::time::advance(Duration::from_secs(60)).await;
            rush(&lanes, &mut server, &mut held).await;
            assert!(server.refused <= minute / 10, "minute {minute}");
        }
        assert!(server.refused >= 5, "it must be asked for again");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_grants_more_again_is_followed_one_by_one() {
        let (lanes, mut server, mut held) = (Lanes::new(16), server(2), Vec::new());
        rush(&lanes, &mut server, &mut held).await;
        server.grants = 16;
        tokio::time::advance(QUIET).await;
        server.refused = 0;
        for _ in 0..20 {
            rush(&lanes, &mut server, &mut held).await;
        }
        assert_eq!((held.len(), server.refused), (16, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_sent_away_later_makes_room_and_the_last_lane_stays() {
        let lanes = Lanes::new(2);
        let (mut one, mut other) = (lanes.enter().await, lanes.enter().await);
        one.stands();
        other.stands();
        let left = one.crowded();
        assert_eq!((left.lanes, left.is_news), (1, true));
        let left = other.crowded();
        assert_eq!((left.lanes, left.is_news), (0, false));
        assert_eq!(lanes.limit(), 1);
        let mut last = lanes.enter().await;
        last.stands();
        last.parted();
        last.stands();
        assert_eq!(lanes.limit(), 1);
    }
}
