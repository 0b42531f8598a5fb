//! SQL of the service, constant text beside its functions.

pub(crate) mod application;
pub(crate) mod ledger;
pub(crate) mod obligation;
pub(crate) mod programme;

use kit::error::Error;
use uuid::Uuid;

/// Where a list goes on, newest first.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Cursor {
    pub(crate) at: jiff::Timestamp,
    pub(crate) id: Uuid,
}

/// A stored word that the program does not know: the schema is newer or broken.
fn unknown(what: &str, word: &str) -> Error {
    Error::internal(anyhow::anyhow!("unknown {what} in the database: {word}"))
}
