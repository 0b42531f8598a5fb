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

/// Hides from a member the name and the addresses of whoever took its organisation in.
pub(super) fn hide_successors(caller: &Caller, rows: &mut [Listed]) {
    if caller.organisation.is_none() {
        return;
    }
    for row in rows.iter_mut().filter(|row| row.to_successor) {
        row.organisation_name.clear();
        row.address.clear();
    }
}
