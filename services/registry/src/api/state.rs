//! What every rpc works with.

use jiff::Timestamp;
use jiff::civil::Date;
use kit::clock::Clock;
use kit::database::Pool;
use kit::error::{Result, Violations};
use kit::gather::{self, Gather};
use kit::mutation::Mutations;
use kit::page::Tokens;
use kit::service::Context;

use crate::domain::id::OrganisationId;
use crate::domain::organisation::Organisation;
use crate::store;
use crate::store::search::Vocabulary;

/// What every rpc works with. Cheap to clone.
#[derive(Clone, Debug)]
pub struct State {
    /// Connections of the runtime role.
    pub pool: Pool,
    /// The business clock.
    pub clock: Clock,
    /// Changes that happen once.
    pub mutations: Mutations,
    /// Page tokens of this service.
    pub tokens: Tokens,
    /// Organisations by id, read together where many are asked for at once.
    pub organisations: Gather<OrganisationId, Organisation>,
    /// What searches need not look up.
    pub vocabulary: Vocabulary,
}

impl State {
    pub(crate) fn new(context: Context) -> Result<Self> {
        Ok(Self {
            organisations: organisations(context.pool.by_key(gather::READERS)?),
            mutations: context.mutations,
            pool: context.pool,
            clock: context.clock,
            tokens: Tokens::new(&context.signer.secret("page tokens")),
            vocabulary: Vocabulary::default(),
        })
    }

    /// The business instant.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The local day of the business clock.
    pub(crate) fn today(&self) -> Date {
        vietnam::local(self.now()).date()
    }
}

fn organisations(pool: Pool) -> Gather<OrganisationId, Organisation> {
    Gather::new(move |ids: Vec<OrganisationId>| {
        let pool = pool.clone();
        async move { store::organisation::get_all(&pool.get().await?, &ids).await }
    })
}

/// The violations of a nested message, told with their path in the request.
pub(crate) fn under<T>(prefix: &str, result: Result<T>) -> Result<T> {
    let mut wrong = Violations::default();
    let value = wrong.nested(prefix, result)?;
    wrong.finish(value)
}

/// Cuts the row that was read beyond the page; whether there was one.
pub(crate) fn cut<T>(rows: &mut Vec<T>, size: usize) -> bool {
    let more = rows.len() > size;
    rows.truncate(size);
    more
}

/// Rows to read for a page: one more tells whether another page follows.
pub(crate) fn rows_for(size: u32) -> i64 {
    i64::from(size) + 1
}
