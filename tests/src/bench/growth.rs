//! What one item costs among a thousand, and among a million.

use std::collections::BTreeMap;

use serde::Serialize;

/// From the smallest to the largest table, a cost may rise by this factor.
pub const FLAT: f64 = 2.0;

/// The sizes that are compared.
pub const SIZES: [i64; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// The cost of one operation at each size.
#[derive(Clone, Debug, Serialize)]
pub struct Growth {
    /// For people: `µs each`.
    pub unit: &'static str,
    /// Median cost in `unit`, by the number of rows.
    pub at: BTreeMap<i64, f64>,
    /// The cost at the largest size over that at the smallest.
    pub ratio: f64,
    /// Whether it stays flat.
    pub met: bool,
    /// What a reader must know: why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

impl Growth {
    /// The costs in `unit`, by the number of rows.
    #[must_use]
    pub fn of(at: BTreeMap<i64, f64>, unit: &'static str) -> Self {
        let ends = at.values().next().zip(at.values().next_back());
        let ratio = ends.map_or(f64::INFINITY, |(small, large)| large / small);
        Self {
            unit,
            at,
            ratio,
            met: ratio <= FLAT,
            remark: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_doubles_is_flat_and_what_triples_is_not() {
        let growth = |large| Growth::of(BTreeMap::from([(1_000, 50.0), (1_000_000, large)]), "µs");
        assert!(growth(100.0).met);
        assert!(!growth(150.0).met);
        assert!(!Growth::of(BTreeMap::new(), "µs").met);
    }
}
