//! Rounds that alternate the subject and its ceiling, so that a neighbour on the
//! machine disturbs both alike.

use anyhow::Context;

/// What one round measured of the subject.
#[derive(Clone, Copy, Debug, Default)]
pub struct Round {
    /// In the unit of the figure.
    pub value: f64,
    /// Processor time of our own processes for each unit of work, in milliseconds.
    pub cpu_ms_each: Option<f64>,
    /// Resident memory of our own processes, in megabytes.
    pub rss_mb: Option<f64>,
}

/// The medians of all rounds.
#[derive(Clone, Copy, Debug)]
pub struct Medians {
    /// Of the subject.
    pub value: f64,
    /// Of the ceiling.
    pub ceiling: f64,
    /// Of the subject's processor time for each unit of work.
    pub cpu_ms_each: Option<f64>,
    /// The largest of all rounds: memory that was needed once is needed.
    pub rss_mb: Option<f64>,
}

/// Plays so many rounds: first the ceiling, then the subject.
///
/// # Errors
/// The first error of either; none of its rounds count then.
pub async fn alternate<C, S, CF, SF>(
    rounds: usize,
    mut ceiling: C,
    mut subject: S,
) -> anyhow::Result<Medians>
where
    C: FnMut(usize) -> CF,
    S: FnMut(usize) -> SF,
    CF: Future<Output = anyhow::Result<f64>>,
    SF: Future<Output = anyhow::Result<Round>>,
{
    let mut ceilings = Vec::with_capacity(rounds);
    let mut subjects = Vec::with_capacity(rounds);
    for round in 0..rounds {
        ceilings.push(ceiling(round).await.context("the ceiling")?);
        subjects.push(subject(round).await.context("the subject")?);
    }
    let cpu = subjects.iter().filter_map(|round| round.cpu_ms_each);
    let rss = subjects.iter().filter_map(|round| round.rss_mb);
    Ok(Medians {
        value: median(subjects.iter().map(|round| round.value)).context("no rounds")?,
        ceiling: median(ceilings.into_iter()).context("no rounds")?,
        cpu_ms_each: median(cpu),
        rss_mb: rss.max_by(f64::total_cmp),
    })
}

/// The middle value; of an even number, the mean of the two in the middle.
#[must_use]
pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(values.len() / 2 - 1)?;
    Some(f64::midpoint(lower, upper))
}

/// The smallest value that at least this share of all values does not exceed.
#[must_use]
pub fn percentile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let at = (share * values.len() as f64).ceil() as usize;
    values.get(at.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_does_not_care_about_order_or_outliers() {
        assert_eq!(median([900.0, 1.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 2.0].into_iter()), Some(3.0));
        assert_eq!(median(std::iter::empty()), None);
    }

    #[test]
    fn the_99th_percentile_of_a_hundred_values_is_the_second_largest() {
        let mut values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(percentile(&mut values, 0.99), Some(99.0));
        assert_eq!(percentile(&mut [7.0], 0.99), Some(7.0));
    }
}
