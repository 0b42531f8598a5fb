//! What a caller bound to one organisation may know of: the one place of this rule. What it
//! may change stands in the contracts (`lienminh.auth.v1.own`).

use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, Result};

use crate::domain::id::OrganisationId;
use crate::domain::organisation::Status;
use crate::store;

/// Hides what a bound caller may not know of: another organisation is not
/// found, whether it exists or not.
pub(crate) fn visible(caller: &Caller, id: OrganisationId, name: &str) -> Result<()> {
    match caller.organisation {
        Some(own) if own != id.0 => Err(Error::not_found(name)),
        Some(_) | None => Ok(()),
    }
}

/// Hides what only callers of the house may know of.
pub(crate) fn of_the_house(caller: &Caller, name: &str) -> Result<()> {
    match caller.organisation {
        Some(_) => Err(Error::not_found(name)),
        None => Ok(()),
    }
}

/// Whether successors are followed for this caller: to a member, the one that took its
/// organisation in is another one.
pub(crate) const fn follows_mergers(caller: &Caller) -> bool {
    caller.organisation.is_none()
}

/// Refuses changes by whoever is bound to an organisation that was merged: its affairs
/// are its successor's.
pub(crate) fn refuse_merged(caller: &Caller, status: Status) -> Result<()> {
    if caller.organisation.is_none() || status != Status::Merged {
        return Ok(());
    }
    Err(Error::failed_precondition(
        "ORGANISATION_MERGED",
        "Đơn vị đã sáp nhập; mọi thay đổi xin thực hiện bằng tài khoản của đơn vị kế thừa.",
        "The organisation was merged; its successor's account makes changes now.",
    ))
}

/// The same, where the organisation is not at hand.
pub(crate) async fn refuse_where_merged(
    caller: &Caller,
    tx: &Tx,
    id: OrganisationId,
) -> Result<()> {
    if caller.organisation.is_none() {
        return Ok(());
    }
    match store::organisation::hold_status(tx, id).await? {
        Some(status) => refuse_merged(caller, status),
        None => Ok(()),
    }
}
