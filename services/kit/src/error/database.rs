//! What PostgreSQL and its pool say, in our words.

use tokio_postgres::error::SqlState;

use super::{Error, Result};
use crate::database::trouble;

/// What a refusal means to whoever asked, by its SQLSTATE (PostgreSQL, appendix A).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The statement ran out of its time.
    Late,
    /// Somebody else works on the same rows.
    Contended,
    /// The server has no disk, memory or connection left; nothing was done.
    Short,
    /// The server goes down, comes up, only reads, or cannot reach its files; nothing
    /// was done.
    Away,
    /// The server contradicts itself, or its data are damaged.
    Broken,
    /// We asked for what it cannot give.
    Ours,
}

impl Meaning {
    pub(crate) fn of(state: &SqlState) -> Self {
        match *state {
            SqlState::QUERY_CANCELED => Self::Late,
            SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::LOCK_NOT_AVAILABLE => Self::Contended,
            SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => {
                Self::Away
            }
            _ => Self::of_class(state.code().get(..2).unwrap_or_default()),
        }
    }

    fn of_class(class: &str) -> Self {
        match class {
            // Insufficient resources.
            "53" => Self::Short,
            // Connection exception, operator intervention, system error.
            "08" | "57" | "58" => Self::Away,
            // Internal error, data corrupted, index corrupted.
            "XX" => Self::Broken,
            _ => Self::Ours,
        }
    }
}

impl Error {
    /// The SQLSTATE where the database refused.
    #[must_use]
    pub fn sqlstate(&self) -> Option<&SqlState> {
        if let Self::Database(error) = self {
            error.code()
        } else {
            None
        }
    }

    /// The name of the constraint that was hurt.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        if let Self::Database(error) = self {
            error.as_db_error()?.constraint()
        } else {
            None
        }
    }

    /// Whether the database refuses what it was given, and will refuse it again:
    /// a value it cannot hold, a constraint, a size.
    #[must_use]
    pub fn refuses_content(&self) -> bool {
        // SQLSTATE classes: data exception, integrity constraint, program limit.
        self.sqlstate().is_some_and(|code| {
            ["22", "23", "54"]
                .iter()
                .any(|class| code.code().starts_with(class))
        })
    }

    /// Whether the same transaction may succeed when run again from its start:
    /// a serialization failure or a deadlock.
    #[must_use]
    pub fn is_serialization_failure(&self) -> bool {
        matches!(
            self.sqlstate(),
            Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE
                || *code == SqlState::T_R_DEADLOCK_DETECTED
        )
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        trouble::note(&error);
        Self::Database(error)
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        use deadpool_postgres::{PoolError, TimeoutType};
        match error {
            // Every connection is busy: the caller should come back, not pile up.
            PoolError::Timeout(TimeoutType::Wait) => Self::resource_exhausted(
                "DATABASE_BUSY",
                "Hệ thống đang bận, xin thử lại sau ít giây.",
                "The system is busy, please try again in a few seconds.",
                Some(std::time::Duration::from_secs(1)),
            ),
            PoolError::Backend(error) => {
                trouble::note(&error);
                Self::Unavailable(error.into())
            }
            // A connection that cannot be made in time is as good as none.
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle)
            | PoolError::Closed
            | PoolError::NoRuntimeSpecified
            | PoolError::PostCreateHook(_) => Self::Unavailable(error.into()),
        }
    }
}

/// Maps the name of a hurt constraint to the error a caller should see.
///
/// ```ignore
/// insert(tx, &organisation).await
///     .on_constraint("organisation_tax_code_key", || Error::already_exists(..))?;
/// ```
pub trait OnConstraint<T> {
    /// Replaces the database's refusal by `error()` when `constraint` was hurt.
    ///
    /// # Errors
    /// The given error, or the original one for any other constraint.
    fn on_constraint(self, constraint: &str, error: impl FnOnce() -> Error) -> Result<T>;
}

impl<T, E: Into<Error>> OnConstraint<T> for std::result::Result<T, E> {
    fn on_constraint(self, constraint: &str, error: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|cause| {
            let cause = cause.into();
            if cause.constraint() == Some(constraint) {
                error()
            } else {
                cause
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_cannot_do_for_anybody_is_not_our_fault() {
        for (code, meaning) in [
            ("53000", Meaning::Short),
            ("53100", Meaning::Short),
            ("53200", Meaning::Short),
            ("53300", Meaning::Short),
            ("53400", Meaning::Short),
            ("08006", Meaning::Away),
            ("25006", Meaning::Away),
            ("57P01", Meaning::Away),
            ("57P03", Meaning::Away),
            ("57P04", Meaning::Away),
            ("58030", Meaning::Away),
            ("58P01", Meaning::Away),
            ("57014", Meaning::Late),
            ("40001", Meaning::Contended),
            ("XX001", Meaning::Broken),
            ("XX002", Meaning::Broken),
            ("42703", Meaning::Ours),
            ("23505", Meaning::Ours),
            ("54000", Meaning::Ours),
        ] {
            assert_eq!(Meaning::of(&SqlState::from_code(code)), meaning, "{code}");
        }
    }
}
