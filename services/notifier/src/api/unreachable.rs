//! Whom nothing reached, with a telephone to call.

use kit::auth::Caller;
use kit::error::{Error, Result, Violations};
use kit::page;
use lienminh_proto::notifier::v1 as pb;
use uuid::Uuid;

use super::explain::tongue;
use super::{Api, name};
use crate::domain::explain::outcome;
use crate::store;
use crate::store::listing::Unreachable;
use crate::work::call_list::phone;
use crate::work::letter::organisation_name;

pub(super) async fn list(
    api: &Api,
    caller: &Caller,
    request: &pb::ListUnreachableRequest,
) -> Result<pb::ListUnreachableResponse> {
    let mut wrong = Violations::default();
    wrong.check(name::obligation(&request.obligation, false));
    wrong.into_result()?;
    let size = page::size(request.page_size)?;
    caller.require_house()?;
    let shape = ["ListUnreachable", &request.obligation];
    let after: Option<(Uuid, Uuid)> = api.tokens.read(&shape, &request.page_token)?;
    let (found, more) = page_of(api, &request.obligation, after, size).await?;
    let next_page_token = match found.last().filter(|_| more) {
        Some(last) => api
            .tokens
            .issue(&shape, &(last.obligation_id, last.organisation_id))?,
        None => String::new(),
    };
    let mut names: Vec<String> = found
        .iter()
        .map(|each| organisation_name(each.organisation_id))
        .collect();
    names.sort();
    names.dedup();
    let reach = api
        .desk
        .sources
        .reach(&names)
        .await
        .map_err(Error::unavailable)?;
    Ok(pb::ListUnreachableResponse {
        unreachable: found
            .into_iter()
            .map(|each| {
                let organisation = organisation_name(each.organisation_id);
                pb::Unreachable {
                    phone: reach.get(&organisation).and_then(phone).unwrap_or_default(),
                    organisation,
                    organisation_display_name: each.organisation_name,
                    obligation: each.obligation,
                    title: each.title,
                    reason_text: outcome(each.state, &each.reason, tongue(caller.language))
                        .to_owned(),
                    reason: each.reason,
                }
            })
            .collect(),
        next_page_token,
    })
}

/// A page of rows; the connection is given back before the registry is asked.
async fn page_of(
    api: &Api,
    obligation: &str,
    after: Option<(Uuid, Uuid)>,
    size: u32,
) -> Result<(Vec<Unreachable>, bool)> {
    let session = api.desk.pool.get().await?;
    let obligation = name::limit_to(&session, obligation).await?;
    let after = after.unwrap_or_default();
    let limit = i64::from(size) + 1;
    let mut found = store::listing::unreachable(&session, obligation, after, limit).await?;
    let more = name::cut(&mut found, size);
    Ok((found, more))
}
