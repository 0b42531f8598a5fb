use jiff::Timestamp;
use jiff::civil::Date;

use super::terms::{DISTANCE, LONGITUDE, Term};
use super::{JULIAN_DAY_OF_UNIX, instant_of};
use crate::days::day_number;

/// Nutation in longitude: multiples of D, M, M', F and Ω; units of 0.0001 seconds of arc, and
/// their change per century (International Astronomical Union 1980, leading terms).
#[rustfmt::skip]
const NUTATION: [([f64; 5], f64, f64); 13] = [
    ([0.0, 0.0, 0.0, 0.0, 1.0], -171_996.0, -174.2),
    ([-2.0, 0.0, 0.0, 2.0, 2.0], -13_187.0, -1.6),
    ([0.0, 0.0, 0.0, 2.0, 2.0], -2_274.0, -0.2),
    ([0.0, 0.0, 0.0, 0.0, 2.0], 2_062.0, 0.2),
    ([0.0, 1.0, 0.0, 0.0, 0.0], 1_426.0, -3.4),
    ([0.0, 0.0, 1.0, 0.0, 0.0], 712.0, 0.1),
    ([-2.0, 1.0, 0.0, 2.0, 2.0], -517.0, 1.2),
    ([0.0, 0.0, 0.0, 2.0, 1.0], -386.0, -0.4),
    ([0.0, 0.0, 1.0, 2.0, 2.0], -301.0, 0.0),
    ([-2.0, -1.0, 0.0, 2.0, 2.0], 217.0, -0.5),
    ([-2.0, 0.0, 1.0, 0.0, 0.0], -158.0, 0.0),
    ([-2.0, 0.0, 0.0, 2.0, 1.0], 129.0, 0.1),
    ([0.0, 0.0, -1.0, 2.0, 2.0], 123.0, 0.0),
];

/// The instant at which the Sun's apparent longitude is a multiple of thirty degrees, in a solar
/// year: 0 for the March equinox, 3 for the June solstice, 9 for the December one; -2 and -1 for
/// January and February.
///
/// ```
/// let solstice = vietnam::lunar::ephemeris::principal_term(2024, 9);
/// assert_eq!(vietnam::local(solstice).date(), jiff::civil::date(2024, 12, 21));
/// ```
#[must_use]
pub fn principal_term(year: i16, number: i8) -> Timestamp {
    let wanted = f64::from(number) * 30.0;
    let equinox = Date::new(year, 3, 20).map_or(0, day_number);
    let mut julian_day = f64::from(equinox) + JULIAN_DAY_OF_UNIX + 0.5 + wanted * 365.242_2 / 360.0;
    // Each step leaves a thousandth of the error of the one before; the first is two days at most.
    for _ in 0..6 {
        let missing = (wanted - longitude(julian_day) + 540.0).rem_euclid(360.0) - 180.0;
        julian_day += missing * 365.242_2 / 360.0;
    }
    instant_of(julian_day)
}

/// The Sun's apparent geocentric longitude in degrees, at a Julian day in Terrestrial Time.
fn longitude(julian_day: f64) -> f64 {
    let century = (julian_day - 2_451_545.0) / 36_525.0;
    let millennium = century / 10.0;
    let geometric = series(&LONGITUDE, millennium).to_degrees() + 180.0;
    let aberration = -20.489_8 / 3_600.0 / series(&DISTANCE, millennium);
    // From the dynamical equinox of the theory to that of the FK5.
    const TO_FK5: f64 = -0.090_33 / 3_600.0;
    geometric + aberration + TO_FK5 + nutation(century)
}

fn series(powers: &[&[Term]], millennium: f64) -> f64 {
    let sum = powers.iter().rev().fold(0.0, |sum, terms| {
        let power: f64 = terms
            .iter()
            .map(|(amplitude, phase, frequency)| amplitude * (phase + frequency * millennium).cos())
            .sum();
        sum * millennium + power
    });
    sum / 1e8
}

fn nutation(century: f64) -> f64 {
    let t = century;
    let arguments = [
        297.850_36 + 445_267.111_480 * t - 0.001_914_2 * t * t,
        357.527_72 + 35_999.050_340 * t - 0.000_160_3 * t * t,
        134.962_98 + 477_198.867_398 * t + 0.008_697_2 * t * t,
        93.271_91 + 483_202.017_538 * t - 0.003_682_5 * t * t,
        125.044_52 - 1_934.136_261 * t + 0.002_070_8 * t * t,
    ];
    let sum: f64 = NUTATION
        .iter()
        .map(|(multiples, amplitude, change)| {
            let angle: f64 = multiples
                .iter()
                .zip(arguments)
                .map(|(multiple, argument)| multiple * argument)
                .sum();
            (amplitude + change * t) * angle.to_radians().sin()
        })
        .sum();
    sum * 0.000_1 / 3_600.0
}
