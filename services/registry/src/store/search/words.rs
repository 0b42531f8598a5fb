//! The last tier: everything that holds all words of the query.
//!
//! Words that few have are looked up. Where all of them are common, those who
//! have them would be ever more as the roll grows: it is walked instead, until a
//! page is full or [`STRETCH`] entries have been seen.

use kit::database::Session;
use kit::error::Result;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{After, Found, Tier, Vocabulary};
use crate::domain::search::Query;
use crate::store::organisation::{organisation_columns, read};

/// What the last tier leaves out: results of the tiers before it.
macro_rules! not_in_earlier_tiers {
    () => {
        " and not (o.search_name >= $2 and o.search_name < $3) \
         and $4 not in (coalesce(o.tax_code, ''), coalesce(o.roster_code, ''), o.registration_number) "
    };
}

// A common word among them is compared, not looked up: the index would list all who have it.
// The limit stands apart: beside the words it would tell the planner to read the table instead.
const LOOK_UP: &str = concat!(
    "with every as materialized ( \
     select f.id, f.search_name, f.search_terms, f.tax_code, f.roster_code, f.registration_number \
     from organisation f where f.search_terms @@ $8::text::tsquery), \
     found as materialized ( \
     select e.id, e.search_name, e.search_terms, e.tax_code, e.roster_code, e.registration_number \
     from every e limit $9::bigint + 1), \
     nearest as materialized (select o.id from found o where o.search_terms @@ $1::text::tsquery \
     and (o.search_name, o.id) > ($5, $6)",
    not_in_earlier_tiers!(),
    "order by o.search_name, o.id limit $7) select ",
    organisation_columns!(),
    ", c.too_many from (select count(*) > $9 as too_many from found) c \
     left join (nearest n join organisation o on o.id = n.id) on not c.too_many \
     order by o.search_name, o.id"
);

// The index alone tells nearly all who do not fit. `offset 0` keeps the planner
// to this way, which ends as soon as the page is full.
const WALK: &str = concat!(
    "select ",
    organisation_columns!(),
    ", e.entry from (select e.entry from organisation e where e.entry > $5 and e.entry <= $5 + $6 \
     and e.search_signature & $7 = $7 order by e.entry offset 0) e \
     cross join lateral (select ",
    organisation_columns!(),
    ", o.search_name, o.search_terms from organisation o where o.entry = e.entry offset 0) o \
     where o.search_terms @@ $1::text::tsquery",
    not_in_earlier_tiers!(),
    "order by e.entry limit $8"
);

const NEXT_ENTRY: &str =
    "select e.entry from organisation e where e.entry > $1 order by e.entry limit 1";

/// So many are looked up and put in order within some milliseconds. More share
/// only a beginning without sharing a word, as of codes.
const FEW: i64 = 2_000;

/// Entries walked for one page: some ten milliseconds, some tenths of a second at
/// worst, when the words are so short that the signature tells nothing and never stand together.
const STRETCH: i64 = 100_000;

/// A search in its last tier.
pub(super) struct Words<'a, S> {
    pub(super) session: &'a S,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) query: &'a Query,
}

impl<S: Session> Words<'_, S> {
    /// Results after a place, at most `limit`; when these are fewer, also the place
    /// from which others may still be found.
    pub(super) async fn page(
        &self,
        after: &After,
        limit: i64,
    ) -> Result<(Vec<Found>, Option<After>)> {
        // The order is chosen once for all pages.
        let at_most = match after.tier {
            Tier::Code | Tier::Name => FEW,
            Tier::Words => i64::MAX - 1,
            Tier::CommonWords => return self.walk(after, limit).await,
        };
        let rare = self
            .query
            .rare(&*self.vocabulary.common(self.session).await?);
        let looked_up = rare.or_else(|| (after.tier == Tier::Words).then(|| self.query.tsquery()));
        if let Some(words) = looked_up
            && let Some(found) = self.look_up(&words, at_most, after, limit).await?
        {
            return Ok((found, None));
        }
        self.walk(after, limit).await
    }

    /// In the order of names; `None` when more than `at_most` have these words.
    async fn look_up(
        &self,
        words: &str,
        at_most: i64,
        after: &After,
        limit: i64,
    ) -> Result<Option<Vec<Found>>> {
        let place = after.within(Tier::Words);
        let all = self.query.tsquery();
        let end = self.query.after_prefix();
        let parameters: [&(dyn ToSql + Sync); 9] = [
            &all,
            &self.query.prefix,
            &end,
            &self.query.code,
            &place.name,
            &place.id,
            &limit,
            &words,
            &at_most,
        ];
        let rows = self.session.query(LOOK_UP, &parameters).await?;
        if rows.iter().any(|row| row.get("too_many")) {
            return Ok(None);
        }
        // One row without an organisation stands for none.
        rows.iter()
            .filter(|row| row.get::<_, Option<Uuid>>("id").is_some())
            .map(|row| Ok(Found::named(Tier::Words, read(row)?)))
            .collect::<Result<_>>()
            .map(Some)
    }

    /// In the order of entry.
    async fn walk(&self, after: &After, limit: i64) -> Result<(Vec<Found>, Option<After>)> {
        let place = after.within(Tier::CommonWords);
        let all = self.query.tsquery();
        let end = self.query.after_prefix();
        let signature = self.query.signature().column();
        let parameters: [&(dyn ToSql + Sync); 8] = [
            &all,
            &self.query.prefix,
            &end,
            &self.query.code,
            &place.entry,
            &STRETCH,
            &signature,
            &limit,
        ];
        let rows = self.session.query(WALK, &parameters).await?;
        let found: Vec<Found> = rows
            .iter()
            .map(|row| Ok(Found::entered(read(row)?, row.try_get("entry")?)))
            .collect::<Result<_>>()?;
        if i64::try_from(found.len()).is_ok_and(|found| found >= limit) {
            return Ok((found, None));
        }
        let walked = place.entry.saturating_add(STRETCH);
        let next = self.session.query_opt(NEXT_ENTRY, &[&walked]).await?;
        // Entries that were never made leave gaps.
        Ok((
            found,
            next.map(|row| After::entry(row.get::<_, i64>(0) - 1)),
        ))
    }
}
