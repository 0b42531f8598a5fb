//! Whom nothing reached in the worst hour, for the officer who will call.

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::Result;

use super::desk::Desk;
use super::fanout::{Held, Mailing, Outcome, Trouble, add, candidates, send, suppress};
use super::letter::{self, organisation_name};
use crate::domain::correction;
use crate::domain::explain::{Tongue, outcome};
use crate::domain::fanout::Manner;
use crate::domain::letter::{CallEntry, LetterKind};
use crate::domain::obligation::Status;
use crate::domain::occurrence::Reason;
use crate::domain::party::{Party, Position, Reach};
use crate::domain::rule::Channels;
use crate::store;
use crate::store::occurrence::Work;
use crate::store::told::Unreached;

/// Who calls.
const POSITIONS: [Position; 3] = [Position::Officer, Position::Head, Position::Office];

/// Plans the list that follows a correction of the worst hour.
pub(super) async fn plan(tx: &Tx, correction: &Work, now: Timestamp) -> Result<()> {
    if !correction.worst_hour {
        return Ok(());
    }
    let plan = correction::call_list(correction.due_at);
    add(
        tx,
        correction.obligation_id,
        &correction.obligation,
        vec![plan],
        now,
    )
    .await
}

/// Sends the list, or finds that nobody is left to call.
pub(super) async fn run(desk: &Desk, work: &Work) -> std::result::Result<Outcome, Trouble> {
    let unreached = unreached(desk, work).await?;
    if unreached.is_empty() {
        return Ok(suppress(desk, work, Reason::NothingToReport).await?);
    }
    let obligation = &work.obligation;
    let lead = if obligation.lead_unit.is_empty() {
        &obligation.organiser
    } else {
        &obligation.lead_unit
    };
    if lead.is_empty() {
        return Ok(suppress(desk, work, Reason::NoLead).await?);
    }
    let names: Vec<String> = unreached
        .iter()
        .map(|each| organisation_name(each.organisation_id))
        .collect();
    let reach = desk.sources.reach(&names).await?;
    let units = letter::units(desk, obligation).await?;
    let mut letter = letter::of_step(desk, work, LetterKind::CallList, units);
    // What was called off is named by the time that its readers knew.
    if obligation.status != Status::Scheduled {
        letter.old_anchor = Some(obligation.anchor.clone());
    }
    letter.call_list = unreached
        .iter()
        .zip(&names)
        .map(|(each, name)| line(each, reach.get(name)))
        .collect();
    let mailing = Mailing {
        work,
        manner: Manner {
            channels: Channels::Email,
            positions: POSITIONS.to_vec(),
            class: obligation.class,
            reply_pages: desk.reply_url.clone(),
        },
        asked_at: desk.clock.now(),
        letter,
        speaks: false,
    };
    let officer = candidates(desk, vec![Party::plain(lead)]).await?;
    send(desk, &mailing, &mut Held::few(officer)).await
}

async fn unreached(desk: &Desk, work: &Work) -> Result<Vec<Unreached>> {
    let session = desk.pool.get().await?;
    let version = work.anchor_version;
    let correction = store::told::correction_of(&session, work.obligation_id, version).await?;
    match correction {
        Some(correction) => store::told::unreached(&session, work.obligation_id, correction).await,
        None => Ok(Vec::new()),
    }
}

fn line(unreached: &Unreached, reach: Option<&Reach>) -> CallEntry {
    CallEntry {
        organisation: unreached.name.clone(),
        phone: reach
            .and_then(phone)
            .map(|number| vietnam::phone::shown(&number))
            .unwrap_or_default(),
        reason: outcome(unreached.state, &unreached.reason, Tongue::Vi).to_owned(),
    }
}

/// A telephone to call, a landline perhaps: the first in the registry's order.
#[must_use]
pub fn phone(reach: &Reach) -> Option<String> {
    reach
        .contacts
        .iter()
        .filter(|contact| !contact.do_not_contact)
        .find(|contact| !contact.phone.is_empty())
        .map(|contact| contact.phone.clone())
}
