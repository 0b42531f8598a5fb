//! A channel as the generated clients take it.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use tokio::time::Instant;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Service, ServiceExt as _};

use super::Peers;
use super::retry::{ATTEMPTS, Throttle, wait};
use crate::trace;

/// The time a call may take in all, retries included, where the request itself
/// does not say (`Request::set_timeout`).
const DEADLINE: Duration = Duration::from_secs(15);

/// Header that tells the server how long we wait.
const TIMEOUT: &str = "grpc-timeout";

/// A channel to one service. Cheap to clone; give a clone to each generated client.
///
/// Only UNAVAILABLE is tried again: nothing was done then, and our mutations
/// carry a `request_id` besides. The request is held in memory for that, so it
/// is for unary requests, not for client streams.
#[derive(Clone)]
pub struct Channel {
    inner: tonic::transport::Channel,
    peers: Arc<Peers>,
    throttle: Arc<Throttle>,
}

impl Channel {
    pub(super) fn new(inner: tonic::transport::Channel, peers: Peers) -> Self {
        Self {
            inner,
            peers: Arc::new(peers),
            throttle: Arc::new(Throttle::new()),
        }
    }

    async fn run(self, request: Request<Body>) -> Result<Response<Body>, Status> {
        let (mut head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let ends = Instant::now() + asked(&head).unwrap_or(DEADLINE);
        self.sign(&mut head)?;
        let mut attempt = 1;
        loop {
            let answer = self.once(&head, body.clone(), ends).await;
            let code = code(&answer);
            if code != Some(Code::Unavailable) {
                self.throttle.succeeded();
                return answer;
            }
            attempt += 1;
            let pause = wait(attempt, rand::random());
            let worth_it = self.throttle.failed() && attempt <= ATTEMPTS;
            if !worth_it || Instant::now() + pause >= ends {
                return answer;
            }
            tokio::time::sleep(pause).await;
        }
    }

    fn sign(&self, head: &mut Parts) -> Result<(), Status> {
        let bearer = self.peers.bearer().map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "a call could not be signed");
            Status::internal("the call could not be signed")
        })?;
        let bearer = HeaderValue::try_from(bearer.as_encoded_bytes())
            .map_err(|_| Status::internal("the call could not be signed"))?;
        head.headers.insert(AUTHORIZATION, bearer);
        head.headers
            .entry(ACCEPT_LANGUAGE)
            .or_insert(HeaderValue::from_static(self.peers.language.tag()));
        if let Some(thread) = trace::header() {
            head.headers.insert(trace::HEADER, thread);
        }
        Ok(())
    }

    async fn once(
        &self,
        head: &Parts,
        body: Bytes,
        ends: Instant,
    ) -> Result<Response<Body>, Status> {
        let left = ends.saturating_duration_since(Instant::now());
        let mut request = Request::from_parts(head.clone(), Body::new(Full::new(body)));
        if let Ok(value) = HeaderValue::try_from(format!("{}m", left.as_millis().min(99_999_999))) {
            request.headers_mut().insert(TIMEOUT, value);
        }
        let call = self.inner.clone().oneshot(request);
        match tokio::time::timeout_at(ends, call).await {
            Ok(Ok(response)) => Ok(response),
            // tonic's own timer says CANCELLED when our deadline is over.
            Ok(Err(_)) | Err(_) if Instant::now() >= ends => Err(too_late()),
            Ok(Err(error)) => Err(Status::from_error(error.into())),
            Err(_) => Err(too_late()),
        }
    }
}

fn too_late() -> Status {
    Status::deadline_exceeded("the deadline of the call has passed")
}

fn asked(head: &Parts) -> Option<Duration> {
    crate::server::timeout_of(&head.headers)
}

fn code(answer: &Result<Response<Body>, Status>) -> Option<Code> {
    match answer {
        Err(status) => Some(status.code()),
        Ok(response) => response
            .headers()
            .get("grpc-status")
            .map(|value| Code::from_bytes(value.as_bytes())),
    }
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        // Every call waits for its own turn on the shared connection.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.clone().run(request))
    }
}
