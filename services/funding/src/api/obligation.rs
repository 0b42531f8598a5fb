//! What the notifier asks: obligations, and who is still concerned by them.

use std::collections::HashMap;
use std::pin::Pin;

use kit::auth::Caller;
use kit::civil;
use kit::error::{Error, Result, Violation, answer};
use kit::outbox::Fact;
use kit::{page, wire};
use lienminh_proto::obligation::v1 as proto;
use lienminh_proto::obligation::v1::obligation_source_service_server::ObligationSourceService;
use lienminh_proto::r#type::v1 as value;
use prost::Message;
use tokio_stream::Stream;
use tonic::{Request, Response, Status};

use super::Desk;
use super::programme::page_limit;
use crate::domain::id::{ObligationName, OrganisationId};
use crate::domain::obligation::{Kind, Obligation, Status as Standing};
use crate::store;
use crate::store::Cursor;

const LIST: &str = "funding.obligations";

/// Organisations asked about in one call.
const ASKED: usize = 200;

type Parties = Pin<Box<dyn Stream<Item = Result<proto::StreamAudienceResponse, Status>> + Send>>;

#[tonic::async_trait]
impl ObligationSourceService for Desk {
    async fn list_obligations(
        &self,
        request: Request<proto::ListObligationsRequest>,
    ) -> Result<Response<proto::ListObligationsResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            list(self, &caller, request.into_inner()).await,
        )
    }

    type StreamAudienceStream = Parties;

    async fn stream_audience(
        &self,
        request: Request<proto::StreamAudienceRequest>,
    ) -> Result<Response<Parties>, Status> {
        let caller = Caller::of(&request)?;
        let name = request.into_inner().obligation;
        answer(caller.language, audience(self, &caller, &name).await)
    }

    async fn check_parties(
        &self,
        request: Request<proto::CheckPartiesRequest>,
    ) -> Result<Response<proto::CheckPartiesResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            check(self, &caller, request.into_inner()).await,
        )
    }
}

async fn list(
    desk: &Desk,
    caller: &Caller,
    request: proto::ListObligationsRequest,
) -> Result<proto::ListObligationsResponse> {
    caller.require_house()?;
    let size = page::size(request.page_size)? as usize;
    let since = request
        .updated_after_time
        .map(|time| wire::instant("updated_after_time", time))
        .transpose()
        .map_err(Error::invalid)?;
    let since_text = since.map(|since| since.to_string()).unwrap_or_default();
    let list = [LIST, since_text.as_str()];
    let after: Option<Cursor> = desk.pages.read(&list, &request.page_token)?;
    let connection = desk.pool.get().await?;
    let mut found = store::obligation::list(&connection, since, after, page_limit(size)).await?;
    let more = found.len() > size;
    found.truncate(size);
    let next_page_token = match found.last().filter(|_| more) {
        Some(last) => desk.pages.issue(
            &list,
            &Cursor {
                at: last.updated_at,
                id: last.name.id,
            },
        )?,
        None => String::new(),
    };
    Ok(proto::ListObligationsResponse {
        obligations: found.iter().map(to_proto).collect(),
        next_page_token,
    })
}

async fn audience(desk: &Desk, caller: &Caller, name: &str) -> Result<Parties> {
    caller.require_house()?;
    let obligation = find(desk, name).await?;
    let message = proto::StreamAudienceResponse {
        obligation: Some(to_proto(&obligation)),
        parties: parties(&obligation),
    };
    Ok(Box::pin(tokio_stream::once(Ok(message))))
}

async fn check(
    desk: &Desk,
    caller: &Caller,
    request: proto::CheckPartiesRequest,
) -> Result<proto::CheckPartiesResponse> {
    caller.require_house()?;
    if request.organisations.len() > ASKED {
        return Err(Error::invalid(Violation::too_many("organisations", ASKED)));
    }
    for (index, organisation) in request.organisations.iter().enumerate() {
        OrganisationId::parse(&format!("organisations[{index}]"), organisation)
            .map_err(Error::invalid)?;
    }
    let obligation = find(desk, &request.obligation).await?;
    let mut parties = parties(&obligation);
    parties.retain(|party| request.organisations.contains(&party.organisation));
    Ok(proto::CheckPartiesResponse {
        obligation: Some(to_proto(&obligation)),
        parties,
    })
}

