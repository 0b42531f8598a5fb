//! The one place where an error becomes a `tonic::Status`.

use std::borrow::Cow;
use std::collections::HashMap;

use tokio_postgres::error::SqlState;
use tonic::{Code, Response, Status};
use tonic_types::{ErrorDetails, FieldViolation, LocalizedMessage, StatusExt};

use super::database::Meaning;
use super::{Error, Refusal, Result, Violation};
use crate::language::{Language, Sentence};

/// `ErrorInfo.domain` of every error of this system.
pub const DOMAIN: &str = "lienminh";

/// Turns the result of a use case into the answer of an rpc, in the caller's language.
///
/// # Errors
/// The status that tells the error to the caller.
pub fn answer<T>(
    language: Language,
    result: Result<T>,
) -> std::result::Result<Response<T>, Status> {
    result
        .map(Response::new)
        .map_err(|error| error.into_status(language))
}

impl Error {
    /// The status for the caller. What is internal is logged here, once, with
    /// its whole chain, and does not travel.
    #[must_use]
    pub fn into_status(self, language: Language) -> Status {
        self.log();
        match self {
            Self::InvalidArgument(violations) => invalid_argument(&violations, language),
            Self::NotFound { resource, sentence } => not_found(resource, sentence, language),
            Self::AlreadyExists(refusal) => refused(Code::AlreadyExists, &refusal, language),
            Self::FailedPrecondition(refusal) => {
                refused(Code::FailedPrecondition, &refusal, language)
            }
            Self::Aborted(refusal) => refused(Code::Aborted, &refusal, language),
            Self::Unauthenticated(refusal) => refused(Code::Unauthenticated, &refusal, language),
            Self::PermissionDenied(refusal) => refused(Code::PermissionDenied, &refusal, language),
            Self::ResourceExhausted(refusal, retry_after) => {
                let mut details = details(&refusal, language);
                if retry_after.is_some() {
                    details.set_retry_info(retry_after);
                }
                with_details(Code::ResourceExhausted, &refusal.sentence, details)
            }
            Self::Unavailable(_) => refused(Code::Unavailable, &unavailable(), language),
            Self::DeadlineExceeded => refused(Code::DeadlineExceeded, &too_late(), language),
            Self::Database(error) => of_database(&error, language),
            Self::Internal(_) => refused(Code::Internal, &internal(), language),
        }
    }

    fn log(&self) {
        match self {
            Self::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "internal error")
            }
            Self::Unavailable(error) => {
                tracing::warn!(error = format!("{error:#}"), "a part is not available");
            }
            // The detail line of a database error quotes the row, personal data
            // included: code, constraint and message only.
            Self::Database(error) => tracing::error!(
                code = error.code().map(SqlState::code),
                constraint = self.constraint(),
                error = error
                    .as_db_error()
                    .map_or_else(|| error.to_string(), |each| each.message().to_owned()),
                "the database refused"
            ),
            Self::InvalidArgument(_)
            | Self::NotFound { .. }
            | Self::AlreadyExists(_)
            | Self::FailedPrecondition(_)
            | Self::Aborted(_)
            | Self::Unauthenticated(_)
            | Self::PermissionDenied(_)
            | Self::ResourceExhausted(..)
            | Self::DeadlineExceeded => {}
        }
    }
}

/// The code that a database error means to a caller: contention, a server without
/// room and lost connections can be tried again, a cancelled statement ran out of time.
fn of_database(error: &tokio_postgres::Error, language: Language) -> Status {
    let Some(code) = error.code() else {
        // No SQLSTATE: the connection went away, or a value did not convert.
        return if error.is_closed() || is_broken_line(error) {
            refused(Code::Unavailable, &unavailable(), language)
        } else {
            refused(Code::Internal, &internal(), language)
        };
    };
    match Meaning::of(code) {
        Meaning::Late => refused(Code::DeadlineExceeded, &too_late(), language),
        Meaning::Contended => refused(Code::Aborted, &contended(), language),
        Meaning::Short | Meaning::Away => refused(Code::Unavailable, &unavailable(), language),
        Meaning::Broken | Meaning::Ours => refused(Code::Internal, &internal(), language),
    }
}

