//! Addresses that are known to be dead.

use kit::database::Session;
use kit::error::Result;

use crate::domain::delivery::Channel;

const AMONG: &str = "
    select s.address from suppression s where s.channel = $1 and s.address = any($2)";

/// Which of these addresses are dead; fan-out treats them as absent.
///
/// # Errors
/// What the database says.
pub async fn among(
    session: &impl Session,
    channel: Channel,
    addresses: &[&str],
) -> Result<Vec<String>> {
    let rows = session
        .query(AMONG, &[&channel.as_str(), &addresses])
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
