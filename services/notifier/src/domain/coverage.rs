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
    /// Occurrences whose instant has come and that have not gone out.
    pub overdue: i64,
    /// Rows by channel and state.
    pub rows: Vec<(Channel, DeliveryState, i64)>,
    /// Occurrences by state.
    pub states: Vec<(OccurrenceState, i64)>,
    /// Occurrences never fanned out, by state, and whether their instant is still to come.
    pub without_rows: Vec<(OccurrenceState, bool, i64)>,
}

impl Coverage {
    /// One for each occurrence never fanned out, otherwise one for each of its rows: the
    /// sum of the figures that are shown, whatever they are.
    #[must_use]
    pub fn expected(&self) -> i64 {
        let rows = self.rows.iter().map(|(_, _, count)| count);
        let others = self.without_rows.iter().map(|(_, _, count)| count);
        rows.chain(others).sum()
    }

    /// How many of the expected ended in one state, or wait for an instant to come.
    #[must_use]
    pub fn accounted(&self) -> i64 {
        let open = self.without_rows.iter();
        let open = open.filter(|(state, ahead, _)| *state == OccurrenceState::Scheduled && !ahead);
        let open: i64 = open.map(|(_, _, count)| count).sum();
        self.expected() - self.in_flight() - open
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
        self.expected() == self.accounted()
    }
}
