//! What each caller may have in flight: no caller's share is more than half of the
//! house, and all members together have no more than that either.
//!
//! A call counts from its first byte until its answer is read. Without a bound per
//! caller one token and two connections would keep everybody out; without one for
//! members, some dozen of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{EACH_IN_FLIGHT, MEMBER_IN_FLIGHT, MEMBERS_IN_FLIGHT, refusal};
use crate::auth::Caller;
use crate::error::Result;

/// Rpcs of each caller in flight.
#[derive(Clone, Default)]
pub(super) struct Shares(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    each: HashMap<String, usize>,
    by_members: usize,
}

/// One rpc of a caller; given back when it is dropped.
pub(super) struct Share {
    shares: Shares,
    name: String,
    of_member: bool,
}

impl Shares {
    /// A share for one more rpc.
    ///
    /// # Errors
    /// The refusal for a caller that has all that it may have.
    pub(super) fn take(&self, caller: &Caller) -> Result<Share> {
        let name = caller.counted_as();
        let of_member = caller.organisation.is_some();
        let most = if of_member {
            MEMBER_IN_FLIGHT
        } else {
            EACH_IN_FLIGHT
        };
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if of_member && taken.by_members >= MEMBERS_IN_FLIGHT {
            return Err(refusal::overloaded());
        }
        let own = taken.each.get(&name).copied().unwrap_or_default();
        if own >= most {
            return Err(refusal::too_busy_a_caller());
        }
        taken.each.insert(name.clone(), own + 1);
        taken.by_members += usize::from(of_member);
        Ok(Share {
            shares: self.clone(),
            name,
            of_member,
        })
    }
}

impl Share {
    /// Whose it is.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.by_members -= usize::from(self.of_member);
        match taken.each.get_mut(&self.name) {
            Some(count) if *count > 1 => *count -= 1,
            // Whoever is gone is forgotten: the map never outgrows what is in flight.
            Some(_) | None => {
                taken.each.remove(&self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use uuid::Uuid;

    use super::*;

    fn house(subject: &str) -> Caller {
        Caller {
            subject: subject.to_owned(),
            ..Caller::system("x")
        }
    }

    fn member(organisation: usize) -> Caller {
        Caller {
            organisation: Some(Uuid::from_u128(organisation.try_into().unwrap())),
            ..house("system:portal")
        }
    }

    /// How many calls of this caller get in.
    fn fill(shares: &Shares, caller: &Caller) -> Vec<Share> {
        std::iter::from_fn(|| shares.take(caller).ok()).collect()
    }

    #[test]
    fn a_full_share_of_one_leaves_room_for_another() {
        let shares = Shares::default();
        let mut lan = fill(&shares, &house("user:lan"));
        assert_eq!(lan.len(), EACH_IN_FLIGHT);
        assert!(shares.take(&house("user:minh")).is_ok());
        lan.pop();
        assert!(shares.take(&house("user:lan")).is_ok());
    }

    #[test]
    fn all_members_together_leave_half_of_the_house() {
        let shares = Shares::default();
        let members: Vec<_> = (1..10).map(|each| fill(&shares, &member(each))).collect();
        assert_eq!(members[0].len(), MEMBER_IN_FLIGHT);
        assert_eq!(
            members.iter().map(Vec::len).sum::<usize>(),
            MEMBERS_IN_FLIGHT
        );
        assert_eq!(fill(&shares, &house("user:lan")).len(), EACH_IN_FLIGHT);
    }

    #[test]
    fn whoever_has_nothing_in_flight_is_forgotten() {
        let shares = Shares::default();
        drop((fill(&shares, &house("user:lan")), fill(&shares, &member(1))));
        let taken = shares.0.lock().unwrap();
        assert!(taken.each.is_empty());
        assert_eq!(taken.by_members, 0);
    }
}
