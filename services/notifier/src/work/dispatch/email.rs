//! A lane: one task, one connection, mail after mail.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::Dispatch;
use super::finish::{judged, put_off, refused, went_through};
use super::jobs::{InHand, Jobs};
use crate::channel::gate::Pass;
use crate::channel::smtp::{Refusal, Session, SmtpServer};
use crate::domain::delivery::may_hand_over;
use crate::domain::outcome::Verdict;
use crate::render::{Mail, RenderError};
use crate::store::delivery::{Claimed, CommitSend, Committed, Finish};

/// An idle lane lets its connection go after this time.
const IDLE: Duration = Duration::from_secs(20);

/// Sends until told to stop; the mail in hand is finished first.
pub async fn lane(
    dispatch: Dispatch,
    jobs: Arc<Jobs>,
    server: Arc<SmtpServer>,
    shutdown: CancellationToken,
) {
    let mut session = None;
    loop {
        let job = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            job = next(&dispatch, &jobs) => job,
            () = tokio::time::sleep(IDLE), if session.is_some() => {
                part(&mut session).await;
                continue;
            }
        };
        let Some((_pass, job)) = job else { break };
        if let Some(finish) = send(&dispatch, &server, &mut session, &job.claimed).await {
            dispatch.finisher.tell(finish).await;
        }
    }
    part(&mut session).await;
}

async fn next<'l>(dispatch: &'l Dispatch, jobs: &'l Jobs) -> Option<(Pass<'l>, InHand<'l>)> {
    let pass = dispatch.gates.email.passable().await;
    Some((pass, jobs.next().await?))
}

async fn part(session: &mut Option<Session>) {
    if let Some(session) = session.take() {
        session.quit().await;
    }
}

/// One mail, to its end; `None` when another step has ended the row.
async fn send(
    dispatch: &Dispatch,
    server: &SmtpServer,
    session: &mut Option<Session>,
    claimed: &Claimed,
) -> Option<Finish> {
    let mail = match write(dispatch, claimed).await {
        Ok(mail) => mail,
        Err(finish) => return Some(*finish),
    };
    let mut open = match take(server, session).await {
        Ok(open) => open,
        Err(refusal) => return Some(recorded(dispatch, claimed, refusal)),
    };
    let sender = dispatch.renderer.sender().address();
    if let Err(refusal) = open.envelope(sender, &mail.to).await {
        keep(session, open, &refusal).await;
        return Some(recorded(dispatch, claimed, refusal));
    }
    kit::failpoint::hit("dispatch.before_commit_send");
    let began = Instant::now();
    let committed = dispatch.committer.ask(CommitSend::of(claimed)).await?;
    kit::failpoint::hit("dispatch.after_commit_send");
    if committed != Committed::Go {
        if open.reset().await {
            *session = Some(open);
        }
        return None;
    }
    if !may_hand_over(began.elapsed()) {
        return Some(put_off(dispatch, claimed, "worker_slept"));
    }
    match open.data(&mail.bytes).await {
        Ok(reference) => {
            kit::failpoint::hit("smtp.after_250");
            went_through(&dispatch.gates.email, claimed.channel);
            *session = Some(open);
            let verdict = Verdict::Accepted { reference };
            Some(judged(dispatch, claimed, &dispatch.gates.email, verdict))
        }
        Err(refusal) => {
            keep(session, open, &refusal).await;
            Some(recorded(dispatch, claimed, refusal))
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

/// The connection in use, or a fresh one.
async fn take(server: &SmtpServer, session: &mut Option<Session>) -> Result<Session, Refusal> {
    match session.take() {
        Some(open) if open.is_fresh() => Ok(open),
        Some(old) => {
            old.quit().await;
            Session::connect(server).await
        }
        None => Session::connect(server).await,
    }
}

/// Keeps a connection that still stands after a refusal.
async fn keep(session: &mut Option<Session>, mut open: Session, refusal: &Refusal) {
    if refusal.connection_stands && open.reset().await {
        *session = Some(open);
    }
}

fn recorded(dispatch: &Dispatch, claimed: &Claimed, refusal: Refusal) -> Finish {
    Finish {
        code: refusal.code,
        detail: refusal.detail,
        ..judged(dispatch, claimed, &dispatch.gates.email, refusal.verdict)
    }
}
