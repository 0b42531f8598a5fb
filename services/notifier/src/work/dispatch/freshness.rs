//! Is the party still concerned? An answer older than ten minutes is asked again,
//! right before a message would leave.

use std::collections::HashMap;

use jiff::Timestamp;
use kit::error::Result;
use uuid::Uuid;

use super::Dispatch;
use super::finish::{put_off, withdrawn};
use crate::domain::freshness::{self, end_of_all};
use crate::domain::party::Party;
use crate::store::delivery::{Claimed, Finish, carried, obligation_names, touch_asked};
use crate::work::letter::{organisation_id, organisation_name};

/// Whether the answer about the party is too old to send on.
pub(super) fn is_stale(claimed: &Claimed, now: Timestamp) -> bool {
    freshness::is_stale(claimed.audience_stands, claimed.asked_at, now)
}

/// Asks again about stale parties: who is still concerned stays, the others end.
pub(super) async fn refresh(
    dispatch: &Dispatch,
    claimed: Vec<Claimed>,
    now: Timestamp,
) -> Result<(Vec<Claimed>, Vec<Finish>)> {
    let (stale, mut good): (Vec<Claimed>, Vec<Claimed>) =
        claimed.into_iter().partition(|each| is_stale(each, now));
    let mut ended = Vec::new();
    if stale.is_empty() {
        return Ok((good, ended));
    }
    let ids: Vec<Uuid> = stale.iter().map(|each| each.obligation_id).collect();
    let own: Vec<Uuid> = stale.iter().map(|each| each.id).collect();
    let (names, carried) = {
        let session = dispatch.desk.pool.get().await?;
        (
            obligation_names(&session, &ids).await?,
            carried(&session, &own).await?,
        )
    };
    let mut by_obligation: HashMap<Uuid, Vec<Claimed>> = HashMap::new();
    for each in stale {
        by_obligation
            .entry(each.obligation_id)
            .or_default()
            .push(each);
    }
    let mut asked = Vec::new();
    for (id, group) in by_obligation {
        let Some(name) = names.get(&id) else { continue };
        let behind = |each: &Claimed| {
            let others = carried.get(&each.id).into_iter().flatten().copied();
            std::iter::once(each.organisation_id).chain(others)
        };
        match standings(dispatch, name, group.iter().flat_map(behind)).await {
            Some(standings) => {
                for each in group {
                    let parties = behind(&each).map(|one| standings.get(&one));
                    match end_of_all(parties, &dispatch.desk.calendar, now) {
                        None => {
                            asked.push(each.id);
                            good.push(each);
                        }
                        Some((state, reason)) => {
                            ended.push(withdrawn(dispatch, &each, state, reason));
                        }
                    }
                }
            }
            None => ended.extend(
                group
                    .iter()
                    .map(|each| put_off(dispatch, each, "source_silent")),
            ),
        }
    }
    touch_asked(&dispatch.desk.pool.get().await?, &asked, now).await?;
    Ok((good, ended))
}

async fn standings(
    dispatch: &Dispatch,
    obligation: &str,
    organisations: impl Iterator<Item = Uuid>,
) -> Option<HashMap<Uuid, Party>> {
    let mut organisations: Vec<String> = organisations.map(organisation_name).collect();
    organisations.sort_unstable();
    organisations.dedup();
    match dispatch
        .desk
        .sources
        .check(obligation, &organisations)
        .await
    {
        Ok(answer) => Some(
            answer
                .parties
                .into_iter()
                .filter_map(|party| {
                    let id = organisation_id(&party.organisation)?;
                    Some((id, party))
                })
                .collect(),
        ),
        Err(error) => {
            tracing::warn!(who = error.who(), %error, "a source could not be asked again, its messages wait");
            None
        }
    }
}
