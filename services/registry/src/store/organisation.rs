//! Organisations: one row each.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use kit::gather::Found;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;
use vietnam::taxcode::TaxCode;

use super::cells::Cells;
use super::refusal;
use crate::domain::id::OrganisationId;
use crate::domain::membership::{Membership, MembershipKind, MembershipState};
use crate::domain::organisation::{Details, Kind, Organisation, Status};
use crate::domain::search::SearchKey;

/// The select list that [`read`] understands, of a row named `o`.
macro_rules! organisation_columns {
    () => {
        "o.id, o.kind, o.display_name, o.short_name, o.tax_code, o.tax_code_override_reason, \
         o.registration_number, o.roster_code, o.address, o.province_code, o.locality, o.cluster, \
         o.parent_id, o.status, o.successor_id, o.membership_kind, o.membership_state, \
         o.decision_number, o.admit_date, o.admission_batch, o.codes_by_member, o.created_at, \
         o.updated_at, o.version"
    };
}
pub(crate) use organisation_columns;

const GET: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where o.id = $1"
);

const GET_ALL: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where o.id = any($1)"
);

// In the order of ids, so that two who lock the same set wait and do not deadlock.
const LOCK: &str = concat!(
    "select ",
    organisation_columns!(),
    " from organisation o where o.id = any($1) order by o.id for no key update"
);

const STATUS: &str = "select o.status from organisation o where o.id = $1 for share";

/// One parameter for each column of both statements below.
macro_rules! unnested {
    () => {
        "unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], \
         $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::text[], \
         $15::uuid[], $16::text[], $17::text[], $18::text[], $19::date[], $20::text[], $21::text[], \
         $22::text[], $23::text[], $24::bigint[], $25::boolean[], $26::timestamptz[], \
         $27::timestamptz[], $28::bigint[]) \
         as n (id, kind, display_name, short_name, tax_code, tax_code_override_reason, \
         registration_number, roster_code, address, province_code, locality, cluster, parent_id, \
         status, successor_id, membership_kind, membership_state, decision_number, admit_date, \
         admission_batch, sort_key, search_name, search_terms, search_signature, codes_by_member, \
         created_at, updated_at, version)"
    };
}

const INSERT: &str = concat!(
    "insert into organisation (id, kind, display_name, short_name, tax_code, tax_code_override_reason, \
     registration_number, roster_code, address, province_code, locality, cluster, parent_id, status, \
     successor_id, membership_kind, membership_state, decision_number, admit_date, admission_batch, \
     sort_key, search_name, search_terms, search_signature, codes_by_member, created_at, updated_at, version) \
     select n.id, n.kind, n.display_name, n.short_name, n.tax_code, n.tax_code_override_reason, \
     n.registration_number, n.roster_code, n.address, n.province_code, n.locality, n.cluster, n.parent_id, \
     n.status, n.successor_id, n.membership_kind, n.membership_state, n.decision_number, n.admit_date, \
     n.admission_batch, n.sort_key, n.search_name, array_to_tsvector(string_to_array(n.search_terms, ' ')), \
     n.search_signature, n.codes_by_member, n.created_at, n.updated_at, n.version from ",
    unnested!()
);

// A row that is not at the version before was not read under a lock: our fault.
const UPDATE: &str = concat!(
    "update organisation o set kind = n.kind, display_name = n.display_name, short_name = n.short_name, \
     tax_code = n.tax_code, tax_code_override_reason = n.tax_code_override_reason, \
     registration_number = n.registration_number, roster_code = n.roster_code, address = n.address, \
     province_code = n.province_code, locality = n.locality, cluster = n.cluster, parent_id = n.parent_id, \
     status = n.status, successor_id = n.successor_id, membership_kind = n.membership_kind, \
     membership_state = n.membership_state, decision_number = n.decision_number, \
     admit_date = n.admit_date, admission_batch = n.admission_batch, sort_key = n.sort_key, \
     search_name = n.search_name, \
     search_terms = array_to_tsvector(string_to_array(n.search_terms, ' ')), \
     search_signature = n.search_signature, codes_by_member = n.codes_by_member, \
     updated_at = n.updated_at, version = n.version from ",
    unnested!(),
    " where o.id = n.id and o.version = n.version - 1"
);