async fn find(desk: &Desk, name: &str) -> Result<Obligation> {
    let name = ObligationName::parse("obligation", name).map_err(Error::invalid)?;
    store::obligation::get(&desk.pool.get().await?, name).await
}

fn parties(obligation: &Obligation) -> Vec<proto::Party> {
    let state = match obligation.status {
        Standing::Scheduled => proto::PartyState::Concerned,
        Standing::Satisfied | Standing::Cancelled => proto::PartyState::Done,
    };
    let party =
        |organisation: OrganisationId, positions: &[proto::Position], variables| proto::Party {
            organisation: organisation.to_string(),
            positions: positions
                .iter()
                .map(|position| (*position).into())
                .collect(),
            state: state.into(),
            variables,
            state_time: Some(wire::timestamp(obligation.updated_at)),
            ..proto::Party::default()
        };
    let lead = [
        proto::Position::Head,
        proto::Position::Officer,
        proto::Position::Office,
    ];
    let applicant = [
        proto::Position::Director,
        proto::Position::Chair,
        proto::Position::Accountant,
    ];
    let variables: HashMap<String, String> = obligation.variables.clone().into_iter().collect();
    let mut parties = Vec::new();
    if obligation.name.kind != Kind::DossierSupplement {
        // Papers are the applicant's; how much is to be paid, both must know.
        parties.push(party(obligation.lead_unit, &lead, variables.clone()));
    }
    if let Some(organisation) = obligation
        .party
        .filter(|party| *party != obligation.lead_unit)
    {
        parties.push(party(organisation, &applicant, variables));
    }
    parties.sort_by(|one, other| one.organisation.cmp(&other.organisation));
    parties
}

pub(super) fn fact(obligation: &Obligation) -> Fact {
    let fact = match obligation.status {
        Standing::Scheduled if obligation.sequence == 1 => "scheduled",
        Standing::Scheduled => "changed",
        Standing::Satisfied => "satisfied",
        Standing::Cancelled => "cancelled",
    };
    Fact {
        source: "funding",
        aggregate: "obligation",
        fact,
        name: obligation.name.to_string(),
        sequence: obligation.sequence,
        occurred_at: obligation.updated_at,
        type_name: "lienminh.obligation.v1.Obligation",
        message: to_proto(obligation).encode_to_vec(),
    }
}

fn to_proto(obligation: &Obligation) -> proto::Obligation {
    let status = match obligation.status {
        Standing::Scheduled => proto::ObligationStatus::Scheduled,
        Standing::Satisfied => proto::ObligationStatus::Satisfied,
        Standing::Cancelled => proto::ObligationStatus::Cancelled,
    };
    let class = match obligation.name.kind {
        Kind::DossierSupplement => proto::ObligationClass::LegalDeadline,
        Kind::FundingStep | Kind::Disbursement => proto::ObligationClass::Care,
    };
    let day = value::Day {
        date: Some(civil::date(obligation.last_day)),
        bound: value::Bound::Through.into(),
    };
    proto::Obligation {
        name: obligation.name.to_string(),
        source: "funding".to_owned(),
        kind: obligation.name.kind.word().to_owned(),
        class: class.into(),
        title: obligation.title.clone(),
        anchor: Some(value::Anchor {
            when: Some(value::anchor::When::Day(day)),
        }),
        anchor_version: obligation.anchor_version,
        organiser: obligation.organiser.to_string(),
        lead_unit: obligation.lead_unit.to_string(),
        status: status.into(),
        sequence: obligation.sequence,
        attributes: obligation.attributes.clone().into_iter().collect(),
        update_time: Some(wire::timestamp(obligation.updated_at)),
        subject: obligation.application.to_string(),
        ..proto::Obligation::default()
    }
}
