//! A lane: one task, one connection, mail after mail.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::Dispatch;
use super::doubt::doubted;
use super::finish::{crowded, judged, put_off, recorded, refused, went_through};
use super::hands::Hands;
use super::jobs::{InHand, Jobs};
use crate::channel::gate::Pass;
use crate::channel::lanes::Lanes;
use crate::channel::smtp::{Refusal, SmtpServer};
use crate::domain::delivery::may_hand_over;
use crate::domain::outcome::Verdict;
use crate::render::{Mail, RenderError};
use crate::store::delivery::{Claimed, CommitSend, Committed, Finish};

/// An idle lane lets its connection go after this time.
const IDLE: Duration = Duration::from_secs(20);

/// Where the mail of a lane comes from and goes to.
#[derive(Clone, Debug)]
pub struct Relay {
    /// Where it is handed over.
    pub server: std::sync::Arc<SmtpServer>,
    /// How many may do so at one time.
    pub lanes: Lanes,
}

/// Sends until told to stop; the mail in hand is finished first. No mail begins
/// before the outcome of the one before it is recorded.
pub async fn lane(
    dispatch: Dispatch,
    jobs: std::sync::Arc<Jobs>,
    relay: Relay,
    shutdown: CancellationToken,
) {
    let mut hands = Hands::default();
    loop {
        let job = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            job = next(&dispatch, &jobs, &relay.lanes, &mut hands) => job,
            () = tokio::time::sleep(IDLE), if hands.are_connected() => {
                hands.part().await;
                continue;
            }
        };
        let Some((pass, job)) = job else { break };
        let finish = send(&dispatch, &relay.server, &mut hands, &job.claimed).await;
        drop((pass, job));
        if let Some(finish) = finish {
            recorded(&dispatch, finish, &shutdown).await;
        }
    }
    hands.part().await;
}

async fn next<'l>(
    dispatch: &'l Dispatch,
    jobs: &'l Jobs,
    lanes: &Lanes,
    hands: &mut Hands,
) -> Option<(Pass<'l>, InHand<'l>)> {
    hands.enter(lanes).await;
    let pass = dispatch.gates.email.passable().await;
    Some((pass, jobs.next().await?))
}

/// One mail, to its end; `None` when another step has ended the row.
async fn send(
    dispatch: &Dispatch,
    server: &SmtpServer,
    hands: &mut Hands,
    claimed: &Claimed,
) -> Option<Finish> {
    let mail = match write(dispatch, claimed).await {
        Ok(mail) => mail,
        Err(finish) => return Some(*finish),
    };
    let mut open = match hands.take(server).await {
        Ok(open) => open,
        Err(refusal) => return Some(ended(dispatch, hands, claimed, refusal).await),
    };
    let sender = dispatch.renderer.sender().address();
    if let Err(refusal) = open.envelope(sender, &mail.to).await {
        hands.keep_after(open, &refusal).await;
        return Some(ended(dispatch, hands, claimed, refusal).await);
    }
    kit::failpoint::hit("dispatch.before_commit_send");
    let began = Instant::now();
    let committed = dispatch.committer.ask(CommitSend::of(claimed)).await?;
    kit::failpoint::hit("dispatch.after_commit_send");
    if committed != Committed::Go {
        hands.take_back(open).await;
        return None;
    }
    if !may_hand_over(began.elapsed()) {
        hands.lose();
        return Some(put_off(dispatch, claimed, "worker_slept"));
    }
    match open.data(&mail.bytes).await {
        Ok(reference) => {
            kit::failpoint::hit("smtp.after_250");
            went_through(&dispatch.gates.email, claimed.channel);
            hands.keep(open);
            let verdict = Verdict::Accepted { reference };
            Some(judged(
                dispatch,
                claimed,
                &dispatch.gates.email,
                verdict,
                "",
            ))
        }
        Err(refusal) => {
            hands.keep_after(open, &refusal).await;
            Some(ended(dispatch, hands, claimed, refusal).await)
        }
    }
}

/// The message, or the row of one that cannot be written.
async fn write(dispatch: &Dispatch, claimed: &Claimed) -> Result<Mail, Box<Finish>> {
    let letter = dispatch.letter_of(claimed).await?;
    dispatch
        .renderer
        .email(
            &letter,
            &claimed.party,
            claimed.id,
            &claimed.address,
            claimed.dated_at,
        )
        .map_err(|error| {
            let reason = if matches!(error, RenderError::Mailbox(_)) {
                "address_unusable"
            } else {
                tracing::error!(delivery = %claimed.id, cause = error_chain(&error), "a message cannot be written");
                "text_failed"
            };
            Box::new(refused(dispatch, claimed, reason))
        })
}

fn error_chain(error: &RenderError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The row for a mail that was not taken.
async fn ended(
    dispatch: &Dispatch,
    hands: &mut Hands,
    claimed: &Claimed,
    refusal: Refusal,
) -> Finish {
    let Refusal {
        verdict,
        code,
        detail,
        ..
    } = refusal;
    let finish = if let Verdict::Crowded { reason } = &verdict {
        crowded(dispatch, claimed, hands.crowded().await, reason)
    } else if let Verdict::Doubtful { reason, alike } = &verdict {
        doubted(dispatch, claimed, reason, alike, &detail).await
    } else {
        judged(dispatch, claimed, &dispatch.gates.email, verdict, &detail)
    };
    Finish {
        code,
        detail,
        ..finish
    }
}
