//! One error for every layer of a service, free of transport and of SQL.
//!
//! `Display` never prints a source: what is internal is logged once, at the
//! boundary, and a caller reads only what was written for callers.

mod database;
mod status;
mod violation;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

pub(crate) use database::Meaning;
pub use database::OnConstraint;
pub use status::{DOMAIN, VIOLATION_LIMIT, answer};
pub use violation::{Violation, Violations};

use crate::language::Sentence;

/// Shorthand for what most functions of a service return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request was not carried out.
///
/// Build the refusals with their constructors: [`Error::failed_precondition`],
/// [`Error::aborted`] and so on.
#[derive(Debug)]
pub enum Error {
    /// Fields of the request are wrong; every one of them is named.
    InvalidArgument(Vec<Violation>),
    /// No such resource, or none that this caller may know of.
    NotFound {
        /// The resource name that was asked for.
        resource: String,
        /// The sentence for people.
        sentence: Sentence,
    },
    /// The resource exists, or another one holds what must be unique.
    AlreadyExists(Refusal),
    /// The request is fine, the present state does not allow it.
    FailedPrecondition(Refusal),
    /// Somebody else was faster: a stale etag, a lost race. Read again, then decide.
    Aborted(Refusal),
    /// The caller is not who it says, or did not say.
    Unauthenticated(Refusal),
    /// The caller is known and may not do this.
    PermissionDenied(Refusal),
    /// A limit is reached; waiting helps.
    ResourceExhausted(Refusal, Option<Duration>),
    /// A part is not there now. Safe to retry: nothing was done.
    Unavailable(anyhow::Error),
    /// The time allowed for the request is over.
    DeadlineExceeded,
    /// What the database said; see [`Error::sqlstate`] and [`OnConstraint`].
    Database(tokio_postgres::Error),
    /// Our own fault. Logged with its whole chain, told to nobody.
    Internal(anyhow::Error),
}

/// A reasoned no: a stable reason for programs, a sentence for people, figures for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable reason in `UPPER_SNAKE_CASE`, part of the contract.
    pub reason: &'static str,
    /// The sentence for people.
    pub sentence: Sentence,
    /// Figures and names behind the refusal, for programs (`ErrorInfo.metadata`).
    pub metadata: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without metadata.
    pub fn new(
        reason: &'static str,
        vi: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            reason,
            sentence: Sentence::new(vi, en),
            metadata: Vec::new(),
        }
    }
}

impl Error {
    /// One wrong field; collect several with [`Violations`].
    #[must_use]
    pub fn invalid(violation: Violation) -> Self {
        Self::InvalidArgument(vec![violation])
    }

    /// No such resource, by its resource name.
    #[must_use]
    pub fn not_found(resource: impl Into<String>) -> Self {
        let resource = resource.into();
        let sentence = Sentence::new(
            format!("Không tìm thấy {resource}."),
            format!("{resource} was not found."),
        );
        Self::NotFound { resource, sentence }
    }

    /// No such resource, where a sentence says more than its name, such as who is not invited.
    pub fn not_found_as(
        resource: impl Into<String>,
        vi: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::NotFound {
            resource: resource.into(),
            sentence: Sentence::new(vi, en),
        }
    }

    /// Something that must be unique is taken.
    pub fn already_exists(
        reason: &'static str,
        vi: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::AlreadyExists(Refusal::new(reason, vi, en))
    }

    /// The present state does not allow it.
    pub fn failed_precondition(
        reason: &'static str,
        vi: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::FailedPrecondition(Refusal::new(reason, vi, en))
    }

    /// A lost race.
    pub fn aborted(
        reason: &'static str,
        vi: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Aborted(Refusal::new(reason, vi, en))
    }

