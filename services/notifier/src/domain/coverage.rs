//! The sum (đối soát): everything expected ended in exactly one state, or waits
//! for an instant to come.

use super::delivery::{Channel, State as DeliveryState};
use super::occurrence::State as OccurrenceState;

/// The figures, as rows give them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Obligations known.
    pub obligations: i64,
    /// Occurrences made.
    pub occurrences: i64,
    /// One for each occurrence never fanned out, otherwise one for each of its rows.
    pub expected: i64,
    /// Delivery rows in a final state.
    pub final_rows: i64,
    /// Occurrences never fanned out that ended.
    pub ended: i64,
    /// Occurrences never fanned out whose instant is still to come.
    pub ahead: i64,
    /// Occurrences whose instant has come and that have not gone out.
    pub overdue: i64,
    /// Rows by channel and state.
    pub rows: Vec<(Channel, DeliveryState, i64)>,
    /// Occurrences by state.
    pub states: Vec<(OccurrenceState, i64)>,
}

impl Coverage {
    /// How many of the expected ended in one state, or wait for an instant to come.
    #[must_use]
    pub fn accounted(&self) -> i64 {
        self.final_rows + self.ended + self.ahead
    }

    /// Rows that are still on their way.
    #[must_use]
    pub fn in_flight(&self) -> i64 {
        self.rows
            .iter()
            .filter(|(_, state, _)| !state.is_final())
            .map(|(_, _, count)| count)
            .sum()
    }

    /// Whether the sum holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.expected == self.accounted()
    }
}
