//! Hides from callers bound to one organisation what that one may not know of.

use std::collections::HashSet;

use kit::auth::Caller;
use kit::database::Session;
use kit::error::Result;

use crate::domain::obligation::Subject;
use crate::store::party::standings;

/// Keeps those of some matters that the caller may know of.
pub(super) async fn keep_known(
    session: &impl Session,
    caller: &Caller,
    lists: &mut [Vec<Subject>],
) -> Result<()> {
    let Some(own) = caller.organisation else {
        return Ok(());
    };
    let asked: Vec<Subject> = lists.iter().flatten().copied().collect();
    let standings = standings(session, own, &asked).await?;
    let known = standings
        .into_iter()
        .filter(|(_, standing)| standing.may_know());
    let known: HashSet<Subject> = known.map(|(subject, _)| subject).collect();
    for list in lists {
        list.retain(|subject| known.contains(subject));
    }
    Ok(())
}

/// Whether the caller may know of one matter.
pub(super) async fn knows(
    session: &impl Session,
    caller: &Caller,
    subject: Subject,
) -> Result<bool> {
    let mut one = [vec![subject]];
    keep_known(session, caller, &mut one).await?;
    Ok(!one[0].is_empty())
}