    /// The caller did not prove who it is. One text for every cause, so that
    /// a guesser learns nothing; the cause goes to the log.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::Unauthenticated(Refusal::new(
            "UNAUTHENTICATED",
            "Chưa xác thực được người gọi: cần một mã truy cập (token) còn hiệu lực.",
            "The caller could not be authenticated: a valid token is required.",
        ))
    }

    /// A caller that is bound to one organisation lacks `permission`.
    #[must_use]
    pub fn permission_denied(permission: &str) -> Self {
        Self::PermissionDenied(Refusal {
            reason: "PERMISSION_DENIED",
            sentence: Sentence::new(
                "Tài khoản gọi không có quyền thực hiện việc này.",
                "The caller lacks the permission for this.",
            ),
            metadata: vec![("permission", permission.to_owned())],
        })
    }

    /// A caller of the house lacks `permission`, which it is told: whoever issues its
    /// tokens must know what to add.
    #[must_use]
    pub fn permission_missing(permission: &str) -> Self {
        Self::PermissionDenied(Refusal {
            reason: "PERMISSION_DENIED",
            sentence: Sentence::new(
                format!(
                    "Tài khoản gọi chưa có quyền {permission}; xin đề nghị người quản trị cấp mã \
                     truy cập có quyền này."
                ),
                format!(
                    "The caller lacks the permission {permission}; ask for a token that has it."
                ),
            ),
            metadata: vec![("permission", permission.to_owned())],
        })
    }

    /// The caller is bound to one organisation, and this is another one's.
    /// The same text whether the other exists or not.
    #[must_use]
    pub fn not_yours() -> Self {
        Self::PermissionDenied(Refusal::new(
            "OTHER_ORGANISATION",
            "Tài khoản gọi chỉ được làm việc với đơn vị của mình.",
            "The caller may only work with its own organisation.",
        ))
    }

    /// A limit is reached; `retry_after` tells when to come back.
    pub fn resource_exhausted(
        reason: &'static str,
        vi: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
        retry_after: Option<Duration>,
    ) -> Self {
        Self::ResourceExhausted(Refusal::new(reason, vi, en), retry_after)
    }

    /// A part is not there now and nothing was done.
    pub fn unavailable(cause: impl Into<anyhow::Error>) -> Self {
        Self::Unavailable(cause.into())
    }

    /// Our own fault.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(cause.into())
    }

    /// Adds a figure or a name to the metadata of a refusal; other errors stay as they are.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        if let Self::AlreadyExists(refusal)
        | Self::FailedPrecondition(refusal)
        | Self::Aborted(refusal)
        | Self::Unauthenticated(refusal)
        | Self::PermissionDenied(refusal)
        | Self::ResourceExhausted(refusal, _) = &mut self
        {
            refusal.metadata.push((key, value.to_string()));
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidArgument(violations) => {
                formatter.write_str("invalid argument:")?;
                for violation in violations {
                    write!(
                        formatter,
                        " {}: {};",
                        violation.field, violation.sentence.en
                    )?;
                }
                Ok(())
            }
            Self::NotFound { resource, .. } => write!(formatter, "{resource} was not found"),
            Self::AlreadyExists(refusal)
            | Self::FailedPrecondition(refusal)
            | Self::Aborted(refusal)
            | Self::Unauthenticated(refusal)
            | Self::PermissionDenied(refusal)
            | Self::ResourceExhausted(refusal, _) => {
                write!(formatter, "{}: {}", refusal.reason, refusal.sentence.en)
            }
            Self::Unavailable(_) => formatter.write_str("a part of the system is not there now"),
            Self::DeadlineExceeded => formatter.write_str("the deadline has passed"),
            Self::Database(_) => formatter.write_str("the database refused"),
            Self::Internal(_) => formatter.write_str("internal error"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(error) => Some(error),
            Self::Internal(error) | Self::Unavailable(error) => Some(error.as_ref()),
            Self::InvalidArgument(_)
            | Self::NotFound { .. }
            | Self::AlreadyExists(_)
            | Self::FailedPrecondition(_)
            | Self::Aborted(_)
            | Self::Unauthenticated(_)
            | Self::PermissionDenied(_)
            | Self::ResourceExhausted(..)
            | Self::DeadlineExceeded => None,
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(own) => own,
            Err(other) => Self::Internal(other),
        }
    }
}
