//! Patience with wrong answer codes, per guesser and for the house together.
//!
//! Six digits can be guessed by a patient machine, so after a few wrong ones in a
//! row a guesser has to wait, and all guessers together have a bound as well. A
//! guess takes its place before anybody looks the code up and gives it back when
//! the code was right; as many as could still be wrong are under way at once, and
//! the others wait for their outcome. So ten are ten, however many come together.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use kit::auth::Caller;
use kit::error::Error;
use tokio::sync::Notify;

use super::tally::{Count, Counts, Room};

/// Wrong guesses of one guesser: a clerk mishears now and then.
pub(super) const PER_GUESSER: u32 = 10;

/// Wrong guesses of all: a thousandth of all codes.
const TOGETHER: u32 = 1_000;

/// Who guessed wrong lately.
#[derive(Default)]
pub(super) struct Guesses {
    tally: Mutex<Tally>,
    outcome: Notify,
}

#[derive(Default)]
struct Tally {
    together: Count,
    guessers: Counts,
}

/// Who guesses.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Guesser {
    name: String,
    /// Whether any code of the house may be found. To a caller bound to one
    /// organisation the codes of others are unknown: there is nothing to guess, so
    /// it cannot use up what all others have together.
    finds_all: bool,
}

/// A guess that is under way; given back when it is dropped.
pub(super) struct Guess<'g> {
    guesses: &'g Guesses,
    guesser: Guesser,
}

impl Guesses {
    /// Begins a guess, after those of the same guesser that may still be wrong.
    ///
    /// # Errors
    /// How long to wait after too many wrong ones.
    pub(super) async fn begin(&self, caller: &Caller) -> Result<Guess<'_>, Duration> {
        let guesser = Guesser::of(caller);
        loop {
            let outcome = self.outcome.notified();
            match self.try_begin(&guesser, Instant::now()) {
                Room::Free => {
                    return Ok(Guess {
                        guesses: self,
                        guesser,
                    });
                }
                Room::Busy => outcome.await,
                Room::None(wait) => return Err(wait),
            }
        }
    }

    fn try_begin(&self, guesser: &Guesser, now: Instant) -> Room {
        self.with(|tally| {
            let own = tally.guessers.of(&guesser.name, now);
            let mut room = own.room(PER_GUESSER, now);
            if guesser.finds_all && room == Room::Free {
                room = tally.together.room(TOGETHER, now);
            }
            if room == Room::Free {
                tally.each(guesser, now, Count::begin);
            }
            room
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Tally) -> T) -> T {
        work(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tally {
    fn each(&mut self, guesser: &Guesser, now: Instant, change: impl Fn(&mut Count)) {
        change(self.guessers.of(&guesser.name, now));
        if guesser.finds_all {
            change(&mut self.together);
        }
    }
}

impl Guesser {
    fn of(caller: &Caller) -> Self {
        Self {
            name: caller.counted_as(),
            finds_all: caller.organisation.is_none(),
        }
    }
}

impl Guess<'_> {
    /// It was wrong, and counts.
    pub(super) fn was_wrong(self) {
        tracing::info!("a wrong answer code was tried");
        let now = Instant::now();
        self.guesses
            .with(|tally| tally.each(&self.guesser, now, |count| count.spend(now)));
    }
}

impl Drop for Guess<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        self.guesses
            .with(|tally| tally.each(&self.guesser, now, Count::end));
        self.guesses.outcome.notify_waiters();
    }
}

/// The refusal for whoever guessed wrong too often.
pub(super) fn too_many(wait: Duration) -> Error {
    Error::resource_exhausted(
        "TOO_MANY_WRONG_CODES",
        "Đã nhập sai mã quá nhiều lần, xin thử lại sau ít phút.",
        "Too many wrong codes were tried; please wait some minutes.",
        Some(wait),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use tokio::task::JoinSet;
    use uuid::Uuid;

    use super::*;

    fn clerk(subject: &str) -> Caller {
        Caller {
            subject: subject.to_owned(),
            ..Caller::system("x")
        }
    }

    fn member(organisation: u128) -> Caller {
        Caller {
            organisation: Some(Uuid::from_u128(organisation)),
            ..clerk("system:portal")
        }
    }

    async fn guess_wrong(guesses: &Guesses, caller: &Caller) -> Result<(), Duration> {
        let guess = guesses.begin(caller).await?;
        // Others begin theirs before this one is looked up.
        tokio::task::yield_now().await;
        guess.was_wrong();
        Ok(())
    }

    #[tokio::test]
    async fn of_a_hundred_wrong_guesses_at_once_ten_are_looked_up() {
        let guesses = Arc::new(Guesses::default());
        let mut tries = JoinSet::new();
        for _ in 0..100 {
            let guesses = Arc::clone(&guesses);
            tries.spawn(async move { guess_wrong(&guesses, &clerk("user:lan")).await.is_ok() });
        }
        let looked_up = tries.join_all().await.into_iter().filter(|each| *each);
        assert_eq!(u32::try_from(looked_up.count()), Ok(PER_GUESSER));
        guess_wrong(&guesses, &clerk("user:minh")).await.unwrap();
    }

    #[tokio::test]
    async fn of_a_hundred_right_guesses_at_once_none_is_refused() {
        let guesses = Arc::new(Guesses::default());
        let mut tries = JoinSet::new();
        for _ in 0..100 {
            let guesses = Arc::clone(&guesses);
            tries.spawn(async move {
                let guess = guesses.begin(&clerk("user:lan")).await.unwrap();
                tokio::task::yield_now().await;
                drop(guess);
            });
        }
        tries.join_all().await;
    }

    #[tokio::test]
    async fn the_house_together_has_a_bound() {
        let guesses = Guesses::default();
        for guesser in 0..TOGETHER {
            let caller = clerk(&format!("user:{guesser}"));
            guess_wrong(&guesses, &caller).await.unwrap();
        }
        guess_wrong(&guesses, &clerk("user:new")).await.unwrap_err();
    }

    #[tokio::test]
    async fn members_who_guess_keep_no_clerk_and_no_other_member_waiting() {
        let guesses = Guesses::default();
        for organisation in 1..=u128::from(TOGETHER / PER_GUESSER) {
            for _ in 0..PER_GUESSER {
                let guessed = guess_wrong(&guesses, &member(organisation)).await;
                guessed.unwrap();
            }
        }
        guess_wrong(&guesses, &member(1)).await.unwrap_err();
        guess_wrong(&guesses, &member(0)).await.unwrap();
        guess_wrong(&guesses, &clerk("user:lan")).await.unwrap();
    }
}
