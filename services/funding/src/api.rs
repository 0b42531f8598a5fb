//! The gRPC door: decode, decide, store, encode.

mod application;
mod obligation;
mod programme;
mod transfer;

use std::sync::Arc;

use kit::auth::Caller;
use kit::clock::Clock;
use kit::database::Pool;
use kit::error::answer;
use kit::mutation::Mutations;
use kit::page::Tokens;
use kit::service::Context;
use lienminh_proto::funding::v1 as proto;
use lienminh_proto::funding::v1::funding_service_server::FundingService;
use tonic::{Request, Response, Status};
use vietnam::calendar::Calendar;

use crate::config::Settings;
use crate::domain::obligation::Pace;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Desk {
    pool: Pool,
    clock: Clock,
    mutations: Mutations,
    pages: Tokens,
    calendar: Arc<Calendar>,
    pace: Pace,
}

impl Desk {
    pub(crate) fn new(context: &Context, settings: &Settings) -> Self {
        Self {
            pool: context.pool.clone(),
            clock: context.clock.clone(),
            mutations: Mutations::new(context.pool.clone(), context.outbox_bell.clone()),
            pages: Tokens::new(&context.signer.secret("page tokens")),
            calendar: Arc::new(Calendar::official()),
            pace: Pace {
                appraisal_days: settings.appraisal_days,
                decision_days: settings.decision_days,
            },
        }
    }
}

/// One rpc: the caller, the use case, the answer in the caller's language.
macro_rules! rpcs {
    ($($rpc:ident($request:ident) -> $answer:ident = $case:path;)+) => {
        #[tonic::async_trait]
        impl FundingService for Desk {
            $(async fn $rpc(&self, request: Request<proto::$request>) -> Result<Response<proto::$answer>, Status> {
                let caller = Caller::of(&request)?;
                answer(caller.language, $case(self, &caller, request.into_inner()).await)
            })+
        }
    };
}

rpcs! {
    create_programme(CreateProgrammeRequest) -> Programme = programme::create;
    get_programme(GetProgrammeRequest) -> Programme = programme::get;
    list_programmes(ListProgrammesRequest) -> ListProgrammesResponse = programme::list;
    submit_application(SubmitApplicationRequest) -> Application = application::submit;
    get_application(GetApplicationRequest) -> Application = application::get;
    list_applications(ListApplicationsRequest) -> ListApplicationsResponse = application::list;
    request_supplement(RequestSupplementRequest) -> Application = application::request_supplement;
    supply_papers(SupplyPapersRequest) -> Application = application::supply;
    appraise_application(AppraiseApplicationRequest) -> Application = application::appraise;
    approve_application(ApproveApplicationRequest) -> Application = application::approve;
    reject_application(RejectApplicationRequest) -> Application = application::reject;
    disburse_application(DisburseApplicationRequest) -> Transfer = application::disburse;
    list_transfers(ListTransfersRequest) -> ListTransfersResponse = transfer::list;
    verify_ledger(VerifyLedgerRequest) -> VerifyLedgerResponse = transfer::verify;
}
