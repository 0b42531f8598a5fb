//! `PlanService`.

mod create;
mod load;
mod read;

use kit::auth::Caller;
use kit::error::answer;
use lienminh_proto::events::v1::plan_service_server::PlanService;
use lienminh_proto::events::v1::{
    CreatePlanItemRequest, CreatePlanRequest, GetPlanRequest, ListPlanItemsRequest,
    ListPlanItemsResponse, ListPlansRequest, ListPlansResponse, ListTimelineRequest,
    ListTimelineResponse, LoadPlanRequest, LoadPlanResponse, Plan, PlanItem,
};
use tonic::{Request, Response, Status};

use super::House;

/// Plans, their items and the timeline.
#[derive(Clone)]
pub struct Plans {
    house: House,
}

impl Plans {
    /// The service in its house.
    #[must_use]
    pub const fn new(house: House) -> Self {
        Self { house }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl PlanService for Plans {
    async fn create_plan(&self, request: Request<CreatePlanRequest>) -> Answer<Plan> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            create::plan(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn load_plan(&self, request: Request<LoadPlanRequest>) -> Answer<LoadPlanResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            load::plan(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn get_plan(&self, request: Request<GetPlanRequest>) -> Answer<Plan> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::get(&self.house, request.get_ref()).await,
        )
    }

    async fn list_plans(&self, request: Request<ListPlansRequest>) -> Answer<ListPlansResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::list(&self.house, request.get_ref()).await,
        )
    }

    async fn create_plan_item(&self, request: Request<CreatePlanItemRequest>) -> Answer<PlanItem> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            create::item(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn list_plan_items(
        &self,
        request: Request<ListPlanItemsRequest>,
    ) -> Answer<ListPlanItemsResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::items(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn list_timeline(
        &self,
        request: Request<ListTimelineRequest>,
    ) -> Answer<ListTimelineResponse> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            read::timeline(&self.house, &caller, request.get_ref()).await,
        )
    }
}
