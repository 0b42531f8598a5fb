//! How to reach many organisations, in two queries for any number of them.

use std::collections::HashMap;

use kit::database::Session;
use kit::error::Result;
use uuid::Uuid;

use super::cells::Cells;
use super::contact;
use super::organisation::{organisation_columns, read_cells};
use crate::domain::contact::Contact;
use crate::domain::id::OrganisationId;
use crate::domain::organisation::Organisation;

/// Follows mergers to who stands now. A successor stands when it is named, so
/// chains end; the bound only keeps a fault of ours from running for ever.
const EFFECTIVE: &str = concat!(
    "with recursive chain (asked, id, successor_id, depth) as ( \
     select a.id, a.id, a.successor_id, 0 from organisation a where a.id = any($1) \
     union all \
     select c.asked, s.id, s.successor_id, c.depth + 1 \
     from chain c join organisation s on s.id = c.successor_id where $2 and c.depth < 100) \
     select c.asked, ",
    organisation_columns!(),
    " from chain c join organisation o on o.id = c.id where c.successor_id is null or not $2"
);

/// An organisation asked for, who answers for it now, and the people there.
#[derive(Clone, Debug)]
pub struct Reachable {
    /// The organisation asked for.
    pub asked: OrganisationId,
    /// Itself, or its successor after a merger.
    pub effective: Organisation,
    /// Its contacts, by position and then by age.
    pub contacts: Vec<Contact>,
}

/// In the order asked; unknown ones are left out. Without `follow`, each answers for
/// itself, also after a merger.
///
/// # Errors
/// What the database says.
pub async fn reach(
    session: &impl Session,
    asked: &[OrganisationId],
    follow: bool,
) -> Result<Vec<Reachable>> {
    let ids: Vec<Uuid> = asked.iter().map(|id| id.0).collect();
    let mut effective = HashMap::with_capacity(asked.len());
    for row in session.query(EFFECTIVE, &[&ids, &follow]).await? {
        let mut cells = Cells::of(&row);
        let asked = OrganisationId(cells.take()?);
        effective.insert(asked, read_cells(&mut cells)?);
    }
    let mut standing: Vec<OrganisationId> = effective.values().map(|each| each.id).collect();
    standing.sort_unstable();
    standing.dedup();
    let mut contacts: HashMap<OrganisationId, Vec<Contact>> =
        HashMap::with_capacity(standing.len());
    for contact in contact::of_organisations(session, &standing).await? {
        contacts
            .entry(contact.organisation)
            .or_default()
            .push(contact);
    }
    let reachable = asked.iter().filter_map(|id| {
        let effective = effective.get(id)?.clone();
        let contacts = contacts.get(&effective.id).cloned().unwrap_or_default();
        Some(Reachable {
            asked: *id,
            effective,
            contacts,
        })
    });
    Ok(reachable.collect())
}
