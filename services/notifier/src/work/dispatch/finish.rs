//! From a verdict to the row that records it.

use std::time::Duration;

use super::Dispatch;
use crate::channel::gate::{Cause, Gate};
use crate::domain::delivery::{Channel, Ending, State};
use crate::domain::outcome::{
    Pace, SMS_UNKNOWN_WAIT, UNKNOWN_WAIT, Verdict, keeps_quiet_hours, over_the_night, rest_wait,
    retry_wait,
};
use crate::store::delivery::{Claimed, Finish};

/// How long a row steps back while its channel is away or refuses our account.
const CHANNEL_AWAY: Duration = Duration::from_secs(60);

/// A finish with nothing in it yet.
pub(super) fn blank(dispatch: &Dispatch, claimed: &Claimed, ending: Ending) -> Finish {
    Finish {
        id: claimed.id,
        lease: claimed.lease,
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

/// The row for a verdict; a verdict about our account closes the gate.
pub(super) fn judged(
    dispatch: &Dispatch,
    claimed: &Claimed,
    gate: &Gate,
    verdict: Verdict,
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
            if gate.pause(Cause::Refused, &reason, pause) {
                metrics::counter!("notifier_channel_paused_total", "channel" => claimed.channel.as_str())
                    .increment(1);
                tracing::error!(
                    channel = claimed.channel.as_str(),
                    reason,
                    "the provider refuses our account, the channel rests"
                );
            }
            put_off(dispatch, claimed, &reason)
        }
        Verdict::Away { reason, pause } => {
            if gate.pause(Cause::Away, &reason, |_| dispatch.wait(pause)) {
                tracing::warn!(
                    channel = claimed.channel.as_str(),
                    reason,
                    "the provider cannot be reached, its messages wait"
                );
            }
            put_off(dispatch, claimed, &reason)
        }
        Verdict::Unknown { reason } => Finish {
            reason,
            wait: dispatch.wait(look_after(claimed)),
            ..blank(dispatch, claimed, Ending::NoAnswer)
        },
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
fn left(dispatch: &Dispatch, claimed: &Claimed) -> Duration {
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
