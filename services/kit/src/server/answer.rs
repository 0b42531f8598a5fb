//! The body of an answer, which keeps its deadline, its place and its record
//! until the last byte.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};
use tonic::{Code, Status};

use super::guest::{Call, Guest};
use super::meters::Meters;
use super::share::Share;
use crate::error::Result;

/// The record of one rpc; written when it is dropped, whoever ends it.
pub(super) struct Record {
    meters: Arc<Meters>,
    started: Instant,
    ends: Instant,
    code: Code,
    room: Option<OwnedSemaphorePermit>,
    held: Held,
}

/// What an rpc holds until the last byte has left us: what a caller does not read is
/// still its own.
#[derive(Default)]
struct Held {
    share: Option<Share>,
    call: Option<Call>,
}

impl Record {
    pub(super) fn begin(meters: &Arc<Meters>, ends: Instant) -> Self {
        meters.begun();
        Self {
            meters: Arc::clone(meters),
            started: Instant::now(),
            ends,
            // What is true if nobody says otherwise: the caller went away.
            code: Code::Cancelled,
            room: None,
            held: Held::default(),
        }
    }

    /// Counts it as a call of this connection.
    ///
    /// # Errors
    /// The connection has too many.
    pub(super) fn attend(&mut self, guest: &Arc<Guest>, needs_token: bool) -> Result<()> {
        self.held.call = Some(guest.call(self.ends, needs_token)?);
        Ok(())
    }

    /// Holds the caller's share to the end.
    pub(super) fn keep(&mut self, share: Share) {
        self.held.share = Some(share);
    }

    /// Holds a place among the rpcs that are worked at.
    pub(super) fn enter(&mut self, room: OwnedSemaphorePermit) {
        self.room = Some(room);
    }

    /// Gives that place back: the answer is made, and only has to be read.
    pub(super) fn leave(&mut self) {
        self.room = None;
    }

    pub(super) fn ended(&mut self, code: Code) {
        self.code = code;
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.meters.ended(self.started.elapsed(), self.code);
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
            held: Arc::new(std::mem::take(&mut record.held)),
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
    held: Arc<Held>,
    deadline: Pin<Box<Sleep>>,
    too_late: Option<Box<dyn FnOnce() -> Status + Send>>,
}

/// Bytes on their way. They wait in the connection, where nothing else tells how long,
/// for as long as the caller opens no window (RFC 9113, section 5.2).
struct Piece {
    bytes: Bytes,
    _held: Arc<Held>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Watched {
    fn holding(&self, bytes: Bytes) -> Bytes {
        Bytes::from_owner(Piece {
            bytes,
            _held: Arc::clone(&self.held),
        })
    }

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
            let held = |frame: Frame<Bytes>| frame.map_data(|bytes| this.holding(bytes));
            return Poll::Ready(frame.map(|frame| frame.map(held)));
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
