//! A worker for SMS: one order after the other to the gateway.

use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::Dispatch;
use super::finish::{judged, put_off, recorded, refused, went_through, withdrawn};
use super::jobs::{InHand, Jobs};
use crate::channel::gate::Pass;
use crate::channel::sms::{Handed, SmsGateway, SmsOrder};
use crate::domain::delivery::{State, may_hand_over};
use crate::domain::outcome::Verdict;
use crate::render::SmsText;
use crate::store::delivery::{Claimed, CommitSend, Committed, Finish};

/// Sends until told to stop; the order in hand is finished first. None begins before
/// the outcome of the one before it is recorded.
pub async fn worker(
    dispatch: Dispatch,
    jobs: Arc<Jobs>,
    gateway: Arc<SmsGateway>,
    shutdown: CancellationToken,
) {
    loop {
        let job = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            job = next(&dispatch, &jobs) => job,
        };
        let Some((pass, job)) = job else { break };
        let finish = send(&dispatch, &gateway, &job.claimed).await;
        drop((pass, job));
        if let Some(finish) = finish {
            recorded(&dispatch, finish, &shutdown).await;
        }
    }
}

async fn next<'l>(dispatch: &'l Dispatch, jobs: &'l Jobs) -> Option<(Pass<'l>, InHand<'l>)> {
    let pass = dispatch.gates.sms.passable().await;
    Some((pass, jobs.next().await?))
}

/// One SMS, to its end; `None` when another step has ended the row.
async fn send(dispatch: &Dispatch, gateway: &SmsGateway, claimed: &Claimed) -> Option<Finish> {
    if matches!(gateway, SmsGateway::None) {
        let reason = "no_sms_gateway";
        return Some(withdrawn(dispatch, claimed, State::Suppressed, reason));
    }
    let text = match write(dispatch, claimed).await {
        Ok(text) => text,
        Err(finish) => return Some(*finish),
    };
    kit::failpoint::hit("dispatch.before_commit_send");
    let began = Instant::now();
    let committed = dispatch.committer.ask(CommitSend::of(claimed)).await?;
    kit::failpoint::hit("dispatch.after_commit_send");
    if committed != Committed::Go {
        return None;
    }
    if !may_hand_over(began.elapsed()) {
        return Some(put_off(dispatch, claimed, "worker_slept"));
    }
    let order = SmsOrder {
        id: claimed.id,
        to: claimed.address.clone(),
        text: text.text,
    };
    let Handed {
        verdict,
        reference,
        cause,
    } = gateway.send(&order).await;
    kit::failpoint::hit("sms.after_answer");
    if matches!(verdict, Verdict::Accepted { .. }) {
        went_through(&dispatch.gates.sms, claimed.channel);
    }
    let code = code_of(&verdict);
    Some(Finish {
        segments: text.segments,
        code,
        reference,
        ..judged(dispatch, claimed, &dispatch.gates.sms, verdict, &cause)
    })
}

fn code_of(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted { .. } => String::new(),
        Verdict::Retry { reason, .. }
        | Verdict::Failed { reason, .. }
        | Verdict::Config { reason, .. }
        | Verdict::Crowded { reason }
        | Verdict::Doubtful { reason, .. }
        | Verdict::Away { reason, .. }
        | Verdict::Unknown { reason } => reason.clone(),
    }
}

async fn write(dispatch: &Dispatch, claimed: &Claimed) -> Result<SmsText, Box<Finish>> {
    let letter = dispatch.letter_of(claimed).await?;
    dispatch
        .renderer
        .sms(&letter, &claimed.party)
        .map_err(|error| {
            tracing::error!(delivery = %claimed.id, %error, "a message cannot be written");
            Box::new(refused(dispatch, claimed, "text_failed"))
        })
}
