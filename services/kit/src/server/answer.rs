//! The body of an answer, which keeps its deadline, its place and its record
//! until the last byte.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};
use metrics::{Histogram, SharedString};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;
use tonic::{Code, Status};

use super::share::Share;

/// The record of one rpc; written when it is dropped, whoever ends it.
pub(super) struct Record {
    service: SharedString,
    method: SharedString,
    latency: Histogram,
    started: Instant,
    code: Code,
    // Held to the end: a stream in flight counts as in flight.
    _permit: Option<OwnedSemaphorePermit>,
    share: Option<Share>,
}

impl Record {
    pub(super) fn begin(
        service: &Arc<str>,
        method: &Arc<str>,
        latency: Histogram,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        metrics::gauge!("grpc_server_in_flight").increment(1.0);
        Self {
            service: SharedString::from(Arc::clone(service)),
            method: SharedString::from(Arc::clone(method)),
            latency,
            started: Instant::now(),
            // What is true if nobody says otherwise: the caller went away.
            code: Code::Cancelled,
            _permit: permit,
            share: None,
        }
    }

    /// Holds the caller's share to the end as well.
    pub(super) fn keep(&mut self, share: Option<Share>) {
        self.share = share;
    }

    pub(super) fn ended(&mut self, code: Code) {
        self.code = code;
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        metrics::gauge!("grpc_server_in_flight").decrement(1.0);
        self.latency.record(self.started.elapsed().as_secs_f64());
        metrics::counter!(
            "grpc_server_handled_total",
            "service" => self.service.clone(),
            "method" => self.method.clone(),
            "code" => name(self.code)
        )
        .increment(1);
    }
}

/// Puts the record and the deadline around the body.
pub(super) fn watch(
    response: Response,
    mut record: Record,
    deadline: Pin<Box<Sleep>>,
    too_late: impl FnOnce() -> Status + Send + 'static,
) -> Response {
    if let Some(code) = code(response.headers()) {
        // Trailers only: the whole answer is in the head.
        record.ended(code);
        return response;
    }
    response.map(|body| {
        Body::new(Watched {
            body: Some(body),
            record,
            deadline,
            too_late: Some(Box::new(too_late)),
        })
    })
}

fn code(headers: &HeaderMap) -> Option<Code> {
    headers
        .get(Status::GRPC_STATUS)
        .map(|value| Code::from_bytes(value.as_bytes()))
}

struct Watched {
    body: Option<Body>,
    record: Record,
    deadline: Pin<Box<Sleep>>,
    too_late: Option<Box<dyn FnOnce() -> Status + Send>>,
}

impl Watched {
    /// Ends the stream with DEADLINE_EXCEEDED; the handler's stream is dropped.
    fn cut(&mut self) -> Option<Frame<Bytes>> {
        self.body = None;
        let status = self.too_late.take()?();
        self.record.ended(status.code());
        let mut trailers = HeaderMap::new();
        status.add_header(&mut trailers).ok()?;
        Some(Frame::trailers(trailers))
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(frame) = Pin::new(body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame
                && let Some(trailers) = frame.trailers_ref()
            {
                this.record.ended(code(trailers).unwrap_or(Code::Unknown));
            }
            return Poll::Ready(frame);
        }
        match this.deadline.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(this.cut().map(Ok)),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::default, HttpBody::size_hint)
    }
}

/// The name of a code as people know it.
const fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
