//! The words that many organisations have.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kit::database::Session;
use kit::error::Result;

use crate::domain::search::CommonWords;

// Kept by the database's own statistics; a word with fewer is not in them.
const COMMON: &str = "
    select e.word
    from pg_stats s
    join pg_class c on c.oid = 'organisation'::regclass,
         unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) as e (word, share)
    where s.schemaname = current_schema() and s.tablename = 'organisation'
      and s.attname = 'search_terms' and e.word is not null and e.share * c.reltuples > $1::float8";

/// More organisations than this have a common word: finding all of them takes longer
/// than walking the roll until a page is full.
const COMMON_FROM: f64 = 1_000.0;

/// Statistics change when the table has grown by a tenth; asking costs a millisecond.
const ASK_AGAIN: Duration = Duration::from_secs(60);

/// The common words, asked for from time to time. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(Arc<Mutex<Option<Known>>>);

#[derive(Clone, Debug)]
struct Known {
    asked: Instant,
    common: Arc<CommonWords>,
}

impl Vocabulary {
    pub(super) async fn common(&self, session: &impl Session) -> Result<Arc<CommonWords>> {
        let known = self.known().clone();
        if let Some(known) = known.filter(|known| known.asked.elapsed() < ASK_AGAIN) {
            return Ok(known.common);
        }
        let rows = session.query(COMMON, &[&COMMON_FROM]).await?;
        let common: Arc<CommonWords> = Arc::new(rows.iter().map(|row| row.get(0)).collect());
        *self.known() = Some(Known {
            asked: Instant::now(),
            common: Arc::clone(&common),
        });
        Ok(common)
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
