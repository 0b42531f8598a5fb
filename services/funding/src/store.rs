//! SQL of the service, constant text beside its functions.

pub(crate) mod application;
pub(crate) mod ledger;
pub(crate) mod obligation;
pub(crate) mod programme;
pub(crate) mod recount;

use kit::error::{Error, Result};
use uuid::Uuid;

/// Where a list goes on, newest first.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Cursor {
    pub(crate) at: jiff::Timestamp,
    pub(crate) id: Uuid,
}

/// Of what was read, this was changed: one row, unless somebody else was faster.
///
/// # Errors
/// [`Error::Aborted`]: nothing was changed.
fn one_changed(rows: u64) -> Result<()> {
    if rows == 1 {
        return Ok(());
    }
    Err(Error::aborted(
        "CONTENTION",
        "Dữ liệu đã được người khác thay đổi. Vui lòng tải lại rồi thực hiện lại.",
        "Somebody else has changed this meanwhile. Read it again, then decide.",
    ))
}

/// A stored word that the program does not know: the schema is newer or broken.
fn unknown(what: &str, word: &str) -> Error {
    Error::internal(anyhow::anyhow!("unknown {what} in the database: {word}"))
}
