//! Recording answers, the same whether they came by page, by code or by an officer.
//!
//! Locks are taken in one order everywhere, first the matter and then the party,
//! so that a move and an answer never wait for each other in a ring.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};

use super::{House, tell};
use crate::domain::answer::Source;
use crate::domain::confirmation;
use crate::domain::deadline::{Change, Deadline, DeadlineFact, DeadlineState};
use crate::domain::event::Event;
use crate::domain::id::{DeadlineId, InvitationId, SubmissionId};
use crate::domain::invitation::{Attendance, Invitation};
use crate::domain::obligation::ObligationFact;
use crate::domain::submission::{CLAIM_WORKING_DAYS, Receipt, Submission};
use crate::store;

/// Records yes or no to an invitation.
pub(super) async fn invitation(
    tx: &Tx,
    id: InvitationId,
    said: &Attendance,
    source: Source,
    now: Timestamp,
) -> Result<(Event, Invitation)> {
    let gone = || Error::not_found(id.to_string());
    let event = store::invitation::event_of(tx, id)
        .await?
        .ok_or_else(gone)?;
    let event = store::event::share(tx, event).await?.ok_or_else(gone)?;
    let present = store::invitation::lock(tx, id).await?.ok_or_else(gone)?;
    tx.about(format!("{}/{}", present.event, present.id));
    match present.answer(&event, said, source, now)? {
        None => Ok((event, present)),
        Some(answered) => {
            store::invitation::answer(tx, &answered).await?;
            Ok((event, answered))
        }
    }
}

/// Whether a yes or no says anything new.
pub(super) async fn would_change(
    session: &impl Session,
    id: InvitationId,
    said: &Attendance,
    now: Timestamp,
) -> Result<bool> {
    let gone = || Error::not_found(id.to_string());
    let present = store::invitation::get(session, id)
        .await?
        .ok_or_else(gone)?;
    let event = store::event::get(session, present.event)
        .await?
        .ok_or_else(gone)?;
    let answered = present.answer(&event, said, Source::Page, now)?;
    Ok(answered.is_some())
}

/// Whether "đã gửi" says anything new.
pub(super) async fn would_claim(
    session: &impl Session,
    house: &House,
    id: SubmissionId,
    now: Timestamp,
) -> Result<bool> {
    let gone = || Error::not_found(id.to_string());
    let present = store::submission::get(session, id)
        .await?
        .ok_or_else(gone)?;
    let deadline = store::deadline::get(session, present.deadline)
        .await?
        .ok_or_else(gone)?;
    Ok(claimed(house, &deadline, &present, now)?.is_some())
}

/// Records "đã gửi": the chasing stops, and the unit in charge is asked to confirm.
pub(super) async fn claim(
    tx: &Tx,
    house: &House,
    id: SubmissionId,
    now: Timestamp,
) -> Result<(Deadline, Submission)> {
    let (deadline, present) = locked(tx, id).await?;
    let Some(claimed) = claimed(house, &deadline, &present, now)? else {
        return Ok((deadline, present));
    };
    store::submission::update(tx, &claimed).await?;
    close_confirmation(tx, house, id, now).await?;
    let due = confirm_by(house, now);
    let asked = confirmation::of_claim(DeadlineId::new(), &deadline, &claimed, due);
    store::deadline::insert(tx, &asked).await?;
    tell::deadlines(
        tx,
        house,
        &[asked],
        DeadlineFact::Created,
        ObligationFact::Scheduled,
    )
    .await?;
    Ok((deadline, claimed))
}

fn claimed(
    house: &House,
    deadline: &Deadline,
    present: &Submission,
    now: Timestamp,
) -> Result<Option<Submission>> {
    let holds = confirmation::holds(confirm_by(house, present.state_at), now);
    Ok(present.claim(deadline, holds, now)?)
}

/// Records what an officer received or waived. The question about a claim is
/// answered with it, and the deadline closes when nobody owes anything any more.
pub(super) async fn record(
    tx: &Tx,
    house: &House,
    id: SubmissionId,
    receipt: Receipt,
    remark: &str,
    now: Timestamp,
) -> Result<Submission> {
    let (deadline, present) = locked(tx, id).await?;
    let Some(recorded) = present.record(&deadline, receipt, remark.to_owned(), now)? else {
        return Ok(present);
    };
    store::submission::update(tx, &recorded).await?;
    close_confirmation(tx, house, id, now).await?;
    if deadline.state == DeadlineState::Open
        && !store::submission::any_owed(tx, deadline.id).await?
    {
        complete(tx, house, &deadline, now).await?;
    }
    Ok(recorded)
}

/// Closes a locked deadline, with the open questions about its claims.
pub(super) async fn complete(
    tx: &Tx,
    house: &House,
    deadline: &Deadline,
    now: Timestamp,
) -> Result<Deadline> {
    let closed = closed(deadline, now)?;
    close(tx, house, std::slice::from_ref(&closed)).await?;
    settle(tx, house, deadline.id, now).await?;
    Ok(closed)
}

/// Ends what hangs on a deadline that is over: its codes, and the questions about claims.
pub(super) async fn settle(tx: &Tx, house: &House, id: DeadlineId, now: Timestamp) -> Result<()> {
    store::answer_code::release_deadline(tx, id, now).await?;
    let open = store::deadline::lock_confirmations(tx, id).await?;
    let answered = open
        .iter()
        .map(|each| closed(each, now))
        .collect::<Result<Vec<_>>>()?;
    close(tx, house, &answered).await
}

async fn close_confirmation(
    tx: &Tx,
    house: &House,
    claim: SubmissionId,
    now: Timestamp,
) -> Result<()> {
    match store::deadline::lock_confirmation(tx, claim).await? {
        Some(open) => close(tx, house, &[closed(&open, now)?]).await,
        None => Ok(()),
    }
}

async fn close(tx: &Tx, house: &House, closed: &[Deadline]) -> Result<()> {
    if closed.is_empty() {
        return Ok(());
    }
    store::deadline::close(tx, closed).await?;
    tell::deadlines(
        tx,
        house,
        closed,
        DeadlineFact::Closed,
        ObligationFact::Satisfied,
    )
    .await
}

fn closed(deadline: &Deadline, now: Timestamp) -> Result<Deadline> {
    let told = deadline.apply(Change::Complete, now)?;
    Ok(told.map_or_else(|| deadline.clone(), |told| told.deadline))
}

async fn locked(tx: &Tx, id: SubmissionId) -> Result<(Deadline, Submission)> {
    let gone = || Error::not_found(id.to_string());
    let deadline = store::submission::deadline_of(tx, id)
        .await?
        .ok_or_else(gone)?;
    let deadline = store::deadline::lock(tx, deadline)
        .await?
        .ok_or_else(gone)?;
    let submission = store::submission::lock(tx, id).await?.ok_or_else(gone)?;
    tx.about(format!("{}/{}", submission.deadline, submission.id));
    Ok((deadline, submission))
}

/// The day by which a claim made at `claimed_at` should be confirmed.
fn confirm_by(house: &House, claimed_at: Timestamp) -> jiff::civil::Date {
    let day = vietnam::local(claimed_at).date();
    house.calendar.add_working_days(day, CLAIM_WORKING_DAYS)
}
