//! Whether a refusal is one a caller can work with.

use bytes::Bytes;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::bodies::Wrong;
use crate::api::violations;

pub(super) fn judge(
    wrong: &Wrong,
    language: &str,
    answer: Result<Bytes, Status>,
) -> Option<String> {
    let status = match answer {
        Ok(_) if wrong.refused => return Some("was taken".to_owned()),
        Ok(_) => return None,
        Err(status) => status,
    };
    let words = format!("{:?} {}", status.code(), status.message());
    let sane = matches!(
        status.code(),
        Code::InvalidArgument
            | Code::NotFound
            | Code::FailedPrecondition
            | Code::AlreadyExists
            | Code::PermissionDenied
    );
    if !sane {
        return Some(words);
    }
    if status
        .get_details_error_info()
        .is_none_or(|info| info.domain != "lienminh")
    {
        return Some(format!("{words}: no ErrorInfo"));
    }
    let localized = status.get_details_localized_message();
    if localized.is_none_or(|localized| !localized.locale.starts_with(language)) {
        return Some(format!("{words}: not in {language}"));
    }
    if status.code() != Code::InvalidArgument {
        let missing = status.code() == Code::NotFound && wrong.after_the_resource;
        return (wrong.refused && !missing).then_some(words);
    }
    let violations = violations(&status);
    let Some(field) = &wrong.names else {
        return None;
    };
    let named: Vec<&str> = violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    (!named
        .iter()
        .any(|named| plain(named).ends_with(field.as_str())))
    .then(|| format!("{words} names {named:?}"))
}

/// A field path without the numbers of elements.
pub(super) fn plain(path: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for sign in path.chars() {
        match sign {
            '[' => inside = true,
            ']' => inside = false,
            other if !inside => plain.push(other),
            _ => {}
        }
    }
    plain
}