/// One organisation.
///
/// # Errors
/// What the database says.
pub async fn get(session: &impl Session, id: OrganisationId) -> Result<Option<Organisation>> {
    session
        .query_opt(GET, &[&id.0])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Several organisations; unknown ones are left out.
///
/// # Errors
/// What the database says.
pub async fn get_all(
    session: &impl Session,
    ids: &[OrganisationId],
) -> Result<Found<OrganisationId, Organisation>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = session.query(GET_ALL, &[&ids]).await?;
    let organisations = rows.iter().map(read);
    organisations
        .map(|each| each.map(|each| (each.id, Arc::new(each))))
        .collect()
}

/// Several organisations, ordered by id, locked until the transaction ends;
/// unknown ones are left out.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx, ids: &[OrganisationId]) -> Result<Vec<Organisation>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    tx.query(LOCK, &[&ids]).await?.iter().map(read).collect()
}

/// The status of an organisation, which nobody changes until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn hold_status(tx: &Tx, id: OrganisationId) -> Result<Option<Status>> {
    let row = tx.query_opt(STATUS, &[&id.0]).await?;
    row.map(|row| Cells::of(&row).read(Status::of_code))
        .transpose()
}

/// Enters organisations.
///
/// # Errors
/// A code that is taken, a parent or successor that does not exist, or what the
/// database says.
pub async fn insert(tx: &Tx, organisations: &[Organisation]) -> Result<()> {
    if organisations.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(organisations);
    refusal::named(tx.execute(INSERT, &columns.parameters()).await)?;
    Ok(())
}

/// Writes the new values of locked organisations.
///
/// # Errors
/// As [`insert`].
pub async fn update(tx: &Tx, organisations: &[Organisation]) -> Result<()> {
    if organisations.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(organisations);
    let written = refusal::named(tx.execute(UPDATE, &columns.parameters()).await)?;
    if written == organisations.len() as u64 {
        Ok(())
    } else {
        Err(Error::internal(anyhow::anyhow!(
            "an organisation was changed without its lock"
        )))
    }
}

/// The rows of a set, turned into one array for each column.
#[derive(Default)]
struct Columns<'a> {
    id: Vec<Uuid>,
    kind: Vec<&'static str>,
    display_name: Vec<&'a str>,
    short_name: Vec<&'a str>,
    tax_code: Vec<Option<String>>,
    tax_code_override_reason: Vec<&'a str>,
    registration_number: Vec<&'a str>,
    roster_code: Vec<Option<&'a str>>,
    address: Vec<&'a str>,
    province_code: Vec<&'a str>,
    locality: Vec<&'a str>,
    cluster: Vec<&'a str>,
    parent_id: Vec<Option<Uuid>>,
    status: Vec<&'static str>,
    successor_id: Vec<Option<Uuid>>,
    membership_kind: Vec<Option<&'static str>>,
    membership_state: Vec<Option<&'static str>>,
    decision_number: Vec<&'a str>,
    admit_date: Vec<Option<Date>>,
    admission_batch: Vec<&'a str>,
    sort_key: Vec<String>,
    search_name: Vec<String>,
    search_terms: Vec<String>,
    search_signature: Vec<i64>,
    codes_by_member: Vec<bool>,
    created_at: Vec<Timestamp>,
    updated_at: Vec<Timestamp>,
    version: Vec<i64>,
}

impl<'a> Columns<'a> {
    fn of(organisations: &'a [Organisation]) -> Self {
        let mut columns = Self::default();
        for organisation in organisations {
            columns.push(organisation);
            columns.push_details(&organisation.details);
            columns.push_membership(organisation.membership.as_ref());
        }
        columns
    }

    fn push(&mut self, organisation: &Organisation) {
        self.id.push(organisation.id.0);
        self.codes_by_member.push(organisation.codes_by_member);
        self.created_at.push(organisation.created_at);
        self.updated_at.push(organisation.updated_at);
        self.version.push(organisation.version);
    }

