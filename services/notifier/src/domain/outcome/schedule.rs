//! When to try again.

use std::time::Duration;

use jiff::Timestamp;

use super::Pace;
use crate::domain::delivery::Channel;
use crate::domain::obligation::Class;
use crate::domain::schedule::after_quiet_hours;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Waits between attempts, in seconds; the last one repeats until the delivery
/// helps nobody any more.
const USUAL: [u64; 6] = [
    MINUTE,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
];

/// Greylisting servers commonly ask for five minutes.
const GREYLIST_FIRST: u64 = 5 * MINUTE;

/// The first wait for a full mailbox.
const MAILBOX_FULL_FIRST: u64 = 2 * HOUR;

/// How long a missing answer may still come, as a receipt or a late reply,
/// before the class decides.
pub const UNKNOWN_WAIT: Duration = Duration::from_secs(15 * MINUTE);

/// How long the answer to an SMS may still come before the gateway is asked:
/// receipts come within seconds.
pub const SMS_UNKNOWN_WAIT: Duration = Duration::from_secs(MINUTE);

/// What has been put right again is noticed within this time.
const LONGEST_REST: Duration = Duration::from_secs(10 * MINUTE);

/// No retry is sooner than this, however near the end of usefulness.
const SHORTEST: Duration = Duration::from_secs(1);

/// The wait before the next attempt, after `setbacks` earlier ones.
///
/// `seed` spreads the waits of many deliveries by up to a fifth, the same for
/// the same seed; `left` is how long the delivery is still useful: a last
/// attempt is made before that is over, rather than none.
#[must_use]
pub fn retry_wait(pace: Pace, setbacks: u16, seed: u64, left: Duration) -> Duration {
    let step = usize::from(setbacks).min(USUAL.len() - 1);
    let seconds = match pace {
        Pace::Usual => USUAL[step],
        Pace::Greylist => USUAL[step].max(GREYLIST_FIRST),
        Pace::MailboxFull => USUAL[step].max(MAILBOX_FULL_FIRST),
    };
    // Only later, never sooner: servers count the seconds.
    let spread = seconds * 1_000 / 5 * (seed % 1_000) / 1_000;
    let wait = Duration::from_millis(seconds * 1_000 + spread);
    wait.min(left / 2).max(SHORTEST)
}

/// A channel whose provider refuses us is tried again after its `first` pause, then
/// ever later: a wrong password said every minute locks an account.
#[must_use]
pub fn rest_wait(first: Duration, pauses: u32) -> Duration {
    first
        .saturating_mul(1 << pauses.min(10))
        .min(LONGEST_REST.max(first))
}

/// Whether a further attempt keeps the house's quiet hours: SMS of every class do,
/// and emails that are no matter of dates. What `stands`, whatever its party says,
/// does not: in a worst hour a correction goes at any hour.
#[must_use]
pub const fn keeps_quiet_hours(channel: Channel, class: Class, stands: bool) -> bool {
    match channel {
        _ if stands => false,
        Channel::Sms => true,
        Channel::Email => matches!(class, Class::Care | Class::Advert),
        Channel::None => false,
    }
}

/// A wait that begins `now` and would end in the quiet hours lasts until they are
/// over, where the message still helps then.
#[must_use]
pub fn over_the_night(wait: Duration, now: Timestamp, useful_until: Timestamp) -> Duration {
    let Ok(next) = now.checked_add(wait) else {
        return wait;
    };
    let quiet = now.duration_until(after_quiet_hours(next, useful_until));
    Duration::try_from(quiet).unwrap_or(wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONG: Duration = Duration::from_secs(90 * 24 * HOUR);

    #[test]
    fn waits_grow_from_a_minute_to_half_a_day() {
        let minutes: Vec<u64> = (0..8)
            .map(|setbacks| retry_wait(Pace::Usual, setbacks, 0, LONG).as_secs() / MINUTE)
            .collect();
        assert_eq!(minutes, [1, 5, 30, 120, 360, 720, 720, 720]);
    }

    #[test]
    fn a_refused_channel_is_tried_ever_later_up_to_ten_minutes() {
        let rests = |first: u64| {
            let first = Duration::from_secs(first * MINUTE);
            [0, 1, 3, 4, 40].map(|pauses| rest_wait(first, pauses).as_secs() / MINUTE)
        };
        assert_eq!(rests(1), [1, 2, 8, 10, 10]);
        assert_eq!(rests(15), [15; 5]);
    }

    #[test]
    fn a_greylisting_server_is_left_alone_for_five_minutes() {
        assert_eq!(
            retry_wait(Pace::Greylist, 0, 0, LONG).as_secs(),
            GREYLIST_FIRST
        );
    }

    #[test]
    fn near_the_end_of_usefulness_the_wait_shrinks() {
        let left = Duration::from_secs(600);
        assert_eq!(retry_wait(Pace::Usual, 5, 0, left), left / 2);
        assert_eq!(retry_wait(Pace::Usual, 0, 0, Duration::ZERO), SHORTEST);
    }

    #[test]
    fn a_retry_that_falls_into_the_night_waits_for_the_morning_where_it_still_helps() {
        let local = |text: &str| {
            let wall: jiff::civil::DateTime = text.parse().unwrap_or_default();
            vietnam::instant(wall)
        };
        let minute = Duration::from_secs(MINUTE);
        let (late, days_later) = (local("2024-04-04T20:59:30"), local("2024-04-11T08:00"));
        let night = Duration::from_secs(10 * HOUR + 30);
        assert_eq!(over_the_night(minute, late, days_later), night);
        let too_late_then = local("2024-04-05T07:00");
        assert_eq!(over_the_night(minute, late, too_late_then), minute);
        let day = local("2024-04-04T20:58:00");
        assert_eq!(over_the_night(minute, day, days_later), minute);
    }

    #[test]
    fn sms_keep_quiet_hours_and_emails_only_where_nothing_is_due() {
        use Class::{Advert, Care, Invitation, LegalDeadline};
        for class in [LegalDeadline, Invitation, Care, Advert] {
            assert!(keeps_quiet_hours(Channel::Sms, class, false), "{class:?}");
            assert!(!keeps_quiet_hours(Channel::Sms, class, true), "{class:?}");
        }
        assert!(keeps_quiet_hours(Channel::Email, Care, false));
        assert!(keeps_quiet_hours(Channel::Email, Advert, false));
        assert!(!keeps_quiet_hours(Channel::Email, Invitation, false));
        assert!(!keeps_quiet_hours(Channel::Email, LegalDeadline, false));
    }

    proptest! {
        #[test]
        fn the_spread_is_at_most_a_fifth(setbacks in 0_u16..20, seed in any::<u64>()) {
            let plain = retry_wait(Pace::Usual, setbacks, 0, LONG);
            let spread = retry_wait(Pace::Usual, setbacks, seed, LONG);
            prop_assert!(spread >= plain && spread <= plain + plain / 5);
        }
    }
}
