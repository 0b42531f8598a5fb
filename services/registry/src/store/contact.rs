//! Contacts with the latest consent of each purpose.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;
use vietnam::phone::Phone;

use super::cells::Cells;
use super::consent;
use crate::domain::contact::{Contact, Details, Language};
use crate::domain::email::Email;
use crate::domain::id::{ContactId, ContactName, OrganisationId};
use crate::domain::organisation::Kind;
use crate::domain::position::Position;

/// Where a page of contacts begins: after this position and id.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct After {
    /// Place of the position in the order of positions, from 1.
    pub rank: i32,
    /// Id of the contact.
    pub id: Uuid,
}

impl After {
    /// The place after a contact.
    #[must_use]
    pub fn contact(contact: &Contact) -> Self {
        let rank = (1..)
            .zip(Position::ALL)
            .find(|(_, each)| **each == contact.details.position);
        Self {
            rank: rank.map_or(0, |(rank, _)| rank),
            id: contact.id.0,
        }
    }
}

macro_rules! contact_columns {
    () => {
        "c.id, c.organisation_id, c.person_name, c.salutation, c.position, c.email, c.phone, \
         c.phone_shared, c.language, c.do_not_contact, c.ended_at, c.created_at, c.updated_at, \
         c.version, k.purposes, k.granted, k.evidence, k.recorded_at"
    };
}

macro_rules! with_consents {
    () => {
        " left join lateral ( \
         select array_agg(l.purpose) as purposes, array_agg(l.granted) as granted, \
         array_agg(l.evidence) as evidence, array_agg(l.recorded_at) as recorded_at \
         from (select distinct on (n.purpose) n.purpose, n.granted, n.evidence, n.recorded_at \
         from consent n where n.contact_id = c.id \
         order by n.purpose, n.recorded_at desc, n.id desc) l) k on true "
    };
}

const GET: &str = concat!(
    "select ",
    contact_columns!(),
    " from contact c",
    with_consents!(),
    "where c.id = $1 and c.organisation_id = $2"
);

const LOCK: &str = concat!(
    "select ",
    contact_columns!(),
    " from contact c",
    with_consents!(),
    "where c.id = $1 and c.organisation_id = $2 for no key update of c"
);

const LIST: &str = concat!(
    "select ",
    contact_columns!(),
    " from contact c",
    with_consents!(),
    "where c.organisation_id = $1 and (c.position_rank, c.id) > ($2, $3) \
     and (c.ended_at is null or $5) \
     order by c.position_rank, c.id limit $4"
);

const OF_ORGANISATIONS: &str = concat!(
    "select ",
    contact_columns!(),
    " from contact c",
    with_consents!(),
    "where c.organisation_id = any($1) and c.ended_at is null \
     order by c.organisation_id, c.position_rank, c.id"
);

const LOCK_OF_ORGANISATIONS: &str = concat!(
    "select ",
    contact_columns!(),
    " from contact c",
    with_consents!(),
    "where c.organisation_id = any($1) order by c.organisation_id, c.position_rank, c.id \
     for no key update of c"
);

const COUNT: &str = "select count(*) filter (where c.ended_at is null), count(*) \
     from contact c where c.organisation_id = $1";

const KIND_WHERE_ANOTHER_HOLDS: &str = "select o.kind from organisation o where o.id = $1 \
     and exists (select 1 from contact c where c.organisation_id = o.id and c.position = $2 \
     and c.id <> $3 and c.ended_at is null)";

macro_rules! unnested {
    () => {
        "unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], \
         $8::boolean[], $9::boolean[], $10::text[], $11::boolean[], $12::timestamptz[], \
         $13::timestamptz[], $14::timestamptz[], $15::bigint[]) \
         as n (id, organisation_id, person_name, salutation, position, email, phone, \
         phone_receives_sms, phone_shared, language, do_not_contact, ended_at, created_at, \
         updated_at, version)"
    };
}

