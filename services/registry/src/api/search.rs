//! The search for organisations.

use kit::auth::Caller;
use kit::error::{Error, Result};
use kit::page;
use lienminh_proto::registry::v1 as pb;

use super::state::State;
use super::wire;
use crate::domain::id::OrganisationId;
use crate::domain::search::{Query, SearchKey};
use crate::store;
use crate::store::search::After;

pub(super) async fn search(
    state: &State,
    caller: &Caller,
    request: &pb::SearchOrganisationsRequest,
) -> Result<pb::SearchOrganisationsResponse> {
    let query = Query::parse("query", &request.query).map_err(Error::invalid)?;
    let size = page::size(request.page_size)? as usize;
    if let Some(own) = caller.organisation {
        return own_search(state, OrganisationId(own), &query).await;
    }
    let terms = query.tsquery();
    let list = ["SearchOrganisations", &query.code, &query.prefix, &terms];
    let after: After = state
        .tokens
        .read(&list, &request.page_token)?
        .unwrap_or_default();
    let connection = state.pool.get().await?;
    let found = store::search::page(&connection, &state.vocabulary, &query, &after, size).await?;
    let next_page_token = match &found.next {
        None => String::new(),
        Some(next) => state.tokens.issue(&list, next)?,
    };
    let organisations = found.organisations.iter();
    Ok(pb::SearchOrganisationsResponse {
        organisations: organisations.map(wire::organisation::encode).collect(),
        next_page_token,
    })
}

/// A bound caller finds its own organisation, or nothing.
async fn own_search(
    state: &State,
    own: OrganisationId,
    query: &Query,
) -> Result<pb::SearchOrganisationsResponse> {
    let found = state.organisations.get(own).await?;
    let fits = found
        .iter()
        .filter(|each| query.finds(&SearchKey::of(&each.details)));
    Ok(pb::SearchOrganisationsResponse {
        organisations: fits.map(|each| wire::organisation::encode(each)).collect(),
        next_page_token: String::new(),
    })
}
