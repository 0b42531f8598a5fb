//! A mail that a policy refuses: what befalls others tells whether it or we are
//! meant.

use std::time::Duration;

use kit::error::Result;

use super::Dispatch;
use super::finish::{judged, left, put_off, refused};
use crate::domain::outcome::{IN_DOUBT, Judgement, POLICY_PATIENCE, UNDECIDED, judge, ruled};
use crate::store::delivery::{Claimed, Doubt, Finish, Weighed, weigh};
use crate::work::words;

/// Beside a stepped clock nobody waits for hours: others are sent at the same instant.
const STEPPED_PATIENCE: Duration = Duration::from_secs(10);

/// The row for a mail that was refused at RCPT with `alike`.
pub(super) async fn doubted(
    dispatch: &Dispatch,
    claimed: &Claimed,
    reason: &str,
    alike: &str,
    said: &str,
) -> Finish {
    let weighed = match weighed(dispatch, claimed, alike).await {
        Ok(weighed) => weighed,
        Err(error) => {
            tracing::warn!(cause = words(&error), "a refusal cannot be weighed yet");
            return Finish {
                doubt: Doubt::from_now(alike),
                ..put_off(dispatch, claimed, IN_DOUBT)
            };
        }
    };
    let judgement = found(dispatch, claimed, &weighed);
    let verdict = ruled(judgement, reason.to_owned());
    let mut finish = judged(dispatch, claimed, &dispatch.gates.email, verdict, said);
    if judgement == Judgement::Wait {
        let longest = patience(dispatch).saturating_sub(weighed.waited);
        finish.wait = finish.wait.min(dispatch.wait(longest));
    }
    Finish {
        doubt: Doubt::since(alike, weighed.since),
        ..finish
    }
}

/// The row for a mail that was in doubt until it helps nobody any more; `None` where
/// the doubt was about us: then it was missed, as others were.
pub(super) async fn doubted_to_the_end(dispatch: &Dispatch, claimed: &Claimed) -> Option<Finish> {
    let weighed = weighed(dispatch, claimed, &claimed.doubt).await;
    match weighed.map(|weighed| found(dispatch, claimed, &weighed)) {
        Ok(Judgement::Ours) => None,
        Ok(Judgement::Theirs | Judgement::Undecided | Judgement::Wait) => {
            Some(refused(dispatch, claimed, UNDECIDED))
        }
        Err(_) => Some(put_off(dispatch, claimed, IN_DOUBT)),
    }
}

fn found(dispatch: &Dispatch, claimed: &Claimed, weighed: &Weighed) -> Judgement {
    let left = left(dispatch, claimed);
    judge(weighed.weight, weighed.waited, left, patience(dispatch))
}

async fn weighed(dispatch: &Dispatch, claimed: &Claimed, alike: &str) -> Result<Weighed> {
    weigh(&dispatch.desk.pool.get().await?, claimed.id, alike).await
}

fn patience(dispatch: &Dispatch) -> Duration {
    if dispatch.desk.clock.waits().are_shortened() {
        STEPPED_PATIENCE
    } else {
        POLICY_PATIENCE
    }
}
