//! `DeadlineService`.

mod change;
mod create;
mod read;
mod submission;

pub(super) use create::New;
use kit::auth::Caller;
use kit::error::answer;
use lienminh_proto::events::v1::deadline_service_server::DeadlineService;
use lienminh_proto::events::v1::{
    CancelDeadlineRequest, ClaimSubmissionRequest, CompleteDeadlineRequest, CreateDeadlineRequest,
    Deadline, GetDeadlineRequest, ListDeadlinesRequest, ListDeadlinesResponse,
    ListSubmissionsRequest, ListSubmissionsResponse, RecordSubmissionRequest,
    RescheduleDeadlineRequest, Submission, UpdateDeadlineRequest,
};
use tonic::{Request, Response, Status};

use super::House;

/// Deadlines and submissions.
#[derive(Clone)]
pub struct Deadlines {
    house: House,
}

impl Deadlines {
    /// The service in its house.
    #[must_use]
    pub const fn new(house: House) -> Self {
        Self { house }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl DeadlineService for Deadlines {
    async fn create_deadline(&self, request: Request<CreateDeadlineRequest>) -> Answer<Deadline> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            create::create(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn get_deadline(&self, request: Request<GetDeadlineRequest>) -> Answer<Deadline> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::get(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn list_deadlines(
        &self,
        request: Request<ListDeadlinesRequest>,
    ) -> Answer<ListDeadlinesResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::list(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn update_deadline(&self, request: Request<UpdateDeadlineRequest>) -> Answer<Deadline> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::update(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn reschedule_deadline(
        &self,
        request: Request<RescheduleDeadlineRequest>,
    ) -> Answer<Deadline> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::reschedule(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn complete_deadline(
        &self,
        request: Request<CompleteDeadlineRequest>,
    ) -> Answer<Deadline> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::complete(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn cancel_deadline(&self, request: Request<CancelDeadlineRequest>) -> Answer<Deadline> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            change::cancel(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn list_submissions(
        &self,
        request: Request<ListSubmissionsRequest>,
    ) -> Answer<ListSubmissionsResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::submissions(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn record_submission(
        &self,
        request: Request<RecordSubmissionRequest>,
    ) -> Answer<Submission> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            submission::record(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn claim_submission(
        &self,
        request: Request<ClaimSubmissionRequest>,
    ) -> Answer<Submission> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            submission::claim(&self.house, &caller, request.get_ref()).await,
        )
    }
}
