//! Work under the same key, one after the other, within this process.
//!
//! A lock in the database does that across processes; without this, fifty copies
//! of one request would hold fifty connections while they wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Gate, OwnedMutexGuard};

type Gates = HashMap<u128, Arc<Gate<()>>>;

/// Who is at work under which key.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<Gates>>);

/// The right to work under a key; the next one's when dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    key: u128,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits until nobody else works under `key`.
    pub async fn take(&self, key: u128) -> Turn {
        let gate = Arc::clone(self.gates().entry(key).or_default());
        // Made before waiting, so that giving up leaves no entry behind.
        let mut turn = Turn {
            turns: self.clone(),
            key,
            held: None,
        };
        turn.held = Some(gate.lock_owned().await);
        turn
    }

    fn gates(&self) -> MutexGuard<'_, Gates> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut gates = self.turns.gates();
        drop(self.held.take());
        // Only the map knows the gate: nobody waits, and nobody can come in between
        // while the map is locked.
        if gates
            .get(&self.key)
            .is_some_and(|gate| Arc::strong_count(gate) == 1)
        {
            gates.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_others_do_not() {
        let turns = Turns::default();
        let first = turns.take(1).await;
        let _other = turns.take(2).await;
        let waiting = turns.take(1);
        tokio::pin!(waiting);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), &mut waiting)
                .await
                .is_err()
        );
        drop(first);
        let second = tokio::time::timeout(Duration::from_secs(5), waiting)
            .await
            .unwrap();
        drop(second);
        assert_eq!(turns.gates().len(), 1);
    }

    #[tokio::test]
    async fn whoever_gives_up_waiting_leaves_nothing_behind() {
        let turns = Turns::default();
        let first = turns.take(1).await;
        assert!(
            tokio::time::timeout(Duration::from_millis(5), turns.take(1))
                .await
                .is_err()
        );
        drop(first);
        assert!(turns.gates().is_empty());
    }
}
