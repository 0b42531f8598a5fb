//! What a caller bound to one organisation may know of: the one place of this rule.

use kit::auth::Caller;
use kit::error::{Error, Result};
use uuid::Uuid;

use super::Api;
use crate::source::SourceError;
use crate::store::listing::Listed;
use crate::work::letter::organisation_name;

/// Hides a matter that the organisation takes no part in: it is not found, whether it
/// exists or not. Its source says who takes part, and is asked before we look for the
/// matter: so the answer is the same, and as late, for what we know and what we do not.
pub(super) async fn takes_part(api: &Api, own: Uuid, obligation: &str) -> Result<()> {
    let own = [organisation_name(own)];
    let answer = match api.desk.sources.check(obligation, &own).await {
        Ok(answer) => answer,
        Err(error) if is_no_such_matter(&error) => return Err(Error::not_found(obligation)),
        Err(error) => return Err(Error::unavailable(error)),
    };
    let led = answer
        .obligation
        .is_some_and(|matter| own.contains(&matter.organiser) || own.contains(&matter.lead_unit));
    if led || !answer.parties.is_empty() {
        Ok(())
    } else {
        Err(Error::not_found(obligation))
    }
}

fn is_no_such_matter(error: &SourceError) -> bool {
    match error {
        SourceError::Unknown(_) => true,
        SourceError::Silent { code, .. } => {
            matches!(code, tonic::Code::NotFound | tonic::Code::InvalidArgument)
        }
        SourceError::Malformed { .. } => false,
    }
}

/// Why a message was not sent that speaks of the party in whose row it goes.
const OF_A_PARTY: [&str; 5] = ["done", "declined", "exempt", "claimed", "not_concerned"];

/// Hides from a member the name and the addresses of whoever took its organisation in, and
/// that others share its address: otherwise it could try whose a mailbox is.
pub(super) fn hide_others(caller: &Caller, rows: &mut [Listed]) {
    if caller.organisation.is_none() {
        return;
    }
    for row in rows {
        if row.to_successor {
            row.organisation_name.clear();
            row.address.clear();
        }
        if let Some(carried) = &row.carried {
            row.state = carried.state;
            row.state_at = carried.state_at;
            row.attempts = carried.attempts;
            row.reason.clone_from(&carried.reason);
            if OF_A_PARTY.contains(&row.reason.as_str()) {
                row.reason.clear();
            }
        }
    }
}
