//! From a verdict to the row that records it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Dispatch;
use crate::channel::gate::{Cause, Gate};
use crate::channel::lanes::Left;
use crate::domain::delivery::{Channel, Ending, State};
use crate::domain::outcome::{
    AWAY_PAUSE, Pace, SMS_UNKNOWN_WAIT, UNKNOWN_WAIT, Verdict, keeps_quiet_hours, over_the_night,
    rest_wait, retry_wait,
};
use crate::store::delivery::{Claimed, Doubt, Finish};
use vietnam::text::remark;

/// How long a row steps back while its channel is away or refuses our account.
const CHANNEL_AWAY: Duration = Duration::from_secs(60);

/// A finish with nothing in it yet.
pub(super) fn blank(dispatch: &Dispatch, claimed: &Claimed, ending: Ending) -> Finish {
    Finish {
        id: claimed.id,
        lease: claimed.lease,
        channel: claimed.channel,
        attempt: claimed.attempt,
        worker: dispatch.worker,
        ending,
        withdrawn_to: State::Suppressed,
        reason: String::new(),
        code: String::new(),
        detail: String::new(),
        wait: Duration::ZERO,
        counts: true,
        reference: String::new(),
        segments: 0,
        suppress: false,
        doubt: Doubt::default(),
    }
}

/// A rule found in hand that it must not go out.
pub(super) fn withdrawn(dispatch: &Dispatch, claimed: &Claimed, to: State, reason: &str) -> Finish {
    Finish {
        withdrawn_to: to,
        reason: reason.to_owned(),
        ..blank(dispatch, claimed, Ending::Withdrawn)
    }
}

/// It could not be tried, for a reason that has nothing to do with it.
pub(super) fn put_off(dispatch: &Dispatch, claimed: &Claimed, reason: &str) -> Finish {
    Finish {
        reason: reason.to_owned(),
        wait: wait_for(dispatch, claimed, CHANNEL_AWAY),
        counts: false,
        ..blank(dispatch, claimed, Ending::NotSent)
    }
}

/// It can never be sent as it is.
pub(super) fn refused(dispatch: &Dispatch, claimed: &Claimed, reason: &str) -> Finish {
    Finish {
        reason: reason.to_owned(),
        ..blank(dispatch, claimed, Ending::Refused)
    }
}

/// The row for a verdict; a verdict about our account closes the gate, which tells
/// what the provider `said`.
pub(super) fn judged(
    dispatch: &Dispatch,
    claimed: &Claimed,
    gate: &Gate,
    verdict: Verdict,
    said: &str,
) -> Finish {
    match verdict {
        Verdict::Accepted { reference } => Finish {
            reference,
            ..blank(dispatch, claimed, Ending::Accepted)
        },
        Verdict::Retry { reason, pace } => Finish {
            reason,
            wait: wait_for(dispatch, claimed, pause(dispatch, claimed, pace)),
            ..blank(dispatch, claimed, Ending::NotSent)
        },
        Verdict::Failed { reason, suppress } => Finish {
            reason,
            suppress,
            ..blank(dispatch, claimed, Ending::Refused)
        },
        Verdict::Config { reason, pause } => {
            let pause = |pauses| dispatch.wait(rest_wait(pause, pauses));
            let told = told(&reason, said);
            if gate.pause(Cause::Refused, &told, pause) {
                metrics::counter!("notifier_channel_paused_total", "channel" => claimed.channel.as_str())
                    .increment(1);
                tracing::error!(
                    channel = claimed.channel.as_str(),
                    reason = told,
                    "the provider refuses our account, the channel rests"
                );
            }
            put_off(dispatch, claimed, &reason)
        }
        Verdict::Away { reason, pause } => {
            rest(dispatch, claimed, gate, &told(&reason, said), pause);
            put_off(dispatch, claimed, &reason)
        }
        // Whoever can say more has said it before.
        Verdict::Crowded { reason } | Verdict::Doubtful { reason, .. } => {
            put_off(dispatch, claimed, &reason)
        }
        Verdict::Unknown { reason } => Finish {
            reason,
            wait: dispatch.wait(look_after(claimed)),
            ..blank(dispatch, claimed, Ending::NoAnswer)
        },
    }
}

