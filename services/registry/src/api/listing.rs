//! The list of organisations.

use kit::auth::Caller;
use kit::error::{Result, Violation, Violations};
use kit::page;
use lienminh_proto::registry::v1 as pb;

use super::state::{State, cut, rows_for};
use super::wire;
use crate::domain::id::OrganisationId;
use crate::domain::organisation::{Kind, LABEL_LIMIT};
use crate::store;
use crate::store::listing::{AfterName, AfterTime, Filter};

/// The orders of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    DisplayName,
    UpdateTime,
}

impl Order {
    fn parse(order_by: &str) -> Result<Self, Violation> {
        match order_by {
            "" | "display_name" => Ok(Self::DisplayName),
            "update_time" => Ok(Self::UpdateTime),
            _ => Err(Violation::malformed(
                "order_by",
                "\"display_name\" hoặc \"update_time\"",
                "\"display_name\" or \"update_time\"",
            )),
        }
    }
}

pub(super) async fn list(
    state: &State,
    caller: &Caller,
    request: &pb::ListOrganisationsRequest,
) -> Result<pb::ListOrganisationsResponse> {
    let mut wrong = Violations::default();
    let order = wrong.check(Order::parse(&request.order_by));
    let filter = decode_filter(request, &mut wrong);
    let order = wrong.finish(order)?;
    let size = page::size(request.page_size)?;
    if let Some(own) = caller.organisation {
        return own_list(state, OrganisationId(own), &filter).await;
    }
    let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.code()).collect();
    let members = if filter.members_only {
        "members"
    } else {
        "all"
    };
    let order_name = match order {
        Order::DisplayName => "display_name",
        Order::UpdateTime => "update_time",
    };
    let list = [
        "ListOrganisations",
        &kinds.join(","),
        members,
        &filter.cluster,
        order_name,
    ];
    let connection = state.pool.get().await?;
    let limit = rows_for(size);
    let mut found = match order {
        Order::DisplayName => {
            let after: AfterName = state
                .tokens
                .read(&list, &request.page_token)?
                .unwrap_or_default();
            store::listing::by_name(&connection, &filter, &after, limit).await?
        }
        Order::UpdateTime => {
            let after: AfterTime = state
                .tokens
                .read(&list, &request.page_token)?
                .unwrap_or_default();
            store::listing::by_time(&connection, &filter, &after, limit).await?
        }
    };
    let more = cut(&mut found, size as usize);
    let next_page_token = match found.last().filter(|_| more) {
        None => String::new(),
        Some(last) => match order {
            Order::DisplayName => state.tokens.issue(&list, &AfterName::organisation(last))?,
            Order::UpdateTime => state.tokens.issue(&list, &AfterTime::organisation(last))?,
        },
    };
    Ok(pb::ListOrganisationsResponse {
        organisations: found.iter().map(wire::organisation::encode).collect(),
        next_page_token,
    })
}

fn decode_filter(request: &pb::ListOrganisationsRequest, wrong: &mut Violations) -> Filter {
    let mut kinds: Vec<Kind> = request
        .kinds
        .iter()
        .enumerate()
        .filter_map(|(index, kind)| {
            wrong.check(wire::organisation::decode_kind(
                &format!("kinds[{index}]"),
                *kind,
            ))
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        kinds = Kind::ALL.to_vec();
    }
    let cluster = wrong.check(kit::text::line("cluster", &request.cluster, LABEL_LIMIT));
    Filter {
        kinds,
        members_only: request.members_only,
        cluster: cluster.unwrap_or_default(),
    }
}

/// A bound caller's list holds its own organisation, where the filter lets it pass.
async fn own_list(
    state: &State,
    own: OrganisationId,
    filter: &Filter,
) -> Result<pb::ListOrganisationsResponse> {
    let found = state.organisations.get(own).await?;
    let organisations = found
        .iter()
        .filter(|each| filter.accepts(each))
        .map(|each| wire::organisation::encode(each));
    Ok(pb::ListOrganisationsResponse {
        organisations: organisations.collect(),
        next_page_token: String::new(),
    })
}
