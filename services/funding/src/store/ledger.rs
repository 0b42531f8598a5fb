//! The ledger. Accounts are locked in one order, so two transfers never wait
//! for each other in a circle; what the SQL cannot post, the database refuses.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kit::database::{Session, Tx};
use kit::error::{Error, OnConstraint, Result};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Cursor, unknown};
use crate::domain::id::{ApplicationId, ProgrammeId, TransferId};
use crate::domain::ledger::{Account, Entry, Position};

/// A transfer as it was posted.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    pub(crate) id: TransferId,
    pub(crate) kind: String,
    pub(crate) programme: ProgrammeId,
    pub(crate) application: Option<ApplicationId>,
    pub(crate) bank_reference: Option<String>,
    pub(crate) effective_on: Date,
    pub(crate) posted_at: Timestamp,
    pub(crate) posted_by: String,
    pub(crate) entries: Vec<Entry>,
}

const OPEN_ACCOUNTS: &str = "
    insert into account (programme_id, kind, floor_vnd)
    select $1, a.kind, a.floor_vnd from unnest($2::text[], $3::bigint[]) as a (kind, floor_vnd)";

const LOCK: &str = "
    select kind, balance_vnd, version from account where programme_id = $1 order by kind";

const READ: &str = "
    select programme_id, kind, balance_vnd, version from account where programme_id = any($1)";

const COMMITTED: &str = "
    select effective_on from transfer where application_id = $1 and kind = 'commitment'";

const INSERT_TRANSFER: &str = "
    insert into transfer (id, kind, programme_id, application_id, bank_reference, effective_on, posted_at, posted_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

const INSERT_ENTRIES: &str = "
    insert into entry (transfer_id, line, programme_id, account, amount_vnd, account_version, balance_after_vnd)
    select $1, e.line::int, $2, e.account, e.amount_vnd, e.account_version, e.balance_after_vnd
    from unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) with ordinality
        as e (account, amount_vnd, account_version, balance_after_vnd, line)
    order by e.line";

const LIST: &str = "
    select id, kind, programme_id, application_id, bank_reference, effective_on, posted_at, posted_by
    from transfer
    where programme_id = $1 and ($2::timestamptz is null or (posted_at, id) > ($2, $3))
    order by posted_at, id limit $4";

const ENTRIES: &str = "
    select transfer_id, account, amount_vnd, account_version, balance_after_vnd
    from entry where transfer_id = any($1) order by transfer_id, line";

pub(crate) async fn open_accounts(tx: &Tx, programme: ProgrammeId) -> Result<()> {
    let kinds: Vec<&str> = Account::ALL.iter().map(|account| account.word()).collect();
    let floors: Vec<Option<i64>> = Account::ALL.iter().map(|account| account.floor()).collect();
    tx.execute(OPEN_ACCOUNTS, &[&programme.0, &kinds, &floors])
        .await?;
    Ok(())
}

/// Balances and versions of a programme's accounts. Read under serialisable
/// isolation: of two transactions that post on what they read, one runs again.
pub(crate) async fn positions(
    tx: &Tx,
    programme: ProgrammeId,
) -> Result<BTreeMap<Account, Position>> {
    tx.query(LOCK, &[&programme.0])
        .await?
        .iter()
        .map(position)
        .collect()
}

/// Balances of several programmes, for reading.
pub(crate) async fn read_positions(
    session: &impl Session,
    programmes: &[Uuid],
) -> Result<BTreeMap<Uuid, BTreeMap<Account, Position>>> {
    let mut all: BTreeMap<Uuid, BTreeMap<Account, Position>> = BTreeMap::new();
    for row in session.query(READ, &[&programmes]).await? {
        let (account, found) = position(&row)?;
        all.entry(row.get("programme_id"))
            .or_default()
            .insert(account, found);
    }
    Ok(all)
}

fn position(row: &Row) -> Result<(Account, Position)> {
    let position = Position {
        balance: row.get("balance_vnd"),
        version: row.get("version"),
    };
    Ok((account(row.get("kind"))?, position))
}

fn account(word: &str) -> Result<Account> {
    Account::parse(word).ok_or_else(|| unknown("account", word))
}

/// The day on which an approved application's money was committed.
pub(crate) async fn committed_on(tx: &Tx, application: ApplicationId) -> Result<Date> {
    Ok(tx.query_one(COMMITTED, &[&application.0]).await?.get(0))
}

/// Posts a transfer.
///
/// # Errors
/// The bank reference was used before; the ledger's guards.
pub(crate) async fn post(tx: &Tx, transfer: &Transfer) -> Result<()> {
    tx.execute(
        INSERT_TRANSFER,
        &[
            &transfer.id.0,
            &transfer.kind,
            &transfer.programme.0,
            &transfer.application.map(|id| id.0),
            &transfer.bank_reference,
            &transfer.effective_on,
            &transfer.posted_at,
            &transfer.posted_by,
        ],
    )
    .await
    .on_constraint("transfer_bank_reference_key", || {
        Error::already_exists(
            "BANK_REFERENCE_USED",
            "Số tham chiếu ngân hàng này đã được ghi nhận cho một lần chuyển tiền khác.",
            "This bank reference was recorded with another transfer.",
        )
    })?;
    let accounts: Vec<&str> = transfer
        .entries
        .iter()
        .map(|entry| entry.account.word())
        .collect();
    let amounts: Vec<i64> = transfer.entries.iter().map(|entry| entry.amount).collect();
    let versions: Vec<i64> = transfer
        .entries
        .iter()
        .map(|entry| entry.account_version)
        .collect();
    let balances: Vec<i64> = transfer
        .entries
        .iter()
        .map(|entry| entry.balance_after)
        .collect();
    kit::failpoint::hit("ledger.transfer_inserted");
    tx.execute(
        INSERT_ENTRIES,
        &[
            &transfer.id.0,
            &transfer.programme.0,
            &accounts,
            &amounts,
            &versions,
            &balances,
        ],
    )
    .await?;
    kit::failpoint::hit("ledger.entries_inserted");
    Ok(())
}

pub(crate) async fn list(
    session: &impl Session,
    programme: ProgrammeId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Transfer>> {
    let (at, id) = (after.map(|cursor| cursor.at), after.map(|cursor| cursor.id));
    let rows = session
        .query(LIST, &[&programme.0, &at, &id, &limit])
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.get("id")).collect();
    let mut entries: BTreeMap<Uuid, Vec<Entry>> = BTreeMap::new();
    for row in session.query(ENTRIES, &[&ids]).await? {
        let entry = Entry {
            account: account(row.get("account"))?,
            amount: row.get("amount_vnd"),
            account_version: row.get("account_version"),
            balance_after: row.get("balance_after_vnd"),
        };
        entries
            .entry(row.get("transfer_id"))
            .or_default()
            .push(entry);
    }
    Ok(rows
        .iter()
        .map(|row| Transfer {
            id: TransferId(row.get("id")),
            kind: row.get("kind"),
            programme: ProgrammeId(row.get("programme_id")),
            application: row
                .get::<_, Option<Uuid>>("application_id")
                .map(ApplicationId),
            bank_reference: row.get("bank_reference"),
            effective_on: row.get("effective_on"),
            posted_at: row.get("posted_at"),
            posted_by: row.get("posted_by"),
            entries: entries
                .remove(&row.get::<_, Uuid>("id"))
                .unwrap_or_default(),
        })
        .collect())
}
