//! Whether what a source said of a party is still to be trusted when its message
//! is about to leave, and what a newer answer means.

use jiff::{SignedDuration, Timestamp};
use vietnam::calendar::Calendar;

use super::delivery::State;
use super::fanout::stands_aside;
use super::party::Party;

/// Answers are trusted for this long (business clock).
pub const TRUSTED: SignedDuration = SignedDuration::from_mins(10);

/// Whether an answer given at `asked_at` is too old to send on; `stands` marks
/// what goes out whatever its party says.
#[must_use]
pub fn is_stale(stands: bool, asked_at: Timestamp, now: Timestamp) -> bool {
    !stands && asked_at.duration_until(now) > TRUSTED
}

/// What the newer answer about a party means for its message; `None`: it goes
/// out. The rules are those of the fan-out: a claim holds three working days here too.
#[must_use]
pub fn end_of(
    party: Option<&Party>,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<(State, &'static str)> {
    match party {
        Some(party) => stands_aside(party, calendar, now),
        // It no longer belongs to the obligation.
        None => Some((State::Suppressed, "not_concerned")),
    }
}

/// What the newer answers about all who share a message mean for it, whose row it is first:
/// it goes out as long as it tells one of them something.
#[must_use]
pub fn end_of_all<'p>(
    parties: impl IntoIterator<Item = Option<&'p Party>>,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<(State, &'static str)> {
    let ends = parties
        .into_iter()
        .map(|party| end_of(party, calendar, now));
    let ends: Option<Vec<_>> = ends.collect();
    ends?.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::party::PartyState;

    #[test]
    fn a_claim_that_no_longer_holds_does_not_stop_a_message_that_waited() {
        let now: Timestamp = "2024-04-10T02:00:00Z".parse().unwrap_or_default();
        let mut party = Party::plain("organisations/1");
        party.state = PartyState::ClaimedDone;
        party.since = Some(now - SignedDuration::from_hours(24));
        let calendar = Calendar::official();
        let claimed = Some((State::Suppressed, "claimed"));
        assert_eq!(end_of(Some(&party), &calendar, now), claimed);
        party.since = Some(now - SignedDuration::from_hours(24 * 9));
        assert_eq!(end_of(Some(&party), &calendar, now), None);
    }

    #[test]
    fn a_message_goes_out_as_long_as_one_behind_its_address_waits_for_it() {
        let now = Timestamp::UNIX_EPOCH;
        let calendar = Calendar::official();
        let waits = Party::plain("organisations/2");
        let mut done = Party::plain("organisations/1");
        done.state = PartyState::Done;
        let satisfied = Some((State::Satisfied, "done"));
        let end = |parties: &[Option<&Party>]| end_of_all(parties.iter().copied(), &calendar, now);
        assert_eq!(end(&[Some(&done), Some(&waits)]), None);
        assert_eq!(end(&[Some(&done), None]), satisfied);
        assert_eq!(end(&[Some(&done)]), satisfied);
    }

    #[test]
    fn who_no_longer_belongs_to_the_matter_is_left_in_peace() {
        let ended = end_of(None, &Calendar::official(), Timestamp::UNIX_EPOCH);
        assert_eq!(ended, Some((State::Suppressed, "not_concerned")));
    }
}
