//! Consents and refusals: every one is kept, the latest of a purpose counts.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::Result;
use uuid::Uuid;

use super::cells::Cells;
use crate::domain::consent::{Consent, Purpose};
use crate::domain::id::ContactId;

const RECORD: &str = "
    insert into consent (id, contact_id, purpose, granted, evidence, recorded_at)
    select n.id, n.contact_id, n.purpose, n.granted, n.evidence, n.recorded_at
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[], $5::text[], $6::timestamptz[])
        as n (id, contact_id, purpose, granted, evidence, recorded_at)";

/// Records consents and refusals, in their order.
///
/// # Errors
/// What the database says.
pub async fn record(tx: &Tx, consents: &[(ContactId, Consent)]) -> Result<()> {
    if consents.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = consents.iter().map(|_| Uuid::now_v7()).collect();
    let contacts: Vec<Uuid> = consents.iter().map(|(contact, _)| contact.0).collect();
    let purposes: Vec<&str> = consents
        .iter()
        .map(|(_, each)| each.purpose.code())
        .collect();
    let granted: Vec<bool> = consents.iter().map(|(_, each)| each.granted).collect();
    let evidence: Vec<&str> = consents
        .iter()
        .map(|(_, each)| each.evidence.as_str())
        .collect();
    let instants: Vec<Timestamp> = consents.iter().map(|(_, each)| each.recorded_at).collect();
    tx.execute(
        RECORD,
        &[&ids, &contacts, &purposes, &granted, &evidence, &instants],
    )
    .await?;
    Ok(())
}

/// Reads the latest consents of a contact, one array for each of their columns.
pub(super) fn read(cells: &mut Cells<'_>) -> Result<Vec<Consent>> {
    let purposes: Vec<&str> = cells.take::<Option<_>>()?.unwrap_or_default();
    let granted: Vec<bool> = cells.take::<Option<_>>()?.unwrap_or_default();
    let evidence: Vec<String> = cells.take::<Option<_>>()?.unwrap_or_default();
    let instants: Vec<Timestamp> = cells.take::<Option<_>>()?.unwrap_or_default();
    let known = purposes.into_iter().map(Purpose::of_code);
    let mut consents: Vec<Consent> = known
        .zip(granted)
        .zip(evidence)
        .zip(instants)
        .filter_map(|(((purpose, granted), evidence), recorded_at)| {
            Some(Consent {
                purpose: purpose?,
                granted,
                evidence,
                recorded_at,
            })
        })
        .collect();
    consents.sort_by_key(|each| each.purpose);
    Ok(consents)
}
