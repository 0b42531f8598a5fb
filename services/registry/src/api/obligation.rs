//! `ObligationSourceService`: what the notifier asks back about admission batches.

use std::collections::HashSet;

use jiff::Timestamp;
use kit::auth::Caller;
use kit::error::{Error, Result, Violation, Violations, answer};
use kit::page;
use lienminh_proto::obligation::v1 as pb;
use lienminh_proto::obligation::v1::obligation_source_service_server::ObligationSourceService;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::state::{State, cut, rows_for};
use super::wire;
use crate::domain::admission::AdmissionBatch;
use crate::domain::id::{AdmissionBatchId, OrganisationId};
use crate::domain::party::{Party, parties};
use crate::store;
use crate::store::admission::After;

/// Parties of one message of the stream, and of one check.
const PARTIES_LIMIT: usize = 200;

/// The rpcs of an obligation source.
#[derive(Clone, Debug)]
pub struct ObligationApi(pub State);

/// The messages of an audience. Batches are small: they are read at once, and
/// no connection is held while they are sent.
type Audience =
    futures_util::stream::Iter<std::vec::IntoIter<Result<pb::StreamAudienceResponse, Status>>>;

#[tonic::async_trait]
impl ObligationSourceService for ObligationApi {
    type StreamAudienceStream = Audience;

    async fn list_obligations(
        &self,
        request: Request<pb::ListObligationsRequest>,
    ) -> Result<Response<pb::ListObligationsResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            list(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn stream_audience(
        &self,
        request: Request<pb::StreamAudienceRequest>,
    ) -> Result<Response<Audience>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            audience(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn check_parties(
        &self,
        request: Request<pb::CheckPartiesRequest>,
    ) -> Result<Response<pb::CheckPartiesResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            check(&self.0, &caller, request.get_ref()).await,
        )
    }
}

async fn list(
    state: &State,
    caller: &Caller,
    request: &pb::ListObligationsRequest,
) -> Result<pb::ListObligationsResponse> {
    caller.require_house()?;
    let size = page::size(request.page_size)?;
    let since = match request.updated_after_time {
        None => Timestamp::UNIX_EPOCH,
        Some(time) => kit::wire::instant("updated_after_time", time).map_err(Error::invalid)?,
    };
    let since_text = since.to_string();
    let list = ["ListObligations", &since_text];
    let first = After {
        updated_at: since,
        id: Uuid::nil(),
    };
    let after = state
        .tokens
        .read(&list, &request.page_token)?
        .unwrap_or(first);
    let connection = state.pool.get().await?;
    let mut found = store::admission::changed(&connection, after, rows_for(size)).await?;
    let more = cut(&mut found, size as usize);
    let next_page_token = match found.last().filter(|_| more) {
        None => String::new(),
        Some(last) => {
            let after = After {
                updated_at: last.updated_at,
                id: last.id.0,
            };
            state.tokens.issue(&list, &after)?
        }
    };
    Ok(pb::ListObligationsResponse {
        obligations: found.iter().map(wire::obligation::encode).collect(),
        next_page_token,
    })
}

async fn audience(
    state: &State,
    caller: &Caller,
    request: &pb::StreamAudienceRequest,
) -> Result<Audience> {
    caller.require_house()?;
    let (batch, parties) = concerned(state, &request.obligation).await?;
    let mut messages: Vec<pb::StreamAudienceResponse> = parties
        .chunks(PARTIES_LIMIT)
        .map(|chunk| pb::StreamAudienceResponse {
            obligation: None,
            parties: chunk.iter().map(wire::obligation::encode_party).collect(),
        })
        .collect();
    // There is always a first message: the unit in charge is a party.
    if let Some(first) = messages.first_mut() {
        first.obligation = Some(wire::obligation::encode(&batch));
    }
    let messages: Vec<_> = messages.into_iter().map(Ok).collect();
    Ok(futures_util::stream::iter(messages))
}

async fn check(
    state: &State,
    caller: &Caller,
    request: &pb::CheckPartiesRequest,
) -> Result<pb::CheckPartiesResponse> {
    caller.require_house()?;
    let asked = decode_organisations(&request.organisations)?;
    let (batch, parties) = concerned(state, &request.obligation).await?;
    let parties = parties
        .iter()
        .filter(|party| asked.contains(&party.organisation));
    Ok(pb::CheckPartiesResponse {
        obligation: Some(wire::obligation::encode(&batch)),
        parties: parties.map(wire::obligation::encode_party).collect(),
    })
}

fn decode_organisations(names: &[String]) -> Result<HashSet<OrganisationId>> {
    let mut wrong = Violations::default();
    wrong.require(names.len() <= PARTIES_LIMIT, || {
        Violation::too_many("organisations", PARTIES_LIMIT)
    });
    let names = names.iter().take(PARTIES_LIMIT).enumerate();
    let ids = names
        .filter_map(|(index, name)| {
            wrong.check(OrganisationId::parse(
                &format!("organisations[{index}]"),
                name,
            ))
        })
        .collect();
    wrong.into_result()?;
    Ok(ids)
}

async fn concerned(state: &State, name: &str) -> Result<(AdmissionBatch, Vec<Party>)> {
    let id = AdmissionBatchId::parse_obligation("obligation", name).map_err(Error::invalid)?;
    let connection = state.pool.get().await?;
    let batch = store::admission::get(&connection, id).await?;
    let batch = batch.ok_or_else(|| Error::not_found(name))?;
    let applicants = store::applicant::of_batch(&connection, id).await?;
    let parties = parties(&batch, &applicants);
    Ok((batch, parties))
}
