//! Whether the schema is one that this program can work with.
//!
//! While it is not, no connection is lent: an older program that goes on beside a
//! schema made for a newer one would read and write what it does not understand, and
//! tell people of it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::error::{Error, Result};

/// What is known of the schema; shared by all pools of a process. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Schema(Arc<watch::Sender<Standing>>);

/// How program and schema stand to each other, as last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody looks: a command or a test that knows what it does.
    Unwatched,
    /// Not seen yet.
    Unseen,
    /// They fit.
    Fits,
    /// They do not, for this reason.
    Unfit(String),
}

impl Default for Schema {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Standing::Unwatched)))
    }
}

impl Schema {
    /// Notes what was seen; tells whether that is news.
    pub(crate) fn set(&self, standing: Standing) -> bool {
        self.0.send_if_modified(|before| {
            let news = *before != standing;
            *before = standing;
            news
        })
    }

    /// Why nothing may be done with it; nothing when it is well.
    pub(crate) fn problem(&self) -> Option<String> {
        match &*self.0.borrow() {
            Standing::Unwatched | Standing::Fits => None,
            Standing::Unseen => Some("the schema has not been seen yet".to_owned()),
            Standing::Unfit(reason) => Some(reason.clone()),
        }
    }

    /// Refuses while program and schema do not fit.
    pub(crate) fn permit(&self) -> Result<()> {
        match self.problem() {
            None => Ok(()),
            Some(problem) => Err(Error::Unavailable(anyhow::anyhow!(problem))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_not_look_is_trusted_and_whoever_looks_must_have_seen() {
        let schema = Schema::default();
        assert!(schema.permit().is_ok());
        assert!(schema.set(Standing::Unseen));
        assert!(schema.permit().is_err());
        assert!(schema.set(Standing::Fits));
        assert!(!schema.set(Standing::Fits), "no news");
        assert!(schema.permit().is_ok());
        schema.set(Standing::Unfit("made for a newer one".to_owned()));
        assert!(matches!(schema.permit(), Err(Error::Unavailable(_))));
    }
}
