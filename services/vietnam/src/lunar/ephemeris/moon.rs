use jiff::Timestamp;

use super::{instant_of, local_day};

/// Amplitude in days, power of the eccentricity, and multiples of M (the Sun's anomaly), M' (the
/// Moon's), F (its argument of latitude) and Ω (its node).
#[rustfmt::skip]
const PERIODIC: [(f64, i32, [f64; 4]); 25] = [
    (-0.407_20, 0, [0.0, 1.0, 0.0, 0.0]),
    (0.172_41, 1, [1.0, 0.0, 0.0, 0.0]),
    (0.016_08, 0, [0.0, 2.0, 0.0, 0.0]),
    (0.010_39, 0, [0.0, 0.0, 2.0, 0.0]),
    (0.007_39, 1, [-1.0, 1.0, 0.0, 0.0]),
    (-0.005_14, 1, [1.0, 1.0, 0.0, 0.0]),
    (0.002_08, 2, [2.0, 0.0, 0.0, 0.0]),
    (-0.001_11, 0, [0.0, 1.0, -2.0, 0.0]),
    (-0.000_57, 0, [0.0, 1.0, 2.0, 0.0]),
    (0.000_56, 1, [1.0, 2.0, 0.0, 0.0]),
    (-0.000_42, 0, [0.0, 3.0, 0.0, 0.0]),
    (0.000_42, 1, [1.0, 0.0, 2.0, 0.0]),
    (0.000_38, 1, [1.0, 0.0, -2.0, 0.0]),
    (-0.000_24, 1, [-1.0, 2.0, 0.0, 0.0]),
    (-0.000_17, 0, [0.0, 0.0, 0.0, 1.0]),
    (-0.000_07, 0, [2.0, 1.0, 0.0, 0.0]),
    (0.000_04, 0, [0.0, 2.0, -2.0, 0.0]),
    (0.000_04, 0, [3.0, 0.0, 0.0, 0.0]),
    (0.000_03, 0, [1.0, 1.0, -2.0, 0.0]),
    (0.000_03, 0, [0.0, 2.0, 2.0, 0.0]),
    (-0.000_03, 0, [1.0, 1.0, 2.0, 0.0]),
    (0.000_03, 0, [-1.0, 1.0, 2.0, 0.0]),
    (-0.000_02, 0, [-1.0, 1.0, -2.0, 0.0]),
    (-0.000_02, 0, [1.0, 3.0, 0.0, 0.0]),
    (0.000_02, 0, [0.0, 4.0, 0.0, 0.0]),
];

/// The pull of the planets: amplitude in days, angle in degrees and its motion per lunation.
#[rustfmt::skip]
const PLANETARY: [(f64, f64, f64); 14] = [
    (0.000_325, 299.77, 0.107_408), (0.000_165, 251.88, 0.016_321), (0.000_164, 251.83, 26.651_886),
    (0.000_126, 349.42, 36.412_478), (0.000_110, 84.66, 18.206_239), (0.000_062, 141.74, 53.303_771),
    (0.000_060, 207.14, 2.453_732), (0.000_056, 154.84, 7.306_860), (0.000_047, 34.52, 27.261_239),
    (0.000_042, 207.19, 0.121_824), (0.000_040, 291.34, 1.844_379), (0.000_037, 161.72, 24.198_154),
    (0.000_035, 239.56, 25.513_099), (0.000_023, 331.55, 3.592_518),
];

/// The instant of a new moon, by its number from the first of the year 2000 (6 January 2000, 0).
///
/// ```
/// let moon = vietnam::lunar::ephemeris::new_moon(0);
/// assert_eq!(vietnam::local(moon).date(), jiff::civil::date(2000, 1, 7));
/// ```
#[must_use]
pub fn new_moon(number: i32) -> Timestamp {
    instant_of(julian_day(f64::from(number)))
}

/// The number of the last new moon that falls on a day or before it.
pub(super) fn month_of_day(day: i32) -> i32 {
    const DAYS_PER_MONTH: f64 = 29.530_588_861;
    /// 6 January 2000 as a number of days since 1970.
    const FIRST: i32 = 10_962;
    // The mean month is at most a day off, so the estimate is at most one month off.
    #[allow(clippy::cast_possible_truncation)]
    let estimate = (f64::from(day - FIRST) / DAYS_PER_MONTH).floor() as i32;
    let found = (estimate - 1..=estimate + 1)
        .rev()
        .find(|number| local_day(new_moon(*number)) <= day);
    found.unwrap_or(estimate)
}

/// The Julian day of a new moon, in Terrestrial Time.
fn julian_day(k: f64) -> f64 {
    let t = k / 1_236.85;
    let polynomial = |coefficients: [f64; 4]| {
        ((coefficients[3] * t + coefficients[2]) * t + coefficients[1]) * t + coefficients[0]
    };
    let mean = 2_451_550.097_66
        + 29.530_588_861 * k
        + polynomial([0.0, 0.0, 0.000_154_37, -0.000_000_150])
        + 0.000_000_000_73 * t.powi(4);
    let eccentricity = 1.0 - 0.002_516 * t - 0.000_007_4 * t * t;
    let sun = 2.553_4 + 29.105_356_70 * k + polynomial([0.0, 0.0, -0.000_001_4, -0.000_000_11]);
    let moon = 201.564_3 + 385.816_935_28 * k + polynomial([0.0, 0.0, 0.010_758_2, 0.000_012_38])
        - 0.000_000_058 * t.powi(4);
    let latitude = 160.710_8
        + 390.670_502_84 * k
        + polynomial([0.0, 0.0, -0.001_611_8, -0.000_002_27])
        + 0.000_000_011 * t.powi(4);
    let node = 124.774_6 - 1.563_755_88 * k + polynomial([0.0, 0.0, 0.002_067_2, 0.000_002_15]);
    let arguments = [sun, moon, latitude, node];
    let periodic: f64 = PERIODIC
        .iter()
        .map(|(amplitude, power, multiples)| {
            let angle: f64 = multiples
                .iter()
                .zip(arguments)
                .map(|(multiple, argument)| multiple * argument)
                .sum();
            amplitude * eccentricity.powi(*power) * angle.to_radians().sin()
        })
        .sum();
    let planetary: f64 = PLANETARY
        .iter()
        .enumerate()
        .map(|(index, (amplitude, angle, motion))| {
            let slowing = if index == 0 { 0.009_173 * t * t } else { 0.0 };
            amplitude * (angle + motion * k - slowing).to_radians().sin()
        })
        .sum();
    mean + periodic + planetary
}
