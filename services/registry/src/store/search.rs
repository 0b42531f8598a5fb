//! Searching organisations, in tiers, best first: the code itself, then names
//! that begin with the query, then everything that holds all its words.
//! A page runs through the tiers until it is full.

mod vocabulary;
mod words;

use kit::database::Session;
use kit::error::Result;
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

pub use vocabulary::Vocabulary;

use self::words::Words;
use super::organisation::{organisation_columns, read};
use crate::domain::organisation::Organisation;
use crate::domain::search::{Query, SearchKey};

/// How well a result fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tier {
    /// The query is its code.
    #[default]
    Code,
    /// Its name begins with the query.
    Name,
    /// It holds all words of the query; in the order of names.
    Words,
    /// The same where very many do; in the order of entry.
    CommonWords,
}

/// After which result a page begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct After {
    tier: Tier,
    /// Its folded name and its id; its entry where that is the order.
    name: String,
    id: Uuid,
    entry: i64,
}

impl After {
    fn entry(entry: i64) -> Self {
        Self {
            tier: Tier::CommonWords,
            entry,
            ..Self::default()
        }
    }

    /// Where a tier is begun: at its beginning, unless this place is in it.
    fn within(&self, tier: Tier) -> Self {
        if self.tier == tier {
            self.clone()
        } else {
            Self::default()
        }
    }
}

/// Results, and where the next page begins.
#[derive(Clone, Debug)]
pub struct Page {
    /// The results, best first; fewer than asked for, even none, where the words
    /// are so common that only a stretch of the roll was walked.
    pub organisations: Vec<Organisation>,
    /// `None` on the last page.
    pub next: Option<After>,
}

/// A result with its place.
struct Found {
    organisation: Organisation,
    place: After,
}

impl Found {
    fn named(tier: Tier, organisation: Organisation) -> Self {
        let place = After {
            tier,
            name: SearchKey::of(&organisation.details).name,
            id: organisation.id.0,
            entry: 0,
        };
        Self {
            organisation,
            place,
        }
    }

    fn entered(organisation: Organisation, entry: i64) -> Self {
        Self {
            organisation,
            place: After::entry(entry),
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

// A fixed limit keeps the planner to the index of names; the results of the tier
// before, a few, are cut off what it gave.
const BY_NAME: &str = concat!(
    "select ",
    organisation_columns!(),
    " from (select ",
    organisation_columns!(),
    ", o.search_name from organisation o where (o.search_name, o.id) > ($1, $2) and o.search_name < $3 \
     order by o.search_name, o.id limit 210) o \
     where $4 not in (coalesce(o.tax_code, ''), coalesce(o.roster_code, ''), o.registration_number) \
     order by o.search_name, o.id limit $5"
);

const _: () = assert!(kit::page::MAX_SIZE < 205);

/// Results after a place, at most `size`.
///
/// # Errors
/// What the database says.
pub async fn page(
    session: &impl Session,
    vocabulary: &Vocabulary,
    query: &Query,
    after: &After,
    size: usize,
) -> Result<Page> {
    // One more tells whether another page follows. A page holds some hundred results.
    let left = |found: &[Found]| i64::try_from(size + 1 - found.len()).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    if after.tier == Tier::Code {
        let rows = by_code(session, query, after, left(&found)).await?;
        extend(&mut found, Tier::Code, &rows)?;
    }
    if after.tier <= Tier::Name && left(&found) > 0 {
        let rows = by_name(session, query, after, left(&found)).await?;
        extend(&mut found, Tier::Name, &rows)?;
    }
    let mut next = None;
    if left(&found) > 0 {
        let words = Words {
            session,
            vocabulary,
            query,
        };
        let (last, beyond) = words.page(after, left(&found)).await?;
        found.extend(last);
        next = beyond;
    }
    if found.len() > size {
        found.truncate(size);
        next = found.last().map(|last| last.place.clone());
    }
    Ok(Page {
        organisations: found.into_iter().map(|each| each.organisation).collect(),
        next,
    })
}

fn extend(found: &mut Vec<Found>, tier: Tier, rows: &[Row]) -> Result<()> {
    for row in rows {
        found.push(Found::named(tier, read(row)?));
    }
    Ok(())
}

async fn by_code(
    session: &impl Session,
    query: &Query,
    after: &After,
    limit: i64,
) -> Result<Vec<Row>> {
    session
        .query(BY_CODE, &[&query.code, &after.name, &after.id, &limit])
        .await
}

async fn by_name(
    session: &impl Session,
    query: &Query,
    after: &After,
    limit: i64,
) -> Result<Vec<Row>> {
    let place = after.within(Tier::Name);
    let start = place.name.as_str().max(&query.prefix);
    let end = query.after_prefix();
    session
        .query(BY_NAME, &[&start, &place.id, &end, &query.code, &limit])
        .await
}
