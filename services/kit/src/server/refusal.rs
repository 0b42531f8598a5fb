//! Refusals made before a handler runs, by us and by tonic's codec.

use axum::body::Body;
use axum::response::Response;
use lienminh_proto::{Misfit, UnfitTexts};
use tonic::{Code, Status};

use crate::error::{Error, Violation};
use crate::language::Language;

/// How tonic-prost reports bytes that are not the request it expects: as INTERNAL,
/// with prost's words. Our own internal errors never carry them.
const UNDECODABLE: &str = "failed to decode Protobuf message";

/// The answer that tells `error`.
pub(super) fn refuse(error: Error, language: Language) -> Response {
    error.into_status(language).into_http::<Body>()
}

/// Gives an answer of tonic's codec the code that callers expect.
pub(super) fn translate(response: Response, language: Language) -> Response {
    if let Some(unfit) = unfit_texts(&response) {
        return refuse(unfit, language);
    }
    let Some(status) = Status::from_header_map(response.headers()) else {
        return response;
    };
    let (code, message) = (status.code(), status.message());
    if code == Code::Internal && message.starts_with(UNDECODABLE) {
        return refuse(undecodable(&field(message)), language);
    }
    response
}

/// Texts that the contract does not allow, which the codec finds before it decodes.
fn unfit_texts(response: &Response) -> Option<Error> {
    let status = response.extensions().get::<Status>()?;
    let UnfitTexts(found) = std::error::Error::source(status)?.downcast_ref()?;
    let told = |each: &Misfit| Violation::unsafe_characters(&each.field, each.what);
    Some(Error::InvalidArgument(found.iter().map(told).collect()))
}

/// The path of the field that could not be read: prost reports the way back from it as
/// `Event.title: CreateEventRequest.event: reason`. Empty where it does not.
fn field(message: &str) -> String {
    let parts = message.strip_prefix(UNDECODABLE).unwrap_or_default();
    let names = parts.split(": ").filter_map(|part| {
        let (message, field) = part.split_once('.')?;
        let plain = |word: &str| {
            word.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        (plain(message) && plain(field)).then_some(field)
    });
    let mut names: Vec<_> = names.collect();
    names.reverse();
    names.join(".")
}

/// Bytes that are not the request that was expected.
pub(super) fn undecodable(field: &str) -> Error {
    Error::invalid(Violation::new(
        field,
        "UNDECODABLE",
        "Không đọc được nội dung yêu cầu.",
        "The request could not be decoded.",
    ))
}

/// A header that a call has once, and that came more often.
pub(super) fn twice(header: &str) -> Error {
    Error::invalid(Violation::new(
        header,
        "TWICE",
        "Yêu cầu có tiêu đề này nhiều hơn một lần.",
        "The call has this header more than once.",
    ))
}

/// A request beyond [`super::REQUEST_LIMIT`].
pub(super) fn too_large() -> Error {
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

/// More rpcs of one subject at once than its share.
pub(super) fn too_busy_a_caller() -> Error {
    Error::resource_exhausted(
        "TOO_MANY_CALLS",
        "Tài khoản này đang gọi quá nhiều việc cùng lúc, xin thử lại sau ít giây.",
        "This caller has too many calls in flight, please try again in a few seconds.",
        Some(std::time::Duration::from_secs(1)),
    )
}

/// More look-ups than a caller has in a second.
pub(super) fn too_many_lookups(wait: std::time::Duration) -> Error {
    Error::resource_exhausted(
        "TOO_MANY_LOOKUPS",
        "Tài khoản này tra cứu quá nhanh, xin thử lại sau giây lát.",
        "This caller looks people up too fast, please try again in a moment.",
        Some(wait),
    )
}

/// A path that is not one of our rpcs.
pub(super) fn unknown() -> Response {
    Status::unimplemented("there is no such rpc here").into_http::<Body>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_an_unreadable_field_is_told() {
        let nested = format!(
            "{UNDECODABLE}: Event.title: CreateEventRequest.event: invalid string value: data is not UTF-8 encoded"
        );
        assert_eq!(field(&nested), "event.title");
        assert_eq!(
            field(&format!("{UNDECODABLE}: invalid wire type value: 7")),
            ""
        );
        assert_eq!(field(UNDECODABLE), "");
    }
}
