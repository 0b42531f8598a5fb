//! Refusals made before a handler runs, by us and by tonic's codec.

use axum::body::Body;
use axum::response::Response;
use tonic::{Code, Status};

use crate::error::{Error, Violation};
use crate::language::Language;

/// How tonic-prost reports bytes that are not the request it expects: as INTERNAL,
/// with prost's words. Our own internal errors never carry them.
const UNDECODABLE: &str = "failed to decode Protobuf message";

/// How tonic's codec begins its report on an oversized message.
const TOO_LARGE: &str = "Error, decoded message length too large";

/// How it reports one that grows beyond the limit when unpacked, or cannot be unpacked.
const TOO_LARGE_UNPACKED: &str = "Error decompressing: size limit";
const NOT_UNPACKABLE: &str = "Error decompressing";

/// The answer that tells `error`.
pub(super) fn refuse(error: Error, language: Language) -> Response {
    error.into_status(language).into_http::<Body>()
}

/// Gives an answer of tonic's codec the code that callers expect.
pub(super) fn translate(response: Response, language: Language) -> Response {
    let Some(status) = Status::from_header_map(response.headers()) else {
        return response;
    };
    let (code, message) = (status.code(), status.message());
    if code == Code::Internal && message.starts_with(UNDECODABLE) {
        return refuse(undecodable(), language);
    }
    if message.starts_with(TOO_LARGE) || message.starts_with(TOO_LARGE_UNPACKED) {
        return refuse(too_large(), language);
    }
    if code == Code::Internal && message.starts_with(NOT_UNPACKABLE) {
        return refuse(undecodable(), language);
    }
    response
}

fn undecodable() -> Error {
    Error::invalid(Violation::new(
        "",
        "UNDECODABLE",
        "Không đọc được nội dung yêu cầu.",
        "The request could not be decoded.",
    ))
}

fn too_large() -> Error {
    Error::resource_exhausted(
        "MESSAGE_TOO_LARGE",
        "Yêu cầu lớn quá mức cho phép.",
        "The request is larger than allowed.",
        None,
    )
    .with("limit_bytes", super::REQUEST_LIMIT)
}

/// More rpcs than we handle at once.
pub(super) fn overloaded() -> Error {
    Error::resource_exhausted(
        "OVERLOADED",
        "Hệ thống đang quá tải, xin thử lại sau ít giây.",
        "The system is overloaded, please try again in a few seconds.",
        Some(std::time::Duration::from_secs(1)),
    )
}

/// A path that is not one of our rpcs.
pub(super) fn unknown() -> Response {
    Status::unimplemented("there is no such rpc here").into_http::<Body>()
}
