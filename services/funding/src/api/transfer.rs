//! The ledger, read and recounted.

use kit::auth::Caller;
use kit::error::{Error, Result};
use kit::language::Language;
use kit::{civil, page, wire};
use lienminh_proto::funding::v1 as proto;

use super::Desk;
use super::programme::page_limit;
use crate::domain::difference::{Difference, Fault};
use crate::domain::id::ProgrammeId;
use crate::store::Cursor;
use crate::store::ledger::{self, Transfer};
use crate::store::recount::recount;

const LIST: &str = "funding.transfers";

pub(super) async fn list(
    desk: &Desk,
    caller: &Caller,
    request: proto::ListTransfersRequest,
) -> Result<proto::ListTransfersResponse> {
    caller.require_house()?;
    let programme = ProgrammeId::parse("parent", &request.parent).map_err(Error::invalid)?;
    let size = page::size(request.page_size)? as usize;
    let list = [LIST, request.parent.as_str()];
    let after: Option<Cursor> = desk.pages.read(&list, &request.page_token)?;
    let connection = desk.pool.get().await?;
    let mut found = ledger::list(&connection, programme, after, page_limit(size)).await?;
    let more = found.len() > size;
    found.truncate(size);
    let next_page_token = match found.last().filter(|_| more) {
        Some(last) => desk.pages.issue(
            &list,
            &Cursor {
                at: last.posted_at,
                id: last.id.0,
            },
        )?,
        None => String::new(),
    };
    Ok(proto::ListTransfersResponse {
        transfers: found.iter().map(to_proto).collect(),
        next_page_token,
    })
}

pub(super) async fn verify(
    desk: &Desk,
    caller: &Caller,
    _request: proto::VerifyLedgerRequest,
) -> Result<proto::VerifyLedgerResponse> {
    caller.require_house()?;
    let recount = recount(&desk.pool.get().await?).await?;
    let told = |found: &Difference| difference_to_proto(found, caller.language);
    Ok(proto::VerifyLedgerResponse {
        transfers: recount.transfers,
        entries: recount.entries,
        differences: recount.differences.iter().map(told).collect(),
    })
}

fn difference_to_proto(found: &Difference, language: Language) -> proto::LedgerDifference {
    let fault = match found.fault {
        Fault::Unbalanced => proto::LedgerFault::Unbalanced,
        Fault::OtherAccounts => proto::LedgerFault::OtherAccounts,
        Fault::Account => proto::LedgerFault::Account,
        Fault::Entry => proto::LedgerFault::Entry,
        Fault::Budget => proto::LedgerFault::Budget,
        Fault::Commitment => proto::LedgerFault::Commitment,
        Fault::Disbursement => proto::LedgerFault::Disbursement,
        Fault::OnePerson => proto::LedgerFault::OnePerson,
        Fault::NotAudited => proto::LedgerFault::NotAudited,
        Fault::NotBooked => proto::LedgerFault::NotBooked,
    };
    proto::LedgerDifference {
        fault: fault.into(),
        resource: found.resource.clone(),
        expected_vnd: found.expected_vnd,
        found_vnd: found.found_vnd,
        text: found.in_words().text(language).to_owned(),
    }
}

pub(super) fn to_proto(transfer: &Transfer) -> proto::Transfer {
    proto::Transfer {
        name: transfer.id.to_string(),
        kind: transfer.kind.clone(),
        programme: transfer.programme.to_string(),
        application: transfer
            .application
            .map(|id| id.to_string())
            .unwrap_or_default(),
        bank_reference: transfer.bank_reference.clone().unwrap_or_default(),
        effective_date: Some(civil::date(transfer.effective_on)),
        post_time: Some(wire::timestamp(transfer.posted_at)),
        posted_by: transfer.posted_by.clone(),
        entries: transfer
            .entries
            .iter()
            .map(|entry| proto::Entry {
                account: entry.account.word().to_owned(),
                amount_vnd: entry.amount,
                account_version: entry.account_version,
                balance_after_vnd: entry.balance_after,
            })
            .collect(),
    }
}
