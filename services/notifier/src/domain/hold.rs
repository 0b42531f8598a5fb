//! After a restore: what may have left since the cut, and what becomes of it.
//!
//! The restored database does not know what the former system sent after the cut. Whatever
//! it left undone, and whatever fell due before the former system stopped, may have gone out.
//! Evidence decides: the list of what a relay or a gateway took over, by our references,
//! which are the same in both lives. Where there is none the class decides, as for every
//! outcome that nobody knows.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::delivery::{Channel, Delivery, State};

/// The id of a delivery, from which Message-ID and gateway reference derive: the same when a
/// restored database fans the same occurrence out again, so that evidence finds it and
/// gateways and mailboxes know it. Ids sort by the instant that the step falls on.
#[must_use]
pub fn delivery_id(
    occurrence: Uuid,
    nominal_at: Timestamp,
    organisation: Uuid,
    channel: Channel,
) -> Uuid {
    let digest = Sha256::new()
        .chain_update(occurrence.as_bytes())
        .chain_update(organisation.as_bytes())
        .chain_update(channel.as_str())
        .finalize();
    let mut rest = [0; 10];
    rest.copy_from_slice(&digest[..10]);
    let millis = u64::try_from(nominal_at.as_millisecond()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}

/// A hold that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// When it began (database clock).
    pub began_at: Timestamp,
    /// After this business instant the former system sent nothing.
    pub stopped_at: Timestamp,
    /// Channels of which everything that was taken over is known.
    pub complete: Vec<Channel>,
}

/// An occurrence about to be fanned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When its row was written (database clock).
    pub recorded_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// When its anchor version became known here.
    pub known_at: Timestamp,
    /// When its source last changed the matter.
    pub changed_at: Timestamp,
}

/// Whether the former system may have sent messages of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It had stopped by then.
    None,
    /// It had the same row: its messages carry the same references.
    SameReferences,
    /// It planned the step itself, from the same fact: its references are others.
    OtherReferences,
}

/// What is known of a message that may have left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// It left.
    Left,
    /// It did not.
    Stayed,
    /// Nobody knows.
    Lost,
}

impl Released {
    /// Whether the former system may have sent messages of this step. What is planned anew
    /// from a fact of before the stop, for at once, it may have planned for then; `settle`
    /// is how long a change settles.
    #[must_use]
    pub fn doubt(&self, step: &Step, settle: SignedDuration) -> Doubt {
        let due_then = step.due_at <= self.stopped_at;
        if step.recorded_at <= self.began_at {
            return if due_then {
                Doubt::SameReferences
            } else {
                Doubt::None
            };
        }
        let at_once = step.due_at.duration_since(step.known_at) <= settle;
        if step.changed_at <= self.stopped_at && (due_then || at_once) {
            Doubt::OtherReferences
        } else {
            Doubt::None
        }
    }

    /// What is known of a message that may have left.
    #[must_use]
    pub fn trace(&self, channel: Channel, doubt: Doubt, is_accepted: bool) -> Trace {
        match doubt {
            _ if is_accepted => Trace::Left,
            Doubt::SameReferences if self.complete.contains(&channel) => Trace::Stayed,
            Doubt::None => Trace::Stayed,
            Doubt::SameReferences | Doubt::OtherReferences => Trace::Lost,
        }
    }
}

/// The delivery when the hold ends. `waits` is whether its next attempt was to come only
/// after the former system had stopped.
#[must_use]
pub fn released(delivery: &Delivery, trace: Trace, waits: bool) -> Delivery {
    let mut next = delivery.clone();
    if !delivery.state.has_alarm() {
        return next;
    }
    match trace {
        Trace::Left => next.state = State::Sent,
        Trace::Stayed if delivery.state == State::RetryWait => return next,
        Trace::Stayed => {
            next.state = State::Queued;
            next.generation += 1;
        }
        Trace::Lost if delivery.state == State::RetryWait && waits => return next,
        Trace::Lost => {
            next.state = State::Unknown;
            // Perhaps handed over in the first life: from then on it counts as sent.
            next.sends = delivery.sends.max(1);
        }
    }
    next.lease = None;
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour)
    }

    const SETTLE: SignedDuration = SignedDuration::from_mins(10);

    fn hold() -> Released {
        Released {
            began_at: at(100),
            stopped_at: at(90),
            complete: vec![Channel::Email],
        }
    }

    #[test]
    fn a_step_that_fell_due_before_the_stop_may_have_gone_out_and_a_later_one_not() {
        let step = |due| Step {
            recorded_at: at(10),
            due_at: at(due),
            known_at: at(10),
            changed_at: at(10),
        };
        assert_eq!(hold().doubt(&step(89), SETTLE), Doubt::SameReferences);
        assert_eq!(hold().doubt(&step(90), SETTLE), Doubt::SameReferences);
        assert_eq!(hold().doubt(&step(91), SETTLE), Doubt::None);
    }

    #[test]
    fn what_is_planned_anew_for_at_once_from_an_old_fact_may_have_gone_out_under_another_name() {
        let step = |due, changed| Step {
            recorded_at: at(101),
            due_at: at(due),
            known_at: at(101),
            changed_at: at(changed),
        };
        assert_eq!(hold().doubt(&step(101, 80), SETTLE), Doubt::OtherReferences);
        assert_eq!(
            hold().doubt(&step(200, 80), SETTLE),
            Doubt::None,
            "a step ahead"
        );
        assert_eq!(
            hold().doubt(&step(101, 95), SETTLE),
            Doubt::None,
            "a new matter"
        );
    }

    #[test]
    fn a_complete_list_frees_only_what_it_could_have_named() {
        let of = |channel, doubt| hold().trace(channel, doubt, false);
        use Doubt::{OtherReferences, SameReferences};
        assert_eq!(of(Channel::Email, SameReferences), Trace::Stayed);
        assert_eq!(of(Channel::Email, OtherReferences), Trace::Lost);
        assert_eq!(of(Channel::Sms, SameReferences), Trace::Lost);
        let listed = hold().trace(Channel::Sms, SameReferences, true);
        assert_eq!(listed, Trace::Left);
    }

    #[test]
    fn a_reference_is_the_same_in_both_lives_and_no_two_are() {
        let (occurrence, one, two) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let id = |organisation, channel| delivery_id(occurrence, at(1), organisation, channel);
        assert_eq!(id(one, Channel::Email), id(one, Channel::Email));
        let others = [id(two, Channel::Email), id(one, Channel::Sms)];
        assert!(!others.contains(&id(one, Channel::Email)));
        assert!(id(one, Channel::Email) < delivery_id(occurrence, at(2), two, Channel::Email));
    }
}
