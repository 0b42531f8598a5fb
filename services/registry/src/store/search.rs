//! Searching organisations, in three tiers, best first: the code itself, then
//! names that begin with the query, then everything that holds all its words.
//! A page runs through the tiers until it is full.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kit::database::Session;
use kit::error::Result;
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::organisation::{organisation_columns, read};
use crate::domain::organisation::Organisation;
use crate::domain::search::{CommonWords, Query, SearchKey};

/// How well a result fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tier {
    /// The query is its code.
    #[default]
    Code,
    /// Its name begins with the query.
    Name,
    /// It holds all words of the query.
    Words,
}

/// After which result a page begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct After {
    /// The tier of that result.
    pub tier: Tier,
    /// Its folded name.
    pub name: String,
    /// Its id.
    pub id: Uuid,
}

impl After {
    /// The place after a result.
    #[must_use]
    pub fn result(tier: Tier, organisation: &Organisation) -> Self {
        Self {
            tier,
            name: SearchKey::of(&organisation.details).name,
            id: organisation.id.0,
        }
    }
}

/// Each branch walks its own index; a code in two places is one result.
const BY_CODE: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where o.id in ( \
     select c.id from organisation c where c.tax_code = $1 \
     union select c.id from organisation c where c.roster_code = $1 \
     union select c.id from organisation c where c.registration_number = $1 and c.registration_number <> '') \
     and (o.search_name, o.id) > ($2, $3) order by o.search_name, o.id limit $4"
);

// Walks the index from the first name that fits; the end of the range and the
// results of the tier before are cut off what was walked: a few names more than
// the largest page.
const BY_NAME: &str = concat!(
    "select ",
    organisation_columns!(),
    " from (select ",
    organisation_columns!(),
    ", o.search_name from organisation o where (o.search_name, o.id) > ($1, $2) \
     order by o.search_name, o.id limit 210) o \
     where o.search_name < $3 \
     and $4 not in (coalesce(o.tax_code, ''), coalesce(o.roster_code, ''), o.registration_number) \
     order by o.search_name, o.id limit $5"
);

const _: () = assert!(kit::page::MAX_SIZE < 205);

/// What the last tier leaves out: results of the tiers before it.
macro_rules! not_in_earlier_tiers {
    () => {
        " and not (o.search_name >= $2 and o.search_name < $3) \
         and $4 not in (coalesce(o.tax_code, ''), coalesce(o.roster_code, ''), o.registration_number) "
    };
}

// Words that many have fill a page within the next few thousand names.
const BY_WORDS_NEARBY: &str = concat!(
    "select ",
    organisation_columns!(),
    " from (select ",
    organisation_columns!(),
    ", o.search_name, o.search_terms from organisation o where (o.search_name, o.id) > ($5, $6) \
     order by o.search_name, o.id limit $8) o where o.search_terms @@ $1::text::tsquery",
    not_in_earlier_tiers!(),
    "order by o.search_name, o.id limit $7"
);

// Words that few have are looked up; the planner, who cannot tell the two apart, is not asked.
// A common word among them is compared, not looked up: the index would list all who have it.
const BY_WORDS: &str = concat!(
    "with found as materialized ( \
     select f.id, f.search_name, f.search_terms, f.tax_code, f.roster_code, f.registration_number \
     from organisation f where f.search_terms @@ $8::text::tsquery), \
     nearest as materialized (select o.id from found o where o.search_terms @@ $1::text::tsquery \
     and (o.search_name, o.id) > ($5, $6)",
    not_in_earlier_tiers!(),
    "order by o.search_name, o.id limit $7) select ",
    organisation_columns!(),
    " from nearest n join organisation o on o.id = n.id order by o.search_name, o.id"
);

// Kept by the database's own statistics; a word with fewer is not in them.
const COMMON: &str = "
    select e.word
    from pg_stats s
    join pg_class c on c.oid = 'organisation'::regclass,
         unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) as e (word, share)
    where s.schemaname = current_schema() and s.tablename = 'organisation'
      and s.attname = 'search_terms' and e.word is not null and e.share * c.reltuples > $1::float8";

/// More organisations than this have a common word: finding all of them takes longer
/// than walking names until a page is full.
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
    async fn common(&self, session: &impl Session) -> Result<Arc<CommonWords>> {
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

/// Names walked in search of words that many have: some milliseconds. Words
/// that do not fill a page within them are rare enough to be looked up.
const NEARBY: i64 = 5_000;

/// Results after a place, at most `limit`, each with its tier.
///
/// # Errors
/// What the database says.
pub async fn page(
    session: &impl Session,
    vocabulary: &Vocabulary,
    query: &Query,
    after: After,
    limit: usize,
) -> Result<Vec<(Tier, Organisation)>> {
    let mut found = Vec::new();
    for tier in [Tier::Code, Tier::Name, Tier::Words] {
        if tier < after.tier || found.len() >= limit {
            continue;
        }
        let start = if tier == after.tier {
            after.clone()
        } else {
            After::default()
        };
        // A page holds some hundred results.
        let left = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        let organisations = one_tier(session, vocabulary, query, tier, &start, left).await?;
        found.extend(
            organisations
                .into_iter()
                .map(|organisation| (tier, organisation)),
        );
    }
    Ok(found)
}

async fn one_tier(
    session: &impl Session,
    vocabulary: &Vocabulary,
    query: &Query,
    tier: Tier,
    after: &After,
    limit: i64,
) -> Result<Vec<Organisation>> {
    let rows = match tier {
        Tier::Code => {
            session
                .query(BY_CODE, &[&query.code, &after.name, &after.id, &limit])
                .await?
        }
        Tier::Name => by_name(session, query, after, limit).await?,
        Tier::Words => by_words(session, vocabulary, query, after, limit).await?,
    };
    rows.iter().map(read).collect()
}

async fn by_name(
    session: &impl Session,
    query: &Query,
    after: &After,
    limit: i64,
) -> Result<Vec<Row>> {
    let start = after.name.as_str().max(&query.prefix);
    let end = query.after_prefix();
    session
        .query(BY_NAME, &[&start, &after.id, &end, &query.code, &limit])
        .await
}

async fn by_words(
    session: &impl Session,
    vocabulary: &Vocabulary,
    query: &Query,
    after: &After,
    limit: i64,
) -> Result<Vec<Row>> {
    let words = query.tsquery();
    let end = query.after_prefix();
    let rare = query.rare(&*vocabulary.common(session).await?);
    let parameters: [&(dyn ToSql + Sync); 7] = [
        &words,
        &query.prefix,
        &end,
        &query.code,
        &after.name,
        &after.id,
        &limit,
    ];
    let with = |last| [parameters.as_slice(), &[last]].concat();
    if rare.is_none() {
        let nearby = session.query(BY_WORDS_NEARBY, &with(&NEARBY)).await?;
        if i64::try_from(nearby.len()).is_ok_and(|found| found >= limit) {
            return Ok(nearby);
        }
    }
    let looked_up = rare.unwrap_or_else(|| words.clone());
    session.query(BY_WORDS, &with(&looked_up)).await
}
