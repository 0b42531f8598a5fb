//! `lienminh.clock.v1.ClockService`: moves a stepped clock and tells when its work is done.

use std::sync::Arc;

use jiff::Timestamp;
use lienminh_proto::clock::v1::clock_service_server::ClockService;
use lienminh_proto::clock::v1::{
    GetSettledRequest, GetSettledResponse, SetTimeRequest, SetTimeResponse,
};
use tonic::{Request, Response, Status};

use super::Clock;
use crate::auth::Caller;
use crate::error::{Error, Result, Violation, answer};
use crate::settled::{Probe, Settled};
use crate::wire;

/// The rpcs of a stepped clock.
pub struct ClockApi {
    clock: Clock,
    probes: Vec<Arc<dyn Probe>>,
}

impl ClockApi {
    /// Serves `clock`; settled when every probe says so.
    #[must_use]
    pub fn new(clock: Clock, probes: Vec<Arc<dyn Probe>>) -> Self {
        Self { clock, probes }
    }

    fn set(&self, request: SetTimeRequest) -> Result<SetTimeResponse> {
        let time = request
            .time
            .ok_or_else(|| Error::invalid(Violation::required("time")))?;
        let asked = wire::instant("time", time).map_err(Error::invalid)?;
        self.clock.set(asked).map_err(|refused| {
            Error::failed_precondition(
                "CLOCK_BACKWARDS",
                format!(
                    "Đồng hồ nghiệp vụ đang ở {} và không lùi lại.",
                    refused.present
                ),
                format!(
                    "The business clock stands at {} and never goes back.",
                    refused.present
                ),
            )
        })?;
        Ok(SetTimeResponse {
            time: Some(wire::timestamp(self.clock.now())),
        })
    }

    async fn settled(&self) -> Result<GetSettledResponse> {
        let before = self.clock.now();
        let mut whole = Settled::default();
        for probe in &self.probes {
            whole.join(probe.settled().await?);
        }
        let settled = whole.is_settled() && is_ahead(whole.next_due, before);
        Ok(GetSettledResponse {
            settled,
            next_due_time: whole.next_due.map(wire::timestamp),
            published: whole.published.into_iter().collect(),
            consumed: whole.consumed.into_iter().collect(),
            waiting_for: whole.waiting_for,
        })
    }
}

/// Work whose instant has come is due, even if its owner has not yet said so.
fn is_ahead(next_due: Option<Timestamp>, now: Timestamp) -> bool {
    next_due.is_none_or(|due| due > now)
}

#[tonic::async_trait]
impl ClockService for ClockApi {
    async fn set_time(
        &self,
        request: Request<SetTimeRequest>,
    ) -> Result<Response<SetTimeResponse>, Status> {
        let language = Caller::of(&request)?.language;
        answer(language, self.set(request.into_inner()))
    }

    async fn get_settled(
        &self,
        request: Request<GetSettledRequest>,
    ) -> Result<Response<GetSettledResponse>, Status> {
        let language = Caller::of(&request)?.language;
        answer(language, self.settled().await)
    }
}
