//! Letters in use, loaded once and made ready once per day and language.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use kit::database::Pool;
use kit::error::Result;
use uuid::Uuid;

use super::Dispatch;
use super::finish::put_off;
use crate::domain::letter::{LetterLanguage, OccurrenceLetter};
use crate::render::{Prepared, Renderer};
use crate::store::delivery::{Claimed, Finish, letters};

/// Occurrences kept at hand: a busy morning has some dozens; the texts of one
/// take some kilobytes.
const KEPT: usize = 256;

/// A letter is loaded at most so often for one mail: each time another claim would
/// have to push it out at once.
const LOADS: usize = 5;

impl Dispatch {
    /// The letter of a delivery, or the row of one that has to wait for it.
    pub(super) async fn letter_of(
        &self,
        claimed: &Claimed,
    ) -> std::result::Result<Arc<Prepared>, Box<Finish>> {
        self.letters
            .letter_of(&self.desk.pool, &self.renderer, claimed)
            .await
            .ok_or_else(|| Box::new(put_off(self, claimed, "letter_away")))
    }
}

/// A cache of letters.
#[derive(Debug, Default)]
pub struct Letters {
    loaded: Mutex<HashMap<Uuid, Arc<OccurrenceLetter>>>,
    prepared: Mutex<HashMap<(Uuid, LetterLanguage, Date), Arc<Prepared>>>,
}

impl Letters {
    /// Loads the letters of these deliveries that are not at hand, in one query.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn load(&self, pool: &Pool, claimed: &[Claimed]) -> Result<()> {
        let mut missing: Vec<Uuid> = {
            let loaded = lock(&self.loaded);
            claimed
                .iter()
                .map(|each| each.occurrence_id)
                .filter(|id| !loaded.contains_key(id))
                .collect()
        };
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        let found = letters(&pool.get().await?, &missing).await?;
        let mut loaded = lock(&self.loaded);
        if loaded.len() + found.len() > KEPT {
            loaded.clear();
        }
        loaded.extend(found.into_iter().map(|(id, letter)| (id, Arc::new(letter))));
        Ok(())
    }

    /// The letter of a delivery, ready for its day and language. Between claim and
    /// lane the claims of other occurrences may have pushed it out: it is loaded
    /// again then. `None` when the database does not give it.
    async fn letter_of(
        &self,
        pool: &Pool,
        renderer: &Renderer,
        claimed: &Claimed,
    ) -> Option<Arc<Prepared>> {
        for _ in 0..LOADS {
            if let Some(ready) = self.ready(renderer, claimed) {
                return Some(ready);
            }
            self.load(pool, std::slice::from_ref(claimed)).await.ok()?;
        }
        self.ready(renderer, claimed)
    }

    fn ready(&self, renderer: &Renderer, claimed: &Claimed) -> Option<Arc<Prepared>> {
        let day = local_day(claimed.dated_at);
        let language = claimed.party.language;
        if let Some(told) = &claimed.party.told_before {
            // What this party had been told is its own: nothing to share.
            let letter = self.letter(claimed.occurrence_id)?;
            let letter = OccurrenceLetter {
                kind: told.kind,
                old_anchor: told.old_anchor.clone(),
                old_place: told.old_place.clone(),
                ..OccurrenceLetter::clone(&letter)
            };
            return Some(Arc::new(renderer.prepare(letter, language, day)));
        }
        let key = (claimed.occurrence_id, language, day);
        if let Some(ready) = lock(&self.prepared).get(&key) {
            return Some(Arc::clone(ready));
        }
        let letter = self.letter(claimed.occurrence_id)?;
        let ready = Arc::new(renderer.prepare(OccurrenceLetter::clone(&letter), language, day));
        let mut prepared = lock(&self.prepared);
        if prepared.len() >= KEPT {
            prepared.clear();
        }
        prepared.insert(key, Arc::clone(&ready));
        Some(ready)
    }

    fn letter(&self, occurrence: Uuid) -> Option<Arc<OccurrenceLetter>> {
        lock(&self.loaded).get(&occurrence).map(Arc::clone)
    }
}

fn local_day(instant: Timestamp) -> Date {
    vietnam::local(instant).date()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Maps of finished values: a panic elsewhere leaves nothing half-written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