fn is_broken_line(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

fn invalid_argument(violations: &[Violation], language: Language) -> Status {
    let sentence = Sentence::new(
        "Yêu cầu có mục chưa đúng, xin xem từng mục.",
        "The request has wrong fields, see each of them.",
    );
    let reason = violations.first().map_or("INVALID", |each| each.reason);
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    let told = told(violations);
    let told = told.iter().map(|each| field_violation(each, language));
    details.set_bad_request(told.collect::<Vec<_>>());
    let localized = match violations {
        [only] => &only.sentence,
        _ => &sentence,
    };
    details.set_localized_message(language.tag(), localized.text(language));
    let told = violations.iter().take(VIOLATION_LIMIT);
    let message = told.fold(String::new(), |mut text, each| {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&each.field);
        text.push_str(": ");
        text.push_str(&each.sentence.en);
        text
    });
    let message = crop(&message, MESSAGE_LIMIT);
    Status::with_error_details(Code::InvalidArgument, message, details)
}

/// `grpc-message` travels in a header: a caller's 16 KiB header list must hold
/// it beside the details, so a request with hundreds of wrong fields is cropped.
const MESSAGE_LIMIT: usize = 1024;

/// Violations told at once: some 350 bytes each, a third more in base64, stay
/// below the same 16 KiB.
pub const VIOLATION_LIMIT: usize = 24;

/// As many violations as fit; the last one says how many more there are.
fn told(violations: &[Violation]) -> Cow<'_, [Violation]> {
    let (first, rest) = violations.split_at(violations.len().min(VIOLATION_LIMIT - 1));
    match rest {
        [] | [_] => Cow::Borrowed(violations),
        [next, ..] => {
            let mut told = first.to_vec();
            told.push(Violation::and_more(&next.field, rest.len()));
            Cow::Owned(told)
        }
    }
}

