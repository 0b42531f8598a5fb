//! What only this service knows.

use kit::database::Session;
use kit::error::Result;

const KEEP: &str = "
    insert into secret (name, value) values ($1, $2)
    on conflict (name) do nothing";

const READ: &str = "select s.value from secret s where s.name = $1";

/// The secret of this name: `candidate` where there was none, otherwise the one
/// that whoever came first has kept.
///
/// # Errors
/// What the database says.
pub async fn ensure(session: &impl Session, name: &str, candidate: &[u8]) -> Result<Vec<u8>> {
    session.execute(KEEP, &[&name, &candidate]).await?;
    Ok(session.query_one(READ, &[&name]).await?.get(0))
}