const INSERT: &str = concat!(
    "insert into contact (id, organisation_id, person_name, salutation, position, email, phone, \
     phone_receives_sms, phone_shared, language, do_not_contact, ended_at, created_at, updated_at, \
     version) select n.id, n.organisation_id, n.person_name, n.salutation, n.position, n.email, n.phone, \
     n.phone_receives_sms, n.phone_shared, n.language, n.do_not_contact, n.ended_at, n.created_at, \
     n.updated_at, n.version from ",
    unnested!()
);

const UPDATE: &str = concat!(
    "update contact c set person_name = n.person_name, salutation = n.salutation, \
     position = n.position, email = n.email, phone = n.phone, \
     phone_receives_sms = n.phone_receives_sms, phone_shared = n.phone_shared, \
     language = n.language, do_not_contact = n.do_not_contact, ended_at = n.ended_at, \
     updated_at = n.updated_at, \
     version = n.version from ",
    unnested!(),
    " where c.id = n.id and c.organisation_id = n.organisation_id and c.version = n.version - 1"
);

/// One contact.
///
/// # Errors
/// What the database says.
pub async fn get(session: &impl Session, name: ContactName) -> Result<Option<Contact>> {
    let row = session
        .query_opt(GET, &[&name.contact.0, &name.organisation.0])
        .await?;
    row.as_ref().map(read).transpose()
}

/// One contact, locked until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, name: ContactName) -> Result<Option<Contact>> {
    let row = tx
        .query_opt(LOCK, &[&name.contact.0, &name.organisation.0])
        .await?;
    row.as_ref().map(read).transpose()
}

