//! A connection that knows whom it goes to, so that a failure names the service and what to do.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::failure;
use crate::language::phrase;

/// A channel to a service of ours.
#[derive(Clone, Debug)]
pub struct Dialled {
    channel: Channel,
    whom: Arc<Whom>,
}

#[derive(Debug)]
struct Whom {
    service: &'static str,
    url: String,
}

impl Dialled {
    pub(super) fn new(channel: Channel, service: &'static str, url: &str) -> Self {
        let url = url.to_owned();
        Self {
            channel,
            whom: Arc::new(Whom { service, url }),
        }
    }
}

impl Service<http::Request<Body>> for Dialled {
    type Response = http::Response<Body>;
    type Error = Status;
    type Future = BoxFuture<Self::Response, Status>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Status>> {
        let ready = self.channel.poll_ready(context);
        ready.map_err(|error| self.whom.told(&error))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let whom = Arc::clone(&self.whom);
        let answer = self.channel.call(request);
        Box::pin(async move { answer.await.map_err(|error| whom.told(&error)) })
    }
}

impl Whom {
    /// What failed, in words; a call that was too late stays what it is.
    fn told(&self, error: &tonic::transport::Error) -> Status {
        let mut cause: &(dyn Error + 'static) = error;
        while let Some(source) = cause.source() {
            if source.is::<tonic::TimeoutExpired>() {
                return Status::deadline_exceeded(self.too_late());
            }
            cause = source;
        }
        let details =
            ErrorDetails::with_error_info("UNREACHABLE", kit::error::DOMAIN, HashMap::new());
        Status::with_error_details(Code::Unavailable, self.unreachable(cause), details)
    }

    fn unreachable(&self, cause: &(dyn Error + 'static)) -> String {
        let Self { service, url } = self;
        let cause = failure::words(cause);
        let variable = service.to_uppercase();
        phrase!(
            "không kết nối được dịch vụ {service} tại {url} ({cause}). Hãy xem dịch vụ có đang chạy không, rồi kiểm tra địa chỉ: --{service}-url hoặc biến LIENMINH_{variable}_URL",
            "the {service} service cannot be reached at {url} ({cause}). See whether it runs, then check the address: --{service}-url or LIENMINH_{variable}_URL"
        )
    }

    fn too_late(&self) -> String {
        let Self { service, url } = self;
        phrase!(
            "dịch vụ {service} tại {url} chưa trả lời kịp; xin thực hiện lại sau ít phút",
            "the {service} service at {url} did not answer in time; try again in a few minutes"
        )
    }
}