/// The provider is away: the channel rests for a moment.
fn rest(dispatch: &Dispatch, claimed: &Claimed, gate: &Gate, told: &str, pause: Duration) {
    if gate.pause(Cause::Away, told, |_| dispatch.wait(pause)) {
        tracing::warn!(
            channel = claimed.channel.as_str(),
            reason = told,
            "the provider is away, its messages wait"
        );
    }
}

/// A reason and the provider's own words, for people who look after the channel.
fn told(reason: &str, said: &str) -> String {
    remark(&format!("{reason} {said}"))
}

/// The row for a mail that came while the server had too many; the others go on
/// with what it `left` us.
pub(super) fn crowded(dispatch: &Dispatch, claimed: &Claimed, left: Left, reason: &str) -> Finish {
    if left.lanes == 0 {
        let gate = &dispatch.gates.email;
        rest(dispatch, claimed, gate, reason, AWAY_PAUSE);
    }
    if left.is_news {
        tracing::info!(
            lanes = left.lanes.max(1),
            reason,
            "the relay grants no more connections at one time: fewer lanes"
        );
    }
    Finish {
        reason: reason.to_owned(),
        wait: wait_for(dispatch, claimed, AWAY_PAUSE),
        counts: false,
        ..blank(dispatch, claimed, Ending::NotSent)
    }
}

/// Waits until the outcome is recorded: what the world knows and we have not written
/// down is one message of each lane at most. Told to stop, it is left to the batcher.
pub(super) async fn recorded(dispatch: &Dispatch, finish: Finish, shutdown: &CancellationToken) {
    let recording = dispatch.finisher.begin(finish).await;
    tokio::select! {
        biased;
        _ = recording => {}
        () = shutdown.cancelled() => {}
    }
}

/// Something went through: a channel at rest is open again.
pub(super) fn went_through(gate: &Gate, channel: Channel) {
    metrics::counter!("notifier_sent_total", "channel" => channel.as_str()).increment(1);
    if let Some(over) = gate.open() {
        tracing::info!(
            channel = channel.as_str(),
            since = %over.since,
            reason = over.reason,
            "the channel goes on, its rest is over"
        );
    }
}

/// The pause that the retry schedule asks for.
fn pause(dispatch: &Dispatch, claimed: &Claimed, pace: Pace) -> Duration {
    retry_wait(
        pace,
        u16::try_from(claimed.setbacks).unwrap_or(0),
        // The last bits of a UUIDv7 are random: an even spread.
        claimed.id.as_u64_pair().1,
        left(dispatch, claimed),
    )
}

/// The wait for the next attempt, which wakes nobody at night.
fn wait_for(dispatch: &Dispatch, claimed: &Claimed, pause: Duration) -> Duration {
    let wait = if keeps_quiet_hours(claimed.channel, claimed.class, claimed.audience_stands) {
        over_the_night(pause, dispatch.desk.clock.now(), claimed.useful_until)
    } else {
        pause
    };
    dispatch.wait(wait)
}

/// How long the delivery is still useful.
pub(super) fn left(dispatch: &Dispatch, claimed: &Claimed) -> Duration {
    let left = dispatch
        .desk
        .clock
        .now()
        .duration_until(claimed.useful_until);
    Duration::try_from(left).unwrap_or(Duration::ZERO)
}

fn look_after(claimed: &Claimed) -> Duration {
    match claimed.channel {
        Channel::Sms => SMS_UNKNOWN_WAIT,
        Channel::Email | Channel::None => UNKNOWN_WAIT,
    }
}
