//! What befell others since a mail was refused by a policy.

use std::time::Duration;

use jiff::Timestamp;
use kit::database::Session;
use kit::error::Result;
use uuid::Uuid;

use crate::domain::outcome::Weight;

/// A mail in doubt, as it is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doubt {
    /// What others who are refused alike are told as well: "5.7.1"; empty: no doubt.
    pub alike: String,
    /// By the database's clock; `None`: the row knows, or now.
    pub since: Option<Timestamp>,
}

impl Doubt {
    /// In doubt since `since`.
    #[must_use]
    pub fn since(alike: &str, since: Timestamp) -> Self {
        Self {
            alike: alike.to_owned(),
            since: Some(since),
        }
    }

    /// In doubt since it is recorded, unless it was before.
    #[must_use]
    pub fn from_now(alike: &str) -> Self {
        Self {
            alike: alike.to_owned(),
            since: None,
        }
    }
}

/// A refusal, weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// What befell others.
    pub weight: Weight,
    /// When the mail was refused first, by the database's clock.
    pub since: Timestamp,
    /// How long ago that is.
    pub waited: Duration,
}

// The same rules as `domain/outcome/policy.rs`. Of the acceptances since an instant the
// first of another domain is enough; a range index on their time finds where they begin.
const WEIGH: &str = "
    with own as (
        select lower(substring(d.address from '[^@]*$')) as domain,
               coalesce(d.doubted_since, now()) as since
        from delivery d
        where d.id = $1
    ), refused as (
        select lower(substring(d.address from '[^@]*$')) as domain, max(d.doubted_since) as since
        from delivery d
        where d.doubted_since is not null and d.doubt = $2
          and d.next_action_at is not null and d.channel = 'email'
        group by 1
        union all
        select o.domain, o.since from own o
    ), alike as (
        select distinct r.domain
        from refused r
        where r.domain = (select o.domain from own o)
           or not exists (
                select from attempt a join delivery e on e.id = a.delivery_id
                where a.ended_at >= r.since and a.outcome = 'accepted' and e.channel = 'email'
                  and lower(substring(e.address from '[^@]*$')) <> r.domain)
    )
    select o.since, extract(epoch from now() - o.since)::float8,
           (select count(*) from alike),
           exists (
                select from attempt a join delivery e on e.id = a.delivery_id
                where a.ended_at >= o.since and a.outcome = 'accepted' and e.channel = 'email'
                  and lower(substring(e.address from '[^@]*$')) <> o.domain)
    from own o";

/// Weighs the refusal of a delivery by what befell others who were told `alike`.
///
/// # Errors
/// What the database says.
pub async fn weigh(session: &impl Session, id: Uuid, alike: &str) -> Result<Weighed> {
    let row = session.query_one(WEIGH, &[&id, &alike]).await?;
    let refused_alike: i64 = row.get(2);
    Ok(Weighed {
        weight: Weight {
            others_taken: row.get(3),
            refused_alike: usize::try_from(refused_alike).unwrap_or(0),
        },
        since: row.get(0),
        waited: Duration::try_from_secs_f64(row.get(1)).unwrap_or_default(),
    })
}
