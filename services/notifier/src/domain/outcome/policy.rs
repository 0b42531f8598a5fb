//! Refused by a policy (5.7.x) at RCPT: is it we who are not wanted, or this mail?
//!
//! "Relay access denied", "sender not owned by user", "blocked by our list": the
//! codes are the same. What befalls the other domains tells. Until then the mail
//! waits, and is offered again: what was put right meanwhile is not failed.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{ACCOUNT_PAUSE, Pace, Verdict};

/// So many domains that are refused alike have one thing in common: us.
const DOMAINS: usize = 3;

/// Who could have decided has decided by then: the relay serves others every hour.
pub const POLICY_PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);

/// The recipient's side refuses; mail for others was taken meanwhile.
pub const REFUSED_BY_RECIPIENT: &str = "policy_of_recipient";

/// Nobody can tell who refuses, and the time for it is over.
pub const UNDECIDED: &str = "policy_undecided";

/// Whoever refuses, it is not known yet.
pub const IN_DOUBT: &str = "policy_in_doubt";

/// A mail that was refused by a policy and has not been taken since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal<T> {
    /// Of the recipient.
    pub domain: String,
    /// What was said: "5.7.1".
    pub alike: String,
    /// When it was said first.
    pub since: T,
}

/// A mail that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance<T> {
    /// Of the recipient.
    pub domain: String,
    /// When.
    pub at: T,
}

/// What befell others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Mail for another domain was taken since the refusal.
    pub others_taken: bool,
    /// Domains that are refused alike, this one with them, while nothing for
    /// others was taken.
    pub refused_alike: usize,
}

/// Weighs a refusal by what befell others; `refusals` are those that wait.
///
/// `store/delivery/policy.rs` says the same in SQL.
#[must_use]
pub fn weigh<T: Ord>(
    own: &Refusal<T>,
    refusals: &[Refusal<T>],
    acceptances: &[Acceptance<T>],
) -> Weight {
    let others_taken = |of: &Refusal<T>| {
        let mut taken = acceptances.iter();
        taken.any(|each| each.domain != of.domain && each.at >= of.since)
    };
    let mut alike: BTreeSet<&str> = refusals
        .iter()
        .filter(|each| each.alike == own.alike && !others_taken(each))
        .map(|each| each.domain.as_str())
        .collect();
    alike.insert(&own.domain);
    Weight {
        others_taken: others_taken(own),
        refused_alike: alike.len(),
    }
}

/// Who refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Nobody knows yet: the mail waits.
    Wait,
    /// The recipient's side refuses this mail.
    Theirs,
    /// We are refused: the channel rests.
    Ours,
    /// Nobody can tell, and nobody will in time.
    Undecided,
}

/// Who refuses, after the mail `waited` since its first refusal; `left` is how long
/// it still helps, `patience` how long others may take to decide.
#[must_use]
pub fn judge(weight: Weight, waited: Duration, left: Duration, patience: Duration) -> Judgement {
    if weight.others_taken {
        Judgement::Theirs
    } else if weight.refused_alike >= DOMAINS {
        Judgement::Ours
    } else if waited >= patience || left.is_zero() {
        Judgement::Undecided
    } else {
        Judgement::Wait
    }
}

/// What is made of a refusal, which said `reason`.
#[must_use]
pub fn ruled(judgement: Judgement, reason: String) -> Verdict {
    let failed = |reason: &str| Verdict::Failed {
        reason: reason.to_owned(),
        suppress: false,
    };
    match judgement {
        Judgement::Wait => Verdict::Retry {
            reason: IN_DOUBT.to_owned(),
            pace: Pace::Usual,
        },
        Judgement::Theirs => failed(REFUSED_BY_RECIPIENT),
        Judgement::Undecided => failed(UNDECIDED),
        Judgement::Ours => Verdict::Config {
            reason,
            pause: ACCOUNT_PAUSE,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(60 * 60);
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn refused(domain: &str, alike: &str, since: i64) -> Refusal<i64> {
        Refusal {
            domain: domain.to_owned(),
            alike: alike.to_owned(),
            since,
        }
    }

    fn taken(domain: &str, at: i64) -> Acceptance<i64> {
        Acceptance {
            domain: domain.to_owned(),
            at,
        }
    }

    #[test]
    fn what_another_domain_was_spared_since_is_the_recipient_s_own() {
        let own = refused("a.vn", "5.7.1", 10);
        let weight = |taken: &[Acceptance<i64>]| weigh(&own, &[], taken).others_taken;
        assert!(weight(&[taken("b.vn", 10)]));
        assert!(!weight(&[taken("b.vn", 9)]), "before the refusal");
        assert!(!weight(&[taken("a.vn", 11)]), "the same domain");
    }

    #[test]
    fn domains_count_that_are_refused_alike_while_nothing_else_is_taken() {
        let own = refused("a.vn", "5.7.1", 30);
        let others = [
            refused("a.vn", "5.7.1", 10),
            refused("b.vn", "5.7.1", 20),
            refused("b.vn", "5.7.1", 21),
            refused("c.vn", "5.7.1", 5),
            refused("d.vn", "5.7.26", 20),
        ];
        assert_eq!(weigh(&own, &others, &[]).refused_alike, 3);
        let cleared = weigh(&own, &others, &[taken("x.vn", 6)]);
        assert_eq!(cleared.refused_alike, 2, "c.vn is refused for itself");
        assert_eq!(weigh(&own, &[], &[]).refused_alike, 1);
    }

    #[test]
    fn nobody_is_failed_for_what_is_ours_and_each_waits_six_hours_at_most() {
        let weight = |others_taken, refused_alike| Weight {
            others_taken,
            refused_alike,
        };
        let judge = |weight, waited, left| judge(weight, waited, left, POLICY_PATIENCE);
        assert_eq!(judge(weight(false, 2), HOUR, DAY), Judgement::Wait);
        assert_eq!(judge(weight(true, 3), HOUR, DAY), Judgement::Theirs);
        assert_eq!(judge(weight(false, 3), HOUR, DAY), Judgement::Ours);
        assert_eq!(judge(weight(false, 3), DAY, DAY), Judgement::Ours);
        assert_eq!(judge(weight(false, 1), 6 * HOUR, DAY), Judgement::Undecided);
        let late = judge(weight(false, 1), HOUR, Duration::ZERO);
        assert_eq!(late, Judgement::Undecided);
    }
}
