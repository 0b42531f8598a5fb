//! One measured figure.

use serde::Serialize;

use super::rounds::Medians;

/// What a bench has found: the median of its rounds.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// In `unit`.
    pub value: f64,
    /// For people: `mails/s`, `calls/s`, `MB`.
    pub unit: &'static str,
    /// What the same machine reached in the same run without us, in `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<f64>,
    /// `value / ceiling`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// Milliseconds of processor time of our own processes for each unit of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_ms_each: Option<f64>,
    /// Largest resident memory of our own processes, in megabytes (10^6 bytes).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rss_mb: Option<f64>,
    /// Load average over one minute when the measurement ended.
    pub load1: f64,
    /// What was asked for, and whether it was reached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<Goal>,
    /// What a reader must know: how the ceiling was made, why a goal was missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// Something asked of a figure.
#[derive(Clone, Debug, Serialize)]
pub struct Goal {
    /// Which part of the figure: `ratio`, `cpu_ms_each`, `value`.
    pub of: &'static str,
    /// At least or at most this much.
    pub bound: Bound,
    /// Whether it was reached.
    pub met: bool,
}

/// The direction of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Not less than this.
    AtLeast(f64),
    /// Not more than this.
    AtMost(f64),
}

impl Bound {
    /// Whether a measured value keeps to it.
    #[must_use]
    pub fn holds(self, measured: f64) -> bool {
        match self {
            Self::AtLeast(bound) => measured >= bound,
            Self::AtMost(bound) => measured <= bound,
        }
    }
}

impl Figure {
    /// A value with nothing beside it yet.
    #[must_use]
    pub fn new(value: f64, unit: &'static str) -> Self {
        Self {
            value,
            unit,
            ceiling: None,
            ratio: None,
            cpu_ms_each: None,
            rss_mb: None,
            load1: super::process::load1(),
            goals: Vec::new(),
            remark: None,
        }
    }

    /// The medians of alternating rounds.
    #[must_use]
    pub fn of(medians: &Medians, unit: &'static str) -> Self {
        let mut figure = Self::new(medians.value, unit).beside(medians.ceiling);
        figure.cpu_ms_each = medians.cpu_ms_each;
        figure.rss_mb = medians.rss_mb;
        figure
    }

    /// Puts the ceiling of the same run beside it.
    #[must_use]
    pub fn beside(mut self, ceiling: f64) -> Self {
        self.ceiling = Some(ceiling);
        self.ratio = (ceiling > 0.0).then(|| self.value / ceiling);
        self
    }

    /// Asks for something of a part that has been measured; one that has not is missed.
    #[must_use]
    pub fn asking(mut self, of: &'static str, bound: Bound) -> Self {
        let measured = match of {
            "ratio" => self.ratio,
            "cpu_ms_each" => self.cpu_ms_each,
            "rss_mb" => self.rss_mb,
            _ => Some(self.value),
        };
        let met = measured.is_some_and(|measured| bound.holds(measured));
        self.goals.push(Goal { of, bound, met });
        self
    }

    /// Whether everything asked for was reached.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.goals.iter().all(|goal| goal.met)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_below_its_bound_is_missed() {
        let figure = Figure::new(29.0, "mails/s")
            .beside(100.0)
            .asking("ratio", Bound::AtLeast(0.30));
        assert!(!figure.is_met());
        let figure = Figure::new(31.0, "mails/s")
            .beside(100.0)
            .asking("ratio", Bound::AtLeast(0.30));
        assert!(figure.is_met());
    }

    #[test]
    fn what_was_not_measured_is_missed() {
        let figure = Figure::new(1.0, "MB").asking("cpu_ms_each", Bound::AtMost(1.0));
        assert!(!figure.is_met());
    }
}
