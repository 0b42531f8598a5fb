//! The notifier's own metrics, and how its events are counted in them.

use kit::telemetry::{Meter, counter, gauge, histogram};

use crate::domain::delivery::{Ending, State};
use crate::store::delivery::{Committed, Fate, Finish, NewDelivery};

/// What the notifier shows beside what every service shows.
pub static METERS: [Meter; 23] = [
    gauge(
        "notifier_deliveries",
        "channel state",
        "Deliveries that wait, are under way, are unknown, or wait for a person; 100,000 at most are counted",
    ),
    counter(
        "notifier_deliveries_moved_total",
        "state reason",
        "Deliveries that came into this state: SENT, DELIVERED, BOUNCED, FAILED, UNKNOWN, SUPPRESSED, MISSED and so on",
    ),
    counter(
        "notifier_sent_total",
        "channel",
        "Messages that a provider has accepted",
    ),
    counter(
        "notifier_answers_total",
        "channel code",
        "Answers of relay and gateway: 250, 450, esms 100, http 503",
    ),
    gauge(
        "notifier_on_hold",
        "",
        "1 while nothing is sent because the database was restored",
    ),
    gauge(
        "notifier_channel_at_rest",
        "channel",
        "1 while nothing is handed over because the provider refuses us or is away",
    ),
    counter(
        "notifier_channel_paused_total",
        "channel",
        "Times that a provider refused our account",
    ),
    gauge(
        "notifier_overdue_occurrences",
        "",
        "Reminders that are due and have not gone out; 100,000 at most are counted",
    ),
    gauge(
        "notifier_overdue_seconds",
        "",
        "Since when the oldest of them is due",
    ),
    histogram(
        "notifier_fanout_lateness_seconds",
        "",
        "From the hour at which a reminder was due until all its deliveries were written",
    ),
    histogram(
        "notifier_batch_size",
        "step",
        "Deliveries that share one commit",
    ),
    counter(
        "notifier_rung_again_total",
        "",
        "Orders that the broker had lost",
    ),
    gauge(
        "notifier_parked_messages",
        "",
        "Messages of the broker that nobody could handle and a person has not decided on",
    ),
    counter(
        "parked_messages_total",
        "",
        "Messages taken from the parking queue",
    ),
    counter(
        "occurrences_missed_total",
        "reason",
        "Reminders that were given up",
    ),
    counter(
        "fanout_waits_total",
        "",
        "Times that a reminder had to wait for its source or the registry",
    ),
    counter("facts_applied_total", "", "Facts taken in"),
    counter(
        "antientropy_repairs_total",
        "source",
        "Obligations that a source knew otherwise; it should stay 0",
    ),
    counter(
        "antientropy_overruled_total",
        "source",
        "Obligations of which we believed more than their source says; it should stay 0",
    ),
    counter(
        "antientropy_unknown_total",
        "source",
        "Obligations under a source's name that it does not know; it should stay 0",
    ),
    counter(
        "antientropy_impossible_total",
        "source",
        "Obligations that a source tells in a way that cannot be; it should stay 0",
    ),
    gauge(
        "notifier_smtp_lanes",
        "",
        "Connections that the relay grants at one time, as found out so far",
    ),
    gauge(
        "notifier_measured_timestamp_seconds",
        "",
        "When the gauges of this list were last measured, in seconds since 1970",
    ),
];

fn moved(state: State, reason: &str) {
    metrics::counter!(
        "notifier_deliveries_moved_total",
        "state" => state.as_str(),
        "reason" => label(reason).to_owned()
    )
    .increment(1);
}

/// A word of ours; of a reply, which is the peer's, only its code.
fn label(reason: &str) -> &str {
    if reason.starts_with(|first: char| first.is_ascii_digit()) {
        return reason.get(..3).unwrap_or("reply");
    }
    let is_ours = |sign: char| matches!(sign, 'a'..='z' | '0'..='9' | '_' | ' ' | '?');
    if reason.len() <= 40 && reason.chars().all(is_ours) {
        reason
    } else {
        "other"
    }
}

/// Attempts were recorded.
pub fn recorded(ends: &[Finish]) {
    for end in ends {
        answered(end);
        match end.ending {
            Ending::Accepted => moved(State::Sent, ""),
            Ending::Refused => moved(State::Failed, &end.reason),
            Ending::NoAnswer => moved(State::Unknown, &end.reason),
            Ending::Withdrawn => moved(end.withdrawn_to, &end.reason),
            Ending::NotSent => {}
        }
    }
}

fn answered(end: &Finish) {
    let code = match end.ending {
        Ending::Accepted => "accepted",
        Ending::NotSent | Ending::Refused | Ending::NoAnswer if !end.code.is_empty() => {
            label(&end.code)
        }
        Ending::NotSent | Ending::Refused | Ending::NoAnswer | Ending::Withdrawn => return,
    };
    metrics::counter!(
        "notifier_answers_total",
        "channel" => end.channel.as_str(),
        "code" => code.to_owned()
    )
    .increment(1);
}

/// Messages about to leave were asked about once more.
pub fn committed(answers: &[Committed]) {
    for answer in answers {
        if let Committed::Ended(state) = answer {
            moved(*state, "at_the_last_moment");
        }
    }
}

/// Rows of a mailing were written; tells how many of them ended at birth.
pub fn written(rows: &[NewDelivery]) -> usize {
    let ended = rows.iter().filter_map(|row| match row.fate {
        Fate::Ended { state, reason } => Some((state, reason)),
        Fate::Send | Fate::Doubted { .. } => None,
    });
    ended
        .inspect(|(state, reason)| moved(*state, reason))
        .count()
}

/// Receipts moved deliveries into these states.
pub fn reported(states: &[State]) {
    for state in states {
        moved(*state, "receipt");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_peer_writes_becomes_no_label() {
        for (reason, told) in [
            ("no_address", "no_address"),
            ("esms 104", "esms 104"),
            ("550 5.1.1", "550"),
            ("550 5.1.1 <lan@example.com>", "550"),
            ("<lan@example.com> is unknown", "other"),
            ("", ""),
        ] {
            assert_eq!(label(reason), told, "{reason}");
        }
        assert_eq!(label(&"a".repeat(41)), "other");
    }
}
