//! What is made of an outcome that nobody knows.

use std::time::Duration;

use super::{Pace, retry_wait};
use crate::domain::delivery::Evidence;

/// An unknown outcome, and what can still be learned of it.
#[derive(Clone, Copy, Debug)]
pub struct Doubt {
    /// What the provider says when it is asked.
    pub looked_up: Option<Evidence>,
    /// How long ago the message was handed over last.
    pub since_sent: Duration,
    /// How long a receipt or a late reply may still come.
    pub patience: Duration,
    /// When the same order again tells, counted from the last time; `None`: it would
    /// be another message.
    pub repeat_after: Option<Duration>,
    /// Whether the class has it sent again when nothing can be learned.
    pub is_resent: bool,
    /// Whether it is night for this message.
    pub is_night: bool,
}

/// What is known of an unknown outcome. `None`: not yet, look again.
///
/// While the gateway would know the same order again, nothing is left to patience: the
/// repetition tells. Whatever lets a message leave waits for the morning.
#[must_use]
pub fn settle(doubt: &Doubt) -> Option<Evidence> {
    let waited = |wait: Duration, found: Evidence| (doubt.since_sent >= wait).then_some(found);
    let found = match (doubt.looked_up, doubt.repeat_after) {
        (Some(looked_up), _) => looked_up,
        (None, Some(wait)) => waited(wait, Evidence::Repeat)?,
        (None, None) => waited(doubt.patience, Evidence::Nothing)?,
    };
    let leaves = match found {
        Evidence::Accepted => false,
        Evidence::NotAccepted | Evidence::Repeat => true,
        Evidence::Nothing => doubt.is_resent,
    };
    (!(leaves && doubt.is_night)).then_some(found)
}

/// When an order that was posted `sends` times is posted once more, counted from the
/// last time; `None` where the gateway no longer knows it again (`guarded` is how long
/// it still does), or where it helps nobody any more (`useful`).
#[must_use]
pub fn repeat_after(
    guarded: Option<Duration>,
    useful: Duration,
    sends: u16,
    seed: u64,
) -> Option<Duration> {
    let left = guarded?.min(useful);
    (!left.is_zero()).then(|| retry_wait(Pace::Usual, sends.saturating_sub(1), seed, left))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn doubt(since_sent: Duration, repeat_after: Option<Duration>) -> Doubt {
        Doubt {
            looked_up: None,
            since_sent,
            patience: 15 * MINUTE,
            repeat_after,
            is_resent: false,
            is_night: false,
        }
    }

    #[test]
    fn what_the_provider_says_counts_at_once() {
        let mut asked = doubt(Duration::ZERO, Some(MINUTE));
        asked.looked_up = Some(Evidence::Accepted);
        assert_eq!(settle(&asked), Some(Evidence::Accepted));
    }

    #[test]
    fn while_the_gateway_knows_the_order_again_it_is_repeated_and_never_given_up() {
        assert_eq!(settle(&doubt(MINUTE / 2, Some(MINUTE))), None);
        let later = doubt(60 * MINUTE, Some(MINUTE));
        assert_eq!(settle(&later), Some(Evidence::Repeat));
        assert_eq!(settle(&doubt(60 * MINUTE, None)), Some(Evidence::Nothing));
    }

    #[test]
    fn nothing_leaves_at_night_by_itself() {
        let mut night = doubt(60 * MINUTE, Some(MINUTE));
        night.is_night = true;
        assert_eq!(settle(&night), None);
        night.looked_up = Some(Evidence::NotAccepted);
        assert_eq!(settle(&night), None);
        night.looked_up = Some(Evidence::Accepted);
        assert_eq!(settle(&night), Some(Evidence::Accepted));
        let mut given_up = doubt(60 * MINUTE, None);
        given_up.is_night = true;
        assert_eq!(settle(&given_up), Some(Evidence::Nothing), "nothing leaves");
        given_up.is_resent = true;
        assert_eq!(settle(&given_up), None);
    }

    #[test]
    fn an_order_is_repeated_ever_later_and_not_beyond_its_guard_or_its_use() {
        let day = Duration::from_secs(23 * 60 * 60);
        let wait = |guarded, useful, sends| repeat_after(guarded, useful, sends, 0);
        assert_eq!(wait(Some(day), day, 1), Some(MINUTE));
        assert_eq!(wait(Some(day), day, 3), Some(30 * MINUTE));
        assert_eq!(wait(Some(10 * MINUTE), day, 3), Some(5 * MINUTE));
        assert_eq!(wait(Some(day), 10 * MINUTE, 3), Some(5 * MINUTE));
        assert_eq!(wait(Some(Duration::ZERO), day, 1), None);
        assert_eq!(wait(Some(day), Duration::ZERO, 1), None);
        assert_eq!(wait(None, day, 1), None);
    }
}
