//! What PostgreSQL and its pool say, in our words.

use tokio_postgres::error::SqlState;

use super::{Error, Result};

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
            PoolError::Backend(error) => Self::Unavailable(error.into()),
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