/// Contacts of one organisation by position, at most `limit`; those whose terms have ended
/// with `ended` only.
///
/// # Errors
/// What the database says.
pub async fn list(
    session: &impl Session,
    organisation: OrganisationId,
    after: After,
    limit: i64,
    ended: bool,
) -> Result<Vec<Contact>> {
    let rows = session
        .query(
            LIST,
            &[&organisation.0, &after.rank, &after.id, &limit, &ended],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Contacts of many organisations who hold their positions now, by organisation and position.
///
/// # Errors
/// What the database says.
pub async fn of_organisations(
    session: &impl Session,
    organisations: &[OrganisationId],
) -> Result<Vec<Contact>> {
    let ids: Vec<Uuid> = organisations.iter().map(|id| id.0).collect();
    session
        .query(OF_ORGANISATIONS, &[&ids])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// All that are kept of them, locked until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock_of_organisations(
    tx: &Tx,
    organisations: &[OrganisationId],
) -> Result<Vec<Contact>> {
    let ids: Vec<Uuid> = organisations.iter().map(|id| id.0).collect();
    tx.query(LOCK_OF_ORGANISATIONS, &[&ids])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// How many contacts of an organisation hold their positions, and how many are kept.
///
/// # Errors
/// What the database says.
pub async fn count(session: &impl Session, organisation: OrganisationId) -> Result<(i64, i64)> {
    let row = session.query_one(COUNT, &[&organisation.0]).await?;
    let cells = &mut Cells::of(&row);
    Ok((cells.take()?, cells.take()?))
}

/// The kind of a contact's organisation, where somebody else holds the same position.
///
/// # Errors
/// What the database says.
pub async fn kind_where_another_holds(
    session: &impl Session,
    contact: &Contact,
) -> Result<Option<Kind>> {
    let position = contact.details.position.code();
    let row = session
        .query_opt(
            KIND_WHERE_ANOTHER_HOLDS,
            &[&contact.organisation.0, &position, &contact.id.0],
        )
        .await?;
    row.map(|row| Cells::of(&row).read(Kind::of_code))
        .transpose()
}

/// Enters contacts.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &Tx, contacts: &[Contact]) -> Result<()> {
    if contacts.is_empty() {
        return Ok(());
    }
    tx.execute(INSERT, &Columns::of(contacts).parameters())
        .await?;
    Ok(())
}

/// Writes the new values of locked contacts.
///
/// # Errors
/// What the database says.
pub async fn update(tx: &Tx, contacts: &[Contact]) -> Result<()> {
    if contacts.is_empty() {
        return Ok(());
    }
    let written = tx
        .execute(UPDATE, &Columns::of(contacts).parameters())
        .await?;
    if written == contacts.len() as u64 {
        Ok(())
    } else {
        Err(Error::internal(anyhow::anyhow!(
            "a contact was changed without its lock"
        )))
    }
}

#[derive(Default)]
struct Columns<'a> {
    id: Vec<Uuid>,
    organisation_id: Vec<Uuid>,
    person_name: Vec<&'a str>,
    salutation: Vec<&'a str>,
    position: Vec<&'static str>,
    email: Vec<&'a str>,
    phone: Vec<String>,
    phone_receives_sms: Vec<bool>,
    phone_shared: Vec<bool>,
    language: Vec<&'static str>,
    do_not_contact: Vec<bool>,
    ended_at: Vec<Option<Timestamp>>,
    created_at: Vec<Timestamp>,
    updated_at: Vec<Timestamp>,
    version: Vec<i64>,
}

impl<'a> Columns<'a> {
    fn of(contacts: &'a [Contact]) -> Self {
        let mut columns = Self::default();
        for contact in contacts {
            let details = &contact.details;
            columns.id.push(contact.id.0);
            columns.organisation_id.push(contact.organisation.0);
            columns.person_name.push(&details.person_name);
            columns.salutation.push(&details.salutation);
            columns.position.push(details.position.code());
            columns
                .email
                .push(details.email.as_ref().map_or("", Email::as_str));
            columns
                .phone
                .push(details.phone.as_ref().map(Phone::e164).unwrap_or_default());
            columns.phone_receives_sms.push(details.receives_sms());
            columns.phone_shared.push(details.phone_shared);
            columns.language.push(details.language.code());
            columns.do_not_contact.push(details.do_not_contact);
            columns.ended_at.push(contact.ended_at);
            columns.created_at.push(contact.created_at);
            columns.updated_at.push(contact.updated_at);
            columns.version.push(contact.version);
        }
        columns
    }

    fn parameters(&self) -> [&(dyn ToSql + Sync); 15] {
        [
            &self.id,
            &self.organisation_id,
            &self.person_name,
            &self.salutation,
            &self.position,
            &self.email,
            &self.phone,
            &self.phone_receives_sms,
            &self.phone_shared,
            &self.language,
            &self.do_not_contact,
            &self.ended_at,
            &self.created_at,
            &self.updated_at,
            &self.version,
        ]
    }
}

fn read(row: &Row) -> Result<Contact> {
    let cells = &mut Cells::of(row);
    Ok(Contact {
        id: ContactId(cells.take()?),
        organisation: OrganisationId(cells.take()?),
        details: Details {
            person_name: cells.take()?,
            salutation: cells.take()?,
            position: cells.read(Position::of_code)?,
            email: cells.take::<String>().map(email)?,
            phone: cells.read(phone)?,
            phone_shared: cells.take()?,
            language: cells.read(Language::of_code)?,
            do_not_contact: cells.take()?,
        },
        ended_at: cells.take()?,
        created_at: cells.take()?,
        updated_at: cells.take()?,
        version: cells.take()?,
        consents: consent::read(cells)?,
    })
}

fn email(address: String) -> Option<Email> {
    (!address.is_empty()).then(|| Email::stored(address))
}

/// The outer option is that of a readable cell.
#[allow(clippy::option_option)]
fn phone(e164: &str) -> Option<Option<Phone>> {
    if e164.is_empty() {
        Some(None)
    } else {
        Phone::parse(e164).ok().map(Some)
    }
}