    fn push_details(&mut self, details: &'a Details) {
        let SearchKey {
            name,
            terms,
            signature,
        } = SearchKey::of(details);
        self.kind.push(details.kind.code());
        self.display_name.push(&details.display_name);
        self.short_name.push(&details.short_name);
        self.tax_code
            .push(details.tax_code.as_ref().map(TaxCode::to_string));
        self.tax_code_override_reason
            .push(&details.tax_code_override_reason);
        self.registration_number.push(&details.registration_number);
        self.roster_code.push(details.roster_code.as_deref());
        self.address.push(&details.address);
        self.province_code.push(&details.province_code);
        self.locality.push(&details.locality);
        self.cluster.push(&details.cluster);
        self.parent_id.push(details.parent.map(|id| id.0));
        self.status.push(details.status.code());
        self.successor_id.push(details.successor.map(|id| id.0));
        self.sort_key
            .push(vietnam::text::sort_key(&details.display_name));
        self.search_name.push(name);
        self.search_terms.push(terms);
        self.search_signature.push(signature.column());
    }

    fn push_membership(&mut self, membership: Option<&'a Membership>) {
        self.membership_kind.push(
            membership
                .and_then(|each| each.kind)
                .map(MembershipKind::code),
        );
        self.membership_state
            .push(membership.map(|each| each.state.code()));
        self.decision_number
            .push(membership.map_or("", |each| &each.decision_number));
        self.admit_date
            .push(membership.and_then(|each| each.admit_date));
        self.admission_batch
            .push(membership.map_or("", |each| &each.batch));
    }

    fn parameters(&self) -> [&(dyn ToSql + Sync); 28] {
        [
            &self.id,
            &self.kind,
            &self.display_name,
            &self.short_name,
            &self.tax_code,
            &self.tax_code_override_reason,
            &self.registration_number,
            &self.roster_code,
            &self.address,
            &self.province_code,
            &self.locality,
            &self.cluster,
            &self.parent_id,
            &self.status,
            &self.successor_id,
            &self.membership_kind,
            &self.membership_state,
            &self.decision_number,
            &self.admit_date,
            &self.admission_batch,
            &self.sort_key,
            &self.search_name,
            &self.search_terms,
            &self.search_signature,
            &self.codes_by_member,
            &self.created_at,
            &self.updated_at,
            &self.version,
        ]
    }
}

/// Reads a row selected with `organisation_columns!`.
pub(crate) fn read(row: &Row) -> Result<Organisation> {
    read_cells(&mut Cells::of(row))
}

/// Reads the same from cells of which earlier ones were taken already.
pub(crate) fn read_cells(cells: &mut Cells<'_>) -> Result<Organisation> {
    let id = OrganisationId(cells.take()?);
    let details = Details {
        kind: cells.read(Kind::of_code)?,
        display_name: cells.take()?,
        short_name: cells.take()?,
        tax_code: cells.read_optional(|code| TaxCode::read(code).ok())?,
        tax_code_override_reason: cells.take()?,
        registration_number: cells.take()?,
        roster_code: cells.take()?,
        address: cells.take()?,
        province_code: cells.take()?,
        locality: cells.take()?,
        cluster: cells.take()?,
        parent: cells.take::<Option<Uuid>>()?.map(OrganisationId),
        status: cells.read(Status::of_code)?,
        successor: cells.take::<Option<Uuid>>()?.map(OrganisationId),
    };
    Ok(Organisation {
        id,
        details,
        membership: read_membership(cells)?,
        codes_by_member: cells.take()?,
        created_at: cells.take()?,
        updated_at: cells.take()?,
        version: cells.take()?,
    })
}

fn read_membership(cells: &mut Cells<'_>) -> Result<Option<Membership>> {
    let kind = cells.read_optional(MembershipKind::of_code)?;
    let state = cells.read_optional(MembershipState::of_code)?;
    let (decision_number, admit_date, batch) = (cells.take()?, cells.take()?, cells.take()?);
    Ok(state.map(|state| Membership {
        kind,
        state,
        decision_number,
        admit_date,
        batch,
    }))
}
