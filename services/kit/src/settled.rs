//! Is everything that is due done? What a conductor asks between two steps.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::error::Result;

/// What one part of a service has left to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// What is not done yet, for people: "3 deliveries queued". Empty means settled.
    pub waiting_for: Vec<String>,
    /// The next business instant at which there is something to do.
    pub next_due: Option<Timestamp>,
    /// Messages published so far, by stream.
    pub published: BTreeMap<String, i64>,
    /// Messages taken in so far, by stream.
    pub consumed: BTreeMap<String, i64>,
}

impl Settled {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.waiting_for.is_empty()
    }

    /// Records `count` pieces of work that are not done.
    pub fn waits_for(&mut self, count: i64, what: &str) {
        if count > 0 {
            self.waiting_for.push(format!("{count} {what}"));
        }
    }

    /// Adds what another part has left.
    pub fn join(&mut self, other: Self) {
        self.waiting_for.extend(other.waiting_for);
        self.next_due = match (self.next_due, other.next_due) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        for (stream, count) in other.published {
            *self.published.entry(stream).or_default() += count;
        }
        for (stream, count) in other.consumed {
            *self.consumed.entry(stream).or_default() += count;
        }
    }
}

/// A part of a service that knows whether its due work is done.
pub trait Probe: Send + Sync {
    /// Looks, by rows and not by memory: what another process left counts too.
    fn settled(&self) -> BoxFuture<'_, Result<Settled>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_parts_wait_for_all_and_wake_at_the_earliest() {
        let early: Timestamp = Timestamp::UNIX_EPOCH;
        let mut whole = Settled {
            next_due: None,
            published: [("receipts".to_owned(), 2)].into(),
            ..Settled::default()
        };
        let mut part = Settled {
            next_due: Some(early),
            published: [("receipts".to_owned(), 3)].into(),
            ..Settled::default()
        };
        part.waits_for(0, "rows");
        part.waits_for(3, "deliveries queued");
        whole.join(part);
        assert!(!whole.is_settled());
        assert_eq!(whole.waiting_for, ["3 deliveries queued"]);
        assert_eq!(whole.next_due, Some(early));
        assert_eq!(whole.published["receipts"], 5);
    }
}
