/// Terrestrial less Universal Time, in seconds, every five years from 1895 to 2105: observed until
/// 2025 (International Earth Rotation and Reference Systems Service), then as foreseen by Stephenson,
/// Morrison and Hohenkerk (Proceedings of the Royal Society A 472, 2016), as printed by the Python
/// package skyfield 1.55.
const SECONDS: [f64; 43] = [
    -5.0, -2.0, 4.9, 11.1, 17.5, 21.6, 23.8, 24.4, 24.2, 24.4, 27.1, 28.9, 30.4, 33.1, 35.1, 39.9,
    45.5, 50.5, 54.3, 56.9, 60.8, 63.8, 64.7, 66.1, 67.6, 69.4, 69.1, 69.1, 69.3, 69.7, 70.4, 71.4,
    72.7, 74.2, 76.0, 78.1, 80.4, 83.0, 85.8, 88.9, 92.3, 95.9, 99.8,
];

/// Terrestrial less Universal Time at a Julian day; the ends of the table stand for what lies beyond.
pub(super) fn seconds(julian_day: f64) -> f64 {
    let steps = ((julian_day - 2_451_545.0) / 365.25 + 105.0) / 5.0;
    let below = steps.floor().clamp(0.0, 41.0);
    // Between 0 and 41 by the clamp.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = below as usize;
    let share = (steps - below).clamp(0.0, 1.0);
    let at = |index: usize| SECONDS.get(index).copied().unwrap_or_default();
    at(index) + (at(index + 1) - at(index)) * share
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn the_table_is_met_between_its_points_and_held_beyond() {
        assert!((seconds(2_451_545.0) - 63.8).abs() < 0.01);
        assert!((seconds(2_451_545.0 + 365.25 * 2.5) - 64.25).abs() < 0.01);
        assert!((seconds(0.0) + 5.0).abs() < 0.01);
        assert!((seconds(9e9) - 99.8).abs() < 0.01);
    }
}
