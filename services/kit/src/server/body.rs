//! The body of a request with one message: whole, in bounds, and unpacked.
//!
//! Nothing waits for a body behind this: what a handler reads is there.

use std::io::Read as _;

use axum::body::Body;
use bytes::{BufMut as _, Bytes, BytesMut};
use flate2::read::GzDecoder;
use http::HeaderMap;
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::{REQUEST_LIMIT, refusal};
use crate::error::{Error, Result};

/// What stands before a message: whether it is packed, and its length (gRPC over
/// HTTP/2, "Length-Prefixed-Message").
const PREFIX: usize = 5;

/// Header that says how messages are packed.
const ENCODING: &str = "grpc-encoding";

/// Reads a body to its end.
///
/// # Errors
/// It is longer than one message may be, or its sender went away.
pub(super) async fn whole(mut body: Body) -> Result<Bytes> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| refusal::undecodable(""))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if read.len() + data.len() > PREFIX + REQUEST_LIMIT {
            return Err(refusal::too_large());
        }
        // Most requests are one frame, which need not be copied.
        if read.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}

/// The one message of a body, unpacked, with a prefix that says so.
pub(super) struct Message(Bytes);

impl Message {
    /// # Errors
    /// There is no message, more than one, a larger one than allowed, or one that
    /// cannot be unpacked.
    pub(super) fn read(body: Bytes, headers: &HeaderMap) -> Result<Self> {
        let (prefix, message) = body
            .split_at_checked(PREFIX)
            .ok_or_else(|| refusal::undecodable(""))?;
        let length = prefix
            .iter()
            .skip(1)
            .fold(0, |length, byte| length << 8 | usize::from(*byte));
        if length > REQUEST_LIMIT {
            return Err(refusal::too_large());
        }
        if message.len() != length {
            return Err(refusal::undecodable(""));
        }
        let is_gzip = headers
            .get(ENCODING)
            .is_some_and(|encoding| encoding == "gzip");
        match prefix.first() {
            Some(1) if is_gzip => unpack(message).map(Self),
            // Other encodings and flags are for tonic to refuse.
            _ => Ok(Self(body)),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.get(PREFIX..).unwrap_or_default()
    }

    pub(super) fn into_body(self) -> Body {
        Body::from(self.0)
    }
}

fn unpack(packed: &[u8]) -> Result<Bytes> {
    let mut body = BytesMut::zeroed(PREFIX).writer();
    let most = u64::try_from(REQUEST_LIMIT + 1).map_err(Error::internal)?;
    let length = std::io::copy(&mut GzDecoder::new(packed).take(most), &mut body)
        .map_err(|_| refusal::undecodable(""))?;
    if length == most {
        return Err(refusal::too_large());
    }
    let mut body = body.into_inner();
    let length = u32::try_from(length).map_err(Error::internal)?;
    body[1..PREFIX].copy_from_slice(&length.to_be_bytes());
    Ok(body.freeze())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(message: &[u8]) -> (Bytes, HeaderMap) {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(message).unwrap();
        let packed = gzip.finish().unwrap();
        let mut body = vec![1];
        body.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
        body.extend(packed);
        let mut headers = HeaderMap::new();
        headers.insert(ENCODING, "gzip".parse().unwrap());
        (body.into(), headers)
    }

    fn reason(read: Result<Message>) -> &'static str {
        match read {
            Ok(_) => "none",
            Err(Error::InvalidArgument(violations)) => violations[0].reason,
            Err(Error::ResourceExhausted(refusal, _)) => refusal.reason,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_packed_message_is_unpacked_once_and_for_all() {
        let (body, headers) = packed(b"a message");
        let message = Message::read(body, &headers).unwrap();
        assert_eq!(message.bytes(), b"a message");
        assert_eq!(message.0.as_ref(), b"\0\0\0\0\x09a message");
    }

    #[test]
    fn what_grows_beyond_the_limit_is_refused_and_what_fills_it_is_not() {
        for (length, expected) in [
            (REQUEST_LIMIT, "none"),
            (REQUEST_LIMIT + 1, "MESSAGE_TOO_LARGE"),
            (32 * REQUEST_LIMIT, "MESSAGE_TOO_LARGE"),
        ] {
            let (body, headers) = packed(&vec![0; length]);
            assert_eq!(reason(Message::read(body, &headers)), expected, "{length}");
        }
    }

    #[test]
    fn no_message_two_messages_and_half_of_one_are_refused() {
        for wrong in [
            &b""[..],
            b"\0\0",
            b"\0\0\0\0\x02a",
            b"\0\0\0\0\x01a\0\0\0\0\0",
        ] {
            let read = Message::read(Bytes::from_static(wrong), &HeaderMap::new());
            assert_eq!(reason(read), "UNDECODABLE", "{wrong:?}");
        }
        let (mut body, headers) = packed(b"a message");
        let cut = body.split_to(12);
        assert_eq!(reason(Message::read(cut, &headers)), "UNDECODABLE");
    }
}
