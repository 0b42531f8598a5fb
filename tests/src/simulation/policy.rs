//! Mails that a policy refuses: how the rows weigh it, and when one may fail.

use std::time::Duration;

use notifier::domain::outcome::{
    Acceptance, Judgement, POLICY_PATIENCE, Refusal, Weight, judge, weigh,
};

use super::channel::Ends;
use super::database::{Database, Row};
use super::invariant::Violation;

/// The domain of a mailbox.
#[must_use]
pub fn domain(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or_default()
}

impl Row {
    fn refusal(&self) -> Option<Refusal<i64>> {
        let (alike, since) = self.doubted.clone()?;
        Some(Refusal {
            domain: domain(&self.address).to_owned(),
            alike,
            since,
        })
    }
}

impl Database {
    /// A mail was taken, and that is recorded.
    pub fn note_taken(&mut self, place: usize) {
        let domain = domain(&self.deliveries[place].address).to_owned();
        let at = self.clock;
        self.taken.push(Acceptance { domain, at });
    }

    /// A mail was refused with `alike`; who is meant, and how long others may still
    /// take to decide it.
    pub fn doubt(&mut self, place: usize, alike: &str) -> (Judgement, Duration) {
        let clock = self.clock;
        let row = &mut self.deliveries[place];
        row.doubted.get_or_insert((String::new(), clock)).0 = alike.to_owned();
        let left = self.now.duration_until(row.useful_until);
        let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
        let waited = self.waited(place);
        let judgement = judge(self.weight(place), waited, left, POLICY_PATIENCE);
        (judgement, POLICY_PATIENCE.saturating_sub(waited))
    }

    fn waited(&self, place: usize) -> Duration {
        let since = self.deliveries[place].doubted.as_ref();
        let waited = since.map_or(0, |(_, since)| self.clock - since);
        Duration::from_secs(u64::try_from(waited).unwrap_or(0))
    }

    fn weight(&self, place: usize) -> Weight {
        let waits = |row: &&Row| row.alarm.is_some();
        let rows = self.deliveries.iter().filter(waits);
        let refusals: Vec<_> = rows.filter_map(Row::refusal).collect();
        let own = self.deliveries[place].refusal();
        own.map_or(
            Weight {
                others_taken: false,
                refused_alike: 0,
            },
            |own| weigh(&own, &refusals, &self.taken),
        )
    }

    /// A mail has failed: it was refused itself, or what befell others says so, or
    /// there was no time left to find out.
    pub fn judge_failure(&mut self, place: usize, ends: &Ends) {
        let row = &self.deliveries[place];
        let others_were_served = row.doubted.as_ref().is_some_and(|(_, since)| {
            let own = domain(&row.address);
            let mut taken = self.taken.iter();
            taken.any(|each| each.domain != own && each.at >= *since)
        });
        let is_over = row.doubted.is_some()
            && (self.waited(place) >= POLICY_PATIENCE || row.useful_until <= self.now);
        if !ends.condemned.contains(&place) && !others_were_served && !is_over {
            self.blame(Violation::failed_for_us(place));
        }
    }
}
