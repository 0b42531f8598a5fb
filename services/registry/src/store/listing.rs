//! Pages of the list of organisations.
//!
//! Every statement walks an index in the order of the list and stops at the
//! page's end: a page costs the same among a thousand organisations and a million.

use jiff::Timestamp;
use kit::database::Session;
use kit::error::Result;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::organisation::{organisation_columns, read};
use crate::domain::membership::MembershipState;
use crate::domain::organisation::{Kind, Organisation};

/// What the list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Only these kinds; never empty.
    pub kinds: Vec<Kind>,
    /// Only admitted members.
    pub members_only: bool,
    /// Only this cluster; empty: all.
    pub cluster: String,
}

impl Filter {
    /// Whether an organisation is on the list.
    #[must_use]
    pub fn accepts(&self, organisation: &Organisation) -> bool {
        let state = organisation.membership.as_ref().map(|each| each.state);
        self.kinds.contains(&organisation.details.kind)
            && (!self.members_only || state == Some(MembershipState::Admitted))
            && (self.cluster.is_empty() || self.cluster == organisation.details.cluster)
    }
}

/// After which organisation, in the order of names, a page begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AfterName {
    /// Sort key of its name.
    pub sort_key: String,
    /// Its id.
    pub id: Uuid,
}

impl AfterName {
    /// The place after an organisation.
    #[must_use]
    pub fn organisation(organisation: &Organisation) -> Self {
        Self {
            sort_key: vietnam::text::sort_key(&organisation.details.display_name),
            id: organisation.id.0,
        }
    }
}

/// After which organisation, in the order of changes, a page begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AfterTime {
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Its id.
    pub id: Uuid,
}

impl AfterTime {
    /// The place after an organisation.
    #[must_use]
    pub const fn organisation(organisation: &Organisation) -> Self {
        Self {
            updated_at: organisation.updated_at,
            id: organisation.id.0,
        }
    }
}

impl Default for AfterTime {
    fn default() -> Self {
        Self {
            // Before the first organisation was entered.
            updated_at: Timestamp::UNIX_EPOCH,
            id: Uuid::nil(),
        }
    }
}

/// The few nearest of each kind, merged: the index of each kind is in order.
macro_rules! by_name {
    ($condition:literal) => {
        concat!(
            "select ",
            organisation_columns!(),
            " from unnest($1::text[]) as k (kind) cross join lateral (select ",
            organisation_columns!(),
            ", o.sort_key from organisation o where o.kind = k.kind and ",
            $condition,
            " (o.sort_key, o.id) > ($2, $3) order by o.sort_key, o.id limit $4) o \
             order by o.sort_key, o.id limit $4"
        )
    };
}

const ALL_BY_NAME: &str = by_name!("");
const MEMBERS_BY_NAME: &str = by_name!("o.membership_state = 'admitted' and ");

// A cluster has some hundred organisations, so the other conditions only sieve.
const CLUSTER_BY_NAME: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where o.cluster = $5 and o.cluster <> '' and (o.sort_key, o.id) > ($2, $3) \
     and o.kind = any($1) and (not $6 or o.membership_state = 'admitted') \
     order by o.sort_key, o.id limit $4"
);

// For systems that follow the changes and ask for everything.
const BY_TIME: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where (o.updated_at, o.id) > ($2, $3) and o.kind = any($1) \
     and (not $6 or o.membership_state = 'admitted') and ($5 = '' or o.cluster = $5) \
     order by o.updated_at, o.id limit $4"
);

/// Organisations in the order of the Vietnamese alphabet, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn by_name(
    session: &impl Session,
    filter: &Filter,
    after: &AfterName,
    limit: i64,
) -> Result<Vec<Organisation>> {
    let kinds = codes(filter);
    let rows = if !filter.cluster.is_empty() {
        let parameters = [
            &kinds as _,
            &after.sort_key as _,
            &after.id as _,
            &limit as _,
            &filter.cluster as _,
            &filter.members_only as _,
        ];
        session.query(CLUSTER_BY_NAME, &parameters).await?
    } else {
        let statement = if filter.members_only {
            MEMBERS_BY_NAME
        } else {
            ALL_BY_NAME
        };
        session
            .query(statement, &[&kinds, &after.sort_key, &after.id, &limit])
            .await?
    };
    rows.iter().map(read).collect()
}

/// Organisations in the order of their latest change, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn by_time(
    session: &impl Session,
    filter: &Filter,
    after: &AfterTime,
    limit: i64,
) -> Result<Vec<Organisation>> {
    let rows = session
        .query(
            BY_TIME,
            &[
                &codes(filter),
                &after.updated_at,
                &after.id,
                &limit,
                &filter.cluster,
                &filter.members_only,
            ],
        )
        .await?;
    rows.iter().map(read).collect()
}

fn codes(filter: &Filter) -> Vec<&'static str> {
    filter.kinds.iter().map(|kind| kind.code()).collect()
}
