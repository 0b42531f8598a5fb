//! `EventService`.

mod change;
mod create;
mod invite;
mod read;

pub(super) use create::New;
use kit::auth::Caller;
use kit::error::answer;
use lienminh_proto::events::v1::event_service_server::EventService;
use lienminh_proto::events::v1::{
    AnnounceEventRequest, AnswerInvitationRequest, BatchInviteRequest, BatchInviteResponse,
    CancelEventRequest, CompleteEventRequest, CreateEventRequest, Event, GetEventRequest,
    Invitation, ListEventsRequest, ListEventsResponse, ListInvitationsRequest,
    ListInvitationsResponse, PostponeEventRequest, RescheduleEventRequest, UpdateEventRequest,
};
use tonic::{Request, Response, Status};

use super::House;

/// Organisations invited in one call: more than any alliance of one province
/// invites at once, and still one statement.
const INVITEES_LIMIT: usize = 1_000;

/// Events and invitations.
#[derive(Clone)]
pub struct Events {
    house: House,
}

impl Events {
    /// The service in its house.
    #[must_use]
    pub const fn new(house: House) -> Self {
        Self { house }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl EventService for Events {
    async fn create_event(&self, request: Request<CreateEventRequest>) -> Answer<Event> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            create::create(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn get_event(&self, request: Request<GetEventRequest>) -> Answer<Event> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::get(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn list_events(&self, request: Request<ListEventsRequest>) -> Answer<ListEventsResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::list(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn update_event(&self, request: Request<UpdateEventRequest>) -> Answer<Event> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::update(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn announce_event(&self, request: Request<AnnounceEventRequest>) -> Answer<Event> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::announce(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn reschedule_event(&self, request: Request<RescheduleEventRequest>) -> Answer<Event> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::reschedule(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn postpone_event(&self, request: Request<PostponeEventRequest>) -> Answer<Event> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::postpone(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn cancel_event(&self, request: Request<CancelEventRequest>) -> Answer<Event> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::cancel(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn complete_event(&self, request: Request<CompleteEventRequest>) -> Answer<Event> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::complete(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn batch_invite(
        &self,
        request: Request<BatchInviteRequest>,
    ) -> Answer<BatchInviteResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            invite::batch(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn list_invitations(
        &self,
        request: Request<ListInvitationsRequest>,
    ) -> Answer<ListInvitationsResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::invitations(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn answer_invitation(
        &self,
        request: Request<AnswerInvitationRequest>,
    ) -> Answer<Invitation> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            invite::answer(&self.house, &caller, request.get_ref()).await,
        )
    }
}
