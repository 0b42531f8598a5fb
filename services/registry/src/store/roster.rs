//! What an import needs to know before it decides.

use kit::database::{Session, Tx};
use kit::error::Result;

use super::contact;
use super::organisation::{organisation_columns, read};
use crate::domain::id::OrganisationId;
use crate::domain::organisation::Organisation;
use crate::domain::roster::{Known, Row};

// Imports take turns: two of the same roster would each create what it does not see.
const TAKE_TURN: &str = "select pg_advisory_xact_lock(hashtext('registry.import'))";

const KNOWN: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where o.id in ( \
     select c.id from organisation c where c.roster_code = any($1) \
     union select c.id from organisation c where c.tax_code = any($2)) \
     order by o.id for no key update"
);

/// The organisations and contacts that the rows may speak of, locked until the
/// transaction ends.
///
/// # Errors
/// What the database says.
pub async fn known(tx: &Tx, rows: &[&Row]) -> Result<Known> {
    tx.execute(TAKE_TURN, &[]).await?;
    let codes: Vec<&str> = rows
        .iter()
        .flat_map(|row| row.roster_code.iter().chain(&row.parent_code))
        .map(String::as_str)
        .collect();
    let tax_codes: Vec<String> = rows
        .iter()
        .filter_map(|row| row.tax_code.as_ref())
        .map(ToString::to_string)
        .collect();
    let found = tx.query(KNOWN, &[&codes, &tax_codes]).await?;
    let organisations = found
        .iter()
        .map(read)
        .collect::<Result<Vec<Organisation>>>()?;
    let ids: Vec<OrganisationId> = organisations.iter().map(|each| each.id).collect();
    let contacts = contact::lock_of_organisations(tx, &ids).await?;
    Ok(Known {
        organisations,
        contacts,
    })
}
