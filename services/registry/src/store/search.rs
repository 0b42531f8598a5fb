//! Searching organisations, in three tiers, best first: the code itself, then
//! names that begin with the query, then everything that holds all its words.
//! A page runs through the tiers until it is full.

use kit::database::Session;
use kit::error::Result;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

const BY_NAME: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where o.search_name >= $1 and o.search_name < $2 \
     and (o.search_name, o.id) > ($3, $4) \
     and $5 not in (coalesce(o.tax_code, ''), coalesce(o.roster_code, ''), o.registration_number) \
     order by o.search_name, o.id limit $6"
);

const BY_WORDS: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where o.search_terms @@ $1::text::tsquery \
     and not (o.search_name >= $2 and o.search_name < $3) and (o.search_name, o.id) > ($4, $5) \
     and $6 not in (coalesce(o.tax_code, ''), coalesce(o.roster_code, ''), o.registration_number) \
     order by o.search_name, o.id limit $7"
);

/// Results after a place, at most `limit`, each with its tier.
///
/// # Errors
/// What the database says.
pub async fn page(
    session: &impl Session,
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
        let organisations = one_tier(session, query, tier, &start, left).await?;
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
    query: &Query,
    tier: Tier,
    after: &After,
    limit: i64,
) -> Result<Vec<Organisation>> {
    let end = query.after_prefix();
    let rows = match tier {
        Tier::Code => {
            session
                .query(BY_CODE, &[&query.code, &after.name, &after.id, &limit])
                .await?
        }
        Tier::Name => {
            let parameters = [
                &query.prefix as _,
                &end as _,
                &after.name as _,
                &after.id as _,
                &query.code as _,
                &limit as _,
            ];
            session.query(BY_NAME, &parameters).await?
        }
        Tier::Words => {
            let words = query.tsquery();
            let parameters = [
                &words as _,
                &query.prefix as _,
                &end as _,
                &after.name as _,
                &after.id as _,
                &query.code as _,
                &limit as _,
            ];
            session.query(BY_WORDS, &parameters).await?
        }
    };
    rows.iter().map(read).collect()
}