fn crop(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

fn field_violation(violation: &Violation, language: Language) -> FieldViolation {
    FieldViolation {
        field: violation.field.clone(),
        description: violation.sentence.en.to_string(),
        reason: violation.reason.to_owned(),
        localized_message: Some(LocalizedMessage::new(
            language.tag(),
            violation.sentence.text(language),
        )),
    }
}

fn not_found(resource: String, sentence: Sentence, language: Language) -> Status {
    let refusal = Refusal {
        reason: "NOT_FOUND",
        sentence,
        metadata: vec![("resource", resource)],
    };
    refused(Code::NotFound, &refusal, language)
}

fn refused(code: Code, refusal: &Refusal, language: Language) -> Status {
    with_details(code, &refusal.sentence, details(refusal, language))
}

fn with_details(code: Code, sentence: &Sentence, details: ErrorDetails) -> Status {
    Status::with_error_details(code, sentence.en.clone(), details)
}

fn details(refusal: &Refusal, language: Language) -> ErrorDetails {
    let metadata: HashMap<String, String> = refusal
        .metadata
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    let mut details = ErrorDetails::with_error_info(refusal.reason, DOMAIN, metadata);
    details.set_localized_message(language.tag(), refusal.sentence.text(language));
    details
}

fn unavailable() -> Refusal {
    Refusal::new(
        "UNAVAILABLE",
        "Hệ thống tạm thời chưa phục vụ được, xin thử lại.",
        "The system cannot serve this right now, please try again.",
    )
}

fn too_late() -> Refusal {
    Refusal::new(
        "DEADLINE_EXCEEDED",
        "Đã hết thời gian cho phép của yêu cầu.",
        "The time allowed for the request is over.",
    )
}

fn contended() -> Refusal {
    Refusal::new(
        "CONTENDED",
        "Có người khác đang sửa cùng dữ liệu, xin đọc lại rồi thử lại.",
        "Somebody else is changing the same data; read it again and retry.",
    )
}

fn internal() -> Refusal {
    Refusal::new(
        "INTERNAL",
        "Hệ thống gặp lỗi nội bộ; lỗi đã được ghi lại.",
        "An internal error occurred; it has been recorded.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use super::*;

    fn status(error: Error) -> Status {
        error.into_status(Language::En)
    }

    #[test]
    fn every_error_has_its_code_domain_and_sentence() {
        let refusal = |make: fn(Refusal) -> Error| make(Refusal::new("WHY", "Vì sao", "Why"));
        for (error, code) in [
            (
                Error::invalid(Violation::required("a")),
                Code::InvalidArgument,
            ),
            (Error::not_found("organisations/1"), Code::NotFound),
            (refusal(Error::AlreadyExists), Code::AlreadyExists),
            (refusal(Error::FailedPrecondition), Code::FailedPrecondition),
            (refusal(Error::Aborted), Code::Aborted),
            (Error::unauthenticated(), Code::Unauthenticated),
            (Error::permission_denied("a.b"), Code::PermissionDenied),
            (Error::not_yours(), Code::PermissionDenied),
            (
                Error::unavailable(anyhow::anyhow!("gone")),
                Code::Unavailable,
            ),
            (Error::DeadlineExceeded, Code::DeadlineExceeded),
            (Error::internal(anyhow::anyhow!("ours")), Code::Internal),
        ] {
            let status = status(error);
            let details = status.get_error_details();
            assert_eq!(status.code(), code);
            assert_eq!(details.error_info().unwrap().domain, DOMAIN);
            assert_eq!(details.localized_message().unwrap().locale, "en");
            assert!(!details.localized_message().unwrap().message.is_empty());
        }
    }

    #[test]
    fn what_is_internal_does_not_travel() {
        let cause = anyhow::anyhow!("password hunter2").context("relation organisation");
        for error in [
            Error::internal(cause),
            Error::unavailable(anyhow::anyhow!("hunter2")),
        ] {
            let shown = error.to_string();
            let status = status(error);
            let sent = format!("{shown} {status:?} {:?}", status.get_error_details());
            assert!(!sent.contains("hunter2"), "{sent}");
            assert!(!sent.contains("relation"), "{sent}");
        }
    }

    #[test]
    fn figures_behind_a_refusal_reach_programs() {
        let error = Error::failed_precondition("BUDGET_EXCEEDED", "Quá ngân sách.", "Over budget.")
            .with("available_vnd", 195_000_000);
        let status = error.into_status(Language::Vi);
        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!(info.reason, "BUDGET_EXCEEDED");
        assert_eq!(info.metadata["available_vnd"], "195000000");
        assert_eq!(
            details.localized_message().unwrap().message,
            "Quá ngân sách."
        );
    }

    #[test]
    fn a_busy_system_says_when_to_come_back() {
        let wait = Some(Duration::from_secs(1));
        let status = status(Error::resource_exhausted("BUSY", "Bận.", "Busy.", wait));
        assert_eq!(status.code(), Code::ResourceExhausted);
        let details = status.get_error_details();
        assert_eq!(details.retry_info().unwrap().retry_delay, wait);
    }

    #[test]
    fn a_thousand_wrong_fields_still_fit_into_a_header_list() {
        let violations = (0..1000)
            .map(|row| Violation::too_long(format!("organisations[{row}].display_name"), 200))
            .collect();
        let status = Error::InvalidArgument(violations).into_status(Language::Vi);
        let mut headers = http::HeaderMap::new();
        status.add_header(&mut headers).unwrap();
        let bytes: usize = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 32)
            .sum();
        assert!(bytes < 16 * 1024, "{bytes}");
        let details = status.get_error_details();
        let told = &details.bad_request().unwrap().field_violations;
        let last = told.last().unwrap();
        assert_eq!(told.len(), VIOLATION_LIMIT);
        assert_eq!(last.reason, "MORE_VIOLATIONS");
        assert_eq!(last.field, "organisations[23].display_name");
        assert!(last.description.contains("977"), "{}", last.description);
    }
}
