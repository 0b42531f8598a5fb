//! Obligations without a fixed date: listed, never guessed.

use kit::auth::Caller;
use kit::error::Result;
use kit::page;
use lienminh_proto::notifier::v1 as pb;
use uuid::Uuid;

use super::{Api, name};
use crate::source::wire::obligation_message;
use crate::store;

pub(super) async fn list(
    api: &Api,
    caller: &Caller,
    request: &pb::ListUndatedRequest,
) -> Result<pb::ListUndatedResponse> {
    let size = page::size(request.page_size)?;
    caller.require_house()?;
    let shape = ["ListUndated"];
    let after: Option<Uuid> = api.tokens.read(&shape, &request.page_token)?;
    let session = api.desk.pool.get().await?;
    let limit = i64::from(size) + 1;
    let mut found = store::obligation::undated(&session, after.unwrap_or_default(), limit).await?;
    let more = name::cut(&mut found, size);
    let next_page_token = match found.last().filter(|_| more) {
        Some((id, _)) => api.tokens.issue(&shape, id)?,
        None => String::new(),
    };
    Ok(pb::ListUndatedResponse {
        obligations: found
            .iter()
            .map(|(_, obligation)| obligation_message(obligation))
            .collect(),
        next_page_token,
    })
}
