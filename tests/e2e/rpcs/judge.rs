//! Whether a refusal is one a caller can work with.

use bytes::Bytes;
use tonic::{Code, Status};
use tonic_types::{LocalizedMessage, StatusExt};

use super::bodies::{Duty, Wrong};
use crate::api::violations;

/// What is wrong with the answer to a wrong body; `base` is what the answer to the good one named.
pub(super) fn judge(
    wrong: &Wrong,
    base: &[String],
    language: &str,
    answer: Result<Bytes, Status>,
) -> Option<String> {
    let status = match answer {
        Ok(_) if wrong.duty == Duty::Name => return None,
        Ok(_) => return Some("was taken".to_owned()),
        Err(status) => status,
    };
    let words = format!("{:?} {}", status.code(), status.message());
    if let Some(fault) = form(&status, language) {
        return Some(format!("{words}: {fault}"));
    }
    match (status.code(), wrong.duty) {
        (Code::ResourceExhausted, Duty::TooLarge) => None,
        (Code::ResourceExhausted, _) | (_, Duty::TooLarge) => Some(words),
        (Code::InvalidArgument, Duty::RefuseText) => names_text(wrong, &status),
        (Code::InvalidArgument, _) => names(wrong, base, &status),
        (Code::NotFound, Duty::RefuseOrMiss) | (_, Duty::Name) => None,
        _ => Some(words),
    }
}

/// Every refusal has a code for it, our domain, and a sentence in the language asked for.
fn form(status: &Status, language: &str) -> Option<&'static str> {
    let sane = matches!(
        status.code(),
        Code::InvalidArgument
            | Code::NotFound
            | Code::FailedPrecondition
            | Code::AlreadyExists
            | Code::PermissionDenied
            | Code::ResourceExhausted
    );
    let ours = |info: tonic_types::ErrorInfo| info.domain == "lienminh";
    let spoken = |words: LocalizedMessage| words.locale.starts_with(language);
    if !sane {
        Some("no code for a wrong request")
    } else if !status.get_details_error_info().is_some_and(ours) {
        Some("no ErrorInfo")
    } else if !status.get_details_localized_message().is_some_and(spoken) {
        Some("not in the language asked for")
    } else {
        None
    }
}

/// A violation says of the field that its text does not fit.
fn names_text(wrong: &Wrong, status: &Status) -> Option<String> {
    let path = wrong.path.as_deref().unwrap_or_default();
    let fits = violations(status).iter().any(|each| {
        let unfit = matches!(
            each.reason.as_str(),
            "UNSAFE_CHARACTERS" | "LEGACY_ENCODING"
        );
        unfit && is_at(&each.field, path)
    });
    (!fits).then(|| format!("names {:?}, not the text of {path}", violated(status)))
}

/// A violation names the field. Where none is owed, one that the good body did not have may
/// also be about what stands beside the field: a message that is there at all needs all its parts.
fn names(wrong: &Wrong, base: &[String], status: &Status) -> Option<String> {
    let path = wrong.path.as_ref()?;
    let named = violated(status);
    if named.iter().any(|named| is_at(named, path)) {
        return None;
    }
    let around = path
        .rsplit_once('.')
        .map_or(path.as_str(), |(around, _)| around);
    let new = named
        .iter()
        .any(|named| !base.contains(named) && !is_at(named, around));
    (new || wrong.duty != Duty::Name).then(|| format!("names {named:?}, not {path}"))
}

/// The fields that a refusal names.
pub(super) fn violated(status: &Status) -> Vec<String> {
    let violations = violations(status);
    violations
        .into_iter()
        .map(|violation| violation.field)
        .collect()
}

/// Whether a violation is about the field at `path`: the field, a part of it, or the list that it
/// is an element of.
fn is_at(named: &str, path: &str) -> bool {
    let list = path.strip_suffix("[0]").unwrap_or(path);
    let rest = named.strip_prefix(list);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
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
