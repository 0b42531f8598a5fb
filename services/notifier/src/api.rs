//! The rpcs: each decodes, asks the store or decides with the domain, encodes.

mod coverage;
mod delivery;
mod explain;
mod hold;
mod name;
mod occurrence;
mod parking;
mod party;
pub mod receipts;
mod rule;
mod undated;
mod unreachable;

use kit::auth::Caller;
use kit::error::answer;
use kit::mutation::Mutations;
use kit::page::Tokens;
use lienminh_proto::notifier::v1 as pb;
use lienminh_proto::notifier::v1::hold_service_server::HoldService;
use lienminh_proto::notifier::v1::notifier_service_server::NotifierService;
use lienminh_proto::notifier::v1::parking_service_server::ParkingService;
use tonic::{Request, Response, Status};

use crate::work::desk::Desk;

/// The rpcs of the reminder desk. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    desk: Desk,
    tokens: Tokens,
    mutations: Mutations,
}

impl Api {
    /// The rpcs of this desk.
    #[must_use]
    pub fn new(desk: Desk, tokens: Tokens, mutations: Mutations) -> Self {
        Self {
            desk,
            tokens,
            mutations,
        }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl NotifierService for Api {
    async fn list_rules(
        &self,
        request: Request<pb::ListRulesRequest>,
    ) -> Answer<pb::ListRulesResponse> {
        let caller = Caller::of(&request)?;
        answer(caller.language, rule::list(self, &caller))
    }

    async fn list_occurrences(
        &self,
        request: Request<pb::ListOccurrencesRequest>,
    ) -> Answer<pb::ListOccurrencesResponse> {
        let caller = Caller::of(&request)?;
        let found = occurrence::list(self, &caller, &request.into_inner()).await;
        answer(caller.language, found)
    }

    async fn list_deliveries(
        &self,
        request: Request<pb::ListDeliveriesRequest>,
    ) -> Answer<pb::ListDeliveriesResponse> {
        let caller = Caller::of(&request)?;
        let found = delivery::list(self, &caller, &request.into_inner()).await;
        answer(caller.language, found)
    }

    async fn resolve_delivery(
        &self,
        request: Request<pb::ResolveDeliveryRequest>,
    ) -> Answer<pb::Delivery> {
        let caller = Caller::of(&request)?;
        let resolved = delivery::resolve(self, &caller, &request.into_inner()).await;
        answer(caller.language, resolved)
    }

    async fn explain_reminder(
        &self,
        request: Request<pb::ExplainReminderRequest>,
    ) -> Answer<pb::ExplainReminderResponse> {
        let caller = Caller::of(&request)?;
        let told = explain::explain(self, &caller, &request.into_inner()).await;
        answer(caller.language, told)
    }

    async fn reconcile_coverage(
        &self,
        request: Request<pb::ReconcileCoverageRequest>,
    ) -> Answer<pb::ReconcileCoverageResponse> {
        let caller = Caller::of(&request)?;
        let sum = coverage::reconcile(self, &caller, &request.into_inner()).await;
        answer(caller.language, sum)
    }

    async fn list_unreachable(
        &self,
        request: Request<pb::ListUnreachableRequest>,
    ) -> Answer<pb::ListUnreachableResponse> {
        let caller = Caller::of(&request)?;
        let found = unreachable::list(self, &caller, &request.into_inner()).await;
        answer(caller.language, found)
    }

    async fn list_undated(
        &self,
        request: Request<pb::ListUndatedRequest>,
    ) -> Answer<pb::ListUndatedResponse> {
        let caller = Caller::of(&request)?;
        let found = undated::list(self, &caller, &request.into_inner()).await;
        answer(caller.language, found)
    }
}

#[tonic::async_trait]
impl ParkingService for Api {
    async fn list_parked_messages(
        &self,
        request: Request<pb::ListParkedMessagesRequest>,
    ) -> Answer<pb::ListParkedMessagesResponse> {
        let caller = Caller::of(&request)?;
        let found = parking::list(self, &caller, &request.into_inner()).await;
        answer(caller.language, found)
    }

    async fn redrive_parked_message(
        &self,
        request: Request<pb::RedriveParkedMessageRequest>,
    ) -> Answer<pb::ParkedMessage> {
        let caller = Caller::of(&request)?;
        let redriven = parking::redrive(self, &caller, &request.into_inner()).await;
        answer(caller.language, redriven)
    }

    async fn discard_parked_message(
        &self,
        request: Request<pb::DiscardParkedMessageRequest>,
    ) -> Answer<pb::ParkedMessage> {
        let caller = Caller::of(&request)?;
        let discarded = parking::discard(self, &caller, &request.into_inner()).await;
        answer(caller.language, discarded)
    }
}

#[tonic::async_trait]
impl HoldService for Api {
    async fn get_hold(&self, request: Request<pb::GetHoldRequest>) -> Answer<pb::Hold> {
        let caller = Caller::of(&request)?;
        let found = hold::get(self, &caller).await;
        answer(caller.language, found)
    }

    async fn record_accepted(
        &self,
        request: Request<pb::RecordAcceptedRequest>,
    ) -> Answer<pb::Hold> {
        let caller = Caller::of(&request)?;
        let recorded = hold::record(self, &caller, &request.into_inner()).await;
        answer(caller.language, recorded)
    }

    async fn release_hold(&self, request: Request<pb::ReleaseHoldRequest>) -> Answer<pb::Hold> {
        let caller = Caller::of(&request)?;
        let released = hold::release(self, &caller, &request.into_inner()).await;
        answer(caller.language, released)
    }
}
